//! Dates as people write them in file names, headings and sentences.
//!
//! This module owns the spellings: `2026-03-01` with any dash, `2026/03/01`, `1.3.2026`, `1 March 2026`,
//! `March 1, 2026`. The names of months are in the lexicon. A date needs a year: a guess would invent facts.

use std::ops::Range;

use jiff::civil::Date;

use crate::lexicon::Lexicon;

/// The first date in a text, and its range in bytes.
pub(super) fn first(text: &str) -> Option<(Date, Range<usize>)> {
    starts(text).find_map(|at| {
        let (date, length) = at_start(&text[at..])?;
        Some((date, at..at + length))
    })
}

/// The date that a text begins with, and its length in bytes.
pub(super) fn at_start(text: &str) -> Option<(Date, usize)> {
    // Most words are neither a number nor a month. One look at the first byte rejects them.
    let number = text.bytes().next()?.is_ascii_digit();
    if !number && !Lexicon::all().months.may_begin(text) {
        return None;
    }
    let (date, length) = numeric(text).or_else(|| day_first(text)).or_else(|| month_first(text))?;
    let ends = !text[length..].starts_with(|c: char| c.is_alphanumeric());
    ends.then_some((date, length))
}

/// The date that a file name begins with: `20260301`, `20260301-slug`, `2026-03-01-slug`.
pub(super) fn of_name(stem: &str) -> Option<Date> {
    let compact = stem.get(..8).filter(|name| name.bytes().all(|b| b.is_ascii_digit()));
    if let Some(name) = compact {
        let number = |range: Range<usize>| name[range].parse().ok();
        let rest = &stem[8..];
        let free = !rest.starts_with(|c: char| c.is_alphanumeric());
        return free
            .then(|| Date::new(number(0..4)?, number(4..6)? as i8, number(6..8)? as i8).ok())
            .flatten();
    }
    iso(stem)
        .filter(|(_, length)| !stem[*length..].starts_with(|c: char| c.is_ascii_digit()))
        .map(|(date, _)| date)
}

/// The offsets of words in bytes.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let start = c.is_alphanumeric() && !before.is_alphanumeric();
        before = c;
        start.then_some(at)
    })
}

fn numeric(text: &str) -> Option<(Date, usize)> {
    iso(text).or_else(|| dotted(text))
}

/// `2026-03-01`, with hyphens, dashes, minus signs or slashes.
fn iso(text: &str) -> Option<(Date, usize)> {
    let mut at = 0;
    let year = digits(text, &mut at, 4..=4)?;
    skip_one(text, &mut at, is_dash)?;
    let month = digits(text, &mut at, 1..=2)?;
    skip_one(text, &mut at, is_dash)?;
    let day = digits(text, &mut at, 1..=2)?;
    Some((Date::new(year, month as i8, day as i8).ok()?, at))
}

/// `1.3.2026`, also with spaces after the dots.
fn dotted(text: &str) -> Option<(Date, usize)> {
    let mut at = 0;
    let day = digits(text, &mut at, 1..=2)?;
    skip_one(text, &mut at, |c| c == '.')?;
    whitespace(text, &mut at);
    let month = digits(text, &mut at, 1..=2)?;
    skip_one(text, &mut at, |c| c == '.')?;
    whitespace(text, &mut at);
    let year = digits(text, &mut at, 4..=4)?;
    Some((Date::new(year, month as i8, day as i8).ok()?, at))
}

/// `1 March 2026`, `1. März 2026`, `1st of March 2026`.
fn day_first(text: &str) -> Option<(Date, usize)> {
    let mut at = 0;
    let day = digits(text, &mut at, 1..=2)?;
    if !ordinal(text, &mut at) && text[at..].starts_with('.') {
        at += 1;
    }
    whitespace(text, &mut at);
    at = Lexicon::all().dates.before_month.strip_from(&text[at..]).map_or(at, |rest| text.len() - rest.len());
    let month = month(text, &mut at)?;
    separators(text, &mut at);
    let year = digits(text, &mut at, 4..=4)?;
    Some((Date::new(year, month, day as i8).ok()?, at))
}

