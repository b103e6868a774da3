//! Reads files `strings/LANGUAGE.toml` into complete sets of texts.
//!
//! Owns the checks: every key and placeholder must be one that the English texts have. Texts that a language lacks
//! are taken from English, so that a set is always complete.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{ENGLISH, Languages, MessageText, Strings};
use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{self, FieldEntry, Value, describe};
use crate::memo::Digest;
use crate::rules::{THEME_STRINGS, THEME_STRINGS_MISSING};
use crate::source::{Source, Span};

/// The most missing keys that one message names.
const MOST_NAMED: usize = 5;

/// Texts by key.
type WrittenTexts = BTreeMap<String, MessageText>;

/// Reads all files. A file of `own` replaces built-in texts or adds a language.
pub(super) fn all(built_in: &[Source], own: &[Source]) -> (Languages, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let read = |source: &Source, problems: &mut Vec<Diagnostic>| {
        let texts =
            WrittenText::all_of(source, problems).into_iter().map(|written| (written.key, written.text));
        (source.path.stem().to_owned(), texts.collect::<WrittenTexts>())
    };
    let mut languages: BTreeMap<String, WrittenTexts> =
        built_in.iter().map(|source| read(source, &mut problems)).collect();
    // The built-in English texts define which keys and placeholders there are.
    let english = languages.get(ENGLISH).cloned().unwrap_or_default();
    for source in own {
        add(source, &english, &mut languages, &mut problems);
    }
    // The handbook's own English texts count here, so that they also replace missing texts of other languages.
    let fallback = languages.get(ENGLISH).cloned().unwrap_or_default();
    let complete = |(language, mut texts): (String, WrittenTexts)| {
        for (key, text) in &fallback {
            texts.entry(key.clone()).or_insert_with(|| text.clone());
        }
        (language.to_ascii_lowercase(), Arc::new(Strings { language, texts }))
    };
    let known: BTreeMap<String, Arc<Strings>> = languages.into_iter().map(complete).collect();
    let digest = Digest::of_value(&known);
    (Languages { known, digest }, problems)
}

/// Adds a handbook's own file.
fn add(
    source: &Source,
    english: &WrittenTexts,
    languages: &mut BTreeMap<String, WrittenTexts>,
    problems: &mut Vec<Diagnostic>,
) {
    let language = source.path.stem();
    if !is_tag(language) {
        let message = format!("`{language}` is not a language, so no page will be shown with these texts");
        let problem = Diagnostic::new(&THEME_STRINGS, Span::start_of(&source.path), message);
        problems.push(problem.help("name the file after the language of the pages: `fr.toml`, `pt-BR.toml`"));
        return;
    }
    let mut texts = WrittenTexts::new();
    for written in WrittenText::all_of(source, problems) {
        match written.checked(source, english) {
            Ok((key, text)) => _ = texts.insert(key, text),
            Err(problem) => problems.push(*problem),
        }
    }
    let known = languages.keys().find(|known| known.eq_ignore_ascii_case(language)).cloned();
    // Only a new language can lack texts: a known one has them all already.
    match known.and_then(|known| languages.get_mut(&known)) {
        Some(known) => known.extend(texts),
        None => {
            problems.extend(missing(source, english, &texts));
            languages.insert(language.to_owned(), texts);
        }
    }
}

/// The problem of a new language that lacks texts.
fn missing(source: &Source, english: &WrittenTexts, texts: &WrittenTexts) -> Option<Diagnostic> {
    let lacking: Vec<&str> =
        english.keys().filter(|key| !texts.contains_key(*key)).map(String::as_str).collect();
    if lacking.is_empty() {
        return None;
    }
    let named = lacking.iter().take(MOST_NAMED).map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let rest = lacking.len().saturating_sub(MOST_NAMED);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let message = format!("English stands in for texts that are missing: {named}{rest}");
    let problem = Diagnostic::new(&THEME_STRINGS_MISSING, Span::start_of(&source.path), message);
    Some(problem.help("`themes/default/strings/en.toml` in Opsbook's repository holds all of them"))
}

/// Whether a text looks like a BCP 47 tag.
fn is_tag(text: &str) -> bool {
    let sound = |part: &str| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
    let primary = text.split('-').next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.chars().all(|c| c.is_ascii_alphabetic())
        && text.split('-').all(sound)
}

/// A text as it is written in a file.
struct WrittenText {
    key: String,
    at: Range<usize>,
    text: MessageText,
}

impl WrittenText {
    /// The texts of a file.
    fn all_of(source: &Source, problems: &mut Vec<Diagnostic>) -> Vec<WrittenText> {
        let fields = fields::toml::read(source, &THEME_STRINGS, problems);
        let mut collector = TextCollector { source, texts: Vec::new(), problems };
        for field in fields {
            collector.add(field.key.clone(), field);
        }
        collector.texts
    }

