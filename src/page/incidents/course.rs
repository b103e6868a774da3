//! When things happened, by the rows of a report's timeline: what its drawing shows between the points of front matter.
//!
//! Owns how a written time becomes an instant. Rows are taken to be written like the beginning in front matter: in its
//! year, with its offset, and on its day where they name only the hour. What cannot be told is left out.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::timeline::{TIMELINE, beginning, numbers_in};
use super::{POINTS, Report};
use crate::kinds::Moment;

/// At most this many are kept.
const MOST: usize = 200;

/// Seconds since 1970, in the order of the rows. Empty where front matter does not say when it began.
pub(super) fn events(report: &Report<'_>) -> Vec<i64> {
    let Some(start) = report.front.data.time(POINTS[0]) else { return Vec::new() };
    let blocks = report.sections(TIMELINE).flat_map(|part| part.blocks);
    let mut course = Course::beginning(start);
    let rows = blocks.filter(|block| beginning(block));
    rows.filter_map(|block| course.read(&block.text)).take(MOST).collect()
}

/// How far the rows have come.
struct Course {
    start: DateTime,
    offset: Offset,
    /// The last row that names only the hour.
    last: Option<DateTime>,
}

impl Course {
    fn beginning(start: &Moment) -> Course {
        let offset = start.offset();
        Course { start: offset.to_datetime(start.timestamp), offset, last: None }
    }

    fn read(&mut self, text: &str) -> Option<i64> {
        let numbers = numbers_in(text);
        let at = match numbers.as_slice() {
            [year, month, day, hour, minute] => moment(*year, (*month, *day), (*hour, *minute)),
            [month, day, hour, minute] => self.nearest((*month, *day), (*hour, *minute)),
            [hour, minute] => self.following((*hour, *minute)),
            _ => None,
        }?;
        self.offset.to_timestamp(at).ok().map(|at| at.as_second())
    }

    /// In the year in which it lies nearest to the beginning.
    fn nearest(&self, day: (u16, u16), time: (u16, u16)) -> Option<DateTime> {
        let year = self.start.year().unsigned_abs();
        let years = [year - 1, year, year + 1].into_iter().filter_map(|year| moment(year, day, time));
        years.min_by_key(|at| days(*at, self.start).abs())
    }

    /// On the day of the row before; what is much earlier on the clock is the next morning.
    fn following(&mut self, (hour, minute): (u16, u16)) -> Option<DateTime> {
        let before = self.last.unwrap_or(self.start);
        let at = on(before.date(), (hour, minute))?;
        let turned = days_in_hours(at, before);
        let at = match self.last {
            None if turned > 12 => at.checked_sub(1.day()).ok()?,
            None if turned < -12 => at.checked_add(1.day()).ok()?,
            Some(before) if at < before => at.checked_add(1.day()).ok()?,
            _ => at,
        };
        self.last = Some(at);
        Some(at)
    }
}

fn moment(year: u16, (month, day): (u16, u16), time: (u16, u16)) -> Option<DateTime> {
    let small = |number: u16| i8::try_from(number).ok();
    on(Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?, time)
}

fn on(day: Date, (hour, minute): (u16, u16)) -> Option<DateTime> {
    let small = |number: u16| i8::try_from(number).ok();
    let time = jiff::civil::Time::new(small(hour)?, small(minute)?, 0, 0).ok()?;
    Some(day.to_datetime(time))
}

fn days(at: DateTime, other: DateTime) -> i64 {
    days_in_hours(at, other) / 24
}

fn days_in_hours(at: DateTime, other: DateTime) -> i64 {
    at.duration_since(other).as_hours()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(start: &str, rows: &[&str]) -> Vec<String> {
        let mut course = Course::beginning(&Moment::parse(start).unwrap());
        let seconds = rows.iter().filter_map(|row| course.read(row));
        seconds.map(|at| jiff::Timestamp::from_second(at).unwrap().strftime("%F %R").to_string()).collect()
    }

    #[test]
    fn a_day_without_a_year_lies_near_the_beginning() {
        let rows = ["12-30 23:00 a", "01-02 01:00 b", "2025-12-31 10:00"];
        assert_eq!(
            read("2026-01-01T00:10:00Z", &rows),
            ["2025-12-30 23:00", "2026-01-02 01:00", "2025-12-31 10:00"]
        );
    }

    #[test]
    fn an_hour_follows_the_row_before_and_has_the_offset_of_the_beginning() {
        let rows = ["23:50", "00:10", "02:00", "25:00"];
        assert_eq!(
            read("2026-06-01T23:55:00+02:00", &rows),
            ["2026-06-01 21:50", "2026-06-01 22:10", "2026-06-02 00:00"]
        );
        assert_eq!(
            read("2026-06-01T00:05:00Z", &["23:50", "00:10"]),
            ["2026-05-31 23:50", "2026-06-01 00:10"]
        );
    }

    #[test]
    fn the_german_form_names_the_day_first() {
        assert_eq!(read("2026-09-17T01:00:00Z", &["16.09. 12:00"]), ["2026-09-16 12:00"]);
    }
}
