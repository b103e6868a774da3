//! Registers: tables of facts over all pages of the handbook.
//!
//! This module owns `COLLECTED`, the table of registers that have code of their own, and [`Registers`], what they
//! collect. Each has one file: the facts of pages that it lists, and the columns of the [`table`] from which its page
//! and its data files are made. A register is a pure function of the pages' facts and fields, the data files and the
//! day, and is computed again only when one of them changes. It knows neither HTML nor file formats.
//!
//! A new register is a file here, a field of [`Registers`] and a line in `COLLECTED`. Registers of fields have no code:
//! files define them, `registers` reads these files, and `fields` collects.

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
mod names;
mod owners;
mod page_lists;
mod periods;
mod plot_rows;
mod poster;
mod references;
mod reviews;
pub mod table;
mod uses;
mod value_sets;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::structure::Structure;
use super::{PageId, Site, SiteInputs};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::page::Page;
use crate::people::{self, PeopleNames};

pub use actions::{ActionItem, ActionItems, NAME as ACTIONS, Occurrence, tone_of_action};
pub use advisories::{Advisories, Advisory, Affected, PatchProgress};
pub(super) use alerts::AlertRuleFile;
pub use alerts::{AlertRow, Alerts, NAME as ALERTS, RuleLink};
pub use calendar::{Calendar, EventSeries};
pub use controls::{Controls, Coverage, Evidence, EvidenceRole, NAME as CONTROLS};
pub use decisions::{DecisionEntry, Decisions};
pub use expiries::{Expiries, Expiry, Urgency};
pub use health::HealthBoard;
pub(super) use health::HealthDataFile;
pub use incidents::{
    Actions, Deadline, Incident, Incidents, NAME as INCIDENTS, PlannedAction, Progress, SimilarIncidents,
};
pub use meetings::{DigestEntry, MeetingEntry, Meetings};
pub use mentions::{MentionEntry, Mentions};
pub(super) use names::check as check_names;
pub use owners::Owners;
pub use page_lists::{ListEntries, PageLists};
pub use periods::month_ends;
pub use references::{FieldReference, FieldReferences};
pub(super) use references::{NAMES, names_something};
pub use reviews::{NAME as REVIEWS, OwnerReviews, Review, ReviewState, Reviews};
pub use table::Register;
pub use uses::{RunbookUse, RunbookUses};
pub use value_sets::{ValueChoice, ValueSets};

/// The registers that have code of their own, in the order of the overview. A register may use what those before it
/// collected.
static COLLECTED: &[&CollectedRegister] = &[
    &actions::REGISTER,
    &decisions::REGISTER,
    &meetings::REGISTER,
    &calendar::REGISTER,
    &health::REGISTER,
    &incidents::REGISTER,
    &advisories::REGISTER,
    &reviews::REGISTER,
    &owners::REGISTER,
    &alerts::REGISTER,
    &controls::REGISTER,
    &poster::REGISTER,
];

/// A register that has code of its own. Its columns, plots and files are those of [`Register`].
struct CollectedRegister {
    /// The name in settings and URLs.
    name: &'static str,
    /// Whether definitions of kinds say which pages feed it. If not, any page with the right fields feeds it.
    is_fed_by_kinds: bool,
    /// Whether pages show what it collects, also in a handbook that switches the register off.
    is_shown_on_pages: bool,
    /// Puts what it finds into its field of [`Registers`].
    collect: fn(&CollectionInputs<'_>, &mut Registers),
    /// Its tables.
    register: for<'a> fn(&'a Registers) -> Box<dyn Register + 'a>,
}

/// What registers collect from.
struct CollectionInputs<'a> {
    pages: &'a RegisterInputs<'a>,
    references: &'a FieldReferences,
    addresses: &'a mentions::Addresses<'a>,
}

/// What all registers collected, and further facts about pages.
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
    /// The sets of values that runbooks offer.
    pub value_sets: ValueSets,
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
        let values = self.value_sets.for_page(page);
        let texts = (mentions, events, lines, self.people.digest());
        Digest::of_value(&(seen, self.advisories.for_page(page), reviews, texts, values))
    }
}

