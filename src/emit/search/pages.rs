//! The lines of pages: URL, title, kind, language and place, which a result shows before the page itself is fetched.
//!
//! Owns the format of a line, and the files of lines.

use serde_json::{Value, json};

use crate::site::{Site, SitePage};

/// The number of pages in a file, which then has some kilobytes.
pub const PER_FILE: usize = 512;

/// The line of each page as JSON: `["url","title","kind","language",["section"]]`. The language is empty if all pages
/// have the same. What is empty at the end is left out, and then the kind `page` is left out too. `site` may have only
/// some pages of the `whole` one, to which parents refer.
pub fn lines(site: &Site, whole: &Site) -> Vec<String> {
    let mut languages = site.pages.iter().map(|page| site.language(page));
    let first = languages.next();
    let several = languages.any(|language| Some(language) != first);
    let mut lines = Vec::new();
    for page in &site.pages {
        let language = if several { site.language(page) } else { "" };
        let address = address(site, page);
        lines.push(line(&address, page, language, &place(whole, page)));
    }
    lines
}

fn line(address: &str, page: &SitePage, language: &str, place: &[&str]) -> String {
    let (title, kind) = (&*page.page.title, page.page.front.kind());
    let mut parts = vec![json!(address), json!(title), json!(kind)];
    if !language.is_empty() || !place.is_empty() {
        parts.push(json!(language));
    } else if kind == "page" {
        parts.pop();
    }
    if !place.is_empty() {
        parts.push(json!(place));
    }
    Value::Array(parts).to_string()
}

/// The names of the sections above a page, without the home page.
fn place<'a>(site: &'a Site, page: &SitePage) -> Vec<&'a str> {
    let mut names = Vec::new();
    let mut parent = page.parent.map(|id| site.page(id));
    while let Some(section) = parent.filter(|section| section.parent.is_some()) {
        names.push(&*section.name.full);
        parent = section.parent.map(|id| site.page(id));
    }
    names.reverse();
    names
}

/// The URL of the page relative to the root; empty for the home page of a site.
pub fn address(site: &Site, page: &SitePage) -> String {
    site.path_of(&page.encoded)
}

/// The files of lines, in the order of the pages.
pub fn files(lines: &[String]) -> Vec<String> {
    lines.chunks(PER_FILE).map(|lines| format!("[{}]", lines.join(",\n"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::fixture;

    #[test]
    fn languages_are_named_where_there_are_several() {
        let page = |language: &str| format!("---\nlanguage: {language}\n---\n# A\n");
        let (german, english) = (page("de"), page("en"));
        let said = |pages: &[(&str, &str)]| {
            let site = fixture::site(pages, None);
            lines(&site, &site).join(" ")
        };
        assert_eq!(said(&[("content/a.md", &english)]), r#"["","Handbook"] ["a/","A"]"#);
        let both = said(&[("content/a.md", &english), ("content/b.md", &german)]);
        assert_eq!(both, r#"["","Handbook","page","en"] ["a/","A","page","en"] ["b/","A","page","de"]"#);
    }

    #[test]
    fn the_place_of_a_page_is_the_titles_of_the_sections_above_it() {
        let pages = [
            ("content/ops/_index.md", "# Operations\n"),
            ("content/ops/disk/_index.md", "# Full disks\n"),
            ("content/ops/disk/log.md", "# Log\n"),
        ];
        let site = fixture::site(&pages, None);
        let said = lines(&site, &site).join(" ");
        let want = r#"["","Handbook"] ["ops/","Operations"] ["ops/disk/","Full disks","page","",["Operations"]] ["ops/disk/log/","Log","page","",["Operations","Full disks"]]"#;
        assert_eq!(said, want);
    }
}
