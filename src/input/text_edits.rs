//! Changes in a text, applied to the bytes of its file.
//!
//! Owns [`TextEdit`] and the way from an offset in a normalised text to a byte of the file. Bytes outside the edits stay
//! as they are: byte-order mark, line ends, a missing newline at the end.

use std::ops::Range;

use super::encoding::normalise;

/// The replacement of a range of a normalised text. An empty range inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    pub range: Range<usize>,
    /// With `\n` as line ends.
    pub text: String,
}

/// The normalised text of a file; `None` if it is not UTF-8.
pub fn normalised(bytes: Vec<u8>) -> Option<String> {
    let decoded = normalise(bytes);
    decoded.flaw.is_none().then_some(decoded.text)
}

/// The text after edits, which are sorted and do not overlap.
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        edited.push_str(&text[at..edit.range.start]);
        edited.push_str(&edit.text);
        at = edit.range.end;
    }
    edited.push_str(&text[at..]);
    edited
}

/// The bytes of a file after edits in its normalised text. `None` if the file no longer has that text, or is not UTF-8.
pub fn apply_to_bytes(bytes: &[u8], text: &str, edits: &[TextEdit]) -> Option<Vec<u8>> {
    let decoded = normalise(bytes.to_vec());
    if decoded.flaw.is_some() || decoded.text != text {
        return None;
    }
    let line_end = line_end(bytes);
    let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let mut position = RawPosition { bytes, raw: mark, normalised: 0 };
    let mut edited = bytes[..mark].to_vec();
    for edit in edits {
        let from = position.raw;
        position.advance(edit.range.start);
        edited.extend(&bytes[from..position.raw]);
        edited.extend(edit.text.replace('\n', line_end).bytes());
        position.advance(edit.range.end);
    }
    edited.extend(&bytes[position.raw..]);
    Some(edited)
}

/// The first line end of a file.
fn line_end(bytes: &[u8]) -> &'static str {
    match bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
        Some(at) if bytes[at..].starts_with(b"\r\n") => "\r\n",
        Some(at) if bytes[at] == b'\r' => "\r",
        _ => "\n",
    }
}

/// An offset in the bytes of a file, with the same place in the normalised text.
struct RawPosition<'b> {
    bytes: &'b [u8],
    raw: usize,
    normalised: usize,
}

impl RawPosition<'_> {
    fn advance(&mut self, normalised: usize) {
        while self.normalised < normalised {
            self.raw += if self.bytes[self.raw..].starts_with(b"\r\n") { 2 } else { 1 };
            self.normalised += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_edited_bytes_change() {
        let bytes = "\u{feff}a\r\nbä\rc\nd".as_bytes();
        let text = "a\nbä\nc\nd";
        let edits = [
            TextEdit { range: 0..0, text: "x\n".to_owned() },
            TextEdit { range: 3..5, text: "o".to_owned() },
            TextEdit { range: 8..9, text: "e\nf".to_owned() },
        ];
        assert_eq!(apply(text, &edits), "x\na\nbo\nc\ne\nf");
        let edited = apply_to_bytes(bytes, text, &edits).unwrap();
        assert_eq!(String::from_utf8(edited).unwrap(), "\u{feff}x\r\na\r\nbo\rc\ne\r\nf");
    }

    #[test]
    fn a_file_that_changed_or_is_no_text_is_refused() {
        assert_eq!(apply_to_bytes(b"b", "a", &[]), None);
        assert_eq!(apply_to_bytes(b"a\xff", "a\u{fffd}", &[]), None);
    }
}
