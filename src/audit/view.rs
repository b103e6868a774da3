//! A text as it is looked at: a file as it is, or a part of it decoded.
//!
//! Owns [`View`], and how a place in it is found again in the file.

use std::borrow::Cow;
use std::ops::Range;

/// How a view was made from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The path of the file, instead of what is in it.
    Name,
    /// The text of HTML, XML or SVG without its tags.
    Markup,
    Entities,
    Percent,
    Json,
    /// Lines that were folded, as in calendars.
    Folded,
    Base64,
    Utf16,
    /// gzip, zlib, or a member of a ZIP file.
    Packed,
    /// The words that a PDF shows.
    Drawn,
    /// Small letters without accents.
    Plain,
}

impl Step {
    /// For reports: `decoded from …`.
    pub fn name(self) -> &'static str {
        match self {
            Step::Name => "the file's name",
            Step::Markup => "marked-up text",
            Step::Entities => "HTML entities",
            Step::Percent => "percent-encoding",
            Step::Json => "JSON escapes",
            Step::Folded => "folded lines",
            Step::Base64 => "base64",
            Step::Utf16 => "UTF-16",
            Step::Packed => "compressed data",
            Step::Drawn => "the text of a PDF",
            Step::Plain => "letters with accents",
        }
    }
}

/// Where a piece of a view comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    /// Where it begins in the view.
    at: usize,
    /// Where it begins in the file.
    origin: usize,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Byte by byte as in the view before.
    Same,
    /// Decoded: all of it comes from one place.
    Made,
}

/// Bytes to look at.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub bytes: Cow<'a, [u8]>,
    /// How it was made, the first step first.
    pub steps: Vec<Step>,
    /// In order; empty for a file as it is.
    pieces: Vec<Piece>,
}

impl<'a> View<'a> {
    /// A file as it is.
    pub fn file(bytes: &'a [u8]) -> View<'a> {
        View { bytes: Cow::Borrowed(bytes), steps: Vec::new(), pieces: Vec::new() }
    }

    /// The place in the file.
    pub fn origin(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|piece| piece.at <= at);
        match next.checked_sub(1).map(|last| self.pieces[last]) {
            Some(Piece { at: start, origin, kind: Kind::Same }) => origin + (at - start),
            Some(Piece { origin, kind: Kind::Made, .. }) => origin,
            None => at,
        }
    }

    /// Whether these bytes stand in the view before as they are: whatever is found in them was found there.
    pub fn is_copied(&self, range: &Range<usize>) -> bool {
        let next = self.pieces.partition_point(|piece| piece.at <= range.start);
        let ends = self.pieces.get(next).is_none_or(|piece| range.end <= piece.at);
        next > 0 && ends && self.pieces[next - 1].kind == Kind::Same
    }
}

/// Makes a view out of another, piece by piece.
pub(super) struct Maker<'v, 'a> {
    from: &'v View<'a>,
    pub bytes: Vec<u8>,
    pieces: Vec<Piece>,
}

impl<'v, 'a> Maker<'v, 'a> {
    pub fn new(from: &'v View<'a>) -> Maker<'v, 'a> {
        Maker { from, bytes: Vec::new(), pieces: Vec::new() }
    }

    /// Copies a range.
    pub fn copy(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.begin(range.start, Kind::Same);
        self.bytes.extend_from_slice(&self.from.bytes[range]);
    }

    /// Adds what stands for something at a place.
    pub fn made(&mut self, at: usize, bytes: &[u8]) {
        self.begin(at, Kind::Made);
        self.bytes.extend_from_slice(bytes);
    }

    fn begin(&mut self, at: usize, kind: Kind) {
        self.pieces.push(Piece { at: self.bytes.len(), origin: self.from.origin(at), kind });
    }

    /// The view, unless there is nothing in it.
    pub fn finish(self, step: Step) -> Option<View<'static>> {
        if self.bytes.is_empty() {
            return None;
        }
        let mut steps = self.from.steps.clone();
        if steps.last() != Some(&step) {
            steps.push(step);
        }
        Some(View { bytes: Cow::Owned(self.bytes), steps, pieces: self.pieces })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_again() {
        let file = View::file(b"abc%41def");
        let mut maker = Maker::new(&file);
        maker.copy(1..3);
        maker.made(3, b"A");
        maker.copy(6..9);
        let view = maker.finish(Step::Percent).unwrap();
        assert_eq!(&*view.bytes, b"bcAdef");
        assert_eq!([0, 1, 2, 3, 5].map(|at| view.origin(at)), [1, 2, 3, 6, 8]);
        assert!(view.is_copied(&(0..2)) && view.is_copied(&(3..6)));
        assert!(!view.is_copied(&(1..3)) && !view.is_copied(&(2..4)));
    }
}
