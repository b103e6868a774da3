//! Removes ranges from a text so that the rest reads as if its author had deleted them.
//!
//! Owns which spaces and blank lines are removed with a range, and what replaces it. Must not know marks or levels.

use std::ops::Range;

use super::hidden::{HiddenBy, HiddenNode, HiddenRanges, outermost};
use super::marks::{LevelMark, line_start};
use super::nodes::NodeTree;
use super::renumber;
use crate::visibility::{Cuts, Level, WithheldPart};

/// A text without hidden nodes and without marks.
#[derive(Default)]
pub(super) struct CutText {
    pub left: String,
    /// The mapping back to the written text.
    pub cuts: Cuts,
    /// The ranges of the body that the author did not write: replacements and numbers.
    pub inserted: HiddenRanges,
    /// The offsets in the body at which something was removed, in order.
    pub joints: Vec<usize>,
}

/// Removes hidden nodes and marks from a document. `front` precedes the document's text.
pub(super) fn cut(
    front: &str,
    document: &NodeTree<'_>,
    hidden: &[HiddenNode],
    marks: &[LevelMark],
    note: &str,
) -> CutText {
    let (mut left, mut cuts, mut inserted) = (front.to_owned(), Cuts::default(), HiddenRanges::default());
    let mut joints = Vec::new();
    cuts.keep(0, 0..front.len());
    let mut at = 0;
    for piece in pieces(document, hidden, marks, note) {
        // The piece is inside one that is already removed.
        if piece.range.end <= at {
            continue;
        }
        let start = piece.range.start.max(at);
        cuts.keep(left.len(), front.len() + at..front.len() + start);
        left.push_str(&document.text[at..start]);
        let begin = left.len() - front.len();
        left.push_str(&piece.instead);
        joints.push(begin);
        inserted.add(&(begin..left.len() - front.len()), Level::default());
        at = piece.range.end;
    }
    cuts.keep(left.len(), front.len() + at..front.len() + document.text.len());
    left.push_str(&document.text[at..]);
    CutText { left, cuts, inserted, joints }
}

/// The ranges to remove from a text, in order.
fn pieces(document: &NodeTree<'_>, hidden: &[HiddenNode], marks: &[LevelMark], note: &str) -> Vec<CutPiece> {
    let cutting = Cutter { document, text: document.text, note: escaped(note) };
    let mut pieces: Vec<CutPiece> = Vec::new();
    for one in &cutting.joined(outermost(hidden)) {
        let piece = cutting.piece(one, pieces.last());
        match pieces.last_mut().filter(|last| last.touches(&piece)) {
            Some(last) => last.range = last.range.start.min(piece.range.start)..piece.range.end,
            None => pieces.push(piece),
        }
    }
    let cover = HiddenRanges::of_nodes(hidden);
    for delimiter in marks.iter().flat_map(|mark| &mark.delimiters) {
        if cover.at(delimiter.start).is_none() {
            pieces.push(CutPiece::without(delimiter.clone()));
        }
    }
    if note.is_empty() {
        let numbers = renumber::changed(document, &cover);
        pieces.extend(numbers.into_iter().map(|(range, instead)| CutPiece { range, instead }));
    }
    // At the same start, the longer range comes first and covers those inside it.
    pieces.sort_by_key(|piece| (piece.range.start, std::cmp::Reverse(piece.range.end)));
    pieces
}

#[derive(Debug)]
struct CutPiece {
    range: Range<usize>,
    instead: String,
}

impl CutPiece {
    /// A piece that nothing replaces.
    fn without(range: Range<usize>) -> CutPiece {
        CutPiece { range, instead: String::new() }
    }

    /// Whether two pieces are adjacent and neither has a replacement.
    fn touches(&self, next: &CutPiece) -> bool {
        self.instead.is_empty() && next.instead.is_empty() && next.range.start <= self.range.end
    }
}

struct Cutter<'a> {
    document: &'a NodeTree<'a>,
    text: &'a str,
    /// The replacement for hidden text; may be empty.
    note: String,
}

