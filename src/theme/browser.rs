//! The texts of scripts in the browser: scripts with those of one language.
//!
//! Owns the scripts that hold texts: `page.LANGUAGE.js`, which every page loads, and `search-shared.LANGUAGE.js` with what
//! only search says and the names of kinds and fields that it needs. There is no name that the scripts of the theme find
//! without it: that of a kind whose title is its key with a capital letter, and that of a field whose label is the one in
//! the search index.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::kinds::{Field, FieldType, Kinds, capital};
use crate::scripts::{self, Assets};
use crate::strings::{Languages, MessageTree, Strings};

/// The script of every page. It brings the texts of all scripts but those of [`SEARCH`].
const PAGE: &str = "page.js";
/// The script of search, and those that run after it on the same page.
const SEARCH: [&str; 4] = ["search-shared.js", "search-box.js", "search-page.js", "not-found.js"];

/// Whether a script is published once for each language.
pub(super) fn is_in_languages(script: &str) -> bool {
    [PAGE, SEARCH[0]].contains(&script)
}

/// Texts by their keys.
type Messages<'a> = BTreeMap<&'a str, MessageTree<'a>>;

/// What search says in one language.
#[derive(Serialize)]
struct SearchTexts<'a> {
    texts: Messages<'a>,
    /// The titles of kinds of pages, where they are not the key with a capital letter.
    kinds: BTreeMap<&'a str, &'a str>,
    /// The labels of the fields that search filters by.
    fields: BTreeMap<&'a str, &'a str>,
    /// The labels of choices, by field and value, where they differ from the value.
    values: BTreeMap<&'a str, BTreeMap<&'a str, String>>,
}

/// Replaces the joined scripts that hold texts by one for each language. `is_loaded` returns whether a page loads a script
/// without a language, too.
pub(super) fn add_texts(
    assets: &mut Assets,
    languages: &Languages,
    kinds: &Kinds,
    is_loaded: &dyn Fn(&str) -> bool,
) {
    let texts: Vec<(String, Vec<u8>)> = {
        let scripts = ScriptTexts::new(assets);
        let script = |name| scripts.texts.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
        let mut made = Vec::new();
        for strings in languages.all() {
            let (search, page): (Messages<'_>, Messages<'_>) =
                strings.group("browser").into_iter().partition(|(key, _)| scripts.only_search_says(key));
            let language = &strings.language;
            if let Some(text) = script(PAGE) {
                let (language, page) = (json(language), json(&page));
                let texts = format!(
                    "var opsbookTexts = {{language:{language},texts:{page},kinds:{{}},fields:{{}},values:{{}}}};\n"
                );
                made.push((in_language(PAGE, &strings.language), with_texts(text, &texts)));
            }
            if let Some(text) = script(SEARCH[0]) {
                let search = json(&search_texts(search, strings, kinds));
                let texts = format!(
                    "for (const [part, words] of Object.entries({search})) Object.assign(opsbookTexts[part], words);\n"
                );
                made.push((in_language(SEARCH[0], language), with_texts(text, &texts)));
            }
        }
        made
    };
    assets.retain(|name, _| !is_in_languages(name) || is_loaded(name));
    assets.extend(texts.into_iter().map(|(name, text)| (name, text.into())));
}

/// The name of a script with the texts of a language: `page.de.js`.
fn in_language(script: &str, language: &str) -> String {
    format!("{}.{language}.js", script.trim_end_matches(".js"))
}

fn json(value: &impl Serialize) -> String {
    scripts::literal(&serde_json::to_string(value).expect("texts are plain data"))
}

/// A script with its texts. They come after the first lines of a joined script, which make it strict.
fn with_texts(script: &str, texts: &str) -> Vec<u8> {
    let head = scripts::head();
    let body = script.strip_prefix(&head).unwrap_or(script);
    [&head, texts, body].concat().into_bytes()
}

/// What scripts say: the words between quotation marks in each of them.
struct ScriptTexts<'a> {
    texts: Vec<(&'a str, &'a str)>,
    /// What scripts of search write in quotation marks, and what all others write so.
    search: HashSet<&'a str>,
    others: HashSet<&'a str>,
}

