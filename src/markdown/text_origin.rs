//! A text that is walked: the page's own or an included one.
//!
//! Owns [`TextOrigin`], by which ranges of the Markdown become spans of a file.

use std::ops::Range;

use super::notes;
use crate::dialect::Dialect;
use crate::path::FilePath;
use crate::source::{Source, Span};

/// The text that events come from, and where it stands.
#[derive(Clone)]
pub(super) struct TextOrigin<'a> {
    pub file: &'a FilePath,
    pub dialect: Dialect,
    /// The Markdown, without front matter.
    pub text: &'a str,
    /// The byte offset in the file where the Markdown begins.
    pub base: usize,
    /// Whether the front matter says that the file contains slides.
    pub slides: bool,
}

impl<'a> TextOrigin<'a> {
    /// A whole source whose Markdown begins at byte `body`.
    pub fn new(source: &'a Source, body: usize) -> TextOrigin<'a> {
        let (front, text) = source.text.split_at(body);
        // A caller may walk any text as Markdown, as tests do.
        let dialect = source.dialect.unwrap_or(Dialect::Handbook);
        TextOrigin { file: &source.path, dialect, text, base: body, slides: notes::are_slides(front) }
    }

    /// The span of a range of the text.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, self.base + range.start..self.base + range.end)
    }

    /// The range of the text that a span of its file has.
    pub fn range(&self, span: &Span) -> Range<usize> {
        let offset = |at: u32| (at as usize).saturating_sub(self.base);
        offset(span.start)..offset(span.end)
    }
}
