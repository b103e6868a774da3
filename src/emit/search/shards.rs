//! The shards: the vocabulary in files.
//!
//! Owns where one shard ends and the next begins, and how the pages of a word are written. A shard also has the lines
//! of pages that have one of its words in their title: most results need nothing else.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;

use rayon::prelude::*;

use super::corpus::{Corpus, TextLength};
use super::impact::{LEGAL, MeanLengths, impact};
use super::vlq;
use super::vocabulary::{IndexedWord, Posting, is_common};
use super::words::is_pair;
use crate::site::{Site, SitePage};

/// The size at which a shard is closed, in bytes.
const BYTES: usize = 12 * 1024;
/// The maximum number of pages written for a word. Only the pages with the highest impact are kept.
const MOST_PAGES: usize = 2000;
/// Pairs of characters on at most this many pages have their positions written, as other words have.
const RARE: usize = 16;
/// Added to the number of positions of a word that is in the title or in a heading.
const IN_HEADING: u32 = 8;
/// The most pages with one word in their title whose lines a shard repeats.
const LINES_PER_WORD: usize = 12;

/// The shards in the order of their words, each with the text that it begins with, and its JSON.
pub fn shards(site: &Site, corpus: &Corpus, groups: &[u32], lines: &[String]) -> Vec<(String, String)> {
    let mean = MeanLengths::from_lengths(&corpus.lengths);
    let weights: Vec<f32> = site.pages.iter().map(|page| weight_of_page(site, page)).collect();
    let weigh =
        |hit: &Posting| impact(hit, corpus.lengths[hit.page as usize], mean, weights[hit.page as usize]);
    let written: Vec<EncodedWord> = corpus
        .terms
        .par_iter()
        .map(|term| EncodedWord {
            postings: encode_word(term, places(term, corpus), &weigh),
            titled: titled(term, &corpus.lengths, LINES_PER_WORD),
        })
        .collect();
    // Where a shard ends depends on the lengths of the written words, so all of them are written first.
    split_into_ranges(&corpus.terms, groups, &written)
        .into_par_iter()
        .map(|range| {
            let boundary = boundary(&corpus.terms, range.start);
            (boundary, json(&corpus.terms[range.clone()], &groups[range.clone()], &written[range], lines))
        })
        .collect()
}

/// How much the words of a page count. Legal texts are found, but not first.
fn weight_of_page(site: &Site, page: &SitePage) -> f32 {
    if site.is_legal(page) { LEGAL } else { page.page.front.kind.search_percent as f32 / 100.0 }
}

/// A word as written into a shard.
struct EncodedWord {
    postings: String,
    /// Some of the pages with the word in their title.
    titled: Vec<u32>,
}

/// Whether the positions of a word are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PositionLists {
    Written,
    Omitted,
}

fn places(term: &IndexedWord, corpus: &Corpus) -> PositionLists {
    let few = term.hits.len() <= RARE;
    if few || !(is_pair(&term.text) || is_common(term, corpus)) {
        PositionLists::Written
    } else {
        PositionLists::Omitted
    }
}

/// At most `most` pages with the word in their title, those with the shortest titles first.
fn titled(term: &IndexedWord, lengths: &[TextLength], most: usize) -> Vec<u32> {
    let mut titled: Vec<u32> = term.hits.iter().filter(|hit| hit.title > 0).map(|hit| hit.page).collect();
    titled.sort_by_key(|page| (lengths[*page as usize].title, *page));
    titled.truncate(most);
    titled
}

/// For each common word the pages that have it in their title, encoded as steps.
pub fn titles(common: &[&IndexedWord], lengths: &[TextLength]) -> Vec<String> {
    // All common words share this room in `index.json`, which every query loads.
    let most = BYTES / 2 / common.len().max(1);
    let mut encoded = Vec::new();
    for term in common {
        let mut pages = titled(term, lengths, most);
        // The steps from page to page must be positive.
        pages.sort_unstable();
        encoded.push(vlq::ascending(pages.into_iter()));
    }
    encoded
}

fn encode_word(term: &IndexedWord, places: PositionLists, weigh: &impl Fn(&Posting) -> u32) -> String {
    let mut weighed: Vec<(u32, &Posting)> = term.hits.iter().map(|hit| (weigh(hit), hit)).collect();
    if weighed.len() > MOST_PAGES {
        weighed.sort_by_key(|(impact, hit)| (std::cmp::Reverse(*impact), hit.page));
        weighed.truncate(MOST_PAGES);
        // Pages are written as steps, so they must ascend.
        weighed.sort_by_key(|(_, hit)| hit.page);
    }
    postings(&weighed, term.hits.len(), places)
}

