//! Resolves destinations: the only way for a destination that an author wrote to reach a page or its Markdown export.
//!
//! Owns [`Address`]. An address inside the handbook is an index until `site` has resolved it. Neither the HTML nor the
//! export ever holds such a destination itself, so it cannot name anything that is hidden.

use super::html::Html;
use super::url::{Reference, classify};
use super::{HoleContent, Link, LinkRole};
use crate::source::Span;

/// The target of a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// A link inside the handbook, as an index into [`Document::links`](super::Document::links).
    Inside(u32),
    /// A URL that readers may follow.
    Outside(String),
    /// A destination that readers must not follow.
    Refused,
}

impl Address {
    /// Classifies a destination. A destination inside the handbook becomes one of `links`, which `site` resolves.
    pub fn new(destination: &str, span: Span, role: LinkRole, links: &mut Vec<Link>) -> Address {
        match classify(destination) {
            Reference::Outside(url) => Address::Outside(url.into_owned()),
            Reference::Refused => Address::Refused,
            Reference::Inside(path) => {
                let link = u32::try_from(links.len()).expect("a page has far fewer links");
                links.push(Link { destination: path.into_owned(), span, role });
                Address::Inside(link)
            }
        }
    }

    /// Writes the start of a link without its `>`. Returns `false` and writes nothing if the address is refused.
    pub fn open(&self, out: &mut Html) -> bool {
        match self {
            Address::Inside(link) => out.hole(HoleContent::Open(*link)),
            Address::Outside(url) => {
                out.raw("<a");
                out.attribute("href", url);
            }
            Address::Refused => return false,
        }
        true
    }

    /// Writes the end of a link.
    pub fn close(&self, out: &mut Html) {
        match self {
            Address::Inside(link) => out.hole(HoleContent::Close(*link)),
            Address::Outside(_) => out.raw("</a>"),
            Address::Refused => {}
        }
    }
}
