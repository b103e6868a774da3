//! What the lists of pages hold: the pages that name a service, a provider or a group, and its open actions.
//!
//! This module owns [`PageLists`]. Definitions of kinds say which lists a page has; see [`crate::kinds::PageList`].

use std::collections::{BTreeMap, BTreeSet};

use super::{ActionItems, PageId, RegisterInputs};
use crate::kinds::ListSource;
use crate::page::Page;
use crate::path::segment;

/// The entries of the lists of each page.
#[derive(Debug, Default)]
pub struct PageLists {
    by_page: BTreeMap<PageId, Vec<ListEntries>>,
}

/// The entries of one list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ListEntries {
    /// In reading order.
    pub pages: Vec<PageId>,
    /// The values of a field of these pages, for a list that shows them instead.
    pub values: Vec<String>,
    /// The number of open actions, for a list of these.
    pub actions: usize,
}

impl PageLists {
    /// The entries of a page's lists, in the order of the definition of its kind.
    pub fn for_page(&self, page: PageId) -> &[ListEntries] {
        self.by_page.get(&page).map_or(&[], Vec::as_slice)
    }
}

/// The pages with a value in a field, by the name of the field and the value as it stands in addresses.
type PagesByValue<'a> = BTreeMap<(&'a str, String), Vec<PageId>>;

pub(super) fn collect(book: &RegisterInputs<'_>, actions: &ActionItems) -> PageLists {
    let by_value = pages_by_value(book);
    let mut lists = PageLists::default();
    for (id, page) in book.pages().filter(|(_, page)| !page.front.kind.lists.is_empty()) {
        let names = names(page);
        let entries = page.front.kind.lists.iter().map(|list| match &list.source {
            ListSource::Naming { field, kinds, shows } => {
                let mut found = BTreeSet::new();
                for name in &names {
                    found.extend(by_value.get(&(field.as_str(), name.clone())).into_iter().flatten());
                }
                let is_listed = |other: &PageId| {
                    *other != id && (kinds.is_empty() || kinds.contains(&book.page(*other).front.kind.name))
                };
                let pages: Vec<PageId> = found.into_iter().filter(is_listed).collect();
                let mut values = BTreeSet::new();
                if let Some(shows) = shows {
                    for page in &pages {
                        book.page(*page).front.data.each(shows, |value| _ = values.insert(value.to_owned()));
                    }
                }
                ListEntries { pages, values: values.into_iter().collect(), actions: 0 }
            }
            // The children of a page are part of the structure, which views know.
            ListSource::Below(_) => ListEntries::default(),
            ListSource::Actions => {
                let count = actions
                    .open()
                    .filter(|item| item.owners.iter().any(|owner| names.contains(&segment(owner))))
                    .count();
                ListEntries { actions: count, ..ListEntries::default() }
            }
        });
        lists.by_page.insert(id, entries.collect());
    }
    lists
}

/// What other pages may call a page in their fields.
fn names(page: &Page) -> BTreeSet<String> {
    let data = &page.front.data;
    let names = [Some(page.title.as_str()), data.text("nav_title"), data.text("id")];
    names.into_iter().flatten().map(segment).filter(|name| !name.is_empty()).collect()
}

/// Only the fields that lists name: a handbook without lists does no work here.
fn pages_by_value<'a>(book: &RegisterInputs<'a>) -> PagesByValue<'a> {
    let mut fields = BTreeSet::new();
    for (_, page) in book.pages() {
        for list in &page.front.kind.lists {
            if let ListSource::Naming { field, .. } = &list.source {
                fields.insert(field.as_str());
            }
        }
    }
    let mut by_value: PagesByValue<'a> = BTreeMap::new();
    for (id, page) in book.pages() {
        for field in &fields {
            page.front
                .data
                .each(field, |value| by_value.entry((field, segment(value))).or_default().push(id));
        }
    }
    by_value
}
