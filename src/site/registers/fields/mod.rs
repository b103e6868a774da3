//! Registers of fields: tables of pages, or of entries in their texts, as described by a definition file.
//!
//! This module owns the pages and files of such a register. `crate::registers` knows the format of definitions.

mod cells;
mod entries;
mod figures;
mod rows;
mod values;

use std::collections::BTreeMap;

use super::table::{
    CalendarTime, Cell, CellLink, CellValue, FileContent, FileRows, ROOT, Register, RegisterAppointment,
    RegisterContent, RegisterFigure, RegisterGraph, RegisterPage, RegisterTable, RegisterTask, RowList,
    TableHeading, Tables, Tone,
};
use crate::kinds::{FieldType, Kind};
use crate::memo::Digest;
use crate::page::Page;
use crate::path::{UrlPath, segment};
use crate::registers::{FieldRegister, Filter, KIND, SortKey};
use crate::site::{PageId, Site};
use crate::utc;

use cells::field_cell;
use rows::{calendar_time, date, fits, page_of, sort_as_kind};
use values::{
    any_field, choices_of, each_value, groups_by_value, kind_of, name_of_value, with_missing_choices,
};

/// The most pages of a register that are drawn as a graph.
const MOST_IN_GRAPH: usize = 60;

impl Register for FieldRegister {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.entries.is_some() {
            return self.pages_of_entries(site);
        }
        let t = site.words();
        let language = site.words().language.as_str();
        if let Some(field) = &self.each {
            return self.pages_of_values(site, field);
        }
        let rows = self.rows(site);
        if rows.is_empty() {
            return Vec::new();
        }
        let mut files = vec![format!("{}.json", self.name), format!("{}.csv", self.name)];
        if rows.iter().any(|id| self.task(site, *id).is_some() || self.appointment(site, *id).is_some()) {
            files.push(self.calendar_file());
        }
        if self.has_feed(site) {
            files.push(format!("{}.xml", self.name));
        }
        let page = RegisterPage::new(&format!("{}/", self.name), self.title(language))
            .entry(t.say("register.computed"), t.counted("unit.page", rows.len()), self.help(language))
            .files(files);
        vec![page]
    }

    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_> {
        if self.entries.is_some() {
            return self.content_of_entries(site);
        }
        let t = site.words();
        let language = t.language.as_str();
        if let Some(field) = self.each.as_ref().filter(|_| page.topic.is_empty()) {
            return self.overview_of_values(site, field);
        }
        let (rows, label, lead) = match &self.each {
            Some(field) => {
                let lead = self.meaning_of_value(site, kind_of(site, &page.listed), field, &page.topic);
                (page.listed.clone(), self.label(language).to_owned(), lead)
            }
            None => (self.rows(site), String::new(), self.help(language).to_owned()),
        };
        let fits =
            |filter: &Filter| rows.iter().filter(|id| fits(page_of(site, **id), filter, site.today)).count();
        RegisterContent {
            label,
            lead,
            figures: self.figures_of(language, fits),
            graph: self.graph.as_ref().and_then(|field| self.graph_of(site, field, &rows)),
            tables: self.tables(site, &rows),
            ..RegisterContent::default()
        }
    }

    fn data(&self, site: &Site, file: &str) -> FileContent<'_> {
        if self.entries.is_some() {
            return self.data_of_entries(site);
        }
        let rows = self.rows(site);
        if let Some(path) = file.strip_suffix(".xml") {
            return self.feed_of(site, path, rows);
        }
        if file == self.calendar_file() {
            if self.appointments.is_some() {
                return FileContent::Appointments(self.appointments(site));
            }
            return FileContent::Tasks(rows.iter().filter_map(|id| self.task(site, *id)).collect());
        }
        let mut keys = vec!["page".into()];
        keys.extend(self.columns.iter().map(|column| column.as_str().into()));
        let row = |id: &PageId| {
            let columns = self.columns.iter().map(|column| field_cell(site, *id, column).value);
            std::iter::once(CellValue::Page(*id)).chain(columns).collect()
        };
        let list = RowList { key: self.name.as_str().into(), keys, rows: rows.iter().map(row).collect() };
        FileContent::Rows(FileRows { head: Vec::new(), lists: vec![list] })
    }

    /// Titles and fields of pages are part of every key already. A filter may compare dates with the day of the build.
    fn digest(&self, site: &Site) -> Digest {
        let entries = self.entries.as_ref().map(|_| self.digest_of_entries(site));
        Digest::of_value(&(self, site.kinds.digest, site.today, entries))
    }
}

