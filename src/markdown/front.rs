//! Splits a file into front matter and Markdown.
//!
//! Owns the fences of front matter, which may follow a byte-order mark or blank lines. `page::visibility::front` reads the
//! YAML between the fences.

use std::ops::Range;

/// The two parts of a source text.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceParts {
    /// The span of the YAML between the fences, in bytes of the file.
    pub yaml: Option<Range<usize>>,
    /// The byte offset where the Markdown begins.
    pub body: usize,
    /// Whether an opening fence has no closing one.
    pub unclosed: bool,
}

/// Finds front matter: between `---` lines at the start of the text, or after blank lines.
pub fn split(text: &str) -> SourceParts {
    // Invisible characters must not turn front matter into text.
    let unseen =
        |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}');
    let start = text.len() - text.trim_start_matches(unseen).len();
    let none = SourceParts { yaml: None, body: 0, unclosed: false };
    let Some(rest) = text[start..].strip_prefix("---") else { return none };
    let Some((fence, _)) = rest.split_once('\n') else { return none };
    // An indented fence is text. YAML allows a comment after it.
    let is_fence =
        fence.trim().is_empty() || fence.starts_with([' ', '\t']) && fence.trim_start().starts_with('#');
    if !is_fence || text[..start].ends_with([' ', '\t']) {
        return none;
    }
    let yaml = start + 3 + fence.len() + 1;
    let mut at = yaml;
    for line in text[yaml..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return SourceParts { yaml: Some(yaml..at), body: at + line.len(), unclosed: false };
        }
        at += line.len();
    }
    // A lone `---` above plain text is a horizontal rule. It is front matter only if the next line looks like a key.
    let key = text[yaml..].lines().next().and_then(|line| line.split_once(':'));
    let unclosed = key.is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(is_key_byte));
    SourceParts { yaml: None, body: if unclosed { text.len() } else { 0 }, unclosed }
}

/// Finds the opening `+++` of TOML front matter, which other programs write and Opsbook does not read.
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
        assert_eq!(split("---\na: 1\n---\nx"), SourceParts { yaml: Some(4..9), body: 13, unclosed: false });
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
