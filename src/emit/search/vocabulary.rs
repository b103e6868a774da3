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

    /// The number of recorded positions.
    pub fn place_count(&self) -> u32 {
        self.places.iter().filter(|place| **place > 0).count() as u32
    }

    /// The recorded positions in ascending order.
    pub fn sorted_places(&self) -> impl Iterator<Item = u32> {
        let mut places = self.places;
        places.sort_unstable();
        places.into_iter().filter(|place| *place > 0).map(u32::from)
    }
}

/// The words of some consecutive pages.
#[derive(Debug)]
pub struct PageGroup {
    /// Sorted.
    words: Vec<CountedWord>,
    /// Sorted by word, then by page.
    hits: Vec<Posting>,
}

/// A word of a group, with the range of its postings.
#[derive(Debug)]
struct CountedWord {
    text: SortedText<Box<str>>,
    hits: Range<u32>,
}

/// A text that is sorted. Its first bytes decide most comparisons, so that the text is not read, which lies elsewhere in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SortedText<T> {
    first_bytes: u64,
    text: T,
}

impl<T: AsRef<str>> SortedText<T> {
    fn new(text: T) -> SortedText<T> {
        SortedText { first_bytes: first_bytes(text.as_ref()), text }
    }
}

impl PageGroup {
    /// Creates a group. Each word has its number; `hits` are in the order of the pages, each with the number of its
    /// word.
    pub fn new(words: impl IntoIterator<Item = (Box<str>, u32)>, hits: &[(u32, Posting)]) -> PageGroup {
        let mut words: Vec<(SortedText<Box<str>>, u32)> =
            words.into_iter().map(|(text, number)| (SortedText::new(text), number)).collect();
        words.sort_unstable();
        // A counting sort by word keeps the order of the pages.
        let mut counts = vec![0; words.len()];
        for (word, _) in hits {
            counts[*word as usize] += 1;
        }
        let (mut next, mut end) = (vec![0; words.len()], 0);
        let mut counted = Vec::with_capacity(words.len());
        for (text, word) in words {
            let start = end;
            next[word as usize] = start;
            end += counts[word as usize];
            counted.push(CountedWord { text, hits: start..end });
        }
        let mut sorted = vec![Posting::new(0); hits.len()];
        for (word, hit) in hits {
            sorted[next[*word as usize] as usize] = *hit;
            next[*word as usize] += 1;
        }
        PageGroup { words: counted, hits: sorted }
    }

    fn words(&self) -> impl Iterator<Item = GroupWord<'_>> {
        self.words.iter().map(|word| GroupWord {
            text: SortedText { first_bytes: word.text.first_bytes, text: &word.text.text },
            hits: &self.hits[word.hits.start as usize..word.hits.end as usize],
        })
    }
}

/// Merges groups into one sorted list. The groups must be in the order of their pages.
pub fn merge(groups: &[PageGroup]) -> Vec<IndexedWord> {
    let mut words: Vec<GroupWord<'_>> = groups.iter().flat_map(PageGroup::words).collect();
    // The sort is stable, so the postings of a word stay in the order of the pages.
    words.par_sort_by_key(|word| word.text);
    let runs: Vec<&[GroupWord<'_>]> = words.chunk_by(|one, other| one.text == other.text).collect();
    let indexed = |run: &&[GroupWord<'_>]| IndexedWord {
        text: run[0].text.text.into(),
        hits: run.iter().flat_map(|word| word.hits).copied().collect(),
    };
    runs.par_iter().map(indexed).collect()
}

/// A word of one group.
struct GroupWord<'a> {
    text: SortedText<&'a str>,
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
            let words = words.iter().map(|(text, word)| (Box::from(*text), *word));
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
