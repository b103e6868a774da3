//! The handbook as a whole: which pages there are, at which URLs, in which order, and what links where.
//!
//! Owns [`Site`] and [`assemble`]. Everything here is a linear pass over small structs. Must not know the
//! theme, nor any output format.

mod assets;
mod links;
mod redirects;
mod taxonomy;
mod tree;
mod urls;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::memo::Memo;
use crate::page::Page;
use crate::path::{FilePath, UrlPath};
use crate::source::Source;

pub use links::Resolved;

pub use crate::asset::{Asset, Change, Safety};

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
    /// Old URLs (decoded, without leading slash) and the page that each leads to.
    pub redirects: BTreeMap<String, PageId>,
}

/// A page with its place in the site.
#[derive(Debug)]
pub struct SitePage {
    /// What the page is made of. A folder without a page of its own has an empty one.
    pub page: Arc<Page>,
    pub url: UrlPath,
    /// The URL percent-encoded: every page that shows this one in its sidebar writes it.
    pub encoded: String,
    pub parent: Option<PageId>,
    /// Sorted by weight, then title.
    pub children: Vec<PageId>,
    /// Whether the page stands for a folder, and whether the folder has a source for it.
    pub section: Section,
    /// The last change of the page's file.
    pub change: Option<Change>,
    /// Pages that link here, in reading order, without repeats.
    pub backlinks: Vec<PageId>,
    /// Where the page's links lead.
    pub resolved: Arc<Resolved>,
}

/// Whether a page stands for a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    /// An ordinary page.
    No,
    /// The folder's own page.
    Written,
    /// A folder without a page: only its listing is shown, and there is no source to edit.
    Listing,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A page, and an anchor in it.
    Page { page: PageId, anchor: Option<String> },
    /// A published asset.
    Asset { url: UrlPath, size: Option<(u32, u32)>, anchor: Option<String> },
    /// Nothing: shown as text.
    Broken,
}

/// A tag and what carries it.
#[derive(Debug)]
pub struct Term {
    /// As first written.
    pub name: String,
    /// Tags are sorted by it.
    pub slug: String,
    pub url: UrlPath,
    pub pages: Vec<PageId>,
}

/// What a site is assembled from.
pub struct Parts<'a> {
    pub config: &'a Arc<Config>,
    pub pages: &'a [Arc<Page>],
    pub assets: &'a BTreeMap<FilePath, Asset>,
    /// Texts; those that are no pages are only for includes.
    pub sources: &'a BTreeMap<FilePath, Source>,
    /// Files of sorts that are not published.
    pub others: &'a BTreeSet<FilePath>,
    pub history: &'a BTreeMap<FilePath, Change>,
}

impl Site {
    /// The page of that index.
    pub fn page(&self, id: PageId) -> &SitePage {
        &self.pages[id.0 as usize]
    }

    /// Every page with its index, in reading order.
    pub fn ids(&self) -> impl Iterator<Item = (PageId, &SitePage)> {
        (0..).map(PageId).zip(&self.pages)
    }
}

/// Assembles the handbook. `memo` spares links that lead where they did the last time.
pub fn assemble(parts: &Parts<'_>, memo: &mut Memo<Resolved>) -> (Site, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let folders = urls::folders(parts, &mut diagnostics);
    let placed = urls::place(parts, &folders, &mut diagnostics);
    let pages = tree::order(placed, parts.history);
    let redirects = redirects::collect(&pages, &mut diagnostics);
    let mut site = Site {
        config: Arc::clone(parts.config),
        tags: taxonomy::terms(&pages, &mut diagnostics),
        pages,
        assets: BTreeMap::new(),
        redirects,
    };
    diagnostics.extend(links::resolve(&mut site, parts, &folders, memo));
    (site, diagnostics)
}
