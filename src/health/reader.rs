//! Reads the values of health data, such as times and shares.
//!
//! Owns what both forms of files have in common. Each problem is reported at its key.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::fields::{FieldEntry, FieldReader, FieldRules, Value, describe, text_of};
use crate::rules::HEALTH_FILE;
use crate::source::{Source, Span};
use crate::utc::day_of;

const REPORTS: FieldRules = FieldRules { unknown: &HEALTH_FILE, wrong: &HEALTH_FILE };

/// The most days after which a measurement is stale.
const MOST_DAYS: f64 = 366.0;

/// Reads the values of one file.
pub(super) struct HealthReader<'a> {
    pub source: &'a Source,
    pub today: Date,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl HealthReader<'_> {
    pub fn fields(&mut self, fields: Vec<FieldEntry>) -> FieldReader<'_> {
        FieldReader::new(&self.source.path, REPORTS, fields, self.diagnostics)
    }

    pub fn span(&self, field: &FieldEntry) -> Span {
        Span::new(&self.source.path, field.at.clone())
    }

    pub fn report_at(&mut self, at: usize, message: String) {
        let span = Span::new(&self.source.path, at..at);
        self.diagnostics.push(Diagnostic::new(&HEALTH_FILE, span, message));
    }

    pub fn report(&mut self, field: &FieldEntry, message: String) {
        let problem = Diagnostic::new(&HEALTH_FILE, self.span(field), message);
        self.diagnostics.push(problem);
    }

    pub fn wrong(&mut self, field: &FieldEntry, expected: &str) {
        self.report(field, format!("`{}` must be {expected}, not {}", field.key, describe(&field.value)));
    }

    /// The objects of a list, each with the field to report its problems at: its first one, else the list.
    pub fn objects(&mut self, list: &FieldEntry) -> Vec<(FieldEntry, Vec<FieldEntry>)> {
        let Value::List(items) = &list.value else {
            self.wrong(list, "a list");
            return Vec::new();
        };
        let mut objects = Vec::new();
        for item in items {
            match item {
                Value::Map(fields) => {
                    let place = fields.first().unwrap_or(list);
                    let place =
                        FieldEntry { key: place.key.clone(), at: place.at.clone(), value: Value::Null };
                    objects.push((place, fields.clone()));
                }
                item => {
                    let message = format!("`{}` must hold objects, not {}", list.key, describe(item));
                    self.report(list, message);
                }
            }
        }
        objects
    }

    /// A time that is not after the day of the build.
    pub fn past_time(&mut self, field: &FieldEntry) -> Option<Timestamp> {
        let time = self.time(field)?;
        if day_of(time) > self.today {
            let (key, today) = (&field.key, self.today);
            self.report(field, format!("`{key}` ({time}) is in the future: today is {today}"));
            return None;
        }
        Some(time)
    }

    pub fn time(&mut self, field: &FieldEntry) -> Option<Timestamp> {
        let time = text_of(&field.value).and_then(|text| text.parse().ok());
        if time.is_none() {
            self.wrong(field, "a time with its offset such as `2026-11-20T06:00:00Z`");
        }
        time
    }

    /// A day that is not after the day of the build.
    pub fn past_day(&mut self, field: &FieldEntry) -> Option<Date> {
        let day = text_of(&field.value).and_then(|text| text.parse::<Date>().ok());
        let Some(day) = day else {
            self.wrong(field, "a day such as `2026-11-20`");
            return None;
        };
        if day > self.today {
            let (key, today) = (&field.key, self.today);
            self.report(field, format!("`{key}` ({day}) is in the future: today is {today}"));
            return None;
        }
        Some(day)
    }

    /// A finite number from 0 to `most`.
    pub fn number(&mut self, field: &FieldEntry, most: f64) -> Option<f64> {
        if let Value::Number(number, _) = field.value
            && number.is_finite()
            && (0.0..=most).contains(&number)
        {
            return Some(number);
        }
        let mut expected = if most.is_finite() {
            format!("a number from 0 to {most}")
        } else {
            "a finite number from 0 on".to_owned()
        };
        if matches!(&field.value, Value::Text(text) if text.parse::<f64>().is_ok()) {
            expected += " without quotes";
        }
        self.wrong(field, &expected);
        None
    }

    /// The days after which a measurement is stale.
    pub fn stale_after(&mut self, field: &FieldEntry) -> Option<i64> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "at most 366, and a part of a day does not count"
        )]
        self.number(field, MOST_DAYS).map(|days| days as i64)
    }
}
