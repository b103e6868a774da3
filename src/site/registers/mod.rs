//! Registers: tables of facts over all pages of the handbook.
//!
//! This module owns [`Registers`], with one file for each: the facts of pages that it collects, and the [`table`]
//! from which its page and its data files are made. A register is a pure function of the pages' facts and fields,
//! the data files and the day, and is computed again only when one of them changes. It knows neither HTML nor file
//! formats.

mod actions;
mod advisories;
mod alert_links;
mod alerts;
mod calendar;
mod controls;
mod decisions;
mod expiries;
mod fields;
mod health;
mod incidents;
mod loops;
mod meetings;
mod mentions;
mod owners;
mod page_lists;
mod periods;
mod plot_rows;
mod poster;
mod references;
mod reviews;
pub mod table;
mod uses;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::structure::Structure;
use super::{PageId, Site, SiteInputs};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::page::Page;
use crate::people::{self, PeopleNames};
use crate::register_name::RegisterName;
use crate::source::Source;

pub use actions::{ActionItem, ActionItems, Occurrence, tone_of_action};
pub use advisories::{Advisories, Advisory, Affected, PatchProgress};
pub(super) use alerts::AlertRuleFile;
pub use alerts::{AlertRow, Alerts, RuleLink};
pub use calendar::{Calendar, EventSeries};
pub use controls::{Controls, Coverage, Evidence, EvidenceRole};
pub use decisions::{DecisionEntry, Decisions};
pub use expiries::{Expiries, Expiry, Urgency};
pub use health::HealthBoard;
pub(super) use health::HealthDataFile;
pub use incidents::{Actions, Deadline, Incident, Incidents, PlannedAction, Progress, SimilarIncidents};
pub use meetings::{DigestEntry, MeetingEntry, Meetings};
pub use mentions::{MentionEntry, Mentions};
pub use owners::Owners;
pub use page_lists::{ListEntries, PageLists};
pub use periods::month_ends;
pub use references::{FieldReference, FieldReferences};
pub(super) use references::{NAMES, names_something};
pub use reviews::{OwnerReviews, Review, ReviewState, Reviews};
pub use table::Register;
pub use uses::{RunbookUse, RunbookUses};

/// Every register.
#[derive(Debug, Default)]
pub struct Registers {
    /// Alerts and their runbooks.
    pub alerts: Alerts,
    /// Controls and the pages that are evidence for them.
    pub controls: Controls,
    /// The review of each page.
    pub reviews: Reviews,
    /// Entries that end on a day, such as exceptions.
    pub expiries: Expiries,
    /// References between pages in their fields.
    pub references: FieldReferences,
    pub incidents: Incidents,
    /// Incidents in which runbooks were used.
    pub uses: RunbookUses,
    pub advisories: Advisories,
    /// Actions from minutes and analyses.
    pub actions: ActionItems,
    pub decisions: Decisions,
    pub meetings: Meetings,
    /// Events that repeat or take place once.
    pub calendar: Calendar,
    /// How well services work, as measured.
    pub health: HealthBoard,
    /// Pages named in the text of others.
    pub mentions: Mentions,
    /// What each owner has to do.
    pub owners: Owners,
    /// What the lists of pages hold.
    pub lists: PageLists,
    /// The spellings of names, from `people.yaml`.
    pub people: PeopleNames,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Registers {
    /// The digest of what registers say about a page, without the titles and URLs of other pages.
    pub fn digest_for_page(&self, page: PageId) -> Digest {
        // The page shows similar incidents with their names and days.
        let seen =
            self.incidents.for_page(page).map(|incident| (incident, self.incidents.named(&incident.seen)));
        let reviews = (self.reviews.for_page(page), self.expiries.for_page(page), self.uses.for_page(page));
        let mentions = self.mentions.for_page(page);
        let events = (self.calendar.digest_for_page(page), self.owners.slugs());
        let lines = (self.alerts.lines_for_page(page), self.lists.for_page(page));
        let texts = (mentions, events, lines, self.people.digest());
        Digest::of_value(&(seen, self.advisories.for_page(page), reviews, texts))
    }
}

/// The inputs that registers are made from.
#[derive(Clone, Copy)]
pub(super) struct RegisterInputs<'a> {
    pub parts: &'a SiteInputs<'a>,
    pub structure: &'a Structure,
    pub rules: &'a [Arc<AlertRuleFile>],
    pub health: &'a [Arc<HealthDataFile>],
    pub people: &'a PeopleNames,
    /// Pages that replace parsed ones, see [`FieldReferences::redacted`].
    pub redacted: &'a BTreeMap<PageId, Arc<Page>>,
}

