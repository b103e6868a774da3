//! Decodes character references: `#quot;`, `#9829;`, `&amp;`.
//!
//! Owns the notations of references: those that authors write in a source, and those in a picture, where Mermaid
//! leaves some references as they are or in a notation of its own.

use std::borrow::Cow;

use crate::entities;

/// The start and the end of a reference: as Mermaid stores it while it parses, as HTML writes it, and as authors
/// write it.
const FORMS: [(&str, &str); 5] = [("ﬂ°°", "¶ß"), ("ﬂ°", "¶ß"), ("&#", ";"), ("#", ";"), ("&", ";")];

/// The limit for the length of a name, in bytes. The longest name of a character has 31 letters.
const LONGEST: usize = 32;

/// Decodes the references in a text. Anything that names no character stays as it is.
pub fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['#', '&', 'ﬂ']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['#', '&', 'ﬂ']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (letter, length) = first(rest).unwrap_or_else(|| plain(rest));
        out.push(letter);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character of the reference at the start of a text, and the length of the reference in bytes.
fn first(text: &str) -> Option<(char, usize)> {
    FORMS.iter().find_map(|(start, end)| {
        let inner = text.strip_prefix(start)?;
        let name = &inner[..inner.find(end)?];
        let letter = Some(name).filter(|name| name.len() < LONGEST).and_then(letter)?;
        Some((letter, start.len() + name.len() + end.len()))
    })
}

/// The first character itself, and its length in bytes.
fn plain(text: &str) -> (char, usize) {
    let letter = text.chars().next().expect("the text begins with a sign that was looked for");
    (letter, letter.len_utf8())
}

/// The character with a name such as `quot`, or a number such as `9829`.
fn letter(name: &str) -> Option<char> {
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return entities::html(&format!("#{name}"));
    }
    // `##46;` is a `#` before the reference `#46;`.
    if name.starts_with('#') { None } else { entities::html(name) }
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn references_are_read_in_each_spelling_and_nothing_else_is() {
        for (written, read) in [
            ("1#46; Plan", "1. Plan"),
            ("#quot;a#quot; &amp; #lt;b#gt; &copy;", "\"a\" & <b> ©"),
            ("#9829; &#9829; ﬂ°°9829¶ß ﬂ°hearts¶ß", "♥ ♥ ♥ ♥"),
            ("C# and #12 & more; #nothing; ﬂ°", "C# and #12 & more; #nothing; ﬂ°"),
            ("##46;; &&lt;", "#.; &<"),
            ("#1114112;", "#1114112;"),
        ] {
            assert_eq!(decoded(written), read);
        }
    }
}
