//! Writes the terms of definition lists.
//!
//! Owns their ids, which links and the glossary lead to.

use super::open_elements::Close;
use super::writer::HtmlWriter;
use crate::html_escape::escape_attribute;
use crate::path::heading_id;

/// Before the id of each term. Without it, a term could take the id of a heading further down.
const PREFIX: &str = "term-";

impl HtmlWriter<'_> {
    pub(super) fn start_term(&mut self) -> Close {
        self.inline.captures.push(String::new());
        self.out().raw("<dt");
        let start = self.out().text.len();
        self.out().raw(">");
        Close::Term { start }
    }

    /// Writes the end of a term. Its id is made of its text up to the first comma or parenthesis: names in other
    /// languages and abbreviations follow there.
    pub(super) fn end_term(&mut self, start: usize) {
        let text = self.inline.captures.pop().unwrap_or_default();
        let name = heading_id(text.split([',', ';', '(']).next().unwrap_or_default());
        if !name.is_empty() {
            let id = self.ids.take(&format!("{PREFIX}{name}"));
            self.out().insert(start, &format!(" id=\"{}\"", escape_attribute(&id)));
        }
        self.out().raw("</dt>\n");
    }
}
