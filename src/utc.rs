//! Times in UTC and durations, as pages and data show them.
//!
//! This module owns the day of a moment, and the forms of moments, windows and durations for readers. It knows no clock.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The day of a moment.
pub fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// The first moment of a day; `None` at the end of the calendar.
pub fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
}

/// A moment to the minute: `2026-11-20 01:52 UTC`.
pub fn to_minute(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The time of day of a window whose day is known: `22:00–02:00 UTC`. A window over midnight names the day of its end.
pub fn hours(begin: Timestamp, end: Option<Timestamp>) -> String {
    let Some(end) = end else { return begin.strftime("%H:%M UTC").to_string() };
    let form = if day_of(begin) == day_of(end) { "%H:%M UTC" } else { "%Y-%m-%d %H:%M UTC" };
    format!("{}–{}", begin.strftime("%H:%M"), end.strftime(form))
}

/// A duration from its largest unit, such as `1 h 14 min`: whole minutes, because the times are read from clocks that
/// show minutes; seconds below one minute.
pub fn duration(seconds: i64) -> String {
    let minutes = seconds / 60;
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let with = |large: String, count: i64, unit: &str| match count {
        0 => large,
        count => format!("{large} {count} {unit}"),
    };
    match () {
        () if seconds < 60 => format!("{seconds} s"),
        () if minutes < 60 => format!("{minutes} min"),
        () if days < 2 => with(format!("{} h", minutes / 60), rest, "min"),
        () => with(format!("{days} d"), hours, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_from_their_largest_unit() {
        assert_eq!(duration(45), "45 s");
        assert_eq!(duration(74 * 60), "1 h 14 min");
        assert_eq!(duration(59 * 60 + 59), "59 min");
        assert_eq!(duration(2 * 3600), "2 h");
        assert_eq!(duration(47 * 3600 + 60), "47 h 1 min");
        assert_eq!(duration(51 * 3600), "2 d 3 h");
    }

    #[test]
    fn a_window_over_midnight_names_the_day_of_its_end() {
        let moment = |text: &str| text.parse::<Timestamp>().unwrap();
        let begin = moment("2026-11-20T22:00:30Z");
        assert_eq!(to_minute(begin), "2026-11-20 22:00 UTC");
        assert_eq!(hours(begin, None), "22:00 UTC");
        assert_eq!(hours(begin, Some(moment("2026-11-20T23:30:00Z"))), "22:00–23:30 UTC");
        assert_eq!(hours(begin, Some(moment("2026-11-21T02:00:00Z"))), "22:00–2026-11-21 02:00 UTC");
        assert_eq!(midnight(day_of(begin)), Some(moment("2026-11-20T00:00:00Z")));
    }
}