impl FieldRegister {
    /// The URL of a value's page, where the register has pages for values.
    pub fn url_of_value(&self, value: &str) -> Option<UrlPath> {
        // Names of kinds are valid segments already.
        let name = segment(value);
        (!name.is_empty()).then(|| UrlPath::new(format!("{ROOT}{}/{name}/", self.name)))
    }

    /// The pages of all values that occur, in the order of the field's definition.
    fn pages_of_values(&self, site: &Site, field: &str) -> Vec<RegisterPage> {
        let t = site.words();
        let language = site.words().language.as_str();
        let mut pages: Vec<RegisterPage> = Vec::new();
        // The overview of all registers lists the kinds already.
        let top = (field != KIND).then(|| {
            let note = self.help(language);
            let count = t.counted("unit.page", self.rows(site).len());
            let page = RegisterPage::new(&format!("{}/", self.name), self.title(language));
            page.entry(t.say("register.computed"), count, note)
        });
        for group in groups_by_value(site, field, &self.rows(site)) {
            // Readers do not look for plain pages by kind.
            if field == KIND && group.value == "page" {
                continue;
            }
            let Some(url) = self.url_of_value(group.value) else { continue };
            let kind = kind_of(site, &group.pages);
            let title = name_of_value(site, kind, field, group.value);
            let note = self.meaning_of_value(site, kind, field, group.value);
            let count = t.counted("unit.page", group.pages.len());
            let page = RegisterPage { url, listed: group.pages, ..RegisterPage::new("", title) };
            let page = page.topic(group.value).entry(self.title(language), count, note);
            let page = if self.has_feed(site) { page.files([self.feed_of_value(group.value)]) } else { page };
            pages.push(match &top {
                Some(top) => page.below(top),
                None => page,
            });
        }
        match top {
            Some(top) if !pages.is_empty() => std::iter::once(top).chain(pages).collect(),
            _ => pages,
        }
    }

    /// How many pages there are of each value, for the home page. `None` where the definition does not ask for it, or no
    /// page has a value.
    pub fn balance(&self, site: &Site) -> Option<Vec<(String, usize)>> {
        let field = self.each.as_ref().filter(|_| self.home)?;
        let rows = self.rows(site);
        let groups = groups_by_value(site, field, &rows);
        if groups.is_empty() {
            return None;
        }
        let mut balance = Vec::new();
        for group in with_missing_choices(site, field, groups) {
            let kind = kind_of(site, if group.pages.is_empty() { &rows } else { &group.pages });
            balance.push((name_of_value(site, kind, field, group.value), group.pages.len()));
        }
        Some(balance)
    }

    /// Feeds name pages by absolute URLs.
    fn has_feed(&self, site: &Site) -> bool {
        self.feed && site.config.base_url.is_some() && site.bundle.is_none()
    }

    /// The path of the feed of a value's pages below [`ROOT`].
    fn feed_of_value(&self, value: &str) -> String {
        format!("{}/{}.xml", self.name, segment(value))
    }

    /// The feeds that hold a page: their titles and paths in the site.
    pub fn feeds_with(&self, site: &Site, page: &Page) -> Vec<(String, UrlPath)> {
        if !self.has_feed(site) || !self.lists(page, site.today) {
            return Vec::new();
        }
        let title = self.title(&site.words().language).to_owned();
        let Some(field) = &self.each else {
            return vec![(title, UrlPath::new(format!("{ROOT}{}.xml", self.name)))];
        };
        let mut feeds = Vec::new();
        page.front.data.each(field, |value| {
            let name = name_of_value(site, &page.front.kind, field, value);
            feeds.push((
                format!("{title}: {name}"),
                UrlPath::new(format!("{ROOT}{}", self.feed_of_value(value))),
            ));
        });
        feeds
    }

