//! Words by which a mistyped query is corrected.
//!
//! Owns the choice: words of titles, headings and descriptions, for they are what people look for. In a large
//! handbook they are cut into several lists by length, since a word with a slip is about as long as the word meant.

use super::corpus::Corpus;
use super::vocabulary::IndexedWord;

/// A list is closed when it has this many bytes.
const BYTES_PER_LIST: usize = 48 * 1024;
/// Shorter words are not corrected, longer ones are not words.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=32;

/// The lists, each with the length in characters of its longest word: words by length, then alphabet.
pub fn files(corpus: &Corpus) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, &str)> =
        corpus.terms.iter().filter(|term| is_listed(term)).map(measured).collect();
    words.retain(|(length, _)| LENGTHS.contains(length));
    words.sort_unstable();
    let mut lists: Vec<(usize, String)> = Vec::new();
    for (length, word) in words {
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
