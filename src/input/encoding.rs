//! Turns bytes into normalised text.
//!
//! Owns the definition of text: UTF-8 without a byte-order mark, line ends as `\n`. Bytes that are not UTF-8
//! are replaced, so that the rest of the page can be checked, and the first wrong byte is reported.

/// A decoded text and its first error.
#[derive(Debug, PartialEq, Eq)]
pub struct DecodedText {
    /// The text; each wrong sequence is replaced by U+FFFD.
    pub text: String,
    pub flaw: Option<DecodeError>,
}

/// Why a file is not a text.
#[derive(Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The byte at this offset of the normalised text is not UTF-8.
    Byte { offset: usize, value: u8 },
    /// The whole file is UTF-16.
    Utf16,
}

/// Decodes bytes and normalises the text. It never fails: an error is part of the result.
pub fn normalise(bytes: Vec<u8>) -> DecodedText {
    if let Some(text) = utf16(&bytes) {
        return DecodedText { text: unify(text), flaw: Some(DecodeError::Utf16) };
    }
    match String::from_utf8(bytes) {
        Ok(text) => DecodedText { text: unify(text), flaw: None },
        Err(error) => lossy(error),
    }
}

/// Replaces the bytes that are not UTF-8. The text before the first wrong byte stays, so the length of its
/// normalised form is the offset of that byte.
fn lossy(error: std::string::FromUtf8Error) -> DecodedText {
    let valid = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let before = String::from_utf8_lossy(&bytes[..valid]).into_owned();
    // A `\r` at the end is a whole line end here: the wrong byte after it is not the `\n` of a `\r\n`.
    let flaw = DecodeError::Byte { offset: unify(before).len(), value: bytes[valid] };
    DecodedText { text: unify(String::from_utf8_lossy(&bytes).into_owned()), flaw: Some(flaw) }
}

/// The text of bytes that begin with a UTF-16 byte-order mark.
fn utf16(bytes: &[u8]) -> Option<String> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}

/// Removes the byte-order mark and turns every line end into `\n`.
fn unify(text: String) -> String {
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    if !body.contains('\r') {
        return if body.len() == text.len() { text } else { body.to_owned() };
    }
    body.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> DecodedText {
        normalise(bytes.to_vec())
    }

    #[test]
    fn marks_and_line_ends_are_normalised() {
        assert_eq!(text(b"\xEF\xBB\xBFa\r\nb\rc\n"), DecodedText { text: "a\nb\nc\n".into(), flaw: None });
        assert_eq!(text(b""), DecodedText { text: String::new(), flaw: None });
        assert_eq!(text(b"\xEF\xBB\xBF").text, "");
    }

    #[test]
    fn the_first_wrong_byte_is_found_in_the_normalised_text() {
        let latin = text(b"\xEF\xBB\xBFa\r\ncaf\xE9 \xE9");
        assert_eq!(latin.flaw, Some(DecodeError::Byte { offset: 5, value: 0xE9 }));
        assert_eq!(latin.text, "a\ncaf\u{FFFD} \u{FFFD}");
        assert!(latin.text[5..].starts_with('\u{FFFD}'));
    }

    #[test]
    fn utf16_is_recognised_by_its_mark() {
        let little = text(b"\xFF\xFEa\0\r\0\n\0b\0");
        assert_eq!(little, DecodedText { text: "a\nb".into(), flaw: Some(DecodeError::Utf16) });
        assert_eq!(text(b"\xFE\xFF\0a").text, "a");
    }
}
