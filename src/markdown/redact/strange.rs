//! Levels in the forms of other programs: `> [!INTERNAL]`, `<div class="internal">`, `!!! internal`; and our own where it
//! is none, as `:::internal` behind other text.
//!
//! Owns these forms. None of them hides anything here, and whoever writes one believes that it does. Knows no blocks: what
//! stands in code is told apart by `decide`.

use std::ops::Range;

use crate::visibility::Levels;

/// A place where a level is named in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Strange {
    pub range: Range<usize>,
    pub place: Place,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Text,
    /// In a comment or a tag: what follows it is meant.
    Tag,
    /// In the line that opens a block of code.
    Fence,
    /// Behind colons, where no block begins.
    Colons,
    /// As a field of front matter, which it is not: the whole text is meant.
    Stated,
}

/// What may stand around a level's name is not longer. In bytes.
const MOST_AROUND: usize = 200;

/// Attributes that may say for whom something is.
const ATTRIBUTES: [&str; 18] = [
    "access",
    "audience",
    "class",
    "classname",
    "data-access",
    "data-audience",
    "data-level",
    "data-role",
    "data-visibility",
    "for",
    "if",
    "is",
    "level",
    "only",
    "role",
    "show",
    "visibility",
    "when",
];

/// Shortcodes and tags that may say for whom something is.
const CONDITIONS: [&str; 8] = ["access", "audience", "for", "if", "level", "only", "show", "visibility"];

/// Words that may stand beside a level in a comment: `<!-- begin internal section -->`.
const AROUND: [&str; 19] = [
    "audience",
    "begin",
    "block",
    "content",
    "end",
    "for",
    "if",
    "is",
    "level",
    "not",
    "only",
    "part",
    "region",
    "section",
    "start",
    "stop",
    "text",
    "to",
    "visibility",
];

/// Signs of which three open a block, and those that are taken for them.
const COLONS: [char; 5] = [':', ';', '：', '﹕', '∶'];

/// Finds levels in strange forms, in order.
pub(super) fn find(text: &str, levels: &Levels) -> Vec<Strange> {
    let lower = text.to_ascii_lowercase();
    let names = levels.names().filter(|name| levels.find(name) > Some(levels.lowest()));
    let places = names.flat_map(|name| lower.match_indices(name).map(|(at, name)| at..at + name.len()));
    let mut found: Vec<Strange> = places.filter_map(|word| strange(&lower, word)).collect();
    found.extend(super::stated::find(&lower, levels));
    found.sort_by_key(|strange| strange.range.start);
    found
}

/// Judges one name by what stands around it; `text` is in small letters.
fn strange(text: &str, word: Range<usize>) -> Option<Strange> {
    let (before, after) = around(text, &word);
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let found = |length: usize, place: Place| Some(Strange { range: word.start - length..word.end, place });
    let (left, right) = (before.trim_end(), after.trim_start());
    let inside = before.ends_with(in_name) && !["<!--", "#+begin_"].iter().any(|sign| before.ends_with(sign));
    let commented = before.contains("<!--") && (after.starts_with('-') || before.ends_with('-'));
    if (inside || after.starts_with(in_name)) && !commented {
        return None;
    }
    if let Some(length) = of_comment(before, right).or_else(|| of_tag(before, after)) {
        return found(length, Place::Tag);
    }
    if is_info(before) {
        return found(0, Place::Fence);
    }
    if is_after_colons(before, after) {
        return found(0, Place::Colons);
    }
    let quoted = before.ends_with("[!") && after.starts_with(']') && is_lead(&before[..before.len() - 2]);
    let other = ["!!!", "???", "???+"].iter().any(|sign| left.strip_suffix(sign).is_some_and(is_lead));
    let tagged = ["{%", "{{<", "{{%", "{% end", "{{</", "{{< /"].iter().any(|sign| left.ends_with(sign));
    let around = before.strip_suffix('.').is_some_and(|before| {
        let wrong = [("](", ')'), ("][", ']'), ("]<", '>'), ("](", '}'), ("{", ')'), ("{", ']')];
        wrong.iter().any(|(open, close)| before.ends_with(open) && right.starts_with(*close))
            || right.starts_with('}') && !before.contains('{') && before.ends_with([']', ' ', '\t'])
    });
    let closed = before.ends_with("[/") && after.starts_with(']');
    let other = other || closed || left.ends_with("#+begin_") || left.ends_with(".. only::");
    let other = other || left.ends_with("..") && is_lead(left) && after.starts_with("::");
    let tagged =
        tagged || ["{{#", "{{/", "{{^"].iter().any(|sign| left.ends_with(sign)) || is_condition(before);
    (quoted || other || tagged || around).then(|| found(0, Place::Text)).flatten()
}

