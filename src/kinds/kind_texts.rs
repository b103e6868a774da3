//! What kinds, their fields and their values are called in other languages than English.
//!
//! Owns [`Words`], as a definition says them beneath `[translations.LANGUAGE]`, and [`Wording`], which finds the word
//! for a reader: the kind's own, that of all kinds, else what the definition says in English.

use std::collections::BTreeMap;

use super::{Field, Kind, Kinds};

/// The words of one definition in one language. What is missing is said in English.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct KindTexts {
    pub title: Option<String>,
    pub plural: Option<String>,
    pub help: Option<String>,
    /// The whole heading above links from pages of the kind: `Besprochen in Protokollen`.
    pub linked_as: Option<String>,
    /// Labels by the field's path: `severity`, `patches.state`.
    pub labels: BTreeMap<String, String>,
    /// What a page says where a field is absent or empty, by the field's name.
    pub empty: BTreeMap<String, String>,
    /// By the field's path and the value.
    pub values: BTreeMap<String, BTreeMap<String, Choice>>,
}

/// A value of a choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Choice {
    pub name: Option<String>,
    pub help: Option<String>,
}

/// How readers of one language are told of a kind and its fields.
#[derive(Debug, Clone, Copy)]
pub struct KindWording<'a> {
    kind: &'a Kind,
    own: Option<&'a KindTexts>,
    common: Option<&'a KindTexts>,
}

impl KindTexts {
    /// Takes over what `other` says.
    pub(super) fn extend(&mut self, other: KindTexts) {
        let take = |mine: &mut Option<String>, theirs: Option<String>| *mine = theirs.or(mine.take());
        take(&mut self.title, other.title);
        take(&mut self.plural, other.plural);
        take(&mut self.help, other.help);
        take(&mut self.linked_as, other.linked_as);
        self.labels.extend(other.labels);
        self.empty.extend(other.empty);
        for (field, values) in other.values {
            self.values.entry(field).or_default().extend(values);
        }
    }

    /// What a kind that is like this one takes over: words for fields, not for the kind.
    pub(super) fn of_fields(self) -> KindTexts {
        KindTexts { title: None, plural: None, help: None, ..self }
    }
}

impl Kinds {
    /// The words for a kind in a language.
    pub fn wording<'a>(&'a self, kind: &'a Kind, language: &str) -> KindWording<'a> {
        KindWording { kind, own: kind.words.get(language), common: self.common_words.get(language) }
    }
}

impl<'a> KindWording<'a> {
    pub fn title(&self) -> &'a str {
        self.own.and_then(|words| words.title.as_deref()).unwrap_or(&self.kind.title)
    }

    pub fn plural(&self) -> &'a str {
        self.own.and_then(|words| words.plural.as_deref()).unwrap_or(&self.kind.plural)
    }

    pub fn help(&self) -> &'a str {
        self.own.and_then(|words| words.help.as_deref()).unwrap_or(&self.kind.help)
    }

    /// The heading above links from pages of the kind, where the language has one.
    pub fn linked_as(&self) -> Option<&'a str> {
        self.own.and_then(|words| words.linked_as.as_deref())
    }

    /// The label of a field; `path` is its name, or `record.field` within records.
    pub fn label(&self, path: &str, field: &'a Field) -> &'a str {
        self.find(|words| words.labels.get(path)).map_or(&field.label, |label| label)
    }

    /// What a page says where a field is absent or empty.
    pub fn empty(&self, field: &'a Field) -> Option<&'a str> {
        self.find(|words| words.empty.get(&field.name)).or(field.empty.as_ref()).map(String::as_str)
    }

    /// What a value of a choice is called.
    pub fn value<'b>(&self, path: &str, value: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.find(|words| words.values.get(path)?.get(value)?.name.as_ref()).map_or(value, |name| name)
    }

    /// The value of a choice that is called so.
    pub fn written(&self, path: &str, name: &str) -> Option<&'a str> {
        self.find(|words| {
            let mut values = words.values.get(path)?.iter();
            values.find(|(_, word)| word.name.as_deref() == Some(name)).map(|(value, _)| value.as_str())
        })
    }

    /// What a value of a choice means, where the language says it.
    pub fn meaning(&self, path: &str, value: &str) -> Option<&'a str> {
        self.find(|words| words.values.get(path)?.get(value)?.help.as_ref()).map(String::as_str)
    }

    fn find<T>(&self, look: impl Fn(&'a KindTexts) -> Option<T>) -> Option<T> {
        self.own.and_then(&look).or_else(|| self.common.and_then(&look))
    }
}
