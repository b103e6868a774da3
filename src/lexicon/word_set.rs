//! Sets of words, and the first bytes of words.
//!
//! This module owns [`WordSet`], which answers whether a whole text is one of its words. Facts ask this of every block,
//! and most texts begin with a byte that no word begins with: [`FirstBytes`] answers these with one look at a bit.

use serde::Deserialize;

/// A set of words or phrases that are compared as a whole.
#[derive(Debug, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct WordSet {
    /// Sorted.
    words: Vec<String>,
    first: FirstBytes,
}

impl WordSet {
    /// Whether a text is one of the words.
    pub fn contains(&self, text: &str) -> bool {
        self.first.may_begin(text) && self.words.binary_search_by(|word| word.as_str().cmp(text)).is_ok()
    }

    /// The text after the first word and its space, if that word is one of these.
    pub fn strip_from<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (word, rest) = text.split_once(' ').filter(|_| self.first.may_begin(text))?;
        self.contains(word).then_some(rest)
    }

    /// The words in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}

impl From<Vec<String>> for WordSet {
    fn from(mut words: Vec<String>) -> WordSet {
        words.sort();
        words.dedup();
        let first = FirstBytes::of(&words);
        WordSet { words, first }
    }
}

/// The bytes that some words begin with, in lower and in upper case.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FirstBytes([u64; 4]);

impl FirstBytes {
    pub fn of<'a>(words: impl IntoIterator<Item = &'a String>) -> FirstBytes {
        let mut bits = [0; 4];
        for first in words.into_iter().filter_map(|word| word.chars().next()) {
            // Other cases of a character may begin with another byte.
            for c in std::iter::once(first).chain(first.to_lowercase()).chain(first.to_uppercase()) {
                let byte = c.encode_utf8(&mut [0; 4]).as_bytes()[0];
                bits[usize::from(byte >> 6)] |= 1_u64 << (byte & 63);
            }
        }
        FirstBytes(bits)
    }

    /// Whether one of the words may stand at the beginning of a text.
    pub fn may_begin(self, text: &str) -> bool {
        text.as_bytes().first().is_some_and(|byte| self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> WordSet {
        words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>().into()
    }

    #[test]
    fn a_set_knows_its_words_alone() {
        let words = set(&["to", "für", "to do", "für"]);
        assert!(words.contains("to do") && words.contains("für"));
        assert!(!words.contains("") && !words.contains("t") && !words.contains("To"));
        assert_eq!(words.iter().collect::<Vec<_>>(), ["für", "to", "to do"]);
        assert_eq!(words.strip_from("to write it"), Some("write it"));
        assert_eq!([words.strip_from("to"), words.strip_from("today it")], [None, None]);
        assert!(!set(&[]).contains(""));
    }

    #[test]
    fn first_bytes_hold_in_both_cases() {
        let first = FirstBytes::of(&["декабрь".to_owned(), "űr".to_owned(), "a".to_owned()]);
        for text in ["Декабрь", "декабрь", "Űr", "űr", "A", "a"] {
            assert!(first.may_begin(text), "{text}");
        }
        assert!(!first.may_begin("b") && !first.may_begin(""));
    }
}