/// What stands in the line of a word, as far as it is looked at.
fn around<'t>(text: &'t str, word: &Range<usize>) -> (&'t str, &'t str) {
    let from = crate::source::floor_boundary(text, word.start.saturating_sub(MOST_AROUND));
    let to = crate::source::floor_boundary(text, word.end + MOST_AROUND);
    let before = text[from..word.start].rsplit('\n').next().unwrap_or_default();
    (before, text[word.end..to].split('\n').next().unwrap_or_default())
}

/// Whether nothing stands in a line so far but what opens containers.
fn is_lead(before: &str) -> bool {
    before
        .trim_matches([' ', '\t', '>', '-', '*', '+', '.', ')', ':'])
        .bytes()
        .all(|byte| byte.is_ascii_digit())
}

/// Whether colons stand before a level that open no block there: `text :::internal`, `;;;internal`, or the forms of other
/// programs, `:internal[words]`, `ifdef::internal[]`.
fn is_after_colons(before: &str, after: &str) -> bool {
    let signs = before.trim_end_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let run = signs.chars().rev().take_while(|c| COLONS.contains(c)).count();
    let ends = after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || "[{*`_<.,:".contains(c));
    run >= 3 && ends || before.ends_with(':') && after.starts_with('[')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether a level is what a shortcode asks for: `{{< if internal >}}`, `{{< visibility "internal" >}}`.
fn is_condition(before: &str) -> bool {
    let open = ["{{<", "{{%"].iter().filter_map(|sign| before.rfind(sign)).max();
    let Some(inner) = open.map(|at| &before[at + 3..]).filter(|inner| !inner.contains("}}")) else {
        return false;
    };
    inner.split_whitespace().next().is_some_and(|name| CONDITIONS.contains(&name))
}

/// `<!-- internal -->`, `<!-- begin internal section -->`, `<!-- visibility: internal -->`.
fn of_comment(before: &str, right: &str) -> Option<usize> {
    let start = before.rfind("<!--")?;
    let inside = [&before[start + 4..], &right[..right.find("-->")?]];
    let mut words = inside.iter().flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    let known = |word: &str| word.is_empty() || AROUND.contains(&word);
    (!inside[0].contains("-->") && words.all(known)).then(|| before.len() - start)
}

/// `<internal>`, `<div class="internal">`.
fn of_tag(before: &str, after: &str) -> Option<usize> {
    let start = before.rfind('<')?;
    let tag = &before[start + 1..];
    let ends = after.is_empty() || after.starts_with(['>', ' ', '\t', '/']);
    if tag.is_empty() || tag == "/" {
        return ends.then(|| before.len() - start);
    }
    if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) || tag.contains('>') {
        return None;
    }
    // `<div internal>`.
    let quotes = tag.matches(['"', '\'']).count().is_multiple_of(2);
    if quotes && tag.ends_with([' ', '\t']) && after.contains('>') && ends {
        return Some(before.len() - start);
    }
    let (head, value) = tag.rsplit_once('=')?;
    let name = head.trim_end().rsplit([' ', '\t', '"', '\'']).next().unwrap_or_default();
    let open = value.trim_start();
    let inside = match open.chars().next() {
        Some(quote @ ('"' | '\'')) => !open[1..].contains(quote),
        Some(_) => false,
        None => true,
    };
    (inside && ATTRIBUTES.contains(&name)).then(|| before.len() - start)
}

