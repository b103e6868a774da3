//! What a text between two blanks counts as.
//!
//! Owns the numbers of words, and the memory of texts that were cut and folded before: nine of ten stand in a handbook
//! many times. Knows neither pages nor where on them a text stands.

use std::collections::HashMap;
use std::ops::Range;

use compact_str::CompactString;
use foldhash::fast::RandomState;

use super::fold::folded_by;
use super::words::{Word, name, token, words};

/// How umlauts are spelled where there is no key for them, and what they are folded to.
const UMLAUTS: [(&str, &str); 3] = [("ae", "a"), ("oe", "o"), ("ue", "u")];

/// Longer texts are not remembered, in bytes: few stand twice.
const REMEMBERED: usize = 64;

/// Which texts are tokens, besides their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Names with signs in them.
    Prose,
    /// Whatever is more than a word.
    Code,
}

/// A word, and how far behind the word before the text it stands.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub word: u32,
    pub distance: u32,
}

/// What one text counts as.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    start: u32,
    end: u32,
    /// How many places it takes.
    pub length: u32,
}

impl Reading {
    /// The numbers of its steps.
    pub fn steps(self) -> Range<u32> {
        self.start..self.end
    }
}

/// Reads texts.
#[derive(Default)]
pub struct Readings {
    numbers: HashMap<CompactString, u32, RandomState>,
    steps: Vec<Step>,
    /// By manner.
    known: [HashMap<CompactString, Reading, RandomState>; 2],
    folded: String,
    /// Whether the texts are German.
    german: bool,
}

impl Readings {
    /// What follows is German, or not.
    pub fn speak(&mut self, language: &str) {
        let german = language == "de";
        if self.german != german {
            self.known.iter_mut().for_each(HashMap::clear);
        }
        self.german = german;
    }

    /// Every folded word with its number, sorted.
    pub fn into_words(self) -> Vec<(CompactString, u32)> {
        let mut words: Vec<_> = self.numbers.into_iter().collect();
        words.sort_unstable();
        words
    }

    pub fn step(&self, number: u32) -> Step {
        self.steps[number as usize]
    }

    /// What a text without blanks counts as.
    pub fn of(&mut self, text: &str, manner: Manner) -> Reading {
        if let Some(reading) = self.known[manner as usize].get(text) {
            return *reading;
        }
        let start = self.steps.len() as u32;
        let token = if manner == Manner::Code { token(text) } else { name(text) };
        if let Some(token) = token {
            // It stands where its first word does.
            self.count(token, 1);
        }
        if self.german {
            self.umlauts(&text.to_lowercase());
        }
        let mut length = 0;
        words(text, &mut |word| match word {
            Word::Whole(word) => {
                length += 1;
                self.count(word, length);
            }
            Word::Part(part) => self.count(part, length),
        });
        let reading = Reading { start, end: self.steps.len() as u32, length };
        if text.len() <= REMEMBERED {
            self.known[manner as usize].insert(text.into(), reading);
        }
        reading
    }

    /// `Ueberwachung` also counts as `Überwachung`.
    fn umlauts(&mut self, text: &str) {
        let mut distance = 0;
        words(text, &mut |word| {
            let Word::Whole(word) = word else { return };
            distance += 1;
            let bare =
                UMLAUTS.iter().fold(word.to_owned(), |word, (spelled, bare)| word.replace(spelled, bare));
            if bare.len() < word.len() {
                self.count(&bare, distance);
            }
        });
    }

    fn count(&mut self, word: &str, distance: u32) {
        let key = folded_by(word, &mut self.folded);
        if key.is_empty() {
            // Nothing but accents.
            return;
        }
        let next = self.numbers.len() as u32;
        let word = match self.numbers.get(key) {
            Some(number) => *number,
            None => *self.numbers.entry(key.into()).or_insert(next),
        };
        self.steps.push(Step { word, distance });
    }
}
