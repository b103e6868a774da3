//! What a page says of itself in its heading.
//!
//! Owns which fields are shown there and how a value of each sort looks. Which fields there are is said by the
//! definition of the page's kind; this file knows none by name but those that have pages of their own.

use serde::Serialize;

use super::State;
use super::moments::{TimeView, period};
use super::nav::Here;
use super::registers::{control, status, topic};
use crate::kinds::{Field, Moment, Record, Sort, Typed, Wording};
use crate::site::PageId;

/// A field with its values: either `values`, or a small table of `columns` and `rows`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct FactView {
    /// The field's name, for themes that want to show some in another way.
    pub name: String,
    pub label: String,
    /// Whether it stands in the strip at the top of the page.
    pub lead: bool,
    pub values: Vec<ValueView>,
    /// Of a field of records.
    pub columns: Vec<String>,
    /// For each record the values of each column.
    pub rows: Vec<Vec<Vec<ValueView>>>,
}

/// One value of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct ValueView {
    pub text: String,
    /// Of a choice: the value as front matter writes it, for style sheets.
    pub key: String,
    /// What a choice means.
    pub help: String,
    pub url: Option<String>,
    /// For `<time datetime>`.
    pub time: Option<String>,
    /// A time as its author wrote it, where that is not UTC.
    pub written: Option<String>,
    pub state: Option<State>,
    /// The language of the text, where it is not that of the frame.
    pub lang: Option<String>,
}

/// The fields of a page that its readers see: those of its kind, then those of all kinds.
pub(super) fn facts(here: &Here<'_>, id: PageId) -> Vec<FactView> {
    let page = here.site.page(id);
    let front = &page.page.front;
    let shown = Shown { here, id, wording: here.wording(&front.kind) };
    let fields = front.kind.fields.iter().chain(here.site.kinds.common.iter());
    let fact = |field: &Field| shown.fact(field, front.data.get(&field.name)?);
    // A flag that nobody has set says nothing that readers must know.
    let said = |field: &&Field| field.sort != Sort::Flag || front.data.span(&field.name).is_some();
    fields.filter(|field| field.shown).filter(said).filter_map(fact).collect()
}

/// How values look on one page.
struct Shown<'a> {
    here: &'a Here<'a>,
    id: PageId,
    wording: Wording<'a>,
}

