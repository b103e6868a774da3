//! Phrases that stand at the beginning of a text or within it.
//!
//! This module owns [`Phrases`] and [`MarkerSpellings`]. Longer phrases are tried before shorter ones, so that the
//! order of a list and of languages has no effect: `not done` before `not`.

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use super::word_set::FirstBytes;

/// Phrases that are searched for in texts.
#[derive(Debug, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Phrases {
    /// The longest first.
    phrases: Vec<String>,
    first: FirstBytes,
}

impl Phrases {
    /// The phrases that a text begins with, the longest first.
    pub fn beginning<'p>(&'p self, text: &str) -> impl Iterator<Item = &'p str> {
        self.candidates(text).filter(move |phrase| text.starts_with(phrase))
    }

    /// The phrases that a text begins with, without regard to the case of ASCII letters, the longest first.
    pub fn beginning_in_any_case<'p>(&'p self, text: &str) -> impl Iterator<Item = &'p str> {
        let begins =
            |phrase: &&str| text.get(..phrase.len()).is_some_and(|start| start.eq_ignore_ascii_case(phrase));
        self.candidates(text).filter(begins)
    }

    /// Whether one of the phrases may stand at the beginning of a text.
    pub fn may_begin(&self, text: &str) -> bool {
        self.first.may_begin(text)
    }

    /// The phrases, the longest first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.phrases.iter().map(String::as_str)
    }

    fn candidates(&self, text: &str) -> impl Iterator<Item = &str> {
        let phrases = if self.first.may_begin(text) { self.phrases.as_slice() } else { &[] };
        phrases.iter().map(String::as_str)
    }
}

impl From<Vec<String>> for Phrases {
    fn from(mut phrases: Vec<String>) -> Phrases {
        phrases.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        phrases.dedup();
        let first = FirstBytes::of(&phrases);
        Phrases { phrases, first }
    }
}

/// The spellings of markers of action items, with one search for all of them.
#[derive(Debug, Deserialize)]
#[serde(from = "SpellingLists")]
pub struct MarkerSpellings {
    pub ai: Phrases,
    /// `Action item`: a marker with a colon or an owner after it.
    pub action_item: Phrases,
    /// `Action`: a marker with an owner after it.
    pub action: Phrases,
    /// `TODO`: a marker also without a colon, at the beginning of a line.
    pub todo: Phrases,
    /// `to do`: a marker with a colon or an owner after it.
    pub todo_label: Phrases,
    first: FirstBytes,
    search: AhoCorasick,
}

/// The lists of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpellingLists {
    ai: Vec<String>,
    action_item: Vec<String>,
    action: Vec<String>,
    todo: Vec<String>,
    todo_label: Vec<String>,
}

impl MarkerSpellings {
    /// Whether any of the spellings stands in a text, in one pass: this is asked of every text.
    pub fn are_in(&self, text: &str) -> bool {
        self.search.is_match(text)
    }

    /// Whether one of the spellings may stand at the beginning of a text.
    pub fn may_begin(&self, text: &str) -> bool {
        self.first.may_begin(text)
    }
}

impl From<SpellingLists> for MarkerSpellings {
    fn from(lists: SpellingLists) -> MarkerSpellings {
        let SpellingLists { ai, action_item, action, todo, todo_label } = lists;
        let mut all: Vec<String> =
            [&ai, &action_item, &action, &todo, &todo_label].into_iter().flatten().cloned().collect();
        all.sort();
        MarkerSpellings {
            first: FirstBytes::of(&all),
            search: AhoCorasick::new(&all).expect("some words are fewer than the states of an automaton"),
            ai: ai.into(),
            action_item: action_item.into(),
            action: action.into(),
            todo: todo.into(),
            todo_label: todo_label.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_phrases_come_first_in_any_order() {
        for words in [["not", "not done"], ["not done", "not"]] {
            let phrases = Phrases::from(words.map(str::to_owned).to_vec());
            assert_eq!(phrases.beginning("not done yet").collect::<Vec<_>>(), ["not done", "not"]);
            assert_eq!(phrases.beginning("Not done").count(), 0);
            assert_eq!(phrases.beginning_in_any_case("NOT yet").collect::<Vec<_>>(), ["not"]);
            assert!(phrases.may_begin("nothing") && !phrases.may_begin("yes"));
        }
    }

    #[test]
    fn markers_are_found_anywhere() {
        let markers = &super::super::Lexicon::all().markers;
        for text in ["write it (AI @a)", "ToDo", "some action items"] {
            assert!(markers.are_in(text), "{text}");
        }
        assert!(!markers.are_in("an actor said it today"));
        assert!(markers.may_begin("AI") && !markers.may_begin("mail"));
    }
}
