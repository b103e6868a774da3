//! What listings show of a page.
//!
//! Owns [`CardView`], and which pages of a section say of what kind they are. Knows no template.

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
    /// For readers; empty for a plain page, and where all pages of the listing would say the same.
    pub kind_title: String,
    /// Whether it is a section, and how many pages lie beneath it.
    pub section: bool,
    pub pages: usize,
    /// `2026-11-21`, where the page has a date.
    pub date: Option<String>,
    /// The year that begins with this card, in a section that is sorted by date and holds several years.
    pub year: Option<String>,
}

/// What listings show of a page.
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
        year: None,
    }
}

/// The pages of a section. Their kinds are told where they differ: the same word on every row tells nothing.
pub(super) fn section(here: &PageLinks<'_>, section: &SitePage) -> Vec<CardView> {
    let mut cards: Vec<CardView> = section.children.iter().map(|child| card(here, *child)).collect();
    // Rows of sections say how many pages there are, not of what kind their own page is.
    let mut kinds = cards.iter().filter(|card| card.pages == 0).map(|card| &card.kind);
    let first = kinds.next();
    if kinds.all(|kind| Some(kind) == first) {
        cards.iter_mut().for_each(|card| card.kind_title.clear());
    }
    let years = section.children.iter().map(|child| here.site.page(*child).day.map(|day| day.year()));
    for (card, year) in cards.iter_mut().zip(begun(&years.collect::<Vec<_>>())) {
        card.year = year;
    }
    cards
}

/// The years where they begin. Where all pages are of one year it needs no heading.
fn begun(years: &[Option<i16>]) -> Vec<Option<String>> {
    let before = std::iter::once(&None).chain(years);
    let begins = |(before, year): (&Option<i16>, &Option<i16>)| year.filter(|_| year != before);
    let one = years.windows(2).all(|two| two[0] == two[1]);
    let begun = before.zip(years).map(begins);
    begun.map(|year| year.filter(|_| !one).map(|year| year.to_string())).collect()
}
