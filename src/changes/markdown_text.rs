//! Text of a handbook in a comment on a forge.
//!
//! Owns the escaping for the Markdown of GitHub, GitLab and Forgejo. A text stays text: it makes no table, no HTML and no
//! link, notifies no one, and refers to no issue.

use crate::html_escape::is_xml_character;

/// Breaks a name that a forge would look for. It has no width.
const BREAK: char = '\u{200B}';

/// The most characters of one text.
const MOST: usize = 300;

/// A text in one line of Markdown, shortened where it is long.
pub(super) fn escape(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let whole = words.join(" ");
    let mut plain: String = whole.chars().filter(|c| is_shown(*c)).take(MOST).collect();
    if whole.chars().count() > MOST {
        plain.push('…');
    }
    let mut out = String::with_capacity(plain.len() + 16);
    let mut rest = plain.as_str();
    let mut is_start = true;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let next = after.chars().next();
        // A list or a heading begins with one of these.
        let begins_block = is_start && matches!(c, '-' | '+' | '#' | '=');
        // So does a list, with a number before it.
        let ends_number = matches!(c, '.' | ')')
            && next.is_none_or(char::is_whitespace)
            && plain[..plain.len() - rest.len()].bytes().all(|byte| byte.is_ascii_digit());
        if is_special(c) || begins_block || ends_number {
            out.push_str(&format!("&#{};", u32::from(c)));
        } else {
            out.push(c);
        }
        let is_name = next.is_some_and(|next| next.is_alphanumeric() || next == '_' || next == '"');
        let breaks = match c {
            // People, issues, and GitLab's other references.
            '@' | '#' | '!' | '$' | '%' | '~' | '&' | '^' | '*' => is_name,
            // `https://` and `:emoji:`.
            ':' => {
                after.starts_with("//")
                    || next.is_some_and(|next| next.is_alphabetic() || "+-_".contains(next))
            }
            '.' => is_name && ends_with_word(&plain[..plain.len() - rest.len()], "www"),
            '-' => is_name && ends_with_word(&plain[..plain.len() - rest.len()], "gh"),
            _ => false,
        };
        if breaks {
            out.push(BREAK);
        }
        is_start = false;
        rest = after;
    }
    out
}

/// Whether readers see a character. Others could turn the text around.
fn is_shown(c: char) -> bool {
    let turns =
        matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
    is_xml_character(c) && !c.is_control() && !turns
}

/// Whether a character means something in the middle of Markdown.
fn is_special(c: char) -> bool {
    "\\`*_{}[]<>|~&$^".contains(c)
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let Some(start) = text.len().checked_sub(word.len()).filter(|start| text.is_char_boundary(*start)) else {
        return false;
    };
    let is_whole = !text[..start].ends_with(char::is_alphanumeric);
    is_whole && text[start..].eq_ignore_ascii_case(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    /// The text that a renderer shows, and whether it is nothing but a paragraph of text.
    fn shown(markdown: &str) -> (String, bool) {
        let mut text = String::new();
        let mut is_plain = true;
        let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                _ => is_plain = false,
            }
        }
        (text, is_plain)
    }

    const HOSTILE: [&str; 16] = [
        "a | b || c",
        "`code` and ``more``",
        "<script>alert(1)</script> <!-- x --> &lt;b&gt; &amp;",
        "![image](https://example.org/x.png) [link](x.md) [x]: y",
        "**bold** _em_ ~~gone~~ $x$ ^up^ {#id}",
        "- item",
        "1. first",
        "12) second",
        "# heading",
        "--- +++ ===",
        "> quote",
        "[ ] task [x]",
        "\\* back \\",
        "a\nb\r\n\n# c\td",
        ":tada: https://example.org www.example.org",
        "@all @octo-cat/team a@example.org #12 GH-12 !3 owner/repo#4 %5 ~bug &6 $7",
    ];

    #[test]
    fn a_hostile_text_stays_one_paragraph_of_text() {
        for text in HOSTILE {
            let escaped = escape(text);
            let (read, is_plain) = shown(&escaped);
            assert!(is_plain && !escaped.contains(['|', '\n', '<', '`']), "{text:?}: {escaped}");
            let words: Vec<&str> = text.split_whitespace().collect();
            assert_eq!(read.replace(BREAK, ""), words.join(" "), "{escaped}");
        }
    }

    #[test]
    fn no_name_is_left_for_a_forge() {
        let (text, _) = shown(&escape(HOSTILE[15]));
        for (at, _) in text.match_indices(['@', '#', '!', '%', '~', '&', '$']) {
            assert!(text[at + 1..].starts_with(BREAK), "{text:?}");
        }
        let (text, _) = shown(&escape(HOSTILE[14]));
        for name in [":tada", "https://", "www.e"] {
            assert!(!text.contains(name), "{text:?}");
        }
        assert_eq!(escape("At 10:30, 5 % (or so): x."), "At 10:30, 5 % (or so): x.");
        assert_eq!(escape("a\u{202E}b\u{0}c"), "abc");
        assert_eq!(escape(&"x".repeat(1000)).chars().count(), MOST + 1);
    }
}
