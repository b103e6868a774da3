//! Whether the rows of a timeline stand in the order of time.
//!
//! Owns the rule `incident.timeline`. Only times are compared that are written alike and name their day: `01:31`
//! after `23:50` is the next morning. A timeline with the newest first is in order, too.

use std::cmp::Ordering;

use super::Report;
use crate::diagnostic::Diagnostic;
use crate::markdown::{Block, Shape};
use crate::rules::INCIDENT_TIMELINE;

/// The section, as the definition of the kind names it.
pub(super) const TIMELINE: &str = "Timeline";

/// What a time looks like: digits and marks, up to the minute.
const FORMS: [&str; 3] = ["0000-00-00 00:00", "00-00 00:00", "00.00. 00:00"];

/// A row, and the time at its beginning, as numbers from the largest unit to the smallest.
struct Row<'a> {
    block: &'a Block,
    form: usize,
    numbers: Vec<u16>,
    text: &'a str,
}

pub(super) fn check(report: &Report<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for part in report.sections(TIMELINE) {
        let rows: Vec<Row<'_>> = part.blocks.iter().filter_map(row).collect();
        problems.extend(lists(&rows).into_iter().filter_map(disorder));
    }
    problems
}

/// What only names the hour: it says nothing of the order, but where the day is known it can be drawn.
const HOUR: &str = "00:00";

/// The numbers of the time at the beginning of a text, from the largest unit to the smallest; empty where there is none.
pub(super) fn numbers_in(text: &str) -> Vec<u16> {
    match FORMS.iter().position(|form| matches(form, text)) {
        Some(form) => numbers(form, text),
        None if matches(HOUR, text) => {
            text[..HOUR.len()].split(':').filter_map(|part| part.parse().ok()).collect()
        }
        None => Vec::new(),
    }
}

/// Whether a block is the first cell of a row, or an item of the outermost list.
pub(super) fn beginning(block: &Block) -> bool {
    match block.shape {
        Shape::Cell { row, column, .. } => row > 0 && column == 0,
        Shape::Item { depth, .. } => depth == 1,
        Shape::Heading { .. } | Shape::Paragraph { .. } => false,
    }
}

/// The first cell of a row, or an item of the outermost list, where it begins with a time.
fn row(block: &Block) -> Option<Row<'_>> {
    let first = beginning(block);
    let found = FORMS.iter().enumerate().find(|(_, form)| first && matches(form, &block.text));
    found.map(|(form, shape)| Row {
        block,
        form,
        numbers: numbers(form, &block.text),
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

/// The numbers of a time; in the last form the day stands before the month.
fn numbers(form: usize, text: &str) -> Vec<u16> {
    let text = &text[..FORMS[form].len()];
    let parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut numbers: Vec<u16> = parts.filter_map(|part| part.parse().ok()).collect();
    if form == 2 {
        numbers.swap(0, 1);
    }
    numbers
}

/// Runs of rows that are written alike and belong to one table or list.
fn lists<'a, 'b>(rows: &'b [Row<'a>]) -> Vec<&'b [Row<'a>]> {
    let table = |row: &Row<'_>| match row.block.shape {
        Shape::Cell { table, .. } => Some(table),
        _ => None,
    };
    rows.chunk_by(|a, b| a.form == b.form && table(a) == table(b)).collect()
}

/// The first row that is older than the one before it.
fn disorder(rows: &[Row<'_>]) -> Option<Diagnostic> {
    let back = |pair: &&[Row<'_>]| compare(&pair[0], &pair[1]) == Ordering::Greater;
    let forth = |pair: &[Row<'_>]| compare(&pair[0], &pair[1]) == Ordering::Less;
    let newest_first = !rows.windows(2).any(forth);
    let [before, row] = rows.windows(2).find(back).filter(|_| !newest_first)? else { return None };
    let message = format!("`{}` stands after `{}`", row.text, before.text);
    let problem = Diagnostic::new(&INCIDENT_TIMELINE, row.block.span.clone(), message);
    let problem = problem.label(before.block.span.clone(), "the row before it");
    Some(problem.help("put the rows in the order of time, or correct the time"))
}

/// Without a year, December comes before January.
fn compare(a: &Row<'_>, b: &Row<'_>) -> Ordering {
    let turn = a.form > 0 && a.numbers[0] == 12 && b.numbers[0] == 1;
    let back = a.form > 0 && a.numbers[0] == 1 && b.numbers[0] == 12;
    match () {
        () if turn => Ordering::Less,
        () if back => Ordering::Greater,
        () => a.numbers.cmp(&b.numbers),
    }
}
