//! The typed values of fields.
//!
//! Owns [`TypedValue`], the getters of [`Record`] and [`PageFields`], and the syntax of times and periods. This module
//! does not depend on definitions of kinds.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

use crate::fields::YamlSpans;
use crate::path::FilePath;
use crate::source::Span;
use crate::utc;

/// A value of the type of its field.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum TypedValue {
    /// A text, a choice, a URL, a licence, a control, the name of a page or the path of a file.
    Text(String),
    Flag(bool),
    /// The number as written, because `1.10` may be a version.
    Number(String),
    Date(Date),
    Time(Moment),
    Period(Period),
    List(Vec<TypedValue>),
    Record(Record),
}

/// A point in time, and how the author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Moment {
    pub timestamp: jiff::Timestamp,
    pub written: String,
}

/// A length of time in days, weeks, months or years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    pub count: u16,
    pub unit: DurationUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DurationUnit {
    Day,
    Week,
    Month,
    Year,
}

/// The values of a page or of a record in a field, by the name of the field.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Record(BTreeMap<String, TypedValue>);

/// The values of a page's front matter, and where each is written.
#[derive(Debug, Clone, Default)]
pub struct PageFields {
    pub record: Record,
    /// The spans in the page, then those in the folders that hand fields down, the nearest folder first.
    pub(super) layers: Vec<(FilePath, Arc<YamlSpans>)>,
    /// For each field that was written under another spelling: its name and the written key.
    pub(super) written: BTreeMap<String, String>,
}

impl Moment {
    /// Reads a time in RFC 3339. Seconds are optional, the offset is required.
    pub fn parse(text: &str) -> Option<Moment> {
        Some(Moment { timestamp: text.trim().parse().ok()?, written: text.trim().to_owned() })
    }

    /// The date in UTC.
    pub fn day(&self) -> Date {
        utc::day_of(self.timestamp)
    }

    /// The date that the author wrote, which may differ from the date in UTC.
    pub fn written_day(&self) -> Date {
        Pieces::parse(&self.written).map_or_else(|_| self.day(), |pieces| pieces.date())
    }

    /// The offset from UTC that the author wrote.
    pub fn offset(&self) -> Offset {
        Pieces::parse(&self.written).ok().and_then(|pieces| pieces.to_numeric_offset()).unwrap_or(Offset::UTC)
    }

    /// The time of day with its offset as the author wrote it, such as `03:52 +02:00`; `None` for UTC.
    pub fn local(&self) -> Option<String> {
        let offset =
            Pieces::parse(&self.written).ok()?.to_numeric_offset().filter(|offset| !offset.is_zero())?;
        Some(
            offset.to_datetime(self.timestamp).strftime("%H:%M").to_string()
                + &format!(" {}", signed(offset)),
        )
    }
}

/// The offset as `+02:00`.
fn signed(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

impl fmt::Display for Moment {
    /// In UTC, to the minute: `2026-11-20 01:52 UTC`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&utc::to_minute(self.timestamp))
    }
}

impl Period {
    /// Reads a period such as `6m`: a number from 1 to 3650 and one of d, w, m, y.
    pub fn parse(text: &str) -> Option<Period> {
        let text = text.trim();
        let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let unit = match unit {
            "d" => DurationUnit::Day,
            "w" => DurationUnit::Week,
            "m" => DurationUnit::Month,
            "y" => DurationUnit::Year,
            _ => return None,
        };
        let digits = count.bytes().all(|byte| byte.is_ascii_digit());
        let count = count.parse().ok().filter(|count| digits && (1..=3650).contains(count))?;
        Some(Period { count, unit })
    }

    /// The approximate number of days, for comparing periods. A month counts as 30 days, a year as 365.
    pub fn days(self) -> i64 {
        let days = match self.unit {
            DurationUnit::Day => 1,
            DurationUnit::Week => 7,
            DurationUnit::Month => 30,
            DurationUnit::Year => 365,
        };
        i64::from(self.count) * days
    }

    /// The period as written in front matter: `6m`.
    pub fn written(self) -> String {
        let unit = match self.unit {
            DurationUnit::Day => 'd',
            DurationUnit::Week => 'w',
            DurationUnit::Month => 'm',
            DurationUnit::Year => 'y',
        };
        format!("{}{unit}", self.count)
    }

