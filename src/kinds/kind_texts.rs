//! The texts of kinds, fields and values in languages other than English.
//!
//! Owns [`KindTexts`], the texts in `[translations.LANGUAGE]` of a definition, and [`KindWording`], which finds the
//! text for a reader: first in the kind's own texts, then in the texts of all kinds, then in English.

use std::collections::BTreeMap;

use super::{Field, Kind, Kinds};

/// The texts of one definition in one language. English is used for missing texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct KindTexts {
    pub title: Option<String>,
    pub plural: Option<String>,
    pub help: Option<String>,
    /// The whole heading above links from pages of the kind: `Besprochen in Protokollen`.
    pub linked_as: Option<String>,
    /// The labels of fields, by path: `severity`, `patches.state`.
    pub labels: BTreeMap<String, String>,
    /// The texts that a page shows if a field is absent or empty, by the name of the field.
    pub empty: BTreeMap<String, String>,
    /// The texts of links with which readers add a record, by the name of the field.
    pub invite: BTreeMap<String, String>,
    /// The headings of lists, by the heading in English.
    pub lists: BTreeMap<String, String>,
    /// The texts of values, by the path of the field and the value.
    pub values: BTreeMap<String, BTreeMap<String, Choice>>,
}

/// The texts of one value of a choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Choice {
    pub name: Option<String>,
    pub help: Option<String>,
}

/// The texts of a kind and its fields for readers of one language.
#[derive(Debug, Clone, Copy)]
pub struct KindWording<'a> {
    kind: &'a Kind,
    own: Option<&'a KindTexts>,
    common: Option<&'a KindTexts>,
}

impl KindTexts {
    /// Adds the texts of `other`, which take precedence.
    pub(super) fn extend(&mut self, other: KindTexts) {
        let take = |mine: &mut Option<String>, theirs: Option<String>| *mine = theirs.or(mine.take());
        take(&mut self.title, other.title);
        take(&mut self.plural, other.plural);
        take(&mut self.help, other.help);
        take(&mut self.linked_as, other.linked_as);
        self.labels.extend(other.labels);
        self.empty.extend(other.empty);
        self.lists.extend(other.lists);
        self.invite.extend(other.invite);
        for (field, values) in other.values {
            self.values.entry(field).or_default().extend(values);
        }
    }

    /// The texts that a kind inherits from the kind that it is like: all except title, plural and help.
    pub(super) fn of_fields(self) -> KindTexts {
        KindTexts { title: None, plural: None, help: None, ..self }
    }
}

impl Kinds {
    /// The texts of a kind in a language. `language` must be equal to the tag in the definition, in lower case.
    pub fn wording<'a>(&'a self, kind: &'a Kind, language: &str) -> KindWording<'a> {
        // Definitions name languages in lower case, pages as they like: `pt-BR`.
        let language = language.to_ascii_lowercase();
        KindWording { kind, own: kind.words.get(&language), common: self.common_words.get(&language) }
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

    /// The heading above links from pages of the kind, if the language has one.
    pub fn linked_as(&self) -> Option<&'a str> {
        self.own.and_then(|words| words.linked_as.as_deref())
    }

    /// The label of a field. `path` is its name, or `record.field` within a record.
    pub fn label(&self, path: &str, field: &'a Field) -> &'a str {
        self.find(|words| words.labels.get(path)).map_or(&field.label, |label| label)
    }

    /// The text that a page shows if a field is absent or empty.
    pub fn empty(&self, field: &'a Field) -> Option<&'a str> {
        self.find(|words| words.empty.get(&field.name)).or(field.empty.as_ref()).map(String::as_str)
    }

    /// The text of the link with which readers add a record to a field.
    pub fn invite(&self, field: &'a Field) -> Option<&'a str> {
        self.find(|words| words.invite.get(&field.name)).or(field.invite.as_ref()).map(String::as_str)
    }

    /// The heading of a list.
    pub fn list<'b>(&self, title: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.own.and_then(|words| words.lists.get(title)).map_or(title, String::as_str)
    }

    /// The name of a value of a choice; the value itself if the language has no name for it.
    pub fn value<'b>(&self, path: &str, value: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.find(|words| words.values.get(path)?.get(value)?.name.as_ref()).map_or(value, |name| name)
    }

    /// The value of a choice that has this name in the language, the reverse of [`KindWording::value`].
    pub fn written(&self, path: &str, name: &str) -> Option<&'a str> {
        self.find(|words| {
            let mut values = words.values.get(path)?.iter();
            values.find(|(_, word)| word.name.as_deref() == Some(name)).map(|(value, _)| value.as_str())
        })
    }

    /// The help of a value of a choice, if the language has one.
    pub fn meaning(&self, path: &str, value: &str) -> Option<&'a str> {
        self.find(|words| words.values.get(path)?.get(value)?.help.as_ref()).map(String::as_str)
    }

    fn find<T>(&self, look: impl Fn(&'a KindTexts) -> Option<T>) -> Option<T> {
        self.own.and_then(&look).or_else(|| self.common.and_then(&look))
    }
}
