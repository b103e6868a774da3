//! Tests of the data files of registers.
//!
//! Owns the handbooks that the files are made from, a few pages each.

use serde_json::Value;

use super::csv;
use super::emit;
use crate::emit::fixture::{site, text};
use crate::output::Output;

/// The JSON file at `path` in the site of these files.
fn json(files: &[(&str, &str)], path: &str) -> Value {
    serde_json::from_str(&text(&emit(&site(files, None)), path)).unwrap()
}

fn actions(files: &[(&str, &str)]) -> Vec<Value> {
    json(files, "registers/actions.json")["actions"].as_array().unwrap().clone()
}

/// Minutes of a meeting every two weeks. Each has the same action item in other words.
fn carried(meetings: i32) -> Vec<(String, String)> {
    let first = jiff::civil::date(2026, 1, 8);
    let page = |number: i32| {
        let day = first.checked_add(jiff::Span::new().days(14 * number)).unwrap();
        let text = format!(
            "---\nkind: minutes\n---\n# {day}\n\n## AIs from last time\n\n- _AI @ada: variant {number} of the \
             export, see https://forge.example/o/issues/issues/33_\n  - still open\n- AI @bob: other {number}\n"
        );
        (format!("content/minutes/iaas/{}.md", day.strftime("%Y%m%d")), text)
    };
    (0..meetings).map(page).collect()
}

#[test]
fn an_item_that_minutes_carry_is_one_item() {
    let files = carried(21);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let actions = actions(&files);
    assert_eq!(actions.len(), 22);
    let item = &actions[0];
    assert_eq!(item["seen"], 21);
    assert_eq!(item["days_carried"], 280);
    assert_eq!((&item["first_seen"], &item["last_seen"]), (&"2026-01-08".into(), &"2026-10-15".into()));
    assert_eq!(item["age_days"], 317, "to 2026-11-21");
    assert_eq!(item["state"], "open");
    assert_eq!(item["sources"].as_array().unwrap().len(), 21);
}

#[test]
fn a_later_done_closes_and_other_groups_and_owners_are_apart() {
    let minutes = |items: &str| format!("---\nkind: minutes\n---\n{items}");
    let (first, second) = (
        minutes("- AI @a: write it\n- AI @b: write it\n- AI: read it\n"),
        minutes("- AI @A: Write it.\n  - done\n- AI @c: read it\n"),
    );
    let actions = actions(&[
        ("content/minutes/x/20261101.md", &first),
        ("content/minutes/x/20261108.md", &second),
        ("content/minutes/y/20261108.md", &minutes("- AI @b: write it\n")),
    ]);
    let say = |a: &Value| {
        format!(
            "{} {} {} {}",
            a["text"].as_str().unwrap(),
            a["owners"][0].as_str().unwrap_or("-"),
            a["state"].as_str().unwrap(),
            a["seen"]
        )
    };
    let want = ["write it @b open 1", "read it @c open 2", "write it @b open 1", "Write it. @A done 2"];
    assert_eq!(actions.iter().map(say).collect::<Vec<_>>(), want);
}

#[test]
fn an_item_has_an_age_only_where_a_mention_said_that_it_was_open() {
    let minutes = |items: &str| format!("---\nkind: minutes\n---\n{items}");
    let actions = actions(&[
        ("content/minutes/x/20261101.md", &minutes("- AI @a: write it\n- AI @b: read it (done)\n")),
        ("content/minutes/x/20261108.md", &minutes("- AI @a: write it (done)\n")),
    ]);
    let ages = actions.iter().map(|item| (item["text"].as_str().unwrap(), item["age_days"].as_u64()));
    assert_eq!(ages.collect::<Vec<_>>(), [("write it", Some(7)), ("read it", None)]);
}

#[test]
fn what_is_asked_for_again_after_it_was_done_is_a_new_item() {
    let minutes = |note: &str| format!("---\nkind: minutes\n---\n- AI @a: prepare the release{note}\n");
    let actions = actions(&[
        ("content/minutes/x/20261101.md", &minutes(" (done)")),
        ("content/minutes/x/20261108.md", &minutes("")),
    ]);
    assert_eq!(actions.len(), 2);
}

