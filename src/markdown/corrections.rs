//! What a page says of its transcripts: where the recording is, and which words were misheard.
//!
//! Owns the search for these words. `transcript` writes the lines.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

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
        let mut builder = AhoCorasickBuilder::new();
        builder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
        let heard = builder.build(pairs.iter().map(|(heard, _)| heard)).ok()?;
        Some(Corrections { heard, said: pairs.iter().map(|(_, said)| (*said).to_owned()).collect() })
    }

    /// The ranges of a text that were misheard, as whole words, each with what was said.
    pub(super) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (Range<usize>, &'a str)> {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        self.heard.find_iter(text).filter_map(move |found| {
            let range = found.range();
            let inside = &text[range.clone()];
            let begins =
                !(is_word(text[..range.start].chars().next_back()) && is_word(inside.chars().next()));
            let ends = !(is_word(text[range.end..].chars().next()) && is_word(inside.chars().next_back()));
            (begins && ends).then(|| (range, &*self.said[found.pattern().as_usize()]))
        })
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
}
