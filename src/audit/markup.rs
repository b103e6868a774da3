//! The text of HTML, XML and SVG, without tags.
//!
//! Owns which tags stand within a word: highlighted code is cut into pieces by them.

use super::escapes::entity_at;
use super::view::{Maker, Step, View};

/// Elements within a line.
const INLINE: &[&[u8]] = &[
    b"a", b"abbr", b"b", b"bdi", b"bdo", b"cite", b"code", b"em", b"font", b"i", b"kbd", b"mark", b"mi",
    b"mn", b"mo", b"mtext", b"q", b"s", b"samp", b"small", b"span", b"strong", b"sub", b"sup", b"text",
    b"tspan", b"u", b"var", b"wbr",
];
/// A tag is no longer than this.
const LONGEST: usize = 8192;

/// The text, where there are tags.
pub(super) fn text(view: &View<'_>) -> Option<View<'static>> {
    let bytes = &*view.bytes;
    if !bytes.windows(2).any(|pair| pair == b"</") {
        return None;
    }
    let mut maker = Maker::new(view);
    let (mut at, mut from) = (0, 0);
    while at < bytes.len() {
        let (skipped, stands_for) = match bytes[at] {
            b'<' => tag(&bytes[at..]),
            b'&' => {
                entity_at(&bytes[at..]).map_or((0, Stands::Nothing), |(c, length)| (length, Stands::For(c)))
            }
            _ => (0, Stands::Nothing),
        };
        if skipped == 0 {
            at += 1;
            continue;
        }
        maker.copy(from..at);
        if let Stands::For(c) = stands_for {
            maker.made(at, c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        at += skipped;
        from = at;
    }
    maker.copy(from..bytes.len());
    maker.finish(Step::Markup)
}

enum Stands {
    Nothing,
    For(char),
}

/// The length of the tag at the start of a text, 0 where there is none, and what takes its place.
fn tag(text: &[u8]) -> (usize, Stands) {
    let name = text[1..].strip_prefix(b"/").unwrap_or(&text[1..]);
    if !name.first().is_some_and(|first| first.is_ascii_alphabetic() || b"!?".contains(first)) {
        return (0, Stands::Nothing);
    }
    let Some(end) = text.iter().take(LONGEST).position(|byte| *byte == b'>') else {
        return (0, Stands::Nothing);
    };
    let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let inline = INLINE.iter().any(|inline| name[..length].eq_ignore_ascii_case(inline));
    (end + 1, if inline { Stands::Nothing } else { Stands::For('\n') })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_together_again() {
        let file = View::file(b"<pre><code><span class=\"c-string\">hv-</span><span>01</span>&#46;prod</code></pre><p>a < b</p>");
        let view = text(&file).unwrap();
        assert_eq!(String::from_utf8_lossy(&view.bytes), "\nhv-01.prod\n\na < b\n");
        assert_eq!(view.origin(1), 34);
        assert!(text(&View::file(b"plain & simple")).is_none());
    }
}
