//! Cards: pages in listings.
//!
//! This module owns [`CardView`], and which cards of a section show their kind and year. It knows no template.

use serde::Serialize;

use super::nav::{PageLinks, shown_date};
use super::registers;
use crate::site::{FolderRole, PageId, SitePage};

/// One page in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct CardView {
    pub title: String,
    pub url: String,
    /// The language of title and description, where it is not that of the frame.
    pub lang: Option<String>,
    pub description: String,
    pub kind: String,
    /// The name of the kind for readers; empty for a plain page, and where all pages of the listing have the same
    /// kind.
    pub kind_title: String,
    /// Whether it is a section.
    pub section: bool,
    /// The number of pages below it.
    pub pages: usize,
    /// `2026-11-21`, where the page has a date.
    pub date: Option<String>,
    /// The heading that begins with this card: the year in a section that is sorted by date and contains several years, or
    /// the name of a group.
    pub heading: Option<String>,
}

/// The card of a page.
pub(super) fn card(here: &PageLinks<'_>, id: PageId) -> CardView {
    let page = here.site.page(id);
    CardView {
        title: page.name.full.to_string(),
        url: here.page(page),
        lang: here.lang(page),
        description: page.page.description.clone(),
        kind: page.page.front.kind().to_owned(),
        kind_title: registers::kind(here.site, page.page.front.kind())
            .map(|_| here.wording(&page.page.front.kind).title().to_owned())
            .unwrap_or_default(),
        section: page.section != FolderRole::No,
        pages: page.descendants,
        date: shown_date(page),
        heading: None,
    }
}

/// The cards of a section's pages. They show their kinds only where these differ.
pub(super) fn section(here: &PageLinks<'_>, section: &SitePage) -> Vec<CardView> {
    let groups = here.site.groups(section, &here.t.language);
    let mut cards: Vec<CardView> = Vec::new();
    if groups.is_empty() {
        let years = section.children.iter().map(|child| here.site.page(*child).day.map(|day| day.year()));
        for (child, year) in section.children.iter().zip(begun(&years.collect::<Vec<_>>())) {
            cards.push(CardView { heading: year, ..card(here, *child) });
        }
    }
    for group in groups {
        let first = cards.len();
        cards.extend(group.pages.iter().map(|id| card(here, *id)));
        cards[first].heading = Some(group.title).filter(|title| !title.is_empty());
    }
    // Cards of sections show the number of their pages instead of the kind of their own page.
    let mut kinds = cards.iter().filter(|card| card.pages == 0).map(|card| &card.kind);
    let first = kinds.next();
    if kinds.all(|kind| Some(kind) == first) {
        cards.iter_mut().for_each(|card| card.kind_title.clear());
    }
    cards
}

/// The year at each position where a new one begins. None where all pages have the same year.
fn begun(years: &[Option<i16>]) -> Vec<Option<String>> {
    let before = std::iter::once(&None).chain(years);
    let begins = |(before, year): (&Option<i16>, &Option<i16>)| year.filter(|_| year != before);
    let one = years.windows(2).all(|two| two[0] == two[1]);
    let begun = before.zip(years).map(begins);
    begun.map(|year| year.filter(|_| !one).map(|year| year.to_string())).collect()
}
