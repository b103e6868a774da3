//! Character references of HTML and XML: `&amp;`, `&#38;`, `&#x26;`.
//!
//! Owns the syntax of references and the characters that they mean. Callers decide where references are read.

use html5ever::data::NAMED_ENTITIES;

/// The most bytes that are searched for the `;` of a reference. The longest name of HTML has 31 letters.
const LONGEST: usize = 34;

/// The character of the reference at the start of a text, and the length of the reference in bytes. `lookup` is
/// [`html`] or [`xml`].
pub fn first(text: &str, lookup: fn(&str) -> Option<char>) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
    Some((lookup(&rest[..end])?, end + 2))
}

/// The character of a name or number in HTML; `None` for the few names that mean two characters.
pub fn html(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        return numeric(number);
    }
    match NAMED_ENTITIES.get(format!("{name};").as_str()) {
        Some((code, 0)) => char::from_u32(*code),
        _ => None,
    }
}

/// The character of a number, or of one of the five names that XML predefines.
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
    // `from_str_radix` also accepts a plus sign.
    if !digits.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, base).ok()?)
}

/// Replaces all references that XML defines; other text stays as it is.
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
        // A name that means two characters.
        assert_eq!(html("acE"), None);
    }
}
