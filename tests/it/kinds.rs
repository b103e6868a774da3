//! Kinds of pages as data: what follows from a definition holds for every built-in kind.
//!
//! New pages pass `check` once they are filled in, schemas take what `check` takes, and the guide's pages about kinds
//! say what the definitions say. `UPDATE=1 cargo test --test it kinds::` rewrites those pages.
#![expect(clippy::disallowed_methods, reason = "reads and rewrites pages of the guide")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::support::handbook::{Handbook, Look};
use crate::support::schema;
use opsbook::kinds::{Field, FieldType, Kind, Kinds, NewPage, Required};
use opsbook::path::FilePath;
use opsbook::source::Source;

fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 20)
}

fn draft(kinds: &Kinds, kind: &Kind, given: &BTreeMap<String, String>) -> String {
    // The examples of times are of another day.
    let has_day = kind.fields.iter().any(|field| field.day_of.is_some());
    let today = if has_day { "2026-12-03".parse().unwrap() } else { today() };
    kinds.new_page(kind, &NewPage { title: "A new page", kind: &kind.name, today, has_levels: false, given })
}

/// What `check` says of one page.
fn check(text: &str) -> Vec<String> {
    let pages = [("content/new.md", text), ("content/index.md", "# Home\n")];
    let files = pages.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let handbook = Handbook { files: files.into(), look: Look::Plain, today: today() };
    handbook.build().diagnostics
}

/// What is wrong with a page, but for sections that are still to be written, and fields that pages in other states than
/// that of a new page should have.
fn wrong(text: &str) -> Vec<String> {
    let rules = ["section.empty", "placeholder.left", "field.wanted"];
    let unwritten = |line: &String| rules.iter().any(|rule| line.contains(rule));
    check(text).into_iter().filter(|line| !unwritten(line)).collect()
}

/// Every way in which the conditions of a kind can hold: the values of the field that decides.
fn cases(kind: &Kind) -> Vec<BTreeMap<String, String>> {
    let conditions = kind.fields.iter().map(|field| &field.required);
    let conditions = conditions.chain(kind.sections.iter().map(|section| &section.required));
    let deciding = conditions.flat_map(|required| match required {
        Required::Where(parts) => parts.clone(),
        Required::Never | Required::Always => Vec::new(),
    });
    let mut cases = vec![BTreeMap::new()];
    for (name, values) in deciding {
        cases.extend(values.into_iter().map(|value| BTreeMap::from([(name.clone(), value)])));
    }
    cases.sort();
    cases.dedup();
    cases
}

/// The given values, and an example of every field that is needed then.
pub fn filled(kinds: &Kinds, kind: &Kind, mut given: BTreeMap<String, String>) -> BTreeMap<String, String> {
    loop {
        let draft = NewPage {
            title: "A new page",
            kind: &kind.name,
            today: today(),
            has_levels: false,
            given: &given,
        };
        let needed = kinds.still_needed(kind, &draft);
        let Some(field) = needed.first() else { return given };
        let example =
            field.sample().unwrap_or_else(|| panic!("`{}` is needed and has no example", field.name));
        given.insert(field.name.clone(), example);
    }
}

#[test]
fn the_weight_of_a_kind_in_the_search_is_part_of_its_definition() {
    let own = [
        ("drill", "search_weight = 1.3\n"),
        ("plan", "like = \"drill\"\n"),
        ("runbook", "help = \"Ours.\"\n"),
        ("page", "help = \"Ours.\"\n"),
    ];
    let own =
        own.map(|(name, text)| Source::new(FilePath::new(&format!("kinds/{name}.toml")).unwrap(), text));
    let (kinds, problems) = Kinds::with(&own, &[]);
    assert!(problems.is_empty(), "{problems:?}");
    let weights = ["drill", "plan", "runbook", "page"].map(|name| kinds.find(name).unwrap().0.search_percent);
    assert_eq!(weights, [130, 130, 115, 100]);
}

#[test]
fn a_new_page_says_what_is_missing_at_its_place_and_nothing_else() {
    let kinds = Kinds::built_in();
    for kind in kinds.all() {
        for given in cases(kind) {
            let text = draft(kinds, kind, &given);
            let page = NewPage {
                title: "A new page",
                kind: &kind.name,
                today: today(),
                has_levels: false,
                given: &given,
            };
            let needed = kinds.still_needed(kind, &page);
            let line = |field: &&Field| {
                let key = format!("{}:", field.name);
                let at = text.lines().position(|line| line == key);
                let at = at.unwrap_or_else(|| panic!("no line `{key}` in\n{text}"));
                (format!("content/new.md:{}:1: error[field.missing]:", at + 1), format!("`{}`", field.name))
            };
            let wanted: Vec<(String, String)> = needed.iter().map(line).collect();
            let problems = wrong(&text);
            assert_eq!(problems.len(), wanted.len(), "{} {given:?}\n{problems:#?}\n{text}", kind.name);
            for (place, name) in wanted {
                let holds = problems.iter().any(|line| line.starts_with(&place) && line.contains(&name));
                assert!(holds, "{place} {name} in {problems:#?}");
            }
        }
    }
}

