//! Signs written in other ways: HTML entities, percent-encoding, JSON escapes, quoted-printable, folded lines.
//!
//! Owns how each is undone. Only what stands near an escape is made anew: the rest is the same as before.

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
    Way { step: Step::QuotedPrintable, first: b'=', undo: quoted },
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

/// Entities with names that a page is likely to have. Those of letters are written as letters by all programs.
const NAMED: &[(&[u8], char)] = &[
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
    (b"nbsp", ' '),
    (b"shy", '\u{ad}'),
    (b"commat", '@'),
    (b"period", '.'),
    (b"colon", ':'),
    (b"sol", '/'),
    (b"hyphen", '-'),
    (b"lowbar", '_'),
    (b"equals", '='),
    (b"num", '#'),
    (b"auml", 'ä'),
    (b"ouml", 'ö'),
    (b"uuml", 'ü'),
    (b"Auml", 'Ä'),
    (b"Ouml", 'Ö'),
    (b"Uuml", 'Ü'),
    (b"szlig", 'ß'),
    (b"eacute", 'é'),
    (b"egrave", 'è'),
    (b"zwnj", '\u{200c}'),
];

/// What an entity at the start of a text stands for, and how long it is.
pub(super) fn entity_at(text: &[u8]) -> Option<(char, usize)> {
    let end = text.iter().take(12).position(|byte| *byte == b';')?;
    let name = &text[1..end];
    let number = |digits: &[u8], base| u32::from_str_radix(str::from_utf8(digits).ok()?, base).ok();
    let c = match name {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
        [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
        _ => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((c, end + 1))
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

/// `=41`, and `=` at the end of a line that goes on.
fn quoted(text: &[u8]) -> Option<(Sign, usize)> {
    match text {
        [_, b'\r', b'\n', ..] => Some((Sign::Nothing, 3)),
        [_, b'\n', ..] => Some((Sign::Nothing, 2)),
        [_, first, second, ..] if !first.is_ascii_lowercase() && !second.is_ascii_lowercase() => {
            Some((Sign::Byte(hex(&text[1..3])? as u8), 3))
        }
        _ => None,
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
            ("a=40b=2Ec=\r\nd", Step::QuotedPrintable, "a@b.cd"),
            ("SUMMARY:ab\r\n cd\r\n\tef", Step::Folded, "SUMMARY:abcdef"),
            ("\\ud83d\\ude00", Step::Json, "😀"),
        ];
        for (text, step, want) in cases {
            assert!(texts(text).contains(&(step, want.to_owned())), "{text}: {:?}", texts(text));
        }
        assert_eq!(texts("a & b, 100 % \\ d = e"), []);
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
