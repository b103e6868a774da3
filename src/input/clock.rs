//! The day and the time of a build. Reads the clock.
//!
//! Owns the only use of the clock that may change a build's output: reviews become due, updates overdue. To get
//! the same bytes on another day, give the day with `--today`, or the time with `SOURCE_DATE_EPOCH`.

#![expect(clippy::disallowed_methods, reason = "reads the clock and one variable")]

use std::env;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::utc;

/// The variable with the time of the build in seconds since 1970; see reproducible-builds.org.
const FIXED: &str = "SOURCE_DATE_EPOCH";

/// The time of the build, in whole seconds: `SOURCE_DATE_EPOCH` where it is valid, else the clock.
pub fn now() -> Timestamp {
    let fixed = env::var(FIXED).ok().and_then(|text| text.trim().parse().ok());
    let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |past| past.as_secs());
    let seconds: i64 = fixed.unwrap_or_else(|| i64::try_from(now()).unwrap_or(i64::MAX));
    Timestamp::from_second(seconds).unwrap_or_default()
}

/// The beginning of a day in UTC.
pub fn beginning(day: Date) -> Timestamp {
    utc::midnight(day).unwrap_or(Timestamp::MIN)
}
