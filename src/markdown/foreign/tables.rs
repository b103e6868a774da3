//! Lines that look like a table and are none, because the line of dashes is missing or wrong.
//!
//! Owns how such lines are told from prose, and what is wrong with them.

use super::cursor::ForeignMarkup;
use crate::rules::MARKDOWN_FOREIGN;

/// Finds lines that look like a table and are not one. `line` returns the source line at an offset of the text.
pub(in crate::markdown) fn table<'s>(text: &str, line: impl Fn(usize) -> &'s str) -> Option<ForeignMarkup> {
    if !text.contains('|') || !text.contains('\n') {
        return None;
    }
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let lines: Vec<(usize, &str)> =
        starts.map(|at| (at, text[at..].split('\n').next().unwrap_or_default())).collect();
    let row =
        |text: &str| text.trim().starts_with('|') && text.trim().len() > 1 && text.trim()[1..].contains('|');
    let pair = lines.windows(2).find(|pair| {
        let (first, second) = (pair[0].1, pair[1].1);
        row(first) && row(second) || first.contains('|') && is_delimiter(second)
    })?;
    let (first, second) = (line(pair[0].0), line(pair[1].0));
    let (head, dashes) = (columns(first), columns(second));
    let help = if !is_delimiter(second) {
        "write a line such as `| --- | --- |` below the first one".to_owned()
    } else if head == dashes {
        "put an empty line before it".to_owned()
    } else {
        format!("the line of dashes has {dashes} columns and the line above it {head}: make them equal")
    };
    let range = pair[0].0..pair[0].0 + pair[0].1.len().max(1);
    let message = "lines that look like a table are shown as text".to_owned();
    Some(ForeignMarkup { rule: &MARKDOWN_FOREIGN, message, help: help.into(), range })
}

/// Whether a line separates the header of a table from its rows.
fn is_delimiter(line: &str) -> bool {
    line.contains('|') && line.contains("--") && line.bytes().all(|byte| b"|:- \t\r".contains(&byte))
}

/// The number of cells in a line.
fn columns(line: &str) -> usize {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(line);
    let bars = line.match_indices('|').filter(|(at, _)| !line[..*at].ends_with('\\'));
    bars.count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_from_prose() {
        let help = |text: &str| {
            table(text, |at| text[at..].split('\n').next().unwrap()).map(|found| found.help.into_owned())
        };
        assert_eq!(
            help("|a|`b|c`|\n|-|--|\n").as_deref(),
            Some("the line of dashes has 2 columns and the line above it 3: make them equal")
        );
        assert_eq!(
            help("a\n|b|c|\n|d|e|").as_deref(),
            Some("write a line such as `| --- | --- |` below the first one")
        );
        assert_eq!(help("|a|b|\n|--|--|").as_deref(), Some("put an empty line before it"));
        for prose in ["|a|b|", "|x| is\na size", "a | b\nc | d", "|x| is\n|y", "--\n|"] {
            assert_eq!(help(prose), None, "{prose}");
        }
    }
}
