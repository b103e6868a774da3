//! What a text between two blanks counts as.
//!
//! Owns the numbers of words, and the memory of texts that were cut and folded before: nine of ten stand in a handbook
//! many times. Knows neither pages nor where on them a text stands.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::fold::folded_by;
use super::words::{Word, name, token, words};

/// How umlauts are spelled where there is no key for them, and what they are folded to.
const UMLAUTS: [(&str, &str); 3] = [("ae", "a"), ("oe", "o"), ("ue", "u")];

/// Longer texts are not remembered, in bytes: few stand twice, and up to here a text takes no room but its own. Nor are
/// those in other scripts, which may go on without a blank.
const REMEMBERED: usize = 24;

/// A short word as one number, filled up with zeros.
type Short = u64;

/// Which texts are tokens, besides their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPolicy {
    /// Names with signs in them.
    Prose,
    /// Whatever is more than a word.
    Code,
}

/// A word, and how far behind the word before the text it stands.
#[derive(Debug, Clone, Copy)]
pub struct PositionedWord {
    pub word: u32,
    pub distance: u32,
}

/// What one text counts as.
#[derive(Debug, Clone, Copy)]
pub struct TokenizedText {
    start: u32,
    end: u32,
    /// How many places it takes.
    pub length: u32,
}

impl TokenizedText {
    /// The numbers of its steps.
    pub fn steps(self) -> Range<u32> {
        self.start..self.end
    }
}

/// Reads texts.
#[derive(Default)]
pub struct Tokenizer {
    numbers: HashMap<Box<str>, u32, RandomState>,
    /// Short words as they stand, such as two letters of Japanese, with the numbers of what they are folded to.
    short: HashMap<Short, u32, RandomState>,
    steps: Vec<PositionedWord>,
    /// So many of the steps are those of remembered texts; those behind them are of the text read last.
    kept: usize,
    /// By manner.
    known: [HashMap<Box<str>, TokenizedText, RandomState>; 2],
    folded: String,
    /// Whether the texts are German.
    german: bool,
}

impl Tokenizer {
    /// What follows is German, or not.
    pub fn speak(&mut self, language: &str) {
        let german = language == "de";
        if self.german != german {
            self.known.iter_mut().for_each(HashMap::clear);
        }
        self.german = german;
    }

    /// Every folded word with its number, sorted.
    pub fn into_words(self) -> Vec<(Box<str>, u32)> {
        let mut words: Vec<_> = self.numbers.into_iter().collect();
        words.sort_unstable();
        words
    }

    pub fn step(&self, number: u32) -> PositionedWord {
        self.steps[number as usize]
    }

    /// What a text without blanks counts as. Its steps are there until the next text is read.
    pub fn tokenize(&mut self, text: &str, manner: TokenPolicy) -> TokenizedText {
        if let Some(reading) = self.known[manner as usize].get(text) {
            return *reading;
        }
        self.steps.truncate(self.kept);
        let start = self.steps.len() as u32;
        let token = if manner == TokenPolicy::Code { token(text) } else { name(text) };
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
        let reading = TokenizedText { start, end: self.steps.len() as u32, length };
        if text.len() <= REMEMBERED && text.is_ascii() {
            self.known[manner as usize].insert(text.into(), reading);
            self.kept = self.steps.len();
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
        let short = short(word);
        let known = short.and_then(|short| self.short.get(&short).copied());
        let Some(number) = known.or_else(|| self.number(word)) else { return };
        if let (Some(short), None) = (short, known) {
            self.short.insert(short, number);
        }
        self.steps.push(PositionedWord { word: number, distance });
    }

    /// The number of a word in its folded form; nothing where that is empty, as of an accent.
    fn number(&mut self, word: &str) -> Option<u32> {
        let key = folded_by(word, &mut self.folded);
        if key.is_empty() {
            return None;
        }
        let next = self.numbers.len() as u32;
        Some(match self.numbers.get(key) {
            Some(number) => *number,
            None => *self.numbers.entry(key.into()).or_insert(next),
        })
    }
}

fn short(word: &str) -> Option<Short> {
    let mut bytes = [0; size_of::<Short>()];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(Short::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a text with their distances.
    fn read(readings: &mut Tokenizer, text: &str, manner: TokenPolicy) -> Vec<(String, u32)> {
        let reading = readings.tokenize(text, manner);
        let step = |number| {
            let PositionedWord { word, distance } = readings.step(number);
            let text = readings.numbers.iter().find(|(_, known)| **known == word).unwrap().0;
            (text.to_string(), distance)
        };
        reading.steps().map(step).collect()
    }

    #[test]
    fn what_is_remembered_is_what_was_read() {
        let mut readings = Tokenizer::default();
        for text in ["Ceph,", "a.b/C", "NovaDown", "構築。", "e\u{301}", "\u{301}", "Überwachung"] {
            for manner in [TokenPolicy::Prose, TokenPolicy::Code] {
                let first = read(&mut readings, text, manner);
                assert_eq!(read(&mut readings, text, manner), first);
                assert_eq!(read(&mut Tokenizer::default(), text, manner), first);
            }
        }
        assert_eq!(read(&mut readings, "\u{301}", TokenPolicy::Prose), []);
    }

    #[test]
    fn the_language_decides_what_a_remembered_text_says() {
        let mut readings = Tokenizer::default();
        let words = |readings: &mut Tokenizer| read(readings, "Ueber", TokenPolicy::Prose).len();
        assert_eq!(words(&mut readings), 1);
        readings.speak("de");
        assert_eq!(words(&mut readings), 2);
        readings.speak("en");
        assert_eq!(words(&mut readings), 1);
    }
}
