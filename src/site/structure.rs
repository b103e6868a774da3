//! The parts of a site that do not depend on the pages' texts: which pages exist, their URLs, order and tags.
//!
//! This module owns [`Structure`], which most edits leave unchanged, and the look-up tables that links need. It
//! must not know where links lead, nor anything of a page that is not part of
//! [`Page::listing_digest`](crate::page::Page::listing_digest): a change of anything else would go unnoticed.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::tree::{self, TreeNode};
use super::urls::{self, ContentFolders};
use super::{PageId, SiteInputs, TagPages, redirects, section_groups, taxonomy};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::path::{FilePath, UrlPath};

/// The tree of pages.
#[derive(Debug)]
pub struct Structure {
    /// By the number of the page, see [`PageId`].
    pub(super) places: Vec<TreeNode>,
    pub(super) tags: Arc<[TagPages]>,
    pub(super) redirects: Arc<BTreeMap<String, PageId>>,
    pub(super) folders: ContentFolders,
    pub(super) files: HashMap<FilePath, PageId>,
    pub(super) urls: HashMap<UrlPath, PageId>,
    /// Pages by the last segment of their URL, to suggest one that was moved.
    pub(super) names: HashMap<String, Vec<PageId>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The digest of everything that [`build_structure`] reads.
pub(super) fn key(inputs: &SiteInputs<'_>) -> Digest {
    let pages: Vec<Digest> = inputs.pages.iter().map(|page| page.listing_digest).collect();
    Digest::of_value(&(pages, inputs.config.digest(), inputs.kinds.digest, inputs.strings.digest))
}

/// Gives every page its URL and its position in the tree.
pub(super) fn build_structure(inputs: &SiteInputs<'_>) -> Structure {
    let mut diagnostics = Vec::new();
    let folders = urls::folders(inputs, &mut diagnostics);
    let placed = urls::place(inputs, &folders, &mut diagnostics);
    let places = tree::order(placed, inputs);
    let redirects = redirects::collect(&places, inputs, &mut diagnostics);
    let tags = taxonomy::terms(&places, inputs, &mut diagnostics);
    section_groups::check(&places, inputs, &mut diagnostics);
    let ids = || (0..).map(PageId).zip(&places);
    let mut names: HashMap<String, Vec<PageId>> = HashMap::new();
    for (id, place) in ids() {
        names.entry(place.url.last_segment().to_owned()).or_default().push(id);
    }
    Structure {
        files: ids().map(|(id, place)| (place.origin.page(inputs).file.clone(), id)).collect(),
        urls: ids().map(|(id, place)| (place.url.clone(), id)).collect(),
        names,
        places,
        tags: tags.into(),
        redirects: Arc::new(redirects),
        folders,
        diagnostics,
    }
}
