//! What is to be taken out of a text.
//!
//! Owns the record of it, in places of the written text. Knows no marks.

use std::cmp::Reverse;
use std::ops::Range;

use crate::rules::{Rule, VISIBILITY_STRAY};
use crate::source::Span;
use crate::visibility::{Level, What, Why, Withheld};

/// What is to be taken out of a text.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What the audience may not see, sorted; ranges may lie in one another.
    pub hidden: Vec<Hidden>,
    /// Marks of which only the text behind them stays.
    pub marks: Vec<Range<usize>>,
    pub named: Option<Range<usize>>,
    pub problems: Vec<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hidden {
    pub range: Range<usize>,
    pub what: What,
    /// `None` where it is unclear what was meant.
    pub level: Option<Level>,
    pub sign: Sign,
}

/// Why something is hidden, which decides what tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// An author's mark.
    Own,
    /// It holds nothing but what is hidden.
    Emptied,
    /// Only hidden text needs it: nothing stands in its place.
    Silent,
}

#[derive(Debug)]
pub(super) struct Problem {
    pub rule: &'static Rule,
    pub range: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl Found {
    /// Whether the text has nothing to do with levels after all.
    pub fn is_empty(&self) -> bool {
        self.hidden.is_empty() && self.marks.is_empty() && self.named.is_none() && self.problems.is_empty()
    }
}

impl Found {
    /// Whether something of the text would go, or is wrong.
    pub fn changes(&self) -> bool {
        !(self.hidden.is_empty() && self.marks.is_empty() && self.problems.is_empty())
    }

    /// Hides the whole text, because it cannot be said what is left of it.
    pub fn withhold_all(&mut self, text: Range<usize>) {
        if self.problems.is_empty() {
            let first = self.hidden.first().map_or(text.clone(), |hidden| hidden.range.clone());
            let message = "without this, marks in the rest of the text would mean something else".to_owned();
            let help = "hide the block around it, or set it apart by blank lines".to_owned();
            self.problems.push(Problem { rule: &VISIBILITY_STRAY, range: first, message, help: Some(help) });
        }
        self.hidden.insert(0, Hidden { range: text, what: What::Block, level: None, sign: Sign::Own });
    }
}

impl Hidden {
    pub fn words(range: Range<usize>, level: Level) -> Hidden {
        Hidden { range, what: What::Inline, level: Some(level), sign: Sign::Own }
    }

    /// Outer ones come before inner ones.
    pub fn order(&self) -> (usize, Reverse<usize>) {
        (self.range.start, Reverse(self.range.end))
    }

    /// `None` where another one says it already.
    pub fn withheld(&self, span: impl FnOnce(&Range<usize>) -> Span) -> Option<Withheld> {
        let why = self.level.map_or(Why::Unclear, Why::Level);
        (self.sign != Sign::Emptied).then(|| Withheld { span: span(&self.range), what: self.what, why })
    }
}

/// Of several ranges in one another, in order, only the outer ones.
pub(super) fn outermost(hidden: &[Hidden]) -> Vec<&Hidden> {
    let mut outer: Vec<&Hidden> = Vec::new();
    for hidden in hidden {
        if outer.last().is_none_or(|last| last.range.end < hidden.range.end) {
            outer.push(hidden);
        }
    }
    outer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_of_what_is_found_is_a_change() {
        let hidden = |range| Hidden { range, what: What::Block, level: None, sign: Sign::Own };
        let mut found = Found::default();
        assert!(found.is_empty() && !found.changes());
        found.named = Some(0..1);
        assert!(!found.is_empty() && !found.changes());
        for found in [
            Found { hidden: vec![hidden(0..1)], ..Found::default() },
            Found { marks: vec![Range { start: 0, end: 1 }], ..Found::default() },
            {
                let mut found = Found::default();
                found.withhold_all(0..1);
                Found { hidden: Vec::new(), ..found }
            },
        ] {
            assert!(found.changes() && !found.is_empty());
        }
    }

    #[test]
    fn what_cannot_be_told_is_reported_where_it_begins() {
        let hidden = Hidden { range: 3..5, what: What::Block, level: None, sign: Sign::Own };
        let mut found = Found { hidden: vec![hidden], ..Found::default() };
        found.withhold_all(0..9);
        assert_eq!((found.problems.len(), &found.problems[0].range), (1, &(3..5)));
        assert_eq!(outermost(&found.hidden).len(), 1);
        found.withhold_all(0..9);
        assert_eq!(found.problems.len(), 1);
    }
}
