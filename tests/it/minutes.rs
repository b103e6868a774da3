//! Minutes as people write them: what is found in made-up notes that hold every form of real ones.
//!
//! `tests/minutes` holds the notes and, beside them, what somebody who reads them would put on the lists. Nothing else
//! may be found, and of the action items at least 95 of 100.
#![expect(clippy::disallowed_methods, reason = "reads the notes")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::handbook::{Built, Handbook, Look};
use crate::support::random::Random;
use serde_json::Value;

/// The least share of action items that must be found, in percent.
const LEAST: usize = 95;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/minutes")
}

/// A handbook with all notes in `minutes/`, which are minutes by their folder.
fn notes() -> Built {
    let cascade = "---\ncascade: {kind: minutes}\n---\n# Minutes\n";
    let mut files = BTreeMap::from([
        ("book.toml".to_owned(), b"[book]\ntitle = \"H\"\nbase_url = \"https://h.example/\"\n".to_vec()),
        ("content/_index.md".to_owned(), b"# Home\n".to_vec()),
        ("content/minutes/identity/logins.png".to_owned(), b"\x89PNG\r\n\x1a\n".to_vec()),
        ("content/minutes/_index.md".to_owned(), cascade.as_bytes().to_vec()),
    ]);
    for entry in walkdir::WalkDir::new(folder()).into_iter().map(Result::unwrap) {
        let path = entry.path().strip_prefix(folder()).unwrap().to_str().unwrap().to_owned();
        if path.ends_with(".md") {
            files.insert(format!("content/minutes/{path}"), fs::read(entry.path()).unwrap());
        }
    }
    Handbook { files, look: Look::BuiltIn, today: jiff::civil::date(2026, 5, 1) }.build()
}

