//! Registers of fields: tables of pages, as described by a definition file.
//!
//! This module owns which pages such a register lists, their order, and the cell of a field. `crate::registers`
//! knows the format of definitions.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::table::{
    CalendarTime, Cell, CellLabel, CellLink, CellValue, FileContent, FileRows, ROOT, Register,
    RegisterAppointment, RegisterContent, RegisterFigure, RegisterGraph, RegisterPage, RegisterTable,
    RegisterTask, RowList, TableHeading, Tables, Tone, tone_of_status,
};
use crate::kinds::{Field, FieldType, Kind, TypedValue, capital};
use crate::memo::Digest;
use crate::natural_order;
use crate::page::Page;
use crate::path::{UrlPath, segment};
use crate::registers::{FieldCondition, FieldLimit, FieldRegister, Filter, KIND, SortKey};
use crate::site::{FolderRole, PageId, Site};
use crate::utc;

/// The most pages of a register that are drawn as a graph.
const MOST_IN_GRAPH: usize = 60;

impl Register for FieldRegister {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
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
        let figure = |figure: &crate::registers::FigureDefinition| {
            let label = self.figure_label(language, figure);
            let counted = match figure.tone.as_deref().and_then(tone_by_name) {
                Some(tone) => RegisterFigure::toned(fits(&figure.filter), label, tone),
                None => RegisterFigure::new(fits(&figure.filter), label),
            };
            match one_facet(&figure.filter) {
                Some((facet, value)) => counted.filter(facet, value),
                None => counted,
            }
        };
        RegisterContent {
            label,
            lead,
            figures: self.figures.iter().map(figure).collect(),
            graph: self.graph.as_ref().and_then(|field| self.graph_of(site, field, &rows)),
            tables: self.tables(site, &rows),
            ..RegisterContent::default()
        }
    }

    fn data(&self, site: &Site, file: &str) -> FileContent<'_> {
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
        Digest::of_value(&(self, site.kinds.digest, site.today))
    }
}

impl FieldRegister {
    /// The URL of a value's page, where the register has pages for values.
    pub fn url_of_value(&self, value: &str) -> Option<UrlPath> {
        // Names of kinds are valid segments already.
        let name = segment(value);
        (!name.is_empty()).then(|| UrlPath::new(format!("{ROOT}{}/{name}/", self.name)))
    }