/// The inputs that registers are made from.
#[derive(Clone, Copy)]
pub(super) struct RegisterInputs<'a> {
    pub inputs: &'a SiteInputs<'a>,
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
        self.redacted
            .get(&id)
            .unwrap_or_else(|| self.structure.places[id.0 as usize].origin.page(self.inputs))
    }

    /// The address of a page: absolute where the handbook has a base URL, else from the root of the site.
    pub fn address(&self, PageId(id): PageId) -> String {
        let base = self.inputs.config.base_url.as_deref().unwrap_or("/");
        let encoded = &self.structure.places[id as usize].encoded;
        format!("{base}{}", self.inputs.config.addresses.written(encoded))
    }

    /// The page at a path of the site (decoded, without leading slash), or the target of an alias.
    pub fn page_at(&self, path: &str) -> Option<PageId> {
        let url = self.inputs.config.addresses.page_path(path);
        self.structure.urls.get(url.as_str()).or_else(|| self.structure.redirects.get(&url)).copied()
    }
}

/// A register with its name in settings and addresses.
pub type NamedRegister<'a> = (&'a str, Box<dyn Register + 'a>);

impl Site {
    /// Every register that the settings enable, in the order of the overview.
    pub fn all_registers(&self) -> Vec<NamedRegister<'_>> {
        let mut all: Vec<NamedRegister<'_>> = Vec::new();
        for collected in COLLECTED {
            all.push((collected.name, (collected.register)(&self.registers)));
        }
        // `names` reports a file with the name of a collected register.
        let of_fields = self.field_registers.list.iter().filter(|register| !is_collected(&register.name));
        for register in of_fields {
            all.push((&register.name, Box::new(register)));
        }
        all.retain(|(name, _)| self.config.has_register(name));
        all
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
pub(super) fn key(inputs: &SiteInputs<'_>, structure: Digest) -> Digest {
    let pages: Vec<Digest> = inputs.pages.iter().map(|page| page.registers_digest).collect();
    let data: Vec<Digest> = inputs.data.values().map(|source| source.digest).collect();
    // Names of hidden pages decide whether a broken reference is reported as hidden or as unknown.
    Digest::of_value(&(structure, pages, data, inputs.today, inputs.kinds.digest, inputs.hidden.digest()))
}

/// The files of the data folder that are read one by one, and again only when they change.
#[derive(Debug)]
pub(super) struct DataFiles {
    pub rules: Vec<Arc<AlertRuleFile>>,
    pub health: Vec<Arc<HealthDataFile>>,
}

/// Collects every register.
pub(super) fn collect(inputs: &SiteInputs<'_>, structure: &Structure, files: &DataFiles) -> Registers {
    let mut made = Registers::default();
    let DataFiles { rules, health } = files;
    let people = PeopleNames::read(
        inputs.data.values().filter(|source| people::may_hold(&source.path)),
        &mut made.diagnostics,
    );
    let as_parsed =
        RegisterInputs { inputs, structure, rules, health, people: &people, redacted: &BTreeMap::new() };
    let references = references::collect(&as_parsed, &mut made.diagnostics);
    // From here on, pages have no field that names a hidden page.
    let pages = &RegisterInputs { redacted: references.redacted(), ..as_parsed };
    // Before the register of alerts, whose addresses choose sets.
    made.value_sets = value_sets::collect(pages, &mut made.diagnostics);
    let addresses = &mentions::Addresses::new(pages);
    loops::check(pages, &references, &mut made.diagnostics);
    let collection = CollectionInputs { pages, references: &references, addresses };
    let ((), mentions) =
        rayon::join(|| made.fill(&collection), || mentions::collect(pages, &references, addresses));
    made.mentions = mentions;
    made.lists = page_lists::collect(pages, &made.actions);
    made.references = references;
    made.people = people;
    made
}

impl Registers {
    /// Collects what the table lists, one after the other.
    fn fill(&mut self, collection: &CollectionInputs<'_>) {
        for register in COLLECTED {
            if register.is_shown_on_pages || collection.pages.inputs.config.has_register(register.name) {
                (register.collect)(collection, self);
            }
        }
    }
}

/// Whether a register with this name has code of its own.
fn is_collected(name: &str) -> bool {
    COLLECTED.iter().any(|register| register.name == name)
}
