//! What the handbook knows when all its pages are read together.
//!
//! Owns [`Registers`], one file for each. A register is a pure function of the pages' facts and fields, of the data
//! files and of the day; it is made anew only when one of them changes. Must not know how a register is shown.

mod actions;
mod advisories;
mod alerts;
mod controls;
mod decisions;
mod expiries;
mod incidents;
mod meetings;
mod mentions;
mod references;
mod reviews;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::structure::Structure;
use super::{PageId, Parts};
use crate::config::Register;
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::page::Page;

pub use actions::{ActionItem, ActionItems, Saying};
pub use advisories::{Advisories, Advisory, Affected, Patch};
pub(super) use alerts::RuleFile;
pub use alerts::{AlertRow, Alerts, RuleLink};
pub use controls::{Controls, Coverage, Evidence, EvidenceRole};
pub use decisions::{DecisionEntry, Decisions};
pub use expiries::{Expiries, Expiry, Term};
pub use incidents::{Actions, Deadline, Incident, Incidents, Planned, Progress, Seen};
pub use meetings::{DigestEntry, MeetingEntry, Meetings};
pub use mentions::{MentionEntry, Mentions};
pub use references::{Reference, References};
pub use reviews::{OwnerReviews, Review, ReviewState, Reviews};

/// Every register.
#[derive(Debug, Default)]
pub struct Registers {
    /// The pages of each kind, in reading order.
    pub kinds: BTreeMap<String, Vec<PageId>>,
    /// Which alerts lead to a runbook.
    pub alerts: Alerts,
    /// Which pages are evidence for which control.
    pub controls: Controls,
    /// Which pages should be read again.
    pub reviews: Reviews,
    /// What holds until a day, such as exceptions.
    pub expiries: Expiries,
    /// Pages that name each other.
    pub references: References,
    pub incidents: Incidents,
    pub advisories: Advisories,
    /// What somebody shall do, from minutes and analyses.
    pub actions: ActionItems,
    pub decisions: Decisions,
    pub meetings: Meetings,
    /// Pages that are spoken of in others.
    pub mentions: Mentions,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Registers {
    /// The digest of what registers say about a page, but not of the titles and URLs of others.
    pub fn about(&self, page: PageId) -> Digest {
        // Incidents that are like this one are shown with their names and days.
        let seen = self.incidents.of(page).map(|incident| (incident, self.incidents.named(&incident.seen)));
        let reviews = (self.reviews.of(page), self.expiries.of(page));
        Digest::of_value(&(seen, self.advisories.of(page), reviews, self.mentions.of(page)))
    }
}

/// What registers are made of.
pub(super) struct Book<'a> {
    pub parts: &'a Parts<'a>,
    pub structure: &'a Structure,
    pub rules: &'a [Arc<RuleFile>],
}

impl<'a> Book<'a> {
    /// Every written page with its number, in reading order.
    pub fn pages(&self) -> impl Iterator<Item = (PageId, &'a Arc<Page>)> {
        let (parts, places) = (self.parts, &self.structure.places);
        (0..).map(PageId).zip(places).map(|(id, place)| (id, place.origin.page(parts)))
    }

    pub fn page(&self, PageId(id): PageId) -> &'a Arc<Page> {
        self.structure.places[id as usize].origin.page(self.parts)
    }

    /// The page's address: absolute where the handbook has a base URL, else from the root of the site.
    pub fn address(&self, PageId(id): PageId) -> String {
        let base = self.parts.config.base_url.as_deref().unwrap_or("/");
        format!("{base}{}", self.structure.places[id as usize].encoded)
    }

    /// The page at a path of the finished site (decoded, without leading slash), also at an old one.
    pub fn page_at(&self, path: &str) -> Option<PageId> {
        let path = path.strip_suffix("index.html").unwrap_or(path).trim_matches('/');
        let url = if path.is_empty() { String::new() } else { format!("{path}/") };
        self.structure.urls.get(url.as_str()).or_else(|| self.structure.redirects.get(&url)).copied()
    }
}

/// The digest of everything that [`of`] reads.
pub(super) fn key(parts: &Parts<'_>, structure: Digest) -> Digest {
    let pages: Vec<Digest> = parts.pages.iter().map(|page| page.rolled).collect();
    let data: Vec<Digest> = parts.data.values().map(|source| source.digest).collect();
    Digest::of_value(&(structure, pages, data, parts.today, parts.kinds.digest, parts.hidden.digest()))
}

/// Makes every register: those of fields and those of texts side by side.
pub(super) fn of(book: &Book<'_>) -> Registers {
    let addresses = mentions::Addresses::new(book);
    let (of_fields, of_texts) = rayon::join(|| of_fields(book), || of_texts(book, &addresses));
    let mentions = mentions::of(book, &of_fields.references, &addresses);
    let diagnostics = of_fields.diagnostics.into_iter().chain(of_texts.diagnostics).collect();
    Registers {
        kinds: kinds(book),
        mentions,
        diagnostics,
        alerts: of_texts.alerts,
        actions: of_texts.actions,
        decisions: of_texts.decisions,
        meetings: of_texts.meetings,
        ..of_fields
    }
}

fn kinds(book: &Book<'_>) -> BTreeMap<String, Vec<PageId>> {
    let mut kinds: BTreeMap<&str, Vec<PageId>> = BTreeMap::new();
    for (id, page) in book.pages() {
        kinds.entry(page.front.kind()).or_default().push(id);
    }
    kinds.into_iter().map(|(kind, pages)| (kind.to_owned(), pages)).collect()
}

/// The registers of what front matter says.
fn of_fields(book: &Book<'_>) -> Registers {
    let mut found = Vec::new();
    let references = references::of(book, &mut found);
    let reviews = reviews::of(book, &references, &mut found);
    let expiries = expiries::of(book, &mut found);
    let controls = controls::of(book, &reviews, &mut found);
    let incidents = incidents::of(book, &references, &mut found);
    let advisories = advisories::of(book);
    Registers {
        references,
        reviews,
        expiries,
        controls,
        incidents,
        advisories,
        diagnostics: found,
        ..Registers::default()
    }
}

/// The registers of what texts and rule files say: no page needs them, so they are made only where they are shown.
fn of_texts(book: &Book<'_>, addresses: &mentions::Addresses<'_>) -> Registers {
    let mut made = Registers::default();
    let wanted = |register| book.parts.config.has(register);
    if wanted(Register::Alerts) {
        made.alerts = alerts::of(book, &mut made.diagnostics);
    }
    if wanted(Register::Actions) {
        made.actions = actions::of(book, addresses);
    }
    if wanted(Register::Decisions) {
        made.decisions = decisions::of(book);
    }
    if wanted(Register::Meetings) {
        made.meetings = meetings::of(book, addresses);
    }
    made
}
