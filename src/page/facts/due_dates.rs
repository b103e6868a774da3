//! Due dates in the text of an action.
//!
//! This module owns where a date is a due date: after a word of the lexicon, such as `until`. Only whole dates count.

use std::ops::Range;

use jiff::civil::Date;

use super::dates;
use crate::lexicon::Lexicon;

/// The first due date in a text, and the range of its phrase in bytes.
pub(super) fn find(text: &str) -> Option<(Date, Range<usize>)> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let lower: String = text.chars().map(lower_of_same_length).collect();
    let words = &Lexicon::all().dates.due;
    let mut before = ' ';
    let begins = lower.char_indices().filter(|(at, c)| {
        let free = !std::mem::replace(&mut before, *c).is_alphanumeric();
        free && words.may_begin(&lower[*at..])
    });
    let mut ends =
        begins.flat_map(|(at, _)| words.beginning(&lower[at..]).map(move |word| (at, at + word.len())));
    ends.find_map(|(at, end)| {
        let (date, length) = date_after(text.get(end..)?)?;
        Some((date, at..end + length))
    })
}

/// A character in lower case if that has the same length, so that offsets hold in both texts.
fn lower_of_same_length(c: char) -> char {
    let mut lower = c.to_lowercase();
    lower.next().filter(|first| first.len_utf8() == c.len_utf8() && lower.next().is_none()).unwrap_or(c)
}

/// The date after a word, after any words of the lexicon that may stand between them.
fn date_after(text: &str) -> Option<(Date, usize)> {
    let mut at = 0;
    loop {
        at += text[at..].len()
            - text[at..].trim_start_matches([' ', ':', ',', '.', '\u{a0}', '*', '_', '=']).len();
        // `byte` is another word.
        if at == 0 {
            return None;
        }
        if let Some((date, length)) = dates::at_start(&text[at..]) {
            return Some((date, at + length));
        }
        let word = text[at..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if !Lexicon::all().dates.after_due.contains(&word.to_lowercase()) {
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
