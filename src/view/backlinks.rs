//! Backlinks: the pages that link to a page, by kind.
//!
//! This module owns the order and the titles of the groups, and the number of links that a page shows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::LinkView;
use super::nav::PageLinks;
use crate::kinds::Kind;
use crate::path::encode;
use crate::site::PageId;

/// The most links of one kind that are shown.
const MOST: usize = 20;

/// Links from pages of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BacklinksView {
    /// The kind's name.
    pub kind: String,
    /// The title for readers, such as `Discussed in minutes`.
    pub title: String,
    pub links: Vec<LinkView>,
    /// The number of further links.
    pub more: usize,
}

/// The pages that link to a page, name it in a field or mention it. Incidents and minutes come first, plain pages
/// last. Pages of a kind are in the order of the kind, such as the newest first.
pub(super) fn backlinks(here: &PageLinks<'_>, id: PageId) -> Vec<BacklinksView> {
    let mut groups: BTreeMap<(u8, &str), Vec<PageId>> = BTreeMap::new();
    let registers = &here.site.registers;
    let named = registers.references.to(id).iter().map(|found| found.page);
    let spoken = registers.mentions.for_page(id).iter().map(|found| found.page);
    let from: BTreeSet<PageId> =
        here.site.page(id).backlinks.iter().copied().chain(named).chain(spoken).collect();
    for id in from {
        let kind = &here.site.page(id).page.front.kind;
        groups.entry((rank(kind), &kind.name)).or_default().push(id);
    }
    groups.into_values().map(|ids| group(here, id, ids)).collect()
}

/// A link to the heading under which a page mentions another.
fn link(here: &PageLinks<'_>, (from, to): (PageId, PageId)) -> LinkView {
    let mention = here.site.registers.mentions.for_page(to).iter().find(|mention| mention.page == from);
    let anchor = mention.and_then(|mention| mention.anchor.as_deref());
    let mut link = here.link(from);
    link.url.push_str(&anchor.map(|anchor| format!("#{}", encode(anchor))).unwrap_or_default());
    link
}

fn group(here: &PageLinks<'_>, to: PageId, mut ids: Vec<PageId>) -> BacklinksView {
    let kind = &here.site.page(ids[0]).page.front.kind;
    let date = |id: &PageId| here.site.page(*id).page.front.date;
    ids.sort_by(|one, other| kind.order().compare(date(one), date(other)));
    BacklinksView {
        kind: kind.name.clone(),
        title: title(here, kind),
        links: ids.iter().take(MOST).map(|id| link(here, (*id, to))).collect(),
        more: ids.len().saturating_sub(MOST),
    }
}

fn rank(kind: &Kind) -> u8 {
    match kind {
        kind if kind.name == "page" => 3,
        kind if kind.feeds("incidents") => 0,
        kind if kind.feeds("meetings") => 1,
        _ => 2,
    }
}

/// The title of a group. In English it is a phrase before the plural, such as `Discussed in`; other languages have
/// a phrase of their own.
fn title(here: &PageLinks<'_>, kind: &Kind) -> String {
    let wording = here.wording(kind);
    if let Some(phrase) = wording.linked_as() {
        return phrase.to_owned();
    }
    match &kind.linked_as {
        _ if wording.plural() != kind.plural => wording.plural().to_owned(),
        Some(words) => format!("{words} {}", lower(&kind.plural)),
        None => kind.plural.clone(),
    }
}

/// A title within a sentence: `Minutes` becomes `minutes`, while `SLAs` stays.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    match (first, letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
