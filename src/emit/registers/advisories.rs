//! `registers/advisories.json`: every advisory with what is affected, the one that changed last first.
//!
//! Owns this one file; there is none where there are no advisories. The names are those of CSAF and VEX
//! (`tracking`, `product_status`, `known_affected`) in a plain form; it is no CSAF document.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::incidents::Change;
use super::{FORMAT, PageRef, json, page};
use crate::emit::later;
use crate::output::Output;
use crate::site::Site;
use crate::site::registers::Advisory;

const PATH: &str = "registers/advisories.json";

#[derive(Serialize)]
struct Data<'a> {
    format: u32,
    advisories: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    page: PageRef<'a>,
    tracking: Tracking<'a>,
    cve: &'a [String],
    severity: Option<&'a str>,
    cvss: Option<Score<'a>>,
    /// Products by what holds for them.
    product_status: BTreeMap<&'a str, Vec<Product<'a>>>,
    remediations: Vec<Remediation<'a>>,
    acknowledgments: &'a [String],
    contact: Option<&'a str>,
}

#[derive(Serialize)]
struct Tracking<'a> {
    /// The permanent name.
    id: Option<&'a str>,
    initial_release_date: Option<String>,
    current_release_date: Option<String>,
    revision_history: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Score<'a> {
    /// From 0 to 10.
    score: &'a str,
    vector: Option<&'a str>,
}

#[derive(Serialize)]
struct Product<'a> {
    product: &'a str,
    versions: Option<&'a str>,
}

#[derive(Serialize)]
struct Remediation<'a> {
    provider: &'a str,
    /// `not-affected`, `pending`, `mitigated`, `patched`.
    state: &'a str,
    date: Option<String>,
    note: Option<&'a str>,
}

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    if site.registers.advisories.list.is_empty() {
        return Vec::new();
    }
    vec![later(site, PATH, text)]
}

fn text(site: &Site) -> String {
    let advisories = &site.registers.advisories.list;
    json(&Data {
        format: FORMAT,
        advisories: advisories.iter().map(|advisory| row(site, advisory)).collect(),
    })
}

fn row<'a>(site: &'a Site, advisory: &'a Advisory) -> Row<'a> {
    let first = advisory.revisions.iter().map(|revision| revision.date).min().or(advisory.changed);
    let mut products: BTreeMap<&str, Vec<Product<'_>>> = BTreeMap::new();
    for affected in &advisory.affected {
        let product = Product { product: &affected.product, versions: affected.versions.as_deref() };
        products.entry(&affected.status).or_default().push(product);
    }
    Row {
        page: page(site, PATH, advisory.page),
        tracking: Tracking {
            id: advisory.name.as_deref(),
            initial_release_date: first.map(|day| day.to_string()),
            current_release_date: advisory.changed.map(|day| day.to_string()),
            revision_history: advisory.revisions.iter().map(Change::of).collect(),
        },
        cve: &advisory.cve,
        severity: advisory.severity.as_deref(),
        cvss: advisory.score.as_deref().map(|score| Score { score, vector: advisory.vector.as_deref() }),
        product_status: products,
        remediations: advisory.patches.iter().map(Remediation::of).collect(),
        acknowledgments: &advisory.credits,
        contact: advisory.contact.as_deref(),
    }
}

impl Remediation<'_> {
    fn of(patch: &crate::site::registers::Patch) -> Remediation<'_> {
        Remediation {
            provider: &patch.provider,
            state: &patch.state,
            date: patch.date.map(|day| day.to_string()),
            note: patch.note.as_deref(),
        }
    }
}
