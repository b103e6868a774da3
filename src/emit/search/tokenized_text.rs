//! Splits the texts between whitespace into numbered words.
//!
//! Owns the numbers of words, and the memo of texts that were split and folded before: nine of ten texts occur many
//! times in a handbook. Knows neither pages nor positions on them.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::fold::folded_by;
use super::words::{Word, name, token, words};

/// The spelling of umlauts on keyboards without them, and their folded form.
const UMLAUTS: [(&str, &str); 3] = [("ae", "a"), ("oe", "o"), ("ue", "u")];

/// The maximum length of a remembered text, in bytes. Few longer texts occur twice, and up to this length a text
/// takes no memory beyond its own. Texts that are not ASCII are not remembered, because they may go on without a
/// space.
const REMEMBERED: usize = 24;

/// A word of up to eight bytes as one number, padded with zeros.
type Short = u64;

/// The texts that are tokens in addition to their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPolicy {
    /// Names with punctuation in them, such as `globals.yml`.
    Prose,
    /// Every text that is more than a plain word.
    Code,
}

/// A word, and its distance in positions from the last word before the text.
#[derive(Debug, Clone, Copy)]
pub struct PositionedWord {
    pub word: u32,
    pub distance: u32,
}

/// The words of one text, as a range of steps.
#[derive(Debug, Clone, Copy)]
pub struct TokenizedText {
    start: u32,
    end: u32,
    /// The number of positions that the text takes.
    pub length: u32,
}

impl TokenizedText {
    /// The numbers of its steps, for [`Tokenizer::step`].
    pub fn steps(self) -> Range<u32> {
        self.start..self.end
    }
}

/// Splits texts, and numbers their words.
#[derive(Default)]
pub struct Tokenizer {
    numbers: HashMap<Box<str>, u32, RandomState>,
    /// Short words as written, such as two letters of Japanese, with the numbers of their folded form.
    short: HashMap<Short, u32, RandomState>,
    steps: Vec<PositionedWord>,
    /// The number of steps that belong to remembered texts. The steps after them belong to the text read last.
    kept: usize,
    /// The remembered texts, by [`TokenPolicy`].
    known: [HashMap<Box<str>, TokenizedText, RandomState>; 2],
    folded: String,
    /// Whether the texts are German.
    german: bool,
}

impl Tokenizer {
    /// Sets the language of the texts that follow.
    pub fn set_language(&mut self, language: &str) {
        let german = language == "de";
        // A text has other words in another language.
        if self.german != german {
            self.known.iter_mut().for_each(HashMap::clear);
        }
        self.german = german;
    }

    /// All folded words with their numbers, in no order.
    pub fn into_words(self) -> impl Iterator<Item = (Box<str>, u32)> {
        self.numbers.into_iter()
    }

    /// The step with a number from [`TokenizedText::steps`].
    pub fn step(&self, number: u32) -> PositionedWord {
        self.steps[number as usize]
    }

    /// Splits a text that contains no whitespace. Its steps exist until the next text is read.
    pub fn tokenize(&mut self, text: &str, manner: TokenPolicy) -> TokenizedText {
        if let Some(reading) = self.known[manner as usize].get(text) {
            return *reading;
        }
        // The last text may not have been remembered.
        self.steps.truncate(self.kept);
        let start = self.steps.len() as u32;
        let token = if manner == TokenPolicy::Code { token(text) } else { name(text) };
        if let Some(token) = token {
            // A token has the position of its first word.
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

    /// Adds the words of `text` with umlauts for their spelling: `Ueberwachung` also counts as `Überwachung`.
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

    /// Adds a step. A short word that was counted before is not folded again.
    fn count(&mut self, word: &str, distance: u32) {
        let short = short(word);
        let known = short.and_then(|short| self.short.get(&short).copied());
        let Some(number) = known.or_else(|| self.number(word)) else { return };
        if let (Some(short), None) = (short, known) {
            self.short.insert(short, number);
        }
        self.steps.push(PositionedWord { word: number, distance });
    }

    /// The number of a word in its folded form. `None` if that is empty, as for a lone accent.
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

/// The word as a number. `None` if it is too long.
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
        readings.set_language("de");
        assert_eq!(words(&mut readings), 2);
        readings.set_language("en");
        assert_eq!(words(&mut readings), 1);
    }
}