impl<'a> RegisterInputs<'a> {
    /// Every page with its id, in reading order.
    pub fn pages(&self) -> impl Iterator<Item = (PageId, &'a Arc<Page>)> {
        let inputs = *self;
        (0..).map(PageId).take(self.structure.places.len()).map(move |id| (id, inputs.page(id)))
    }

    pub fn page(&self, id: PageId) -> &'a Arc<Page> {
        let parsed = || self.structure.places[id.0 as usize].origin.page(self.parts);
        self.redacted.get(&id).unwrap_or_else(parsed)
    }

    /// The address of a page: absolute where the handbook has a base URL, else from the root of the site.
    pub fn address(&self, PageId(id): PageId) -> String {
        let base = self.parts.config.base_url.as_deref().unwrap_or("/");
        let encoded = &self.structure.places[id as usize].encoded;
        format!("{base}{}", self.parts.config.addresses.written(encoded))
    }

    /// The page at a path of the site (decoded, without leading slash), or the target of an alias.
    pub fn page_at(&self, path: &str) -> Option<PageId> {
        let url = self.parts.config.addresses.page_path(path);
        self.structure.urls.get(url.as_str()).or_else(|| self.structure.redirects.get(&url)).copied()
    }
}

/// A register with its name in settings and addresses.
pub type NamedRegister<'a> = (&'a str, Box<dyn Register + 'a>);

/// The registers that have plots, in the order of the poster.
const PLOTTED: [RegisterName; 5] = [
    RegisterName::Incidents,
    RegisterName::Actions,
    RegisterName::Alerts,
    RegisterName::Reviews,
    RegisterName::Controls,
];

impl Site {
    /// Every register that the settings enable, in the order of the overview.
    pub fn all_registers(&self) -> Vec<NamedRegister<'_>> {
        let mut all: Vec<NamedRegister<'_>> = Vec::new();
        for name in RegisterName::ALL {
            all.push((name.as_str(), self.register(name)));
        }
        for register in &self.field_registers.list {
            all.push((&register.name, Box::new(register)));
        }
        all.retain(|(name, _)| self.config.has_register(name));
        all
    }

    /// A register that has code of its own.
    fn register(&self, name: RegisterName) -> Box<dyn Register + '_> {
        let made = &self.registers;
        match name {
            RegisterName::Actions => Box::new(&made.actions),
            RegisterName::Decisions => Box::new(&made.decisions),
            RegisterName::Meetings => Box::new(&made.meetings),
            RegisterName::Calendar => Box::new(&made.calendar),
            RegisterName::Health => Box::new(&made.health),
            RegisterName::Incidents => Box::new(&made.incidents),
            RegisterName::Advisories => Box::new(&made.advisories),
            RegisterName::Reviews => {
                Box::new(reviews::ReviewRegister { reviews: &made.reviews, expiries: &made.expiries })
            }
            RegisterName::Alerts => Box::new(&made.alerts),
            RegisterName::Controls => Box::new(&made.controls),
            RegisterName::Owners => Box::new(owners::OwnerRegister {
                owners: &made.owners,
                reviews: &made.reviews,
                actions: &made.actions,
            }),
            RegisterName::Poster => {
                let plotted = PLOTTED.into_iter().filter(|name| self.config.has(*name));
                Box::new(poster::Poster { registers: plotted.map(|name| self.register(name)).collect() })
            }
        }
    }

    /// The name of a field's value according to the kind of a page.
    fn name_of_value<'a>(&'a self, page: PageId, field: &str, value: &'a str) -> &'a str {
        let kind = &self.page(page).page.front.kind;
        self.kinds.wording(kind, &self.words().language).value(field, value)
    }

    /// The label of a field according to the kind of a page. A field of a record (`exceptions.until`), or one that the kind
    /// does not have, is called by its path.
    fn name_of_field<'a>(&'a self, page: PageId, field: &'a str) -> &'a str {
        let kind = &self.page(page).page.front.kind;
        let known = kind.field(&self.kinds.common, field);
        known.map_or(field, |known| self.kinds.wording(kind, &self.words().language).label(field, known))
    }
}

