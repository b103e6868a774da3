//! The overview of all registers.
//!
//! This module owns its order: by heading, in the order in which the registers name the headings first.

use super::toolbar::toolbar;
use super::{CellView, ColumnView, GroupView, RegisterPages, RegisterView};
use crate::path::heading_id;
use crate::site::registers::table::{OverviewEntry, RegisterPage};
use crate::view::nav::PageLinks;

/// Every page with an entry, under the heading of its register.
pub(in crate::view) fn overview(here: &PageLinks<'_>, registers: &RegisterPages<'_>) -> RegisterView {
    let mut groups: Vec<GroupView> = Vec::new();
    for (_, page) in &registers.pages {
        let Some(entry) = &page.entry else { continue };
        let known = groups.iter().position(|group| group.title == entry.heading);
        let at = known.unwrap_or_else(|| {
            groups.push(group(here, &entry.heading));
            groups.len() - 1
        });
        groups[at].rows.push(row(here, page, entry));
        groups[at].count += 1;
    }
    let toolbar = toolbar(here, &groups);
    RegisterView { lead: here.t.say("register.lead").to_owned(), toolbar, groups, ..RegisterView::default() }
}

fn group(here: &PageLinks<'_>, heading: &str) -> GroupView {
    let columns = ["column.page", "column.entries", "column.shows"];
    let field_registers = &here.site.field_registers.list;
    let register = field_registers.iter().find(|register| register.title(&here.t.language) == heading);
    let english = register.map_or_else(|| here.t.english(heading), |register| register.title("en"));
    GroupView {
        // Ids must not change with the language of the handbook.
        id: heading_id(english),
        title: heading.to_owned(),
        columns: columns.map(|column| column_view(here, column)).into(),
        ..GroupView::default()
    }
}

fn column_view(here: &PageLinks<'_>, key: &str) -> ColumnView {
    let name = key.rsplit('.').next().unwrap_or(key);
    ColumnView { title: here.t.say(key).to_owned(), key: name.to_owned(), facet: None }
}

fn row(here: &PageLinks<'_>, page: &RegisterPage, entry: &OverviewEntry) -> Vec<CellView> {
    let link = CellView { text: page.title.clone(), url: Some(here.url(&page.url)), ..CellView::default() };
    let count = CellView { text: entry.count.clone(), state: entry.tone, ..CellView::default() };
    vec![link, count, CellView { text: entry.note.clone(), ..CellView::default() }]
}
