//! The fields of a page: in its heading, and as tables after its text.
//!
//! This module owns which fields are shown and the form of each type of value. The definition of the page's kind
//! says which fields exist. The module knows none by name except `owner`, `status` and the `alt` of pictures.

use serde::Serialize;

use super::href::{Href, href};
use super::nav::PageLinks;
use super::registers::{control, value as value_page};
use super::times::{TimeView, period};
use super::{LinkView, Tone};
use crate::kinds::{Field, FieldType, KindWording, Moment, Record, TypedValue, ValueMark, capital};
use crate::metadata::{ImageFormat, format_of};
use crate::path::encode;
use crate::site::registers::Urgency;
use crate::site::registers::table::tone_of_status;
use crate::site::{PageId, Target};

/// A field with either `values`, or a table of `columns` and `rows`, or the text `empty`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct FactView {
    /// The field's name, for themes that show some fields in another way.
    pub name: String,
    pub label: String,
    /// Whether it is in the strip at the top of the page.
    pub lead: bool,
    pub values: Vec<ValueView>,
    /// The columns of a field of records.
    pub columns: Vec<String>,
    /// For each record the values of each column.
    pub rows: Vec<Vec<Vec<ValueView>>>,
    /// The same rows, divided by the value of a column that is left out; empty where they are not divided.
    pub groups: Vec<FactGroupView>,
    /// The text of the link with which readers add a row; empty if there is none.
    pub invite: String,
    /// The section of the page that says how; absent where there is none.
    pub how: Option<LinkView>,
    /// The front matter with such a row, for readers to fill in; empty without `invite`.
    pub entry: String,
    /// The names of the columns in the definition.
    pub keys: Vec<String>,
    /// The columns of the board that the browser makes of the rows; empty if there is none.
    pub board: Vec<BoardStateView>,
    /// The text that replaces a table without rows.
    pub empty: String,
}

/// A column of a board.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct BoardStateView {
    /// The value of the choice.
    pub key: String,
    pub title: String,
}

/// Rows of a table that have the same value in a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct FactGroupView {
    pub title: String,
    /// The meaning of the value; may be empty.
    pub help: String,
    pub rows: Vec<Vec<Vec<ValueView>>>,
}

impl FactView {
    /// Whether it is a table, which is shown after the text.
    pub(super) fn is_table(&self) -> bool {
        !self.rows.is_empty() || !self.empty.is_empty() || !self.invite.is_empty()
    }
}

/// One value of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct ValueView {
    pub text: String,
    /// For a choice: the value as front matter writes it, for style sheets.
    pub key: String,
    /// For a choice: its description.
    pub help: String,
    pub url: Option<String>,
    /// For `<time datetime>`.
    pub time: Option<String>,
    /// A time as its author wrote it, if not in UTC.
    pub written: Option<String>,
    pub state: Option<Tone>,
    /// The language of the text, where it is not that of the frame.
    pub lang: Option<String>,
    /// For an owner: the first letters of the name, which decorate it; empty otherwise.
    pub initials: String,
    pub picture: Option<PictureView>,
}

/// A picture that a field names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PictureView {
    pub url: String,
    /// The alternative text; empty where the text next to it describes the picture.
    pub alt: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
}

/// The fields of a page that readers see: those of its kind, then those of all kinds.
pub(super) fn facts(here: &PageLinks<'_>, id: PageId) -> Vec<FactView> {
    let front = &here.site.page(id).page.front;
    let shown = ValueFormatter { here, id, wording: here.wording(&front.kind) };
    let mut facts = Vec::new();
    for field in here.site.kinds.fields_of(&front.kind) {
        // A default that the author did not write tells readers nothing about this page.
        let is_unwritten_default = has_default(field) && front.data.span(&field.name).is_none();
        if field.shown && !is_unwritten_default {
            facts.extend(shown.fact(field, front.data.get(&field.name)));
        }
    }
    facts
}

/// Whether an absent field has a meaning.
fn has_default(field: &Field) -> bool {
    field.default.is_some() || field.field_type == FieldType::Flag
}

