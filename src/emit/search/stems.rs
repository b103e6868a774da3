//! Finds the words that are forms of one word.
//!
//! Owns the groups of words with the same stem, in English and German, computed with Snowball. A query needs no
//! stemmer: the browser looks a word up and finds its other forms beside it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;
use rust_stemmers::{Algorithm, Stemmer};

use super::vocabulary::IndexedWord;

const LANGUAGES: [(&str, Algorithm); 2] = [("de", Algorithm::German), ("en", Algorithm::English)];

/// The group of each word. Words with the same number are forms of one word.
pub fn groups(terms: &[IndexedWord], languages: &BTreeSet<String>) -> Vec<u32> {
    let mut groups: Vec<u32> = (0..).take(terms.len()).collect();
    for (language, algorithm) in LANGUAGES {
        if languages.contains(language) {
            join(terms, &Stemmer::create(algorithm), &mut groups);
        }
    }
    groups
}

/// Puts words with the same stem into the group of the first of them.
fn join(terms: &[IndexedWord], stemmer: &Stemmer, groups: &mut [u32]) {
    let stems: Vec<Option<Cow<'_, str>>> =
        terms.par_iter().map(|term| is_word(&term.text).then(|| stemmer.stem(&term.text))).collect();
    let mut first: HashMap<&str, usize, foldhash::fast::RandomState> = HashMap::default();
    for (at, stem) in stems.iter().enumerate() {
        let Some(stem) = stem else { continue };
        let known = *first.entry(stem).or_insert(at);
        groups[at] = groups[known];
    }
}

fn is_word(text: &str) -> bool {
    text.len() > 2 && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_have_one_group() {
        let words = ["haus", "hauser", "restart", "restarted", "restarting", "ceph"];
        let terms: Vec<IndexedWord> =
            words.iter().map(|text| IndexedWord { text: (*text).into(), hits: Vec::new() }).collect();
        let of = |languages: &[&str]| groups(&terms, &languages.iter().map(|l| (*l).to_owned()).collect());
        assert_eq!(of(&["en", "de"]), [0, 0, 2, 2, 2, 5]);
        assert_eq!(of(&["ja"]), [0, 1, 2, 3, 4, 5]);
    }
}
