//! Mentions of other pages in a text: names such as `INC-2026-007` or `scs-0123`, and URLs.
//!
//! This module owns the form of names. It must not know whether a page has a name; the registers know.

use crate::markdown::{Block, TextBlockType};
use crate::source::Span;

/// A text that may be the name or the URL of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mention {
    /// A name in lower case, or an absolute URL.
    pub what: String,
    pub anchor: Option<String>,
    pub span: Span,
}

/// The names and URLs in a text, each at its first position.
pub(super) fn read(blocks: &[Block]) -> Vec<Mention> {
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    let mut anchor = None;
    for block in blocks {
        if let TextBlockType::Heading { id, .. } = &block.shape {
            anchor = Some(id.clone());
        }
        let pages = block.urls.iter().filter(|url| is_page(url)).cloned();
        for what in names(&block.text).chain(pages) {
            if seen.insert(what.clone()) {
                found.push(Mention { what, anchor: anchor.clone(), span: block.span.clone() });
            }
        }
    }
    found
}

/// Whether a URL may be a page of the handbook's repository.
fn is_page(url: &str) -> bool {
    url.contains(".md") || url.contains("/blob/") || url.contains("/tree/")
}

/// The words of letters, hyphens and digits whose last part has a digit: `RB-0042`, `INC-2026-007`.
fn names(text: &str) -> impl Iterator<Item = String> {
    // Most texts have no hyphen, and need no split into words.
    let text = if text.contains('-') { text } else { "" };
    let between =
        |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '@' | '#'));
    let words = text.split(between).map(|word| word.trim_end_matches(['.', ':', '-', '_', '/', '#']));
    words.filter(|word| is_name(word)).map(str::to_ascii_lowercase)
}

fn is_name(word: &str) -> bool {
    let plain = word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let begins = word.bytes().take_while(u8::is_ascii_alphabetic).count() >= 2;
    let end = word.rsplit('-').next().unwrap_or_default();
    plain && begins && word.contains('-') && word.len() <= 40 && end.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::blocks;
    use super::*;

    #[test]
    fn names_and_addresses_are_found_once() {
        let text = "## A\n\nINC-2026-007, (RB-0042) and scs-0123-v1; INC-2026-007. See\nhttps://a.example/blob/main/iaas/1.md or https://b.example/x-1\nnode-a, x-1, 2026-01-01\n";
        let found: Vec<String> = read(&blocks(text)).into_iter().map(|mention| mention.what).collect();
        let want = ["inc-2026-007", "rb-0042", "scs-0123-v1", "https://a.example/blob/main/iaas/1.md"];
        assert_eq!(found, want);
    }
}
