//! The texts of scripts in the browser: one script for each language.
//!
//! Owns these scripts, `strings.LANGUAGE.js`, and the names of kinds and fields that search needs. A page loads the
//! script of its language. It has no name that the scripts of the theme find without it: that of a kind whose title is
//! its key with a capital letter, and that of a field whose label is the one in the search index.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kinds::{Field, FieldType, Kinds, capital};
use crate::scripts::{self, Assets};
use crate::strings::{Languages, MessageTree, Strings};

/// The name of the asset with the texts of a language.
fn asset(language: &str) -> String {
    format!("strings.{language}.js")
}

/// The data of one language for scripts.
#[derive(Serialize)]
struct BrowserTexts<'a> {
    language: &'a str,
    texts: MessageTree<'a>,
    /// The titles of kinds of pages, where they are not the key with a capital letter.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    kinds: BTreeMap<&'a str, &'a str>,
    /// The labels of the fields that search filters by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'a str, &'a str>,
    /// The labels of choices, by field and value, where they differ from the value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<&'a str, BTreeMap<&'a str, String>>,
}

/// Adds one script for each language.
pub(super) fn add_scripts(assets: &mut Assets, languages: &Languages, kinds: &Kinds) {
    for strings in languages.all() {
        let texts = serde_json::to_string(&browser_texts(strings, kinds)).expect("texts are plain data");
        // `var` makes an own property of the window, so that no element's id can replace it.
        let script = format!("var opsbookTexts = {};\n", scripts::literal(&texts));
        assets.insert(asset(&strings.language), script.into_bytes().into());
    }
}

fn browser_texts<'a>(strings: &'a Strings, kinds: &'a Kinds) -> BrowserTexts<'a> {
    let language = &strings.language;
    let mut spoken = BrowserTexts {
        language,
        texts: strings.group("browser"),
        kinds: BTreeMap::new(),
        fields: BTreeMap::new(),
        values: BTreeMap::new(),
    };
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
    use super::*;

    fn of(language: &str) -> serde_json::Value {
        let mut assets = Assets::new();
        add_scripts(&mut assets, Languages::built_in(), Kinds::built_in());
        let script = String::from_utf8(assets[&asset(language)].to_vec()).unwrap();
        let json = script.strip_prefix("var opsbookTexts = ").and_then(|rest| rest.strip_suffix(";\n"));
        serde_json::from_str(json.unwrap()).unwrap()
    }

    #[test]
    fn each_language_has_a_script_with_the_names_that_keys_do_not_say() {
        let german = of("de");
        assert_eq!(german["language"], "de");
        assert_eq!(german["texts"]["copy"], "Kopieren");
        assert_eq!(german["kinds"]["minutes"], "Protokoll");
        assert_eq!(german["fields"]["risk"], "Risiko");
        assert_eq!(german["values"]["risk"]["read-only"], "Nur lesend");
        let english = of("en");
        let keys: Vec<&String> = english.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["language", "texts", "kinds", "values"]);
        assert_eq!(english["kinds"]["known-error"], "Known error");
        assert_eq!(english["kinds"]["faq"], "Questions and answers");
        assert_eq!(english["kinds"].get("runbook"), None, "a script makes it from the key");
        assert_eq!(english["values"]["layer"]["iaas"], "IaaS");
        assert_eq!(english["values"]["severity"].get("SEV1"), None, "it is written like that");
    }
}
