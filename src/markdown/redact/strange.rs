//! Levels in the forms of other programs: `> [!INTERNAL]`, `<div class="internal">`, `!!! internal`.
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
}

/// What may stand around a level's name is not longer. In bytes.
const MOST_AROUND: usize = 200;

/// Attributes that may say for whom something is.
const ATTRIBUTES: [&str; 8] = [
    "audience",
    "class",
    "classname",
    "data-audience",
    "data-level",
    "data-visibility",
    "level",
    "visibility",
];

/// Finds levels in strange forms, in order.
pub(super) fn find(text: &str, levels: &Levels) -> Vec<Strange> {
    let lower = text.to_ascii_lowercase();
    let names = levels.names().filter(|name| levels.find(name) > Some(levels.lowest()));
    let places = names.flat_map(|name| lower.match_indices(name).map(|(at, name)| at..at + name.len()));
    let mut found: Vec<Strange> = places.filter_map(|word| strange(&lower, word)).collect();
    found.sort_by_key(|strange| strange.range.start);
    found
}

/// Judges one name by what stands around it; `text` is in small letters.
fn strange(text: &str, word: Range<usize>) -> Option<Strange> {
    let (before, after) = around(text, &word);
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let inside = before.ends_with(in_name) && !before.ends_with("<!--");
    if inside || after.starts_with(in_name) && !after.starts_with("-->") {
        return None;
    }
    let found = |length: usize, place: Place| Some(Strange { range: word.start - length..word.end, place });
    let (left, right) = (before.trim_end(), after.trim_start());
    if let Some(length) = of_comment(before, right).or_else(|| of_tag(before, after)) {
        return found(length, Place::Tag);
    }
    if is_info(before) {
        return found(0, Place::Fence);
    }
    let quoted = before.ends_with("[!") && after.starts_with(']') && is_lead(&before[..before.len() - 2]);
    let other = ["!!!", "???", "???+"].iter().any(|sign| left.strip_suffix(sign).is_some_and(is_lead));
    let tagged = ["{%", "{{<", "{{%", "{% end", "{{</", "{{< /"].iter().any(|sign| left.ends_with(sign));
    let around = before.strip_suffix('.').is_some_and(|before| {
        let wrong = [("](", ')'), ("][", ']'), ("]<", '>'), ("](", '}'), ("{", ')'), ("{", ']')];
        wrong.iter().any(|(open, close)| before.ends_with(open) && right.starts_with(*close))
            || right.starts_with('}') && !before.contains('{') && before.ends_with([']', ' ', '\t'])
    });
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

/// `<!-- internal -->`, `<!-- begin internal -->`, `<!-- visibility: internal -->`.
fn of_comment(before: &str, right: &str) -> Option<usize> {
    let start = before.rfind("<!--")?;
    let words = before[start + 4..].trim();
    let signs = words.trim_matches(|c: char| !c.is_alphanumeric());
    let known = ["", "audience", "begin", "end", "for", "level", "only", "start", "stop", "visibility"];
    let closes = right.trim_start_matches([':', ' ', '/']);
    let closes = ["only", "begin", "end", "start", "stop"]
        .iter()
        .fold(closes, |rest, word| rest.strip_prefix(word).unwrap_or(rest).trim_start());
    (known.contains(&signs) && closes.starts_with("-->")).then(|| before.len() - start)
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
    is_lead(lead) && apart && !quotes && !info.contains(['{', '=', '`'])
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
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
