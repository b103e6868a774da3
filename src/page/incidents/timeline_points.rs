//! The instants of the rows of a timeline, for its drawing.
//!
//! This module owns how a written time becomes an instant. The beginning in front matter supplies the missing parts: the
//! year, the UTC offset, and the day of a row that has only the time of day. Rows without an instant are left out.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

use super::timeline::{TIMELINE, beginnings, clock, numbers_in};
use super::{POINTS, Report};
use crate::kinds::Moment;
use crate::markdown::Block;

/// The largest number of instants of a report.
const MOST: usize = 200;

/// A row of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimelineEvent {
    /// Seconds since 1970.
    pub at: i64,
    /// The number of the block that begins the row.
    pub block: u32,
}

/// The rows with an instant, in their order. Empty if front matter has no beginning.
pub(super) fn events(report: &Report<'_>) -> Vec<TimelineEvent> {
    let Some(start) = report.front.data.time(POINTS[0]) else { return Vec::new() };
    let mut course = TimelineProgress::beginning(start);
    let parts = report.sections(TIMELINE);
    let rows = parts.flat_map(|part| beginnings(part.blocks, start.offset()));
    let event = |(block, offset): (&Block, Offset)| {
        let at = course.read(&block.text, offset)?.as_second();
        Some(TimelineEvent { at, block: block.number })
    };
    rows.filter_map(event).take(MOST).collect()
}

/// The position in time of the rows read so far.
struct TimelineProgress {
    start: Timestamp,
    /// The instant of the last row without a day.
    last: Option<Timestamp>,
}

impl TimelineProgress {
    fn beginning(start: &Moment) -> TimelineProgress {
        TimelineProgress { start: start.timestamp, last: None }
    }

    /// The instant of a row whose time has the UTC offset `offset`.
    fn read(&mut self, text: &str, offset: Offset) -> Option<Timestamp> {
        let start = offset.to_datetime(self.start);
        let at = match numbers_in(text).as_slice() {
            [year, month, day, hour, minute] => clock(*year, (*month, *day), (*hour, *minute)),
            [month, day, hour, minute] => nearest(start, (*month, *day), (*hour, *minute)),
            [hour, minute] => return self.following((*hour, *minute), offset),
            _ => None,
        }?;
        offset.to_timestamp(at).ok()
    }

    /// The instant of a time of day: on the day of the row before, or on the next day if it is earlier.
    fn following(&mut self, time: (u16, u16), offset: Offset) -> Option<Timestamp> {
        let before = offset.to_datetime(self.last.unwrap_or(self.start));
        let at = clock(before.year().unsigned_abs(), day(before), time)?;
        // The first row may lie shortly before the beginning, on the other side of midnight.
        let turned = at.duration_since(before).as_hours();
        let at = match self.last {
            None if turned > 12 => at.checked_sub(1.day()).ok()?,
            None if turned < -12 => at.checked_add(1.day()).ok()?,
            Some(_) if at < before => at.checked_add(1.day()).ok()?,
            _ => at,
        };
        self.last = Some(offset.to_timestamp(at).ok()?);
        self.last
    }
}

/// A day and a time in the year in which they are nearest to the beginning.
fn nearest(start: DateTime, day: (u16, u16), time: (u16, u16)) -> Option<DateTime> {
    let year = start.year().unsigned_abs();
    let years = [year - 1, year, year + 1].into_iter().filter_map(|year| clock(year, day, time));
    years.min_by_key(|at| at.duration_since(start).abs())
}

fn day(at: DateTime) -> (u16, u16) {
    (u16::from(at.month().unsigned_abs()), u16::from(at.day().unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(start: &str, rows: &[&str]) -> Vec<String> {
        let start = Moment::parse(start).unwrap();
        read_in(&start, &rows.iter().map(|row| (*row, start.offset())).collect::<Vec<_>>())
    }

    fn read_in(start: &Moment, rows: &[(&str, Offset)]) -> Vec<String> {
        let mut course = TimelineProgress::beginning(start);
        let times = rows.iter().filter_map(|(row, offset)| course.read(row, *offset));
        times.map(|at| at.strftime("%F %R").to_string()).collect()
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

    #[test]
    fn rows_of_several_offsets_are_placed_by_what_they_mean() {
        let [utc, summer] = [Offset::UTC, Offset::from_hours(2).unwrap()];
        let start = Moment::parse("2026-06-01T23:30:00+02:00").unwrap();
        let rows = [("23:40", summer), ("21:50", utc), ("00:10", summer), ("22:20", utc)];
        assert_eq!(
            read_in(&start, &rows),
            ["2026-06-01 21:40", "2026-06-01 21:50", "2026-06-01 22:10", "2026-06-01 22:20"]
        );
        // In UTC the beginning lies in the year before.
        let start = Moment::parse("2026-01-01T01:00:00+02:00").unwrap();
        assert_eq!(
            read_in(&start, &[("12-31 23:30", utc), ("01:05", summer)]),
            ["2025-12-31 23:30", "2025-12-31 23:05"]
        );
    }
}
