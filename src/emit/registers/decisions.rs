//! `registers/decisions.json`: every decision, the latest first.
//!
//! Owns this one file; there is none where nothing was decided.

use std::sync::Arc;

use serde::Serialize;

use super::{FORMAT, PageRef, json, page};
use crate::emit::later;
use crate::output::Output;
use crate::site::Site;

const PATH: &str = "registers/decisions.json";

#[derive(Serialize)]
struct Data<'a> {
    format: u32,
    decisions: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    text: &'a str,
    /// The heading that it stands beneath.
    about: Option<&'a str>,
    date: Option<String>,
    group: Option<&'a str>,
    /// Of a page that is a decision as a whole.
    owner: Option<&'a str>,
    /// Of a page that is a decision as a whole, as front matter has it.
    status: Option<&'a str>,
    page: PageRef<'a>,
    anchor: Option<&'a str>,
}

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    if site.registers.decisions.entries.is_empty() {
        return Vec::new();
    }
    vec![later(site, PATH, text)]
}

fn text(site: &Site) -> String {
    let rows = site.registers.decisions.entries.iter().map(|entry| Row {
        text: &entry.text,
        about: entry.about.as_deref(),
        date: entry.date.map(|day| day.to_string()),
        group: entry.group.as_deref(),
        owner: entry.owner.as_deref(),
        status: entry.status.as_deref(),
        page: page(site, PATH, entry.page),
        anchor: entry.anchor.as_deref(),
    });
    json(&Data { format: FORMAT, decisions: rows.collect() })
}

#[cfg(test)]
mod tests {
    use crate::emit::fixture::{site, text};

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
        let json: serde_json::Value = serde_json::from_str(&text(&super::emit(&site), super::PATH)).unwrap();
        assert_eq!(json["decisions"][0]["text"], "sell");
        assert_eq!(json["decisions"][1]["about"], "Disks");
        assert_eq!(json["decisions"][1]["page"]["url"], "../minutes/x/20261101/");
        assert_eq!(json["decisions"][1]["group"], "x");
    }
}
