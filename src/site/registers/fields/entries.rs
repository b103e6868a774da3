//! Registers of entries: tables of what the texts of pages say, such as open questions.
//!
//! Owns the columns of such a register, the order of its rows, and its one page with two files. `page::facts` finds the
//! entries; which pages count, their fields, and groups are those of a register of pages.

use std::cmp::Reverse;

use super::cells::field_cell;
use super::rows::{fits, page_of};
use super::values::{groups_by_value, kind_of, name_of_value};
use crate::memo::Digest;
use crate::page::facts::Statement;
use crate::registers::{FieldRegister, SortKey};
use crate::site::registers::table::{
    Cell, CellValue, FileContent, FileRows, RegisterContent, RegisterPage, RowList, TableHeading, Tables,
};
use crate::site::{PageId, Site};

/// An entry with its page.
#[derive(Clone, Copy)]
struct EntryRow<'s> {
    page: PageId,
    entry: &'s Statement,
}

impl FieldRegister {
    pub(super) fn pages_of_entries(&self, site: &Site) -> Vec<RegisterPage> {
        let rows = self.entry_rows(site);
        if rows.is_empty() {
            return Vec::new();
        }
        let t = site.words();
        let page = RegisterPage::new(&format!("{}/", self.name), self.title(&t.language))
            .entry(t.say("register.computed"), t.counted("unit.entry", rows.len()), self.help(&t.language))
            .files([format!("{}.json", self.name), format!("{}.csv", self.name)]);
        vec![page]
    }

    pub(super) fn content_of_entries(&self, site: &Site) -> RegisterContent<'_> {
        let language = site.words().language.as_str();
        let rows = self.entry_rows(site);
        let pages: Vec<PageId> = rows.iter().map(|row| row.page).collect();
        let headings = self.headings_of_entries(site, &pages);
        let groups = self.groups_of_entries(site, rows, &pages);
        let mut tables = Tables::new(site, groups.len());
        for (title, rows) in &groups {
            tables.add_rows(
                title,
                "",
                headings.clone(),
                rows.iter().map(|row| self.cells_of_entry(site, *row)),
            );
        }
        let count =
            |filter: &_| pages.iter().filter(|id| fits(page_of(site, **id), filter, site.today)).count();
        RegisterContent {
            lead: self.help(language).to_owned(),
            figures: self.figures_of(language, count),
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    pub(super) fn data_of_entries(&self, site: &Site) -> FileContent<'_> {
        let mut keys = vec!["text".into()];
        keys.extend(self.columns.iter().map(|column| column.as_str().into()));
        keys.extend(["page".into(), "anchor".into()]);
        let mut rows = Vec::new();
        for row in self.entry_rows(site) {
            let mut values = vec![CellValue::from(row.entry.text.clone())];
            values.extend(self.columns.iter().map(|column| column_of_entry(site, row, column).value));
            values.extend([CellValue::Page(row.page), CellValue::from(row.entry.anchor.clone())]);
            rows.push(values);
        }
        let list = RowList { key: self.name.as_str().into(), keys, rows };
        FileContent::Rows(FileRows { head: Vec::new(), lists: vec![list] })
    }

    /// The digest of the entries, which are no part of the keys that views have without this register.
    pub(super) fn digest_of_entries(&self, site: &Site) -> Digest {
        let rows = self.entry_rows(site);
        Digest::of_value(&rows.iter().map(|row| (row.page, row.entry)).collect::<Vec<_>>())
    }

    /// The entries of all listed pages: in the order of `sort`, else the latest first.
    fn entry_rows<'s>(&self, site: &'s Site) -> Vec<EntryRow<'s>> {
        let mut rows = Vec::new();
        for page in self.rows(site) {
            for found in &page_of(site, page).facts.entries {
                if found.register == self.name {
                    rows.push(EntryRow { page, entry: &found.statement });
                }
            }
        }
        if self.sort.is_empty() {
            rows.sort_by_key(|row| Reverse(row.entry.said));
        }
        rows
    }

    /// The tables of the page with their titles: one, or one for each value of the field in `group`.
    fn groups_of_entries<'s>(
        &self,
        site: &Site,
        rows: Vec<EntryRow<'s>>,
        pages: &[PageId],
    ) -> Vec<(String, Vec<EntryRow<'s>>)> {
        let t = site.words();
        let Some(SortKey { field, is_descending }) = &self.group else {
            return vec![(t.say("kinds.all").to_owned(), rows)];
        };
        // Grouping compares neighbours, so each page may be there once only.
        let mut distinct = pages.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let mut groups = Vec::new();
        let mut grouped = Vec::new();
        for group in groups_by_value(site, field, &distinct) {
            let title = name_of_value(site, kind_of(site, &group.pages), field, group.value);
            let of_group = rows.iter().copied().filter(|row| group.pages.contains(&row.page)).collect();
            groups.push((title, of_group));
            grouped.extend(group.pages);
        }
        if *is_descending {
            groups.reverse();
        }
        let others = rows.into_iter().filter(|row| !grouped.contains(&row.page)).collect();
        groups.push((t.say("register.others").to_owned(), others));
        groups
    }

    fn headings_of_entries(&self, site: &Site, pages: &[PageId]) -> Vec<TableHeading> {
        let t = site.words();
        let language = t.language.as_str();
        let mut headings = vec![TableHeading::new("text", self.label(language))];
        for column in &self.columns {
            // These values come from the text, so no field has a label for them.
            let title = match (column.as_str(), self.heading(language, column)) {
                ("about", None) => t.say("column.section").to_owned(),
                ("date", None) => t.say("column.date").to_owned(),
                ("group", None) => t.say("column.group").to_owned(),
                _ => self.column_heading(site, language, column, pages),
            };
            headings.push(TableHeading::new(column.clone(), title));
        }
        headings.push(TableHeading::new("page", t.say("column.page")));
        headings
    }

    fn cells_of_entry(&self, site: &Site, row: EntryRow<'_>) -> Vec<Cell<'static>> {
        let text = Cell::new(row.entry.text.clone());
        let mut cells = vec![text.to_page(row.page, row.entry.anchor.clone())];
        cells.extend(self.columns.iter().map(|column| column_of_entry(site, row, column)));
        cells.push(Cell::page(row.page));
        cells
    }
}

/// The cell of a column: what the text says, else the field of the page.
fn column_of_entry(site: &Site, row: EntryRow<'_>, column: &str) -> Cell<'static> {
    match column {
        "about" => Cell::new(row.entry.about.clone()),
        "date" => Cell::new(row.entry.said.or(page_of(site, row.page).front.date)),
        "group" => match &page_of(site, row.page).facts.group {
            Some(group) => Cell::new(group.clone()),
            None => field_cell(site, row.page, column),
        },
        _ => field_cell(site, row.page, column),
    }
}