/// Formats the values of one page.
struct ValueFormatter<'a> {
    here: &'a PageLinks<'a>,
    id: PageId,
    wording: KindWording<'a>,
}

impl ValueFormatter<'_> {
    fn fact(&self, field: &Field, value: Option<&TypedValue>) -> Option<FactView> {
        let values = match (&field.field_type, value) {
            (FieldType::Record(inner), Some(value)) if field.lead => self.last(field, inner, value),
            (FieldType::Record(_), _) | (_, None) => Vec::new(),
            (_, Some(value)) => self.values(&field.name, field, value),
        };
        let label = self.wording.label(&field.name, field).to_owned();
        let table = value.filter(|_| !field.lead).map(|value| self.table(field, value));
        let (columns, rows) = table.unwrap_or_default();
        let keys = value.map(|value| self.shown_columns(field, value.items()));
        let keys = keys.unwrap_or_default().into_iter().map(|column| column.name.clone()).collect();
        let groups = value.map(|value| self.groups(field, value)).unwrap_or_default();
        let said = !values.is_empty() || !rows.is_empty();
        let empty = self.wording.empty(field).filter(|_| !said && !self.holds_back());
        let empty = empty.unwrap_or_default().to_owned();
        let name = field.name.clone();
        // An invitation says nothing about withheld rows, so every audience gets it.
        let invite = self.wording.invite(field).unwrap_or_default().to_owned();
        (said || !empty.is_empty() || !invite.is_empty()).then_some(FactView {
            name,
            label,
            lead: field.lead,
            values,
            columns,
            rows,
            groups,
            entry: if field.invite.is_some() { example_entry(field) } else { String::new() },
            invite,
            how: field.invite_section.as_deref().and_then(|section| self.section(section)),
            keys,
            board: self.board(field),
            empty,
        })
    }

    /// Whether fields may be withheld from the audience. Then no page shows the text for an empty field: it must
    /// not reveal which pages withhold one.
    fn holds_back(&self) -> bool {
        let visibility = &self.here.site.config.visibility;
        visibility.is_in_use() && !visibility.sees_all()
    }

    /// The values of the last record in a row: the strip has no room for a table.
    fn last(&self, field: &Field, inner: &[Field], value: &TypedValue) -> Vec<ValueView> {
        let Some(record) = value.items().iter().filter_map(record).next_back() else { return Vec::new() };
        let mut values = Vec::new();
        for column in inner {
            if let Some(value) = record.get(&column.name) {
                values.extend(self.values(&column_path(field, column), column, value));
            }
        }
        values
    }

    /// The part of the page that is a section of its kind.
    fn section(&self, name: &str) -> Option<LinkView> {
        let page = &self.here.site.page(self.id).page;
        // The page may use another heading with the same meaning, so the kind decides which section a heading is.
        let heading = page.document.outline.iter().find(|heading| {
            page.front.kind.section(&heading.text).is_some_and(|section| section.heading == name)
        })?;
        let link = LinkView::new(&heading.text, format!("#{}", encode(&heading.id)));
        Some(LinkView { lang: self.here.lang(self.here.site.page(self.id)), ..link })
    }

    /// The columns of a board: the states of its records.
    fn board(&self, field: &Field) -> Vec<BoardStateView> {
        let FieldType::Record(inner) = &field.field_type else { return Vec::new() };
        let state = inner.iter().find(|column| column.name == "state").filter(|_| field.board);
        let Some(FieldType::Choice(choices)) = state.map(|state| &state.field_type) else {
            return Vec::new();
        };
        let path = format!("{}.state", field.name);
        let mut states = Vec::new();
        for (value, _) in choices {
            states.push(BoardStateView {
                key: value.clone(),
                title: capital(self.wording.value(&path, value)),
            });
        }
        states
    }

    /// The columns that any record fills. A column that divides the table is left out.
    fn shown_columns<'f>(&self, field: &'f Field, records: &[TypedValue]) -> Vec<&'f Field> {
        let FieldType::Record(inner) = &field.field_type else { return Vec::new() };
        let records: Vec<&Record> = records.iter().filter_map(record).collect();
        let mut columns = Vec::new();
        for column in inner.iter() {
            let is_filled = records.iter().any(|record| record.get(&column.name).is_some());
            if column.shown && is_filled && field.grouped_by.as_ref() != Some(&column.name) {
                columns.push(column);
            }
        }
        columns
    }

    /// The rows of each value of the choice that divides the table, in the order of the choice.
    fn groups(&self, field: &Field, value: &TypedValue) -> Vec<FactGroupView> {
        let (Some(by), FieldType::Record(inner)) = (&field.grouped_by, &field.field_type) else {
            return Vec::new();
        };
        let column = inner.iter().find(|column| column.name == *by);
        let Some(FieldType::Choice(choices)) = column.map(|column| &column.field_type) else {
            return Vec::new();
        };
        let (path, records) = (format!("{}.{by}", field.name), value.items());
        let mut groups = Vec::new();
        for (choice, help) in choices {
            let mut of_choice = Vec::new();
            for item in records {
                if record(item).is_some_and(|record| record.text(by) == Some(choice)) {
                    of_choice.push(item.clone());
                }
            }
            if of_choice.is_empty() {
                continue;
            }
            // All groups have the columns of the whole table, so that they line up.
            let (_, rows) = self.table_of(field, records, &of_choice);
            let help = self.wording.meaning(&path, choice).unwrap_or(help).to_owned();
            groups.push(FactGroupView { title: capital(self.wording.value(&path, choice)), help, rows });
        }
        groups
    }

    /// The columns that any record fills, and the rows.
    fn table(&self, field: &Field, value: &TypedValue) -> (Vec<String>, Vec<Vec<Vec<ValueView>>>) {
        self.table_of(field, value.items(), value.items())
    }

    /// The columns that any of `all` fills, and the rows of `items`. A column that divides the table is left out.
    fn table_of(
        &self,
        field: &Field,
        all: &[TypedValue],
        items: &[TypedValue],
    ) -> (Vec<String>, Vec<Vec<Vec<ValueView>>>) {
        let mut records: Vec<&Record> = items.iter().filter_map(record).collect();
        if field.board {
            // Stable: topics with as many votes stay in the order of the page.
            let votes = |record: &Record| record.number("votes").unwrap_or(0.0);
            records.sort_by(|one, other| votes(other).total_cmp(&votes(one)));
        }
        let columns = self.shown_columns(field, all);
        let mut labels = Vec::new();
        for column in &columns {
            labels.push(self.wording.label(&column_path(field, column), column).to_owned());
        }
        let mut rows = Vec::new();
        for record in records {
            let mut row = Vec::new();
            for column in &columns {
                let values = match record.get(&column.name) {
                    Some(value) => self.values(&column_path(field, column), column, value),
                    None => Vec::new(),
                };
                row.push(with_alt(values, record));
            }
            rows.push(row);
        }
        (labels, rows)
    }

    /// The values of a field. `path` is the field's name, or `record.field` within records.
    fn values(&self, path: &str, field: &Field, value: &TypedValue) -> Vec<ValueView> {
        let mut values: Vec<ValueView> =
            value.items().iter().map(|item| self.value(path, field, item)).collect();
        // Such as a file that is not published.
        values.retain(|value| !value.text.is_empty());
        if field.is_marked(&self.here.site.page(self.id).page.front.data, ValueMark::Obsolete) {
            values.push(ValueView {
                text: self.here.t.say("mark.obsolete").to_owned(),
                help: self.here.t.say("mark.obsolete_help").to_owned(),
                state: Some(Tone::Warn),
                ..ValueView::default()
            });
        }
        values
    }

    fn value(&self, path: &str, field: &Field, value: &TypedValue) -> ValueView {
        let t = self.here.t;
        let text = match value {
            TypedValue::Flag(flag) => t.say(if *flag { "page.yes" } else { "page.no" }).to_owned(),
            TypedValue::Period(length) => period(t, *length),
            value => value.to_string(),
        };
        let plain = ValueView { text, ..ValueView::default() };
        match (&field.field_type, value) {
            (_, TypedValue::Date(date)) if field.expires => self.expiry(*date, plain),
            (_, TypedValue::Date(date)) => ValueView { time: Some(date.to_string()), ..plain },
            (_, TypedValue::Time(moment)) => time(moment, plain),
            (FieldType::Text, TypedValue::Text(name)) if path == "owner" => self.owner(name),
            (FieldType::Choice(choices), TypedValue::Text(text)) => self.choice(path, choices, text),
            (FieldType::Page, TypedValue::Text(text)) => self.page(field, text),
            (FieldType::File, TypedValue::Text(text)) => self.file(text),
            (FieldType::Url, TypedValue::Text(text)) => ValueView { url: Some(text.clone()), ..plain },
            (FieldType::License, TypedValue::Text(text)) => ValueView { url: license(text), ..plain },
            (FieldType::Control, TypedValue::Text(text)) => ValueView { url: self.control(text), ..plain },
            (FieldType::CalendarEvent, TypedValue::Text(text)) => self.event(text, plain),
            _ => plain,
        }
    }

    fn choice(&self, path: &str, choices: &[(String, String)], text: &str) -> ValueView {
        let help = || choices.iter().find(|(value, _)| value == text).map(|(_, help)| help.as_str());
        let help = self.wording.meaning(path, text).or_else(help);
        let url = value_page(self.here.site, path, text).map(|url| self.here.url(&url));
        // A runbook that no one has followed is a draft, whatever the state of its text.
        let state = if ["status", "maturity"].contains(&path) { tone_of_status(text) } else { None };
        ValueView {
            text: self.wording.value(path, text).to_owned(),
            key: text.to_owned(),
            help: help.unwrap_or_default().to_owned(),
            url,
            state,
            ..ValueView::default()
        }
    }

    /// The role, team or person that is responsible, with a link to its page.
    fn owner(&self, name: &str) -> ValueView {
        let name = self.here.site.registers.people.name(name);
        let url = self.here.owner(name);
        let initials = if url.is_some() { initials(name) } else { String::new() };
        ValueView { text: name.to_owned(), url, initials, ..ValueView::default() }
    }

    /// The page that a field names by its permanent name or path.
    fn page(&self, field: &Field, text: &str) -> ValueView {
        let site = self.here.site;
        let by_name = site.registers.references.named(text);
        let Some(id) = by_name.or_else(|| self.page_by_path(field, text)) else {
            return ValueView { text: text.to_owned(), ..ValueView::default() };
        };
        let link = self.here.link(id);
        ValueView { text: link.title, url: Some(link.url), lang: link.lang, ..ValueView::default() }
    }

    /// The page that a field names by a path, among those that its references lead to.
    fn page_by_path(&self, field: &Field, text: &str) -> Option<PageId> {
        let site = self.here.site;
        let path = text.trim_start_matches(['.', '/']);
        for reference in site.registers.references.from(self.id) {
            // A reference in a record has the path of its field: `chain.page`.
            if reference.field.rsplit('.').next() != Some(&*field.name) {
                continue;
            }
            let page = site.page(reference.page);
            // Authors write the path of the file or that of the page's address.
            if page.page.file.as_str().contains(path)
                || page.url.as_str().trim_end_matches('/').ends_with(path)
            {
                return Some(reference.page);
            }
        }
        None
    }

    /// The day on which something expires.
    fn expiry(&self, day: jiff::civil::Date, plain: ValueView) -> ValueView {
        let known = self.here.site.registers.expiries.for_page(self.id);
        let (key, state) = match known.iter().find(|expiry| expiry.until == day).map(|expiry| expiry.urgency)
        {
            Some(Urgency::Expired) => ("expiry.expired", Tone::Bad),
            Some(Urgency::Soon) => ("expiry.soon", Tone::Warn),
            Some(Urgency::Running) | None => return ValueView { time: Some(day.to_string()), ..plain },
        };
        let text = self.here.t.fill(key, &[("day", &day)]);
        ValueView { text, time: Some(day.to_string()), state: Some(state), ..plain }
    }

    /// A picture, or a link to another file; empty where the file is not published.
    fn file(&self, text: &str) -> ValueView {
        let page = self.here.site.page(self.id);
        let Some(target) = page.resolved.files.get(text) else { return ValueView::default() };
        let Href::To { url, size } = href(self.here.site, &page.url, target) else {
            return ValueView::default();
        };
        let name = text.rsplit('/').next().unwrap_or(text).to_owned();
        if !is_picture(target) {
            return ValueView { text: name, url: Some(url), ..ValueView::default() };
        }
        let (width, height) = size.unzip();
        let picture = Some(PictureView { url, alt: String::new(), width, height });
        ValueView { text: name, picture, ..ValueView::default() }
    }

    /// An event of the calendar, with its next time. An unknown one stays a text.
    fn event(&self, summary: &str, plain: ValueView) -> ValueView {
        let calendar = &self.here.site.registers.calendar;
        let Some(series) = calendar.series(summary) else { return plain };
        let text = match calendar.next(self.here.t, series) {
            Some(next) => self.here.t.fill("calendar.field", &[("event", &series.summary), ("time", &next)]),
            None => series.summary.clone(),
        };
        ValueView { text, url: Some(self.here.url(&series.url())), ..plain }
    }

    /// The URL of a control's page, if there is one.
    fn control(&self, text: &str) -> Option<String> {
        control(self.here.site, text).map(|url| self.here.url(&url))
    }
}

