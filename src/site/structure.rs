//! What does not depend on the pages' texts: which pages there are, where, in which order, with which tags.
//!
//! Owns [`Structure`], which most edits leave as it was, and the look-ups that links need. Must not know where
//! links lead, nor anything of a page that is not part of [`Page::shown`](crate::page::Page::shown).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::tree::{self, Place};
use super::urls::{self, Folders};
use super::{PageId, Parts, Term, redirects, taxonomy};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::path::{FilePath, UrlPath};

/// The tree of pages.
#[derive(Debug)]
pub struct Structure {
    /// By number of the page.
    pub(super) places: Vec<Place>,
    pub(super) tags: Arc<[Term]>,
    pub(super) redirects: Arc<BTreeMap<String, PageId>>,
    pub(super) folders: Folders,
    pub(super) files: HashMap<FilePath, PageId>,
    pub(super) urls: HashMap<UrlPath, PageId>,
    /// Pages by the last segment of their URL: where to look for one that was moved.
    pub(super) names: HashMap<String, Vec<PageId>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The digest of everything that [`of`] reads.
pub(super) fn key(parts: &Parts<'_>) -> Digest {
    let pages: Vec<Digest> = parts.pages.iter().map(|page| page.shown).collect();
    Digest::of_value(&(pages, parts.config.digest(), parts.kinds.digest, parts.strings.digest))
}

/// Gives every page its place.
pub(super) fn of(parts: &Parts<'_>) -> Structure {
    let mut diagnostics = Vec::new();
    let folders = urls::folders(parts, &mut diagnostics);
    let placed = urls::place(parts, &folders, &mut diagnostics);
    let places = tree::order(placed, parts);
    let redirects = redirects::collect(&places, parts, &mut diagnostics);
    let tags = taxonomy::terms(&places, parts, &mut diagnostics);
    let ids = || (0..).map(PageId).zip(&places);
    let mut names: HashMap<String, Vec<PageId>> = HashMap::new();
    for (id, place) in ids() {
        names.entry(place.url.last_segment().to_owned()).or_default().push(id);
    }
    Structure {
        files: ids().map(|(id, place)| (place.origin.page(parts).file.clone(), id)).collect(),
        urls: ids().map(|(id, place)| (place.url.clone(), id)).collect(),
        names,
        places,
        tags: tags.into(),
        redirects: Arc::new(redirects),
        folders,
        diagnostics,
    }
}
