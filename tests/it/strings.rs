//! No text for readers stands in the program: all of them lie in `themes/default/strings/`, in every language.
//!
//! Owns the search for texts that are missing, unused, or written into a template, a script or a view. It reads the
//! files as text, with a few patterns that know what a sentence looks like; what is none is listed here by name.
#![expect(clippy::disallowed_methods, reason = "reads the repository's own files")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fancy_regex::Regex;
use opsbook::kinds::{Field, FieldType, Kinds};

const THEME: &str = "themes/default";

/// Words in templates that every language writes alike.
const SAME_EVERYWHERE: &[&str] = &["404", "CVSS", "kind:runbook", "#", "·", "/"];

/// Names in scripts that look like words for readers: keys, methods and types of the browser.
const NAMES_IN_SCRIPTS: &[&str] = &["ArrowDown", "ArrowUp", "Enter", "Escape", "Esc", "GET"];

/// What in views is no text for readers: a name, part of one, a form of dates, part of a key.
const NAMES_IN_VIEWS: &[&str] = &["IaaS", "LicenseRef-", "%Y-%m-%d %H:%M UTC", "not found"];

/// Texts by key; of a text with forms the placeholders of both.
type Texts = BTreeMap<String, BTreeSet<String>>;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there")
}

/// Every file in a folder whose name ends so, with its text.
fn files(folder: &str, end: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let walk = walkdir::WalkDir::new(root.join(folder)).sort_by_file_name().into_iter().map(Result::unwrap);
    let path =
        |entry: walkdir::DirEntry| entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    let found = walk.filter(|entry| entry.file_type().is_file()).map(path).filter(|path| path.ends_with(end));
    found.map(|path| (path.clone(), read(&path))).collect()
}

/// Every match of a pattern's first group, with the line that it stands in.
fn matches(pattern: &str, text: &str) -> Vec<(usize, String)> {
    let pattern = Regex::new(pattern).unwrap();
    let found = pattern.captures_iter(text).map(Result::unwrap).filter_map(|captures| {
        let found = captures.get(1)?;
        Some((1 + text[..found.start()].matches('\n').count(), found.as_str().to_owned()))
    });
    found.collect()
}

fn texts(language: &str) -> Texts {
    let table: toml::Table = read(&format!("{THEME}/strings/{language}.toml")).parse().unwrap();
    let mut texts = Texts::new();
    gather(&mut texts, "", &table);
    texts
}

fn gather(texts: &mut Texts, around: &str, table: &toml::Table) {
    let holes = |text: &str| matches(r"\{([a-z_]+)\}", text).into_iter().map(|(_, name)| name).collect();
    for (name, value) in table {
        let key = if around.is_empty() { name.clone() } else { format!("{around}.{name}") };
        match value {
            toml::Value::String(text) => _ = texts.insert(key, holes(text)),
            toml::Value::Table(forms) if forms.keys().eq(["one", "other"]) => {
                _ = texts.insert(key, holes(&value.to_string()));
            }
            toml::Value::Table(inner) => gather(texts, &key, inner),
            other => panic!("{key} is {other}"),
        }
    }
}

/// Rust without its comments and without what follows the first test.
fn program() -> Vec<(String, String)> {
    let code = |text: &str| {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let comment = |line: &&str| !line.trim_start().starts_with("//");
        text.lines().filter(comment).collect::<Vec<_>>().join("\n")
    };
    files("src", ".rs").into_iter().map(|(path, text)| (path, code(&text))).collect()
}

/// A script without comments.
fn scripts() -> Vec<(String, String)> {
    let comments = Regex::new(r"(?m)^\s*(//|/\*\*|\*).*$|\s// .*$").unwrap();
    let files = files(&format!("{THEME}/assets"), ".js").into_iter();
    files.map(|(path, text)| (path, comments.replace_all(&text, "").into_owned())).collect()
}

