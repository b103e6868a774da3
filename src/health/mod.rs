//! Health data: how well the services of providers work, as somebody measured it.
//!
//! Owns [`HealthFile`] and the light of a measurement: green, orange, red; stale where it is old, and missing where there
//! is none. Reads two forms of JSON: `own_form` has measurements with thresholds, `status_api` the objects of the SCS
//! status page API. Must not know pages.
//!
//! Code is needed, because a register of fields shows what pages say, and measurements are neither pages nor rows that an
//! author writes.

mod days;
mod own_form;
mod read;
mod reader;
mod status_api;

use std::fmt;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::source::Span;
use crate::utc::day_of;

pub use days::{HISTORY_DAYS, MeasuredDay};
pub use read::{may_hold, read};

/// The measurements and incidents of a file.
#[derive(Debug, Clone, Default)]
pub struct HealthFile {
    pub measurements: Vec<Measurement>,
    pub incidents: Vec<HealthIncident>,
}

/// How well a service of a provider works.
#[derive(Debug, Clone)]
pub struct Measurement {
    /// The place of the entry.
    pub span: Span,
    pub provider: String,
    pub service: String,
    /// Who or what measures; may be empty.
    pub source: String,
    pub measured_at: Option<Timestamp>,
    /// The days after the day of the measurement in which it counts.
    pub stale_after: i64,
    /// `None` if nothing was measured.
    pub level: Option<HealthLevel>,
    /// What was measured, for readers: `99.95 %`, or the name of a severity.
    pub value: String,
    /// What decides the level; `None` where the file gives the level itself.
    pub thresholds: Option<Thresholds>,
    /// Further numbers, each with its name.
    pub numbers: Vec<(String, String)>,
    /// The last [`HISTORY_DAYS`] days, the oldest first.
    pub days: Vec<MeasuredDay>,
}

/// The level of a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HealthLevel {
    Green,
    Orange,
    Red,
}

/// What the light of a service shows. Old data and missing data are never green.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LightState {
    Measured(HealthLevel),
    /// The last measurement is too old.
    Stale,
    /// There is no measurement.
    Missing,
}

/// The shares of success, in percent, from which a light is green, and from which it is orange.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    pub green: f64,
    pub orange: f64,
}

/// The impact of an incident on one service.
#[derive(Debug, Clone, Copy)]
pub struct HealthImpact {
    pub began: Timestamp,
    /// `None` if it is not over.
    pub ended: Option<Timestamp>,
    pub level: HealthLevel,
}

/// An incident that a file tells of.
#[derive(Debug, Clone)]
pub struct HealthIncident {
    /// The place of the entry.
    pub span: Span,
    /// The permanent name, by which an analysis can name it.
    pub id: String,
    pub title: String,
    pub provider: String,
    pub services: Vec<String>,
    pub level: Option<HealthLevel>,
    pub began: Timestamp,
    /// `None` if it is not over.
    pub ended: Option<Timestamp>,
    /// How far the repair has come; may be empty.
    pub phase: String,
    /// The last thing that was said of it; may be empty.
    pub last_update: String,
}

impl Default for Thresholds {
    /// Those for requests to an API in the dashboards of the OpenStack health monitor: red below 99 %, green from
    /// 99.9 % on.
    fn default() -> Self {
        Thresholds { green: 99.9, orange: 99.0 }
    }
}

impl Thresholds {
    fn level(self, success: f64) -> HealthLevel {
        match success {
            success if success >= self.green => HealthLevel::Green,
            success if success >= self.orange => HealthLevel::Orange,
            _ => HealthLevel::Red,
        }
    }
}

impl HealthLevel {
    /// The name in data files and style sheets.
    pub const fn as_str(self) -> &'static str {
        match self {
            HealthLevel::Green => "green",
            HealthLevel::Orange => "orange",
            HealthLevel::Red => "red",
        }
    }
}

impl HealthIncident {
    /// Whether it has begun and is not over. Planned work is announced as an incident that begins later.
    pub fn is_open(&self, today: Date) -> bool {
        day_of(self.began) <= today && self.ended.is_none_or(|ended| day_of(ended) > today)
    }
}

