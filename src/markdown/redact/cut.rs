//! Takes ranges out of a text so that what is left reads as if its author had deleted them.
//!
//! Owns which blanks and blank lines go with what is taken out, and what stands in its place. Knows no marks and no
//! levels.

use std::ops::Range;

use super::decide::{Hidden, outermost};
use crate::visibility::{Cuts, What};

/// The text without what is hidden and without marks, and the way back. Ranges count from `base`.
pub(super) fn cut(
    text: &str,
    base: usize,
    hidden: &[Hidden],
    marks: &[Range<usize>],
    mark: &str,
) -> (String, Cuts) {
    let body = &text[base..];
    let cutting = Cutting { body, mark: escaped(mark) };
    let mut pieces: Vec<Piece> = outermost(hidden).into_iter().map(|one| cutting.piece(one)).collect();
    pieces.extend(marks.iter().map(|range| Piece { range: range.clone(), instead: String::new() }));
    pieces.sort_by_key(|piece| (piece.range.start, std::cmp::Reverse(piece.range.end)));
    let (mut left, mut cuts, mut at) = (text[..base].to_owned(), Cuts::default(), 0);
    cuts.keep(0, 0..base);
    for piece in pieces {
        if piece.range.end <= at {
            continue;
        }
        let start = piece.range.start.max(at);
        cuts.keep(left.len(), base + at..base + start);
        left.push_str(&body[at..start]);
        left.push_str(&piece.instead);
        at = piece.range.end;
    }
    cuts.keep(left.len(), base + at..text.len());
    left.push_str(&body[at..]);
    (left, cuts)
}

struct Piece {
    range: Range<usize>,
    instead: String,
}

struct Cutting<'a> {
    body: &'a str,
    /// What stands where something was; may be empty.
    mark: String,
}

impl Cutting<'_> {
    fn piece(&self, hidden: &Hidden) -> Piece {
        match hidden.what {
            What::Inline => self.inline(&hidden.range),
            _ => self.lines(hidden),
        }
    }

    /// Words go with one of the blanks around them.
    fn inline(&self, range: &Range<usize>) -> Piece {
        let (before, after) = (&self.body[..range.start], &self.body[range.end..]);
        let begins = before.is_empty() || before.ends_with('\n');
        let ends = after.is_empty() || after.starts_with('\n');
        let mut range = range.clone();
        if self.mark.is_empty() {
            let closes = after.starts_with([' ', '\t', '.', ',', ';', ':', '!', '?', ')']);
            if begins && ends && !after.is_empty() {
                range.end += 1;
            } else if before.ends_with([' ', '\t']) && (ends || closes) {
                range.start -= 1;
            } else if begins && after.starts_with(' ') {
                range.end += 1;
            }
        }
        Piece { range, instead: self.mark.clone() }
    }

    /// Blocks go with their lines.
    fn lines(&self, hidden: &Hidden) -> Piece {
        let whole = &hidden.range;
        let start = self.body[..whole.start].rfind('\n').map_or(0, |at| at + 1);
        let lead = &self.body[start..whole.start];
        // An item may begin behind the sign of another one.
        let own_line = lead.trim_matches([' ', '\t', '>']).is_empty();
        let begin = if own_line { start } else { whole.start };
        let last = whole.start + self.body[whole.clone()].trim_end().len();
        let line_end = self.body[last..].find('\n').map_or(self.body.len(), |length| last + length + 1);
        let prefix: String = lead.chars().take_while(|c| matches!(c, ' ' | '\t' | '>')).collect();
        if !self.mark.is_empty() {
            let instead = self.instead(hidden, if own_line { &prefix } else { "" });
            return Piece { range: begin..line_end, instead };
        }
        let (before, after) = (last_line(&self.body[..begin]), first_line(&self.body[line_end..]));
        let (blank_before, blank_after) = (before.is_none_or(is_blank), after.is_none_or(is_blank));
        let mut end = line_end;
        if own_line && blank_before && after.is_some_and(is_blank) {
            end += after.map_or(0, |line| line.len() + 1);
        }
        let ends = |line: Option<&str>| {
            line.is_some_and(|line| line.trim_start_matches([' ', '\t', '>']).starts_with(":::"))
        };
        let parts = !blank_before && !blank_after && own_line && !ends(before) && !ends(after);
        let flows = matches!(hidden.what, What::Item | What::Row);
        let instead = match parts && !flows && indent(after) >= indent(Some(&prefix)) {
            true => format!("{}\n", prefix.trim_end()),
            false => String::new(),
        };
        Piece { range: begin..end.min(self.body.len()), instead }
    }

    /// The mark as a block of the same sort.
    fn instead(&self, hidden: &Hidden, lead: &str) -> String {
        let mark = &self.mark;
        match hidden.what {
            What::Item => format!("{lead}{} {mark}\n", bullet(&self.body[hidden.range.clone()])),
            What::Row => format!("{lead}| {mark} |\n"),
            _ => {
                let blank = lead.trim_end();
                let before = last_line(&self.body[..hidden.range.start - lead.len()]);
                let first = if before.is_none_or(is_blank) { String::new() } else { format!("{blank}\n") };
                format!("{first}{lead}{mark}\n{blank}\n")
            }
        }
    }
}

/// The sign that an item begins with.
fn bullet(item: &str) -> &str {
    item.split_whitespace().next().unwrap_or("-")
}

fn is_blank(line: &str) -> bool {
    line.trim_matches([' ', '\t', '>']).is_empty()
}

/// How far a line is indented; one that is not there, as far as can be.
fn indent(line: Option<&str>) -> usize {
    line.map_or(usize::MAX, |line| line.len() - line.trim_start_matches([' ', '\t', '>']).len())
}

fn first_line(text: &str) -> Option<&str> {
    (!text.is_empty()).then(|| text.split('\n').next().unwrap_or_default())
}

fn last_line(text: &str) -> Option<&str> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    (!text.is_empty()).then(|| text.rsplit('\n').next().unwrap_or_default())
}

/// A text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let one = |c: char| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() };
    text.chars().map(one).collect()
}
