//! `registers/reviews.json`: which pages are to be read again, the most urgent first.
//!
//! Owns this one file; there is none where no page has an interval, and nothing ends on a day.

use std::sync::Arc;

use serde::Serialize;

use super::{FORMAT, PageRef, json, page};
use crate::emit::later;
use crate::output::Output;
use crate::site::Site;
use crate::site::registers::{Expiry, Review, ReviewState};

const PATH: &str = "registers/reviews.json";

#[derive(Serialize)]
struct Data<'a> {
    format: u32,
    /// The day by which the states hold.
    today: String,
    overdue: usize,
    never: usize,
    due: usize,
    fresh: usize,
    rows: Vec<Row<'a>>,
    /// What holds until a day, the most urgent first.
    terms: Vec<Ending<'a>>,
}

#[derive(Serialize)]
struct Ending<'a> {
    page: PageRef<'a>,
    /// The field with the day: `exceptions.until`.
    field: &'a str,
    /// The texts beside the day.
    what: &'a [String],
    owner: Option<&'a str>,
    /// `expired`, `soon` or `running`.
    state: &'static str,
    /// The last day on which it holds.
    until: String,
}

#[derive(Serialize)]
struct Row<'a> {
    page: PageRef<'a>,
    owner: Option<&'a str>,
    state: &'static str,
    reviewed: Option<String>,
    /// For readers: `6 months`.
    every: String,
    /// The last day on which the review holds.
    until: Option<String>,
    /// Of a runbook: incidents since the last review in which it was used.
    incidents: Vec<PageRef<'a>>,
}

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    if site.registers.reviews.rows.is_empty() && site.registers.expiries.is_empty() {
        return Vec::new();
    }
    vec![later(site, PATH, text)]
}

fn text(site: &Site) -> String {
    let reviews = &site.registers.reviews;
    json(&Data {
        format: FORMAT,
        today: site.today.to_string(),
        overdue: reviews.count(ReviewState::Overdue),
        never: reviews.count(ReviewState::Never),
        due: reviews.count(ReviewState::Due),
        fresh: reviews.count(ReviewState::Fresh),
        rows: reviews.rows.iter().map(|review| row(site, review)).collect(),
        terms: site.registers.expiries.by_urgency().iter().map(|expiry| ending(site, expiry)).collect(),
    })
}

fn ending<'a>(site: &'a Site, expiry: &'a Expiry) -> Ending<'a> {
    Ending {
        page: page(site, PATH, expiry.page),
        field: &expiry.field,
        what: &expiry.what,
        owner: expiry.owner.as_deref(),
        state: expiry.term.name(),
        until: expiry.until.to_string(),
    }
}

fn row<'a>(site: &'a Site, review: &'a Review) -> Row<'a> {
    Row {
        page: page(site, PATH, review.page),
        owner: review.owner.as_deref(),
        state: review.state.name(),
        reviewed: review.reviewed.map(|day| day.to_string()),
        every: review.every.to_string(),
        until: review.until.map(|day| day.to_string()),
        incidents: review.incidents.iter().map(|id| page(site, PATH, *id)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::fixture;

    #[test]
    fn reviews_are_told_with_their_states() {
        let runbook = "---\nkind: runbook\nowner: Ops\nreviewed: 2026-01-01\n---\n# R\n";
        let site = fixture::site(&[("content/r.md", runbook)], None);
        let json: serde_json::Value = serde_json::from_str(&fixture::text(&emit(&site), PATH)).unwrap();
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
        assert!(emit(&fixture::site(&[("content/a.md", "# A\n")], None)).is_empty());
        let process = "---\nkind: process\nstatus: stable\nexceptions: [{id: E-1, reason: Old, owner: Ops, until: 2026-11-20}]\n---\n# P\n";
        let site = fixture::site(&[("content/p.md", process)], None);
        let json: serde_json::Value = serde_json::from_str(&fixture::text(&emit(&site), PATH)).unwrap();
        let expected = serde_json::json!([{
            "page": {"id": "p", "title": "P", "kind": "process", "url": "../p/"}, "field": "exceptions.until",
            "what": ["E-1", "Old"], "owner": "Ops", "state": "expired", "until": "2026-11-20",
        }]);
        assert_eq!(json["terms"], expected);
    }
}