#[test]
fn a_new_page_passes_once_it_is_filled_in() {
    let kinds = Kinds::built_in();
    for kind in kinds.all() {
        for given in cases(kind) {
            let text = draft(kinds, kind, &filled(kinds, kind, given));
            assert_eq!(wrong(&text), Vec::<String>::new(), "{text}");
        }
    }
}

#[test]
fn what_a_new_page_offers_in_comments_is_right_when_it_is_taken() {
    let kinds = Kinds::built_in();
    for kind in kinds.all() {
        // These need a page, a framework or a licence that the small handbook does not have.
        let lines = draft(kinds, kind, &filled(kinds, kind, BTreeMap::new()));
        let other = |line: &&str| !line.contains("controls: ") && !line.contains("control: ");
        let taken: Vec<&str> = lines
            .lines()
            .filter(other)
            .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with([' ', '#'])).unwrap_or(line))
            .collect();
        let problems = check(&taken.join("\n"));
        let wrong = ["front-matter.", "field.", "kind."];
        // No page has all fields of a kind where some are only for other states.
        let problems: Vec<&String> = problems
            .iter()
            .filter(|line| wrong.iter().any(|rule| line.contains(rule)) && !line.contains("field.forbidden"))
            .collect();
        assert!(problems.is_empty(), "{problems:#?}\n{}", taken.join("\n"));
    }
}

#[test]
fn every_field_and_section_is_explained() {
    let (kinds, problems) = Kinds::with(&[], &["person"]);
    assert!(problems.is_empty(), "{problems:?}");
    let explained = |field: &Field, place: &str| {
        assert!(field.help.ends_with('.'), "{place}.{}: `{}`", field.name, field.help);
        assert!(
            field.default.is_some() || field.sample().is_some() || is_map(field),
            "{place}.{}",
            field.name
        );
    };
    for kind in kinds.all() {
        assert!(kind.help.ends_with('.'), "{}", kind.name);
        for field in kind.fields.iter() {
            explained(field, &kind.name);
            if let FieldType::Record(inner) = &field.field_type {
                inner.iter().for_each(|inner| explained(inner, &format!("{}.{}", kind.name, field.name)));
            }
        }
        for section in &kind.sections {
            assert!(section.help.ends_with('.'), "{}: {}", kind.name, section.heading);
        }
    }
    kinds.common.iter().for_each(|field| explained(field, "common"));
}

fn is_map(field: &Field) -> bool {
    matches!(field.field_type, FieldType::Record(_) | FieldType::Map)
}

#[test]
fn a_schema_takes_what_check_takes() {
    let kinds = Kinds::built_in();
    for kind in kinds.all() {
        for given in cases(kind) {
            let given = filled(kinds, kind, given);
            let mut right = front_matter(&draft(kinds, kind, &given));
            right["kind"] = kind.name.as_str().into();
            // What is given as a condition, such as `controlled`, may be left out.
            let is_needed = |name: &&String| {
                kind.field(&kinds.common, name).is_some_and(|field| field.required != Required::Never)
            };
            let needed: Vec<&String> = given.keys().filter(is_needed).collect();
            takes(&kinds.schema(kind, &[]), &right, &needed);
            takes(&kinds.schema_of_all(&[]), &right, &needed);
        }
    }
}

/// A schema takes what is right, and refuses it without a needed field or with an unknown one.
fn takes(schema: &serde_json::Value, right: &serde_json::Value, needed: &[&String]) {
    let holds = |value: &serde_json::Value| schema::problems(schema, value).is_empty();
    assert!(holds(right), "{right:#} {:?}", schema::problems(schema, right));
    let mut wrong = right.clone();
    wrong["no_such_key"] = "x".into();
    assert!(!holds(&wrong), "{wrong:#}");
    for name in needed {
        let mut wrong = right.clone();
        wrong.as_object_mut().unwrap().remove(*name);
        assert!(!holds(&wrong), "without {name}: {wrong:#}");
    }
}

