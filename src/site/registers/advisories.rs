//! Advisories: vulnerabilities, and the progress of their repair.
//!
//! This module owns [`Advisories`] with one [`Advisory`] for each page of a kind that feeds the register, and its
//! columns. The names in data files are those of CSAF and VEX (`tracking`, `product_status`, `known_affected`) in a
//! plain form; the file is not a CSAF document.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::table::{
    Cell, CellValue, Column, FileContent, FileRows, Layout, Register, RegisterContent, RegisterFigure,
    RegisterPage, RowList, Tables, Tone,
};
use super::{CollectedRegister, RegisterInputs};
use crate::kinds::Moment;
use crate::memo::Digest;
use crate::page::FrontMatter;
use crate::page::revisions::{self, Revision};
use crate::site::{PageId, Site};

pub const NAME: &str = "advisories";

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: NAME,
    is_fed_by_kinds: true,
    is_shown_on_pages: true,
    collect: |inputs, made| made.advisories = collect(inputs.pages),
    register: |made| Box::new(&made.advisories),
};

/// Every advisory. The one that changed last comes first.
#[derive(Debug, Default)]
pub struct Advisories {
    pub list: Vec<Advisory>,
    places: BTreeMap<PageId, usize>,
}

/// One advisory.
#[derive(Debug, Clone, Hash)]
pub struct Advisory {
    pub page: PageId,
    /// The permanent name of the page.
    pub name: Option<String>,
    pub cve: Vec<String>,
    pub severity: Option<String>,
    /// The CVSS score as written, from 0 to 10.
    pub score: Option<String>,
    pub vector: Option<String>,
    pub affected: Vec<Affected>,
    pub patches: Vec<PatchProgress>,
    pub credits: Vec<String>,
    pub contact: Option<String>,
    pub embargo_until: Option<Moment>,
    /// The oldest first.
    pub revisions: Vec<Revision>,
    /// The day of its last change.
    pub changed: Option<Date>,
}

/// The status of some versions of a product.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Affected {
    pub product: String,
    pub versions: Option<String>,
    /// A product status of VEX: `known_affected`, `known_not_affected`, `fixed`, `under_investigation`.
    pub status: String,
}

/// The progress of one provider with the patch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PatchProgress {
    pub provider: String,
    /// `not-affected`, `pending`, `mitigated`, `patched`.
    pub state: String,
    pub date: Option<Date>,
    pub note: Option<String>,
}

impl Advisories {
    /// The advisory on a page.
    pub fn for_page(&self, page: PageId) -> Option<&Advisory> {
        self.places.get(&page).map(|at| &self.list[*at])
    }
}

impl Advisory {
    /// The number of providers that still have the vulnerability.
    pub fn pending(&self) -> usize {
        self.patches.iter().filter(|patch| patch.state == "pending").count()
    }
}

static COLUMNS: &[Column<Advisory>] = &[
    Column::new("page", |_, advisory| {
        Cell::page(advisory.page).note(advisory.name.as_deref().unwrap_or_default())
    }),
    Column::new("tracking", |_, advisory| Cell::new(tracking(advisory))),
    Column::new("cve", |_, advisory| Cell::texts(&advisory.cve)),
    Column::new("severity", |_, advisory| {
        Cell::choice(advisory.page, "severity", advisory.severity.as_deref())
    }),
    Column::new("cvss", |_, advisory| {
        let Some(score) = advisory.score.as_deref() else { return Cell::default() };
        let vector = CellValue::from(advisory.vector.as_deref());
        Cell::new(CellValue::map([("score", score.into()), ("vector", vector)])).label(score)
    }),
    Column::new("product_status", |_, advisory| Cell::new(products(&advisory.affected))),
    Column::new("remediations", |site, advisory| Cell {
        value: remediations(&advisory.patches),
        ..providers(site, advisory)
    }),
    Column::new("acknowledgments", |_, advisory| Cell::texts(&advisory.credits)),
    Column::new("contact", |_, advisory| Cell::new(advisory.contact.as_deref())),
    Column::on_pages("changed", |_, advisory| Cell::new(advisory.changed)),
];

static LAYOUT: Layout<Advisory> = Layout {
    columns: COLUMNS,
    shown: &[
        ("page", "column.advisory"),
        ("cve", "column.cve"),
        ("severity", "column.severity"),
        ("cvss", "column.cvss"),
        ("changed", "column.changed"),
        ("remediations", "column.providers"),
    ],
};

