//! The rows of a timeline: their times, and the order of these.
//!
//! This module owns the rule `incident.timeline`. It compares only times of one form that include the day: `01:31` after
//! `23:50` is the next morning. A timeline with the newest row first is in order as well.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::{POINTS, Report, utc_offset};
use crate::diagnostic::Diagnostic;
use crate::markdown::{Block, TextBlockType};
use crate::rules::INCIDENT_TIMELINE;

/// The heading of the section in the definition of the kind.
pub(super) const TIMELINE: &str = "Timeline";

/// The forms of a time up to the minute. `0` is any digit.
const FORMS: [&str; 3] = ["0000-00-00 00:00", "00-00 00:00", "00.00. 00:00"];

/// A row with the time at its beginning, as numbers from the largest unit to the smallest.
struct TimelineRow<'a> {
    block: &'a Block,
    form: usize,
    numbers: Vec<u16>,
    offset: Offset,
    text: &'a str,
}

pub(super) fn check(report: &Report<'_>) -> Vec<Diagnostic> {
    let own = report.front.data.time(POINTS[0]).map_or(Offset::UTC, |start| start.offset());
    let mut problems = Vec::new();
    for part in report.sections(TIMELINE) {
        let rows: Vec<TimelineRow<'_>> = beginnings(part.blocks, own).filter_map(row).collect();
        problems.extend(lists(&rows).into_iter().filter_map(disorder));
    }
    problems
}

/// The form of a time without a day. Such a row has no order, but can be drawn where the day is known.
const HOUR: &str = "00:00";

/// The numbers of the time at the beginning of a text, from the largest unit to the smallest. Empty without a time.
pub(super) fn numbers_in(text: &str) -> Vec<u16> {
    match FORMS.iter().position(|form| matches(form, text)) {
        Some(form) => numbers(form, text),
        None if matches(HOUR, text) => {
            text[..HOUR.len()].split(':').filter_map(|part| part.parse().ok()).collect()
        }
        None => Vec::new(),
    }
}

/// The first cells of rows and the items of outermost lists, each with the UTC offset of its time: its own, or that of
/// the column heading, or `own`, the offset of the beginning in front matter.
pub(super) fn beginnings(blocks: &[Block], own: Offset) -> impl Iterator<Item = (&Block, Offset)> {
    let mut column = own;
    blocks.iter().filter_map(move |block| {
        match block.shape {
            TextBlockType::Cell { row: 0, column: 0, .. } => {
                column = utc_offset::named(&block.text).unwrap_or(own)
            }
            TextBlockType::Item { .. } => column = own,
            _ => {}
        }
        beginning(block).then(|| (block, behind_time(&block.text).unwrap_or(column)))
    })
}

fn behind_time(text: &str) -> Option<Offset> {
    let form = FORMS.into_iter().chain([HOUR]).find(|form| matches(form, text))?;
    utc_offset::behind(&text[form.len()..])
}

/// Whether a block is the first cell of a row, or an item of the outermost list.
fn beginning(block: &Block) -> bool {
    match block.shape {
        TextBlockType::Cell { row, column, .. } => row > 0 && column == 0,
        TextBlockType::Item { depth, .. } => depth == 1,
        TextBlockType::Heading { .. } | TextBlockType::Paragraph { .. } => false,
    }
}

/// The row of a block that begins with a time and its day.
fn row((block, offset): (&Block, Offset)) -> Option<TimelineRow<'_>> {
    let found = FORMS.iter().enumerate().find(|(_, form)| matches(form, &block.text));
    found.map(|(form, shape)| TimelineRow {
        block,
        form,
        numbers: numbers(form, &block.text),
        offset,
        text: &block.text[..shape.len()],
    })
}

fn matches(form: &str, text: &str) -> bool {
    let like = |(form, byte): (u8, u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b' ' => matches!(byte, b' ' | b'T'),
        mark => byte == mark,
    };
    text.len() >= form.len() && form.bytes().zip(text.bytes()).all(like)
}

/// The numbers of a time. In the last form the day stands before the month.
fn numbers(form: usize, text: &str) -> Vec<u16> {
    let text = &text[..FORMS[form].len()];
    let parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut numbers: Vec<u16> = parts.filter_map(|part| part.parse().ok()).collect();
    if form == 2 {
        numbers.swap(0, 1);
    }
    numbers
}

/// Runs of rows of one form in one table or list.
fn lists<'a, 'b>(rows: &'b [TimelineRow<'a>]) -> Vec<&'b [TimelineRow<'a>]> {
    let table = |row: &TimelineRow<'_>| match row.block.shape {
        TextBlockType::Cell { table, .. } => Some(table),
        _ => None,
    };
    rows.chunk_by(|a, b| a.form == b.form && table(a) == table(b)).collect()
}

/// The problem of the first row that is older than the one before it.
fn disorder(rows: &[TimelineRow<'_>]) -> Option<Diagnostic> {
    let back = |pair: &&[TimelineRow<'_>]| compare(&pair[0], &pair[1]) == Ordering::Greater;
    let forth = |pair: &[TimelineRow<'_>]| compare(&pair[0], &pair[1]) == Ordering::Less;
    let newest_first = !rows.windows(2).any(forth);
    let [before, row] = rows.windows(2).find(back).filter(|_| !newest_first)? else { return None };
    let message = format!("`{}` stands after `{}`", row.text, before.text);
    let problem = Diagnostic::new(&INCIDENT_TIMELINE, row.block.span.clone(), message);
    let problem = problem.label(before.block.span.clone(), "the row before it");
    Some(problem.help("put the rows in the order of time, or correct the time"))
}

/// Compares two rows. Without a year, December is before January. Times with different UTC offsets are compared as
/// instants.
fn compare(a: &TimelineRow<'_>, b: &TimelineRow<'_>) -> Ordering {
    let turn = a.form > 0 && a.numbers[0] == 12 && b.numbers[0] == 1;
    let back = a.form > 0 && a.numbers[0] == 1 && b.numbers[0] == 12;
    match () {
        () if turn => Ordering::Less,
        () if back => Ordering::Greater,
        () if a.offset == b.offset => a.numbers.cmp(&b.numbers),
        () => instant(a).cmp(&instant(b)),
    }
}

/// The instant of a row, in seconds. Rows without a year have the year 2000, which is a leap year.
fn instant(row: &TimelineRow<'_>) -> Option<i64> {
    let (year, rest) = match row.numbers.as_slice() {
        [year, rest @ ..] if row.form == 0 => (*year, rest),
        rest => (2000, rest),
    };
    let [month, day, hour, minute] = rest else { return None };
    let at = clock(year, (*month, *day), (*hour, *minute))?;
    row.offset.to_timestamp(at).ok().map(|at| at.as_second())
}

/// A date with a time of day. None if one of them does not exist.
pub(super) fn clock(year: u16, (month, day): (u16, u16), (hour, minute): (u16, u16)) -> Option<DateTime> {
    let small = |number: u16| i8::try_from(number).ok();
    let day = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    let time = jiff::civil::Time::new(small(hour)?, small(minute)?, 0, 0).ok()?;
    Some(day.to_datetime(time))
}