    /// The key and the text, if English has a text with that key, in that form and with these placeholders.
    fn checked(
        self,
        source: &Source,
        english: &WrittenTexts,
    ) -> Result<(String, MessageText), Box<Diagnostic>> {
        let WrittenText { key, at, text } = self;
        let problem =
            |message: String| Diagnostic::new(&THEME_STRINGS, Span::new(&source.path, at.clone()), message);
        let Some(meant) = english.get(&key) else {
            let near = nearest(&key, english.keys().map(String::as_str));
            let near = near.map(|near| format!("did you mean `{near}`?"));
            let problem = problem(format!("there is no text `{key}`"));
            return Err(Box::new(near.into_iter().fold(problem, Diagnostic::help)));
        };
        let text = match (meant, text) {
            (MessageText::Plain(_), MessageText::Counted { .. }) => {
                return Err(Box::new(problem(format!(
                    "`{key}` does not depend on a number: write one text"
                ))));
            }
            // A language in which the number changes nothing has one form.
            (MessageText::Counted { .. }, MessageText::Plain(text)) => {
                MessageText::Counted { one: text.clone(), other: text }
            }
            (_, text) => text,
        };
        let known = meant.placeholders();
        let stray = text.placeholders().into_iter().find(|name| !known.contains(name)).map(str::to_owned);
        match stray {
            Some(name) => {
                let problem = problem(format!("nothing is filled in for `{{{name}}}` in `{key}`"));
                let near = nearest(&name, known.iter().copied());
                let near = near.map(|near| format!("did you mean `{{{near}}}`?"));
                Err(Box::new(near.into_iter().fold(problem, Diagnostic::help)))
            }
            None => Ok((key, text)),
        }
    }
}

/// Collects the texts of one file, whose tables may contain tables.
struct TextCollector<'a> {
    source: &'a Source,
    texts: Vec<WrittenText>,
    problems: &'a mut Vec<Diagnostic>,
}

impl TextCollector<'_> {
    /// Adds the text of a field, or the texts of the fields in it. `key` has the keys of the fields around it: `a.b`.
    fn add(&mut self, key: String, field: FieldEntry) {
        let at = field.at;
        match field.value {
            Value::Text(text) => self.texts.push(WrittenText { key, at, text: MessageText::Plain(text) }),
            Value::Map(parts) => match forms(&parts) {
                Some(text) => self.texts.push(WrittenText { key, at, text }),
                None => {
                    for part in parts {
                        self.add(format!("{key}.{}", part.key), part);
                    }
                }
            },
            value => {
                let message = format!("`{key}` must be a text, not {}", describe(&value));
                let span = Span::new(&self.source.path, at);
                self.problems.push(Diagnostic::new(&THEME_STRINGS, span, message));
            }
        }
    }
}

/// The forms of a text that depends on a number: `one` and `other`, and nothing else.
fn forms(parts: &[FieldEntry]) -> Option<MessageText> {
    let form = |name: &str| match &parts.iter().find(|part| part.key == name)?.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    match parts {
        [_, _] => Some(MessageText::Counted { one: form("one")?, other: form("other")? }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    fn with(path: &str, text: &str) -> (Arc<Languages>, Vec<String>) {
        let source = Source::new(FilePath::new(path).unwrap(), text);
        let (languages, problems) = Languages::with(&[source]);
        let said = |problem: &Diagnostic| {
            let help = problem.help.as_deref().map_or(String::new(), |help| format!(" ({help})"));
            format!("{} {}{help}", problem.span.start, problem.message)
        };
        (languages, problems.iter().map(said).collect())
    }

    #[test]
    fn a_handbooks_file_replaces_single_texts() {
        let text = "[frame]\nregisters = \"Übersichten\"\n[unit]\npage = \"Blatt\"\n";
        let (languages, problems) = with("theme/strings/de.toml", text);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(languages.for_language("de").say("frame.registers"), "Übersichten");
        assert_eq!(languages.for_language("de").unit("unit.page", 1), "Blatt");
        assert_eq!(languages.for_language("de").say("frame.skip"), "Zum Inhalt springen");
        assert_eq!(languages.for_language("en").say("frame.registers"), "Registers");
        assert_ne!(languages.digest, Languages::built_in().digest);
    }

    #[test]
    fn a_new_language_is_completed_from_english() {
        let (languages, problems) = with("theme/strings/fr.toml", "[frame]\nskip = \"Aller au contenu\"\n");
        assert_eq!(languages.for_language("fr-CA").say("frame.skip"), "Aller au contenu");
        assert_eq!(languages.for_language("fr").say("frame.menu"), "Menu");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with("0 English stands in for texts that are missing: `action.doing`, "));
    }

    #[test]
    fn what_cannot_be_meant_is_reported_at_its_place() {
        let text =
            "[frame]\nskp = \"a\"\nmore_in = \"{cont}\"\npages = { one = \"a\", other = \"b\" }\nmenu = 1\n";
        let (languages, problems) = with("theme/strings/de.toml", text);
        assert_eq!(
            problems,
            [
                "72 `frame.menu` must be a text, not `1`",
                "8 there is no text `frame.skp` (did you mean `frame.skip`?)",
                "18 nothing is filled in for `{cont}` in `frame.more_in` (did you mean `{count}`?)",
                "37 `frame.pages` does not depend on a number: write one text",
            ]
        );
        assert_eq!(
            *languages.for_language("de"),
            *Languages::built_in().for_language("de"),
            "what is wrong changes nothing"
        );
        let (_, problems) = with("theme/strings/german.toml", "");
        assert!(problems[0].contains("`german` is not a language"), "{problems:?}");
    }
}