    /// Whether the register lists a page.
    pub fn lists(&self, page: &Page, today: Date) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&page.front.kind.name))
            && fits(page, &self.filter, today)
    }

    /// The pages that the register lists, in its order.
    fn rows(&self, site: &Site) -> Vec<PageId> {
        let ids = site
            .ids()
            .filter(|(_, page)| page.section != FolderRole::Listing && self.lists(&page.page, site.today));
        let mut rows: Vec<PageId> = ids.map(|(id, _)| id).collect();
        if self.sort.is_empty() {
            if let [name] = self.kinds.as_slice()
                && let Some((kind, _)) = site.kinds.find(name)
            {
                sort_as_kind(site, kind, &mut rows);
            }
            return rows;
        }
        rows.sort_by(|one, other| {
            let keys = self.sort.iter().map(|key| compare(site, key, *one, *other));
            keys.fold(Ordering::Equal, Ordering::then)
        });
        rows
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

    /// The heading of the definition, else the label of the field.
    fn column_heading(&self, site: &Site, language: &str, column: &str, rows: &[PageId]) -> String {
        if let Some(heading) = self.heading(language, column) {
            return heading.to_owned();
        }
        // Kinds may label a field differently: the first page that has it decides.
        let field = rows.iter().find_map(|id| {
            let kind = &page_of(site, *id).front.kind;
            let field = kind.field(&site.kinds.common, column)?;
            Some(site.kinds.wording(kind, language).label(column, field).to_owned())
        });
        field.unwrap_or_else(|| capital(column))
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

fn page_of(site: &Site, id: PageId) -> &Page {
    &site.page(id).page
}

fn fits(page: &Page, filter: &Filter, today: Date) -> bool {
    filter.iter().all(|(field, condition)| match condition {
        FieldCondition::OneOf(values) => {
            let is_kind = |value: &String| field == KIND && page.front.kind() == value.as_str();
            values.iter().any(|value| is_kind(value) || page.front.data.says(field, value))
        }
        FieldCondition::IsSet(is_set) => has_field(page, field) == *is_set,
        FieldCondition::Within { least, most } => {
            let order = |limit: &FieldLimit| order_to_limit(page, field, limit, today);
            least.as_ref().is_none_or(|limit| order(limit).is_some_and(Ordering::is_ge))
                && most.as_ref().is_none_or(|limit| order(limit).is_some_and(Ordering::is_le))
        }
    })
}

/// Whether a page has a field. Every page has a kind and a title.
fn has_field(page: &Page, field: &str) -> bool {
    match field {
        KIND | "title" => true,
        "date" => page.front.date.is_some(),
        _ => page.front.data.get(field).is_some_and(|value| !value.items().is_empty()),
    }
}

/// How the value of a field compares with a limit; `None` where the page has no value that compares with it.
fn order_to_limit(page: &Page, field: &str, limit: &FieldLimit, today: Date) -> Option<Ordering> {
    let day = || match page.front.data.get(field) {
        Some(TypedValue::Time(moment)) => Some(moment.written_day()),
        _ => date_of(page, field),
    };
    match limit {
        FieldLimit::Today => Some(day()?.cmp(&today)),
        FieldLimit::Day(limit) => Some(day()?.cmp(limit)),
        FieldLimit::Number(limit) => page.front.data.number(field)?.partial_cmp(&limit.parse().ok()?),
        FieldLimit::Period(limit) => Some(page.front.data.period(field)?.days().cmp(&limit.days())),
    }
}

/// The facet and the value that select the same pages as a filter, if it names one value of one facet.
fn one_facet(filter: &Filter) -> Option<(&'static str, &str)> {
    let mut fields = filter.iter();
    let (field, FieldCondition::OneOf(values)) = fields.next()? else { return None };
    let [value] = values.as_slice() else { return None };
    let facet = TableHeading::new(field.clone(), "").facet?;
    fields.next().is_none().then_some((facet, value.as_str()))
}

/// A field by its name: a common one, or that of the first kind that has it.
fn any_field<'a>(site: &'a Site, name: &str) -> Option<&'a Field> {
    let of_kinds = site.kinds.all().flat_map(|kind| &kind.fields);
    site.kinds.common.iter().chain(of_kinds).find(|field| field.name == name)
}

/// The pages that have the same value in a field.
struct ValueGroup<'a> {
    /// In its first spelling.
    value: &'a str,
    pages: Vec<PageId>,
}

/// Groups pages by the values of a field: kinds and choices in the order of their definitions, then other values.
/// Values that differ only in case or punctuation share an address, so they are one group. One pass over the pages,
/// whatever the number of values.
fn groups_by_value<'a>(site: &'a Site, field: &str, rows: &[PageId]) -> Vec<ValueGroup<'a>> {
    let mut by_address: BTreeMap<String, ValueGroup<'a>> = BTreeMap::new();
    for id in rows {
        each_value(site, *id, field, |value| {
            let group =
                by_address.entry(segment(value)).or_insert_with(|| ValueGroup { value, pages: Vec::new() });
            // A page may name a value in two spellings.
            if group.pages.last() != Some(id) {
                group.pages.push(*id);
            }
        });
    }
    let ranks = ranks_of_values(site, field);
    let mut groups: Vec<ValueGroup<'a>> = by_address.into_values().collect();
    let rank = |group: &ValueGroup<'_>| ranks.get(group.value).copied().unwrap_or(usize::MAX);
    groups.sort_by(|one, other| {
        rank(one).cmp(&rank(other)).then_with(|| natural_order::compare(one.value, other.value))
    });
    groups
}

/// The values of a choice with their meanings; none for another field.
fn choices_of<'a>(site: &'a Site, field: &str) -> &'a [(String, String)] {
    match any_field(site, field).map(|field| &field.field_type) {
        Some(FieldType::Choice(choices)) => choices,
        _ => &[],
    }
}

/// The groups with one for each value of a choice that no page has: what is missing is what an overview is for.
fn with_missing_choices<'a>(
    site: &'a Site,
    field: &str,
    mut groups: Vec<ValueGroup<'a>>,
) -> Vec<ValueGroup<'a>> {
    for (value, _) in choices_of(site, field) {
        if groups.iter().all(|group| segment(group.value) != segment(value)) {
            groups.push(ValueGroup { value, pages: Vec::new() });
        }
    }
    let ranks = ranks_of_values(site, field);
    groups.sort_by_key(|group| (ranks.get(group.value).copied().unwrap_or(usize::MAX), group.value));
    groups
}

