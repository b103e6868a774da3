//! What scripts say in the browser: the texts of each language, as part of a script.
//!
//! Owns the place in `strings.js` where they are put, and what of the kinds of pages search has to name. Scripts choose
//! by `<html lang>`. In English what the index says is said as it is, so nothing is repeated for it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::published::Assets;
use crate::kinds::{Field, Kinds, Sort};
use crate::strings::{Languages, Strings, Tree};

/// The script that the texts are put into.
const SCRIPT: &str = "strings.js";
/// Where.
const PLACE: &str = "const TEXTS = {};";

/// What scripts know of one language.
#[derive(Serialize)]
struct Spoken<'a> {
    texts: Tree<'a>,
    /// What kinds of pages are called.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    kinds: BTreeMap<&'a str, &'a str>,
    /// Labels of fields that search filters by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'a str, &'a str>,
    /// Their values, by field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<&'a str, BTreeMap<&'a str, &'a str>>,
}

/// Puts the texts into the script, where the theme has it.
pub(super) fn speak(assets: &mut Assets, languages: &Languages, kinds: &Kinds) {
    let Some(script) = assets.get(SCRIPT) else { return };
    let Some((before, after)) = std::str::from_utf8(script).ok().and_then(|text| text.split_once(PLACE))
    else {
        return;
    };
    let spoken: BTreeMap<&str, Spoken<'_>> =
        languages.all().map(|strings| (&*strings.language, spoken(strings, kinds))).collect();
    let texts = serde_json::to_string(&spoken).expect("texts are plain data");
    // These end a line in old scripts.
    let texts = texts.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    let script = format!("{before}const TEXTS = {texts};{after}");
    assets.insert(SCRIPT.to_owned(), script.into_bytes().into());
}

fn spoken<'a>(strings: &'a Strings, kinds: &'a Kinds) -> Spoken<'a> {
    let language = &strings.language;
    let mut spoken = Spoken {
        texts: strings.group("browser"),
        kinds: BTreeMap::new(),
        fields: BTreeMap::new(),
        values: BTreeMap::new(),
    };
    let all = || kinds.all().map(|kind| (kind, kinds.wording(kind, language)));
    let titles = all().filter(|(kind, words)| words.title() != kind.title);
    spoken.kinds = titles.map(|(kind, words)| (&*kind.name, words.title())).collect();
    for (kind, words) in all() {
        for field in kind.fields.iter().chain(kinds.common.iter()).filter(|field| field.facet) {
            let label = words.label(&field.name, field);
            if label != field.label {
                spoken.fields.insert(&field.name, label);
            }
            let named = choices(field).map(|value| (value, words.value(&field.name, value)));
            let named: Vec<_> = named.filter(|(value, name)| value != name).collect();
            if !named.is_empty() {
                spoken.values.entry(&field.name).or_default().extend(named);
            }
        }
    }
    spoken
}

/// The values of a choice; other fields have none.
fn choices(field: &Field) -> impl Iterator<Item = &str> {
    let values = match &field.sort {
        Sort::Choice(values) => values.as_slice(),
        _ => &[],
    };
    values.iter().map(|(value, _)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_holds_each_language_and_names_for_other_ones_than_english() {
        let mut assets: Assets = [(SCRIPT.to_owned(), format!("a\n{PLACE}\nb").into_bytes().into())].into();
        speak(&mut assets, Languages::built_in(), Kinds::built_in());
        let script = String::from_utf8(assets[SCRIPT].to_vec()).unwrap();
        let json =
            script.strip_prefix("a\nconst TEXTS = ").and_then(|rest| rest.strip_suffix(";\nb")).unwrap();
        let spoken: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(spoken["de"]["texts"]["copy"], "Kopieren");
        assert_eq!(spoken["de"]["kinds"]["minutes"], "Protokoll");
        assert_eq!(spoken["de"]["fields"]["risk"], "Risiko");
        assert_eq!(spoken["de"]["values"]["risk"]["read-only"], "nur lesend");
        let english = spoken["en"].as_object().unwrap();
        assert_eq!(english.keys().collect::<Vec<_>>(), ["texts"]);
    }
}
