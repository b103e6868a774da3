//! Finds words inside long German words.
//!
//! Owns the search, which uses the vocabulary of the handbook. A word may begin inside `Hochspannungsnetzgerät` where
//! another word of the handbook begins with `netz`, and inside `Glasfasermikroskop` because `Glasfaser` is a word.
//! The rest of the long word from there becomes a word of its own on the same pages, so a query for `Netz` finds it
//! as the beginning of a word.

use std::collections::HashSet;

use rayon::prelude::*;

use super::corpus::Corpus;
use super::vocabulary::{IndexedWord, Posting};

/// The minimum length of a word that is split, in letters.
const LONG: usize = 8;
/// The minimum length of an inner word and of the part before it, in letters.
const SHORT: usize = 4;
/// Letters that German puts between the parts of a compound.
const LINKS: [&str; 6] = ["s", "es", "n", "en", "er", "e"];
/// Endings that the first part may lack: `Klemm` of `Klemme`.
const ENDINGS: [&str; 2] = ["e", "en"];

/// Adds the inner words of all German words to the corpus.
pub fn add(corpus: &mut Corpus) {
    let german = |term: &&IndexedWord| is_word(&term.text) && is_german(term, corpus);
    let words: Vec<&IndexedWord> = corpus.terms.iter().filter(german).collect();
    let known = WordBoundaries::of(words.iter().map(|term| &*term.text));
    let inside = |term: &&IndexedWord| -> Vec<IndexedWord> {
        known.inner(&term.text).into_iter().map(|text| inside(term, text)).collect()
    };
    let found: Vec<IndexedWord> = words.par_iter().flat_map_iter(inside).collect();
    // Without German words all terms are in order already.
    if found.is_empty() {
        return;
    }
    corpus.terms.extend(found);
    corpus.terms.par_sort_by(|one, other| one.text.cmp(&other.text));
    // The same inner word may come from several words, and may also be a word itself.
    corpus.terms.dedup_by(|next, kept| {
        let same = next.text == kept.text;
        if same {
            kept.hits.append(&mut next.hits);
        }
        same
    });
    corpus.terms.par_iter_mut().for_each(|term| in_order(&mut term.hits));
}

/// The known words, as evidence that one word ends and another begins.
struct WordBoundaries<'a> {
    words: HashSet<&'a str>,
    /// Words without their ending.
    stubs: HashSet<&'a str>,
    /// The first [`SHORT`] letters of words.
    beginnings: HashSet<&'a str>,
}

impl<'a> WordBoundaries<'a> {
    fn of(words: impl Iterator<Item = &'a str>) -> WordBoundaries<'a> {
        let words: HashSet<&str> = words.filter(|word| word.len() >= SHORT).collect();
        let stub = |word: &&'a str| ENDINGS.into_iter().filter_map(|ending| word.strip_suffix(ending));
        let stubs = words.iter().flat_map(stub).filter(|stub| stub.len() >= SHORT).collect();
        let beginnings = words.iter().map(|word| &word[..SHORT]).collect();
        WordBoundaries { words, stubs, beginnings }
    }

    /// The ends of `word` that may be words themselves.
    fn inner<'w>(&self, word: &'w str) -> Vec<&'w str> {
        let places = if word.len() < LONG { 0..0 } else { SHORT..word.len() + 1 - SHORT };
        let begins =
            |at: &usize| self.ends(&word[..*at]) || self.beginnings.contains(&word[*at..*at + SHORT]);
        places.filter(begins).map(|at| &word[at..]).collect()
    }

    /// Whether `head` may end where a word ends.
    fn ends(&self, head: &str) -> bool {
        let linked = |link: &str| head.strip_suffix(link).is_some_and(|head| self.words.contains(head));
        self.words.contains(head) || self.stubs.contains(head) || LINKS.into_iter().any(linked)
    }
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_german(term: &IndexedWord, corpus: &Corpus) -> bool {
    term.hits.iter().any(|hit| corpus.lengths[hit.page as usize].german)
}

/// The inner word `text` of `term`, on the same pages.
fn inside(term: &IndexedWord, text: &str) -> IndexedWord {
    IndexedWord {
        text: text.into(),
        hits: term.hits.iter().map(|hit| Posting { inside: true, ..*hit }).collect(),
    }
}

/// Sorts postings by page, with one for each page. The word itself wins over a part of another word.
fn in_order(hits: &mut Vec<Posting>) {
    hits.sort_by_key(|hit| (hit.page, hit.inside));
    hits.dedup_by_key(|hit| hit.page);
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::super::corpus;

    #[test]
    fn a_compound_is_found_by_the_words_in_it() {
        let page = |text: &str| format!("---\nlanguage: de\n---\n# Seite\n\n{text}\n");
        let (one, two) =
            (page("Hochspannungsnetzgerät"), page("Netzwerk, Spannung, Glasfaser, Glasfasermikroskop."));
        let files = [("content/a.md", one.as_str()), ("content/b.md", two.as_str())];
        let mut corpus = corpus::corpus(&fixture::site(&files, None));
        super::add(&mut corpus);
        let inside: Vec<&str> =
            corpus.terms.iter().filter(|term| term.hits[0].inside).map(|term| &*term.text).collect();
        assert_eq!(inside, ["mikroskop", "netzgerat", "spannungsnetzgerat"]);
        assert!(corpus.terms.is_sorted_by(|one, other| one.text < other.text));
    }
}
