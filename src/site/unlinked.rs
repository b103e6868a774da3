//! What nothing links: files beside pages, and pages.
//!
//! Owns `asset.unused` and `page.orphan`. Both look at the whole handbook, so they are only asked where the audience sees
//! all of it: a link in a hidden page counts too.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

use super::{Asset, FolderRole, Site, SiteInputs, SitePage};
use crate::build_target::BuildTarget;
use crate::diagnostic::Diagnostic;
use crate::path::{FilePath, encode};
use crate::rules::{ASSET_UNUSED, PAGE_ORPHAN};
use crate::source::Span;

/// The problems of files and pages that nothing links, if their rules are on.
pub(super) fn unlinked(inputs: &SiteInputs<'_>, site: &Site) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let visibility = &inputs.config.visibility;
    let is_whole = visibility.sees_all() || !visibility.is_in_use();
    if !is_whole || *inputs.target != BuildTarget::Site {
        return problems;
    }
    if inputs.config.reports(&ASSET_UNUSED) {
        for file in unused_assets(inputs, site) {
            let message = format!("no page links {file}, so it is not published");
            let help =
                "delete it, link it from a page, or move a file for a fixed address to the static folder";
            problems.push(Diagnostic::new(&ASSET_UNUSED, Span::start_of(file), message).help(help));
        }
    }
    if inputs.config.reports(&PAGE_ORPHAN) {
        for (id, page) in site.ids() {
            let registers = &site.registers;
            let is_named =
                !registers.references.to(id).is_empty() || !registers.mentions.for_page(id).is_empty();
            if !is_named && page.backlinks.is_empty() && is_read_by_links(site, page) {
                let message = "no page links or names this page; only lists of its folder show it";
                let help = "link it where a reader needs it, or delete it";
                let span = Span::start_of(&page.page.file);
                problems.push(Diagnostic::new(&PAGE_ORPHAN, span, message).help(help));
            }
        }
    }
    problems
}

/// The files of the content that no link leads to and no text names, such as an include of a part of them, or a page
/// that is still a draft.
fn unused_assets<'a>(inputs: &SiteInputs<'a>, site: &Site) -> Vec<&'a FilePath> {
    let used: BTreeSet<&FilePath> = site.assets.values().map(|asset| &asset.file).collect();
    let mut left: Vec<&'a Asset> = Vec::new();
    let mut names = Vec::new();
    // Opsbook itself reads the files of the data folder.
    let is_left = |asset: &&Asset| !used.contains(&asset.file) && !inputs.data.contains_key(&asset.file);
    for asset in inputs.assets.values().filter(is_left) {
        left.push(asset);
        names.push(asset.file.name().to_owned());
        names.push(encode(asset.file.name()).into_owned());
    }
    let Ok(search) = AhoCorasick::new(&names) else { return Vec::new() };
    let mut named = BTreeSet::new();
    for source in inputs.sources.values().chain(inputs.data.values()) {
        // A name may be a part of another one.
        for found in search.find_overlapping_iter(&*source.text) {
            named.insert(found.pattern().as_usize() / 2);
        }
    }
    let mut unused = Vec::new();
    for (index, asset) in left.into_iter().enumerate() {
        if !named.contains(&index) {
            unused.push(&asset.file);
        }
    }
    unused
}

/// Whether readers find a page by links alone: no register lists its kind, no feed its day, and no menu of other
/// folders the page.
fn is_read_by_links(site: &Site, page: &SitePage) -> bool {
    let kind = &page.page.front.kind;
    let is_listed = kind.dated || !kind.registers.is_empty() || site.is_legal(page);
    let is_in_menu = page.parent.is_none_or(|parent| parent.0 == 0);
    page.section != FolderRole::Listing && !is_listed && !is_in_menu
}
