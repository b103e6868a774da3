//! Resolves destinations: the only way for a destination that an author wrote to reach a page or its Markdown export.
//!
//! Owns [`Address`]. An address inside the handbook is an index until `site` has resolved it. Neither the HTML nor the
//! export ever holds such a destination itself, so it cannot name anything that is hidden.

use super::export::MarkdownExport;
use super::html::Html;
use super::url::{Reference, classify};
use super::writer::HtmlWriter;
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

    /// Writes the address as an attribute of a tag in the Markdown export.
    pub fn copy_attribute(&self, name: &str, copy: &mut MarkdownExport) {
        match self {
            Address::Inside(link) => {
                copy.text.push_str(&format!(" {name}=\""));
                copy.push_hole(*link);
                copy.text.push('"');
            }
            Address::Outside(url) => {
                let mut html = Html::default();
                html.attribute(name, url);
                copy.text.push_str(&html.text);
            }
            Address::Refused => {}
        }
    }
}

impl HtmlWriter<'_> {
    /// Classifies a destination. A destination inside the handbook becomes a link that `site` resolves.
    pub(super) fn address(&mut self, destination: &str, span: Span, role: LinkRole) -> Address {
        match classify(destination) {
            Reference::Outside(url) => Address::Outside(url.into_owned()),
            Reference::Refused => Address::Refused,
            Reference::Inside(path) => {
                let link = u32::try_from(self.document.links.len()).expect("a page has far fewer links");
                self.document.links.push(Link { destination: path.into_owned(), span, role });
                Address::Inside(link)
            }
        }
    }
}