    /// The date this long after `day`, or [`Date::MAX`] if it would be later than that.
    pub fn after(self, day: Date) -> Date {
        let count = i64::from(self.count);
        let span = match self.unit {
            DurationUnit::Day => jiff::Span::new().days(count),
            DurationUnit::Week => jiff::Span::new().weeks(count),
            DurationUnit::Month => jiff::Span::new().months(count),
            DurationUnit::Year => jiff::Span::new().years(count),
        };
        day.checked_add(span).unwrap_or(Date::MAX)
    }
}

impl fmt::Display for Period {
    /// Formats the period for readers: `6 months`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            DurationUnit::Day => "day",
            DurationUnit::Week => "week",
            DurationUnit::Month => "month",
            DurationUnit::Year => "year",
        };
        write!(f, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

impl TypedValue {
    /// The values of a list. A single value counts as a list of one.
    pub fn items(&self) -> &[TypedValue] {
        match self {
            TypedValue::List(items) => items,
            value => std::slice::from_ref(value),
        }
    }

    pub(super) fn items_mut(&mut self) -> &mut [TypedValue] {
        match self {
            TypedValue::List(items) => items,
            value => std::slice::from_mut(value),
        }
    }

    /// Whether the value is a text of whitespace only, or a list of such texts.
    pub(super) fn is_empty_text(&self) -> bool {
        let is_empty = |value: &TypedValue| matches!(value, TypedValue::Text(text) if text.trim().is_empty());
        !self.items().is_empty() && self.items().iter().all(is_empty)
    }

    /// The value as it is written in YAML.
    pub(super) fn written(&self) -> String {
        match self {
            TypedValue::Flag(flag) => flag.to_string(),
            value => value.to_string(),
        }
    }

    /// The text of a text or a number; `None` for other types.
    pub fn text(&self) -> Option<&str> {
        text_of(self)
    }
}

impl fmt::Display for TypedValue {
    /// Formats the value as one line for readers. The values of a record are joined by ` · `.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TypedValue::Text(text) | TypedValue::Number(text) => f.write_str(text),
            TypedValue::Flag(true) => f.write_str("yes"),
            TypedValue::Flag(false) => f.write_str("no"),
            TypedValue::Date(date) => date.fmt(f),
            TypedValue::Time(moment) => moment.fmt(f),
            TypedValue::Period(period) => period.fmt(f),
            TypedValue::List(items) => {
                f.write_str(&items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
            }
            TypedValue::Record(record) => {
                let texts: Vec<String> = record.0.values().map(ToString::to_string).collect();
                f.write_str(&texts.join(" · "))
            }
        }
    }
}

impl Record {
    pub fn insert(&mut self, name: impl Into<String>, value: TypedValue) {
        self.0.insert(name.into(), value);
    }

    pub fn extend(&mut self, values: impl IntoIterator<Item = (String, TypedValue)>) {
        self.0.extend(values);
    }

    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Whether a field has one of some values. Of a list, one item is enough.
    pub(super) fn meets(&self, (name, values): &(String, Vec<String>)) -> bool {
        let value = self.get(name);
        value.is_some_and(|value| value.items().iter().any(|item| values.contains(&item.written())))
    }