impl Shown<'_> {
    fn fact(&self, field: &Field, value: &Typed) -> Option<FactView> {
        let values = match &field.sort {
            Sort::Record(inner) if field.lead => self.last(field, inner, value),
            Sort::Record(_) => Vec::new(),
            _ => self.values(&field.name, field, value),
        };
        let label = self.wording.label(&field.name, field).to_owned();
        let (columns, rows) = if field.lead { Default::default() } else { self.table(field, value) };
        let said = !values.is_empty() || !rows.is_empty();
        said.then(|| FactView { name: field.name.clone(), label, lead: field.lead, values, columns, rows })
    }

    /// The values of the last record, one after the other: there is no room for a table in the strip.
    fn last(&self, field: &Field, inner: &[Field], value: &Typed) -> Vec<ValueView> {
        let Some(record) = items(value).iter().filter_map(record).next_back() else { return Vec::new() };
        let path = |column: &Field| format!("{}.{}", field.name, column.name);
        let of = |column: &Field| Some(self.values(&path(column), column, record.get(&column.name)?));
        inner.iter().filter_map(of).flatten().collect()
    }

    /// The columns that any record fills, and the records.
    fn table(&self, field: &Field, value: &Typed) -> (Vec<String>, Vec<Vec<Vec<ValueView>>>) {
        let Sort::Record(inner) = &field.sort else { return Default::default() };
        let records: Vec<&Record> = items(value).iter().filter_map(record).collect();
        let filled = |column: &&Field| records.iter().any(|record| record.get(&column.name).is_some());
        let columns: Vec<&Field> = inner.iter().filter(filled).collect();
        let path = |column: &Field| format!("{}.{}", field.name, column.name);
        let cell = |record: &Record, column: &Field| {
            let value = record.get(&column.name);
            value.map(|value| self.values(&path(column), column, value)).unwrap_or_default()
        };
        let row = |record: &&Record| columns.iter().map(|column| cell(record, column)).collect();
        let label = |column: &&Field| self.wording.label(&path(column), column).to_owned();
        (columns.iter().map(label).collect(), records.iter().map(row).collect())
    }

    /// `path` is the field's name, or `record.field` within records.
    fn values(&self, path: &str, field: &Field, value: &Typed) -> Vec<ValueView> {
        items(value)
            .iter()
            .map(|item| self.value(path, field, item))
            .filter(|value| !value.text.is_empty())
            .collect()
    }

    fn value(&self, path: &str, field: &Field, value: &Typed) -> ValueView {
        let t = self.here.t;
        let text = match value {
            Typed::Flag(flag) => t.say(if *flag { "page.yes" } else { "page.no" }).to_owned(),
            Typed::Period(length) => period(t, *length),
            value => value.to_string(),
        };
        let plain = ValueView { text, ..ValueView::default() };
        match (&field.sort, value) {
            (_, Typed::Date(date)) => ValueView { time: Some(date.to_string()), ..plain },
            (_, Typed::Time(moment)) => time(moment, plain),
            (Sort::Choice(choices), Typed::Text(text)) => self.choice(path, choices, text),
            (Sort::Page, Typed::Text(text)) => self.page(field, text),
            (Sort::Url, Typed::Text(text)) => ValueView { url: Some(text.clone()), ..plain },
            (Sort::License, Typed::Text(text)) => ValueView { url: license(text), ..plain },
            (Sort::Control, Typed::Text(text)) => ValueView { url: self.control(text), ..plain },
            _ => plain,
        }
    }

    fn choice(&self, path: &str, choices: &[(String, String)], text: &str) -> ValueView {
        let help = || choices.iter().find(|(value, _)| value == text).map(|(_, help)| help.as_str());
        let help = self.wording.meaning(path, text).or_else(help);
        let url = topic(path, text).map(|url| self.here.url(&url));
        let state = (path == "status").then(|| status(text)).flatten();
        ValueView {
            text: self.wording.value(path, text).to_owned(),
            key: text.to_owned(),
            help: help.unwrap_or_default().to_owned(),
            url,
            state,
            ..ValueView::default()
        }
    }

    /// One of the pages that this one is known to name, by its permanent name or path.
    fn page(&self, field: &Field, text: &str) -> ValueView {
        let site = self.here.site;
        let named = site.registers.references.named(text);
        let path = text.trim_start_matches(['.', '/']);
        let leads = |id: &PageId| {
            let page = site.page(*id);
            page.page.file.as_str().contains(path) || page.url.as_str().trim_end_matches('/').ends_with(path)
        };
        let of_field = |name: &str| name.rsplit('.').next() == Some(&*field.name);
        let known = site.registers.references.from(self.id).iter().filter(|known| of_field(&known.field));
        let Some(id) = named.or_else(|| known.map(|known| known.page).find(leads)) else {
            return ValueView { text: text.to_owned(), ..ValueView::default() };
        };
        let link = self.here.link(id);
        ValueView { text: link.title, url: Some(link.url), lang: link.lang, ..ValueView::default() }
    }

    /// The page of a control, where there is one.
    fn control(&self, text: &str) -> Option<String> {
        control(self.here.site, text).map(|url| self.here.url(&url))
    }
}

/// A single value counts as a list of one.
fn items(value: &Typed) -> &[Typed] {
    match value {
        Typed::List(items) => items,
        value => std::slice::from_ref(value),
    }
}

fn record(value: &Typed) -> Option<&Record> {
    match value {
        Typed::Record(record) => Some(record),
        _ => None,
    }
}

/// A time in UTC, and as it was written where that is something else.
fn time(moment: &Moment, plain: ValueView) -> ValueView {
    let time = TimeView::of(moment);
    ValueView { text: time.text, time: Some(time.machine), written: time.local, ..plain }
}

/// Where a single licence can be read.
fn license(text: &str) -> Option<String> {
    let id = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    let listed = !text.starts_with("LicenseRef-") && text.chars().all(id);
    listed.then(|| format!("https://spdx.org/licenses/{text}.html"))
}
