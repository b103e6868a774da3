//! The handbook as a whole: which pages there are, at which URLs, in which order, and what links where.
//!
//! Owns [`Site`] and [`assemble`]. Everything here is a linear pass over small structs. Must not know the
//! theme, nor any output format.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Config;
use crate::memo::Digest;
use crate::page::Page;
use crate::path::{FilePath, UrlPath};

/// An index into [`Site::pages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub u32);

/// The assembled handbook. Immutable.
#[derive(Debug)]
pub struct Site {
    pub config: Arc<Config>,
    /// In reading order: the home page first, each section before its children.
    pub pages: Vec<SitePage>,
    /// Tags in alphabetical order with their pages in reading order.
    pub tags: Vec<Term>,
    /// Assets that a published page links, by URL.
    pub assets: BTreeMap<UrlPath, Asset>,
    /// Old URLs (decoded, without leading slash, with trailing slash) and the page that each leads to.
    pub redirects: BTreeMap<String, PageId>,
}

/// A page with its place in the site.
#[derive(Debug)]
pub struct SitePage {
    /// What the page is made of. A folder without a page of its own has an empty one.
    pub page: Arc<Page>,
    pub url: UrlPath,
    pub parent: Option<PageId>,
    /// Sorted by weight, then title.
    pub children: Vec<PageId>,
    /// Whether the page stands for a folder.
    pub section: bool,
    /// The last change of the page's file, or of any file it includes.
    pub change: Option<Change>,
    /// Pages that link here, in reading order, without repeats.
    pub backlinks: Vec<PageId>,
    /// Where each of `page.document.links` leads, in their order.
    pub targets: Vec<Target>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A page, and an anchor in it.
    Page { page: PageId, anchor: Option<String> },
    /// A published asset.
    Asset { url: UrlPath, size: Option<(u32, u32)> },
    /// Nothing: shown as text.
    Broken,
}

/// A tag and what carries it.
#[derive(Debug)]
pub struct Term {
    /// As first written.
    pub name: String,
    pub url: UrlPath,
    pub pages: Vec<PageId>,
}

/// A file that is published as it is.
#[derive(Debug, Clone)]
pub struct Asset {
    pub file: FilePath,
    /// Absolute, on this machine: never shown.
    pub location: PathBuf,
    pub digest: Digest,
    /// Width and height in CSS pixels, of images.
    pub size: Option<(u32, u32)>,
    pub safety: Safety,
}

/// Whether a file could run something in the reader's browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Safety {
    Inert,
    /// An SVG image with a script, an event handler or the like.
    Active,
}

/// When and by whom a file was last changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Change {
    /// Seconds since 1970, UTC.
    pub seconds: i64,
    /// The author's name; only where `book.toml` asks for it.
    pub author: Option<String>,
}

impl Site {
    /// The page of that index.
    pub fn page(&self, id: PageId) -> &SitePage {
        &self.pages[id.0 as usize]
    }
}