/// The ranks of kinds, or of the values of a choice. Several kinds may define the same field with different values.
fn ranks_of_values<'a>(site: &'a Site, field: &str) -> BTreeMap<&'a str, usize> {
    let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
    if field == KIND {
        ranks.extend(site.kinds.all().zip(0..).map(|(kind, rank)| (kind.name.as_str(), rank)));
        return ranks;
    }
    let of_kinds = site.kinds.all().flat_map(|kind| &kind.fields);
    for known in site.kinds.common.iter().chain(of_kinds).filter(|known| known.name == field) {
        if let FieldType::Choice(values) = &known.field_type {
            for (value, _) in values {
                let rank = ranks.len();
                ranks.entry(value).or_insert(rank);
            }
        }
    }
    ranks
}

/// Calls `look` once with each value of a field.
fn each_value<'a>(site: &'a Site, id: PageId, field: &str, mut look: impl FnMut(&'a str)) {
    let page = page_of(site, id);
    if field == KIND { look(page.front.kind()) } else { page.front.data.each(field, look) }
}

/// The name of a value for readers, as the title of a group of pages: the plural of a kind, the label of a choice.
fn name_of_value(site: &Site, kind: &Kind, field: &str, value: &str) -> String {
    let language = &site.words().language;
    if field == KIND {
        let kind = site.kinds.find(value).map(|(kind, _)| kind);
        return kind.map_or(value, |kind| site.kinds.wording(kind, language).plural()).to_owned();
    }
    capital(site.kinds.wording(kind, language).value(field, value))
}

/// The kind that names the values of a group: that of its first page.
fn kind_of<'a>(site: &'a Site, pages: &[PageId]) -> &'a Kind {
    pages.first().map_or(site.kinds.plain(), |id| &page_of(site, *id).front.kind)
}

fn sort_as_kind(site: &Site, kind: &Kind, rows: &mut [PageId]) {
    rows.sort_by(|one, other| {
        kind.order().compare(page_of(site, *one).front.date, page_of(site, *other).front.date)
    });
}

/// The date of a page in a field. The field `date` may come from the file name.
fn date(site: &Site, id: PageId, field: &str) -> Option<Date> {
    date_of(page_of(site, id), field)
}

fn date_of(page: &Page, field: &str) -> Option<Date> {
    if field == "date" { page.front.date } else { page.front.data.date(field) }
}

fn calendar_time(site: &Site, id: PageId, field: &str) -> Option<CalendarTime> {
    match page_of(site, id).front.data.get(field) {
        Some(TypedValue::Time(moment)) => Some(CalendarTime::Moment(moment.timestamp)),
        _ => date(site, id, field).map(CalendarTime::Day),
    }
}

/// Compares two pages by a field. Pages without it come last, in both directions.
fn compare(site: &Site, key: &SortKey, one: PageId, other: PageId) -> Ordering {
    let one = sort_value(site, &key.field, one);
    let other = sort_value(site, &key.field, other);
    match (&one, &other) {
        (SortValue::None, SortValue::None) => Ordering::Equal,
        (SortValue::None, _) => Ordering::Greater,
        (_, SortValue::None) => Ordering::Less,
        _ => {
            let order = one.partial_cmp(&other).unwrap_or(Ordering::Equal);
            if key.is_descending { order.reverse() } else { order }
        }
    }
}

/// The value that pages are sorted by.
#[derive(Debug, PartialEq, PartialOrd)]
enum SortValue {
    /// The rank of a choice in its definition, a number, or a length in days.
    Number(f64),
    Date(Date),
    Time(jiff::Timestamp),
    Text(String),
    None,
}

