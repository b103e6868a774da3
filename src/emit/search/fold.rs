//! The folded form of words, in which they are compared.
//!
//! Owns folding: lower case, without marks and ligatures (`Ü` is `u`, `ß` is `ss`), and with one form for wide and
//! narrow characters. `search.js` folds queries in the same way; `words.json` tests both.

use unicode_normalization::UnicodeNormalization;

/// The maximum length of a folded word in characters, so that pasted garbage cannot fill the index.
pub const LONGEST: usize = 48;

/// The folded form of `text`: `text` itself if it is already folded, else the content of `buffer`.
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

/// Characters that are their own folded form: most of Chinese, Japanese and Korean text.
fn is_plain(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}')
}

/// Whether folding drops the character: accents of European scripts and points of Hebrew and Arabic, which most
/// writers leave out, and whitespace. Marks that are letters of their own in other scripts stay.
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{64B}'..='\u{65F}') || c.is_whitespace()
}

/// The folded form of `text`.
#[cfg(test)]
pub fn fold(text: &str) -> String {
    folded_by(text, &mut String::new()).to_owned()
}

/// The folded spelling of letters that Unicode normalization does not decompose.
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
