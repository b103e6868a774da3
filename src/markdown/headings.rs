//! Writes headings.
//!
//! Owns which heading is the title, and the content of the outline.

use std::ops::Range;

use pulldown_cmark::CowStr;

use super::Heading;
use super::html::Html;
use super::ids::is_name;
use super::open_elements::Close;
use super::writer::{FirstParagraph, HtmlWriter};
use crate::diagnostic::Diagnostic;
use crate::html_escape::escape_attribute;
use crate::path::heading_id;
use crate::rules::ID_DUPLICATE;
use crate::source::Span;

impl HtmlWriter<'_> {
    pub(super) fn start_heading(
        &mut self,
        level: u8,
        id: Option<CowStr<'_>>,
        classes: &[CowStr<'_>],
        range: Range<usize>,
    ) -> Close {
        self.inline.captures.push(String::new());
        let id = id.map(|id| id.trim_start_matches('#').to_owned()).filter(|id| is_name(id));
        let classes = classes.iter().filter(|class| is_name(class)).map(ToString::to_string).collect();
        let start = self.out().text.len();
        Close::Heading { level, id, classes, start, span: self.span(trim(self.current.origin.text, range)) }
    }

    pub(super) fn end_heading(
        &mut self,
        level: u8,
        id: Option<String>,
        classes: &[String],
        at: (usize, Span),
    ) {
        let (start, span) = at;
        let text = self.inline.captures.pop().unwrap_or_default().trim().to_owned();
        let inner = self.out().split_off(start);
        let id = self.heading_id(id, &text, &span);
        let mut heading = Heading { level, id, text, span };
        if let Some(collector) = self.text_blocks() {
            collector.complete_heading(&heading);
        }
        if self.is_title(&heading, start) {
            self.document.title = Some(heading);
            // The title is shown as plain text, so its links and images are repeated below it.
            if !inner.holes.is_empty() || inner.text.contains("<a ") {
                self.out().raw("<p>");
                self.out().append(&inner);
                self.out().raw("</p>\n");
            }
            return;
        }
        // Only the title has level 1.
        heading.level = heading.level.max(2);
        self.write_heading(&heading, classes, &inner);
        if self.html.len() == 1 {
            self.begin_section(heading.level);
            self.document.outline.push(heading);
        }
    }

    fn heading_id(&mut self, wanted: Option<String>, text: &str, span: &Span) -> String {
        // An id that the author wrote is reported if it is taken, because links to it lead to another element.
        if let Some(id) = wanted.as_deref().filter(|id| self.ids.holds(id)) {
            let message = format!("the id `{id}` is already taken on this page");
            self.document.diagnostics.push(Diagnostic::new(&ID_DUPLICATE, span.clone(), message));
        }
        let id = wanted.unwrap_or_else(|| heading_id(text));
        self.ids.take(&id)
    }

    /// Whether a heading is the page's title: the first one, with nothing before it, and no other title in the front
    /// matter.
    fn is_title(&self, heading: &Heading, start: usize) -> bool {
        let first = self.document.title.is_none()
            && self.document.outline.is_empty()
            && self.open.is_empty()
            && self.html.len() == 1;
        let nothing_before = start == 0
            && matches!(self.first_paragraph, FirstParagraph::Awaited)
            && self.includes.open.is_empty();
        let fits = self.given_title.is_none_or(|given| given.trim() == heading.text);
        heading.level == 1 && first && nothing_before && fits
    }

    fn write_heading(&mut self, heading: &Heading, classes: &[String], inner: &Html) {
        let Heading { level, id, text, .. } = heading;
        let label = self.context.strings.fill("body.link_to_section", &[("title", text)]);
        let label = escape_attribute(&label);
        let out = self.out();
        out.raw(&format!("<h{level}"));
        out.attribute("id", id);
        if !classes.is_empty() {
            out.attribute("class", &classes.join(" "));
        }
        out.raw(">");
        out.append(inner);
        out.raw(&format!(
            "<a class=\"anchor\" href=\"#{}\" aria-label=\"{label}\"></a></h{level}>\n",
            escape_attribute(&crate::path::encode(id))
        ));
    }
}

/// A range without the whitespace at its end.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let slice = text.get(range.clone()).unwrap_or("");
    range.start..range.start + slice.trim_end().len()
}
