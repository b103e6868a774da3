//! Links from a page to the terms of the glossary.
//!
//! Owns where a page links a term: where it uses it first, in plain text.

use std::collections::BTreeSet;
use std::ops::Range;

use super::href::{Href, href};
use crate::html_pieces::{HtmlPiece, html_pieces};
use crate::site::{PageId, Site};

/// A link to a term.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TermLink {
    /// The bytes of its text in the HTML of the document.
    pub text: Range<u32>,
    pub url: String,
    /// The definition of the term.
    pub definition: String,
}

/// The links of a page to terms, in order and without overlaps.
pub(super) fn term_links(site: &Site, id: PageId) -> Vec<TermLink> {
    let page = site.page(id);
    let mut links = Vec::new();
    let language = site.language(page);
    let Some(names) = site.glossary.names_for_page(id, &page.page, language) else { return links };
    let tags = page.page.document.link_tags();
    let mut linked = BTreeSet::new();
    // The number of open elements in which nothing is linked.
    let mut closed = 0_usize;
    let mut pieces = html_pieces(&tags.html);
    loop {
        let start = pieces.offset();
        match pieces.next() {
            None => return links,
            Some(HtmlPiece::Tag(tag)) if !holds_term_links(tag.name) => {
                closed = if tag.is_end { closed.saturating_sub(1) } else { closed + 1 };
            }
            Some(HtmlPiece::Text(text)) if closed == 0 => {
                for found in names.find(text) {
                    let term = &site.glossary.terms[found.term];
                    let Href::To { url, .. } = href(site, &page.url, &term.target()) else { continue };
                    if linked.insert(found.term) {
                        let offset = |at| offset(tags.offset_in_document(start + at));
                        let text = offset(found.range.start)..offset(found.range.end);
                        links.push(TermLink { text, url, definition: term.definition.clone() });
                    }
                }
            }
            Some(HtmlPiece::Tag(_) | HtmlPiece::Text(_) | HtmlPiece::Character(_)) => {}
        }
    }
}

/// Whether words in an element may become links. They may not in links and headings, in what is literal, and in what
/// readers press.
fn holds_term_links(name: &str) -> bool {
    !matches!(
        name,
        "a" | "abbr"
            | "button"
            | "code"
            | "dfn"
            | "dt"
            | "figcaption"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "kbd"
            | "label"
            | "math"
            | "pre"
            | "samp"
            | "summary"
            | "svg"
            | "th"
            | "var"
    )
}

/// An offset in the HTML of a page, which stays far below 4 GiB.
fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("a page's HTML stays far below 4 GiB")
}
