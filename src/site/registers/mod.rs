//! What the handbook knows when all its pages are read together.
//!
//! Owns [`Registers`], one file for each: which facts of pages it collects, and the [`table`] that its page and its data
//! files are made from. A register is a pure function of the pages' facts and fields, of the data files and of the day;
//! it is made anew only when one of them changes. Knows neither HTML nor file formats.

mod actions;
mod advisories;
mod alerts;
mod controls;
mod decisions;
mod expiries;
mod fields;
mod incidents;
mod meetings;
mod mentions;
mod references;
mod reviews;
pub mod table;

use std::sync::Arc;

use super::structure::Structure;
use super::{PageId, Parts, Site};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::page::Page;
use crate::register_name::RegisterName;

pub use actions::{ActionItem, ActionItems, Saying, tone_of_action};
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
pub use table::Register;

/// Every register.
#[derive(Debug, Default)]
pub struct Registers {
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

/// A register with its name in settings and addresses.
pub type NamedRegister<'a> = (&'a str, Box<dyn Register + 'a>);

impl Site {
    /// Every register that the handbook has, in the order of the overview.
    pub fn all_registers(&self) -> Vec<NamedRegister<'_>> {
        let made = &self.registers;
        let mut all: Vec<NamedRegister<'_>> = Vec::new();
        for name in RegisterName::ALL {
            let register: Box<dyn Register + '_> = match name {
                RegisterName::Actions => Box::new(&made.actions),
                RegisterName::Decisions => Box::new(&made.decisions),
                RegisterName::Meetings => Box::new(&made.meetings),
                RegisterName::Incidents => Box::new(&made.incidents),
                RegisterName::Advisories => Box::new(&made.advisories),
                RegisterName::Reviews => {
                    Box::new(reviews::ReviewRegister { reviews: &made.reviews, expiries: &made.expiries })
                }
                RegisterName::Alerts => Box::new(&made.alerts),
                RegisterName::Controls => Box::new(&made.controls),
            };
            all.push((name.as_str(), register));
        }
        for register in &self.field_registers.list {
            all.push((&register.name, Box::new(register)));
        }
        all.retain(|(name, _)| self.config.has_register(name));
        all
    }

    /// What the kind of a page calls a value of a field.
    fn name_of_value<'a>(&'a self, page: PageId, field: &str, value: &'a str) -> &'a str {
        let kind = &self.page(page).page.front.kind;
        self.kinds.wording(kind, &self.words().language).value(field, value)
    }

    /// What the kind of a page calls a field; nothing where it has no such field.
    fn name_of_field(&self, page: PageId, field: &str) -> &str {
        let kind = &self.page(page).page.front.kind;
        let known = kind.field(&self.kinds.common, field);
        known.map_or("", |known| self.kinds.wording(kind, &self.words().language).label(field, known))
    }
}

/// The digest of everything that [`collect`] reads.
pub(super) fn key(parts: &Parts<'_>, structure: Digest) -> Digest {
    let pages: Vec<Digest> = parts.pages.iter().map(|page| page.rolled).collect();
    let data: Vec<Digest> = parts.data.values().map(|source| source.digest).collect();
    Digest::of_value(&(structure, pages, data, parts.today, parts.kinds.digest, parts.hidden.digest()))
}

/// Makes every register: those of fields and those of texts side by side.
pub(super) fn collect(book: &Book<'_>) -> Registers {
    let addresses = mentions::Addresses::new(book);
    let (of_fields, of_texts) = rayon::join(|| from_fields(book), || from_texts(book, &addresses));
    let mentions = mentions::collect(book, &of_fields.references, &addresses);
    let diagnostics = of_fields.diagnostics.into_iter().chain(of_texts.diagnostics).collect();
    Registers {
        mentions,
        diagnostics,
        alerts: of_texts.alerts,
        actions: of_texts.actions,
        decisions: of_texts.decisions,
        meetings: of_texts.meetings,
        ..of_fields
    }
}

/// What front matter says.
fn from_fields(book: &Book<'_>) -> Registers {
    let mut found = Vec::new();
    let references = references::collect(book, &mut found);
    let reviews = reviews::collect(book, &references, &mut found);
    let expiries = expiries::collect(book, &mut found);
    let controls = controls::collect(book, &reviews, &mut found);
    let incidents = incidents::collect(book, &references, &mut found);
    let advisories = advisories::collect(book);
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

/// What texts and rule files say: no page needs it, so it is collected only where a register shows it.
fn from_texts(book: &Book<'_>, addresses: &mentions::Addresses<'_>) -> Registers {
    let mut made = Registers::default();
    let config = &book.parts.config;
    if config.has(RegisterName::Alerts) {
        made.alerts = alerts::collect(book, &mut made.diagnostics);
    }
    if config.has(RegisterName::Actions) {
        made.actions = actions::collect(book, addresses);
    }
    if config.has(RegisterName::Decisions) {
        made.decisions = decisions::collect(book);
    }
    if config.has(RegisterName::Meetings) {
        made.meetings = meetings::collect(book, addresses);
    }
    made
}
