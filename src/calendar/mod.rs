//! Calendars: events that take place once or repeatedly.
//!
//! Owns [`CalendarEvent`] and the days on which it takes place. `read` knows the files, which have the form of yaml2ics.
//! An event keeps its wall time: at 10:05 in Europe/Berlin it is at 10:05 before and after a change of the clocks.

mod read;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::path::FilePath;
use crate::source::Span;

pub use read::read;

/// The events of a file.
#[derive(Debug, Clone)]
pub struct CalendarFile {
    pub file: FilePath,
    /// The name for readers, if the file gives one.
    pub name: Option<String>,
    /// The files whose events belong to it as well, each with the place that names it.
    pub includes: Vec<(FilePath, Span)>,
    pub events: Vec<CalendarEvent>,
}

/// An event.
#[derive(Debug, Clone)]
pub struct CalendarEvent {
    /// The place of its summary.
    pub span: Span,
    pub summary: String,
    pub description: String,
    /// A room or an address.
    pub location: String,
    pub url: Option<String>,
    /// The id that calendar programs know it by, if the file gives one.
    pub uid: Option<String>,
    /// A suffix for the id in the iCalendar file, where an earlier event has the same `uid`, or the same summary and begin.
    /// Usually empty.
    pub id_suffix: String,
    /// When it begins for the first time, as wall time in its time zone.
    pub begin: DateTime,
    pub length: SignedDuration,
    /// `None` for an event of whole days.
    pub zone: Option<EventZone>,
    pub repeat: Option<Repetition>,
}

/// The time zone of an event.
#[derive(Debug, Clone)]
pub struct EventZone {
    /// Such as `Europe/Berlin`; for a fixed offset `UTC+02:00`.
    pub name: String,
    pub rules: TimeZone,
}

/// How an event repeats.
#[derive(Debug, Clone)]
pub struct Repetition {
    /// The number of units from one time to the next; at least 1.
    pub every: u16,
    pub unit: RepetitionUnit,
    /// The last moment at which it may begin; `None` if it has no end.
    pub until: Option<DateTime>,
    /// When it does not take place, each with its place in the file.
    pub except_on: Vec<(EventDay, Span)>,
    /// When it takes place in addition.
    pub also_on: Vec<EventDay>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepetitionUnit {
    Day,
    Week,
    Month,
    Year,
}

/// A day, or the wall time on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventDay {
    Day(Date),
    Time(DateTime),
}

/// One time at which an event takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventOccurrence {
    pub start: Timestamp,
    pub end: Timestamp,
    /// The same moment as `start`, as wall time in the time zone of the event.
    pub begin: DateTime,
}

/// The most times in a row that may be called off before an event counts as over.
const MOST_CALLED_OFF: usize = 10_000;

impl EventDay {
    fn date(self) -> Date {
        match self {
            EventDay::Day(date) => date,
            EventDay::Time(time) => time.date(),
        }
    }

    fn covers(self, begin: DateTime) -> bool {
        match self {
            EventDay::Day(date) => begin.date() == date,
            EventDay::Time(time) => begin == time,
        }
    }

    /// The wall time. A day without a time has that of the event.
    pub fn at_time_of(self, event: &CalendarEvent) -> DateTime {
        match self {
            EventDay::Day(date) => date.to_datetime(event.begin.time()),
            EventDay::Time(time) => time,
        }
    }
}

impl CalendarEvent {
    /// The occurrences that begin from one day to another, both included, in order. The work is proportional to the number
    /// of days, however long ago the event began for the first time.
    pub fn occurrences(&self, from: Date, to: Date) -> Vec<EventOccurrence> {
        let mut begins = self.regular(from, to);
        if let Some(repeat) = &self.repeat {
            begins.retain(|begin| !repeat.excepts(*begin));
            let also = repeat.also_on.iter().filter(|also| (from..=to).contains(&also.date()));
            begins.extend(also.map(|also| also.at_time_of(self)));
        }
        begins.sort_unstable();
        begins.dedup();
        begins.into_iter().filter_map(|begin| self.occurrence(begin)).collect()
    }

    /// The first time at which the event begins on a day or later, however far ahead.
    pub fn next(&self, from: Date) -> Option<EventOccurrence> {
        let Some(repeat) = &self.repeat else {
            return RegularTimes::new(self, from).next().and_then(|begin| self.occurrence(begin));
        };
        let regular =
            RegularTimes::new(self, from).take(MOST_CALLED_OFF).find(|begin| !repeat.excepts(*begin));
        let also = repeat.also_on.iter().map(|also| also.at_time_of(self)).filter(|time| time.date() >= from);
        self.occurrence(also.chain(regular).min()?)
    }

