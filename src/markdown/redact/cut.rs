//! Takes ranges out of a text so that what is left reads as if its author had deleted them.
//!
//! Owns which blanks and blank lines go with what is taken out, and what stands in its place. Knows no marks and no
//! levels.

use std::ops::Range;

use super::document::Document;
use super::hidden::{Cause, Cover, Hidden, outermost};
use super::marks::LevelMark;
use super::numbers;
use super::words::Lines;
use crate::visibility::{Cuts, What};

/// The text without what is hidden and without marks, and the way back. `front` stands before the document's text and
/// stays as it is.
pub(super) fn cut(
    front: &str,
    document: &Document<'_>,
    hidden: &[Hidden],
    marks: &[LevelMark],
    note: &str,
) -> (String, Cuts) {
    let (mut left, mut cuts, mut at) = (front.to_owned(), Cuts::default(), 0);
    cuts.keep(0, 0..front.len());
    for piece in pieces(document, hidden, marks, note) {
        if piece.range.end <= at {
            continue;
        }
        let start = piece.range.start.max(at);
        cuts.keep(left.len(), front.len() + at..front.len() + start);
        left.push_str(&document.text[at..start]);
        left.push_str(&piece.instead);
        at = piece.range.end;
    }
    cuts.keep(left.len(), front.len() + at..front.len() + document.text.len());
    left.push_str(&document.text[at..]);
    (left, cuts)
}

/// What is taken out of a text, in order.
fn pieces(document: &Document<'_>, hidden: &[Hidden], marks: &[LevelMark], note: &str) -> Vec<Piece> {
    let cutting = Cutting { body: document.text, document, lines: Lines { document }, note: escaped(note) };
    let outer = outermost(hidden);
    let mut pieces: Vec<Piece> = Vec::new();
    for one in &outer {
        let Some(piece) = cutting.block(one, pieces.last()) else { continue };
        match pieces.last_mut().filter(|last| last.touches(&piece)) {
            Some(last) => last.range = last.range.start.min(piece.range.start)..piece.range.end,
            None => pieces.push(piece),
        }
    }
    pieces.extend(cutting.words(&outer));
    let cover = Cover::of_ranges(hidden);
    for sign in marks.iter().flat_map(|mark| &mark.signs) {
        if cover.at(sign.start).is_none() {
            pieces.push(Piece { range: sign.clone(), instead: String::new() });
        }
    }
    if note.is_empty() {
        let numbers = numbers::changed(document, &cover);
        pieces.extend(numbers.into_iter().map(|(range, instead)| Piece { range, instead }));
    }
    pieces.sort_by_key(|piece| (piece.range.start, std::cmp::Reverse(piece.range.end)));
    pieces
}

#[derive(Debug)]
struct Piece {
    range: Range<usize>,
    instead: String,
}

impl Piece {
    /// Whether nothing stands between two pieces, nor in their place.
    fn touches(&self, next: &Piece) -> bool {
        self.instead.is_empty() && next.instead.is_empty() && next.range.start <= self.range.end
    }
}

struct Cutting<'a> {
    body: &'a str,
    document: &'a Document<'a>,
    lines: Lines<'a>,
    /// What stands where something was; may be empty.
    note: String,
}

