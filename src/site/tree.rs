//! The order of pages: sections, children, reading order.
//!
//! Owns how siblings sort and which page follows which. Knows neither URLs' making nor links.

use std::collections::HashMap;
use std::sync::Arc;

use super::urls::{Origin, Placed};
use super::{PageId, Parts, Section};
use crate::path::UrlPath;

/// A page's place in the tree.
#[derive(Debug)]
pub(super) struct Place {
    pub origin: Origin,
    pub url: UrlPath,
    /// The URL percent-encoded.
    pub encoded: Arc<str>,
    pub parent: Option<PageId>,
    pub children: Arc<[PageId]>,
    pub section: Section,
}

/// Puts pages into reading order: a section, then each child with all that lies beneath it.
pub(super) fn order(placed: Vec<Placed>, parts: &Parts<'_>) -> Vec<Place> {
    let mut beneath: HashMap<Option<UrlPath>, Vec<Placed>> = HashMap::new();
    for page in placed {
        beneath.entry(page.parent.clone()).or_default().push(page);
    }
    let mut ordered: Vec<(Option<PageId>, Placed)> = Vec::new();
    let mut children: Vec<Vec<PageId>> = Vec::new();
    let mut waiting: Vec<(Option<PageId>, Placed)> =
        sorted(beneath.remove(&None), parts).map(|page| (None, page)).collect();
    while let Some((parent, placed)) = waiting.pop() {
        let id = PageId(ordered.len() as u32);
        let beneath = sorted(beneath.remove(&Some(placed.url.clone())), parts);
        waiting.extend(beneath.map(|page| (Some(id), page)));
        if let Some(PageId(parent)) = parent {
            children[parent as usize].push(id);
        }
        children.push(Vec::new());
        ordered.push((parent, placed));
    }
    let place = |((parent, placed), children): ((Option<PageId>, Placed), Vec<PageId>)| Place {
        encoded: placed.url.encoded().into(),
        origin: placed.origin,
        url: placed.url,
        parent,
        children: children.into(),
        section: placed.section,
    };
    ordered.into_iter().zip(children).map(place).collect()
}

/// Siblings, last first: they are taken from a stack. By weight, then by title without regard to case.
fn sorted(pages: Option<Vec<Placed>>, parts: &Parts<'_>) -> impl Iterator<Item = Placed> {
    let titled = |page: Placed| (page.origin.page(parts).title.to_lowercase(), page);
    let mut pages: Vec<(String, Placed)> = pages.unwrap_or_default().into_iter().map(titled).collect();
    pages.sort_by(|(a_title, a), (b_title, b)| {
        a.weight.total_cmp(&b.weight).then_with(|| a_title.cmp(b_title)).then_with(|| a.url.cmp(&b.url))
    });
    pages.into_iter().rev().map(|(_, page)| page)
}
