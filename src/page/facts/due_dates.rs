//! Until when something shall be done.
//!
//! Owns the words that stand before such a date, in English and German. Only whole dates count.

use std::ops::Range;

use jiff::civil::Date;

use super::dates;

const WORDS: &[&str] =
    &["until", "till", "til", "by", "due", "deadline", "before", "bis", "fällig", "frist", "spätestens"];

/// What may stand between the word and the date.
const BETWEEN: &[&str] = &[
    "date",
    "is",
    "on",
    "the",
    "zum",
    "am",
    "spätestens",
    "latest",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "latest:",
];

/// The date by which something is due, and where the phrase stands.
pub(super) fn find(text: &str) -> Option<(Date, Range<usize>)> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let lower: String = text.chars().map(lower_of_same_length).collect();
    WORDS.iter().flat_map(|word| lower.match_indices(word)).find_map(|(at, word)| {
        let free = !lower[..at].ends_with(char::is_alphanumeric);
        let end = at + word.len();
        let (date, length) = date_after(text.get(end..).filter(|_| free)?)?;
        Some((date, at..end + length))
    })
}

/// A letter in lower case where that has the same length, so that offsets hold in both texts.
fn lower_of_same_length(c: char) -> char {
    let mut lower = c.to_lowercase();
    lower.next().filter(|first| first.len_utf8() == c.len_utf8() && lower.next().is_none()).unwrap_or(c)
}

/// The date that follows a word, perhaps after some small words.
fn date_after(text: &str) -> Option<(Date, usize)> {
    let mut at = 0;
    loop {
        at += text[at..].len()
            - text[at..].trim_start_matches([' ', ':', ',', '.', '\u{a0}', '*', '_', '=']).len();
        if at == 0 {
            return None;
        }
        if let Some((date, length)) = dates::at_start(&text[at..]) {
            return Some((date, at + length));
        }
        let word = text[at..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let small = BETWEEN.contains(&word.to_lowercase().as_str());
        if !small {
            return None;
        }
        at += word.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_dates_follow_their_words() {
        let due =
            |text: &str| find(text).map(|(date, at)| format!("{date} {}", &text[at])).unwrap_or_default();
        assert_eq!(due("write it until 2026-12-01, please"), "2026-12-01 until 2026-12-01");
        assert_eq!(due("due: 2026–12–01"), "2026-12-01 due: 2026–12–01");
        assert_eq!(due("by 1 Dec 2026"), "2026-12-01 by 1 Dec 2026");
        assert_eq!(due("bis zum 1.12.2026"), "2026-12-01 bis zum 1.12.2026");
        assert_eq!(due("by Ada on 2026-12-01"), "");
        assert_eq!(due("standby 2026-12-01"), "");
        assert_eq!(due("until next week"), "");
        assert_eq!(due("\u{212a}\u{130}\u{130} UNTIL 2026-12-01"), "2026-12-01 UNTIL 2026-12-01");
    }
}