impl Cutter<'_> {
    /// Joins hidden words with only whitespace between them, because they are removed as one.
    fn joined(&self, outer: Vec<&HiddenNode>) -> Vec<HiddenNode> {
        let mut joined: Vec<HiddenNode> = Vec::new();
        for one in outer {
            let are_words = |one: &HiddenNode| one.what == WithheldPart::Inline && !self.tells(one);
            let blank = |from: usize| self.text[from..one.range.start].bytes().all(|b| b" \t".contains(&b));
            match joined.last_mut() {
                Some(last) if are_words(last) && are_words(one) && blank(last.range.end) => {
                    last.range.end = one.range.end;
                }
                _ => joined.push(one.clone()),
            }
        }
        joined
    }

    fn tells(&self, hidden: &HiddenNode) -> bool {
        !self.note.is_empty() && hidden.cause != HiddenBy::Unused
    }

    /// The piece for a hidden node. A block is removed with its lines and with one of the blank lines around it.
    fn piece(&self, hidden: &HiddenNode, previous: Option<&CutPiece>) -> CutPiece {
        let whole = &hidden.range;
        if hidden.what == WithheldPart::Inline {
            return match self.tells(hidden) {
                true => CutPiece { range: whole.clone(), instead: self.note.clone() },
                false => CutPiece::without(self.document.inline_cut(whole)),
            };
        }
        let start = line_start(self.text, whole.start);
        let lead = &self.text[start..whole.start];
        let last = whole.start + self.text[whole.clone()].trim_end_matches([' ', '\t', '\n', '>']).len();
        let end = self.text[last..].find('\n').map_or(self.text.len(), |length| last + length + 1);
        // A block may begin after the marker of a list item.
        let own_line = is_blank(lead);
        if self.tells(hidden) {
            let range = if own_line { start } else { whole.start }..end;
            return CutPiece { range, instead: self.instead(hidden, if own_line { lead } else { "" }, end) };
        }
        if !own_line {
            return self.behind_sign(hidden, end);
        }
        // What is next to the block is next to the removed blocks before it, too.
        let joined = previous.filter(|one| one.range.end >= start && one.instead.is_empty());
        self.own_lines(hidden, joined.map_or(start, |one| one.range.start)..end, lead)
    }

    fn own_lines(&self, hidden: &HiddenNode, lines: Range<usize>, prefix: &str) -> CutPiece {
        let Range { start, end } = lines;
        let (before, after) = (last_line(&self.text[..start]), first_line(&self.text[end..]));
        let container_end = self.document.container(&hidden.range).range.end.max(end);
        let quotes = |line: &str| line.trim_start().chars().filter(|c| *c == '>').count();
        let depth = quotes(prefix);
        let within = |line: Option<&str>| line.is_some_and(|line| depth == 0 || quotes(lead(line)) >= depth);
        let closes = after.is_some_and(|line| lead_off(line).trim_end().starts_with(":::") && is_close(line));
        let opens = before.is_some_and(|line| lead_off(line).starts_with(":::") && !is_close(line));
        let last = is_blank(&self.text[end..container_end]) || closes;
        let blank_before = before.filter(|line| is_blank(line) && within(before));
        let blank_after = after.filter(|line| is_blank(line) && within(after));
        match (blank_before, blank_after) {
            (_, Some(line)) if before.is_none_or(is_blank) || opens => {
                CutPiece::without(start..(end + line.len() + 1).min(self.text.len()))
            }
            (Some(line), None) if last => CutPiece::without(start - line.len() - 1..end),
            _ => {
                // Without a blank line in its place, the text before the block and the text after it could become one.
                let parts = !before.is_none_or(is_blank) && !after.is_none_or(is_blank) && !last && !opens;
                let merge = parts && !matches!(hidden.what, WithheldPart::Item | WithheldPart::Row);
                let merge = merge && !before.is_some_and(stands_alone) && !after.is_some_and(stands_alone);
                let instead = if merge { format!("{}\n", prefix.trim_end()) } else { String::new() };
                CutPiece { range: start..end, instead }
            }
        }
    }

    /// The piece for a block after the marker of an item. The following text takes its place.
    fn behind_sign(&self, hidden: &HiddenNode, line_end: usize) -> CutPiece {
        let container = &self.document.container(&hidden.range).range;
        let start = hidden.range.start;
        let column = start - line_start(self.text, start);
        let rest = self.text.get(line_end..container.end).unwrap_or_default();
        let next = line_end + rest.len() - rest.trim_start_matches([' ', '\t', '>', '\n']).len();
        let indent = next - line_start(self.text, next);
        let moves = next < container.end && indent < column + 4 && !self.text[next..].starts_with("::");
        let keep = line_end - usize::from(self.text[..line_end].ends_with('\n'));
        let signed = self.text[..start].trim_end_matches([' ', '\t']).len();
        let range = if moves { start..next } else { signed..keep.max(start) };
        CutPiece::without(range)
    }

    /// The replacement as a block of the same type. `prefix` precedes it on its line; `end` is the end of its lines.
    fn instead(&self, hidden: &HiddenNode, prefix: &str, end: usize) -> String {
        let (note, start) = (&self.note, hidden.range.start);
        match hidden.what {
            WithheldPart::Item => format!("{prefix}{} {note}\n", bullet(&self.text[hidden.range.clone()])),
            WithheldPart::Row => format!("{prefix}| {note} |\n"),
            _ => {
                let blank = format!("{}\n", prefix.trim_end());
                let before = last_line(&self.text[..line_start(self.text, start)]);
                let begins_line = line_start(self.text, start) + prefix.len() == start;
                let first = if begins_line && !before.is_none_or(is_blank) { &blank } else { "" };
                let last = if first_line(&self.text[end..]).is_none_or(is_blank) { "" } else { &blank };
                format!("{first}{prefix}{note}\n{last}")
            }
        }
    }
}

/// The marker that an item begins with.
fn bullet(item: &str) -> &str {
    item.split_whitespace().next().unwrap_or("-")
}

fn is_blank(line: &str) -> bool {
    line.trim_matches([' ', '\t', '>']).is_empty()
}

/// The quote marks and indent at the beginning of a line.
fn lead(line: &str) -> &str {
    &line[..line.len() - lead_off(line).len()]
}

fn lead_off(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>'])
}

/// Whether a line is only `:::`.
fn is_close(line: &str) -> bool {
    lead_off(line).trim_end().bytes().all(|byte| byte == b':')
}

/// Whether a line is a block of its own or begins one, so that text next to it does not merge with it.
fn stands_alone(line: &str) -> bool {
    let text = lead_off(line);
    ["#", "```", "~~~", "::"].iter().any(|delimiter| text.starts_with(delimiter))
}

fn first_line(text: &str) -> Option<&str> {
    (!text.is_empty()).then(|| text.split('\n').next().unwrap_or_default())
}

fn last_line(text: &str) -> Option<&str> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    (!text.is_empty()).then(|| text.rsplit('\n').next().unwrap_or_default())
}

/// Escapes a text so that Markdown shows it unchanged.
fn escaped(text: &str) -> String {
    let one = |c: char| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() };
    text.chars().map(one).collect()
}
