//! The last days of a service, each with its level.
//!
//! This module owns [`MeasuredDay`], and how measurements or incidents become levels of days. Days are those in UTC.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{HealthImpact, HealthLevel, Thresholds};
use crate::utc::day_of;

/// The number of days, with the day of the build.
pub const HISTORY_DAYS: i64 = 90;

const LEVELS: [HealthLevel; 3] = [HealthLevel::Green, HealthLevel::Orange, HealthLevel::Red];

/// A service on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasuredDay {
    pub day: Date,
    /// `None` for a day without data.
    pub level: Option<HealthLevel>,
    /// The share of success in percent, where the file has it.
    pub success: Option<f64>,
}

/// The last days, the oldest first.
fn last_days(today: Date) -> impl Iterator<Item = Date> {
    (0..HISTORY_DAYS).rev().map(move |ago| today.saturating_sub(ago.days()))
}

/// From the success of each day in percent.
pub(super) fn of_successes(
    successes: &BTreeMap<Date, f64>,
    thresholds: Thresholds,
    today: Date,
) -> Vec<MeasuredDay> {
    let measured = |day: Date| {
        let success = successes.get(&day).copied();
        MeasuredDay { day, level: success.map(|success| thresholds.level(success)), success }
    };
    last_days(today).map(measured).collect()
}

/// The incidents that are known of a service.
pub(super) struct ImpactHistory<'a> {
    pub impacts: &'a [HealthImpact],
    /// From this day on all incidents are known, so a day without one is green.
    pub since: Option<Date>,
    /// Nothing is known of later days.
    pub until: Date,
}

/// From incidents: the worst level of a day counts. Takes time in proportion to incidents and days.
pub(super) fn of_impacts(history: &ImpactHistory<'_>, today: Date) -> Vec<MeasuredDay> {
    let days: Vec<Date> = last_days(today).collect();
    let offset = |day: Date| days.partition_point(|known| *known < day);
    // For each level: impacts that begin on the day, less those that ended before it.
    let mut changes = vec![[0_i64; LEVELS.len()]; days.len() + 1];
    for impact in history.impacts {
        let begin = offset(day_of(impact.began));
        let end = impact.ended.map_or(days.len(), |ended| offset(day_of(ended).saturating_add(1.days())));
        changes[begin][impact.level as usize] += 1;
        changes[end.max(begin)][impact.level as usize] -= 1;
    }
    let mut current = [0_i64; LEVELS.len()];
    let mut measured = Vec::with_capacity(days.len());
    for (day, change) in days.into_iter().zip(changes) {
        for (count, change) in current.iter_mut().zip(change) {
            *count += change;
        }
        let worst = LEVELS.into_iter().rev().find(|level| current[*level as usize] > 0);
        let is_complete = history.since.is_some_and(|since| since <= day);
        let level = worst.or(is_complete.then_some(HealthLevel::Green));
        measured.push(MeasuredDay { day, level: level.filter(|_| day <= history.until), success: None });
    }
    measured
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_worst_incident_of_a_day_counts() {
        let impact = |level, began: &str, ended: Option<&str>| HealthImpact {
            began: began.parse().unwrap(),
            ended: ended.map(|ended| ended.parse().unwrap()),
            level,
        };
        let impacts = [
            impact(HealthLevel::Orange, "2026-01-01T00:00:00Z", Some("2026-01-02T00:00:00Z")),
            impact(HealthLevel::Red, "2026-01-01T00:00:00Z", Some("2026-08-24T12:00:00Z")),
            impact(HealthLevel::Orange, "2026-11-15T22:00:00Z", Some("2026-11-17T01:00:00Z")),
            impact(HealthLevel::Red, "2026-11-16T10:00:00Z", Some("2026-11-16T11:00:00Z")),
            impact(HealthLevel::Orange, "2026-11-18T10:00:00Z", None),
            impact(HealthLevel::Red, "2026-12-18T10:00:00Z", None),
        ];
        let since = Some(day("2026-11-14"));
        let history = ImpactHistory { impacts: &impacts, since, until: day("2026-11-20") };
        let days = of_impacts(&history, day("2026-11-21"));
        let level = |index: usize| days[index].level.map_or("none", HealthLevel::as_str);
        assert_eq!((days.len(), days[0].day, days[89].day), (90, day("2026-08-24"), day("2026-11-21")));
        assert_eq!((level(0), level(1), level(81)), ("red", "none", "none"));
        let last: Vec<&str> = (82..90).map(level).collect();
        assert_eq!(last, ["green", "orange", "red", "orange", "orange", "orange", "orange", "none"]);
    }
}
