//! Writes footnotes at the end of the body.
//!
//! Owns their HTML, their ids and the report of a footnote that nothing refers to.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::code::FenceInfo;
use super::footnotes::{FootnoteState, folded};
use super::html::Html;
use super::open_elements::Close;
use super::writer::HtmlWriter;
use crate::diagnostic::Diagnostic;
use crate::html_escape::escape_attribute;
use crate::rules::MARKDOWN_FOOTNOTE;

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
                    if let Some(export) = self.exports.last_mut() {
                        export.leave_out(range.clone());
                    }
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
        let label = self.context.strings.fill("body.footnote", &[("number", &number)]);
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
        let strings = self.context.strings;
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
