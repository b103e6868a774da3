//! The names of months.
//!
//! This module owns [`Months`]: whole names of any language, and their abbreviations of three or four letters.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::word_set::FirstBytes;

/// The names of months with their numbers.
#[derive(Debug, Deserialize)]
#[serde(try_from = "BTreeMap<String, Vec<String>>")]
pub struct Months {
    names: Vec<(String, i8)>,
    first: FirstBytes,
}

impl Months {
    /// The number of the month that a word in lower case names, whole or by its first three or four letters. An
    /// abbreviation of several months names none.
    pub fn number(&self, word: &str) -> Option<i8> {
        if let Some((_, number)) = self.names.iter().find(|(name, _)| name == word) {
            return Some(*number);
        }
        if !(3..=4).contains(&word.chars().count()) {
            return None;
        }
        let mut numbers =
            self.names.iter().filter(|(name, _)| name.starts_with(word)).map(|(_, number)| number);
        let first = numbers.next()?;
        numbers.all(|number| number == first).then_some(*first)
    }

    /// Whether the name of a month may stand at the beginning of a text.
    pub fn may_begin(&self, text: &str) -> bool {
        self.first.may_begin(text)
    }
}

impl TryFrom<BTreeMap<String, Vec<String>>> for Months {
    type Error = &'static str;

    fn try_from(lists: BTreeMap<String, Vec<String>>) -> Result<Months, &'static str> {
        let mut names = Vec::new();
        for number in 1..=12 {
            let list = lists.get(&number.to_string()).filter(|list| !list.is_empty());
            let list = list.ok_or("`months` needs the keys 1 to 12, each with a name")?;
            names.extend(list.iter().map(|name| (name.clone(), number)));
        }
        if lists.len() > 12 {
            return Err("`months` has other keys than 1 to 12");
        }
        names.sort();
        names.dedup();
        let first = FirstBytes::of(names.iter().map(|(name, _)| name));
        Ok(Months { names, first })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_named_whole_or_by_their_first_letters() {
        let months = &super::super::Lexicon::all().months;
        for (word, want) in [
            ("march", Some(3)),
            ("märz", Some(3)),
            ("mär", Some(3)),
            ("sept", Some(9)),
            ("mai", Some(5)),
            ("septe", None),
            ("ma", None),
            ("", None),
        ] {
            assert_eq!(months.number(word), want, "{word}");
        }
        assert!(months.may_begin("Oct") && !months.may_begin("week"));
    }

    #[test]
    fn an_abbreviation_of_two_months_names_none() {
        let mut lists: BTreeMap<String, Vec<String>> =
            (1..=12).map(|number| (number.to_string(), vec![format!("month{number}")])).collect();
        lists.insert("6".to_owned(), vec!["juin".to_owned()]);
        lists.insert("7".to_owned(), vec!["juillet".to_owned()]);
        let months = Months::try_from(lists).unwrap();
        assert_eq!(["jui", "juin", "juil"].map(|word| months.number(word)), [None, Some(6), Some(7)]);
    }
}
