//! Addresses: the one way by which a destination that an author wrote comes into a page and into its copy.
//!
//! Owns [`Address`]. An address inside the handbook is a number until `site` has found what it leads to, so neither the
//! HTML nor the copy ever holds the destination itself, and what is hidden cannot be named by it.

use super::copy::Copy;
use super::html::Html;
use super::url::{Reference, classify};
use super::writer::Writer;
use super::{Fill, Link, Role};
use crate::source::Span;

/// Where a destination leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// A link inside the handbook, as an index into [`Document::links`](super::Document::links).
    Inside(u32),
    /// A URL that readers may follow.
    Outside(String),
    /// Nowhere that readers may go.
    Refused,
}

impl Address {
    /// Writes the start of a link without its `>`; `false` where it is none.
    pub fn open(&self, out: &mut Html) -> bool {
        match self {
            Address::Inside(link) => out.hole(Fill::Open(*link)),
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
            Address::Inside(link) => out.hole(Fill::Close(*link)),
            Address::Outside(_) => out.raw("</a>"),
            Address::Refused => {}
        }
    }

    /// Writes it as an attribute of a tag in a copy.
    pub fn copy_attribute(&self, name: &str, copy: &mut Copy) {
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

impl Writer<'_> {
    /// Finds out where a destination leads. What lies inside the handbook becomes a link for `site` to resolve.
    pub(super) fn address(&mut self, destination: &str, span: Span, role: Role) -> Address {
        match classify(destination) {
            Reference::Outside(url) => Address::Outside(url.into_owned()),
            Reference::Refused => Address::Refused,
            Reference::Inside(path) => {
                let link = u32::try_from(self.links.len()).expect("a page has far fewer links");
                self.links.push(Link { destination: path.into_owned(), span, role });
                Address::Inside(link)
            }
        }
    }
}
