//! Reads the tables `[translations.LANGUAGE]` of a definition into [`KindTexts`].
//!
//! Owns the keys of these tables. `cross_checks` verifies that the named fields and values exist, when all files have
//! been read.

use std::collections::BTreeMap;

use super::cross_checks::ClaimSubject;
use super::definition::KindDefinition;
use super::kind_texts::{Choice, KindTexts};
use crate::fields::{FieldEntry as Written, Value, text_of};

impl KindDefinition<'_> {
    pub(super) fn translations(&mut self, languages: Vec<Written>) -> Vec<(String, KindTexts)> {
        let language = |written: Written| {
            let Value::Map(parts) = written.value else {
                self.wrong(&written, format!("`{}` must be a table of words in that language", written.key));
                return None;
            };
            Some((written.key.to_ascii_lowercase(), self.words(parts)))
        };
        languages.into_iter().filter_map(language).collect()
    }

    fn words(&mut self, parts: Vec<Written>) -> KindTexts {
        let mut reader = self.reader(parts);
        let words = KindTexts {
            title: reader.text(&["title"]),
            plural: reader.text(&["plural"]),
            help: reader.text(&["help"]),
            linked_as: reader.text(&["linked_as"]),
            ..KindTexts::default()
        };
        let (labels, values) = (reader.map(&["fields"]), reader.map(&["values"]));
        let (empty, lists) = (reader.map(&["empty"]), reader.map(&["lists"]));
        let invite = reader.map(&["invite"]);
        reader.finish(&[]);
        let labels = labels.into_iter().filter_map(|field| self.label(&field)).collect();
        let values = values.into_iter().filter_map(|field| self.values(field)).collect();
        let empty = empty.into_iter().filter_map(|field| self.label(&field)).collect();
        let list = |list: Written| Some((list.key, text_of(&list.value)?));
        let lists = lists.into_iter().filter_map(list).collect();
        let invite = invite.into_iter().filter_map(|field| self.label(&field)).collect();
        KindTexts { labels, values, empty, lists, invite, ..words }
    }

    fn label(&mut self, field: &Written) -> Option<(String, String)> {
        let label = text_of(&field.value);
        if label.is_none() {
            self.wrong(field, format!("what is said of `{}` must be a text", field.key));
        }
        self.claim(field, ClaimSubject::Words(Vec::new()));
        Some((field.key.clone(), label?))
    }

    fn values(&mut self, field: Written) -> Option<(String, BTreeMap<String, Choice>)> {
        let Value::Map(values) = &field.value else {
            self.wrong(&field, format!("`{}` must be a table of values and their names", field.key));
            return None;
        };
        for value in values {
            let of_field = Written { key: field.key.clone(), ..value.clone() };
            self.claim(&of_field, ClaimSubject::Words(vec![value.key.clone()]));
        }
        let choices = values.iter().map(|value| (value.key.clone(), self.choice_words(value)));
        Some((field.key.clone(), choices.collect()))
    }

    /// The texts of one value: a name, or a table of `name` and `help`.
    fn choice_words(&mut self, written: &Written) -> Choice {
        if let Some(name) = text_of(&written.value) {
            return Choice { name: Some(name), help: None };
        }
        let Value::Map(parts) = &written.value else {
            self.wrong(written, format!("`{}` must be a name, or a table of `name` and `help`", written.key));
            return Choice::default();
        };
        let mut reader = self.reader(parts.clone());
        let choice = Choice { name: reader.text(&["name"]), help: reader.text(&["help"]) };
        reader.finish(&[]);
        choice
    }
}
