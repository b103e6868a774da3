//! The text of HTML, XML and SVG, without tags.
//!
//! Owns the list of tags that do not end a word: highlighting puts such tags into the middle of a word of code.

use super::escapes::entity_at;
use super::view::{DecodeStep, DecodedView, ViewDecoder};

/// Elements within a line. Their tags are removed, all others become a line end.
const INLINE: &[&[u8]] = &[
    b"a", b"abbr", b"b", b"bdi", b"bdo", b"cite", b"code", b"em", b"font", b"i", b"kbd", b"mark", b"mi",
    b"mn", b"mo", b"mtext", b"q", b"s", b"samp", b"small", b"span", b"strong", b"sub", b"sup", b"text",
    b"tspan", b"u", b"var", b"wbr",
];
/// The most bytes of a tag; a longer one is read as text.
const LONGEST: usize = 8192;

/// The text without tags; `None` where there is no end tag.
pub(super) fn text(view: &DecodedView<'_>) -> Option<DecodedView<'static>> {
    let bytes = &*view.bytes;
    if !bytes.windows(2).any(|pair| pair == b"</") {
        return None;
    }
    let mut maker = ViewDecoder::new(view);
    let (mut at, mut from) = (0, 0);
    while at < bytes.len() {
        let (skipped, stands_for) = match bytes[at] {
            b'<' => tag(&bytes[at..]),
            b'&' => entity_at(&bytes[at..])
                .map_or((0, Replacement::Nothing), |(c, length)| (length, Replacement::For(c))),
            _ => (0, Replacement::Nothing),
        };
        if skipped == 0 {
            at += 1;
            continue;
        }
        maker.copy(from..at);
        if let Replacement::For(c) = stands_for {
            maker.push_decoded(at, c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        at += skipped;
        from = at;
    }
    maker.copy(from..bytes.len());
    maker.finish(DecodeStep::Markup)
}

/// The replacement of a tag or reference.
enum Replacement {
    Nothing,
    For(char),
}

/// The length in bytes of the tag at the start of a text, 0 where there is none, and its replacement.
fn tag(text: &[u8]) -> (usize, Replacement) {
    // `a < b` is text: a tag has a name right after its bracket.
    let name = text[1..].strip_prefix(b"/").unwrap_or(&text[1..]);
    if !name.first().is_some_and(|first| first.is_ascii_alphabetic() || b"!?".contains(first)) {
        return (0, Replacement::Nothing);
    }
    let Some(end) = text.iter().take(LONGEST).position(|byte| *byte == b'>') else {
        return (0, Replacement::Nothing);
    };
    let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let inline = INLINE.iter().any(|inline| name[..length].eq_ignore_ascii_case(inline));
    (end + 1, if inline { Replacement::Nothing } else { Replacement::For('\n') })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_together_again() {
        let file = DecodedView::file(b"<pre><code><span class=\"c-string\">hv-</span><span>01</span>&#46;prod</code></pre><p>a < b</p>");
        let view = text(&file).unwrap();
        assert_eq!(String::from_utf8_lossy(&view.bytes), "\nhv-01.prod\n\na < b\n");
        assert_eq!(view.origin(1), 34);
        assert!(text(&DecodedView::file(b"plain & simple")).is_none());
    }
}
