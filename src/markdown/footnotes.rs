//! Footnotes: numbered by first reference, written at the end of the body.
//!
//! Owns their numbers, ids and order. A definition that nothing refers to is kept, so no text is lost.

use std::collections::HashMap;

use super::escape::escape_attribute;
use super::html::Html;
use super::writer::{Close, Writer};

/// The footnotes of a page.
#[derive(Default)]
pub(super) struct Footnotes {
    /// By label.
    notes: HashMap<String, Note>,
    definitions: Vec<(String, Html)>,
}

/// What is known of a footnote.
struct Note {
    /// From 1, in the order in which they are first met.
    number: usize,
    /// References so far.
    references: usize,
}

impl Footnotes {
    fn of(&mut self, label: &str) -> &mut Note {
        let number = self.notes.len() + 1;
        self.notes.entry(label.to_owned()).or_insert(Note { number, references: 0 })
    }
}

impl Writer<'_> {
    /// A label means a footnote of its own file.
    fn scoped(&self, label: &str) -> String {
        if self.included.is_empty() { label.to_owned() } else { format!("{}\n{label}", self.origin.file) }
    }

    pub(super) fn footnote_reference(&mut self, label: &str) {
        let label = &self.scoped(label);
        let note = self.footnotes.of(label);
        note.references += 1;
        let (number, count) = (note.number, note.references);
        let id = if count == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{count}") };
        let id = self.ids.take(&id);
        let label = self.environment.strings.fill("body.footnote", &[("number", &number)]);
        let label = escape_attribute(&label);
        let html = format!(
            "<sup class=\"footnote-ref\"><a id=\"{id}\" href=\"#fn-{number}\" aria-label=\"{label}\">{number}</a></sup>"
        );
        self.out().raw(&html);
    }

    pub(super) fn start_footnote(&mut self, label: &str) -> Close {
        self.html.push(Html::default());
        Close::Footnote(self.scoped(label))
    }

    pub(super) fn end_footnote(&mut self, label: String) {
        let html = self.html.pop().expect("start_footnote pushed it");
        self.footnotes.definitions.push((label, html));
    }

    /// Writes every definition, the referenced ones in the order of their numbers.
    pub(super) fn write_footnotes(&mut self) {
        let mut definitions = std::mem::take(&mut self.footnotes.definitions);
        if definitions.is_empty() {
            return;
        }
        definitions.sort_by_cached_key(|(label, _)| self.footnotes.of(label).number);
        let strings = self.environment.strings;
        let label = escape_attribute(strings.say("body.footnotes"));
        self.out().raw(&format!("<section class=\"footnotes\" aria-label=\"{label}\"><ol>\n"));
        let back = escape_attribute(strings.say("body.back"));
        for (label, html) in definitions {
            let Note { number, references } = *self.footnotes.of(&label);
            let id = self.ids.take(&format!("fn-{number}"));
            self.out().raw(&format!("<li id=\"{id}\" value=\"{number}\">"));
            self.out().append(&html);
            if references > 0 {
                let back = format!(
                    "<a class=\"footnote-back\" href=\"#fnref-{number}\" aria-label=\"{back}\">↩</a>"
                );
                self.out().raw(&back);
            }
            self.out().raw("</li>\n");
        }
        self.out().raw("</ol></section>\n");
    }
}
