//! Makes the ids of a body unique on a page with several bodies.
//!
//! Owns which attributes name an id: each id and each reference to it gets a prefix. Reads only the output of our own
//! writer: well formed, with values in double quotes. Headings go one level down, because the title of the page is
//! above them.

use crate::html_escape::end_of_tag;

/// The body with its ids as `PREFIX--ID`. An address that begins with `#/` refers to the whole page already and gets
/// no prefix.
pub(super) fn scoped(html: &str, prefix: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = end_of_tag(rest);
        tag(&mut out, &rest[..length], prefix);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The start of the footnotes, which are a landmark on a page of their own.
const NOTES: &str = "<section ";

fn tag(out: &mut String, tag: &str, prefix: &str) {
    if let Some(rest) = tag.strip_prefix(NOTES) {
        // Next to others of the same name it is not a landmark.
        out.push_str(NOTES);
        out.push_str("role=\"group\" ");
        return attributes(out, rest, prefix);
    }
    attributes(out, tag, prefix);
}

fn attributes(out: &mut String, tag: &str, prefix: &str) {
    // Every second part between double quotes is the value of an attribute.
    let mut parts = tag.split('"');
    let mut name = "";
    for (number, part) in parts.by_ref().enumerate() {
        if number > 0 {
            out.push('"');
        }
        if number % 2 == 1 {
            value(out, name, part, prefix);
        } else {
            name = part.trim_end_matches('=').rsplit([' ', '\n']).next().unwrap_or_default();
            out.push_str(&if number == 0 { lowered(part) } else { part.to_owned() });
        }
    }
}

/// The start of a tag. The level of a heading is one lower: at least `h3`, at most `h6`.
fn lowered(start: &str) -> String {
    let name = start.trim_start_matches(['<', '/']);
    let level = name.strip_prefix('h').and_then(|rest| rest.chars().next()).and_then(|c| c.to_digit(10));
    let is_heading = name.as_bytes().get(2).is_none_or(|next| b" >".contains(next));
    match level.filter(|level| (1..=6).contains(level) && is_heading) {
        Some(level) => start.replacen(&format!("h{level}"), &format!("h{}", (level.max(2) + 1).min(6)), 1),
        None => start.to_owned(),
    }
}

fn value(out: &mut String, name: &str, value: &str, prefix: &str) {
    match name {
        "id" => out.push_str(&[prefix, "--", value].concat()),
        "href" if value.starts_with("#/") => out.push_str(&["#", &value[2..]].concat()),
        "href" if value.starts_with('#') => out.push_str(&["#", prefix, "--", &value[1..]].concat()),
        "aria-labelledby" | "aria-describedby" | "headers" | "for" => {
            let names: Vec<String> = value.split_whitespace().map(|id| [prefix, "--", id].concat()).collect();
            out.push_str(&names.join(" "));
        }
        _ => out.push_str(&value.replace("url(#", &["url(#", prefix, "--"].concat())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_what_refers_to_them_get_the_prefix() {
        let html = "<h2 id=\"a\">A<a class=\"anchor\" href=\"#a\" aria-label=\"x > y\"></a></h2>\
            <p><a href=\"#/p2--b\">b</a> <a href=\"../c/#d\">c</a> id=&quot;e&quot;</p>\
            <svg aria-labelledby=\"d-title d-text\"><title id=\"d-title\">t</title><path marker-end=\"url(#d-m0)\"/></svg>";
        let want = "<h3 id=\"p--a\">A<a class=\"anchor\" href=\"#p--a\" aria-label=\"x > y\"></a></h3>\
            <p><a href=\"#p2--b\">b</a> <a href=\"../c/#d\">c</a> id=&quot;e&quot;</p>\
            <svg aria-labelledby=\"p--d-title p--d-text\"><title id=\"p--d-title\">t</title><path marker-end=\"url(#p--d-m0)\"/></svg>";
        assert_eq!(scoped(html, "p"), want);
    }

    #[test]
    fn footnotes_of_several_pages_are_no_landmarks() {
        assert_eq!(
            scoped("<section class=\"footnotes\" aria-label=\"Notes\"><ol><li id=\"fn-1\">", "p"),
            "<section role=\"group\" class=\"footnotes\" aria-label=\"Notes\"><ol><li id=\"p--fn-1\">"
        );
    }

    #[test]
    fn headings_go_down_and_nothing_else_does() {
        assert_eq!(
            scoped("<h6>a</h6><h1>b</h1><hr><header>c</header>", "p"),
            "<h6>a</h6><h3>b</h3><hr><header>c</header>"
        );
    }
}