    /// The feed with a path below [`ROOT`], without its extension.
    fn feed_of(&self, site: &Site, path: &str, rows: Vec<PageId>) -> FileContent<'static> {
        let page = UrlPath::new(format!("{ROOT}{path}/"));
        let Some(field) = &self.each else { return FileContent::Feed(rows, page) };
        let group = groups_by_value(site, field, &rows)
            .into_iter()
            .find(|group| self.feed_of_value(group.value) == format!("{path}.xml"));
        FileContent::Feed(group.map(|group| group.pages).unwrap_or_default(), page)
    }

    /// The pages of the register that name others of it, and those.
    fn graph_of(&self, site: &Site, field: &str, rows: &[PageId]) -> Option<RegisterGraph> {
        let mut arrows = Vec::new();
        for (from, page) in rows.iter().enumerate() {
            for named in site.registers.references.of(*page, field) {
                arrows.extend(rows.iter().position(|row| *row == named).map(|to| (from, to)));
            }
        }
        let is_drawn = !arrows.is_empty() && rows.len() <= MOST_IN_GRAPH;
        let title = self.column_heading(site, &site.words().language, field, rows);
        is_drawn.then(|| RegisterGraph { title, pages: rows.to_vec(), arrows })
    }

    /// All values of the field: how many pages have each, of which kinds, and which kinds only other values have.
    fn overview_of_values(&self, site: &Site, field: &str) -> RegisterContent<'_> {
        let t = site.words();
        let language = t.language.as_str();
        let rows = self.rows(site);
        let groups = groups_by_value(site, field, &rows);
        let choices = choices_of(site, field);
        let kinds_of = |pages: &[PageId]| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for page in pages {
                *counts.entry(page_of(site, *page).front.kind()).or_default() += 1;
            }
            counts
        };
        let with_value: Vec<PageId> = groups.iter().flat_map(|group| group.pages.iter().copied()).collect();
        let all_kinds = kinds_of(&with_value);
        let mut figures = Vec::new();
        let mut table = Vec::new();
        for group in with_missing_choices(site, field, groups) {
            let (value, pages) = (group.value, group.pages.as_slice());
            let counts = kinds_of(pages);
            let kind = kind_of(site, if pages.is_empty() { &rows } else { pages });
            let name = name_of_value(site, kind, field, value);
            let mut here = Vec::new();
            for (kind, count) in &counts {
                here.push(format!("{} {count}", name_of_value(site, site.kinds.plain(), KIND, kind)));
            }
            let missing = all_kinds.keys().filter(|kind| !counts.contains_key(*kind) && **kind != "page");
            let missing: Vec<String> =
                missing.map(|kind| name_of_value(site, site.kinds.plain(), KIND, kind)).collect();
            let tone = if pages.is_empty() { Some(Tone::Warn) } else { None };
            figures.push(RegisterFigure { tone, ..RegisterFigure::new(pages.len(), &name) });
            let link = (!pages.is_empty()).then(|| self.url_of_value(value)).flatten();
            let mut cells = vec![
                Cell::new(name).link(link.map(CellLink::Register)),
                Cell::new(pages.len()).tone(tone),
                Cell::new(here.join(", ")),
            ];
            if !choices.is_empty() {
                cells.push(Cell::new(missing.join(", ")));
            }
            table.push(cells);
        }
        let mut tables = Tables::new(site, 1);
        let headings: &[&str] = if choices.is_empty() {
            &["column.value", "column.pages", "column.kinds"]
        } else {
            &["column.value", "column.pages", "column.kinds", "column.missing"]
        };
        tables.add_cells(t.say("register.values"), "", headings, table);
        RegisterContent {
            lead: self.help(language).to_owned(),
            figures: if choices.is_empty() { Vec::new() } else { figures },
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    /// The description of a value: the kind's purpose, or the help of a choice.
    fn meaning_of_value(&self, site: &Site, kind: &Kind, field: &str, value: &str) -> String {
        let language = &site.words().language;
        if field == KIND {
            let kind = site.kinds.find(value).map(|(kind, _)| kind);
            return kind.map_or("", |kind| site.kinds.wording(kind, language).help()).to_owned();
        }
        if let Some(meaning) = site.kinds.wording(kind, language).meaning(field, value) {
            return meaning.to_owned();
        }
        match any_field(site, field).map(|field| &field.field_type) {
            Some(FieldType::Choice(values)) => {
                let meaning = values.iter().find(|(known, _)| known == value);
                meaning.map_or_else(String::new, |(_, help)| help.clone())
            }
            _ => String::new(),
        }
    }

    fn tables<'a>(&'a self, site: &Site, rows: &[PageId]) -> Vec<RegisterTable<'a>> {
        let t = site.words();
        let mut groups: Vec<(String, Vec<PageId>)> = Vec::new();
        match &self.group {
            None => {
                let mut rows = rows.to_vec();
                // The page of a kind is sorted as the kind defines.
                if self.each.as_deref() == Some(KIND)
                    && self.sort.is_empty()
                    && let Some(first) = rows.first()
                {
                    sort_as_kind(site, &page_of(site, *first).front.kind, &mut rows);
                }
                groups.push((t.say("kinds.all").to_owned(), rows));
            }
            Some(SortKey { field, is_descending }) => {
                let mut found = groups_by_value(site, field, rows);
                if *is_descending {
                    found.reverse();
                }
                for group in found {
                    let kind = kind_of(site, &group.pages);
                    groups.push((name_of_value(site, kind, field, group.value), group.pages));
                }
                let has_none = |id: &PageId| {
                    let mut has_none = true;
                    each_value(site, *id, field, |_| has_none = false);
                    has_none
                };
                let without = rows.iter().copied().filter(has_none).collect();
                groups.push((t.say("register.others").to_owned(), without));
            }
        }
        let language = t.language.as_str();
        let mut headings = vec![TableHeading::new("page", t.say("column.page"))];
        headings.extend(self.columns.iter().map(|column| {
            TableHeading::new(column.clone(), self.column_heading(site, language, column, rows))
        }));
        let mut tables = Tables::new(site, groups.len());
        for (title, rows) in groups {
            tables.add_rows(&title, "", headings.clone(), rows.iter().map(|id| self.row(site, *id)));
        }
        tables.finish()
    }

    fn row<'a>(&'a self, site: &Site, id: PageId) -> Vec<Cell<'a>> {
        let title = Cell::page(id).note(page_of(site, id).description.clone());
        let columns = self.columns.iter().map(|column| field_cell(site, id, column));
        std::iter::once(title).chain(columns).collect()
    }

    fn calendar_file(&self) -> String {
        format!("{}.ics", self.name)
    }

    /// The appointments of the pages that the register lists.
    pub fn appointments(&self, site: &Site) -> Vec<RegisterAppointment> {
        if self.appointments.is_none() {
            return Vec::new();
        }
        self.rows(site).into_iter().filter_map(|id| self.appointment(site, id)).collect()
    }

    fn appointment(&self, site: &Site, id: PageId) -> Option<RegisterAppointment> {
        let fields = self.appointments.as_ref()?;
        let first = |names: &[String]| names.iter().find_map(|name| calendar_time(site, id, name));
        let begin = first(&fields.begin)?;
        // An end that is not after the beginning, or a moment for a day, would make calendars refuse the file.
        let end = first(&fields.end).map(|end| match (begin, end) {
            (CalendarTime::Day(_), CalendarTime::Moment(end)) => CalendarTime::Day(utc::day_of(end)),
            (_, end) => end,
        });
        let end = end.filter(|end| match (&begin, end) {
            (CalendarTime::Day(begin), CalendarTime::Day(end)) => begin < end,
            (CalendarTime::Moment(begin), CalendarTime::Moment(end)) => begin < end,
            _ => false,
        });
        Some(RegisterAppointment {
            uid: format!("{}-{}", self.name, site.page(id).url.as_str()),
            page: id,
            begin,
            end,
        })
    }

    fn task(&self, site: &Site, id: PageId) -> Option<RegisterTask<'static>> {
        let due = date(site, id, self.calendar.as_deref()?)?;
        let place = site.page(id);
        Some(RegisterTask {
            uid: format!("{}-{}", self.name, place.url.as_str()).into(),
            summary: place.page.title.clone().into(),
            due,
            changed: place.page.front.date.unwrap_or(due),
            is_begun: false,
            owners: place.page.front.owner.iter().cloned().collect(),
            page: Some(id),
            anchor: None,
        })
    }
}
