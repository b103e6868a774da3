//! Reads health data in the form of this program: measurements with thresholds.
//!
//! ```json
//! { "provider": "Example Cloud", "measured_at": "2026-11-20T06:00:00Z",
//!   "lights": [{ "service": "Compute", "success": 99.95, "days": { "2026-11-19": 99.5 } }] }
//! ```

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::reader::HealthReader;
use super::{HealthFile, HealthIncident, HealthLevel, Measurement, Percent, Thresholds, days};
use crate::fields::{FieldEntry, Value, describe, text_of};

/// The days after the day of a measurement in which it counts, if the file does not say so.
pub(super) const STALE_AFTER: i64 = 1;

/// The most further numbers of a light: all are on one page.
const MOST_VALUES: usize = 50;

/// What holds for all entries of a file that do not say otherwise.
struct Defaults {
    provider: Option<String>,
    source: String,
    measured_at: Option<Timestamp>,
    stale_after: i64,
    thresholds: Thresholds,
}

pub(super) fn read(reader: &mut HealthReader<'_>, fields: Vec<FieldEntry>) -> HealthFile {
    let mut top = reader.fields(fields);
    let (provider, source) = (top.text(&["provider"]), top.text(&["source"]).unwrap_or_default());
    let (measured_at, stale_after) = (top.take(&["measured_at"]), top.take(&["stale_after_days"]));
    let thresholds = top.take(&["thresholds"]);
    let (lights, incidents) = (top.take(&["lights"]), top.take(&["incidents"]));
    top.finish(&[]);
    let thresholds = thresholds.and_then(|field| reader.thresholds(&field)).unwrap_or_default();
    let defaults = Defaults {
        provider,
        source,
        measured_at: measured_at.and_then(|field| reader.past_time(&field)),
        stale_after: stale_after.and_then(|field| reader.stale_after(&field)).unwrap_or(STALE_AFTER),
        thresholds,
    };
    let mut file = HealthFile::default();
    for (place, fields) in lights.map(|list| reader.objects(&list)).unwrap_or_default() {
        file.measurements.extend(reader.measurement(&place, fields, &defaults));
    }
    for (place, fields) in incidents.map(|list| reader.objects(&list)).unwrap_or_default() {
        file.incidents.extend(reader.own_incident(&place, fields, &defaults));
    }
    file
}

