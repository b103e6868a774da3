//! The form in which words are compared.
//!
//! Owns folding: letters are small, marks and ligatures are gone (`Ü` is `u`, `ß` is `ss`), wide and narrow forms
//! are one. `search.js` folds a query in the same way: `words.json` tests both.

use unicode_normalization::UnicodeNormalization;

/// A folded word is cut to this many characters, so that pasted garbage cannot fill the index.
pub const LONGEST: usize = 48;

/// The folded form of `text`: itself where it is folded already, else written to `buffer`.
pub fn folded_by<'a>(text: &'a str, buffer: &'a mut String) -> &'a str {
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let folded = text.bytes().all(small) || (!text.as_bytes()[0].is_ascii() && text.chars().all(is_plain));
    if folded && text.len() <= LONGEST {
        return text;
    }
    buffer.clear();
    fold_into(text, buffer);
    buffer
}

/// Appends the folded form of `text` to `out`.
fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.extend(text.bytes().take(LONGEST).map(|byte| char::from(byte.to_ascii_lowercase())));
    } else if text.chars().all(is_plain) {
        out.extend(text.chars().take(LONGEST));
    } else {
        let bare: String = text.nfkd().filter(|c| !is_dropped(*c)).collect();
        let plain: String = bare.to_lowercase().nfkd().filter(|c| !is_dropped(*c)).nfc().collect();
        out.extend(plain.chars().flat_map(spelled).take(LONGEST));
    }
}

/// Signs that are their own folded form: most of what Chinese, Japanese and Korean are written with.
fn is_plain(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}')
}

/// Accents of European scripts, points of Hebrew and Arabic: most writers leave them out. Marks that are letters
/// of their own in other scripts stay.
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{64B}'..='\u{65F}') || c.is_whitespace()
}

/// The folded form of `text`.
#[cfg(test)]
pub fn fold(text: &str) -> String {
    folded_by(text, &mut String::new()).to_owned()
}

/// Letters that Unicode does not take apart.
fn spelled(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ø' => ('o', None),
        'đ' | 'ð' => ('d', None),
        'ł' => ('l', None),
        'þ' => ('t', Some('h')),
        'ı' => ('i', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_case_do_not_count() {
        let cases = [
            ("Überwachung", "uberwachung"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("café", "cafe"),
            ("İstanbul", "istanbul"),
            ("ｆｕｌｌ", "full"),
            ("Łódź", "lodz"),
            ("ガイド", "ガイド"),
            ("क्षेत्र", "क्षेत्र"),
            ("ﬁle", "file"),
        ];
        for (text, folded) in cases {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(fold(&"x".repeat(99)).len(), LONGEST);
        assert_eq!(fold(&"ü".repeat(99)).len(), LONGEST);
    }
}
