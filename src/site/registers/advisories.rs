//! Advisories: which vulnerabilities there are, and how far their repair has come.
//!
//! Owns [`Advisories`], one [`Advisory`] for each page of a kind that tells of vulnerabilities, and the rule that
//! none is published before its embargo ends.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Book;
use crate::kinds::Moment;
use crate::page::FrontMatter;
use crate::page::revisions::{self, Revision};
use crate::site::PageId;

/// The register that a kind of advisories feeds.
const REGISTER: &str = "advisories";

/// Every advisory, the one that changed last first.
#[derive(Debug, Default)]
pub struct Advisories {
    pub list: Vec<Advisory>,
    places: BTreeMap<PageId, usize>,
}

/// One advisory.
#[derive(Debug, Clone, Hash)]
pub struct Advisory {
    pub page: PageId,
    /// Its permanent name.
    pub name: Option<String>,
    pub cve: Vec<String>,
    pub severity: Option<String>,
    /// As written, from 0 to 10.
    pub score: Option<String>,
    pub vector: Option<String>,
    pub affected: Vec<Affected>,
    pub patches: Vec<Patch>,
    pub credits: Vec<String>,
    pub contact: Option<String>,
    pub embargo_until: Option<Moment>,
    /// The oldest first.
    pub revisions: Vec<Revision>,
    /// The day of its last change.
    pub changed: Option<Date>,
}

/// What holds for versions of a product.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Affected {
    pub product: String,
    pub versions: Option<String>,
    /// In the words of VEX: `known_affected`, `known_not_affected`, `fixed`, `under_investigation`.
    pub status: String,
}

/// How far a provider has come.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Patch {
    pub provider: String,
    /// `not-affected`, `pending`, `mitigated`, `patched`.
    pub state: String,
    pub date: Option<Date>,
    pub note: Option<String>,
}

impl Advisories {
    /// The advisory that a page is.
    pub fn of(&self, page: PageId) -> Option<&Advisory> {
        self.places.get(&page).map(|at| &self.list[*at])
    }
}

impl Advisory {
    /// Providers that still have the vulnerability.
    pub fn pending(&self) -> usize {
        self.patches.iter().filter(|patch| patch.state == "pending").count()
    }
}

pub(super) fn of(book: &Book<'_>) -> Advisories {
    let pages = book.pages().filter(|(_, page)| page.front.kind.feeds(REGISTER));
    let mut list: Vec<Advisory> = pages.map(|(id, page)| advisory(id, &page.front)).collect();
    list.sort_by_key(|advisory| (Reverse(advisory.changed), advisory.page));
    let places = list.iter().enumerate().map(|(at, advisory)| (advisory.page, at)).collect();
    Advisories { list, places }
}

fn advisory(page: PageId, front: &FrontMatter) -> Advisory {
    let data = &front.data;
    let text = |name: &str| data.text(name).map(str::to_owned);
    let texts = |name: &str| data.texts(name).into_iter().map(str::to_owned).collect();
    let score = data.records("cvss").into_iter().next();
    let score = |name: &str| score.and_then(|record| record.text(name)).map(str::to_owned);
    let revisions = revisions::of(data);
    Advisory {
        page,
        name: text("id"),
        cve: texts("cve"),
        severity: text("severity"),
        score: score("score"),
        vector: score("vector"),
        affected: affected(front),
        patches: patches(front),
        credits: texts("credits"),
        contact: text("contact"),
        embargo_until: data.time("embargo_until").cloned(),
        changed: revisions.iter().map(|revision| revision.date).max().or(front.date),
        revisions,
    }
}

fn affected(front: &FrontMatter) -> Vec<Affected> {
    let affected = |record: &&crate::kinds::Record| {
        Some(Affected {
            product: record.text("product")?.to_owned(),
            versions: record.text("versions").map(str::to_owned),
            status: record.text("status")?.to_owned(),
        })
    };
    front.data.records("affected").iter().filter_map(affected).collect()
}

fn patches(front: &FrontMatter) -> Vec<Patch> {
    let patch = |record: &&crate::kinds::Record| {
        Some(Patch {
            provider: record.text("provider")?.to_owned(),
            state: record.text("state")?.to_owned(),
            date: record.date("date"),
            note: record.text("note").map(str::to_owned),
        })
    };
    front.data.records("patches").iter().filter_map(patch).collect()
}
