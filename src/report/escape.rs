//! Makes text of unknown origin harmless for a terminal.
//!
//! Content arrives by pull request: a title or a file name may contain escape sequences that colour, hide or
//! rewrite the output of a terminal. Owns the two ways to show such text.

use std::borrow::Cow;

/// Shows control characters, invisible characters and those that change the direction of text as escapes such
/// as `\u{1b}`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_active) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_active(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Replaces each such character by one of equal length in bytes, so that spans into the text stay valid. Tabs
/// and line ends remain.
pub(super) fn mask(text: &str) -> Cow<'_, str> {
    let masked = |c: char| is_active(c) && c != '\t' && c != '\n';
    if !text.chars().any(masked) {
        return Cow::Borrowed(text);
    }
    let stand_in = |c: char| match c.len_utf8() {
        1 => '?',
        2 => '\u{b7}',
        _ => '\u{fffd}',
    };
    Cow::Owned(text.chars().map(|c| if masked(c) { stand_in(c) } else { c }).collect())
}

/// Whether a terminal might act on the character instead of showing it.
fn is_active(c: char) -> bool {
    let direction =
        matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let unseen = matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}');
    c.is_control() || direction || unseen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_shown_as_an_escape() {
        assert_eq!(escape("plain über 私"), "plain über 私");
        assert_eq!(escape("a\u{1b}[31mb\r\n"), "a\\u{1b}[31mb\\r\\n");
        assert_eq!(escape("\u{9b}x\u{202e}y\u{7f}"), "\\u{9b}x\\u{202e}y\\u{7f}");
    }

    #[test]
    fn masking_keeps_every_offset() {
        let text = "a\u{1b}b\u{9b}c\u{202e}d\te\n";
        let masked = mask(text);
        assert_eq!(masked, "a?b·c\u{fffd}d\te\n");
        assert_eq!(masked.len(), text.len());
    }
}
