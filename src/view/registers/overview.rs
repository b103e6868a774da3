//! The page of all registers.
//!
//! Owns nothing but its order: headings as the registers name them, each where it comes first.

use super::build::{Groups, Head, text};
use super::{CellView, Entry, RegisterView, Sheet};
use crate::view::nav::Here;

/// Every page that has an entry, beneath the heading of its register.
pub(in crate::view) fn overview(here: &Here<'_>, sheets: &[Sheet]) -> RegisterView {
    let entries: Vec<(&Sheet, &Entry)> =
        sheets.iter().filter_map(|sheet| Some((sheet, sheet.entry.as_ref()?))).collect();
    let mut groups = Groups::default();
    let mut headings: Vec<&str> = Vec::new();
    for (_, entry) in &entries {
        if !headings.contains(&&*entry.heading) {
            headings.push(&entry.heading);
        }
    }
    let columns = &here.t.each(["column.page", "column.entries", "column.shows"]);
    for title in headings {
        let these: Vec<_> = entries.iter().filter(|(_, entry)| entry.heading == title).collect();
        groups.add(Head { title, note: "", columns }, &these, |(sheet, entry)| row(here, sheet, entry));
    }
    RegisterView {
        lead: here.t.say("register.lead").to_owned(),
        groups: groups.finish(here),
        ..RegisterView::default()
    }
}

fn row(here: &Here<'_>, sheet: &Sheet, entry: &Entry) -> Vec<CellView> {
    let link = CellView { text: sheet.title.clone(), url: Some(here.url(&sheet.url)), ..CellView::default() };
    let count = CellView { text: entry.count.clone(), state: entry.state, ..CellView::default() };
    vec![link, count, text(&entry.note)]
}
