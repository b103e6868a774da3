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
        self.needs().chain(self.conditions.iter().map(|(field, _)| field.as_str()))
    }

    /// The fields without which the value does not apply, whatever the conditions say.
    fn needs(&self) -> impl Iterator<Item = &str> {
        let dates = self.from.iter().chain(&self.after).chain(&self.before).chain(&self.until);
        self.result.sources().chain(dates).map(String::as_str)
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
    /// Whether a page of a kind may change with the day, without any change of its text. `writes` returns whether the
    /// page may have a field that authors write: the computed fields of all kinds are used by few pages.
    pub fn changes_with_day(&self, kind: &Kind, writes: impl Fn(&Field) -> bool) -> bool {
        let fields = self.fields_of(kind);
        // A computed field can use those before it, so one pass decides.
        let mut may_be_set: Vec<bool> = Vec::with_capacity(fields.len());
        for field in &fields {
            let is_there = |name: &str| match fields.iter().position(|source| source.name == name) {
                Some(index) if fields[index].is_computed() => may_be_set.get(index).copied().unwrap_or(false),
                Some(index) => writes(fields[index]),
                None => false,
            };
            let applies = field.computed.iter().any(|value| value.needs().all(&is_there));
            may_be_set.push(applies);
        }
        may_be_set.contains(&true)
    }

    /// Sets the computed fields of a page, in the order of the definition: each to the first of its values that applies.
    pub fn compute(&self, kind: &Kind, data: &mut PageFields, today: Date) {
        for field in self.fields_of(kind).into_iter().filter(|field| field.is_computed()) {
            let mut applying = field.computed.iter().filter(|value| value.applies(&data.record, today));
            let value = applying.find_map(|value| value.result.value(&data.record));
            if let Some(value) = value {
                data.record.insert(field.name.clone(), value);
            }
        }
    }
}
