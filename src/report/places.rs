//! Turns spans into lines and columns, many at a time.
//!
//! Owns [`SpanPositions`], which caches the lines of the last file. Diagnostics are sorted by file and
//! position, so a report needs one pass over each text and not one for each problem.

use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::source::{Position, Span, floor_boundary};

use super::Lookup;

/// Finds the positions of spans.
pub(super) struct SpanPositions<'l, 'a> {
    lookup: Lookup<'l, 'a>,
    unit: ColumnUnit,
    last: Option<(FilePath, Option<LineIndex<'a>>)>,
}

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColumnUnit {
    Character,
    /// A code unit of UTF-16: characters outside of the basic plane, such as emoji, count twice.
    Utf16,
}

/// A text with the offsets of its lines, in bytes.
pub(super) struct LineIndex<'a> {
    pub text: &'a str,
    unit: ColumnUnit,
    starts: Vec<usize>,
    /// A known position: its offset in bytes and its column. Counting goes on from there, so that long lines
    /// are not counted from their start again and again.
    known: (usize, u32),
}

impl<'l, 'a> SpanPositions<'l, 'a> {
    pub fn new(lookup: Lookup<'l, 'a>) -> SpanPositions<'l, 'a> {
        SpanPositions { lookup, unit: ColumnUnit::Character, last: None }
    }

    /// Finds positions whose columns count code units of UTF-16.
    pub fn in_utf16(lookup: Lookup<'l, 'a>) -> SpanPositions<'l, 'a> {
        SpanPositions { lookup, unit: ColumnUnit::Utf16, last: None }
    }

    /// The first position of the span, and the one after its end. A file without known text has only its first
    /// position.
    pub fn positions(&mut self, span: &Span) -> (Position, Position) {
        let start = Position { line: 1, column: 1 };
        let Some(lines) = self.lines(&span.file) else { return (start, start) };
        let range = span.range(lines.text);
        (lines.position(range.start), lines.position(range.end))
    }

    /// The marked text; empty if the text of the file is not known.
    pub fn marked(&mut self, span: &Span) -> &'a str {
        self.lines(&span.file).map_or("", |lines| &lines.text[span.range(lines.text)])
    }

    /// The beginning of a diagnostic: in its source, or in the published file if the source is unknown.
    pub fn start<'d>(&mut self, diagnostic: &'d Diagnostic) -> (&'d str, Position) {
        match diagnostic.published.first().filter(|_| self.is_published(diagnostic)) {
            Some(place) => (&place.path, place.at),
            None => (diagnostic.span.file.as_str(), self.positions(&diagnostic.span).0),
        }
    }

    /// Whether a diagnostic is shown in a published file, because its source is unknown.
    pub fn is_published(&mut self, diagnostic: &Diagnostic) -> bool {
        !diagnostic.published.is_empty() && self.lines(&diagnostic.span.file).is_none()
    }

    /// The lines of a file, if its text is known.
    pub fn lines(&mut self, file: &FilePath) -> Option<&mut LineIndex<'a>> {
        if self.last.as_ref().is_none_or(|(last, _)| last != file) {
            let lines = (self.lookup)(file).map(|source| LineIndex::new(&source.text, self.unit));
            self.last = Some((file.clone(), lines));
        }
        self.last.as_mut().and_then(|(_, lines)| lines.as_mut())
    }
}

impl<'a> LineIndex<'a> {
    fn new(text: &'a str, unit: ColumnUnit) -> LineIndex<'a> {
        let after_breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        LineIndex { text, unit, starts: std::iter::once(0).chain(after_breaks).collect(), known: (0, 1) }
    }

    /// The line and column of an offset in bytes. Any order of offsets is allowed; ascending ones are fast.
    pub fn position(&mut self, offset: usize) -> Position {
        let offset = floor_boundary(self.text, offset);
        let line = self.line(offset);
        let (from, column) = self.known_before(self.starts[line], offset);
        let passed = &self.text[from..offset];
        let passed = match self.unit {
            ColumnUnit::Character => passed.chars().count(),
            ColumnUnit::Utf16 => passed.encode_utf16().count(),
        };
        let column = column + passed as u32;
        self.known = (offset, column);
        Position { line: line as u32 + 1, column }
    }

    /// The nearest position before `offset` in the line whose column is known: its offset and column.
    fn known_before(&self, line_start: usize, offset: usize) -> (usize, u32) {
        let usable = (line_start..=offset).contains(&self.known.0);
        if usable { self.known } else { (line_start, 1) }
    }

    /// The index of the line that contains an offset, from 0.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// The byte range of the lines `first..=last`, without the last line end.
    pub fn range(&self, first: usize, last: usize) -> std::ops::Range<usize> {
        let end = self.starts.get(last + 1).map_or(self.text.len(), |next| next - 1);
        self.starts[first]..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::position;

    #[test]
    fn positions_equal_those_of_a_plain_count_in_any_order() {
        let text = "aé\nbc\n\n私x";
        let mut lines = LineIndex::new(text, ColumnUnit::Character);
        for offset in [0, 3, 1, 9, 4, 5, 6, 7, 8, 11, 12, 99, 2] {
            assert_eq!(lines.position(offset), position(text, offset), "{offset}");
        }
    }
}
