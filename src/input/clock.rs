//! Which day it is. ⚡
//!
//! Owns the one look at the clock that a build's output may depend on: reviews become due, updates overdue. Whoever
//! wants the same bytes on another day names the day (`--today`, or the variable that reproducible builds use).

#![expect(clippy::disallowed_methods, reason = "reads the clock and one variable")]

use std::env;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Seconds since 1970 that stand for the time of a build; see reproducible-builds.org.
const FIXED: &str = "SOURCE_DATE_EPOCH";

/// The time of the build.
pub fn now() -> Timestamp {
    let fixed = env::var(FIXED).ok().and_then(|text| text.trim().parse().ok());
    let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |past| past.as_secs());
    let seconds: i64 = fixed.unwrap_or_else(|| i64::try_from(now()).unwrap_or(i64::MAX));
    Timestamp::from_second(seconds).unwrap_or_default()
}

/// The day of a time in UTC.
pub fn day(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

/// The beginning of a day in UTC.
pub fn beginning(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}