impl<'a> ScriptTexts<'a> {
    fn new(assets: &'a Assets) -> ScriptTexts<'a> {
        let mut scripts = ScriptTexts { texts: Vec::new(), search: HashSet::new(), others: HashSet::new() };
        for (name, bytes) in assets.iter().filter(|(name, _)| name.ends_with(".js")) {
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            scripts.texts.push((name.as_str(), text));
            let words =
                if SEARCH.contains(&name.as_str()) { &mut scripts.search } else { &mut scripts.others };
            // What stands between two quotation marks is a word, whether they open or close: a key is never missed.
            words.extend(text.split('"'));
        }
        scripts
    }

    /// Whether the key of a text is written in scripts of search and in no other.
    fn only_search_says(&self, key: &str) -> bool {
        self.search.contains(key) && !self.others.contains(key)
    }
}

fn search_texts<'a>(texts: Messages<'a>, strings: &'a Strings, kinds: &'a Kinds) -> SearchTexts<'a> {
    let language = &strings.language;
    let mut spoken =
        SearchTexts { texts, kinds: BTreeMap::new(), fields: BTreeMap::new(), values: BTreeMap::new() };
    for kind in kinds.all() {
        let words = kinds.wording(kind, language);
        // The index has the key of a kind, and no title.
        if words.title() != with_capital(&kind.name) {
            spoken.kinds.insert(&kind.name, words.title());
        }
        for field in kind.fields.iter().chain(kinds.common.iter()).filter(|field| field.facet) {
            let label = words.label(&field.name, field);
            if label != field.label {
                spoken.fields.insert(&field.name, label);
            }
            let named = choices(field).map(|value| (value, capital(words.value(&field.name, value))));
            let named: Vec<_> = named.filter(|(value, name)| value != name).collect();
            if !named.is_empty() {
                spoken.values.entry(&field.name).or_default().extend(named);
            }
        }
    }
    spoken
}

/// The title that scripts make of a kind's key.
fn with_capital(key: &str) -> String {
    let mut letters = key.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The values of a choice; other types of fields have none.
fn choices(field: &Field) -> impl Iterator<Item = &str> {
    let values = match &field.field_type {
        FieldType::Choice(values) => values.as_slice(),
        _ => &[],
    };
    values.iter().map(|(value, _)| value.as_str())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// A joined script.
    fn joined(body: &str) -> Arc<[u8]> {
        format!("{}{body}", scripts::head()).into_bytes().into()
    }

    /// The published scripts: `copy` is said on every page, `results` by search alone.
    fn scripts() -> BTreeMap<String, String> {
        let mut assets = Assets::new();
        for (name, body) in [
            ("page.js", "say(\"copy\");\n"),
            ("runbook.js", "say(\"log_copy\");\n"),
            ("search-shared.js", "say(\"found_none\");\n"),
            ("search-box.js", "say(\"copy\", \"results\");\n"),
        ] {
            assets.insert(name.to_owned(), joined(body));
        }
        add_texts(&mut assets, Languages::built_in(), Kinds::built_in(), &|_| false);
        let text = |bytes: Arc<[u8]>| String::from_utf8(bytes.to_vec()).unwrap();
        assets.into_iter().map(|(name, bytes)| (name, text(bytes))).collect()
    }

    /// What search says, from its script.
    fn of_search(language: &str) -> serde_json::Value {
        let script = scripts()[&in_language(SEARCH[0], language)].clone();
        let (_, rest) = script.split_once("Object.entries(").unwrap();
        serde_json::from_str(rest.split_once(")) Object.assign").unwrap().0).unwrap()
    }

    #[test]
    fn scripts_with_texts_are_published_once_for_each_language() {
        let scripts = scripts();
        let names: Vec<&str> = scripts.keys().map(String::as_str).collect();
        let page = ["page.de.js", "page.en.js", "runbook.js", "search-box.js"];
        assert_eq!(names, [&page[..], &["search-shared.de.js", "search-shared.en.js"]].concat());
        let german = &scripts["page.de.js"];
        assert!(german.starts_with(&format!("{}var opsbookTexts = {{language:\"de\",", scripts::head())));
        assert!(german.ends_with("say(\"copy\");\n"), "{german}");
    }

    #[test]
    fn what_only_search_says_is_not_on_every_page() {
        let page = &scripts()["page.en.js"];
        for (key, is_there) in [("copy", true), ("log_copy", true), ("results", false), ("found_none", false)]
        {
            assert_eq!(page.contains(&format!("\"{key}\":")), is_there, "{key}");
            assert_eq!(of_search("en")["texts"].get(key).is_some(), !is_there, "{key}");
        }
    }

    #[test]
    fn search_has_the_names_that_keys_do_not_say() {
        let german = of_search("de");
        assert_eq!(german["kinds"]["minutes"], "Protokoll");
        assert_eq!(german["fields"]["risk"], "Risiko");
        assert_eq!(german["values"]["risk"]["read-only"], "Nur lesend");
        let english = of_search("en");
        assert_eq!(english["fields"], serde_json::json!({}));
        assert_eq!(english["kinds"]["known-error"], "Known error");
        assert_eq!(english["kinds"]["faq"], "Questions and answers");
        assert_eq!(english["kinds"].get("runbook"), None, "a script makes it from the key");
        assert_eq!(english["values"]["layer"]["iaas"], "IaaS");
        assert_eq!(english["values"]["severity"].get("SEV1"), None, "it is written like that");
    }
}