#[test]
fn alerts_are_told_with_their_runbooks() {
    let rules = "groups:\n- name: disks\n  rules:\n  - alert: DiskFull\n    labels: {severity: critical}\n    \
                 annotations: {summary: Full}\n  - alert: Other\n";
    let runbook = "---\nkind: runbook\nalerts: DiskFull\n---\n# Disk full\n";
    let files = [("data/a.rules", rules), ("content/runbooks/disk.md", runbook)];
    let handbook = site(&files, Some("https://h.example/x/"));
    let json: Value = serde_json::from_str(&text(&emit(&handbook), "registers/alerts.json")).unwrap();
    assert_eq!((&json["alerts"], &json["covered"], &json["percent"]), (&2.into(), &1.into(), &50.into()));
    let expected = serde_json::json!({
        "name": "DiskFull", "severity": "critical", "group": "disks", "summary": "Full", "file": "data/a.rules",
        "covered": true, "rule_url": null, "rule_link": "missing",
        "runbook": {"id": "runbooks/disk", "title": "Disk full", "kind": "runbook", "url": "../runbooks/disk/"},
        "runbook_url": "https://h.example/x/runbooks/disk/",
        "annotation": "https://h.example/x/runbooks/disk/#alert=DiskFull",
    });
    assert_eq!(json["rows"][0], expected);
    assert_eq!(json["rows"][1]["covered"], false);
    let outputs = emit(&site(&files[1..], None));
    assert!(outputs.iter().all(|output| !output.path.contains("alerts")));
}

#[test]
fn the_latest_decision_is_the_first() {
    let minutes = |text: &str| format!("---\nkind: minutes\n---\n## Disks\n\n{text}\n");
    let site = site(
        &[
            ("content/minutes/x/20261101.md", &minutes("Decision: buy")),
            ("content/minutes/x/20261108.md", &minutes("Beschluss: sell")),
        ],
        None,
    );
    let json: Value = serde_json::from_str(&text(&emit(&site), "registers/decisions.json")).unwrap();
    assert_eq!(json["decisions"][0]["text"], "sell");
    assert_eq!(json["decisions"][1]["about"], "Disks");
    assert_eq!(json["decisions"][1]["page"]["url"], "../minutes/x/20261101/");
    assert_eq!(json["decisions"][1]["group"], "x");
}

#[test]
fn reviews_are_told_with_their_states() {
    let runbook = "---\nkind: runbook\nowner: Ops\nreviewed: 2026-01-01\n---\n# R\n";
    let handbook = site(&[("content/r.md", runbook)], None);
    let json: Value = serde_json::from_str(&text(&emit(&handbook), "registers/reviews.json")).unwrap();
    let expected = serde_json::json!({
        "format": 1, "today": "2026-11-21", "overdue": 1, "never": 0, "due": 0, "fresh": 0,
        "rows": [{
            "page": {"id": "r", "title": "R", "kind": "runbook", "url": "../r/"}, "owner": "Ops",
            "state": "overdue", "reviewed": "2026-01-01", "every": "6 months", "until": "2026-07-01",
            "incidents": [],
        }],
        "terms": [],
    });
    assert_eq!(json, expected);
    assert!(emit(&site(&[("content/a.md", "# A\n")], None)).is_empty());
    let process = "---\nkind: process\nstatus: stable\nexceptions: [{id: E-1, reason: Old, owner: Ops, until: 2026-11-20}]\n---\n# P\n";
    let handbook = site(&[("content/p.md", process)], None);
    let json: Value = serde_json::from_str(&text(&emit(&handbook), "registers/reviews.json")).unwrap();
    let expected = serde_json::json!([{
        "page": {"id": "p", "title": "P", "kind": "process", "url": "../p/"}, "field": "exceptions.until",
        "what": ["E-1", "Old"], "owner": "Ops", "state": "expired", "until": "2026-11-20",
    }]);
    assert_eq!(json["terms"], expected);
}

const POLICY: &str = "---\nkind: policy\ntitle: \"=Policy, \\\"strict\\\"\"\nowner: \"'CISO' office\"\nversion: 1.10\n\
    approved_by: -Head\napproved_on: 2026-01-10\neffective_from: 2026-02-01\nreviewed: 2025-01-09\n\
    controls: [\"c5:2020/SIM-01\", \"c5:2020/SIM-03\", \"iso27001:2022/A.5.26\"]\n---\n";
const RCA: &str = "---\nkind: rca\nstarted: 2026-10-01T10:00Z\ncontrols: c5:2020/SIM-03\n---\n# Outage\n";

