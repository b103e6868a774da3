//! Words inside long German words.
//!
//! Owns finding them by the handbook's own vocabulary: `Hochspannungsnetzgerät` has `Netzgerät` in it where some
//! word of the handbook begins with `netz`. The end of the long word from there on becomes a word of its own, that
//! stands on the same pages; a query for `Netz` finds it as the beginning of a word.

use std::collections::HashSet;

use rayon::prelude::*;

use super::read::Corpus;
use super::vocabulary::{Hit, Term};

/// Words shorter than this are not taken apart.
const LONG: usize = 8;
/// What comes before an inner word, and the word itself, have at least this many letters.
const SHORT: usize = 4;
/// What shows that a word may begin here: the first letters of a word of the handbook.
const BEGINNING: usize = 4;

/// Adds the inner words of all German words.
pub fn add(corpus: &mut Corpus) {
    let long = |term: &&Term| is_word(&term.text) && german(term, corpus);
    let beginnings: HashSet<&str> =
        corpus.terms.iter().filter(long).filter_map(|term| term.text.get(..BEGINNING)).collect();
    let found: Vec<Term> = corpus
        .terms
        .iter()
        .filter(long)
        .flat_map(|term| inner(&term.text, &beginnings).map(move |text| inside(term, text)))
        .collect();
    corpus.terms.extend(found);
    corpus.terms.par_sort_by(|one, other| one.text.cmp(&other.text));
    corpus.terms.dedup_by(|next, kept| {
        let same = next.text == kept.text;
        if same {
            kept.hits.append(&mut next.hits);
        }
        same
    });
    corpus.terms.par_iter_mut().for_each(|term| in_order(&mut term.hits));
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn german(term: &Term, corpus: &Corpus) -> bool {
    term.hits.iter().any(|hit| corpus.lengths[hit.page as usize].german)
}

/// The ends of a word that begin as other words do.
fn inner<'a>(word: &'a str, beginnings: &HashSet<&str>) -> impl Iterator<Item = &'a str> {
    let places = if word.len() < LONG { 0..0 } else { SHORT..word.len() + 1 - SHORT };
    let begins: Vec<usize> =
        places.filter(|at| beginnings.contains(&word[*at..*at + BEGINNING.min(word.len() - at)])).collect();
    begins.into_iter().map(move |at| &word[at..])
}

/// A word that stands where `term` does.
fn inside(term: &Term, text: &str) -> Term {
    Term { text: text.into(), hits: term.hits.iter().map(|hit| Hit { inside: true, ..*hit }).collect() }
}

/// Brings hits into the order of pages again, each page once; the word itself wins over a part of another.
fn in_order(hits: &mut Vec<Hit>) {
    hits.sort_by_key(|hit| (hit.page, hit.inside));
    hits.dedup_by_key(|hit| hit.page);
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::super::read;

    #[test]
    fn a_compound_is_found_by_the_words_in_it() {
        let page = |text: &str| format!("---\nlanguage: de\n---\n# Seite\n\n{text}\n");
        let (one, two) = (page("Hochspannungsnetzgerät"), page("Das Netzwerk unter Spannung."));
        let files = [("content/a.md", one.as_str()), ("content/b.md", two.as_str())];
        let mut corpus = read::corpus(&fixture::site(&files, None));
        super::add(&mut corpus);
        let inside: Vec<&str> =
            corpus.terms.iter().filter(|term| term.hits[0].inside).map(|term| &*term.text).collect();
        assert_eq!(inside, ["netzgerat", "spannungsnetzgerat"]);
        assert!(corpus.terms.is_sorted_by(|one, other| one.text < other.text));
    }
}
