//! The words that correct a mistyped query.
//!
//! Owns the choice: words of titles, headings and descriptions, because readers look for these. A large handbook has
//! several lists by length, because a mistyped word is about as long as the intended one.

use super::corpus::Corpus;
use super::vocabulary::IndexedWord;

/// The size at which a list is closed, in bytes.
const BYTES_PER_LIST: usize = 48 * 1024;
/// The lengths of listed words, in characters. Shorter words are not corrected, longer ones are not words.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=32;

/// The lists as JSON, each with the length of its longest word in characters. Words are sorted by length, then
/// alphabetically.
pub fn files(corpus: &Corpus) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, &str)> =
        corpus.terms.iter().filter(|term| is_listed(term)).map(measured).collect();
    words.retain(|(length, _)| LENGTHS.contains(length));
    words.sort_unstable();
    let mut lists: Vec<(usize, String)> = Vec::new();
    for (length, word) in words {
        // Words of one length stay in one list, so that a browser can choose lists by length.
        match lists.last_mut() {
            Some((longest, list)) if *longest == length || list.len() < BYTES_PER_LIST => {
                list.push(' ');
                list.push_str(word);
                *longest = length;
            }
            _ => lists.push((length, word.to_owned())),
        }
    }
    lists.into_iter().map(|(longest, list)| (longest, super::json(&list))).collect()
}

fn measured(term: &IndexedWord) -> (usize, &str) {
    (term.text.chars().count(), &term.text)
}

fn is_listed(term: &IndexedWord) -> bool {
    let prominent =
        term.hits.iter().any(|hit| !hit.inside && (hit.title > 0 || hit.heading > 0 || hit.about > 0));
    prominent
        && term.text.chars().all(char::is_alphanumeric)
        && !term.text.bytes().all(|byte| byte.is_ascii_digit())
}