fn json(built: &Built, path: &str) -> Value {
    serde_json::from_slice(&built.outputs[path]).unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The page of a source without `minutes/`.
fn page(source: &Value) -> String {
    text(&source["page"], "id").trim_start_matches("minutes/").to_owned()
}

fn wanted(file: &str) -> Vec<String> {
    let text = fs::read_to_string(folder().join(file)).unwrap();
    let mut lines: Vec<String> =
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    lines.sort();
    lines
}

/// Every place where an item is named, as a line of `actions.txt`. Words that changed on the way are those of the end.
fn actions(built: &Built) -> Vec<String> {
    let data = json(built, "registers/actions.json");
    let mut lines = Vec::new();
    for item in data["actions"].as_array().unwrap() {
        let owners: Vec<&str> = item["owners"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for source in item["sources"].as_array().unwrap() {
            let line = format!(
                "{} | {} | {} | {}",
                page(source),
                text(item, "text"),
                owners.join(" "),
                text(source, "state")
            );
            lines.push(line.replace("|  |", "| |"));
        }
    }
    lines.sort();
    lines
}

/// Page, text and state of a line: owners may change while an item is carried.
fn without_owners(line: &str) -> (&str, &str, &str) {
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    (parts[0], parts[1], parts[parts.len() - 1])
}

#[test]
fn action_items_are_found_and_none_is_invented() {
    let built = notes();
    let (found, wanted) = (actions(&built), wanted("actions.txt"));
    let found: Vec<_> = found.iter().map(|line| without_owners(line)).collect();
    let mut rest = found.clone();
    let mut missed = Vec::new();
    for line in &wanted {
        match rest.iter().position(|found| *found == without_owners(line)) {
            Some(at) => drop(rest.remove(at)),
            None => missed.push(line),
        }
    }
    println!("{} of {} found; missed: {missed:#?}", wanted.len() - missed.len(), wanted.len());
    assert_eq!(rest, [], "invented, or read wrongly");
    assert!((wanted.len() - missed.len()) * 100 >= wanted.len() * LEAST, "{missed:#?}");
}

#[test]
fn decisions_are_found_and_none_is_invented() {
    let built = notes();
    let data = json(&built, "registers/decisions.json");
    let mut found: Vec<String> = data["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|decision| format!("{} | {}", page(decision), text(decision, "text")))
        .collect();
    found.sort();
    assert_eq!(found, wanted("decisions.txt"));
}

#[test]
fn a_carried_item_is_one_item_with_its_story() {
    let built = notes();
    let data = json(&built, "registers/actions.json");
    let item = |words: &str| {
        let found: Vec<&Value> = data["actions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| text(item, "text").contains(words))
            .collect();
        assert_eq!(found.len(), 1, "{words}");
        let item = found[0];
        format!(
            "{} {} {} {} {} days",
            text(item, "state"),
            item["seen"],
            text(item, "first_seen"),
            text(item, "last_seen"),
            item["days_carried"]
        )
    };
    assert_eq!(item("lower the threshold"), "done 3 2026-01-12 2026-02-09 28 days");
    assert_eq!(item("order four more disks"), "done 2 2026-01-12 2026-01-26 14 days");
    assert_eq!(item("firmware"), "open 2 2026-01-26 2026-02-09 14 days");
    assert_eq!(item("the mirror"), "dropped 2 2026-01-12 2026-01-26 14 days");
    // Other words, but the same owner and issue.
    assert_eq!(item("look at the tokens again"), "doing 2 2026-03-04 2026-03-18 14 days");
    // Two meetings in one file.
    assert_eq!(item("Anleitung"), "done 2 2026-03-25 2026-04-01 7 days");
}

#[test]
fn due_dates_are_a_calendar() {
    let built = notes();
    let calendar = String::from_utf8(built.outputs["registers/actions.ics"].clone()).unwrap();
    let due: Vec<&str> = calendar.lines().filter_map(|line| line.strip_prefix("DUE;VALUE=DATE:")).collect();
    assert_eq!(due, ["20260201", "20260215", "20260415"]);
}

#[test]
fn people_are_nowhere_unless_the_handbook_shows_them() {
    let built = notes();
    for name in ["anary", "Participantst", "Teilnehmende", "Attendees", "Anwesend", "Excused"] {
        let holds = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).contains(name);
        let found: Vec<&String> =
            built.outputs.iter().filter(|(_, bytes)| holds(bytes)).map(|(path, _)| path).collect();
        assert_eq!(found, Vec::<&String>::new(), "{name}");
    }
}

#[test]
fn dates_that_disagree_and_items_without_owner_are_reported() {
    let built = notes();
    let lines =
        |rule: &str| built.diagnostics.iter().filter(|line| line.contains(rule)).cloned().collect::<Vec<_>>();
    assert!(!built.build.failed(), "notes are never an error");
    let dates = lines("minutes.date");
    assert_eq!(dates.len(), 1, "{dates:#?}");
    assert!(dates[0].starts_with("content/minutes/community/20260409.md:1:1: warning"), "{dates:?}");
    let owners = lines("action.owner");
    assert_eq!(owners.len(), 8, "{owners:#?}");
}

/// What notes are made of where whitespace and punctuation have several bytes each.
const PIECES: &[&str] = &[
    "AI",
    "AI @ops",
    "AI: ",
    "TODO",
    "TODO(",
    "To Do",
    "Action item:",
    "Decision:",
    "Beschluss：",
    "@ops",
    "@ö",
    "@",
    "(",
    ")",
    "[",
    "]",
    "=>",
    "→",
    "–",
    "—",
    "-",
    "•",
    ":",
    "：",
    "；",
    "，",
    "。",
    "…",
    "„",
    "“",
    "’",
    "~~",
    "**",
    "_",
    "`",
    "\u{a0}",
    "\u{202f}",
    "\u{2003}",
    "\u{3000}",
    "\u{2028}",
    "\u{85}",
    "\u{feff}",
    "\u{200b}",
    " ",
    " ",
    " ",
    "\n",
    "\n  - ",
    "\n- ",
    "\n- [ ] ",
    "\n- [x] ",
    "\n## ",
    "\n# 2026-03-01",
    "\n\n",
    "\n| a | owner |\n|-|-|\n| ",
    "Participants",
    "Teilnehmende heute",
    "Who?",
    "Agenda",
    "Sponsor: ",
    "until",
    "UNTIL ",
    "bis zum",
    "2026-12-01",
    "2026–12–01",
    "1.\u{a0}3.\u{a0}2026",
    "\u{212a}",
    "\u{130}",
    "ẞ",
    "done",
    "(done)",
    "✅",
    "✔\u{fe0f}",
    "日本",
    "übrig",
    "owner: ",
    "issues#12",
    "!\u{a0}4",
    "#\u{a0}",
    ":family:",
    "https://h.example/",
    "12:00",
    "Minutes: ",
    "A-1: ",
    "human error",
    "Herr\u{a0}Muster",
    "should\u{a0}have",
    "\n```sh\n",
    "\n~~~console\n",
    "\nops@h:~$\u{a0}",
    "$\u{a0}",
    "$HOST",
    "rm\u{a0}-rf /",
    "\n:::note\u{3000}",
    "\n:::\n",
    "\n::include\u{a0}a.md\n",
    "{.internal}",
    "{\u{a0}.x}",
    "<b\u{a0}",
    "</b>",
    "<!--\u{a0}",
    "-->",
    "](",
    "![",
    "[^\u{e9}]",
    "\n[^\u{e9}]:\u{3000}",
    "&nbsp;",
    "\\",
    "{{\u{a0}",
    "\u{a0}}}",
    "{%\u{3000}",
    " =\u{a0}3x4)",
    "\n>\u{a0}[!NOTE]\u{3000}",
    "\n:\u{a0}",
    "\n==\u{a0}a\u{a0}==",
    "\n!!!\u{a0}note",
    "\n%%\u{a0}",
    "\n10:00\u{a0}UTC ",
    "\u{202e}",
    "e\u{301}",
];

#[test]
fn no_whitespace_or_punctuation_makes_the_reading_fail() {
    let kinds = [
        "minutes",
        "rca",
        "runbook",
        "process",
        "security-incident",
        "advisory",
        "standard",
        "post",
        "guide",
        "manifesto",
        "page",
    ];
    for (number, kind) in kinds.into_iter().enumerate() {
        let mut random = Random::new(41 + number as u64);
        let mut files = BTreeMap::from([("book.toml".to_owned(), b"[book]\ntitle = \"H\"\n".to_vec())]);
        for page in 0..600 {
            let pieces = 1 + random.below(24);
            let text: String = (0..pieces).map(|_| random.pick(PIECES)).collect();
            let text = format!("---\nkind: {kind}\n---\n- {text}\n");
            files.insert(format!("content/{page}.md"), text.into_bytes());
        }
        let texts = files.clone();
        let built = Handbook { files, look: Look::BuiltIn, today: jiff::civil::date(2026, 5, 1) }.build();
        let failed = built.diagnostics.iter().find(|line| line.contains("internal.error"));
        let text = failed.and_then(|line| texts.get(line.split(':').next()?));
        assert_eq!(failed, None, "{:?}", text.map(|text| String::from_utf8_lossy(text)));
    }
}