impl LightState {
    /// The name in data files and style sheets.
    pub const fn as_str(self) -> &'static str {
        match self {
            LightState::Measured(level) => level.as_str(),
            LightState::Stale => "stale",
            LightState::Missing => "missing",
        }
    }
}

impl Measurement {
    /// The light on a day.
    pub fn light(&self, today: Date) -> LightState {
        match (self.level, self.last_day()) {
            (Some(_), Some(last)) if last < today => LightState::Stale,
            (Some(level), Some(_)) => LightState::Measured(level),
            _ => LightState::Missing,
        }
    }

    /// The last day on which the measurement counts.
    pub fn last_day(&self) -> Option<Date> {
        Some(day_of(self.measured_at?).saturating_add(self.stale_after.days()))
    }
}

/// A share in percent as readers see it: at most four digits after the point, none that says nothing.
pub struct Percent(pub f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Cut, not rounded: what is below a threshold must not look as if it reached it.
        let text = self.0.to_string();
        let text = match text.find('.') {
            Some(point) => text[..text.len().min(point + 5)].trim_end_matches('0').trim_end_matches('.'),
            None => &text,
        };
        write!(f, "{text} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;
    use crate::source::Source;

    fn file(text: &str) -> HealthFile {
        let mut problems = Vec::new();
        let path = FilePath::new("data/health/a.json").unwrap();
        let file = read(&Source::new(path, text), day("2026-11-21"), &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        file
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn thresholds_decide_and_age_withholds_the_light() {
        let text = |success: &str| {
            format!(
                r#"{{"provider": "A", "measured_at": "2026-11-20T23:59:59Z", "lights": [{{"service": "B"{success}}}]}}"#
            )
        };
        let light =
            |success: &str, today: &str| file(&text(success)).measurements[0].light(day(today)).as_str();
        for (success, state) in [
            (r#", "success": 100"#, "green"),
            (r#", "success": 99.95"#, "green"),
            (r#", "success": 99.9"#, "green"),
            (r#", "success": 99.5"#, "orange"),
            (r#", "success": 99"#, "orange"),
            (r#", "success": 98.0"#, "red"),
            (r#", "requests": 1000, "failed": 1"#, "green"),
            (r#", "requests": 1000, "failed": 2"#, "orange"),
            (r#", "requests": 0, "failed": 0"#, "missing"),
            (r#", "success": null"#, "missing"),
            ("", "missing"),
            (r#", "success": 99.5, "thresholds": {"green": 99, "orange": 98}"#, "green"),
        ] {
            assert_eq!(light(success, "2026-11-21"), state, "{success}");
        }
        assert_eq!(light(r#", "success": 100"#, "2026-11-22"), "stale");
        assert_eq!(light(r#", "success": 100, "stale_after_days": 30"#, "2026-12-20"), "green");
        assert_eq!(light("", "2026-11-22"), "missing");
    }

    #[test]
    fn a_day_without_data_has_no_level() {
        let file = file(
            r#"{"provider": "A", "lights": [{"service": "B", "days": {"2026-11-21": 99.95, "2026-11-19": 98, "2026-08-24": 99.5, "2026-08-23": 1}}]}"#,
        );
        let days: Vec<(Date, Option<HealthLevel>)> =
            file.measurements[0].days.iter().map(|measured| (measured.day, measured.level)).collect();
        assert_eq!(days.len(), 90);
        assert_eq!(days[0], (day("2026-08-24"), Some(HealthLevel::Orange)));
        assert_eq!(
            days[87..],
            [
                (day("2026-11-19"), Some(HealthLevel::Red)),
                (day("2026-11-20"), None),
                (day("2026-11-21"), Some(HealthLevel::Green)),
            ]
        );
    }

    #[test]
    fn percents_have_no_idle_digits() {
        let text = |number| Percent(number).to_string();
        assert_eq!(
            (&*text(100.0), &*text(99.95), &*text(99.123456), &*text(0.0)),
            ("100 %", "99.95 %", "99.1234 %", "0 %")
        );
        assert_eq!(text(99.8999999999), "99.8999 %");
    }
}
