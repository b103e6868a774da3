//! The areas of the home page, by the needs of readers: repair, work, learn, look up agreements, find people.
//!
//! This module owns [`HomeView`]: the pages in each area and their order. A page's area comes from its front
//! matter, or else from the definition of its kind; the module knows no kind. Pages in other languages than the
//! home page's are not in its areas.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cards::card;
use super::nav::{PageLinks, shown_date};
use super::registers::kind as kind_page;
use super::{CardView, LinkView};
use crate::kinds::{Field, FieldType, Kind, PLACES, TypedValue};
use crate::page::incidents::EXERCISE;
use crate::site::{FolderRole, PageId, Site, SitePage};

/// The most pages of one kind in an area.
const MOST: usize = 5;
/// The same in the first area, where seconds count.
const MOST_FIRST: usize = 12;

/// The most values of a field beside the title of a page.
const MOST_MARKS: usize = 2;

/// The content of the home page apart from its own text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct HomeView {
    /// The description in front matter, or that of the handbook. One taken from the text would appear twice.
    pub lead: String,
    /// The areas with content, in the order of [`PLACES`].
    pub places: Vec<HomeAreaView>,
    /// The children of the home page without an area.
    pub rest: Vec<CardView>,
}

/// One area of the home page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct HomeAreaView {
    /// One of `broken`, `work`, `learned`, `agreed`, `who`.
    pub name: String,
    pub title: String,
    /// Single pages and sections.
    pub pages: Vec<HomeEntryView>,
    /// Kinds with several pages.
    pub kinds: Vec<HomeKindView>,
}

/// The pages of a kind in one area.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct HomeKindView {
    pub kind: String,
    /// The plural of the kind, with a link to all its pages.
    pub link: LinkView,
    /// The number of pages, shown or not.
    pub count: usize,
    pub pages: Vec<HomeEntryView>,
}

/// A page on the home page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct HomeEntryView {
    pub title: String,
    pub url: String,
    pub description: String,
    /// The date, such as `2026-11-21`, on dated pages.
    pub date: Option<String>,
    /// The values of the first list or choice that its kind puts first: the alerts of a runbook, the severity of an
    /// incident.
    pub marks: Vec<String>,
    /// The number of such values that are not shown.
    pub more_marks: usize,
}

/// The area of a page, if it has one.
pub(super) fn place(page: &SitePage) -> Option<&'static str> {
    let front = &page.page.front;
    let own = front.data.text("home").or(front.kind.home.as_deref())?;
    PLACES.into_iter().find(|place| *place == own)
}

/// The area whose colour the last page of a branch has. First comes the page or the nearest section above it that
/// sets an area in its own front matter; then the page's kind; then the nearest section with an area by its kind or
/// by its first page.
pub(super) fn tab(site: &Site, branch: &[PageId]) -> &'static str {
    // The home page contains all areas, so it gives no colour to the pages below it.
    let above = || branch.iter().skip(1).rev().map(|id| site.page(*id));
    for page in above().filter(|page| says_itself(page)) {
        if let Some(place) = place(page) {
            return place;
        }
    }
    for page in above() {
        let first = page.children.first().map(|first| site.page(*first));
        if let Some(place) = place(page).or_else(|| place(first?)) {
            return place;
        }
    }
    ""
}

/// Whether the page's own front matter sets the area, not that of a folder above it.
fn says_itself(page: &SitePage) -> bool {
    page.page.front.data.span("home").is_some_and(|span| span.file == page.page.file)
}

/// Whether front matter excludes the page from the home page.
fn is_left_out(page: &SitePage) -> bool {
    page.page.front.data.text("home") == Some("none")
}

pub(super) fn view(here: &PageLinks<'_>) -> HomeView {
    let site = here.site;
    let language = site.language(site.page(PageId(0)));
    let mut standing: BTreeMap<&str, Vec<PageId>> = BTreeMap::new();
    // The branches of the handbook that the areas show, and those that shall not be on the home page.
    let mut known = BTreeSet::new();
    for (id, page) in site.ids().skip(1) {
        // The home page lists pages in its own language.
        if !site.language(page).eq_ignore_ascii_case(language) {
            continue;
        }
        let place = place(page);
        if let Some(place) = place {
            standing.entry(place).or_default().push(id);
        }
        if place.is_some() || is_left_out(page) {
            known.insert(branch_of(site, id));
        }
    }
    let rest = site.pages.first().map(|home| site.listed_children(home)).unwrap_or_default();
    let home = site.pages.first().and_then(|page| page.page.front.data.text("description"));
    let mut places = Vec::new();
    for name in PLACES {
        if let Some(pages) = standing.get(name) {
            places.push(area_view(here, name, pages));
        }
    }
    HomeView {
        lead: home.unwrap_or(&site.config.description).to_owned(),
        places,
        rest: rest.iter().filter(|id| !known.contains(id)).map(|id| card(here, *id)).collect(),
    }
}

/// The child of the home page that contains a page or is the page.
fn branch_of(site: &Site, mut id: PageId) -> PageId {
    while let Some(parent) = site.page(id).parent.filter(|parent| parent.0 > 0) {
        id = parent;
    }
    id
}

