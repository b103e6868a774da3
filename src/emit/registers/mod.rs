//! What all pages together say, as data for programs: one file for each register, beside its page.
//!
//! Owns how a register's data names a page. URLs are relative to the file itself, so the data works wherever the
//! site stands. Must not know how a register is made or shown.

pub mod actions;
pub mod advisories;
pub mod alerts;
pub mod calendar;
pub mod controls;
mod csv;
pub mod decisions;
pub mod incidents;
pub mod reviews;
mod rows;

use serde::Serialize;

use crate::path::UrlPath;
use crate::site::{PageId, Site};

use rows::document as json;

/// Raised when a field changes its meaning or goes; new fields do not count.
const FORMAT: u32 = 1;

/// A page as data name it.
#[derive(Serialize)]
struct PageRef<'a> {
    /// As in `handbook.json`.
    id: &'a str,
    title: &'a str,
    kind: &'a str,
    /// Relative to the file, percent-encoded.
    url: String,
}

/// The page as the file at `path` names it.
fn page<'a>(site: &'a Site, path: &str, id: PageId) -> PageRef<'a> {
    let page = site.page(id);
    PageRef {
        id: super::text::id(&page.url),
        title: &page.page.title,
        kind: page.page.front.kind(),
        url: UrlPath::new(path).relative(&page.url),
    }
}
