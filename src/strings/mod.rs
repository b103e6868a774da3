//! The texts of the program itself for readers, in the language of each page.
//!
//! Owns [`Languages`] and [`Strings`]: one complete set of texts for each language, with placeholders, and with forms
//! for one and for many. Must not know pages or templates. The labels of fields are in the definitions of kinds.

mod read;
mod text;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, LazyLock};

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::path::FilePath;
use crate::source::Source;

pub use text::{MessageText, fill};

/// The language that replaces languages without texts.
const ENGLISH: &str = "en";

/// The languages that come with Opsbook.
const FILES: &[(&str, &str)] = &[
    ("themes/default/strings/de.toml", include_str!("../../themes/default/strings/de.toml")),
    ("themes/default/strings/en.toml", include_str!("../../themes/default/strings/en.toml")),
];

/// The texts of every language that a handbook has.
#[derive(Debug)]
pub struct Languages {
    /// By the language tag in lower case.
    known: BTreeMap<String, Arc<Strings>>,
    /// The digest of all texts.
    pub digest: Digest,
}

/// Every text in one language.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Strings {
    /// A BCP 47 tag: `de`.
    pub language: String,
    /// By key, such as `actions.lead`.
    texts: BTreeMap<String, MessageText>,
}

/// Texts as values for templates and scripts: nested by the parts of their keys.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum MessageTree<'a> {
    Text(&'a MessageText),
    Group(BTreeMap<&'a str, MessageTree<'a>>),
}

impl Languages {
    /// The languages that come with Opsbook.
    pub fn built_in() -> &'static Arc<Languages> {
        static LANGUAGES: LazyLock<Arc<Languages>> = LazyLock::new(|| {
            let (languages, problems) = read::all(&sources(), &[]);
            assert!(problems.is_empty(), "the built-in texts are sound: {problems:?}");
            Arc::new(languages)
        });
        &LANGUAGES
    }

    /// The built-in languages with a handbook's own files. Each file is named after its language; it replaces single
    /// texts or adds a language. Wrong texts are reported and change nothing.
    pub fn with(own: &[Source]) -> (Arc<Languages>, Vec<Diagnostic>) {
        if own.is_empty() {
            return (Arc::clone(Languages::built_in()), Vec::new());
        }
        let (languages, problems) = read::all(&sources(), own);
        (Arc::new(languages), problems)
    }

    /// The texts for pages in a language: those of the language itself, else of the language without region or
    /// script, else English.
    pub fn for_language(&self, language: &str) -> &Arc<Strings> {
        let tag = language.to_ascii_lowercase();
        let known = self.known.get(&tag).or_else(|| self.known.get(primary(&tag)));
        known.or_else(|| self.known.get(ENGLISH)).expect("English is built in")
    }

    /// The language of the frame around a page: the page's own tag if there are texts in its language, else that of
    /// the texts.
    pub fn frame<'a>(&'a self, language: &'a str) -> &'a str {
        let texts = &self.for_language(language).language;
        if primary(language).eq_ignore_ascii_case(primary(texts)) { language } else { texts }
    }

    pub fn all(&self) -> impl Iterator<Item = &Arc<Strings>> {
        self.known.values()
    }
}

impl Strings {
    /// A text without placeholders.
    ///
    /// # Panics
    /// If there is no such text. A test looks up every key that the program names.
    pub fn say(&self, key: &str) -> &str {
        match self.text(key) {
            MessageText::Plain(text) => text,
            MessageText::Counted { other, .. } => other,
        }
    }

    /// Texts without placeholders, such as the columns of a table.
    pub fn each<const N: usize>(&self, keys: [&str; N]) -> [&str; N] {
        keys.map(|key| self.say(key))
    }

