//! Fields whose value the program computes from other fields and the day of the build.
//!
//! Owns [`ComputedValue`], one possible value of such a field with its conditions, and the computation. A standard is
//! in force from a day on without anybody changing its page on that day.

use jiff::civil::Date;

use super::{Field, Kind, Kinds, PageFields, Record, TypedValue};

/// What a computed field gets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ComputedResult {
    /// One of the values of a choice.
    Choice(String),
    /// The date of a field, or a day later by the period of another one.
    Day { date: String, plus: Option<String> },
}

impl ComputedResult {
    /// The value; `None` where the page lacks a field that it needs.
    fn value(&self, record: &Record) -> Option<TypedValue> {
        match self {
            ComputedResult::Choice(value) => Some(TypedValue::Text(value.clone())),
            ComputedResult::Day { date: field, plus: None } => date(record, field).map(TypedValue::Date),
            ComputedResult::Day { date: field, plus: Some(period) } => {
                Some(TypedValue::Date(record.period(period)?.after(date(record, field)?)))
            }
        }
    }

    /// The fields that the value is made of.
    fn sources(&self) -> impl Iterator<Item = &String> {
        let (date, plus) = match self {
            ComputedResult::Choice(_) => (None, None),
            ComputedResult::Day { date, plus } => (Some(date), plus.as_ref()),
        };
        date.into_iter().chain(plus)
    }
}

/// A value of a computed field. It applies if all of its conditions hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ComputedValue {
    pub result: ComputedResult,
    /// A field with a date that has come: that day or a later one.
    pub from: Option<String>,
    /// A field with a date that has passed: a later day.
    pub after: Option<String>,
    /// A field with a date that is still to come.
    pub before: Option<String>,
    /// A field with a date that has not passed: that day or an earlier one.
    pub until: Option<String>,
    /// Fields and the values that they may have.
    pub conditions: Vec<(String, Vec<String>)>,
}

impl ComputedValue {
    fn applies(&self, record: &Record, today: Date) -> bool {
        if let Some(field) = &self.from
            && date(record, field).is_none_or(|date| date > today)
        {
            return false;
        }
        if let Some(field) = &self.after
            && date(record, field).is_none_or(|date| date >= today)
        {
            return false;
        }
        if let Some(field) = &self.before
            && date(record, field).is_none_or(|date| date <= today)
        {
            return false;
        }
        if let Some(field) = &self.until
            && date(record, field).is_none_or(|date| date < today)
        {
            return false;
        }
        self.conditions.iter().all(|condition| record.meets(condition))
    }

    /// The fields that decide whether the value applies.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        let conditions = self.conditions.iter().map(|(field, _)| field);
        let dates = self.from.iter().chain(&self.after).chain(&self.before).chain(&self.until);
        self.result.sources().chain(dates).chain(conditions).map(String::as_str)
    }
}

/// The date of a field. Of a time it is the date that the author wrote.
pub(super) fn date(record: &Record, field: &str) -> Option<Date> {
    match record.get(field)? {
        TypedValue::Date(date) => Some(*date),
        TypedValue::Time(moment) => Some(moment.written_day()),
        _ => None,
    }
}

impl Field {
    /// Whether the program sets the field, and pages must not.
    pub fn is_computed(&self) -> bool {
        !self.computed.is_empty()
    }

    /// The names of the fields that the value is computed from, each once.
    fn sources(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.computed.iter().flat_map(ComputedValue::sources) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Those names for a message: `` `begin`, `end` ``.
    pub fn quoted_sources(&self) -> String {
        let names: Vec<String> = self.sources().into_iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    }
}

impl Kinds {
    /// Whether pages of a kind change with the day, without any change of their text.
    pub fn changes_with_day(&self, kind: &Kind) -> bool {
        kind.fields.iter().chain(self.common.iter()).any(Field::is_computed)
    }

    /// Sets the computed fields of a page, in the order of the definition: each to the first of its values that applies.
    pub fn compute(&self, kind: &Kind, data: &mut PageFields, today: Date) {
        if !self.changes_with_day(kind) {
            return;
        }
        for field in self.fields_of(kind).into_iter().filter(|field| field.is_computed()) {
            let mut applying = field.computed.iter().filter(|value| value.applies(&data.record, today));
            let value = applying.find_map(|value| value.result.value(&data.record));
            if let Some(value) = value {
                data.record.insert(field.name.clone(), value);
            }
        }
    }
}
