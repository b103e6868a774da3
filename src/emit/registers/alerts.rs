//! `registers/alerts.json`: every alert with its runbook, and the `runbook_url` that its rule should have.
//!
//! Owns this one file; there is none where the handbook has no rule files.

use std::sync::Arc;

use serde::Serialize;

use super::{FORMAT, PageRef, json, page};
use crate::emit::later;
use crate::output::Output;
use crate::site::Site;
use crate::site::registers::{AlertRow, RuleLink};

const PATH: &str = "registers/alerts.json";

#[derive(Serialize)]
struct Data<'a> {
    format: u32,
    /// How many alerts there are, how many of them have a runbook that is written, and how many of a hundred.
    alerts: usize,
    covered: usize,
    percent: usize,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    severity: Option<&'a str>,
    group: &'a str,
    summary: Option<&'a str>,
    /// Relative to the handbook's root.
    file: &'a str,
    /// Whether it has a runbook that is written.
    covered: bool,
    runbook: Option<PageRef<'a>>,
    /// What the rule's annotation `runbook_url` should be.
    runbook_url: Option<&'a str>,
    /// What it is.
    rule_url: Option<&'a str>,
    /// `missing`, `right`, `wrong` or `elsewhere`.
    rule_link: &'static str,
}

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    if site.registers.alerts.rows.is_empty() {
        return Vec::new();
    }
    vec![later(site, PATH, text)]
}

fn text(site: &Site) -> String {
    let alerts = &site.registers.alerts;
    json(&Data {
        format: FORMAT,
        alerts: alerts.rows.len(),
        covered: alerts.covered,
        percent: alerts.percent(),
        rows: alerts.rows.iter().map(|entry| row(site, entry)).collect(),
    })
}

fn row<'a>(site: &'a Site, entry: &'a AlertRow) -> Row<'a> {
    let alert = &entry.alert;
    Row {
        name: &alert.name,
        severity: alert.severity.as_deref(),
        group: &alert.group,
        summary: alert.summary.as_deref(),
        file: alert.span.file.as_str(),
        covered: entry.covered,
        runbook: entry.runbook.map(|id| page(site, PATH, id)),
        runbook_url: entry.url.as_deref(),
        rule_url: entry.rule_url.as_deref(),
        rule_link: match entry.link {
            RuleLink::Missing => "missing",
            RuleLink::Right => "right",
            RuleLink::Wrong => "wrong",
            RuleLink::Elsewhere => "elsewhere",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::fixture;

    #[test]
    fn alerts_are_told_with_their_runbooks() {
        let rules = "groups:\n- name: disks\n  rules:\n  - alert: DiskFull\n    labels: {severity: critical}\n    \
                     annotations: {summary: Full}\n  - alert: Other\n";
        let runbook = "---\nkind: runbook\nalerts: DiskFull\n---\n# Disk full\n";
        let files = [("data/a.rules", rules), ("content/runbooks/disk.md", runbook)];
        let site = fixture::site(&files, Some("https://h.example/x/"));
        let json: serde_json::Value = serde_json::from_str(&fixture::text(&emit(&site), PATH)).unwrap();
        assert_eq!((&json["alerts"], &json["covered"], &json["percent"]), (&2.into(), &1.into(), &50.into()));
        let expected = serde_json::json!({
            "name": "DiskFull", "severity": "critical", "group": "disks", "summary": "Full", "file": "data/a.rules",
            "covered": true, "rule_url": null, "rule_link": "missing",
            "runbook": {"id": "runbooks/disk", "title": "Disk full", "kind": "runbook", "url": "../runbooks/disk/"},
            "runbook_url": "https://h.example/x/runbooks/disk/",
        });
        assert_eq!(json["rows"][0], expected);
        assert_eq!(json["rows"][1]["covered"], false);
        assert!(emit(&fixture::site(&files[1..], None)).is_empty());
    }
}