impl HealthReader<'_> {
    fn thresholds(&mut self, field: &FieldEntry) -> Option<Thresholds> {
        let Value::Map(parts) = &field.value else {
            self.wrong(field, "an object such as `{\"green\": 99.9, \"orange\": 99}`");
            return None;
        };
        let mut fields = self.fields(parts.clone());
        let (green, orange) = (fields.take(&["green"]), fields.take(&["orange"]));
        fields.finish(&[]);
        let (Some(green), Some(orange)) = (green, orange) else {
            self.report(field, "`thresholds` needs `green` and `orange`".to_owned());
            return None;
        };
        let thresholds =
            Thresholds { green: self.number(&green, 100.0)?, orange: self.number(&orange, 100.0)? };
        if thresholds.orange > thresholds.green {
            self.report(&orange, "`orange` must not be above `green`".to_owned());
            return None;
        }
        Some(thresholds)
    }

    fn measurement(
        &mut self,
        place: &FieldEntry,
        fields: Vec<FieldEntry>,
        defaults: &Defaults,
    ) -> Option<Measurement> {
        let mut fields = self.fields(fields);
        let (provider, service) = (fields.text(&["provider"]), fields.text(&["service"]));
        let (success, requests) = (fields.take(&["success"]), fields.take(&["requests"]));
        let (failed, values) = (fields.take(&["failed"]), fields.take(&["values"]));
        let (measured_at, stale_after) = (fields.take(&["measured_at"]), fields.take(&["stale_after_days"]));
        let (thresholds, days) = (fields.take(&["thresholds"]), fields.take(&["days"]));
        fields.finish(&[]);
        let provider = provider.or_else(|| defaults.provider.clone()).filter(|text| !text.trim().is_empty());
        let service = service.filter(|text| !text.trim().is_empty());
        let (Some(provider), Some(service)) = (provider, service) else {
            self.report(place, "a light needs `provider` and `service`".to_owned());
            return None;
        };
        let thresholds = match thresholds {
            Some(field) => self.thresholds(&field)?,
            None => defaults.thresholds,
        };
        let mut numbers = Vec::new();
        let success = match (success, requests, failed) {
            (Some(success), None, None) => Some(self.number(&success, 100.0)?),
            (None, Some(requests), Some(failed)) => {
                let all = self.number(&requests, f64::INFINITY)?;
                let bad = self.number(&failed, all)?;
                numbers.push((requests.key, describe_number(&requests.value)));
                numbers.push((failed.key, describe_number(&failed.value)));
                // Rounded, so that 1 of 1000 is exactly 99.9 %.
                (all > 0.0).then(|| ((all - bad) / all * 1e8).round() / 1e6)
            }
            (None, None, None) => None,
            (Some(field), ..) | (None, Some(field), _) | (None, None, Some(field)) => {
                let message = "a light needs either `success`, or `requests` and `failed`".to_owned();
                self.report(&field, message);
                return None;
            }
        };
        let measured_at = match measured_at {
            // A wrong time must not become the time of the file.
            Some(field) => Some(self.past_time(&field)?),
            None => defaults.measured_at,
        };
        let stale_after = stale_after.and_then(|field| self.stale_after(&field));
        numbers.extend(values.map(|field| self.values(&field)).unwrap_or_default());
        let successes = days.map(|field| self.successes(&field)).unwrap_or_default();
        Some(Measurement {
            span: self.span(place),
            provider,
            service,
            source: defaults.source.clone(),
            measured_at,
            stale_after: stale_after.unwrap_or(defaults.stale_after),
            level: success.map(|success| thresholds.level(success)),
            value: success.map(|success| Percent(success).to_string()).unwrap_or_default(),
            thresholds: Some(thresholds),
            numbers,
            days: days::of_successes(&successes, thresholds, self.today),
        })
    }

    /// Further numbers of a light: texts and numbers by their names.
    fn values(&mut self, field: &FieldEntry) -> Vec<(String, String)> {
        let Value::Map(parts) = &field.value else {
            self.wrong(field, "an object of names and numbers");
            return Vec::new();
        };
        let mut values = Vec::new();
        if let Some(part) = parts.get(MOST_VALUES) {
            self.report(part, format!("a light may have {MOST_VALUES} values"));
        }
        for part in parts.iter().take(MOST_VALUES) {
            match text_of(&part.value) {
                Some(text) => values.push((part.key.clone(), text)),
                None => self.wrong(part, "a number or a text"),
            }
        }
        values
    }

    /// The success of each day. Wrong days are reported and left out.
    fn successes(&mut self, field: &FieldEntry) -> BTreeMap<Date, f64> {
        let mut days = BTreeMap::new();
        let Value::Map(parts) = &field.value else {
            self.wrong(field, "an object such as `{\"2026-11-20\": 99.95}`");
            return days;
        };
        for part in parts {
            let day = FieldEntry { value: Value::Text(part.key.clone()), ..part.clone() };
            let Some(day) = self.past_day(&day) else { continue };
            let Some(success) = self.number(part, 100.0) else { continue };
            if days.insert(day, success).is_some() {
                self.report(part, format!("the day {day} is given twice"));
            }
        }
        days
    }

    fn own_incident(
        &mut self,
        place: &FieldEntry,
        fields: Vec<FieldEntry>,
        defaults: &Defaults,
    ) -> Option<HealthIncident> {
        let mut fields = self.fields(fields);
        let (id, title) = (fields.text(&["id"]), fields.text(&["title"]));
        let (provider, services) = (fields.text(&["provider"]), fields.texts(&["services", "service"]));
        let (began, ended) = (fields.take(&["began_at"]), fields.take(&["ended_at"]));
        let (level, phase) = (fields.take(&["level"]), fields.text(&["phase"]).unwrap_or_default());
        let last_update = fields.text(&["update"]).unwrap_or_default();
        fields.finish(&[]);
        let provider = provider.or_else(|| defaults.provider.clone());
        let (Some(id), Some(provider), Some(began)) = (id, provider, began) else {
            self.report(place, "an incident needs `id`, `provider` and `began_at`".to_owned());
            return None;
        };
        let level = match level {
            Some(field) => Some(self.level(&field)?),
            None => None,
        };
        let began = self.past_time(&began)?;
        let ended = match ended {
            Some(field) => Some(self.end(&field, began)?),
            None => None,
        };
        Some(HealthIncident {
            span: self.span(place),
            title: title.unwrap_or_else(|| id.clone()),
            id,
            provider,
            services,
            level,
            began,
            ended,
            phase,
            last_update,
        })
    }

    fn level(&mut self, field: &FieldEntry) -> Option<HealthLevel> {
        let known = [HealthLevel::Green, HealthLevel::Orange, HealthLevel::Red];
        let text = text_of(&field.value).unwrap_or_default();
        let level = known.into_iter().find(|level| level.as_str() == text);
        if level.is_none() {
            self.wrong(field, "`green`, `orange` or `red`");
        }
        level
    }

    /// A time after another one.
    pub fn end(&mut self, field: &FieldEntry, began: Timestamp) -> Option<Timestamp> {
        let ended = self.time(field)?;
        if ended < began {
            self.report(field, format!("the incident ends before it begins: `{}`", field.key));
            return None;
        }
        Some(ended)
    }
}

fn describe_number(value: &Value) -> String {
    text_of(value).unwrap_or_else(|| describe(value))
}
