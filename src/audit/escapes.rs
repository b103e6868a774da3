//! Escaped characters: HTML entities, percent-encoding, JSON escapes, folded lines of calendars.
//!
//! Owns the decoding of each. A view holds only the text near escapes: the rest is the same as in the previous view.

use crate::entities;

use super::view::{DecodeStep, DecodedView, ViewDecoder};

/// The number of bytes before and after an escape that are copied with it. Most leaks are shorter.
const AROUND: usize = 256;

/// Decodes the escape at the start of a text: its meaning, and its length in bytes.
type Undo = fn(&[u8]) -> Option<(EscapedCharacter, usize)>;

/// The meaning of an escape.
enum EscapedCharacter {
    Nothing,
    Byte(u8),
    Char(char),
}

/// One syntax of escapes, and the byte that each of them begins with.
struct EscapeSyntax {
    step: DecodeStep,
    first: u8,
    undo: Undo,
}

const WAYS: &[EscapeSyntax] = &[
    EscapeSyntax { step: DecodeStep::Entities, first: b'&', undo: entity },
    EscapeSyntax { step: DecodeStep::Percent, first: b'%', undo: percent },
    EscapeSyntax { step: DecodeStep::Json, first: b'\\', undo: json },
    EscapeSyntax { step: DecodeStep::Folded, first: b'\r', undo: folded },
];

/// One view for each escape syntax that occurs, with its escapes decoded.
pub(super) fn undone<'v>(view: &'v DecodedView<'_>) -> impl Iterator<Item = DecodedView<'static>> + 'v {
    WAYS.iter().filter_map(|way| undo(view, way))
}

