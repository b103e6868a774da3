//! Writes footnotes: numbered by first reference, at the end of the body.
//!
//! Owns their numbers, ids and order, and decides which are published. A definition that the text of its own file does
//! not refer to is left out, as on GitHub, because the text that referred to it may be hidden.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use unicase::UniCase;

use super::code::FenceInfo;
use super::events::Events;
use super::html::Html;
use super::writer::{Close, HtmlWriter};
use crate::diagnostic::Diagnostic;
use crate::html_escape::escape_attribute;
use crate::rules::MARKDOWN_FOOTNOTE;

/// The footnotes of a page.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Footnotes by label.
    notes: HashMap<String, FootnoteState>,
    definitions: Vec<(String, Html)>,
    /// The labels that the current text refers to.
    used: BTreeSet<String>,
    /// The number of open definitions that are left out.
    left_out: usize,
    /// Whether the current event is inside fenced code of such a definition.
    fenced: bool,
}

/// The number and references of a footnote.
struct FootnoteState {
    /// The number, counted from 1 in the order of first use.
    number: usize,
    /// The number of references so far.
    references: usize,
}

impl Footnotes {
    fn state(&mut self, label: &str) -> &mut FootnoteState {
        let number = self.notes.len() + 1;
        self.notes.entry(label.to_owned()).or_insert(FootnoteState { number, references: 0 })
    }

    /// Replaces the labels that the text refers to, and returns the previous ones.
    pub fn swap_used(&mut self, used: BTreeSet<String>) -> BTreeSet<String> {
        std::mem::replace(&mut self.used, used)
    }
}

/// A label in the case folding that the parser compares labels with.
fn folded(label: &str) -> String {
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

impl HtmlWriter<'_> {
    /// The label, made unique to its file, because a label refers to a footnote of the same file.
    fn scoped(&self, label: &str) -> String {
        let label = folded(label);
        if self.includes.open.is_empty() { label } else { format!("{}\n{label}", self.current.origin.file) }
    }

    /// Whether an event belongs to a footnote that nothing refers to.
    pub(super) fn is_left_out(&mut self, event: &Event<'_>, range: &Range<usize>) -> bool {
        let before = self.footnotes.left_out;
        match event {
            Event::Start(Tag::FootnoteDefinition(label))
                if before > 0 || !self.footnotes.used.contains(&folded(label)) =>
            {
                self.footnotes.left_out += 1;
                if before == 0 {
                    self.leave_out_of_copy(range.clone());
                    self.report_unused(label, range);
                }
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                self.footnotes.left_out = before.saturating_sub(1);
            }
            _ if before > 0 => self.check_left_out(event, range),
            _ => {}
        }
        // `before` covers the end of the outermost definition, which is left out as well.
        before > 0 || self.footnotes.left_out > 0
    }

    /// Checks text that is not published. A mark that hides nothing is an error here too; otherwise it would hide
    /// nothing on the day when something refers to the footnote.
    fn check_left_out(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                self.report_marks_behind_fence(&FenceInfo::parse(info), range);
                // Without a closing fence the block may not have been meant as code.
                let code = self.current.origin.text.get(range.clone()).unwrap_or_default();
                let last = code
                    .trim_end()
                    .split_once('\n')
                    .map_or("", |(_, rest)| rest.rsplit('\n').next().unwrap_or(rest));
                let last = last.trim_start_matches([' ', '\t', '>']);
                self.footnotes.fenced = last.starts_with("```") || last.starts_with("~~~");
            }
            Event::End(TagEnd::CodeBlock) => self.footnotes.fenced = false,
            Event::Text(_) if !self.footnotes.fenced => self.report_marks(range.clone()),
            Event::Html(html) | Event::InlineHtml(html) => {
                let span = self.span(range.clone());
                self.report_marks_in_html(html, &span);
            }
            _ => {}
        }
    }

    fn report_unused(&mut self, label: &str, range: &Range<usize>) {
        if self.current.is_part {
            return;
        }
        let written = self.current.origin.text.get(range.clone()).unwrap_or_default();
        let length = written.find("]:").map_or(written.len(), |end| end + 2);
        let span = self.span(range.start..range.start + length);
        let message =
            format!("nothing in this file refers to the footnote `{label}`, so it is not published");
        let help = format!("refer to it with `[^{label}]`, or delete it");
        self.document.diagnostics.push(Diagnostic::new(&MARKDOWN_FOOTNOTE, span, message).help(help));
    }

    pub(super) fn footnote_reference(&mut self, label: &str) {
        let label = &self.scoped(label);
        let note = self.footnotes.state(label);
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

    /// Writes every definition in the order of the numbers.
    pub(super) fn write_footnotes(&mut self) {
        let mut definitions = std::mem::take(&mut self.footnotes.definitions);
        if definitions.is_empty() {
            return;
        }
        definitions.sort_by_cached_key(|(label, _)| self.footnotes.state(label).number);
        let strings = self.environment.strings;
        let label = escape_attribute(strings.say("body.footnotes"));
        self.out().raw(&format!("<section class=\"footnotes\" aria-label=\"{label}\"><ol>\n"));
        let back = escape_attribute(strings.say("body.back"));
        for (label, html) in definitions {
            let FootnoteState { number, references } = *self.footnotes.state(&label);
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
        let used: Vec<String> = syntax.parse(text, |parsed| used(&parsed.events, None)).into_iter().collect();
        assert_eq!(used, ["a", "b", "ss"]);
    }
}
