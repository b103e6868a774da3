//! Removes ranges from a text so that the rest reads as if its author had deleted them.
//!
//! Owns which spaces and blank lines are removed with a range, and what replaces it. Must not know marks or levels.

use std::ops::Range;

use super::hidden::{HiddenBy, HiddenNode, HiddenRanges, outermost};
use super::marks::LevelMark;
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
    let outer = outermost(hidden);
    let mut pieces: Vec<CutPiece> = Vec::new();
    for one in &outer {
        let Some(piece) = cutting.block(one, pieces.last()) else { continue };
        match pieces.last_mut().filter(|last| last.touches(&piece)) {
            Some(last) => last.range = last.range.start.min(piece.range.start)..piece.range.end,
            None => pieces.push(piece),
        }
    }
    pieces.extend(cutting.words(&outer));
    let cover = HiddenRanges::of_nodes(hidden);
    for sign in marks.iter().flat_map(|mark| &mark.signs) {
        if cover.at(sign.start).is_none() {
            pieces.push(CutPiece { range: sign.clone(), instead: String::new() });
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
    /// Pieces for hidden words. Hidden words with only whitespace between them are removed as one.
    fn words(&self, outer: &[&HiddenNode]) -> Vec<CutPiece> {
        let mut pieces: Vec<CutPiece> = Vec::new();
        let mut joined: Vec<Range<usize>> = Vec::new();
        for one in outer.iter().filter(|one| one.what == WithheldPart::Inline) {
            if self.tells(one) {
                pieces.push(CutPiece { range: one.range.clone(), instead: self.note.clone() });
                continue;
            }
            let blank = |from: usize| self.text[from..one.range.start].bytes().all(|b| b" \t".contains(&b));
            match joined.last_mut().filter(|last| blank(last.end)) {
                Some(last) => last.end = one.range.end,
                None => joined.push(one.range.clone()),
            }
        }
        let cut = |words: &Range<usize>| CutPiece {
            range: self.document.inline_cut(words),
            instead: String::new(),
        };
        pieces.extend(joined.iter().map(cut));
        pieces
    }

    fn tells(&self, hidden: &HiddenNode) -> bool {
        !self.note.is_empty() && hidden.cause != HiddenBy::Unused
    }

    /// The piece for a hidden block. A block is removed with its lines and with one of the blank lines around it.
    fn block(&self, hidden: &HiddenNode, previous: Option<&CutPiece>) -> Option<CutPiece> {
        let whole = &hidden.range;
        let start = self.text[..whole.start].rfind('\n').map_or(0, |at| at + 1);
        let lead = &self.text[start..whole.start];
        let last = whole.start + self.text[whole.clone()].trim_end_matches([' ', '\t', '\n', '>']).len();
        let line_end = self.text[last..].find('\n').map_or(self.text.len(), |length| last + length + 1);
        // A block may begin after the marker of a list item.
        let own_line = is_blank(lead);
        let prefix: String = lead.chars().take_while(|c| matches!(c, ' ' | '\t' | '>')).collect();
        match (hidden.what, own_line) {
            (WithheldPart::Inline, _) => None,
            _ if self.tells(hidden) => {
                let begin = if own_line { start } else { whole.start };
                let instead = self.instead(hidden, (lead, own_line), line_end);
                Some(CutPiece { range: begin..line_end, instead })
            }
            (_, false) => Some(self.behind_sign(hidden, line_end)),
            (_, true) => {
                // What is next to the block is next to the removed blocks before it, too.
                let joined = previous.filter(|one| one.range.end >= start && one.instead.is_empty());
                let start = joined.map_or(start, |one| one.range.start);
                Some(self.own_lines(hidden, start..line_end, &prefix))
            }
        }
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
        let none = |range: Range<usize>| CutPiece { range, instead: String::new() };
        match (blank_before, blank_after) {
            (_, Some(line)) if before.is_none_or(is_blank) || opens => {
                none(start..(end + line.len() + 1).min(self.text.len()))
            }
            (Some(line), None) if last => none(start - line.len() - 1..end),
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
        let column = start - self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let rest = self.text.get(line_end..container.end).unwrap_or_default();
        let next = line_end + rest.len() - rest.trim_start_matches([' ', '\t', '>', '\n']).len();
        let indent = next - self.text[..next].rfind('\n').map_or(0, |at| at + 1);
        let moves = next < container.end && indent < column + 4 && !self.text[next..].starts_with("::");
        let keep = line_end - usize::from(self.text[..line_end].ends_with('\n'));
        let signed = self.text[..start].trim_end_matches([' ', '\t']).len();
        let range = if moves { start..next } else { signed..keep.max(start) };
        CutPiece { range, instead: String::new() }
    }

    /// The replacement as a block of the same type.
    fn instead(&self, hidden: &HiddenNode, (lead, own_line): (&str, bool), line_end: usize) -> String {
        let (note, prefix) = (&self.note, if own_line { lead } else { "" });
        match hidden.what {
            WithheldPart::Item => format!("{prefix}{} {note}\n", bullet(&self.text[hidden.range.clone()])),
            WithheldPart::Row => format!("{prefix}| {note} |\n"),
            _ => {
                let blank = prefix.trim_end();
                let before = last_line(&self.text[..hidden.range.start - lead.len()]);
                let parts = own_line && !before.is_none_or(is_blank);
                let first = if parts { format!("{blank}\n") } else { String::new() };
                let after = first_line(&self.text[line_end..]);
                let last = if after.is_none_or(is_blank) { String::new() } else { format!("{blank}\n") };
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
    ["#", "```", "~~~", "::"].iter().any(|sign| text.starts_with(sign))
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
