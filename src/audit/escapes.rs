//! Characters written in other ways: HTML entities, percent-encoding, JSON escapes, folded lines of calendars.
//!
//! Owns how each is undone. Only what stands near an escape is made anew: the rest is the same as before.

use crate::entities;

use super::view::{Maker, Step, View};

/// So many bytes before and after an escape are looked at with it. No leak that is looked for is longer.
const AROUND: usize = 256;

/// What an escape at a place stands for, and how long it is.
type Undo = fn(&[u8]) -> Option<(Sign, usize)>;

/// What an escape stands for.
enum Sign {
    Nothing,
    Byte(u8),
    Char(char),
}

/// One way of escaping: the sign it begins with.
struct Way {
    step: Step,
    first: u8,
    undo: Undo,
}

const WAYS: &[Way] = &[
    Way { step: Step::Entities, first: b'&', undo: entity },
    Way { step: Step::Percent, first: b'%', undo: percent },
    Way { step: Step::Json, first: b'\\', undo: json },
    Way { step: Step::Folded, first: b'\r', undo: folded },
];

/// The view in which each way of escaping is undone, where there is anything to undo.
pub(super) fn undone<'v>(view: &'v View<'_>) -> impl Iterator<Item = View<'static>> + 'v {
    WAYS.iter().filter_map(|way| undo(view, way))
}

fn undo(view: &View<'_>, way: &Way) -> Option<View<'static>> {
    let bytes = &*view.bytes;
    let mut maker = Maker::new(view);
    // What is copied ends here.
    let mut done = 0;
    let mut last: Option<usize> = None;
    for at in memchr(bytes, way.first) {
        if at < done {
            continue;
        }
        let Some((sign, length)) = (way.undo)(&bytes[at..]) else { continue };
        match last {
            Some(end) if at - end <= 2 * AROUND => maker.copy(end..at),
            Some(end) => {
                maker.copy(end..ends(bytes, end));
                maker.made(end, b"\n");
                maker.copy(begins(bytes, at)..at);
            }
            None => maker.copy(begins(bytes, at)..at),
        }
        match sign {
            Sign::Nothing => {}
            Sign::Byte(byte) => maker.made(at, &[byte]),
            Sign::Char(c) => maker.made(at, c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        done = at + length;
        last = Some(done);
    }
    let end = last?;
    maker.copy(end..ends(bytes, end));
    maker.finish(way.step)
}

/// A file in UTF-16, as Windows writes text; only one with a byte-order mark is known to be such.
pub(super) fn utf16(view: &View<'_>) -> Option<View<'static>> {
    let unit: fn([u8; 2]) -> u16 = match *view.bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let mut maker = Maker::new(view);
    let mut at = 2;
    let units: Vec<u16> = view.bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    // Line by line, so that a find has the place of its line.
    for line in units.split_inclusive(|unit| *unit == u16::from(b'\n')) {
        maker.made(at, String::from_utf16_lossy(line).as_bytes());
        at += 2 * line.len();
    }
    maker.finish(Step::Utf16)
}

/// Where to begin before an escape, if possible not within a word: half an address would look like another one.
fn begins(bytes: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(AROUND);
    if from == 0 {
        return 0;
    }
    bytes[from..at].iter().position(|byte| is_between(*byte)).map_or(from, |gap| from + gap)
}

/// Where to end behind an escape.
fn ends(bytes: &[u8], at: usize) -> usize {
    let end = at + AROUND;
    if end >= bytes.len() {
        return bytes.len();
    }
    bytes[at..end].iter().rposition(|byte| is_between(*byte)).map_or(end, |gap| at + gap + 1)
}

/// Whether a byte stands between words.
fn is_between(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"<>\"'()[]{},;|`".contains(&byte)
}

/// Where a byte stands.
pub(super) fn memchr(bytes: &[u8], byte: u8) -> impl Iterator<Item = usize> + '_ {
    bytes.iter().enumerate().filter(move |(_, other)| **other == byte).map(|(at, _)| at)
}

/// The character of a reference at the start of a text, and its length.
pub(super) fn entity_at(text: &[u8]) -> Option<(char, usize)> {
    let end = text.iter().take(40).position(|byte| *byte == b';')?;
    let (c, length) = entities::first(str::from_utf8(&text[..=end]).ok()?, entities::html)?;
    // Detectors know no other space between a name and its value.
    Some((if c == '\u{a0}' { ' ' } else { c }, length))
}

fn entity(text: &[u8]) -> Option<(Sign, usize)> {
    let (c, length) = entity_at(text)?;
    Some((if c == '\u{ad}' || c == '\u{200c}' { Sign::Nothing } else { Sign::Char(c) }, length))
}

fn hex(digits: &[u8]) -> Option<u32> {
    let sound = digits.iter().all(u8::is_ascii_hexdigit);
    sound.then(|| u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()).flatten()
}

fn percent(text: &[u8]) -> Option<(Sign, usize)> {
    Some((Sign::Byte(hex(text.get(1..3)?)? as u8), 3))
}

/// `\n`, `\"`, `\x41`, `A`, also in pairs.
fn json(text: &[u8]) -> Option<(Sign, usize)> {
    let sign = match text.get(1)? {
        b'n' | b'r' | b't' => Sign::Byte(b'\n'),
        plain @ (b'"' | b'/' | b'\\' | b'\'') => Sign::Byte(*plain),
        b'x' => return Some((Sign::Char(char::from(hex(text.get(2..4)?)? as u8)), 4)),
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((sign, 2))
}

fn unicode(text: &[u8]) -> Option<(Sign, usize)> {
    let unit = |at: usize| Some(hex(text.get(at..at + 4)?)? as u16);
    let first = unit(2)?;
    let second = if text.get(6..8) == Some(b"\\u") { unit(8) } else { None };
    let pair = second.and_then(|second| char::decode_utf16([first, second]).next()?.ok());
    match pair.filter(|c| c.len_utf16() == 2) {
        Some(c) => Some((Sign::Char(c), 12)),
        None => Some((Sign::Char(char::from_u32(u32::from(first))?), 6)),
    }
}

/// A line end with a blank behind it.
fn folded(text: &[u8]) -> Option<(Sign, usize)> {
    matches!(text, [_, b'\n', b' ' | b'\t', ..]).then_some((Sign::Nothing, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(Step, String)> {
        let file = View::file(text.as_bytes());
        let shown = |view: View<'_>| (view.steps[0], String::from_utf8_lossy(&view.bytes).into_owned());
        undone(&file).map(shown).collect()
    }

    #[test]
    fn every_way_is_undone() {
        let cases = [
            ("a&#x40;b&#46;c&amp;d", Step::Entities, "a@b.c&d"),
            ("a%40b%2Ec", Step::Percent, "a@b.c"),
            (r#"a\u0040b\/c\x2ed"#, Step::Json, "a@b/c.d"),
            ("SUMMARY:ab\r\n cd\r\n\tef", Step::Folded, "SUMMARY:abcdef"),
            ("\\ud83d\\ude00", Step::Json, "😀"),
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
            let view = View::file(&file);
            let text = utf16(&view).unwrap();
            assert_eq!(String::from_utf8_lossy(&text.bytes), "Grüße\nhv-01");
            assert_eq!(text.origin("Grüße\n".len()), 2 + 2 * 6);
        }
        assert!(utf16(&View::file(b"a\0b\0")).is_none());
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