/// One area. A kind with a single page gets no heading of its own.
fn area_view(here: &PageLinks<'_>, name: &'static str, pages: &[PageId]) -> HomeAreaView {
    let most = if name == PLACES[0] { MOST_FIRST } else { MOST };
    let mut by_kind: Vec<(&Kind, Vec<PageId>)> = Vec::new();
    for id in pages {
        let kind: &Kind = &here.site.page(*id).page.front.kind;
        match by_kind.iter_mut().find(|(known, _)| known.name == kind.name) {
            Some((_, pages)) => pages.push(*id),
            None => by_kind.push((kind, vec![*id])),
        }
    }
    let plain = &here.site.kinds.plain().name;
    let (shelves, single): (Vec<_>, Vec<_>) =
        by_kind.into_iter().partition(|(kind, pages)| pages.len() > 1 && kind.name != *plain);
    let single = single.iter().flat_map(|(_, pages)| pages).take(MOST_FIRST);
    HomeAreaView {
        name: name.to_owned(),
        title: here.t.word("home", name).to_owned(),
        pages: single.map(|id| entry_view(here, *id)).collect(),
        kinds: shelves.into_iter().map(|(kind, pages)| kind_view(here, kind, pages, most)).collect(),
    }
}

fn kind_view(here: &PageLinks<'_>, kind: &Kind, mut pages: Vec<PageId>, most: usize) -> HomeKindView {
    let all = common(here.site, &pages).map(|id| here.url(&here.site.page(id).url));
    let all = all.or_else(|| kind_page(here.site, &kind.name).map(|url| here.url(&url)));
    // A section's page would repeat the pages below it, which are listed one by one.
    let all_of_them: BTreeSet<PageId> = pages.iter().copied().collect();
    pages.retain(|id| !here.site.page(*id).children.iter().any(|child| all_of_them.contains(child)));
    let date = |id: &PageId| here.site.page(*id).page.front.date;
    pages.sort_by(|one, other| kind.order().compare(date(one), date(other)));
    let count = pages.len();
    let title = here.wording(kind).plural().to_owned();
    HomeKindView {
        kind: kind.name.clone(),
        link: LinkView::new(title, all.unwrap_or_default()),
        count,
        pages: pages.into_iter().take(most).map(|id| entry_view(here, id)).collect(),
    }
}

/// The nearest section that contains all of the pages, if it is not the whole handbook.
fn common(site: &Site, pages: &[PageId]) -> Option<PageId> {
    let above = |id: PageId| {
        let own = (site.page(id).section != FolderRole::No).then_some(id);
        own.into_iter().chain(std::iter::successors(site.page(id).parent, |id| site.page(*id).parent))
    };
    let mut rest = pages.iter();
    let mut shared: Vec<PageId> = above(*rest.next()?).collect();
    for id in rest {
        let these: BTreeSet<PageId> = above(*id).collect();
        shared.retain(|id| these.contains(id));
    }
    shared.first().copied().filter(|id| id.0 > 0)
}

fn entry_view(here: &PageLinks<'_>, id: PageId) -> HomeEntryView {
    let page = here.site.page(id);
    let front = &page.page.front;
    let mut marks = marks(here, &front.kind, id);
    let more_marks = marks.len().saturating_sub(MOST_MARKS);
    marks.truncate(MOST_MARKS);
    HomeEntryView {
        title: page.name.full.to_string(),
        url: here.page(page),
        description: page.page.description.clone(),
        date: shown_date(page).filter(|_| front.kind.order().is_by_date()),
        marks,
        more_marks,
    }
}

/// Whether the values of a field are words, which fit beside a title.
fn has_short_values(field: &Field) -> bool {
    matches!(field.field_type, FieldType::Choice(_)) || field.list && field.field_type == FieldType::Text
}

/// That the page is about an exercise; else the values of the first field that its kind puts into the strip.
fn marks(here: &PageLinks<'_>, kind: &Kind, id: PageId) -> Vec<String> {
    let data = &here.site.page(id).page.front.data;
    // A severity alone would look like that of an incident.
    if data.flag(EXERCISE) {
        return vec![here.t.say("incident.exercise").to_owned()];
    }
    let Some(field) = kind.fields.iter().find(|field| field.lead && has_short_values(field)) else {
        return Vec::new();
    };
    let Some(value) = data.get(&field.name) else { return Vec::new() };
    let wording = here.wording(kind);
    let say = |value: &TypedValue| match value {
        TypedValue::Text(text) => wording.value(&field.name, text).to_owned(),
        value => value.to_string(),
    };
    match value {
        TypedValue::List(items) => items.iter().map(say).collect(),
        value => vec![say(value)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Kinds;

    #[test]
    fn front_matter_and_kinds_name_the_same_places() {
        let common = &Kinds::built_in().common;
        let home = common.iter().find(|field| field.name == "home").unwrap();
        let FieldType::Choice(choices) = &home.field_type else { panic!("a choice") };
        let named: Vec<&str> = choices.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(named, [&PLACES[..], &["none"]].concat());
    }
}