    pub fn get(&self, name: &str) -> Option<&TypedValue> {
        self.0.get(name)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut TypedValue> {
        self.0.get_mut(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &TypedValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The text of a field that is not a list.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            TypedValue::Text(text) | TypedValue::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The texts of a field. A single text counts as a list of one.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(TypedValue::List(items)) => items.iter().filter_map(text_of).collect(),
            value => value.and_then(text_of).into_iter().collect(),
        }
    }

    /// Whether a field has this text as its value or as an item of its list.
    pub fn says(&self, name: &str, text: &str) -> bool {
        match self.get(name) {
            Some(TypedValue::List(items)) => items.iter().any(|item| text_of(item) == Some(text)),
            value => value.and_then(text_of) == Some(text),
        }
    }

    /// Calls `look` once for each distinct text of a field.
    pub fn each<'a>(&'a self, name: &str, mut look: impl FnMut(&'a str)) {
        match self.get(name) {
            Some(TypedValue::List(items)) => {
                let texts = || items.iter().filter_map(text_of);
                let new = |(at, text): &(usize, &str)| !texts().take(*at).any(|before| before == *text);
                texts().enumerate().filter(new).for_each(|(_, text)| look(text));
            }
            value => value.and_then(text_of).into_iter().for_each(look),
        }
    }

    /// The number in a field, for comparing. To show a number use [`Record::text`], which has it as written.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            TypedValue::Number(written) => written.parse().ok(),
            _ => None,
        }
    }

    pub fn date(&self, name: &str) -> Option<Date> {
        match self.get(name)? {
            TypedValue::Date(date) => Some(*date),
            _ => None,
        }
    }

    pub fn time(&self, name: &str) -> Option<&Moment> {
        match self.get(name)? {
            TypedValue::Time(moment) => Some(moment),
            _ => None,
        }
    }

    /// Whether a flag is set. An absent flag is not set.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(TypedValue::Flag(true)))
    }

    pub fn period(&self, name: &str) -> Option<Period> {
        match self.get(name)? {
            TypedValue::Period(period) => Some(*period),
            _ => None,
        }
    }

    /// The records of a field. A single record counts as a list of one.
    pub fn records(&self, name: &str) -> Vec<&Record> {
        match self.get(name) {
            Some(TypedValue::List(items)) => items.iter().filter_map(record_of).collect(),
            value => value.and_then(record_of).into_iter().collect(),
        }
    }
}

impl PageFields {
    /// The key of a field as the page spells it.
    pub fn written_key<'a>(&'a self, name: &'a str) -> &'a str {
        self.written.get(name).map_or(name, String::as_str)
    }

    /// The span of a path such as `actions[0].due`, or of the nearest value around it that has a span.
    pub fn span(&self, path: &str) -> Option<Span> {
        let name = path.split(['.', '[']).next().unwrap_or(path);
        // Spans are stored under the key as written, which may be another spelling of the field's name.
        let written = self.written.get(name).map(|key| [key, &path[name.len()..]].concat());
        let mut path = written.as_deref().unwrap_or(path);
        loop {
            let at = |(file, places): &(FilePath, Arc<YamlSpans>)| {
                Some(Span::new(file, places.get(path)?.clone()))
            };
            if let Some(span) = self.layers.iter().find_map(at) {
                return Some(span);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }
}

impl From<Record> for PageFields {
    /// Values without spans.
    fn from(record: Record) -> PageFields {
        PageFields { record, ..PageFields::default() }
    }
}

impl std::ops::Deref for PageFields {
    type Target = Record;

    fn deref(&self) -> &Record {
        &self.record
    }
}

fn text_of(value: &TypedValue) -> Option<&str> {
    match value {
        TypedValue::Text(text) | TypedValue::Number(text) => Some(text),
        _ => None,
    }
}

fn record_of(value: &TypedValue) -> Option<&Record> {
    match value {
        TypedValue::Record(record) => Some(record),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_a_number_and_a_unit() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(Period::parse("6m").unwrap().after(day("2026-08-31")), day("2027-02-28"));
        assert_eq!(Period::parse("2w").unwrap().after(day("2026-12-25")), day("2027-01-08"));
        assert_eq!(Period::parse("1y").unwrap().to_string(), "1 year");
        for wrong in ["", "6", "m", "0m", "-1d", "6 months", "99999d", "6ü"] {
            assert_eq!(Period::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_are_shown_in_utc_and_as_they_were_written() {
        let moment = Moment::parse("2026-09-17T00:52+02:00").unwrap();
        assert_eq!(moment.to_string(), "2026-09-16 22:52 UTC");
        assert_eq!(moment.local().as_deref(), Some("00:52 +02:00"));
        assert_eq!((moment.day().day(), moment.written_day().day()), (16, 17));
        assert_eq!(Moment::parse("2026-09-17T00:52-03:30").unwrap().local().as_deref(), Some("00:52 -03:30"));
        assert_eq!(Moment::parse("2026-09-17T00:52Z").unwrap().local(), None);
    }

    #[test]
    fn times_need_an_offset() {
        for right in ["2026-09-17T01:52:00Z", "2026-09-17T01:52+02:00", "2026-09-17 01:52:10.5-04"] {
            assert!(Moment::parse(right).is_some(), "{right}");
        }
        for wrong in ["2026-09-17T01:52:00", "2026-09-17", "2026-02-30T00:00Z", "01:52Z", ""] {
            assert!(Moment::parse(wrong).is_none(), "{wrong}");
        }
    }
}
