//! Handles, references and decoration in plain text.
//!
//! This module owns the forms of `@handle`, `repo#12` and URLs, the joints between names, and the characters that are
//! only decoration. It must not know the meaning of a text.

use std::collections::HashSet;

use crate::lexicon::Lexicon;

/// Decoration before a text: arrows, bullets, and Markdown that the parser did not read as such.
const BEFORE: &[char] = &[' ', '\t', '\u{a0}', '*', '_', '~', '=', '-', '>', '→', '⇒', '•', '–', '—'];

/// The handles that a text begins with (with their `@`), and the rest of the text.
pub(super) fn leading_handles(text: &str) -> (Vec<String>, &str) {
    let mut handles = Vec::new();
    let mut rest = text;
    loop {
        let Some(length) = handle(rest.trim_start_matches(['*', '_', '`', ' '])) else {
            return (handles, rest);
        };
        let start = rest.len() - rest.trim_start_matches(['*', '_', '`', ' ']).len();
        handles.push(rest[start..start + length].to_owned());
        rest = &rest[start + length..];
        let next = after_joint(rest);
        if handle(next.trim_start_matches(['*', '_', '`'])).is_none() {
            return (handles, rest);
        }
        rest = next;
    }
}

/// The text after the word or the character between two owners.
fn after_joint(text: &str) -> &str {
    let rest = text.trim_start_matches(['*', '_', '`']).trim_start();
    // `, and` is one joint.
    let rest = rest.trim_start_matches([',', '&', '/', '+', ';']).trim_start();
    let joints = &Lexicon::all().joints;
    let without_word = joints.and.strip_from(rest).or_else(|| joints.or.strip_from(rest));
    without_word.unwrap_or(rest).trim_start()
}

/// Whether a word is `and` in any language.
pub(super) fn is_and(word: &str) -> bool {
    Lexicon::all().joints.and.contains(word)
}