    /// Whether the repetition has a time on that day, so that an exception on it removes something.
    pub fn has_regular(&self, day: EventDay) -> bool {
        self.regular(day.date(), day.date()).into_iter().any(|begin| day.covers(begin))
    }

    /// The times of the repetition, without exceptions and additions.
    fn regular(&self, from: Date, to: Date) -> Vec<DateTime> {
        RegularTimes::new(self, from).take_while(|begin| begin.date() <= to).collect()
    }

    fn occurrence(&self, begin: DateTime) -> Option<EventOccurrence> {
        let zone = self.zone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone());
        let start = begin.to_zoned(zone).ok()?.timestamp();
        Some(EventOccurrence { start, end: start.checked_add(self.length).ok()?, begin })
    }

    /// The last day of a time that begins at `begin`. Midnight at its end belongs to the day before.
    pub fn last_day(&self, begin: DateTime) -> Date {
        let last = self.length.saturating_sub(SignedDuration::from_nanos(1));
        begin.checked_add(last).map_or(Date::MAX, DateTime::date)
    }
}

impl Repetition {
    fn excepts(&self, begin: DateTime) -> bool {
        self.except_on.iter().any(|(except, _)| except.covers(begin))
    }
}

/// The times of a repetition from a day on, in order, without exceptions and additions.
struct RegularTimes<'a> {
    event: &'a CalendarEvent,
    from: Date,
    /// The number of the next time; `None` if there is none.
    step: Option<i64>,
}

impl<'a> RegularTimes<'a> {
    fn new(event: &'a CalendarEvent, from: Date) -> RegularTimes<'a> {
        let first = event.begin.date();
        // Starts near `from` instead of at the first time, because an event may have begun thousands of steps before.
        let begun = from.max(first);
        let step = event.repeat.as_ref().map_or(0, |repeat| {
            let every = i64::from(repeat.every);
            match repeat.unit {
                RepetitionUnit::Day => days_between(first, begun) / every,
                RepetitionUnit::Week => days_between(first, begun) / (7 * every),
                RepetitionUnit::Month => months_between(first, begun) / every,
                RepetitionUnit::Year => months_between(first, begun) / (12 * every),
            }
        });
        RegularTimes { event, from, step: Some(step) }
    }

    /// The day of a step; `None` after the last one. For a month that does not have the day it is the last day of the month,
    /// which `next` skips.
    fn day(&self, step: i64) -> Option<Date> {
        let first = self.event.begin.date();
        let Some(repeat) = &self.event.repeat else { return (step == 0).then_some(first) };
        let count = step.checked_mul(i64::from(repeat.every))?;
        let span = match repeat.unit {
            RepetitionUnit::Day => jiff::Span::new().try_days(count),
            RepetitionUnit::Week => jiff::Span::new().try_weeks(count),
            RepetitionUnit::Month => jiff::Span::new().try_months(count),
            RepetitionUnit::Year => jiff::Span::new().try_years(count),
        };
        first.checked_add(span.ok()?).ok()
    }
}

impl Iterator for RegularTimes<'_> {
    type Item = DateTime;

    fn next(&mut self) -> Option<DateTime> {
        let repeat = self.event.repeat.as_ref();
        let same_day = match repeat.map(|repeat| repeat.unit) {
            Some(RepetitionUnit::Month | RepetitionUnit::Year) => Some(self.event.begin.day()),
            Some(RepetitionUnit::Day | RepetitionUnit::Week) | None => None,
        };
        loop {
            let step = self.step.take()?;
            let date = self.day(step)?;
            self.step = Some(step + 1);
            let begin = date.to_datetime(self.event.begin.time());
            if repeat.and_then(|repeat| repeat.until).is_some_and(|until| begin > until) {
                self.step = None;
                return None;
            }
            // RFC 5545, 3.3.10: a day that a month does not have is left out, not moved.
            if begin.date() >= self.from && same_day.is_none_or(|day| begin.day() == day) {
                return Some(begin);
            }
        }
    }
}

fn days_between(one: Date, other: Date) -> i64 {
    (other - one).get_days().into()
}

