//! Decides which spaces are removed with hidden words in a line.
//!
//! Owns the choice, which follows how an author would delete the words: one of two spaces, the space before a comma, a
//! line that becomes empty.

use std::ops::Range;

use super::marks::{line_end, line_start};
use super::nodes::{NodeKind, NodeTree};

/// Characters that follow a word without a space, and characters that precede one without a space.
const CLOSING: &str = ".,;:!?)]}%\"'…”’»、。，．：；！？）］」』】";
const OPENING: &str = "([{|\"'“‘„«（［「『【";

/// Computes the ranges to remove from the lines of a document.
pub(super) struct InlineCuts<'a> {
    pub document: &'a NodeTree<'a>,
}

impl InlineCuts<'_> {
    /// The range of hidden words with the spaces that are removed with them.
    pub fn cut(&self, words: &Range<usize>) -> Range<usize> {
        let before = self.document.text[..words.start].trim_end_matches([' ', '\t']).len();
        let after =
            self.document.text.len() - self.document.text[words.end..].trim_start_matches([' ', '\t']).len();
        let text = self.text(words.start);
        let first_line = text.start >= line_start(self.document.text, words.start);
        let lead = if first_line { text.start } else { line_start(self.document.text, words.start) };
        let first = self.document.text[lead.min(words.start)..words.start]
            .bytes()
            .all(|byte| b" \t>".contains(&byte));
        let rest = &self.document.text[after..];
        let last = rest.is_empty() || rest.starts_with('\n') || rest.starts_with("\\\n");
        let element = self.element(words);
        let starts = first || [before, words.start].contains(&element.start);
        let ends = last || [after, words.end].contains(&element.end);
        match (starts, ends) {
            (true, true) if first && last && !first_line => self.line(words),
            (true, true) if first && last => self.first_line(words, before, text.end),
            (true, true) => words.clone(),
            (true, false) => words.start..after,
            (false, true) => before..words.end,
            (false, false) => self.between(words, before..after),
        }
    }

    /// The text of the block around an offset.
    fn text(&self, at: usize) -> Range<usize> {
        let block = self.document.innermost(&(at..at), |node| node.kind.is_text_block());
        match &self.document.nodes[block] {
            node if node.kind.is_text_block() => {
                // A task's checkbox precedes the text.
                let first = self
                    .document
                    .children(block)
                    .find(|child| self.document.nodes[*child].kind != NodeKind::Blank);
                first.map_or(node.range.start, |first| self.document.nodes[first].range.start)..node.range.end
            }
            _ => line_start(self.document.text, at)..line_end(self.document.text, at),
        }
    }

    /// The content of the link or the emphasis around words.
    fn element(&self, words: &Range<usize>) -> Range<usize> {
        let around = self.document.innermost(words, |node| {
            matches!(node.kind, NodeKind::Link | NodeKind::Image | NodeKind::Emphasis) && node.range != *words
                || node.kind.is_text_block()
        });
        match &self.document.nodes[around] {
            node if node.kind.is_text_block() => usize::MAX..usize::MAX,
            node => node.inside.clone(),
        }
    }

    /// Removes a line that becomes empty. It is not the first line, so the line break before it is removed.
    fn line(&self, words: &Range<usize>) -> Range<usize> {
        line_start(self.document.text, words.start) - 1..line_end(self.document.text, words.end)
    }

    /// Removes the words of a first line that becomes empty. The next line, if there is one, takes its place.
    fn first_line(&self, words: &Range<usize>, before: usize, end: usize) -> Range<usize> {
        let next = line_end(self.document.text, words.end) + 1;
        if next >= end {
            return before..words.end;
        }
        let lead = self.document.text[next..].trim_start_matches([' ', '\t', '>']);
        words.start..self.document.text.len() - lead.len()
    }

    /// Removes words between others. `blanks` is their range with the spaces around them.
    fn between(&self, words: &Range<usize>, blanks: Range<usize>) -> Range<usize> {
        let before = self.document.text[..words.start].chars().next_back();
        let after = self.document.text[words.end..].chars().next();
        match (blanks.start < words.start, blanks.end > words.end) {
            (true, true) => words.start..words.end + 1,
            (true, false) if after.is_some_and(|c| CLOSING.contains(c)) => words.start - 1..words.end,
            (false, true) if before.is_some_and(|c| OPENING.contains(c)) => words.start..words.end + 1,
            _ => words.clone(),
        }
    }
}