fn sort_value(site: &Site, field: &str, id: PageId) -> SortValue {
    let page = page_of(site, id);
    if field == "title" {
        return SortValue::Text(page.title.to_lowercase());
    }
    if let Some(date) = date(site, id, field) {
        return SortValue::Date(date);
    }
    let Some(first) = page.front.data.get(field).and_then(|value| value.items().first()) else {
        return SortValue::None;
    };
    match first {
        TypedValue::Text(text) => {
            match page.front.kind.field(&site.kinds.common, field).map(|field| &field.field_type) {
                Some(FieldType::Choice(values)) => {
                    let place = values.iter().position(|(value, _)| value == text).unwrap_or(values.len());
                    SortValue::Number(place as f64)
                }
                _ => SortValue::Text(text.to_lowercase()),
            }
        }
        TypedValue::Number(written) => written.parse().map_or(SortValue::None, SortValue::Number),
        TypedValue::Flag(flag) => SortValue::Number(f64::from(u8::from(*flag))),
        TypedValue::Date(date) => SortValue::Date(*date),
        TypedValue::Time(moment) => SortValue::Time(moment.timestamp),
        TypedValue::Period(period) => SortValue::Number(period.days() as f64),
        TypedValue::List(_) | TypedValue::Record(_) => SortValue::None,
    }
}

/// The value of a field as a cell.
fn field_cell(site: &Site, id: PageId, field: &str) -> Cell<'static> {
    let page = page_of(site, id);
    match field {
        KIND => {
            let title = site.kinds.wording(&page.front.kind, &site.words().language).title();
            return Cell::new(page.front.kind().to_owned()).label(title.to_owned());
        }
        "date" => return Cell::new(page.front.date),
        "owner" => return Cell::new(page.front.owner.clone()),
        _ => {}
    }
    let Some(value) = page.front.data.get(field) else { return Cell::default() };
    let known = page.front.kind.field(&site.kinds.common, field);
    match known.map(|known| &known.field_type) {
        Some(FieldType::Page) => {
            page_cell(site, id, field, value).unwrap_or_else(|| value_cell(site, page, field, value))
        }
        Some(FieldType::Url) => {
            let cell = value_cell(site, page, field, value);
            match value.items() {
                [TypedValue::Text(url)] => linked(cell, url),
                // A cell has one link, so several addresses stay texts.
                _ => cell,
            }
        }
        _ => value_cell(site, page, field, value),
    }
}

/// A value without links.
fn value_cell(site: &Site, page: &Page, field: &str, value: &TypedValue) -> Cell<'static> {
    let wording = site.kinds.wording(&page.front.kind, &site.words().language);
    match value {
        TypedValue::Text(text) | TypedValue::Number(text) => {
            let tone = if field == "status" { tone_of_status(text) } else { None };
            Cell::new(text.clone()).label(wording.value(field, text).to_owned()).tone(tone)
        }
        TypedValue::Flag(flag) => Cell::new(CellValue::Flag(*flag)),
        TypedValue::Date(date) => Cell::new(*date),
        TypedValue::Time(moment) => Cell::new(moment.timestamp.to_string()).label(moment.to_string()),
        TypedValue::Period(period) => {
            Cell { label: CellLabel::Period(*period), ..Cell::new(period.written()) }
        }
        TypedValue::List(items) => {
            let texts: Vec<&str> = items.iter().filter_map(TypedValue::text).collect();
            let names: Vec<&str> = texts.iter().map(|text| wording.value(field, text)).collect();
            let values = texts.iter().map(|text| CellValue::from((*text).to_owned())).collect();
            Cell::new(CellValue::List(values)).label(names.join(", "))
        }
        // Definitions cannot name such fields.
        TypedValue::Record(_) => Cell::default(),
    }
}

/// The pages that a field names, with links; `None` if none of its names leads to a page.
fn page_cell(site: &Site, id: PageId, field: &str, value: &TypedValue) -> Option<Cell<'static>> {
    let pages: Vec<PageId> = site.registers.references.of(id, field).collect();
    match value {
        // Data files have a list for each page if the field is one, even of a single page.
        TypedValue::List(_) if !pages.is_empty() => Some(Cell::new(CellValue::pages(&pages))),
        _ => pages.first().map(|page| Cell::page(*page)),
    }
}

/// The cell with a link to an address. The page shows the address without its scheme.
fn linked(cell: Cell<'static>, url: &str) -> Cell<'static> {
    let label = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    cell.label(label.to_owned()).link(Some(CellLink::Url(url.to_owned())))
}

fn tone_by_name(name: &str) -> Option<Tone> {
    match name {
        "good" => Some(Tone::Good),
        "warn" => Some(Tone::Warn),
        "bad" => Some(Tone::Bad),
        _ => None,
    }
}
