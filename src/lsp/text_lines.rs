//! Positions of the protocol in a text, and offsets in bytes.
//!
//! Owns [`TextLines`] and the units in which a client counts characters. A line ends with `\n`, `\r\n` or `\r`, as the
//! protocol says, so the same position names the same character in a file and in its normalised text.

use std::ops::Range;

use gen_lsp_types as lsp;

use crate::source::floor_boundary;

/// What a client counts within a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionUnit {
    /// Bytes.
    Utf8,
    /// Units of 16 bits, the default of the protocol.
    Utf16,
}

impl PositionUnit {
    /// The unit to use with a client that knows these encodings. Bytes need the least work.
    pub fn choose(known: &[lsp::PositionEncodingKind]) -> PositionUnit {
        if known.contains(&lsp::PositionEncodingKind::UTF8) {
            PositionUnit::Utf8
        } else {
            PositionUnit::Utf16
        }
    }

    /// The name in the protocol.
    pub fn kind(self) -> lsp::PositionEncodingKind {
        match self {
            PositionUnit::Utf8 => lsp::PositionEncodingKind::UTF8,
            PositionUnit::Utf16 => lsp::PositionEncodingKind::UTF16,
        }
    }

    fn length(self, character: char) -> usize {
        match self {
            PositionUnit::Utf8 => character.len_utf8(),
            PositionUnit::Utf16 => character.len_utf16(),
        }
    }
}

/// Where a file has a byte-order mark that its normalised text does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrderMark {
    Absent,
    /// Before the first character of the text.
    Before,
}

/// A text with the offsets of its lines.
#[derive(Debug)]
pub struct TextLines<'t> {
    text: &'t str,
    unit: PositionUnit,
    /// How much the first line is longer for the client.
    first_line_shift: usize,
    starts: Vec<usize>,
}

impl<'t> TextLines<'t> {
    pub fn new(text: &'t str, unit: PositionUnit, mark: ByteOrderMark) -> TextLines<'t> {
        // `match_indices` with one character runs at the speed of memory, and clients send many changes at once.
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        let lines = starts.len();
        let returns = text.match_indices('\r').map(|(at, _)| at + 1);
        starts.extend(returns.filter(|next| !text[*next..].starts_with('\n')));
        if starts.len() > lines {
            starts.sort_unstable();
        }
        let first_line_shift = if mark == ByteOrderMark::Before { unit.length('\u{feff}') } else { 0 };
        TextLines { text, unit, first_line_shift, starts }
    }

    /// The position of an offset. An offset after the end gives the end, one within a character its start.
    pub fn position(&self, offset: usize) -> lsp::Position {
        let offset = floor_boundary(self.text, offset);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let before = &self.text[self.starts[line]..offset];
        let length: usize = before.chars().map(|character| self.unit.length(character)).sum();
        let shift = if line == 0 { self.first_line_shift } else { 0 };
        lsp::Position { line: clamp(line), character: clamp(length + shift) }
    }

    /// The range of a range in bytes.
    pub fn range(&self, range: Range<usize>) -> lsp::Range {
        lsp::Range { start: self.position(range.start), end: self.position(range.end) }
    }

    /// The offset of a position. A position after the end of its line gives that end, one within a character its start.
    pub fn offset(&self, position: lsp::Position) -> usize {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else { return self.text.len() };
        let shift = if line == 0 { self.first_line_shift } else { 0 };
        let wanted = (position.character as usize).saturating_sub(shift);
        let mut length = 0;
        for (at, character) in self.text[start..self.end(line)].char_indices() {
            length += self.unit.length(character);
            if length > wanted {
                return start + at;
            }
        }
        self.end(line)
    }

    /// The number of the line that contains an offset.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    fn end(&self, line: usize) -> usize {
        let Some(next) = self.starts.get(line + 1) else { return self.text.len() };
        let whole = &self.text[self.starts[line]..*next];
        let content = whole.strip_suffix("\r\n").or_else(|| whole.strip_suffix(['\n', '\r']));
        self.starts[line] + content.unwrap_or(whole).len()
    }
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(text: &str, unit: PositionUnit) -> TextLines<'_> {
        TextLines::new(text, unit, ByteOrderMark::Absent)
    }

    #[test]
    fn characters_count_in_the_unit_of_the_client() {
        let text = "a\u{1f600}\u{e9}b\r\nc\rd";
        let b = text.find('b').unwrap();
        for (unit, character) in [(PositionUnit::Utf8, 7), (PositionUnit::Utf16, 4)] {
            assert_eq!(lines(text, unit).position(b), lsp::Position { line: 0, character });
        }
        let utf16 = lines(text, PositionUnit::Utf16);
        // The second half of the emoji is not a position of its own.
        assert_eq!(utf16.offset(lsp::Position { line: 0, character: 2 }), 1);
        assert_eq!(utf16.offset(lsp::Position { line: 0, character: 99 }), b + 1);
        assert_eq!(utf16.offset(lsp::Position { line: 2, character: 0 }), text.len() - 1);
        assert_eq!(utf16.offset(lsp::Position { line: 9, character: 0 }), text.len());
    }

    #[test]
    fn a_byte_order_mark_counts_for_the_client_only() {
        let lines = TextLines::new("ab", PositionUnit::Utf16, ByteOrderMark::Before);
        assert_eq!(lines.position(1), lsp::Position { line: 0, character: 2 });
        assert_eq!(lines.offset(lsp::Position { line: 0, character: 2 }), 1);
    }

    fn any_text() -> impl Strategy<Value = String> {
        static PIECES: [&str; 9] = ["a", "\t", "\u{1f600}", "\u{e9}", "\r\n", "\n", "\r", "\u{10ffff}", " "];
        prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_offset_survives_the_way_to_a_position_and_back(text in any_text()) {
            for unit in [PositionUnit::Utf8, PositionUnit::Utf16] {
                let lines = lines(&text, unit);
                for (offset, character) in text.char_indices() {
                    // Between `\r` and `\n` there is no position.
                    if character == '\n' && text[..offset].ends_with('\r') {
                        continue;
                    }
                    prop_assert_eq!(lines.offset(lines.position(offset)), offset);
                }
                prop_assert_eq!(lines.offset(lines.position(text.len())), text.len());
            }
        }

        #[test]
        fn positions_are_the_same_in_the_normalised_text(text in any_text()) {
            let normalised = text.replace("\r\n", "\n").replace('\r', "\n");
            let (raw, plain) = (lines(&text, PositionUnit::Utf16), lines(&normalised, PositionUnit::Utf16));
            let raw_offsets = text.char_indices().filter(|(at, c)| !(*c == '\n' && text[..*at].ends_with('\r')));
            for ((raw_offset, _), (offset, _)) in raw_offsets.zip(normalised.char_indices()) {
                prop_assert_eq!(raw.position(raw_offset), plain.position(offset));
            }
        }
    }
}
