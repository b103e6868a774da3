//! The words of a handbook, and the pages and positions of each.
//!
//! Owns [`IndexedWord`] and [`Posting`], and how the words of groups of pages become one list.

use std::ops::Range;

use rayon::prelude::*;

use super::corpus::Corpus;

/// A folded word, or a token of code, with the pages that have it.
#[derive(Debug)]
pub struct IndexedWord {
    pub text: Box<str>,
    /// One for each page, in the order of the pages.
    pub hits: Vec<Posting>,
}

/// The maximum number of recorded positions of a word on a page.
const MOST_PLACES: usize = 6;

/// A word on a page: its frequency in each field, and its positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    pub page: u32,
    pub body: u16,
    pub title: u8,
    pub about: u8,
    pub heading: u8,
    pub code: u8,
    /// Whether the word is only a part of the words at its positions.
    pub inside: bool,
    /// The first positions, counted from 1; 0 in unused entries.
    pub places: [u16; MOST_PLACES],
}

impl Posting {
    pub fn new(page: u32) -> Posting {
        Posting {
            page,
            body: 0,
            title: 0,
            about: 0,
            heading: 0,
            code: 0,
            inside: false,
            places: [0; MOST_PLACES],
        }
    }

    /// Records a position. It is dropped if all entries are used or if it is larger than 65,535.
    pub fn record_position(&mut self, place: u32) {
        let Some(place) = u16::try_from(place).ok().filter(|_| self.places[MOST_PLACES - 1] == 0) else {
            return;
        };
        if let Some(free) = self.places.iter_mut().find(|known| **known == 0 || **known == place) {
            *free = place;
        }
    }

    /// Records a position in a heading. If all entries are used, it replaces the last one.
    pub fn record_heading_position(&mut self, place: u32) {
        self.places[MOST_PLACES - 1] = 0;
        self.record_position(place);
    }

    /// The recorded positions.
    pub fn places(&self) -> impl Iterator<Item = u32> {
        self.places.iter().filter(|place| **place > 0).map(|place| u32::from(*place))
    }
}

/// The words of some consecutive pages.
#[derive(Debug)]
pub struct PageGroup {
    /// Sorted by text, each with the range of its postings in `hits`.
    words: Vec<(Box<str>, Range<u32>)>,
    /// Sorted by word, then by page.
    hits: Vec<Posting>,
}

impl PageGroup {
    /// Creates a group. `words` are sorted, each with its number; `hits` are in the order of the pages, each with the
    /// number of its word.
    pub fn new(words: Vec<(Box<str>, u32)>, hits: &[(u32, Posting)]) -> PageGroup {
        // A counting sort by word keeps the order of the pages.
        let mut counts = vec![0; words.len()];
        for (word, _) in hits {
            counts[*word as usize] += 1;
        }
        let (mut next, mut end) = (vec![0; words.len()], 0);
        let placed = words.into_iter().map(|(text, word)| {
            next[word as usize] = end;
            end += counts[word as usize];
            (text, next[word as usize]..end)
        });
        let words = placed.collect();
        let mut sorted = vec![Posting::new(0); hits.len()];
        for (word, hit) in hits {
            sorted[next[*word as usize] as usize] = *hit;
            next[*word as usize] += 1;
        }
        PageGroup { words, hits: sorted }
    }

    fn words(&self) -> impl Iterator<Item = (&str, &[Posting])> {
        let hits = |range: &Range<u32>| &self.hits[range.start as usize..range.end as usize];
        self.words.iter().map(move |(text, range)| (&**text, hits(range)))
    }
}

/// Merges groups into one sorted list. The groups must be in the order of their pages.
pub fn merge(groups: &[PageGroup]) -> Vec<IndexedWord> {
    let mut words = Vec::new();
    for (text, hits) in groups.iter().flat_map(PageGroup::words) {
        words.push(GroupWord { first_bytes: first_bytes(text), text, hits });
    }
    // The sort is stable, so the postings of a word stay in the order of the pages.
    words.par_sort_by_key(|word| (word.first_bytes, word.text));
    let runs: Vec<&[GroupWord]> = words.chunk_by(|one, other| one.text == other.text).collect();
    let indexed = |run: &&[GroupWord]| IndexedWord {
        text: run[0].text.into(),
        hits: run.iter().flat_map(|word| word.hits).copied().collect(),
    };
    runs.par_iter().map(indexed).collect()
}

/// A word of one group.
struct GroupWord<'a> {
    /// Decides most comparisons without reading the text, which lies elsewhere in memory.
    first_bytes: u64,
    text: &'a str,
    hits: &'a [Posting],
}

/// The first eight bytes of a text as a number that sorts as the text does.
fn first_bytes(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = text.len().min(8);
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

/// A word on more than one in this many pages is common and says little.
const COMMON: usize = 4;

/// The words on more than a quarter of the pages. A handbook of up to 100 pages has none.
pub fn common(corpus: &Corpus) -> Vec<&IndexedWord> {
    corpus.terms.iter().filter(|term| is_common(term, corpus)).collect()
}

/// Whether the word is on so many pages that a query can do without it.
pub fn is_common(term: &IndexedWord, corpus: &Corpus) -> bool {
    let pages = corpus.lengths.len();
    pages > 100 && term.hits.len() * COMMON > pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_become_one_list_in_the_order_of_the_pages() {
        let group = |words: &[(&str, u32)], hits: &[(u32, u32)]| {
            let words = words.iter().map(|(text, word)| ((*text).into(), *word)).collect();
            let hits: Vec<_> = hits.iter().map(|(word, page)| (*word, Posting::new(*page))).collect();
            PageGroup::new(words, &hits)
        };
        let groups = [
            group(&[("a", 1), ("b", 0)], &[(0, 0), (1, 0), (0, 1)]),
            group(&[("b", 1), ("c", 0)], &[(0, 2), (1, 2), (1, 3)]),
        ];
        let merged = merge(&groups);
        let read: Vec<(&str, Vec<u32>)> =
            merged.iter().map(|t| (&*t.text, t.hits.iter().map(|hit| hit.page).collect())).collect();
        assert_eq!(read, [("a", vec![0]), ("b", vec![0, 1, 2, 3]), ("c", vec![2])]);
    }
}
