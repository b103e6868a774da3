//! The schemas for editors know the keys that the readers of the files know, and no others.
//!
//! A reader calls a key unknown or says something else of it, so it is asked about every word that may be a key. What the
//! schemas say of values is compared with the program in `tests/reports`, by validators that others wrote.

#![expect(clippy::disallowed_methods, reason = "reads the sources of the program")]

use std::collections::BTreeSet;
use std::path::Path;

use opsbook::diagnostic::Diagnostic;
use opsbook::kinds::Kinds;
use opsbook::path::FilePath;
use opsbook::schemas::FILE_SCHEMAS;
use opsbook::source::Source;
use serde_json::Value;

use crate::support::program::run;

/// A table in a file of a schema.
struct SchemaTable {
    schema: &'static str,
    /// The table in the schema.
    pointer: &'static str,
    /// The file up to the table. In TOML a line for each key follows.
    before: &'static str,
    /// The space before a key in YAML; in JSON what closes the file.
    rest: &'static str,
}

const fn table(
    schema: &'static str,
    pointer: &'static str,
    before: &'static str,
    rest: &'static str,
) -> SchemaTable {
    SchemaTable { schema, pointer, before, rest }
}

/// The tables beside those of `book.toml`.
const TABLES: &[SchemaTable] = &[
    table("book", "", "", ""),
    table("book", "/properties/allow/items", "[[allow]]\n", ""),
    table("calendar", "/properties/events/items/properties/repeat", REPEATED, "      "),
    table("controls", "", "", ""),
    table("controls", "/properties/areas/items", "[[areas]]\n", ""),
    table("controls", "/properties/controls/items", "[[controls]]\n", ""),
    table("health", "/else", "{\"lights\": []", "}"),
    table("health", "/else/properties/thresholds", "{\"lights\": [], \"thresholds\": {\"a\": 1", "}}"),
    table("health", "/else/properties/lights/items", "{\"lights\": [{\"a\": 1", "}]}"),
    table("health", "/else/properties/incidents/items", "{\"incidents\": [{\"a\": 1", "}]}"),
    table("kind", "", "", ""),
    table("kind", "/definitions/field", "[fields.x]\n", ""),
    // A choice and a date have keys of their own.
    table("kind", "/definitions/field/properties/computed/items", COMPUTED_CHOICE, ""),
    table("kind", "/definitions/field/properties/computed/items", COMPUTED_DATE, ""),
    table("kind", "/properties/lists/items", "[[lists]]\n", ""),
    table("kind", "/properties/sections/items", "[[sections]]\n", ""),
    table("kind", "/properties/translations/additionalProperties", "[translations.de]\n", ""),
    table("people", "", "x: 1\n", ""),
    table("people", "/properties/people/items", "people:\n  - x: 1\n", "    "),
    table("register", "", "", ""),
    table("register", "/properties/appointments", "[appointments]\n", ""),
    table("register", "/properties/entries", "[entries]\n", ""),
    table("register", "/properties/figures/items", "[[figures]]\n", ""),
    table("register", "/properties/translations/additionalProperties", "[translations.de]\n", ""),
];

const REPEATED: &str = "events:\n  - summary: A\n    begin: 2026-01-01\n    repeat:\n      x: 1\n";
const COMPUTED_CHOICE: &str = "[fields.x]\ntype = \"choice\"\nvalues = [\"a\"]\n[[fields.x.computed]]\n";
const COMPUTED_DATE: &str = "[fields.x]\ntype = \"date\"\n[[fields.x.computed]]\n";

fn schema(name: &str) -> Value {
    let found = FILE_SCHEMAS.iter().find(|schema| schema.name == name);
    found.expect("there is such a schema").to_json()
}

/// Words in the sources and in the schemas that may be keys.
fn possible_keys() -> BTreeSet<String> {
    let word = fancy_regex::Regex::new(r#""([a-z][a-z_]*)""#).unwrap();
    let mut words = BTreeSet::new();
    for folder in ["calendar", "config", "controls", "health", "kinds", "people.rs", "registers", "schemas"] {
        for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder)) {
            let path = entry.expect("the folder is there").into_path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(path).expect("the file is there");
                words.extend(word.captures_iter(&source).map(|found| found.unwrap()[1].to_owned()));
            }
        }
    }
    words
}

/// What the program says of a file of a schema.
fn problems(name: &str, text: &str) -> Vec<Diagnostic> {
    let path = match name {
        "book" => "book.toml",
        "calendar" => "data/calendar/a.yaml",
        "controls" => "data/controls/a.toml",
        "health" => "data/health/a.json",
        "kind" => "kinds/a.toml",
        "people" => "data/people.yaml",
        _ => "registers/a.toml",
    };
    let source = Source::new(FilePath::new(path).unwrap(), text);
    let mut found = Vec::new();
    match name {
        "book" => found = opsbook::config::parse(&source).1,
        "calendar" => drop(opsbook::calendar::read(&source, &mut found)),
        "controls" => drop(opsbook::controls::read(&source, &mut found)),
        "health" => drop(opsbook::health::read(&source, jiff::civil::date(2026, 11, 21), &mut found)),
        "kind" => found = Kinds::with(&[source], &[]).1,
        "people" => drop(opsbook::people::PeopleNames::read([&source], &mut found)),
        _ => found = opsbook::registers::FieldRegisters::with(&[source], Kinds::built_in()).1,
    }
    found
}

