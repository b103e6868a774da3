//! Character references of HTML and XML: `&amp;`, `&#38;`, `&#x26;`.
//!
//! Owns what stands between `&` and `;` and which character it means. Callers decide where references are read.

use html5ever::data::NAMED_ENTITIES;

/// The most bytes of a reference that are looked at. The longest name of HTML has 31 letters.
const LONGEST: usize = 34;

/// The character of a reference that the text begins with, and the length of the reference in bytes; `lookup` is [`html`]
/// or [`xml`].
pub fn first(text: &str, lookup: fn(&str) -> Option<char>) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
    Some((lookup(&rest[..end])?, end + 2))
}

/// The character that HTML means by a name or number; `None` for the few names that mean two characters.
pub fn html(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        return numeric(number);
    }
    match NAMED_ENTITIES.get(format!("{name};").as_str()) {
        Some((code, 0)) => char::from_u32(*code),
        _ => None,
    }
}

/// The character that XML means by a name or number in every document.
pub fn xml(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => numeric(name.strip_prefix('#')?),
    }
}

/// The character of a number: `38`, `x26`.
fn numeric(number: &str) -> Option<char> {
    let (digits, base) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` would read a plus sign as well.
    if !digits.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, base).ok()?)
}

/// Replaces all references that XML knows; others stay as they are.
pub fn decode_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let (character, length) = first(&rest[at..], xml).unwrap_or(('&', 1));
        out.push(character);
        rest = &rest[at + length..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_by_name_and_number() {
        assert_eq!(decode_xml("a&amp;b&#x41;&#66;&lt;&none;&"), "a&bAB<&none;&");
        assert_eq!(first("&hearts; x", html), Some(('♥', 8)));
        assert_eq!(first("&CounterClockwiseContourIntegral;", html), Some(('∳', 33)));
        assert_eq!(first("&#X40;", html), Some(('@', 6)));
    }

    #[test]
    fn what_names_no_character_is_no_reference() {
        for text in [
            "",
            "&",
            "&;",
            "&#;",
            "&#x;",
            "&#+65;",
            "&#1114112;",
            "&#xD800;",
            "amp;",
            "&amp",
            "&ä;",
            "&nosuch;",
        ] {
            assert_eq!(first(text, html), None, "{text}");
        }
        assert_eq!(first("&hearts;", xml), None);
        // Two characters.
        assert_eq!(html("acE"), None);
    }
}
