//! `registers/controls/NAME.csv` and `.json`: for each framework every control with the pages that are evidence.
//!
//! Owns the columns of the table and the fields of the data. A control without a page has one row with empty cells.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use super::{FORMAT, PageRef, csv, json, page};
use crate::controls::Control;
use crate::emit::later;
use crate::output::Output;
use crate::site::Site;
use crate::site::registers::{Coverage, Evidence};

/// The names of the table's columns.
const COLUMNS: [&str; 16] = [
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

#[derive(Serialize)]
struct Data<'a> {
    format: u32,
    /// The day by which the states of reviews hold.
    today: String,
    framework: About<'a>,
    controls: usize,
    covered: usize,
    gaps: usize,
    areas: Vec<AreaData<'a>>,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct About<'a> {
    id: &'a str,
    edition: &'a str,
    title: &'a str,
    publisher: Option<&'a str>,
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct AreaData<'a> {
    id: &'a str,
    title: &'a str,
    controls: usize,
    covered: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    /// As pages write it: `c5:2020/SIM-03`.
    reference: String,
    id: &'a str,
    title: &'a str,
    area: Option<&'a str>,
    pages: Vec<EvidenceData<'a>>,
}

#[derive(Serialize)]
struct EvidenceData<'a> {
    page: PageRef<'a>,
    /// `policy`, `procedure`, `runbook`, `incident` or `other`.
    role: &'static str,
    owner: Option<&'a str>,
    version: Option<&'a str>,
    approved_by: Option<&'a str>,
    approved_on: Option<String>,
    effective_from: Option<String>,
    reviewed: Option<String>,
    /// `overdue`, `never`, `due` or `fresh`; absent where the page needs no review.
    review: Option<&'static str>,
    /// Of an incident, the day on which it began.
    day: Option<String>,
}

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    let files = |(number, coverage): (usize, &Coverage)| {
        let path = format!("registers/controls/{}", coverage.framework.segment());
        let framework =
            move |site: &Site| -> String { table(site, &site.registers.controls.frameworks[number]) };
        let (data, table) = (format!("{path}.json"), format!("{path}.csv"));
        let at = data.clone();
        let all = move |site: &Site| json(&data_of(site, &at, &site.registers.controls.frameworks[number]));
        [later(site, table, framework), later(site, data, all)]
    };
    site.registers.controls.frameworks.iter().enumerate().flat_map(files).collect()
}

/// The table for spreadsheets.
fn table(site: &Site, coverage: &Coverage) -> String {
    let mut rows: Vec<Vec<String>> = vec![COLUMNS.map(str::to_owned).to_vec()];
    for (control, pages) in coverage.rows() {
        let about = about(coverage, control, pages);
        if pages.is_empty() {
            rows.push(
                about.iter().cloned().chain(std::iter::repeat_n(String::new(), COLUMNS.len() - 5)).collect(),
            );
        }
        let row = |evidence: &Evidence| about.iter().cloned().chain(cells(site, evidence)).collect();
        rows.extend(pages.iter().map(row));
    }
    csv::table(rows.iter().map(|row| row.iter().map(String::as_str).collect()))
}

/// The cells that say which control it is.
fn about(coverage: &Coverage, control: &Control, pages: &[Evidence]) -> [String; 5] {
    let area = area(coverage, control).unwrap_or("");
    let covered = if pages.is_empty() { "no" } else { "yes" };
    let reference = coverage.framework.reference(control);
    [reference, control.id.clone(), control.title.clone(), area.to_owned(), covered.to_owned()]
}

/// The cells of a page.
fn cells(site: &Site, evidence: &Evidence) -> [String; COLUMNS.len() - 5] {
    let page = site.page(evidence.page);
    let base = site.config.base_url.as_deref().unwrap_or("/");
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    [
        page.page.title.clone(),
        format!("{base}{}", page.encoded),
        page.page.front.kind().to_owned(),
        evidence.role.name().to_owned(),
        text(&evidence.owner),
        text(&evidence.version),
        text(&evidence.approved_by),
        day(evidence.approved_on),
        day(evidence.effective_from),
        day(evidence.reviewed),
        evidence.review.map_or_else(String::new, |state| state.name().to_owned()),
    ]
}

fn area<'a>(coverage: &'a Coverage, control: &Control) -> Option<&'a str> {
    control.area.map(|area| coverage.framework.areas[area].id.as_str())
}