/// Writes twice the number of pages with the word, plus one if positions are written. Then for each kept page: the
/// step from the last page, the impact and, if they are written, the positions: their number, and the steps between
/// them. The number is eight higher if the word is in the title or in a heading.
fn postings(hits: &[(u32, &Posting)], pages: usize, places: PositionLists) -> String {
    // Most pages of a word take three characters and those of its positions.
    let mut out = String::with_capacity(4 + hits.len() * 6);
    let mut last = 0;
    vlq::push(&mut out, pages as u32 * 2 + u32::from(places == PositionLists::Written));
    for (impact, hit) in hits {
        vlq::push(&mut out, hit.page - last);
        vlq::push(&mut out, *impact);
        last = hit.page;
        if places == PositionLists::Written {
            let mark = if hit.heading > 0 || hit.title > 0 { IN_HEADING } else { 0 };
            vlq::push(&mut out, hit.place_count() + mark);
            vlq::push_ascending(&mut out, hit.sorted_places());
        }
    }
    out
}

/// Splits the words into ranges. Forms of one word stay together if they are neighbours.
fn split_into_ranges(terms: &[IndexedWord], groups: &[u32], written: &[EncodedWord]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for at in 0..terms.len() {
        bytes += terms[at].text.len() + written[at].postings.len() + 2;
        let full = bytes >= BYTES && groups.get(at + 1) != Some(&groups[at]);
        if full || at + 1 == terms.len() {
            ranges.push(start..at + 1);
            (start, bytes) = (at + 1, 0);
        }
    }
    ranges
}

/// The shortest beginning of the shard's first word that distinguishes it from the last word of the shard before.
fn boundary(terms: &[IndexedWord], at: usize) -> String {
    let word = &terms[at].text;
    let Some(before) = at.checked_sub(1).map(|before| &terms[before].text) else { return String::new() };
    let shared = word.chars().zip(before.chars()).take_while(|(one, other)| one == other).count();
    word.chars().take(shared + 1).collect()
}

/// `{"words":"a b","groups":"AB","postings":"… …","pages":{"3":["a/","A"]}}`.
fn json(terms: &[IndexedWord], groups: &[u32], written: &[EncodedWord], lines: &[String]) -> String {
    let mut out = String::with_capacity(BYTES * 2);
    let words: Vec<&str> = terms.iter().map(|term| &*term.text).collect();
    let postings: Vec<&str> = written.iter().map(|word| word.postings.as_str()).collect();
    let (words, groups) = (super::json(&words.join(" ")), distances_to_forms(groups));
    let _ = write!(
        out,
        r#"{{"words":{words},"groups":"{groups}","postings":"{}","pages":{{"#,
        postings.join(" ")
    );
    // A set, because several words of the shard may be in one title.
    let titled: BTreeSet<u32> = written.iter().flat_map(|word| &word.titled).copied().collect();
    for (index, page) in titled.iter().enumerate() {
        let separator = if index == 0 { "" } else { ",\n" };
        let _ = write!(out, "{separator}\"{page}\":{}", lines[*page as usize]);
    }
    out.push_str("}}");
    out
}

/// For each word the distance to the nearest form of it among the words before it; 0 if there is none.
fn distances_to_forms(groups: &[u32]) -> String {
    let mut out = String::new();
    for (at, group) in groups.iter().enumerate() {
        // `index.js` looks for forms within the same distance of 31, a number of one character.
        let before = groups[..at].iter().rev().take(31).position(|other| other == group);
        vlq::push(&mut out, before.map_or(0, |steps| steps as u32 + 1));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::super::corpus;
    use super::*;

    #[test]
    fn a_shard_holds_words_their_forms_their_pages_and_titles() {
        let files = [("content/_index.md", "# Home\n"), ("content/a.md", "# Disks\n\nA disk.\n")];
        let site = fixture::site(&files, None);
        let corpus = corpus::corpus(&site);
        let groups = super::super::stems::groups(&corpus.terms, &["en".to_owned()].into());
        let shards = shards(&site, &corpus, &groups, &super::super::pages::lines(&site, &site));
        assert_eq!(shards.len(), 1);
        let json: serde_json::Value = serde_json::from_str(&shards[0].1).unwrap();
        assert_eq!(json["words"], "a disk disks home");
        assert_eq!(json["groups"], "AABA");
        assert_eq!(json["pages"], serde_json::json!({"0": ["", "Home"], "1": ["a/", "Disks"]}));
    }

    #[test]
    fn a_boundary_is_as_short_as_it_can_be() {
        let terms: Vec<IndexedWord> = ["ceph", "cephfs", "cinder"]
            .map(|text| IndexedWord { text: text.into(), hits: Vec::new() })
            .into();
        let texts: Vec<String> = (0..3).map(|at| boundary(&terms, at)).collect();
        assert_eq!(texts, ["", "cephf", "ci"]);
    }
}