    /// A text with its placeholders filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        fill(self.say(key), |name| {
            values.iter().find(|(known, _)| *known == name).map(|(_, v)| v.to_string())
        })
    }

    /// The word for what is counted, without the number: `page`, `pages`.
    pub fn unit(&self, key: &str, count: usize) -> &str {
        self.text(key).form(count)
    }

    /// The number and the word for what is counted: `1 page`, `2 pages`.
    pub fn counted(&self, key: &str, count: usize) -> String {
        format!("{count} {}", self.unit(key, count))
    }

    /// The built-in English text for one of these texts. Any other text is returned as it is.
    pub fn english<'a>(&self, text: &'a str) -> &'a str {
        let is_it = |known: &MessageText| matches!(known, MessageText::Plain(known) if known == text);
        let key = self.texts.iter().find(|(_, known)| is_it(known)).map(|(key, _)| key);
        key.map_or(text, |key| Languages::built_in().for_language(ENGLISH).say(key))
    }

    /// The word for a value, such as a state, that the program computes or a page names; else the value itself.
    pub fn word<'a>(&'a self, group: &str, value: &'a str) -> &'a str {
        match self.texts.get(&format!("{group}.{value}")) {
            Some(MessageText::Plain(text)) => text,
            _ => value,
        }
    }

    /// The name of a level of visibility. A level that only this handbook has keeps its `title`.
    pub fn level(&self, name: &str, title: String) -> String {
        match self.word("level", name) {
            word if word == name => title,
            word => word.to_owned(),
        }
    }

    /// All texts, nested by the parts of their keys.
    pub fn tree(&self) -> MessageTree<'_> {
        let mut root = BTreeMap::new();
        for (key, text) in &self.texts {
            plant(&mut root, key, text);
        }
        MessageTree::Group(root)
    }

    /// The texts of one group, such as `browser`.
    pub fn group(&self, name: &str) -> BTreeMap<&str, MessageTree<'_>> {
        let texts = self.texts.iter().filter_map(|(key, text)| {
            let rest = key.strip_prefix(name)?.strip_prefix('.')?;
            Some((rest, MessageTree::Text(text)))
        });
        texts.collect()
    }

    fn text(&self, key: &str) -> &MessageText {
        self.texts.get(key).unwrap_or_else(|| panic!("there is no text `{key}`"))
    }
}

fn plant<'a>(group: &mut BTreeMap<&'a str, MessageTree<'a>>, key: &'a str, text: &'a MessageText) {
    let Some((name, rest)) = key.split_once('.') else {
        group.insert(key, MessageTree::Text(text));
        return;
    };
    let inner = group.entry(name).or_insert_with(|| MessageTree::Group(BTreeMap::new()));
    if let MessageTree::Group(inner) = inner {
        plant(inner, rest, text);
    }
}

/// The language of a tag without region or script: `de` of `de-AT`.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

fn sources() -> Vec<Source> {
    let source = |(path, text): &(&str, &str)| {
        let path = FilePath::new(path).expect("names are plain");
        Source::new(path, *text)
    };
    FILES.iter().map(source).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_its_language_without_region_or_else_english() {
        let languages = Languages::built_in();
        let of = |language| (languages.for_language(language).language.as_str(), languages.frame(language));
        assert_eq!(of("de"), ("de", "de"));
        assert_eq!(of("de-AT"), ("de", "de-AT"));
        assert_eq!(of("DE"), ("de", "DE"));
        assert_eq!(of("en-GB"), ("en", "en-GB"));
        assert_eq!(of("fr"), ("en", "en"));
        assert_eq!(of("den"), ("en", "en"), "another language that begins alike");
    }

    #[test]
    fn numbers_and_names_are_filled_in() {
        let german = Languages::built_in().for_language("de");
        assert_eq!(german.counted("unit.page", 1), "1 Seite");
        assert_eq!(german.counted("unit.page", 0), "0 Seiten");
        assert_eq!(
            german.fill("frame.more_in", &[("count", &3), ("title", &"A {count}")]),
            "Alle Seiten von A {count}, 3 weitere"
        );
        assert_eq!(german.word("action", "done"), "erledigt");
        assert_eq!(german.word("action", "else"), "else");
    }

    #[test]
    fn templates_get_groups_scripts_one_of_them() {
        let english = Languages::built_in().for_language("en");
        let tree = serde_json::to_value(english.tree()).unwrap();
        assert_eq!(tree["frame"]["skip"], "Skip to content");
        assert_eq!(tree["unit"]["page"], serde_json::json!({ "one": "page", "other": "pages" }));
        let group = serde_json::to_value(english.group("browser")).unwrap();
        assert_eq!(group["copy"], "Copy");
        assert!(group.get("skip").is_none());
    }
}