impl Cutting<'_> {
    /// Words; those with nothing but blanks between them go as one.
    fn words(&self, outer: &[&Hidden]) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut joined: Vec<Range<usize>> = Vec::new();
        for one in outer.iter().filter(|one| one.what == What::Inline) {
            if self.tells(one) {
                pieces.push(Piece { range: one.range.clone(), instead: self.note.clone() });
                continue;
            }
            let blank = |from: usize| self.body[from..one.range.start].bytes().all(|b| b" \t".contains(&b));
            match joined.last_mut().filter(|last| blank(last.end)) {
                Some(last) => last.end = one.range.end,
                None => joined.push(one.range.clone()),
            }
        }
        let cut = |words: &Range<usize>| Piece { range: self.lines.cut(words), instead: String::new() };
        pieces.extend(joined.iter().map(cut));
        pieces
    }

    fn tells(&self, hidden: &Hidden) -> bool {
        !self.note.is_empty() && hidden.cause != Cause::Unused
    }

    /// Blocks go with their lines, and with one of the blank lines around them.
    fn block(&self, hidden: &Hidden, previous: Option<&Piece>) -> Option<Piece> {
        let whole = &hidden.range;
        let start = self.body[..whole.start].rfind('\n').map_or(0, |at| at + 1);
        let lead = &self.body[start..whole.start];
        let last = whole.start + self.body[whole.clone()].trim_end_matches([' ', '\t', '\n', '>']).len();
        let line_end = self.body[last..].find('\n').map_or(self.body.len(), |length| last + length + 1);
        // A block may begin behind the sign of an item.
        let own_line = is_blank(lead);
        let prefix: String = lead.chars().take_while(|c| matches!(c, ' ' | '\t' | '>')).collect();
        match (hidden.what, own_line) {
            (What::Inline, _) => None,
            _ if self.tells(hidden) => {
                let begin = if own_line { start } else { whole.start };
                let instead = self.instead(hidden, (lead, own_line), line_end);
                Some(Piece { range: begin..line_end, instead })
            }
            (_, false) => Some(self.behind_sign(hidden, line_end)),
            (_, true) => {
                let piece = self.own_lines(hidden, start..line_end, &prefix);
                Some(self.joined(piece, previous))
            }
        }
    }

    fn own_lines(&self, hidden: &Hidden, lines: Range<usize>, prefix: &str) -> Piece {
        let Range { start, end } = lines;
        let (before, after) = (last_line(&self.body[..start]), first_line(&self.body[end..]));
        let container_end = self.document.container(&hidden.range).range.end.max(end);
        let quotes = |line: &str| line.trim_start().chars().filter(|c| *c == '>').count();
        let depth = quotes(prefix);
        let within = |line: Option<&str>| line.is_some_and(|line| depth == 0 || quotes(lead(line)) >= depth);
        let closes = after.is_some_and(|line| lead_off(line).trim_end().starts_with(":::") && is_close(line));
        let opens = before.is_some_and(|line| lead_off(line).starts_with(":::") && !is_close(line));
        let last = is_blank(&self.body[end..container_end]) || closes;
        let blank_before = before.filter(|line| is_blank(line) && within(before));
        let blank_after = after.filter(|line| is_blank(line) && within(after));
        let none = |range: Range<usize>| Piece { range, instead: String::new() };
        match (blank_before, blank_after) {
            (_, Some(line)) if before.is_none_or(is_blank) || opens => {
                none(start..(end + line.len() + 1).min(self.body.len()))
            }
            (Some(line), None) if last => none(start - line.len() - 1..end),
            _ => {
                let parts = !before.is_none_or(is_blank) && !after.is_none_or(is_blank) && !last && !opens;
                let merge = parts && !matches!(hidden.what, What::Item | What::Row);
                let merge = merge && !before.is_some_and(stands_alone) && !after.is_some_and(stands_alone);
                let instead = if merge { format!("{}\n", prefix.trim_end()) } else { String::new() };
                Piece { range: start..end, instead }
            }
        }
    }

    /// A piece that ends what stands before another one: where that one has taken the blank line between them, a blank
    /// line before both goes.
    fn joined(&self, piece: Piece, previous: Option<&Piece>) -> Piece {
        let taken = previous.filter(|one| one.range.end > piece.range.start && one.instead.is_empty());
        let before = taken.and_then(|one| Some((one.range.start, last_line(&self.body[..one.range.start])?)));
        match before {
            Some((start, line)) if is_blank(line) => {
                Piece { range: start - line.len() - 1..piece.range.end, ..piece }
            }
            _ => piece,
        }
    }

    /// What begins behind the sign of an item: what follows takes its place.
    fn behind_sign(&self, hidden: &Hidden, line_end: usize) -> Piece {
        let container = &self.document.container(&hidden.range).range;
        let start = hidden.range.start;
        let column = start - self.body[..start].rfind('\n').map_or(0, |at| at + 1);
        let rest = self.body.get(line_end..container.end).unwrap_or_default();
        let next = line_end + rest.len() - rest.trim_start_matches([' ', '\t', '>', '\n']).len();
        let indent = next - self.body[..next].rfind('\n').map_or(0, |at| at + 1);
        let moves = next < container.end && indent < column + 4 && !self.body[next..].starts_with("::");
        let keep = line_end - usize::from(self.body[..line_end].ends_with('\n'));
        let signed = self.body[..start].trim_end_matches([' ', '\t']).len();
        let range = if moves { start..next } else { signed..keep.max(start) };
        Piece { range, instead: String::new() }
    }

    /// The mark as a block of the same sort.
    fn instead(&self, hidden: &Hidden, (lead, own_line): (&str, bool), line_end: usize) -> String {
        let (note, prefix) = (&self.note, if own_line { lead } else { "" });
        match hidden.what {
            What::Item => format!("{prefix}{} {note}\n", bullet(&self.body[hidden.range.clone()])),
            What::Row => format!("{prefix}| {note} |\n"),
            _ => {
                let blank = prefix.trim_end();
                let before = last_line(&self.body[..hidden.range.start - lead.len()]);
                let parts = own_line && !before.is_none_or(is_blank);
                let first = if parts { format!("{blank}\n") } else { String::new() };
                let after = first_line(&self.body[line_end..]);
                let last = if after.is_none_or(is_blank) { String::new() } else { format!("{blank}\n") };
                format!("{first}{prefix}{note}\n{last}")
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

/// What a line begins with, of quotes and indents.
fn lead(line: &str) -> &str {
    &line[..line.len() - lead_off(line).len()]
}

fn lead_off(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>'])
}

/// Whether a line is `:::` alone.
fn is_close(line: &str) -> bool {
    lead_off(line).trim_end().bytes().all(|byte| byte == b':')
}

/// Whether a line is a block of its own, or begins one: no text beside it flows into it.
fn stands_alone(line: &str) -> bool {
    let text = lead_off(line);
    ["#", "```", "~~~", "::"].iter().any(|sign| text.starts_with(sign))
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
