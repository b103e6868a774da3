//! The footnotes of a page: numbered by first reference.
//!
//! Owns their numbers and order, and decides which are published. A definition that the text of its own file does
//! not refer to is left out, as on GitHub, because the text that referred to it may be hidden.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};
use unicase::UniCase;

use super::events::Events;
use super::html::Html;

/// The footnotes of a page.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Footnotes by label.
    notes: HashMap<String, FootnoteState>,
    pub definitions: Vec<(String, Html)>,
    /// The labels that the current text refers to.
    pub used: BTreeSet<String>,
    /// The number of open definitions that are left out.
    pub left_out: usize,
    /// Whether the current event is inside fenced code of such a definition.
    pub fenced: bool,
}

/// The number and references of a footnote.
pub(super) struct FootnoteState {
    /// The number, counted from 1 in the order of first use.
    pub number: usize,
    /// The number of references so far.
    pub references: usize,
}

impl Footnotes {
    pub fn state(&mut self, label: &str) -> &mut FootnoteState {
        let number = self.notes.len() + 1;
        self.notes.entry(label.to_owned()).or_insert(FootnoteState { number, references: 0 })
    }

    /// Replaces the labels that the text refers to, and returns the previous ones.
    pub fn swap_used(&mut self, used: BTreeSet<String>) -> BTreeSet<String> {
        std::mem::replace(&mut self.used, used)
    }
}

/// A label in the case folding that the parser compares labels with.
pub(super) fn folded(label: &str) -> String {
    UniCase::unicode(label).to_folded_case()
}

/// The labels of the footnotes that a text refers to, directly or through another footnote that it refers to.
pub(super) fn used(events: &Events<'_>, part: Option<&Range<usize>>) -> BTreeSet<String> {
    let mut waiting = Vec::new();
    let mut within: HashMap<String, Vec<String>> = HashMap::new();
    let mut open: Vec<String> = Vec::new();
    for (event, range) in events {
        match event {
            _ if part.is_some_and(|part| !part.contains(&range.start)) => {}
            Event::Start(Tag::FootnoteDefinition(label)) => open.push(folded(label)),
            Event::End(TagEnd::FootnoteDefinition) => drop(open.pop()),
            Event::FootnoteReference(label) => match open.last() {
                Some(around) => within.entry(around.clone()).or_default().push(folded(label)),
                None => waiting.push(folded(label)),
            },
            _ => {}
        }
    }
    // Only footnotes that are used themselves pass their references on.
    let mut used = BTreeSet::new();
    while let Some(label) = waiting.pop() {
        waiting.extend(within.remove(&label).unwrap_or_default());
        used.insert(label);
    }
    used
}

#[cfg(test)]
mod tests {
    use super::super::notes::Flavor;
    use super::super::syntax::{Extensions, Syntax};
    use super::*;
    use crate::dialect::Dialect;

    #[test]
    fn footnotes_are_used_by_the_text_and_by_footnotes_that_are_used() {
        let text = "a[^A] [^ß]\n\n[^a]: [^b]\n\n[^b]: x\n\n[^c]: [^d]\n\n[^d]: x\n\n[^SS]: y\n";
        let extensions = Extensions { math: false, smart_punctuation: false };
        let syntax = Syntax { dialect: Dialect::Handbook, flavor: Flavor::Plain, extensions };
        let used = syntax.parse(text, |parsed| used(&parsed.events, None)).expect("the text is short");
        assert_eq!(used.into_iter().collect::<Vec<_>>(), ["a", "b", "ss"]);
    }
}