fn undo(view: &DecodedView<'_>, way: &EscapeSyntax) -> Option<DecodedView<'static>> {
    let bytes = &*view.bytes;
    let mut maker = ViewDecoder::new(view);
    // The end of the last decoded escape, before which no other one can begin.
    let mut done = 0;
    let mut last: Option<usize> = None;
    for at in memchr(bytes, way.first) {
        if at < done {
            continue;
        }
        let Some((sign, length)) = (way.undo)(&bytes[at..]) else { continue };
        match last {
            Some(end) if at - end <= 2 * AROUND => maker.copy(end..at),
            // The text between two distant escapes is left out; the line end keeps their words apart.
            Some(end) => {
                maker.copy(end..ends(bytes, end));
                maker.push_decoded(end, b"\n");
                maker.copy(begins(bytes, at)..at);
            }
            None => maker.copy(begins(bytes, at)..at),
        }
        match sign {
            EscapedCharacter::Nothing => {}
            EscapedCharacter::Byte(byte) => maker.push_decoded(at, &[byte]),
            EscapedCharacter::Char(c) => maker.push_decoded(at, c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        done = at + length;
        last = Some(done);
    }
    let end = last?;
    maker.copy(end..ends(bytes, end));
    maker.finish(way.step)
}

/// The text of a file in UTF-16, as Windows writes it. Only a file with a byte-order mark is recognised.
pub(super) fn utf16(view: &DecodedView<'_>) -> Option<DecodedView<'static>> {
    let unit: fn([u8; 2]) -> u16 = match *view.bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let mut maker = ViewDecoder::new(view);
    let mut at = 2;
    let units: Vec<u16> = view.bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    // Line by line, so that a find is reported at its line.
    for line in units.split_inclusive(|unit| *unit == u16::from(b'\n')) {
        maker.push_decoded(at, String::from_utf16_lossy(line).as_bytes());
        at += 2 * line.len();
    }
    maker.finish(DecodeStep::Utf16)
}

/// The start of the text before an escape, if possible not within a word: half an address would look like another one.
fn begins(bytes: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(AROUND);
    if from == 0 {
        return 0;
    }
    bytes[from..at].iter().position(|byte| is_between(*byte)).map_or(from, |gap| from + gap)
}

/// The end of the text after an escape, if possible not within a word.
fn ends(bytes: &[u8], at: usize) -> usize {
    let end = at + AROUND;
    if end >= bytes.len() {
        return bytes.len();
    }
    bytes[at..end].iter().rposition(|byte| is_between(*byte)).map_or(end, |gap| at + gap + 1)
}

/// Whether a byte separates words.
fn is_between(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"<>\"'()[]{},;|`".contains(&byte)
}

/// The offsets of a byte.
pub(super) fn memchr(bytes: &[u8], byte: u8) -> impl Iterator<Item = usize> + '_ {
    bytes.iter().enumerate().filter(move |(_, other)| **other == byte).map(|(at, _)| at)
}

/// The character of an HTML reference at the start of a text, and the length of the reference in bytes.
pub(super) fn entity_at(text: &[u8]) -> Option<(char, usize)> {
    let end = text.iter().take(40).position(|byte| *byte == b';')?;
    let (c, length) = entities::first(str::from_utf8(&text[..=end]).ok()?, entities::html)?;
    // Detectors expect a plain space between a name and its value.
    Some((if c == '\u{a0}' { ' ' } else { c }, length))
}

fn entity(text: &[u8]) -> Option<(EscapedCharacter, usize)> {
    let (c, length) = entity_at(text)?;
    // A soft hyphen and a zero-width non-joiner are invisible, but would split a word.
    Some((
        if c == '\u{ad}' || c == '\u{200c}' { EscapedCharacter::Nothing } else { EscapedCharacter::Char(c) },
        length,
    ))
}

fn hex(digits: &[u8]) -> Option<u32> {
    let sound = digits.iter().all(u8::is_ascii_hexdigit);
    sound.then(|| u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()).flatten()
}

fn percent(text: &[u8]) -> Option<(EscapedCharacter, usize)> {
    Some((EscapedCharacter::Byte(hex(text.get(1..3)?)? as u8), 3))
}

/// `\n`, `\"`, `\x41`, `\u0041`, and surrogate pairs such as `\ud83d\ude00`.
fn json(text: &[u8]) -> Option<(EscapedCharacter, usize)> {
    let sign = match text.get(1)? {
        b'n' | b'r' | b't' => EscapedCharacter::Byte(b'\n'),
        plain @ (b'"' | b'/' | b'\\' | b'\'') => EscapedCharacter::Byte(*plain),
        b'x' => return Some((EscapedCharacter::Char(char::from(hex(text.get(2..4)?)? as u8)), 4)),
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((sign, 2))
}

fn unicode(text: &[u8]) -> Option<(EscapedCharacter, usize)> {
    // Characters beyond the Basic Multilingual Plane are two escapes (RFC 8259, section 7).
    let unit = |at: usize| Some(hex(text.get(at..at + 4)?)? as u16);
    let first = unit(2)?;
    let second = if text.get(6..8) == Some(b"\\u") { unit(8) } else { None };
    let pair = second.and_then(|second| char::decode_utf16([first, second]).next()?.ok());
    match pair.filter(|c| c.len_utf16() == 2) {
        Some(c) => Some((EscapedCharacter::Char(c), 12)),
        None => Some((EscapedCharacter::Char(char::from_u32(u32::from(first))?), 6)),
    }
}

/// A line end with a space or tab after it (RFC 5545, section 3.1).
fn folded(text: &[u8]) -> Option<(EscapedCharacter, usize)> {
    matches!(text, [_, b'\n', b' ' | b'\t', ..]).then_some((EscapedCharacter::Nothing, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(DecodeStep, String)> {
        let file = DecodedView::file(text.as_bytes());
        let shown =
            |view: DecodedView<'_>| (view.steps[0], String::from_utf8_lossy(&view.bytes).into_owned());
        undone(&file).map(shown).collect()
    }

    #[test]
    fn every_way_is_undone() {
        let cases = [
            ("a&#x40;b&#46;c&amp;d", DecodeStep::Entities, "a@b.c&d"),
            ("a%40b%2Ec", DecodeStep::Percent, "a@b.c"),
            (r#"a\u0040b\/c\x2ed"#, DecodeStep::Json, "a@b/c.d"),
            ("SUMMARY:ab\r\n cd\r\n\tef", DecodeStep::Folded, "SUMMARY:abcdef"),
            ("\\ud83d\\ude00", DecodeStep::Json, "😀"),
        ];
        for (text, step, want) in cases {
            assert!(texts(text).contains(&(step, want.to_owned())), "{text}: {:?}", texts(text));
        }
        assert_eq!(texts("a & b, 100 % \\ d = e"), []);
    }

    #[test]
    fn a_file_in_utf16_is_read_in_both_orders() {
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let file: Vec<u8> = "\u{feff}Grüße\nhv-01".encode_utf16().flat_map(order).collect();
            let view = DecodedView::file(&file);
            let text = utf16(&view).unwrap();
            assert_eq!(String::from_utf8_lossy(&text.bytes), "Grüße\nhv-01");
            assert_eq!(text.origin("Grüße\n".len()), 2 + 2 * 6);
        }
        assert!(utf16(&DecodedView::file(b"a\0b\0")).is_none());
    }

    #[test]
    fn only_what_is_near_an_escape_is_made_anew() {
        let text = format!("{}%41{}%42{}", "x".repeat(2000), "y".repeat(2000), "z".repeat(2000));
        let found = texts(&text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1.len(), 4 * AROUND + 3);
    }

    #[test]
    fn no_word_is_cut_in_two() {
        for length in 0..20 {
            let text =
                format!("{} engineering-team@acme.io {}%41", "x ".repeat(300), "y".repeat(230 + length));
            let found = texts(&text);
            assert!(!found[0].1.contains('@') || found[0].1.contains(" engineering-team@"), "{}", found[0].1);
        }
    }
}