/// The parts of a text between words for `and`.
pub(super) fn split_at_and(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(space) = text[from..].find(' ').map(|at| from + at) {
        from = space + 1;
        let Some((word, _)) = text[from..].split_once(' ') else { break };
        if is_and(word) {
            parts.push(&text[start..space]);
            from += word.len() + 1;
            start = from;
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The handles at the end of a text, alone or in parentheses, and the text before them.
pub(super) fn trailing_handles(text: &str) -> (Vec<String>, &str) {
    let trimmed = text.trim_end_matches(['.', ' ', '_', '*']);
    let inner = trimmed.strip_suffix([')', ']']).unwrap_or(trimmed);
    let closed = inner.len() < trimmed.len();
    let inside = |(_, list): (&str, &str)| inner.len() - list.len();
    let open = if closed { inner.rsplit_once(['(', '[']).map(inside) } else { after_dash(inner) };
    let Some(open) = open else { return (Vec::new(), text) };
    let (label, list) = inner[open..].split_once(':').unwrap_or(("", &inner[open..]));
    let label = label.trim().to_lowercase();
    let owner = label.is_empty() || Lexicon::all().owners.labels_of_handles.contains(&label);
    let (handles, rest) = leading_handles(list.trim());
    if handles.is_empty() || !owner || !rest.trim().is_empty() {
        return (Vec::new(), text);
    }
    let before = inner[..open].trim_end_matches(|c: char| c.is_whitespace() || "([-–,:>=".contains(c));
    (handles, before)
}

/// The offset of the last word, if a dash or a colon stands before it: `fix it - @x` has an owner, `ask @x` has none.
fn after_dash(text: &str) -> Option<usize> {
    let last = text.rsplit(char::is_whitespace).next()?;
    let at = text.len() - last.len();
    text[..at].trim_end().ends_with(['-', '–', '—', ':', '>', '→']).then_some(at)
}

/// The length of the handle at the beginning of a text, in bytes.
fn handle(text: &str) -> Option<usize> {
    let name = text.strip_prefix('@')?;
    let end = name.find(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).unwrap_or(name.len());
    let name = name[..end].trim_end_matches(['-', '_', '.']);
    name.starts_with(char::is_alphanumeric).then_some(name.len() + 1)
}

/// The handles in a text, each once.
pub(super) fn handles(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    for (at, _) in text.match_indices('@') {
        let free = !text[..at].ends_with(|c: char| c.is_alphanumeric() || "/.".contains(c));
        if let Some(length) = handle(&text[at..]).filter(|_| free) {
            let handle = &text[at..at + length];
            if known.insert(handle.to_ascii_lowercase()) {
                found.push(handle.to_owned());
            }
        }
    }
    found
}

/// A text without decoration around it.
pub(super) fn bare(text: &str) -> &str {
    text.trim_start_matches(BEFORE).trim_end_matches([' ', '\u{a0}', '*', '_', '~'])
}

/// The references in a text, sorted: `repo#12`, `#12`, `!34` and URLs, each in one spelling.
pub(super) fn references(text: &str, urls: &[String]) -> Vec<String> {
    let mut found: Vec<String> = urls.iter().map(|url| of_url(url)).collect();
    // Most texts have none of these characters, and need no split into words.
    let text = if text.contains(['#', '!']) { text } else { "" };
    for word in text.split(|c: char| c.is_whitespace() || "()[],;".contains(c)) {
        let word = word.trim_end_matches(['.', ':', '?', '!', '_', '*']).trim_start_matches(['_', '*']);
        found.extend(of_word(word));
    }
    found.sort();
    found.dedup();
    found
}

/// The reference in a word: `issues#12`, `issues/#12`, `org/issues#12`, `#12`, `!12`.
fn of_word(word: &str) -> Option<String> {
    let (before, number) = word.split_once(['#', '!'])?;
    let separator = if word[before.len()..].starts_with('#') { '#' } else { '!' };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let sound = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && before.chars().all(plain);
    let place = before.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    sound.then(|| format!("{place}{separator}{number}"))
}

/// An issue on a forge as `repo#12`, or any other URL without its scheme and its last slash.
fn of_url(url: &str) -> String {
    let plain = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    let parts: Vec<&str> = plain.split(['/', '#', '?']).collect();
    match parts[..] {
        [_, _, repo, "issues" | "pull", number, ..] if number.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{}#{number}", repo.to_ascii_lowercase())
        }
        _ => plain.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_joined_in_many_ways() {
        let owners = |text: &str| leading_handles(text).0.join(" ");
        assert_eq!(owners("@a & @b_: do"), "@a @b");
        assert_eq!(owners("@a-x, @b and @c: do"), "@a-x @b @c");
        assert_eq!(owners("@a/@b do with @c"), "@a @b");
        assert_eq!(owners("@ work"), "");
        assert_eq!(leading_handles("@a. Then").1, ". Then");
    }

    #[test]
    fn owners_stand_at_the_end_too() {
        let ends = |text: &str| {
            let (handles, before) = trailing_handles(text);
            format!("{}|{before}", handles.join(" "))
        };
        assert_eq!(ends("fix it (@a, @b)"), "@a @b|fix it");
        assert_eq!(ends("fix it (owner: @a)."), "@a|fix it");
        assert_eq!(ends("fix it - @a"), "@a|fix it");
        assert_eq!(ends("ask @a about it"), "|ask @a about it");
        assert_eq!(ends("ask @a"), "|ask @a");
        assert_eq!(ends("fix it –\u{a0}@a"), "@a|fix it");
        assert_eq!(ends("check the disk\u{3000}now"), "|check the disk\u{3000}now");
        assert_eq!(ends("fix it (see @a)"), "|fix it (see @a)");
    }

    #[test]
    fn an_issue_has_one_name() {
        let url = ["https://github.com/Org/Issues/issues/12#comment".to_owned()];
        assert_eq!(references("see issues/#12, org/issues#12 and !4", &url), ["!4", "issues#12"]);
        assert_eq!(references("nothing # here #x", &[]), Vec::<String>::new());
    }
}
