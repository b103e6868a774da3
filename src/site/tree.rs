//! The order of pages: sections, children, reading order.
//!
//! Owns how siblings sort and which page follows which. Knows neither URLs' making nor links.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::urls::Placed;
use super::{Change, PageId, SitePage};
use crate::path::{FilePath, UrlPath};

/// Puts pages into reading order: a section, then each child with all that lies beneath it.
pub(super) fn order(placed: Vec<Placed>, history: &BTreeMap<FilePath, Change>) -> Vec<SitePage> {
    let mut children: HashMap<Option<UrlPath>, Vec<Placed>> = HashMap::new();
    for page in placed {
        children.entry(page.parent.clone()).or_default().push(page);
    }
    let mut pages = Vec::new();
    let mut waiting: Vec<(Option<PageId>, Placed)> =
        sorted(children.remove(&None)).map(|page| (None, page)).collect();
    while let Some((parent, placed)) = waiting.pop() {
        let id = PageId(pages.len() as u32);
        let beneath = sorted(children.remove(&Some(placed.url.clone())));
        waiting.extend(beneath.map(|page| (Some(id), page)));
        if let Some(PageId(parent)) = parent {
            let parent: &mut SitePage = &mut pages[parent as usize];
            parent.children.push(id);
        }
        pages.push(SitePage {
            change: history.get(&placed.page.file).cloned(),
            page: placed.page,
            encoded: placed.url.encoded(),
            url: placed.url,
            parent,
            children: Vec::new(),
            section: placed.section,
            backlinks: Vec::new(),
            resolved: Arc::default(),
        });
    }
    pages
}

/// Siblings, last first: they are taken from a stack. By weight, then by title without regard to case.
fn sorted(pages: Option<Vec<Placed>>) -> impl Iterator<Item = Placed> {
    let mut pages: Vec<(String, Placed)> =
        pages.unwrap_or_default().into_iter().map(|page| (page.page.title.to_lowercase(), page)).collect();
    pages.sort_by(|(a_title, a), (b_title, b)| {
        a.weight.total_cmp(&b.weight).then_with(|| a_title.cmp(b_title)).then_with(|| a.url.cmp(&b.url))
    });
    pages.into_iter().rev().map(|(_, page)| page)
}
