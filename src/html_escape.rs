//! Escapes text for HTML and finds the end of a tag.
//!
//! This module owns the characters that have a meaning in HTML, and in XML as far as Opsbook writes it: pages, drawings,
//! feeds.

/// Escapes text between tags.
pub fn escape_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    push_text(&mut out, text);
    out
}

/// Escapes an attribute value between double quotes.
pub fn escape_attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    push_attribute(&mut out, text);
    out
}

/// Appends text between tags, escaped.
pub fn push_text(out: &mut String, text: &str) {
    push(out, text, &['&', '<', '>', '\0']);
}

/// Appends a technical name, escaped, with `<wbr>` between its words: `FilesystemAlmostFull` has three, a path has one
/// for each folder.
pub fn push_name(out: &mut String, name: &str) {
    let mut rest = name;
    while let Some(length) = word(rest) {
        push_text(out, &rest[..length]);
        out.push_str("<wbr>");
        rest = &rest[length..];
    }
    push_text(out, rest);
}

/// The length of the first word in bytes, if another word follows.
fn word(name: &str) -> Option<usize> {
    let mut before = name.chars().next()?;
    let mut signs = name.char_indices().skip(1).peekable();
    while let Some((at, sign)) = signs.next() {
        let next = signs.peek().map(|(_, next)| *next);
        let divided = "_/:.".contains(before) && sign.is_alphanumeric();
        let begins = sign.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        // The last of several capitals belongs to the word after them: `MQ|Node`.
        let ends = sign.is_uppercase() && before.is_uppercase() && next.is_some_and(char::is_lowercase);
        if divided || begins || ends {
            return Some(at);
        }
        before = sign;
    }
    None
}

/// Appends an attribute value between double quotes, escaped.
pub fn push_attribute(out: &mut String, text: &str) {
    push(out, text, &['&', '<', '>', '"', '\0']);
}

/// Whether XML 1.0 has the character, and a reader should: control characters besides tab and line end are left out.
pub fn is_xml_character(c: char) -> bool {
    let is_control = c.is_control() && !matches!(c, '\t' | '\n');
    !is_control && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

fn push(out: &mut String, text: &str, special: &[char]) {
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            // HTML cannot represent the NUL character.
            _ => "\u{FFFD}",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// The length in bytes of the tag at the beginning of HTML that Opsbook wrote: up to the first `>` outside quotes.
pub fn end_of_tag(html: &str) -> usize {
    let mut quoted = false;
    let end = html.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map_or(html.len(), |end| end + 1)
}