/// The files of the register of controls, from a handbook with a policy and an incident analysis.
fn controls() -> Vec<Output> {
    let site = site(&[("content/p.md", POLICY), ("content/r.md", RCA)], Some("https://h.example/"));
    let outputs = emit(&site);
    outputs.into_iter().filter(|output| output.path.starts_with("registers/controls/")).collect()
}

#[test]
fn the_table_can_be_read_back() {
    let outputs = controls();
    let paths: Vec<&str> = outputs.iter().map(|output| output.path.as_str()).collect();
    let expected = ["c5-2020.csv", "c5-2020.json", "iso27001-2022.csv", "iso27001-2022.json"];
    assert_eq!(paths, expected.map(|name| format!("registers/controls/{name}")));
    let rows = csv::parse_rows(&text(&outputs, "registers/controls/c5-2020.csv"));
    let columns = [
        "reference",
        "control",
        "title",
        "area",
        "covered",
        "page",
        "url",
        "kind",
        "role",
        "owner",
        "version",
        "approved_by",
        "approved_on",
        "effective_from",
        "reviewed",
        "review",
    ];
    assert_eq!(rows[0], columns);
    assert!(rows.iter().all(|row| row.len() == columns.len()));
    let controls: std::collections::BTreeSet<&str> = rows[1..].iter().map(|row| row[1].as_str()).collect();
    assert_eq!((rows.len(), controls.len()), (1 + 121 + 1, 121));
    let covered = |row: &&Vec<String>| row[4] == "yes";
    let pages: Vec<_> =
        rows[1..].iter().filter(covered).map(|row| (row[1].as_str(), row[8].as_str())).collect();
    assert_eq!(pages, [("SIM-01", "policy"), ("SIM-03", "policy"), ("SIM-03", "incident")]);
    let row = rows.iter().find(|row| row[1] == "SIM-03").unwrap();
    let expected = [
        "c5:2020/SIM-03",
        "SIM-03",
        "Documentation and reporting of security incidents",
        "SIM",
        "yes",
        "=Policy, \"strict\"",
        "https://h.example/p/",
        "process",
        "policy",
        "'CISO' office",
        "1.10",
        "-Head",
        "2026-01-10",
        "2026-02-01",
        "2025-01-09",
        "overdue",
    ];
    assert_eq!(row.as_slice(), expected);
}

#[test]
fn the_data_say_the_same_as_the_table() {
    let outputs = controls();
    for name in ["c5-2020", "iso27001-2022"] {
        let rows = csv::parse_rows(&text(&outputs, &format!("registers/controls/{name}.csv")));
        let json = text(&outputs, &format!("registers/controls/{name}.json"));
        let json: Value = serde_json::from_str(&json).unwrap();
        let mut told: Vec<(String, String, String)> = Vec::new();
        for row in json["rows"].as_array().unwrap() {
            let reference = row["reference"].as_str().unwrap().to_owned();
            let pages = row["pages"].as_array().unwrap();
            if pages.is_empty() {
                told.push((reference.clone(), String::new(), String::new()));
            }
            let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
            told.extend(
                pages.iter().map(|p| (reference.clone(), text(&p["page"]["title"]), text(&p["owner"]))),
            );
        }
        let table: Vec<_> = rows[1..].iter().map(|r| (r[0].clone(), r[5].clone(), r[9].clone())).collect();
        assert_eq!(told, table);
        let gaps = rows[1..].iter().filter(|row| row[4] == "no").count();
        assert_eq!((&json["gaps"], &json["format"]), (&gaps.into(), &1.into()));
        let sum: u64 =
            json["areas"].as_array().unwrap().iter().map(|a| a["controls"].as_u64().unwrap()).sum();
        assert_eq!(Some(sum), json["controls"].as_u64());
    }
    let json = text(&outputs, "registers/controls/c5-2020.json");
    assert!(json.contains("\"url\":\"../../p/\""));
}

#[test]
fn a_table_of_pages_names_each_with_its_address() {
    let files = [("content/minutes/x/20261101.md", "---\nkind: minutes\n---\n## Disks\n\nDecision: buy\n")];
    let rows =
        csv::parse_rows(&text(&emit(&site(&files, Some("https://h.example/"))), "registers/decisions.csv"));
    assert_eq!(rows[0], ["text", "about", "date", "group", "owner", "status", "page", "url", "anchor"]);
    assert_eq!(rows[1][..4], ["buy", "Disks", "2026-11-01", "x"]);
    assert_eq!(rows[1][7], "https://h.example/minutes/x/20261101/");
}
