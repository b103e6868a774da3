//! The words of a handbook and where each stands.
//!
//! Owns [`Term`] and [`Hit`], and how the words of groups of pages become one list.

use rayon::prelude::*;

use super::read::Corpus;

/// A folded word, or a token of code, with the pages that have it.
#[derive(Debug)]
pub struct Term {
    pub text: Box<str>,
    /// In the order of the pages.
    pub hits: Vec<Hit>,
}

/// A word on a page: how often in which field, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub page: u32,
    pub body: u16,
    pub title: u8,
    pub about: u8,
    pub heading: u8,
    pub code: u8,
    /// Whether the word is only a part of the one that stands there.
    pub inside: bool,
    /// The first places, from 1; 0 where there is none.
    pub places: [u16; 3],
}

impl Hit {
    pub fn new(page: u32) -> Hit {
        Hit { page, body: 0, title: 0, about: 0, heading: 0, code: 0, inside: false, places: [0; 3] }
    }

    /// Notes a place; those far down or beyond the third are not kept.
    pub fn stands_at(&mut self, place: u32) {
        let Ok(place) = u16::try_from(place) else { return };
        if let Some(free) = self.places.iter_mut().find(|known| **known == 0 || **known == place) {
            *free = place;
        }
    }

    pub fn places(&self) -> impl Iterator<Item = u32> {
        self.places.iter().filter(|place| **place > 0).map(|place| u32::from(*place))
    }
}

/// One sorted list out of those of groups, which follow each other in the order of the pages.
pub fn merge(groups: Vec<Vec<Term>>) -> Vec<Term> {
    let several = groups.len() > 1;
    let mut terms: Vec<Term> = groups.into_iter().flatten().collect();
    if several {
        terms.par_sort_by(|one, other| one.text.cmp(&other.text));
        terms.dedup_by(|next, kept| {
            let same = next.text == kept.text;
            if same {
                kept.hits.append(&mut next.hits);
            }
            same
        });
    }
    terms
}

/// Words on more than this share of the pages say little.
const COMMON: usize = 4;

/// The words that stand on a quarter of the pages or more; none in a small handbook.
pub fn common(corpus: &Corpus) -> Vec<&str> {
    let pages = corpus.lengths.len();
    let is_common = |term: &&Term| pages > 100 && term.hits.len() * COMMON > pages;
    corpus.terms.iter().filter(is_common).map(|term| &*term.text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_become_one_list_in_the_order_of_the_pages() {
        let term = |text: &str, pages: &[u32]| Term {
            text: text.into(),
            hits: pages.iter().map(|page| Hit::new(*page)).collect(),
        };
        let merged =
            merge(vec![vec![term("a", &[0]), term("b", &[1])], vec![term("b", &[2, 3]), term("c", &[2])]]);
        let read: Vec<(&str, Vec<u32>)> =
            merged.iter().map(|t| (&*t.text, t.hits.iter().map(|hit| hit.page).collect())).collect();
        assert_eq!(read, [("a", vec![0]), ("b", vec![1, 2, 3]), ("c", vec![2])]);
    }
}