/// The keys that the reader knows in a table: those that it does not call unknown.
fn known_keys(table: &SchemaTable, possible: &BTreeSet<String>) -> BTreeSet<String> {
    let mut text = table.before.to_owned();
    // This key says that the file has the form of a status page.
    for key in possible.iter().filter(|key| *key != "components") {
        // No key is a table of this form, so each known one is reported, too, but as a wrong value.
        let row = match table.schema {
            "calendar" | "people" => format!("{}\"{key}\": {{wrong: {{wrong: 1}}}}\n", table.rest),
            "health" => format!(", \"{key}\": {{\"wrong\": {{\"wrong\": 1}}}}"),
            _ => format!("{key} = {{ wrong = {{ wrong = 1 }} }}\n"),
        };
        text.push_str(&row);
    }
    if table.schema == "health" {
        text.push_str(table.rest);
    }
    let found = problems(table.schema, &text);
    let unknown: BTreeSet<&str> = found
        .iter()
        .filter_map(|problem| problem.message.strip_prefix("unknown key `")?.split('`').next())
        .collect();
    assert!(!unknown.is_empty(), "{} {}: {found:?}", table.schema, table.pointer);
    let known = possible.iter().filter(|key| !unknown.contains(key.as_str()) && *key != "components");
    known.cloned().collect()
}

#[test]
fn schemas_know_the_keys_that_the_program_knows() {
    let possible = possible_keys();
    let book = schema("book");
    let names: Vec<&String> = book["properties"].as_object().unwrap().keys().collect();
    let of_settings = names.into_iter().filter(|name| !["rules", "allow"].contains(&name.as_str()));
    let of_settings = of_settings.map(|name| {
        let pointer = format!("/properties/{name}").leak();
        table("book", pointer, format!("[{name}]\n").leak(), "")
    });
    let mut count = 0;
    for table in of_settings.chain(TABLES.iter().map(|known| SchemaTable { ..*known })) {
        let schema = schema(table.schema);
        let found = schema.pointer(table.pointer).and_then(|schema| schema["properties"].as_object());
        let found = found.unwrap_or_else(|| panic!("{} {}", table.schema, table.pointer));
        let listed: BTreeSet<String> = found.keys().cloned().collect();
        let mut known = known_keys(&table, &possible);
        for other in
            TABLES.iter().filter(|other| (other.schema, other.pointer) == (table.schema, table.pointer))
        {
            known.extend(known_keys(other, &possible));
        }
        assert_eq!(listed, known, "{} {}", table.schema, table.pointer);
        count += listed.len();
    }
    assert!(count > 200, "{count} keys");
}

#[test]
fn schemas_are_renewed_and_what_editors_have_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path();
    for (path, text) in [
        ("book.toml", "[paths]\ndata = \"files\"\n"),
        ("content/_index.md", "# Home\n"),
        (".vscode/settings.json", "{}\n"),
        ("kinds/drill.toml", "title = \"Drill\"\n"),
    ] {
        std::fs::create_dir_all(book.join(path).parent().unwrap()).unwrap();
        std::fs::write(book.join(path), text).unwrap();
    }
    let first = run(book, &["schema", "--write"]);
    assert_eq!((first.code, first.err.as_str()), (0, ""), "{}", first.out);
    assert!(first.out.starts_with("Wrote 8 schemas to .schemas\nWrote .taplo.toml\n"), "{}", first.out);
    assert!(first.out.contains("Add to `.vscode/settings.json`:\n{\n"), "{}", first.out);
    assert!(
        first.out.ends_with("Add to the top of `book.toml`: `#:schema ./.schemas/book.json`\n"),
        "{}",
        first.out
    );
    let read = |path: &str| std::fs::read_to_string(book.join(path)).unwrap();
    assert!(read(".taplo.toml").contains("include = [\"files/controls/*.toml\"]"), "{}", read(".taplo.toml"));
    assert!(read(".schemas/front-matter.json").contains("\"drill\""), "the kinds of the handbook");
    assert_eq!(read(".vscode/settings.json"), "{}\n");

    std::fs::write(book.join(".schemas/people.json"), "{}").unwrap();
    std::fs::write(book.join("book.toml"), "#:schema ./.schemas/book.json\n[paths]\ndata = \"files\"\n")
        .unwrap();
    std::fs::write(
        book.join(".vscode/settings.json"),
        "{\"yaml.schemas\": {\"./.schemas/people.json\": []}}",
    )
    .unwrap();
    let again = run(book, &["schema", "--write"]);
    assert_eq!((again.code, again.out.as_str()), (0, "Wrote 1 schema to .schemas\n"), "{}", again.err);
    assert!(read(".schemas/people.json").contains("People and teams"));
    assert_eq!(run(book, &["check"]).out, "no problems in 1 page\n");
}
