//! What goes with words that are taken out of a line.
//!
//! Owns the blanks around them, as an author would delete them: one of two, the blank before a comma, a line that becomes
//! empty.

use std::collections::HashSet;
use std::ops::Range;

use super::outline::Outline;
use super::pairs::{line_end, line_start};

/// Signs that stand close behind a word, and close before one.
const CLOSING: &str = ".,;:!?)]}%\"'…”’»、。，．：；！？）］」』】";
const OPENING: &str = "([{|\"'“‘„«（［「『【";

/// A text with the places where elements in lines begin and end inside.
pub(super) struct Lines<'a> {
    body: &'a str,
    outline: &'a Outline,
    starts: HashSet<usize>,
    ends: HashSet<usize>,
}

impl<'a> Lines<'a> {
    pub fn of(body: &'a str, outline: &'a Outline) -> Lines<'a> {
        let starts = outline.elements.iter().map(|element| element.inside.start).collect();
        let ends = outline.elements.iter().map(|element| element.inside.end).collect();
        Lines { body, outline, starts, ends }
    }

    /// Words with what goes with them.
    pub fn cut(&self, words: &Range<usize>) -> Range<usize> {
        let before = self.body[..words.start].trim_end_matches([' ', '\t']).len();
        let after = self.body.len() - self.body[words.end..].trim_start_matches([' ', '\t']).len();
        let text = self.text(words.start);
        let first_line = text.start >= line_start(self.body, words.start);
        let lead = if first_line { text.start } else { line_start(self.body, words.start) };
        let first = self.body[lead.min(words.start)..words.start].bytes().all(|byte| b" \t>".contains(&byte));
        let rest = &self.body[after..];
        let last = rest.is_empty() || rest.starts_with('\n') || rest.starts_with("\\\n");
        let starts = first || [before, words.start].iter().any(|at| self.starts.contains(at));
        let ends = last || [after, words.end].iter().any(|at| self.ends.contains(at));
        match (starts, ends) {
            (true, true) if first && last && !first_line => self.line(words),
            (true, true) if first && last => self.first_line(words, before, text.end),
            (true, true) => words.clone(),
            (true, false) => words.start..after,
            (false, true) => before..words.end,
            (false, false) => self.between(words, before..after),
        }
    }

    /// The block's own text.
    fn text(&self, at: usize) -> Range<usize> {
        let leaf = self.outline.leaf(at).map(|number| self.outline.leaves[number].range.clone());
        leaf.unwrap_or_else(|| line_start(self.body, at)..line_end(self.body, at))
    }

    /// A line that becomes empty; there is one before it.
    fn line(&self, words: &Range<usize>) -> Range<usize> {
        line_start(self.body, words.start) - 1..line_end(self.body, words.end)
    }

    /// The first line of a block becomes empty: the next one takes its place, if there is one.
    fn first_line(&self, words: &Range<usize>, before: usize, end: usize) -> Range<usize> {
        let next = line_end(self.body, words.end) + 1;
        if next >= end {
            return before..words.end;
        }
        let lead = self.body[next..].trim_start_matches([' ', '\t', '>']);
        words.start..self.body.len() - lead.len()
    }

    /// Words between others; `blanks` is their range with the blanks around them.
    fn between(&self, words: &Range<usize>, blanks: Range<usize>) -> Range<usize> {
        let before = self.body[..words.start].chars().next_back();
        let after = self.body[words.end..].chars().next();
        match (blanks.start < words.start, blanks.end > words.end) {
            (true, true) => words.start..words.end + 1,
            (true, false) if after.is_some_and(|c| CLOSING.contains(c)) => words.start - 1..words.end,
            (false, true) if before.is_some_and(|c| OPENING.contains(c)) => words.start..words.end + 1,
            _ => words.clone(),
        }
    }
}