/// Whether a line so far opens a block of code, and has no braces.
fn is_info(before: &str) -> bool {
    let fence = before.find("```").or_else(|| before.find("~~~"));
    let Some((lead, info)) = fence.map(|at| before.split_at(at)) else { return false };
    let info = info.trim_start_matches(['`', '~']);
    let first = info.trim_end_matches('.');
    let apart = first.is_empty() || first.ends_with([' ', '\t']);
    let quotes = info.matches('"').count() % 2 == 1;
    let key =
        info.trim_end_matches(['"', '\'']).strip_suffix('=').and_then(|info| info.rsplit([' ', '\t']).next());
    let named = key.is_some_and(|key| ATTRIBUTES.contains(&key));
    is_lead(lead) && (named || apart && !quotes && !info.contains(['{', '=', '`']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, Place)> {
        let found = find(text, &Levels::default());
        found.into_iter().map(|strange| (&text[strange.range], strange.place)).collect()
    }

    #[test]
    fn forms_of_other_programs_are_found() {
        for text in [
            "> [!INTERNAL]\n> a\n",
            "- [!internal]\n",
            "!!! internal \"T\"\n    a\n",
            "??? Internal\n",
            "{% internal %}\n",
            "{{< internal >}}\n",
            "{{</ internal >}}\n",
            "[a](.internal)",
            "[a][.internal]",
            "[a](.internal}",
            "[a]{.internal)",
            "[a].internal}",
            "a .internal}",
        ] {
            assert_eq!(found(text).iter().map(|found| found.1).collect::<Vec<_>>(), [Place::Text], "{text}");
        }
    }

    #[test]
    fn tags_and_comments_are_found_from_their_beginning() {
        for text in [
            "<internal>",
            "</internal>",
            "<div class=\"internal\"",
            "<div class=\"box internal\"",
            "<div class=internal",
            "<span id=\"a\" data-level='Internal\"",
            "<!-- internal",
            "<!-- /internal",
            "<!-- begin internal",
            "<!-- visibility: internal",
            "<!--internal",
        ] {
            let closed = format!("a {text}{}", if text.contains("--") { " -->" } else { "" });
            let start = text.trim_end_matches(['>', '"']);
            assert_eq!(found(&closed), [(start, Place::Tag)], "{closed}");
        }
        assert_eq!(found("<!-- internal only -->")[0].1, Place::Tag);
    }

    #[test]
    fn info_of_code_is_found() {
        for text in [
            "```internal\n",
            "```sh internal\n",
            "~~~ sh .internal\n",
            "> ```internal x\n",
            "- ```internal\n",
        ] {
            assert_eq!(found(text).iter().map(|found| found.1).collect::<Vec<_>>(), [Place::Fence], "{text}");
        }
    }

    #[test]
    fn blocks_that_do_not_begin_a_line_are_found() {
        for text in [
            "a :::internal\n",
            "\\:::internal\n",
            "**:::internal**\n",
            "## ::: internal\n",
            "<br>:::internal\n",
            ";;;internal\n",
            "﹕﹕﹕internal\n",
            "\u{a0}:::\u{200b}internal\n",
            "a :internal[b] c\n",
            "ifdef::internal[]\n",
        ] {
            assert_eq!(found(text), [("internal", Place::Colons)], "{text}");
        }
    }

    #[test]
    fn conditions_of_other_programs_are_found() {
        for text in [
            "{{< visibility \"internal\" >}}",
            "{{< if internal >}}",
            "{{#internal}}",
            "{{/internal}}",
            "#+begin_internal",
            ".. only:: internal",
            ".. internal::",
            "a[/internal]",
        ] {
            assert_eq!(found(text), [("internal", Place::Text)], "{text}");
        }
        for text in ["<div internal>", "<Visible for=\"internal\">", "<p if='internal'>"] {
            assert_eq!(found(text)[0].1, Place::Tag, "{text}");
        }
        for text in
            ["begin internal section", "internal-start", "end: internal", "if internal", "for internal only"]
        {
            assert_eq!(found(&format!("<!-- {text} -->"))[0].1, Place::Tag, "{text}");
        }
        for text in ["```sh visibility=internal\n", "```sh title=\"a\" audience=\"internal\"\n"] {
            assert_eq!(found(text).last().map(|found| found.1), Some(Place::Fence), "{text}");
        }
    }

    #[test]
    fn prose_is_nobodys_business() {
        for text in [
            "This is internal.",
            "an internal-only thing, partners",
            "[internal](internal.md) and <https://internal>",
            "see <a href=\"internal\">, <a id=\"internal\"> and <div class=\"internal-x\">",
            "<!-- this is internal to us -->",
            "```sh title=\"internal\"\n",
            "`` `internal` ``",
            "x = {internal}",
            "{{ internal }}",
            "public <div class=\"public\">",
            "{.internal} and {#a .internal}",
            "file.internal}x",
            "a <b> class=internal",
            "1 < internal",
            "        a [!internal]",
            "a !!! internal",
            "a [!internal]",
            "<!-- internal > a -->",
            "std::internal::x and a::internal",
            "one: internal; two: internal",
            "{{< ref \"internal\" >}}",
            "{{< if a >}} internal {{< /if >}}",
            "a < b internal",
            "[internal] and [see](internal/)",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