/// The whole of a framework as data; `path` is where they lie.
fn data_of<'a>(site: &'a Site, path: &str, coverage: &'a Coverage) -> Data<'a> {
    let framework = &coverage.framework;
    let areas = framework.areas.iter().enumerate().map(|(number, area)| {
        let (controls, covered) = coverage.of_area(Some(number));
        AreaData { id: &area.id, title: &area.title, controls, covered }
    });
    let row = |(control, pages): (&'a Control, &'a [Evidence])| Row {
        reference: framework.reference(control),
        id: &control.id,
        title: &control.title,
        area: area(coverage, control),
        pages: pages.iter().map(|evidence| evidence_of(site, path, evidence)).collect(),
    };
    Data {
        format: FORMAT,
        today: site.today.to_string(),
        framework: About {
            id: &framework.id,
            edition: &framework.edition,
            title: &framework.title,
            publisher: framework.publisher.as_deref(),
            url: framework.url.as_deref(),
        },
        controls: coverage.evidence.len(),
        covered: coverage.covered,
        gaps: coverage.gaps(),
        areas: areas.collect(),
        rows: coverage.rows().map(row).collect(),
    }
}

fn evidence_of<'a>(site: &'a Site, path: &str, evidence: &'a Evidence) -> EvidenceData<'a> {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    EvidenceData {
        page: page(site, path, evidence.page),
        role: evidence.role.name(),
        owner: evidence.owner.as_deref(),
        version: evidence.version.as_deref(),
        approved_by: evidence.approved_by.as_deref(),
        approved_on: day(evidence.approved_on),
        effective_from: day(evidence.effective_from),
        reviewed: day(evidence.reviewed),
        review: evidence.review.map(|state| state.name()),
        day: day(evidence.day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::fixture;

    const POLICY: &str = "---\nkind: policy\ntitle: \"=Policy, \\\"strict\\\"\"\nowner: \"'CISO' office\"\nversion: 1.10\n\
        approved_by: -Head\napproved_on: 2026-01-10\neffective_from: 2026-02-01\nreviewed: 2025-01-09\n\
        controls: [\"c5:2020/SIM-01\", \"c5:2020/SIM-03\", \"iso27001:2022/A.5.26\"]\n---\n";
    const RCA: &str = "---\nkind: rca\nstarted: 2026-10-01T10:00Z\ncontrols: c5:2020/SIM-03\n---\n# Outage\n";

    fn site() -> Arc<Site> {
        fixture::site(&[("content/p.md", POLICY), ("content/r.md", RCA)], Some("https://h.example/"))
    }

    #[test]
    fn the_table_can_be_read_back() {
        let outputs = emit(&site());
        let paths: Vec<&str> = outputs.iter().map(|output| output.path.as_str()).collect();
        let expected = ["c5-2020.csv", "c5-2020.json", "iso27001-2022.csv", "iso27001-2022.json"];
        assert_eq!(paths, expected.map(|name| format!("registers/controls/{name}")));
        let rows = csv::read(&fixture::text(&outputs, "registers/controls/c5-2020.csv"));
        assert_eq!(rows[0], COLUMNS);
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
        let controls: std::collections::BTreeSet<&str> =
            rows[1..].iter().map(|row| row[1].as_str()).collect();
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
        let outputs = emit(&site());
        for name in ["c5-2020", "iso27001-2022"] {
            let rows = csv::read(&fixture::text(&outputs, &format!("registers/controls/{name}.csv")));
            let json = fixture::text(&outputs, &format!("registers/controls/{name}.json"));
            let json: serde_json::Value = serde_json::from_str(&json).unwrap();
            let mut told: Vec<(String, String, String)> = Vec::new();
            for row in json["rows"].as_array().unwrap() {
                let reference = row["reference"].as_str().unwrap().to_owned();
                let pages = row["pages"].as_array().unwrap();
                if pages.is_empty() {
                    told.push((reference.clone(), String::new(), String::new()));
                }
                let text = |value: &serde_json::Value| value.as_str().unwrap_or("").to_owned();
                told.extend(
                    pages.iter().map(|p| (reference.clone(), text(&p["page"]["title"]), text(&p["owner"]))),
                );
            }
            let table: Vec<_> =
                rows[1..].iter().map(|r| (r[0].clone(), r[5].clone(), r[9].clone())).collect();
            assert_eq!(told, table);
            let gaps = rows[1..].iter().filter(|row| row[4] == "no").count();
            assert_eq!((&json["gaps"], &json["format"]), (&gaps.into(), &1.into()));
            let sum: u64 =
                json["areas"].as_array().unwrap().iter().map(|a| a["controls"].as_u64().unwrap()).sum();
            assert_eq!(Some(sum), json["controls"].as_u64());
        }
        let json = fixture::text(&outputs, "registers/controls/c5-2020.json");
        assert!(json.contains("\"url\":\"../../p/\""));
    }
}