/// Whether a file is shown as a picture instead of a link.
pub(super) fn is_picture(target: &Target) -> bool {
    let Target::Asset { url, .. } = target else { return false };
    let end = url.as_str().rsplit_once('.').map(|(_, end)| end);
    end.and_then(format_of).is_some_and(ImageFormat::is_picture)
}

/// Gives pictures the alternative text in their record.
fn with_alt(values: Vec<ValueView>, record: &Record) -> Vec<ValueView> {
    let Some(alt) = record.text("alt") else { return values };
    let mut values = values;
    for picture in values.iter_mut().filter_map(|value| value.picture.as_mut()) {
        picture.alt = alt.to_owned();
    }
    values
}

/// The path of a column in a list of records, by which definitions name its words: `signed.since`.
fn column_path(field: &Field, column: &Field) -> String {
    format!("{}.{}", field.name, column.name)
}

/// The first letters of the first two words of a name: `SO` for `Storage operations`.
fn initials(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    words.filter_map(|word| word.chars().next()).take(2).flat_map(char::to_uppercase).collect()
}

fn record(value: &TypedValue) -> Option<&Record> {
    match value {
        TypedValue::Record(record) => Some(record),
        _ => None,
    }
}

/// A time in UTC, and as it was written if that is different.
fn time(moment: &Moment, plain: ValueView) -> ValueView {
    let time = TimeView::of(moment);
    ValueView { text: time.text, time: Some(time.machine), written: time.local, ..plain }
}

/// The URL of a single licence in the SPDX list. Expressions of several licences have none.
fn license(text: &str) -> Option<String> {
    let is_one_id = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    // `LicenseRef-` begins names that the list does not have.
    let is_listed = is_one_id && !text.starts_with("LicenseRef-");
    is_listed.then(|| format!("https://spdx.org/licenses/{text}.html"))
}

/// A record of a field as front matter, with the examples of the definition. Pages and files are left out, because those
/// of the examples do not exist.
fn example_entry(field: &Field) -> String {
    let FieldType::Record(columns) = &field.field_type else { return String::new() };
    let mut entry = format!("{}:", field.name);
    let mut indent = "\n  - ";
    for column in
        columns.iter().filter(|column| !matches!(column.field_type, FieldType::Page | FieldType::File))
    {
        if let Some(example) = &column.example {
            entry.push_str(&format!("{indent}{}: {example}", column.name));
            indent = "\n    ";
        }
    }
    entry
}
