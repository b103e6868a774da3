//! The map from offsets in a redacted text to offsets in the written text.
//!
//! Owns [`Cuts`]. A redacted text is a sequence of pieces of the written text, with inserted marks between some of
//! them.

use std::ops::Range;

/// Which pieces of a written text a redacted text consists of. All offsets are in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cuts {
    /// The pieces in order: the offset of each in the redacted text, and its range in the written text. Text between
    /// pieces in the redacted text was inserted and not written by the author.
    pieces: Vec<(usize, Range<usize>)>,
}

impl Cuts {
    /// Adds the piece `written` of the written text, which begins at offset `at` in the redacted text. The caller must
    /// add pieces in order.
    pub fn keep(&mut self, at: usize, written: Range<usize>) {
        if !written.is_empty() {
            self.pieces.push((at, written));
        }
    }

    /// The offset in the written text for an offset in the redacted text. Inserted text is mapped to the end of the
    /// piece before it.
    pub fn written(&self, at: usize) -> usize {
        let behind = self.pieces.partition_point(|(start, _)| *start <= at);
        match self.pieces[..behind].last() {
            Some(piece) => offset_within(piece, at),
            None => self.pieces.first().map_or(at, |(_, first)| first.start),
        }
    }

    /// The range in the written text for a range in the redacted text. It ends with its last byte, so that text that
    /// was removed directly after it is not part of it. An empty range where text was removed is where that text began.
    pub fn range(&self, redacted: Range<usize>) -> Range<usize> {
        if !redacted.is_empty() {
            let start = self.written(redacted.start);
            return start..(self.written(redacted.end - 1) + 1).max(start);
        }
        let before = self.pieces.partition_point(|(start, _)| *start < redacted.start);
        let start = match self.pieces[..before].last() {
            Some(piece) => offset_within(piece, redacted.start),
            None if self.pieces.is_empty() => redacted.start,
            None => 0,
        };
        start..start
    }
}

/// The offset in the written text for an offset at or behind the start of a piece.
fn offset_within((start, written): &(usize, Range<usize>), at: usize) -> usize {
    (written.start + (at - start)).min(written.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Removes ranges from a text.
    fn cut(text: &str, out: &[Range<usize>]) -> (String, Cuts) {
        let (mut redacted, mut cuts, mut from) = (String::new(), Cuts::default(), 0);
        for range in out.iter().cloned().chain(std::iter::once(text.len()..text.len())) {
            cuts.keep(redacted.len(), from..range.start);
            redacted.push_str(&text[from..range.start]);
            from = range.end;
        }
        (redacted, cuts)
    }

    #[test]
    fn each_character_that_is_left_is_found_where_it_was_written() {
        let text = "0123456789";
        let (redacted, cuts) = cut(text, &[0..2, 5..6, 6..7]);
        assert_eq!(redacted, "234789");
        for (at, byte) in redacted.bytes().enumerate() {
            assert_eq!(text.as_bytes()[cuts.written(at)], byte);
        }
        assert_eq!(cuts.written(redacted.len()), text.len());
        assert_eq!((cuts.range(1..3), cuts.range(2..4)), (3..5, 4..8));
        assert_eq!((cuts.range(0..0), cuts.range(3..3), cuts.range(5..6)), (0..0, 5..5, 9..10));
    }

    #[test]
    fn a_text_without_cuts_is_where_it_was() {
        assert_eq!(Cuts::default().range(3..5), 3..5);
    }
}
