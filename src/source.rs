//! Text that an author wrote, with spans and positions in it.
//!
//! Owns [`Source`], [`Span`], [`Position`] and the conversion from byte offsets to lines and columns. It does not
//! depend on the syntax of the text.

use std::sync::Arc;

use crate::dialect::Dialect;
use crate::memo::Digest;
use crate::path::FilePath;

/// One text file of the inputs.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: FilePath,
    /// The text, with `\n` as line ends and without a byte-order mark.
    pub text: Arc<str>,
    /// The digest of path and text together.
    pub digest: Digest,
    /// `None` for a text that is not Markdown.
    pub dialect: Option<Dialect>,
}

/// A range of bytes in a source file: `start` is included, `end` is not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: FilePath,
    pub start: u32,
    pub end: u32,
}

/// A position as editors show it. Line and column count from 1, and a column is one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

impl Source {
    /// Takes text that is already normalised as [`Source::text`] describes.
    pub fn new(path: FilePath, text: impl Into<Arc<str>>) -> Source {
        let text = text.into();
        let digest = Digest::from_parts(&[path.as_str().as_bytes(), text.as_bytes()]);
        let dialect = Dialect::from_path(&path);
        Source { path, text, digest, dialect }
    }
}

impl Span {
    /// A span of `range`, in bytes. Offsets over 4 GiB are clamped; sources are far smaller.
    pub fn new(file: &FilePath, range: std::ops::Range<usize>) -> Span {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { file: file.clone(), start: clamp(range.start), end: clamp(range.end) }
    }

    /// An empty span at the start of a file, for problems that concern the whole file.
    pub fn start_of(file: &FilePath) -> Span {
        Span::new(file, 0..0)
    }

    /// The byte range, limited to the length of `text` and moved back to character boundaries.
    pub fn range(&self, text: &str) -> std::ops::Range<usize> {
        let cut = |offset: u32| floor_boundary(text, offset as usize);
        cut(self.start)..cut(self.end.max(self.start))
    }
}

/// The line and column of a byte offset. An offset after the end of the text gives the end.
pub fn position(text: &str, offset: usize) -> Position {
    let before = &text[..floor_boundary(text, offset)];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    Position { line: line as u32, column: before[line_start..].chars().count() as u32 + 1 }
}

/// The nearest character boundary at or before `offset`.
pub fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "aé\nbc\n";
        assert_eq!(position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(position(text, 3), Position { line: 1, column: 3 });
        assert_eq!(position(text, 4), Position { line: 2, column: 1 });
        assert_eq!(position(text, 99), Position { line: 3, column: 1 });
    }
}
