//! The texts of scripts in the browser: one script for each language.
//!
//! Owns these scripts, `strings.LANGUAGE.js`, and the names of kinds and fields that search needs. A page loads the
//! script of its language. In English, kinds and fields have the names that are in the search index, so the script
//! does not repeat them.

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
    /// The titles of kinds of pages.
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
    // The index has the names in the definitions, so only names that differ from them are written.
    let all = || kinds.all().map(|kind| (kind, kinds.wording(kind, language)));
    let titles = all().filter(|(kind, words)| words.title() != kind.title);
    spoken.kinds = titles.map(|(kind, words)| (&*kind.name, words.title())).collect();
    for (kind, words) in all() {
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
    fn each_language_has_a_script_with_names_for_others_than_english() {
        let german = of("de");
        assert_eq!(german["language"], "de");
        assert_eq!(german["texts"]["copy"], "Kopieren");
        assert_eq!(german["kinds"]["minutes"], "Protokoll");
        assert_eq!(german["fields"]["risk"], "Risiko");
        assert_eq!(german["values"]["risk"]["read-only"], "Nur lesend");
        let english = of("en");
        let keys: Vec<&String> = english.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["language", "texts", "values"]);
        assert_eq!(english["values"]["layer"]["iaas"], "IaaS");
        assert_eq!(english["values"]["severity"].get("SEV1"), None, "it is written like that");
    }
}