/// Every key that a template, the program or a script names, with the places. A name that ends with `.` stands for a
/// group from which a word is chosen.
fn named() -> BTreeMap<String, Vec<String>> {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add =
        |key: String, path: &str, line: usize| named.entry(key).or_default().push(format!("{path}:{line}"));
    for (path, text) in files(&format!("{THEME}/templates"), ".html") {
        for (line, key) in matches(r"\bt\.([a-z_]+(?:\.[a-z_]+)+)", &text) {
            add(key, &path, line);
        }
    }
    let groups: BTreeSet<String> =
        texts("en").keys().map(|key| key.split('.').next().unwrap().to_owned()).collect();
    let group = |key: &str| groups.contains(key.split('.').next().unwrap_or_default());
    // Names of files, rules and domains look like keys.
    let ends = [".html", ".js", ".json", ".csv", ".ics", ".svg", ".toml", ".arpa"];
    let looks_like_key = |key: &str| ends.iter().any(|end| key.ends_with(end));
    for (path, text) in program().into_iter().filter(|(path, _)| path != "src/rules.rs") {
        for (line, key) in matches(r#"(?<!\.value\()"([a-z_]+\.[a-z_]+)""#, &text) {
            if group(&key) && !looks_like_key(&key) {
                add(key, &path, line);
            }
        }
        for (line, key) in matches(r#"\bword\("([a-z_]+)""#, &text) {
            add(format!("{key}."), &path, line);
        }
    }
    for (path, text) in scripts() {
        let said = matches(r#"\bsay\(("[^)]*)\)"#, &text).into_iter();
        let said = said
            .chain(matches(r#"\bsay\([a-z]+ \? ([^)]*)\)"#, &text))
            .chain(matches(r#": ("[a-z]+_[a-z_]+")"#, &text));
        let said = said.chain(matches(r#"\? ("[a-z]+_[a-z_]+")"#, &text));
        for (line, keys) in said {
            for (_, key) in matches(r#""([a-z_]+)""#, &keys) {
                add(format!("browser.{key}"), &path, line);
            }
        }
    }
    named
}

#[test]
fn every_language_has_every_text_with_its_placeholders() {
    let (english, german) = (texts("en"), texts("de"));
    assert_eq!(english.keys().collect::<Vec<_>>(), german.keys().collect::<Vec<_>>());
    for (key, holes) in &english {
        assert_eq!(holes, &german[key], "{key}");
    }
}

#[test]
fn every_text_that_is_named_is_there() {
    let english = texts("en");
    let there = |key: &str| {
        let group = key.ends_with('.') && english.keys().any(|known| known.starts_with(key));
        group || english.contains_key(key)
    };
    let missing: Vec<_> = named().into_iter().filter(|(key, _)| !there(key)).collect();
    assert!(missing.is_empty(), "no such texts: {missing:#?}");
}

#[test]
fn every_text_is_used() {
    let named = named();
    let used = |key: &String| {
        let group = key.split_once('.').map(|(group, _)| format!("{group}.")).unwrap();
        named.contains_key(key) || named.contains_key(&group)
    };
    let unused: Vec<String> = texts("en").into_keys().filter(|key| !used(key)).collect();
    assert!(unused.is_empty(), "nothing names {unused:#?}");
}

#[test]
fn templates_hold_no_text() {
    let mut found = Vec::new();
    for (path, text) in files(&format!("{THEME}/templates"), ".html") {
        let code = Regex::new(r#"(?s)\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}| class="[^"]*""#).unwrap();
        // What the engine does leaves a sign that is no word; line ends stay.
        let bare = code.replace_all(&text, |found: &fancy_regex::Captures<'_>| {
            "\u{1}".to_owned() + &"\n".repeat(found[0].matches('\n').count())
        });
        let said = r#"(?:aria-label|aria-description|title|placeholder|alt|label)="([^"]*)""#;
        let attributes = matches(said, &bare);
        let components = matches(r#"\{\{[^}]*<[^}]*="([^"]+)"[^}]*\}\}"#, &text);
        let between =
            Regex::new(r"(?s)<[^>]*>").unwrap().replace_all(&bare, |found: &fancy_regex::Captures<'_>| {
                "\u{1}".to_owned() + &"\n".repeat(found[0].matches('\n').count())
            });
        let words = matches("([^\u{1}\n]+)", &between);
        for (line, text) in attributes.into_iter().chain(components).chain(words) {
            let bare = SAME_EVERYWHERE.iter().fold(text.clone(), |text, same| text.replace(same, ""));
            if bare.chars().any(char::is_alphabetic) {
                found.push(format!("{path}:{line}: {text}"));
            }
        }
    }
    assert!(found.is_empty(), "put these into strings/en.toml and de.toml:\n{}", found.join("\n"));
}

/// What a sentence or a label looks like: a word with a capital, or two words.
const SENTENCE: &str = r"(^|[^\w.-])[A-Z][a-z]+|[a-z]{2,},? [a-z]{2,}";

#[test]
fn scripts_hold_no_text() {
    let (sentence, classes) = (
        Regex::new(SENTENCE).unwrap(),
        Regex::new(r"^[\s,.:>#\[\]=*()]*((ob|c)-[\w-]+[\s,.:>]*)+$").unwrap(),
    );
    let mut found = Vec::new();
    let selectors = Regex::new(r#"(matches|closest|querySelector(All)?)\("[^"]*"\)"#).unwrap();
    for (path, text) in scripts() {
        let text = selectors.replace_all(&text, "");
        let quoted = matches(r#""((?:[^"\\\n]|\\.)*)""#, &text).into_iter();
        let templates = matches(r"`((?:[^`\\]|\\.)*)`", &text).into_iter();
        for (line, literal) in quoted.chain(templates) {
            let bare = Regex::new(r"\$\{[^}]*\}").unwrap().replace_all(&literal, " ").into_owned();
            let code = bare.contains("./")
                || bare.starts_with(['(', '['])
                || bare.contains("::")
                || NAMES_IN_SCRIPTS.contains(&&*bare);
            let error = text.contains(&format!("new Error(\"{literal}\")"));
            if sentence.is_match(&bare).unwrap() && !code && !error && !classes.is_match(&bare).unwrap() {
                found.push(format!("{path}:{line}: {literal}"));
            }
        }
    }
    assert!(found.is_empty(), "put these into strings/en.toml and de.toml:\n{}", found.join("\n"));
}

#[test]
fn views_hold_no_text() {
    let sentence = Regex::new(SENTENCE).unwrap();
    let mut found = Vec::new();
    for (path, text) in program().into_iter().filter(|(path, _)| path.starts_with("src/view/")) {
        for (line, literal) in matches(r#""((?:[^"\\\n]|\\.)*)""#, &text) {
            // What the program's own failures say is for programmers.
            let expect = text.contains(&format!("expect(\"{literal}\")"));
            if sentence.is_match(&literal).unwrap() && !expect && !NAMES_IN_VIEWS.contains(&&*literal) {
                found.push(format!("{path} (line {line} without comments): {literal}"));
            }
        }
    }
    assert!(found.is_empty(), "put these into strings/en.toml and de.toml:\n{}", found.join("\n"));
}

/// The built-in kinds say in German whatever readers see of them.
#[test]
fn kinds_speak_german() {
    let kinds = Kinds::built_in();
    let seen = |field: &&Field| field.shown || field.facet;
    let mut missing = Vec::new();
    for kind in kinds.all() {
        let words = kind.words.get("de").expect("every kind has German words");
        assert!(words.title.is_some() && words.plural.is_some() && words.help.is_some(), "{}", kind.name);
        assert!(kind.linked_as.is_none() || words.linked_as.is_some(), "{}", kind.name);
        let wording = kinds.wording(kind, "de");
        for field in kind.fields.iter().chain(kinds.common.iter()).filter(seen) {
            let labels = [Some(words), kinds.common_words.get("de")];
            if !labels.iter().flatten().any(|words| words.labels.contains_key(&field.name)) {
                missing.push(format!("{}: {}", kind.name, field.name));
            }
            if let FieldType::Record(inner) = &field.field_type
                && !field.lead
            {
                let path = |inner: &&Field| format!("{}.{}", field.name, inner.name);
                let columns = inner.iter().filter(|inner| inner.shown);
                let dumb = |path: &String| !words.labels.contains_key(path);
                missing.extend(
                    columns
                        .map(|inner| path(&inner))
                        .filter(dumb)
                        .map(|path| format!("{}: {path}", kind.name)),
                );
            }
            if field.empty.is_some() && !words.empty.contains_key(&field.name) {
                missing.push(format!("{}: {}: empty", kind.name, field.name));
            }
            let FieldType::Choice(choices) = &field.field_type else { continue };
            let dumb =
                |value: &&String| !value.starts_with("SEV") && wording.value(&field.name, value) == *value;
            let values = choices.iter().map(|(value, _)| value);
            missing.extend(values.filter(dumb).map(|value| format!("{}: {} {value}", kind.name, field.name)));
            let unexplained = choices
                .iter()
                .filter(|(value, help)| !help.is_empty() && wording.meaning(&field.name, value).is_none());
            missing
                .extend(unexplained.map(|(value, _)| format!("{}: {} {value}: help", kind.name, field.name)));
        }
    }
    missing.dedup();
    assert!(missing.is_empty(), "without German words: {missing:#?}");
}
