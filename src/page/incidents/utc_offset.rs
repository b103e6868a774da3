//! UTC offsets of written times.
//!
//! This module owns the forms of an offset after a time of day or in the heading of a column: `+02:00`, `Z`, `UTC`,
//! `UTC+2`, and the names of time zones in the lexicon. Names of several zones, such as `IST`, are not offsets. It must
//! not know pages.

use jiff::tz::Offset;

use crate::lexicon::Lexicon;

/// International names of the offset zero that may stand before an offset: `UTC+2`.
const BASES: [&str; 2] = ["UTC", "GMT"];

/// The offset in the text after hour and minute: `:30+02:00`, ` UTC`, ` (CEST)`.
pub(super) fn behind(rest: &str) -> Option<Offset> {
    let rest = without_seconds(rest);
    let spaced = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let bracketed = spaced.strip_prefix(['(', '[']).unwrap_or(spaced);
    // `01:31-02:00` is a range of times.
    let range = rest.starts_with(['-', '\u{2212}']);
    let signed = || if range { None } else { signed(bracketed, OffsetMinutes::Needed) };
    at_start(bracketed).or_else(signed)
}

/// The offset in the heading of a column: `Time (UTC)`, `Uhrzeit in MESZ`.
pub(super) fn named(head: &str) -> Option<Offset> {
    let mut before = ' ';
    let begins = head.char_indices().filter(|(_, c)| {
        let begins = !before.is_alphanumeric() && !c.is_whitespace();
        before = *c;
        begins
    });
    begins
        .map(|(at, _)| &head[at..])
        .find_map(|rest| at_start(rest).or_else(|| signed(rest, OffsetMinutes::Needed)))
}

/// Whether an offset may consist of hours alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OffsetMinutes {
    Needed,
    Spared,
}

/// The text after seconds such as `:30` and `:30.125`, which may stand before the offset.
fn without_seconds(rest: &str) -> &str {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let Some(seconds) = rest.strip_prefix(':').filter(|seconds| digits(seconds) == 2) else { return rest };
    let rest = &seconds[2..];
    match rest.strip_prefix('.') {
        Some(part) if digits(part) > 0 => &part[digits(part)..],
        _ => rest,
    }
}

/// The offset of a name at the beginning of a text, with the offset after the name.
fn at_start(text: &str) -> Option<Offset> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, rest) = text.split_at(length);
    let hours = match word {
        "Z" => 0,
        word if BASES.contains(&word) => 0,
        word => *Lexicon::all().utc_offsets.get(word)?,
    };
    let own = || Offset::from_hours(hours).ok().filter(|_| !rest.starts_with(char::is_alphanumeric));
    BASES.contains(&word).then(|| signed(rest, OffsetMinutes::Spared)).flatten().or_else(own)
}

/// The offset `+02:00` or `+0200`, and `+2` or `+02` where minutes may be spared.
fn signed(text: &str, minutes: OffsetMinutes) -> Option<Offset> {
    let mut chars = text.chars();
    let sign = match chars.next()? {
        '+' => 1,
        '-' | '\u{2212}' => -1,
        _ => return None,
    };
    let rest = chars.as_str();
    let is_part = |c: char| c.is_ascii_digit() || c == ':';
    let written = rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())].trim_end_matches(':');
    let (hours, quarter) = match (written.split_once(':'), written.len()) {
        (Some((hours, quarter)), 4 | 5) => (hours, quarter),
        (None, 4) => written.split_at(2),
        (None, 1 | 2) if minutes == OffsetMinutes::Spared => (written, "00"),
        _ => return None,
    };
    let (hours, quarter): (i32, i32) = (hours.parse().ok()?, quarter.parse().ok()?);
    let real = hours <= 14 && quarter % 15 == 0 && quarter < 60;
    real.then(|| Offset::from_seconds(sign * (hours * 60 + quarter) * 60).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(offset: Option<Offset>) -> Option<i32> {
        offset.map(|offset| offset.seconds() / 60)
    }

    #[test]
    fn an_offset_behind_a_time_is_read_as_people_write_it() {
        for (rest, want) in [
            ("Z", 0),
            ("Z: it began", 0),
            (" UTC", 0),
            (" (UTC)", 0),
            (":30Z", 0),
            (":30.125+02:00", 120),
            ("+02:00", 120),
            (" +0200 disk full", 120),
            (" -03:30", -210),
            (" \u{2212}05:00", -300),
            (" UTC+2", 120),
            (" UTC-03:30 x", -210),
            (" CEST, disk full", 120),
            ("\u{a0}MEZ", 60),
        ] {
            assert_eq!(minutes(behind(rest)), Some(want), "{rest}");
        }
    }

    #[test]
    fn what_is_no_offset_is_left_alone() {
        for rest in [
            "",
            " disk full",
            "-02:00 both nodes",
            " - 02:15",
            "\u{2013}02:15",
            " +5 min",
            " +20 nodes",
            " +02:07",
            " +25:00",
            " Zone A is down",
            " UTCX",
            " IST",
            ":3",
            " +",
            " +02:0:0:0",
        ] {
            assert_eq!(minutes(behind(rest)), None, "{rest}");
        }
    }

    #[test]
    fn the_head_of_a_column_may_name_the_offset() {
        for (head, want) in [
            ("Time (UTC)", Some(0)),
            ("UTC", Some(0)),
            ("Time, UTC+5:30", Some(330)),
            ("Uhrzeit in MESZ", Some(120)),
            ("Time (+02:00)", Some(120)),
            ("Time", None),
            ("Zeit", None),
            ("Time (local)", None),
        ] {
            assert_eq!(minutes(named(head)), want, "{head}");
        }
    }
}