/// The digest of everything that [`collect`] reads.
pub(super) fn key(parts: &SiteInputs<'_>, structure: Digest) -> Digest {
    let pages: Vec<Digest> = parts.pages.iter().map(|page| page.registers_digest).collect();
    let data: Vec<Digest> = parts.data.values().map(|source| source.digest).collect();
    // Names of hidden pages decide whether a broken reference is reported as hidden or as unknown.
    Digest::of_value(&(structure, pages, data, parts.today, parts.kinds.digest, parts.hidden.digest()))
}

/// The files of the data folder that are read one by one, and again only when they change.
#[derive(Debug)]
pub(super) struct DataFiles {
    pub rules: Vec<Arc<AlertRuleFile>>,
    pub health: Vec<Arc<HealthDataFile>>,
}

/// Makes every register. Those from fields and those from texts are independent and run in parallel.
pub(super) fn collect(parts: &SiteInputs<'_>, structure: &Structure, files: &DataFiles) -> Registers {
    let mut diagnostics = Vec::new();
    let DataFiles { rules, health } = files;
    let lists_people = |source: &&Source| people::may_hold(&source.path);
    let people = PeopleNames::read(parts.data.values().filter(lists_people), &mut diagnostics);
    let as_parsed =
        RegisterInputs { parts, structure, rules, health, people: &people, redacted: &BTreeMap::new() };
    let references = references::collect(&as_parsed, &mut diagnostics);
    let book = &RegisterInputs { redacted: references.redacted(), ..as_parsed };
    let addresses = mentions::Addresses::new(book);
    let (of_fields, of_texts) =
        rayon::join(|| from_fields(book, &references), || from_texts(book, &addresses));
    let mentions = mentions::collect(book, &references, &addresses);
    loops::check(book, &references, &mut diagnostics);
    // Every field is named, so that the compiler reports a register that is not filled.
    let FromFields { reviews, expiries, controls, incidents, uses, advisories, diagnostics: of_fields } =
        of_fields;
    let FromTexts { alerts, actions, decisions, meetings, calendar, health, diagnostics: of_texts } =
        of_texts;
    diagnostics.extend(of_fields);
    diagnostics.extend(of_texts);
    let lists = page_lists::collect(book, &actions);
    let owners = if parts.config.has(RegisterName::Owners) {
        owners::collect(book, &reviews, &actions)
    } else {
        Owners::default()
    };
    Registers {
        alerts,
        controls,
        reviews,
        expiries,
        references,
        incidents,
        uses,
        advisories,
        actions,
        decisions,
        meetings,
        calendar,
        health,
        mentions,
        owners,
        lists,
        people,
        diagnostics,
    }
}

/// The registers that front matter alone decides.
struct FromFields {
    reviews: Reviews,
    expiries: Expiries,
    controls: Controls,
    incidents: Incidents,
    uses: RunbookUses,
    advisories: Advisories,
    diagnostics: Vec<Diagnostic>,
}

fn from_fields(book: &RegisterInputs<'_>, references: &FieldReferences) -> FromFields {
    let mut diagnostics = Vec::new();
    let incidents = incidents::collect(book, references, &mut diagnostics);
    let uses = uses::collect(book, references, &incidents);
    let reviews = reviews::collect(book, &uses, &mut diagnostics);
    FromFields {
        expiries: expiries::collect(book, &mut diagnostics),
        controls: controls::collect(book, &reviews, &mut diagnostics),
        advisories: advisories::collect(book),
        reviews,
        incidents,
        uses,
        diagnostics,
    }
}

/// The registers of texts and rule files. They stay empty where they are switched off.
#[derive(Default)]
struct FromTexts {
    alerts: Alerts,
    actions: ActionItems,
    decisions: Decisions,
    meetings: Meetings,
    calendar: Calendar,
    health: HealthBoard,
    diagnostics: Vec<Diagnostic>,
}

fn from_texts(book: &RegisterInputs<'_>, addresses: &mentions::Addresses<'_>) -> FromTexts {
    let mut made = FromTexts::default();
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
    if config.has(RegisterName::Calendar) {
        made.calendar = calendar::collect(book, &mut made.diagnostics);
    }
    if config.has(RegisterName::Health) {
        made.health = health::collect(book, &mut made.diagnostics);
    }
    made
}