/// `March 1, 2026`, `March 1st 2026`.
fn month_first(text: &str) -> Option<(Date, usize)> {
    let mut at = 0;
    let month = month(text, &mut at)?;
    separators(text, &mut at);
    let day = digits(text, &mut at, 1..=2)?;
    ordinal(text, &mut at);
    separators(text, &mut at);
    let year = digits(text, &mut at, 4..=4)?;
    Some((Date::new(year, month, day as i8).ok()?, at))
}

/// Skips the ending of an ordinal number: `1st`. Returns whether there is one.
fn ordinal(text: &str, at: &mut usize) -> bool {
    let ending = Lexicon::all().dates.ordinals.beginning(&text[*at..]).next();
    *at += ending.map_or(0, str::len);
    ending.is_some()
}

/// The name of a month, whole or abbreviated.
fn month(text: &str, at: &mut usize) -> Option<i8> {
    let rest = &text[*at..];
    let word = &rest[..rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())];
    let number = Lexicon::all().months.number(&word.to_lowercase())?;
    *at += word.len();
    Some(number)
}

fn digits(text: &str, at: &mut usize, count: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let rest = &text[*at..];
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = count.contains(&length).then(|| rest[..length].parse().ok()).flatten()?;
    *at += length;
    Some(number)
}

fn skip_one(text: &str, at: &mut usize, wanted: impl Fn(char) -> bool) -> Option<()> {
    let c = text[*at..].chars().next().filter(|c| wanted(*c))?;
    *at += c.len_utf8();
    Some(())
}

fn whitespace(text: &str, at: &mut usize) {
    *at += text[*at..].len() - text[*at..].trim_start().len();
}

fn separators(text: &str, at: &mut usize) {
    let rest = &text[*at..];
    *at += rest.len() - rest.trim_start_matches([' ', ',', '.', '-', '\u{a0}']).len();
}

/// Whether a character separates the parts of a date: a hyphen, a slash, or a dash that a program wrote for a hyphen.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        first(text).map(|(date, at)| format!("{date} {}", &text[at])).unwrap_or_default()
    }

    #[test]
    fn dates_are_read_in_every_spelling() {
        for (text, want) in [
            ("SIG on 2023-01–09 (late)", "2023-01-09 2023-01–09"),
            ("2023\u{2212}01\u{2212}09", "2023-01-09 2023\u{2212}01\u{2212}09"),
            ("bis 1.3.2026!", "2026-03-01 1.3.2026"),
            ("Montag, 12. Juni 2023", "2023-06-12 12. Juni 2023"),
            ("on March 1st, 2026", "2026-03-01 March 1st, 2026"),
            ("1 Sept 2026", "2026-09-01 1 Sept 2026"),
            ("2026/12/24", "2026-12-24 2026/12/24"),
        ] {
            assert_eq!(found(text), want, "{text}");
        }
    }

    #[test]
    fn numbers_that_are_no_dates_are_left_alone() {
        for text in
            ["2026-13-01", "v2023-01-0912", "12.06.", "May I ask 2026", "R5 2023", "1.2.3", "20230612"]
        {
            assert_eq!(found(text), "", "{text}");
        }
    }

    #[test]
    fn names_of_files_begin_with_dates() {
        let name = |stem: &str| of_name(stem).map(|date| date.to_string()).unwrap_or_default();
        assert_eq!(name("20230612"), "2023-06-12");
        assert_eq!(name("20230612-workshop"), "2023-06-12");
        assert_eq!(name("2023-06-12-workshop"), "2023-06-12");
        assert_eq!(name("202306123"), "");
        assert_eq!(name("minutes"), "");
        assert_eq!(name("20231312"), "");
    }
}
