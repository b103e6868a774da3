//! Times, durations and revisions as readers see them.
//!
//! This module owns these small views, so that every page writes them in the same way: times absolute and in UTC. It
//! knows no kind of page.

use jiff::Timestamp;
use serde::Serialize;

use super::ChangeView;
use super::nav::PageLinks;
use crate::kinds::{DurationUnit, Kind, Moment, Period};
use crate::page::revisions::Revision;
use crate::site::Change;
use crate::strings::Strings;
use crate::utc;

/// A point in time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct TimeView {
    /// For `<time datetime>`.
    pub machine: String,
    /// `2026-11-20 01:52 UTC`.
    pub text: String,
    /// The time of day as the author wrote it, if not in UTC: `02:52 +01:00`.
    pub local: Option<String>,
}

/// A duration.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct DurationView {
    /// For `<time datetime>`: `PT74M`.
    pub machine: String,
    /// `1 h 14 min`.
    pub text: String,
}

/// A revision of the page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct RevisionView {
    pub version: String,
    /// `2026-11-21`.
    pub date: String,
    /// Empty where the kind has no states.
    pub state: String,
    pub summary: String,
}

impl TimeView {
    pub(super) fn of(moment: &Moment) -> TimeView {
        TimeView { local: moment.local(), ..TimeView::at(moment.timestamp) }
    }

    pub(super) fn at(timestamp: Timestamp) -> TimeView {
        TimeView { machine: timestamp.to_string(), text: utc::to_minute(timestamp), local: None }
    }
}

impl DurationView {
    /// The view of a number of seconds.
    pub(super) fn of(seconds: i64) -> DurationView {
        let machine = if seconds < 60 { format!("PT{seconds}S") } else { format!("PT{}M", seconds / 60) };
        DurationView { machine, text: utc::duration(seconds) }
    }
}

/// The day of a time in seconds since 1970: `2026-11-21`.
pub(super) fn day(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or_default().strftime("%Y-%m-%d").to_string()
}

/// A period in words, such as `6 months`.
pub(super) fn period(t: &Strings, period: Period) -> String {
    let unit = match period.unit {
        DurationUnit::Day => "unit.day",
        DurationUnit::Week => "unit.week",
        DurationUnit::Month => "unit.month",
        DurationUnit::Year => "unit.year",
    };
    t.counted(unit, usize::from(period.count))
}

pub(super) fn revisions(here: &PageLinks<'_>, kind: &Kind, revisions: &[Revision]) -> Vec<RevisionView> {
    let wording = here.wording(kind);
    let state = |state: &String| wording.value("revisions.state", state).to_owned();
    let view = |revision: &Revision| RevisionView {
        version: revision.version.clone(),
        date: revision.date.to_string(),
        state: revision.state.as_ref().map(state).unwrap_or_default(),
        summary: revision.summary.clone(),
    };
    revisions.iter().map(view).collect()
}

/// The last change of a page.
pub(super) fn change(change: &Change) -> ChangeView {
    let date = day(change.seconds);
    ChangeView {
        date,
        author: change.author.clone(),
        first: change.first.map(day),
        count: change.changes,
        contributors: change.contributors.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_written_for_machines_in_minutes_or_seconds() {
        assert_eq!(DurationView::of(74 * 60).machine, "PT74M");
        assert_eq!(DurationView::of(59).machine, "PT59S");
    }
}
