//! The time scale of a drawing: the period that it shows, and the mapping from a time to a pixel.
//!
//! Owns the choice of ticks and their labels. Knows no shapes.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The distances between ticks to choose from, in seconds.
const STEPS: [i64; 17] = [
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    90 * DAY,
];

/// The period of a drawing has fewer whole steps between ticks than this.
const MOST: i64 = 8;

/// A period of time on a range of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeScale {
    /// The start of the period, in seconds since 1970.
    pub from: i64,
    /// The end of the period, in seconds since 1970; later than `from`.
    pub to: i64,
    /// The pixel of `from`, from the left.
    pub start: i64,
    /// The number of pixels from `from` to `to`.
    pub width: i64,
}

impl TimeScale {
    /// The period from the first point to the last, extended to the events shortly before and after: on each side by at
    /// most a quarter of its length, or one minute where that is more.
    pub fn new((first, last): (i64, i64), events: &[i64], (start, width): (i64, i64)) -> TimeScale {
        let room = ((last - first) / 4).max(MINUTE);
        let near = |at: &&i64| (first - room..=last + room).contains(*at);
        let shown = || events.iter().filter(near).copied();
        let from = shown().min().unwrap_or(first).min(first);
        let to = shown().max().unwrap_or(last).max(last);
        TimeScale { from, to: to.max(from + MINUTE), start, width }
    }

    /// The pixel of a time, from the left, rounded. Times outside the period are at its ends.
    pub fn place(&self, at: i64) -> i64 {
        let at = at.clamp(self.from, self.to) - self.from;
        let span = self.to - self.from;
        self.start + (at * self.width + span / 2) / span
    }

    pub fn holds(&self, at: i64) -> bool {
        (self.from..=self.to).contains(&at)
    }

    /// Round times, with their labels.
    pub fn ticks(&self) -> Vec<(i64, String)> {
        let span = self.to - self.from;
        let fits = |step: &&i64| span / **step < MOST;
        let step = STEPS.iter().find(fits).copied().unwrap_or_else(|| span / MOST + 1);
        // Multiples of the step since 1970 are round in UTC; the first one may be before the period.
        let first = self.from.div_euclid(step) * step;
        let times = (0..=MOST + 1).map(|count| first + count * step).filter(|at| self.holds(*at));
        times.map(|at| (at, if at % DAY == 0 { day(at) } else { clock(at) })).collect()
    }
}

/// The time of day, UTC: `01:52`.
pub fn clock(at: i64) -> String {
    let at = utc(at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// Month and day, UTC: `09-17`.
pub(super) fn day(at: i64) -> String {
    let at = utc(at);
    format!("{:02}-{:02}", at.month(), at.day())
}

/// The whole day, UTC: `2026-09-17`.
pub(super) fn date(at: i64) -> String {
    utc(at).date().to_string()
}

fn utc(at: i64) -> DateTime {
    Offset::UTC.to_datetime(Timestamp::from_second(at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(from: i64, to: i64) -> Vec<String> {
        TimeScale::new((from, to), &[], (0, 700)).ticks().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn ticks_are_round_for_minutes_hours_and_days() {
        assert_eq!(ticks(0, 4 * MINUTE), ["01-01", "00:01", "00:02", "00:03", "00:04"]);
        assert_eq!(
            ticks(7 * MINUTE, 81 * MINUTE),
            ["00:10", "00:20", "00:30", "00:40", "00:50", "01:00", "01:10", "01:20"]
        );
        assert_eq!(ticks(20 * HOUR, 30 * HOUR), ["20:00", "22:00", "01-02", "02:00", "04:00", "06:00"]);
        assert_eq!(ticks(0, 5 * DAY), ["01-01", "01-02", "01-03", "01-04", "01-05", "01-06"]);
        assert!(ticks(0, 4000 * DAY).len() <= 9);
    }

    #[test]
    fn events_shortly_before_and_after_make_room_and_far_ones_do_not() {
        let scale = TimeScale::new((1000, 2000), &[900, 2100, -50_000, 9_000], (0, 100));
        assert_eq!((scale.from, scale.to), (900, 2100));
        assert_eq!((scale.place(-50_000), scale.place(1500), scale.place(9_000)), (0, 50, 100));
    }
}