impl Register for Advisories {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.list.is_empty() {
            return Vec::new();
        }
        let t = site.words();
        let count = t.counted("unit.advisory", self.list.len());
        let page = RegisterPage::new("advisories/", t.say("advisories.title"))
            .entry(t.say("register.computed"), count, t.say("advisories.lead"))
            .files(["advisories.json", "advisories.csv"]);
        vec![page]
    }

    fn content(&self, site: &Site, _: &RegisterPage) -> RegisterContent<'_> {
        let t = site.words();
        let rows: Vec<&Advisory> = self.list.iter().collect();
        let open = rows.iter().filter(|advisory| advisory.pending() > 0).count();
        let mut tables = Tables::new(site, 1);
        tables.add(t.say("advisories.all"), "", &LAYOUT, &rows);
        RegisterContent {
            lead: t.say("advisories.lead").to_owned(),
            figures: vec![
                RegisterFigure::new(rows.len(), t.unit("unit.advisory", rows.len())),
                RegisterFigure::toned(open, t.say("advisories.not_mended"), Tone::Warn),
            ],
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    fn data(&self, site: &Site, _: &str) -> FileContent<'_> {
        let list = RowList::new("advisories", COLUMNS, site, &self.list);
        FileContent::Rows(FileRows { head: Vec::new(), lists: vec![list] })
    }

    fn digest(&self, _: &Site) -> Digest {
        Digest::of_value(&self.list)
    }
}

fn tracking(advisory: &Advisory) -> CellValue<'_> {
    let first = advisory.revisions.iter().map(|revision| revision.date).min().or(advisory.changed);
    CellValue::map([
        ("id", advisory.name.as_deref().into()),
        ("initial_release_date", first.into()),
        ("current_release_date", advisory.changed.into()),
        ("revision_history", revision_history(&advisory.revisions)),
    ])
}

/// The revisions of a page in the form of data files.
pub(super) fn revision_history(revisions: &[Revision]) -> CellValue<'_> {
    let mut history = Vec::new();
    for revision in revisions {
        let mut change: Vec<(Cow<'_, str>, CellValue<'_>)> =
            vec![("version".into(), revision.version.as_str().into()), ("date".into(), revision.date.into())];
        // Most kinds have no states, so this key is omitted without a value.
        if let Some(state) = revision.state.as_deref() {
            change.push(("state".into(), state.into()));
        }
        change.push(("summary".into(), revision.summary.as_str().into()));
        history.push(CellValue::Map(change));
    }
    CellValue::List(history)
}

/// Products by their status.
fn products(affected: &[Affected]) -> CellValue<'_> {
    let mut by_status: BTreeMap<&str, Vec<CellValue<'_>>> = BTreeMap::new();
    for affected in affected {
        by_status.entry(&affected.status).or_default().push(CellValue::map([
            ("product", affected.product.as_str().into()),
            ("versions", affected.versions.as_deref().into()),
        ]));
    }
    CellValue::Map(
        by_status.into_iter().map(|(status, list)| (status.into(), CellValue::List(list))).collect(),
    )
}

fn remediations(patches: &[PatchProgress]) -> CellValue<'_> {
    let mut remediations = Vec::new();
    for patch in patches {
        remediations.push(CellValue::map([
            ("provider", patch.provider.as_str().into()),
            ("state", patch.state.as_str().into()),
            ("date", patch.date.into()),
            ("note", patch.note.as_deref().into()),
        ]));
    }
    CellValue::List(remediations)
}

/// The number of providers, and how many of them still have the vulnerability.
fn providers(site: &Site, advisory: &Advisory) -> Cell<'static> {
    let all = advisory.patches.len();
    let pending = advisory.pending();
    let (key, tone) = match (all, pending) {
        (0, _) => return Cell::default(),
        (_, 0) => ("advisories.all_done", Tone::Good),
        _ => ("advisories.pending", Tone::Warn),
    };
    Cell::default().label(site.words().fill(key, &[("count", &all), ("pending", &pending)])).tone(tone)
}

fn collect(book: &RegisterInputs<'_>) -> Advisories {
    let pages = book.pages().filter(|(_, page)| page.front.kind.feeds(NAME));
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
    let revisions = revisions::read_revisions(data);
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

fn patches(front: &FrontMatter) -> Vec<PatchProgress> {
    let patch = |record: &&crate::kinds::Record| {
        Some(PatchProgress {
            provider: record.text("provider")?.to_owned(),
            state: record.text("state")?.to_owned(),
            date: record.date("date"),
            note: record.text("note").map(str::to_owned),
        })
    };
    front.data.records("patches").iter().filter_map(patch).collect()
}