#[test]
fn a_schema_refuses_wrong_values() {
    let kinds = Kinds::built_in();
    let schema = |name: &str| kinds.schema(kinds.find(name).unwrap().0, &["extra_*".to_owned()]);
    let wrong = |name: &str, value: serde_json::Value| !schema::problems(&schema(name), &value).is_empty();
    let right = serde_json::json!({ "report_state": "preliminary", "next_update": "2026-11-21T09:00+01:00" });
    let with = |key: &str, value: serde_json::Value| {
        let mut changed = right.clone();
        changed[key] = value;
        changed
    };
    assert!(!wrong("rca", right.clone()));
    assert!(!wrong("rca", with("extra_key", true.into())));
    assert!(!wrong("rca", with("kind", "postmortem".into())));
    assert!(!wrong("rca", with("services", "one".into())));
    assert!(wrong("rca", with("kind", "runbook".into())));
    assert!(wrong("rca", with("severity", "SEV9".into())));
    assert!(wrong("rca", with("started", "2026-11-21".into())));
    assert!(wrong("rca", with("report_state", "final".into())));
    assert!(wrong("rca", with("actions", serde_json::json!([{ "owner": "Ops" }]))));
    assert!(wrong("rca", with("actions", serde_json::json!([{ "text": "x", "who": "Ops" }]))));
    assert!(!wrong("minutes", serde_json::json!({ "type": "slide", "slideOptions": { "a": 1 } })));
    assert!(wrong("page", serde_json::json!({ "type": "slide" })));
    assert!(wrong("page", serde_json::json!({ "review_every": "six months" })));
    let all = |value: serde_json::Value| schema::problems(&kinds.schema_of_all(&[]), &value).is_empty();
    assert!(all(serde_json::json!({ "group": "its kind comes from a folder", "reviewed": "2026-11-20" })));
    assert!(!all(serde_json::json!({ "reviewed": "yesterday" })));
}

#[test]
fn every_reference_in_the_schema_of_all_kinds_leads_to_a_schema() {
    let schema = Kinds::built_in().schema_of_all(&[]);
    let mut waiting = vec![&schema];
    let mut references = 0;
    while let Some(value) = waiting.pop() {
        match value {
            serde_json::Value::Object(parts) => {
                if let Some(serde_json::Value::String(reference)) = parts.get("$ref") {
                    let pointer = reference.strip_prefix('#').expect("it is in the same schema");
                    assert!(schema.pointer(pointer).is_some(), "{reference} leads nowhere");
                    references += 1;
                }
                waiting.extend(parts.values());
            }
            serde_json::Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    assert!(references > 100, "{references} references");
}

/// Front matter as an editor hands it to a schema.
fn front_matter(page: &str) -> serde_json::Value {
    let yaml = page.split("---\n").nth(1).expect("a new page has front matter");
    let mut value: serde_json::Value = serde_yaml::from_str(yaml).expect("it is YAML");
    value.as_object_mut().expect("it is a map").retain(|_, value| !value.is_null());
    value
}

#[test]
fn the_guide_says_what_the_definitions_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide/kinds");
    let kinds = Kinds::built_in();
    let mut pages: BTreeMap<String, String> =
        kinds.all().map(|kind| (format!("{}.md", kind.name), about(kinds, kind))).collect();
    pages.insert("common.md".to_owned(), about_all(kinds));
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(&folder).unwrap();
        pages.iter().for_each(|(name, text)| fs::write(folder.join(name), text).unwrap());
    }
    for (name, text) in &pages {
        let there = fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(there == *text, "{name} is out of date: run `UPDATE=1 cargo test --test it kinds::`");
    }
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let strange: Vec<String> = files.filter(|name| !pages.contains_key(name)).collect();
    assert!(strange.is_empty(), "{strange:?} are about no kind");
}

const MADE: &str =
    "<!-- Made from the definition by `UPDATE=1 cargo test --test it kinds::`; changes here are lost. -->";

fn about(kinds: &Kinds, kind: &Arc<Kind>) -> String {
    let more = "Every page may also have the [fields of all kinds](common.md). Headings are compared without case, \
                numbers and what stands in brackets.";
    head(&kind.title, &kind.help, 10)
        + &format!("`kind: {}`\n\n{}\n{more}\n", kind.name, kinds.reference(kind))
}

fn about_all(kinds: &Kinds) -> String {
    let help = "What every page may say, whatever its kind.";
    head("Fields of all kinds", help, 1)
        + &format!(
            "How they work is explained in [front matter](../front-matter.md).\n\n{}",
            kinds.common_reference()
        )
}

/// The front matter and the first paragraph, which both say what the kind is for.
fn head(title: &str, help: &str, weight: u8) -> String {
    let description = serde_json::to_string(help).unwrap();
    format!(
        "---\ntitle: {title}\ndescription: {description}\nkind: guide\nform: reference\nowner: Opsbook maintainers\ntags: [opsbook, writing]\nweight: {weight}\n---\n\n{MADE}\n\n{help}\n\n"
    )
}
