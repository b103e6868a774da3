//! Where front matter ends and Markdown begins.
//!
//! Owns the fences of front matter, also behind a byte-order mark or blank lines. What stands between them
//! is read by `page::front_matter`.

use std::ops::Range;

/// A source text cut in two.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts {
    /// The YAML between the fences, in bytes of the file.
    pub yaml: Option<Range<usize>>,
    /// Where the Markdown begins.
    pub body: usize,
    /// An opening fence without a closing one.
    pub unclosed: bool,
}

/// Finds front matter: between `---` lines at the very start, after blank lines, if any.
pub fn split(text: &str) -> Parts {
    // Characters that nobody sees must not turn front matter into text.
    let unseen =
        |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}');
    let start = text.len() - text.trim_start_matches(unseen).len();
    let none = Parts { yaml: None, body: 0, unclosed: false };
    let Some(rest) = text[start..].strip_prefix("---") else { return none };
    let Some((fence, _)) = rest.split_once('\n') else { return none };
    // An indent makes a fence text; YAML knows a comment behind it.
    let is_fence =
        fence.trim().is_empty() || fence.starts_with([' ', '\t']) && fence.trim_start().starts_with('#');
    if !is_fence || text[..start].ends_with([' ', '\t']) {
        return none;
    }
    let yaml = start + 3 + fence.len() + 1;
    let mut at = yaml;
    for line in text[yaml..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Parts { yaml: Some(yaml..at), body: at + line.len(), unclosed: false };
        }
        at += line.len();
    }
    // A lone `---` above plain text is a horizontal line; only what looks like a key is front matter.
    let key = text[yaml..].lines().next().and_then(|line| line.split_once(':'));
    let unclosed = key.is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(is_key_byte));
    Parts { yaml: None, body: if unclosed { text.len() } else { 0 }, unclosed }
}

/// The line `+++` that opens front matter as other programs write it, in TOML, which is not read.
pub fn toml_fence(text: &str) -> Option<Range<usize>> {
    let start = text.len() - text.trim_start_matches(['\n', '\r', '\u{feff}']).len();
    let mut lines = text[start..].lines().map(str::trim_end);
    let opened = lines.next()? == "+++" && lines.any(|line| line == "+++");
    opened.then_some(start..start + 3)
}

fn is_key_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_found_at_the_start_and_behind_blank_lines() {
        assert_eq!(split("---\na: 1\n---\nx"), Parts { yaml: Some(4..9), body: 13, unclosed: false });
        assert_eq!(split("\n\n---\na: 1\n---\n").body, 15);
        assert_eq!(split("---\na: 1\n...\nx").body, 13);
        assert_eq!(split("\u{200b}---\na: 1\n---\n").yaml, Some(7..12));
        assert_eq!(split("--- # b\na: 1\n---\n").yaml, Some(8..13));
        assert_eq!(split("  ---\na: 1\n---\n").yaml, None);
        assert_eq!(split("---\n\ntext").yaml, None);
        assert_eq!(split("text\n---\na: 1\n---\n").yaml, None);
        assert!(split("---\ntitle: x\n\ntext").unclosed);
    }

    #[test]
    fn toml_is_known_by_its_two_fences_at_the_start() {
        assert_eq!(toml_fence("\n+++\ntitle = 1\n+++ \ntext"), Some(1..4));
        assert_eq!(toml_fence("+++\nno second fence"), None);
        assert_eq!(toml_fence("text\n+++\na = 1\n+++\n"), None);
    }
}
