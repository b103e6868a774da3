//! Uses of runbooks: the incidents whose reports link or name a runbook.
//!
//! This module owns [`RunbookUses`]. Reviews and the pages of runbooks read it; no output lists it by itself.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{FieldReferences, Incidents, PageId, RegisterInputs};
use crate::kinds::Moment;
use crate::markdown::LinkRole;
use crate::page::Page;
use crate::page::incidents::EXERCISE;
use crate::site::link_index::LinkIndex;

/// The uses of each runbook.
#[derive(Debug, Default)]
pub struct RunbookUses {
    /// The newest first.
    by_page: BTreeMap<PageId, Vec<RunbookUse>>,
}

/// The use of a runbook in one incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunbookUse {
    /// The page about the incident.
    pub incident: PageId,
    /// The day of the incident.
    pub day: Date,
    /// The seconds from its start to its mitigation, where both are known.
    pub mitigated_after: Option<i64>,
}

impl RunbookUses {
    /// The uses of a runbook, the newest first.
    pub fn for_page(&self, page: PageId) -> &[RunbookUse] {
        self.by_page.get(&page).map_or(&[], Vec::as_slice)
    }
}

pub(super) fn collect(
    book: &RegisterInputs<'_>,
    references: &FieldReferences,
    incidents: &Incidents,
) -> RunbookUses {
    let mut by_page: BTreeMap<PageId, Vec<RunbookUse>> = BTreeMap::new();
    for (id, page) in book.pages().filter(|(_, page)| page.front.kind.feeds("incidents")) {
        // What was only practised says nothing of how well a runbook works.
        let Some(day) = day_of(page).filter(|_| !page.front.data.flag(EXERCISE)) else { continue };
        let mitigated_after = incidents.for_page(id).and_then(|incident| incident.until("mitigated"));
        let found = RunbookUse { incident: id, day, mitigated_after };
        let named = references.from(id).iter().map(|reference| reference.page);
        for runbook in linked(book, id, page).chain(named).filter(|page| is_runbook(book, *page)) {
            let uses = by_page.entry(runbook).or_default();
            if !uses.contains(&found) {
                uses.push(found);
            }
        }
    }
    by_page.values_mut().for_each(|uses| uses.sort_by_key(|found| (Reverse(found.day), found.incident)));
    RunbookUses { by_page }
}

/// The pages that a page links.
fn linked<'a>(book: &RegisterInputs<'a>, id: PageId, page: &'a Page) -> impl Iterator<Item = PageId> {
    let index = LinkIndex::new(book.inputs, book.structure);
    let links =
        page.document.links.iter().filter(|link| matches!(link.role, LinkRole::Follow | LinkRole::Point));
    links.filter_map(move |link| index.page_of_link(id, &link.span.file, &link.destination))
}

fn is_runbook(book: &RegisterInputs<'_>, page: PageId) -> bool {
    book.page(page).front.kind.feeds("alerts")
}

/// The day of an incident in UTC: when it began, else when it was detected, else the date of the page.
pub(super) fn day_of(page: &Page) -> Option<Date> {
    let data = &page.front.data;
    let time = ["started", "detected"].iter().find_map(|name| data.time(name));
    time.map(Moment::day).or(page.front.date)
}
