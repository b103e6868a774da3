//! What a page says of its transcripts: where the recording is, and which words were misheard.
//!
//! Owns the search for these words. `transcript` writes the lines.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use unicase::UniCase;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// The language of a code block, and the extension of a file, that is a transcript.
pub(super) const LANGUAGE: &str = "transcript";

/// What a page says of its transcripts.
#[derive(Debug, Default)]
pub struct TranscriptSettings {
    /// Where the recording is.
    pub recording: Option<String>,
    /// `None` if there are none.
    pub corrections: Option<Corrections>,
}

impl TranscriptSettings {
    pub const NONE: TranscriptSettings = TranscriptSettings { recording: None, corrections: None };
}

/// What was misheard, and what was said.
#[derive(Debug)]
pub struct Corrections {
    /// Finds what was heard in folded texts.
    heard: AhoCorasick,
    /// In the order of what was heard.
    said: Vec<String>,
}

impl Corrections {
    /// From pairs of what was heard and what was said. `None` if there is none.
    pub fn new(pairs: &[(&str, &str)]) -> Option<Corrections> {
        let pairs: Vec<&(&str, &str)> = pairs.iter().filter(|(heard, _)| !heard.is_empty()).collect();
        if pairs.is_empty() {
            return None;
        }
        let heard = AhoCorasick::new(pairs.iter().map(|(heard, _)| FoldedText::new(heard).text));
        // Without corrections the page would publish the words that they replace.
        let heard = heard.expect("a page's front matter is too short for more states than the automaton has");
        Some(Corrections { heard, said: pairs.iter().map(|(_, said)| (*said).to_owned()).collect() })
    }

    /// The ranges of a text that were misheard, as whole words, each with what was said. Of ranges that overlap the
    /// leftmost counts, of those the longest.
    pub(super) fn find<'a>(&'a self, text: &str) -> Vec<(Range<usize>, &'a str)> {
        let folded = FoldedText::new(text);
        // The longest one from each offset, with the number of what was heard.
        let mut longest: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        // All matches, because a longer one that is not a whole word must not hide a shorter one.
        for hit in self.heard.find_overlapping_iter(&folded.text) {
            let (Some(start), Some(end)) = (folded.offset(hit.start()), folded.offset(hit.end())) else {
                continue;
            };
            let is_longer = longest.get(&start).is_none_or(|(known, _)| *known < end);
            if is_longer && is_whole_word(text, &(start..end)) {
                longest.insert(start, (end, hit.pattern().as_usize()));
            }
        }
        let mut found = Vec::new();
        let mut free_from = 0;
        for (start, (end, pattern)) in longest {
            if start >= free_from {
                found.push((start..end, &*self.said[pattern]));
                free_from = end;
            }
        }
        found
    }

    /// The corrected text, and the number of corrections.
    pub(super) fn apply(&self, text: &str) -> (String, usize) {
        let (mut corrected, mut at, mut count) = (String::with_capacity(text.len()), 0, 0);
        for (range, said) in self.find(text) {
            corrected.push_str(&text[at..range.start]);
            corrected.push_str(said);
            at = range.end;
            count += 1;
        }
        corrected.push_str(&text[at..]);
        (corrected, count)
    }
}

/// A text without upper and lower case and in one Unicode form, with the way back to what was written.
struct FoldedText {
    text: String,
    /// For each character as written, and for the end: its offset in `text`, and its offset as written.
    offsets: Vec<(usize, usize)>,
}

impl FoldedText {
    fn new(written: &str) -> FoldedText {
        let mut text = String::with_capacity(written.len());
        let mut offsets = Vec::with_capacity(written.len() + 1);
        let mut buffer = [0; 4];
        for (offset, c) in written.char_indices() {
            offsets.push((text.len(), offset));
            if c.is_ascii() {
                text.push(c.to_ascii_lowercase());
                continue;
            }
            let folded = UniCase::unicode(&*c.encode_utf8(&mut buffer)).to_folded_case();
            for c in folded.chars() {
                decompose_canonical(c, |part| text.push(part));
            }
        }
        offsets.push((text.len(), written.len()));
        FoldedText { text, offsets }
    }

    /// The offset as written; `None` within what one written character became.
    fn offset(&self, folded: usize) -> Option<usize> {
        let index = self.offsets.binary_search_by_key(&folded, |(folded, _)| *folded).ok()?;
        Some(self.offsets[index].1)
    }
}

/// Whether a range neither begins nor ends within a word.
fn is_whole_word(text: &str, range: &Range<usize>) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || is_combining_mark(c));
    let (before, inside, behind) = (&text[..range.start], &text[range.clone()], &text[range.end..]);
    let begins_within = is_word(before.chars().next_back()) && is_word(inside.chars().next());
    let ends_within = is_word(inside.chars().next_back()) && is_word(behind.chars().next());
    // A mark belongs to the character before it, whatever that is.
    let cuts_character =
        [inside, behind].iter().any(|part| part.chars().next().is_some_and(is_combining_mark));
    !begins_within && !ends_within && !cuts_character
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrections_replace_whole_words() {
        let corrections = Corrections::new(&[
            ("CCP", "CSP"),
            ("open house monitor", "OpenStack Health Monitor"),
            ("ü", "ue"),
            ("", "x"),
        ])
        .unwrap();
        let (text, count) = corrections.apply("ccp, CCPs; the Open House Monitor. ü fünf");
        assert_eq!((&*text, count), ("CSP, CCPs; the OpenStack Health Monitor. ue fünf", 3));
        assert!(Corrections::new(&[]).is_none());
    }

    #[test]
    fn a_longer_match_within_a_word_hides_no_shorter_one() {
        let corrections =
            Corrections::new(&[("Anna", "the lead"), ("Anna Lee", "the deputy"), ("Lee Road", "the site")])
                .unwrap();
        for (text, want) in [
            ("Anna Leeds said so", "the lead Leeds said so"),
            ("Anna Lee said so", "the deputy said so"),
            ("Anna Lee Road", "the deputy Road"),
            ("Anna Leed and Lee Road", "the lead Leed and the site"),
        ] {
            assert_eq!(corrections.apply(text).0, want);
        }
    }

    #[test]
    fn words_are_found_in_any_case_and_form_of_unicode() {
        let corrections =
            Corrections::new(&[("Jürgen Groß", "role A"), ("ΟΔΟΣ", "role B"), ("u", "x")]).unwrap();
        for (text, want) in [
            ("JÜRGEN GROSS", "role A"),
            ("jürgen groß!", "role A!"),
            ("Ju\u{308}rgen Groß", "role A"),
            ("οδος, Οδοσ", "role B, role B"),
            // A part of a character is not a match.
            ("u\u{308} ü", "u\u{308} ü"),
        ] {
            assert_eq!(corrections.apply(text).0, want);
        }
    }

    #[test]
    fn of_matches_that_overlap_the_longest_counts() {
        let names: Vec<String> = (1..60).map(|length| "a ".repeat(length)).collect();
        let pairs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "b ")).collect();
        let corrections = Corrections::new(&pairs).unwrap();
        let (text, count) = corrections.apply(&"a ".repeat(5_900));
        assert_eq!((count, text.len()), (100, 200));
    }
}
