//! The bytes that a scan reads: a file as it is, or a decoded part of it.
//!
//! Owns [`DecodedView`], and the mapping from an offset in a view back to an offset in the file.

use std::borrow::Cow;
use std::ops::Range;

/// The decoding that made a view from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DecodeStep {
    /// The path of the file, instead of its content.
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
    /// The text that a PDF shows.
    Drawn,
    /// Lower-case letters without accents.
    Plain,
}

impl DecodeStep {
    /// The name for reports: `decoded from …`.
    pub fn name(self) -> &'static str {
        match self {
            DecodeStep::Name => "the file's name",
            DecodeStep::Markup => "marked-up text",
            DecodeStep::Entities => "HTML entities",
            DecodeStep::Percent => "percent-encoding",
            DecodeStep::Json => "JSON escapes",
            DecodeStep::Folded => "folded lines",
            DecodeStep::Base64 => "base64",
            DecodeStep::Utf16 => "UTF-16",
            DecodeStep::Packed => "compressed data",
            DecodeStep::Drawn => "the text of a PDF",
            DecodeStep::Plain => "letters with accents",
        }
    }
}

/// A piece of a view, and its origin in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DecodedPiece {
    /// The offset of its first byte in the view.
    at: usize,
    /// The offset of its first byte in the file.
    origin: usize,
    kind: DecodedKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DecodedKind {
    /// A byte-by-byte copy of the previous view.
    Same,
    /// Decoded: all of its bytes have the same origin.
    Made,
}

/// Bytes to scan, with their origin.
#[derive(Debug)]
pub(super) struct DecodedView<'a> {
    pub bytes: Cow<'a, [u8]>,
    /// The decoding steps that made it, in order.
    pub steps: Vec<DecodeStep>,
    /// The pieces by offset; empty for a file as it is.
    pieces: Vec<DecodedPiece>,
}

impl<'a> DecodedView<'a> {
    /// The view of a file as it is.
    pub fn file(bytes: &'a [u8]) -> DecodedView<'a> {
        DecodedView { bytes: Cow::Borrowed(bytes), steps: Vec::new(), pieces: Vec::new() }
    }

    /// The offset in the file that an offset in the view comes from.
    pub fn origin(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|piece| piece.at <= at);
        match next.checked_sub(1).map(|last| self.pieces[last]) {
            Some(DecodedPiece { at: start, origin, kind: DecodedKind::Same }) => origin + (at - start),
            Some(DecodedPiece { origin, kind: DecodedKind::Made, .. }) => origin,
            None => at,
        }
    }

    /// Whether these bytes are one unchanged copy from the previous view, so that a scan has seen them already.
    pub fn is_copied(&self, range: &Range<usize>) -> bool {
        let next = self.pieces.partition_point(|piece| piece.at <= range.start);
        let ends = self.pieces.get(next).is_none_or(|piece| range.end <= piece.at);
        next > 0 && ends && self.pieces[next - 1].kind == DecodedKind::Same
    }
}

/// Makes a view from another, piece by piece.
pub(super) struct ViewDecoder<'v, 'a> {
    from: &'v DecodedView<'a>,
    pub bytes: Vec<u8>,
    pieces: Vec<DecodedPiece>,
}

impl<'v, 'a> ViewDecoder<'v, 'a> {
    pub fn new(from: &'v DecodedView<'a>) -> ViewDecoder<'v, 'a> {
        ViewDecoder { from, bytes: Vec::new(), pieces: Vec::new() }
    }

    /// Copies a range of the previous view.
    pub fn copy(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.begin(range.start, DecodedKind::Same);
        self.bytes.extend_from_slice(&self.from.bytes[range]);
    }

    /// Adds decoded bytes that come from offset `at` of the previous view.
    pub fn push_decoded(&mut self, at: usize, bytes: &[u8]) {
        self.begin(at, DecodedKind::Made);
        self.bytes.extend_from_slice(bytes);
    }

    fn begin(&mut self, at: usize, kind: DecodedKind) {
        self.pieces.push(DecodedPiece { at: self.bytes.len(), origin: self.from.origin(at), kind });
    }

    /// The finished view; `None` where it is empty.
    pub fn finish(self, step: DecodeStep) -> Option<DecodedView<'static>> {
        if self.bytes.is_empty() {
            return None;
        }
        let mut steps = self.from.steps.clone();
        // A report names a step once, even where it was needed twice in a row.
        if steps.last() != Some(&step) {
            steps.push(step);
        }
        Some(DecodedView { bytes: Cow::Owned(self.bytes), steps, pieces: self.pieces })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_again() {
        let file = DecodedView::file(b"abc%41def");
        let mut maker = ViewDecoder::new(&file);
        maker.copy(1..3);
        maker.push_decoded(3, b"A");
        maker.copy(6..9);
        let view = maker.finish(DecodeStep::Percent).unwrap();
        assert_eq!(&*view.bytes, b"bcAdef");
        assert_eq!([0, 1, 2, 3, 5].map(|at| view.origin(at)), [1, 2, 3, 6, 8]);
        assert!(view.is_copied(&(0..2)) && view.is_copied(&(3..6)));
        assert!(!view.is_copied(&(1..3)) && !view.is_copied(&(2..4)));
    }
}
