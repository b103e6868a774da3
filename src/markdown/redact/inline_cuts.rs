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

impl NodeTree<'_> {
    /// The range of hidden words with the spaces that are removed with them.
    pub fn inline_cut(&self, words: &Range<usize>) -> Range<usize> {
        let before = self.text[..words.start].trim_end_matches([' ', '\t']).len();
        let after = self.text.len() - self.text[words.end..].trim_start_matches([' ', '\t']).len();
        let text = self.text_of_block(words.start);
        let first_line = text.start >= line_start(self.text, words.start);
        let lead = if first_line { text.start } else { line_start(self.text, words.start) };
        let first = self.text[lead.min(words.start)..words.start].bytes().all(|byte| b" \t>".contains(&byte));
        let rest = &self.text[after..];
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
    fn text_of_block(&self, at: usize) -> Range<usize> {
        let block = self.innermost(&(at..at), |node| node.kind.is_text_block());
        let node = &self.nodes[block];
        if !node.kind.is_text_block() {
            return line_start(self.text, at)..line_end(self.text, at);
        }
        // A task's checkbox precedes the text.
        let mut children = self.children(block).map(|child| &self.nodes[child]);
        let first = children.find(|child| child.kind != NodeKind::Blank).unwrap_or(node);
        first.range.start..node.range.end
    }

    /// The content of the link or the emphasis around words.
    fn element(&self, words: &Range<usize>) -> Range<usize> {
        let around = self.innermost(words, |node| {
            node.kind.is_inline() && node.range != *words || node.kind.is_text_block()
        });
        match &self.nodes[around] {
            node if node.kind.is_text_block() => usize::MAX..usize::MAX,
            node => node.inside.clone(),
        }
    }

    /// Removes a line that becomes empty. It is not the first line, so the line break before it is removed.
    fn line(&self, words: &Range<usize>) -> Range<usize> {
        line_start(self.text, words.start) - 1..line_end(self.text, words.end)
    }

    /// Removes the words of a first line that becomes empty. The next line, if there is one, takes its place.
    fn first_line(&self, words: &Range<usize>, before: usize, end: usize) -> Range<usize> {
        let next = line_end(self.text, words.end) + 1;
        if next >= end {
            return before..words.end;
        }
        let lead = self.text[next..].trim_start_matches([' ', '\t', '>']);
        words.start..self.text.len() - lead.len()
    }

    /// Removes words between others. `blanks` is their range with the spaces around them.
    fn between(&self, words: &Range<usize>, blanks: Range<usize>) -> Range<usize> {
        let before = self.text[..words.start].chars().next_back();
        let after = self.text[words.end..].chars().next();
        match (blanks.start < words.start, blanks.end > words.end) {
            (true, true) => words.start..words.end + 1,
            (true, false) if after.is_some_and(|c| CLOSING.contains(c)) => words.start - 1..words.end,
            (false, true) if before.is_some_and(|c| OPENING.contains(c)) => words.start..words.end + 1,
            _ => words.clone(),
        }
    }
}