fn months_between(one: Date, other: Date) -> i64 {
    let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    // A month that is not complete does not count.
    (months(other) - months(one) - i64::from(other.day() < one.day())).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn event(yaml: &str) -> CalendarEvent {
        let file = FilePath::new("data/calendar/a.yaml").unwrap();
        let text = format!(
            "timezone: Europe/Berlin\nevents:\n  - summary: A\n    {}\n",
            yaml.replace('\n', "\n    ")
        );
        let mut problems = Vec::new();
        let read = read(&Source::new(file, text), &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        read.unwrap().events.remove(0)
    }

    fn begins(event: &CalendarEvent, from: &str, to: &str) -> Vec<String> {
        let occurrences = event.occurrences(from.parse().unwrap(), to.parse().unwrap());
        occurrences.iter().map(|found| found.start.to_string()).collect()
    }

    #[test]
    fn the_wall_time_stays_the_same_when_the_clocks_change() {
        let event = event(
            "begin: 2026-10-11 10:05:00\nduration: {minutes: 50}\nrepeat: {interval: {weeks: 1}, until: 2027-04-30}",
        );
        assert_eq!(
            begins(&event, "2026-10-18", "2026-11-01"),
            ["2026-10-18T08:05:00Z", "2026-10-25T09:05:00Z", "2026-11-01T09:05:00Z"]
        );
        assert_eq!(
            begins(&event, "2027-03-21", "2027-03-28"),
            ["2027-03-21T09:05:00Z", "2027-03-28T08:05:00Z"]
        );
        assert_eq!(begins(&event, "2027-04-19", "2027-12-31"), ["2027-04-25T08:05:00Z"]);
    }

    #[test]
    fn exceptions_are_left_out_and_other_days_are_added() {
        let event = event(
            "begin: 2026-12-01 10:00\nduration: {hours: 1}\nrepeat:\n  interval: {days: 2}\n  until: 2026-12-07\n  \
             except_on: [2026-12-03, 2026-12-05 10:00:00, 2026-12-07 11:00:00]\n  also_on: [2026-12-24 09:30:00, 2026-12-02]",
        );
        assert_eq!(
            begins(&event, "2026-01-01", "2027-01-01"),
            ["2026-12-01T09:00:00Z", "2026-12-02T09:00:00Z", "2026-12-07T09:00:00Z", "2026-12-24T08:30:00Z"]
        );
        let except = &event.repeat.as_ref().unwrap().except_on;
        let regular: Vec<bool> = except.iter().map(|(day, _)| event.has_regular(*day)).collect();
        assert_eq!(regular, [true, true, false]);
    }

    #[test]
    fn a_day_that_a_month_does_not_have_is_left_out() {
        let monthly = event("begin: 2026-01-31\nrepeat: {interval: {months: 1}}");
        assert_eq!(
            begins(&monthly, "2026-02-01", "2026-05-31"),
            ["2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"]
        );
        let yearly = event("begin: 2024-02-29\nrepeat: {interval: {years: 1}}");
        assert_eq!(
            begins(&yearly, "2024-03-01", "2032-12-31"),
            ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]
        );
    }

    #[test]
    fn the_next_time_is_found_however_far_ahead_it_is() {
        let next = |event: &CalendarEvent, from: &str| {
            event.next(from.parse().unwrap()).map(|found| found.start.to_string())
        };
        assert_eq!(next(&event("begin: 2030-01-01"), "2026-11-24").unwrap(), "2030-01-01T00:00:00Z");
        let leap = event("begin: 2024-02-29\nrepeat: {interval: {years: 1}, except_on: [2028-02-29]}");
        assert_eq!(next(&leap, "2026-11-24").unwrap(), "2032-02-29T00:00:00Z");
        let also = event(
            "begin: 2026-01-01\nrepeat: {interval: {years: 2}, until: 2027-01-01, also_on: [2029-01-01]}",
        );
        assert_eq!(next(&also, "2026-11-24").unwrap(), "2029-01-01T00:00:00Z");
        assert_eq!(next(&also, "2029-01-02"), None);
        assert_eq!(next(&event("begin: 2026-01-01"), "2026-01-02"), None);
    }

    #[test]
    fn the_last_day_is_the_one_before_midnight() {
        let last = |yaml: &str| {
            let event = event(yaml);
            event.last_day(event.begin).to_string()
        };
        assert_eq!(last("begin: 2026-11-23\nend: 2026-11-25"), "2026-11-25");
        assert_eq!(last("begin: 2026-11-23"), "2026-11-23");
        assert_eq!(last("begin: 2026-11-23 22:00\nduration: {hours: 2}"), "2026-11-23");
        assert_eq!(last("begin: 2026-11-23 22:00\nduration: {hours: 3}"), "2026-11-24");
    }

    #[test]
    fn an_event_that_began_long_ago_is_found_at_once() {
        let daily = event("begin: 0001-01-01\nrepeat: {interval: {days: 1}}");
        assert_eq!(
            daily.occurrences("2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap()).len(),
            365
        );
        let far = event("begin: 2026-01-01\nrepeat: {interval: {years: 9000}}");
        assert_eq!(begins(&far, "2026-01-01", "9999-12-31"), ["2026-01-01T00:00:00Z"]);
    }
}
