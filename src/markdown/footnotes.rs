//! Footnotes: numbered by first reference, written at the end of the body.
//!
//! Owns their numbers, ids and order. A definition that nothing refers to is kept, so no text is lost.

use std::collections::BTreeMap;

use super::escape::escape_attribute;
use super::html::Html;
use super::writer::{Close, Writer};

/// The footnotes of a page.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Labels in order of first reference.
    order: Vec<String>,
    /// References so far, by label.
    references: BTreeMap<String, usize>,
    definitions: Vec<(String, Html)>,
}

impl Footnotes {
    fn number(&mut self, label: &str) -> usize {
        let known = self.order.iter().position(|known| known == label);
        known.map_or_else(
            || {
                self.order.push(label.to_owned());
                self.order.len()
            },
            |at| at + 1,
        )
    }
}

impl Writer<'_> {
    /// A label means a footnote of its own file.
    fn scoped(&self, label: &str) -> String {
        if self.included.is_empty() { label.to_owned() } else { format!("{}\n{label}", self.origin.file) }
    }

    pub(super) fn footnote_reference(&mut self, label: &str) {
        let label = &self.scoped(label);
        let number = self.footnotes.number(label);
        let count = self.footnotes.references.entry(label.to_owned()).or_insert(0);
        *count += 1;
        let id = if *count == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{count}") };
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
        definitions.sort_by_cached_key(|(label, _)| self.footnotes.number(label));
        let strings = self.environment.strings;
        let label = escape_attribute(strings.say("body.footnotes"));
        self.out().raw(&format!("<section class=\"footnotes\" aria-label=\"{label}\"><ol>\n"));
        let back = escape_attribute(strings.say("body.back"));
        for (label, html) in definitions {
            let number = self.footnotes.number(&label);
            let id = self.ids.take(&format!("fn-{number}"));
            self.out().raw(&format!("<li id=\"{id}\" value=\"{number}\">"));
            self.out().append(&html);
            if self.footnotes.references.contains_key(&label) {
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
