//! Decisions: one log over all pages, the latest first, grouped by year.
//!
//! This module owns the columns, the order, and the choice of pages that are a decision themselves. `page::facts`
//! reads decisions in texts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::table::{
    Cell, Column, FileContent, FileRows, Layout, Register, RegisterContent, RegisterPage, RowList, Tables,
    tone_of_status,
};
use super::{CollectedRegister, RegisterInputs};
use crate::kinds::Kind;
use crate::memo::Digest;
use crate::page::Page;
use crate::site::{PageId, Site};

pub const NAME: &str = "decisions";

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: NAME,
    is_fed_by_kinds: true,
    is_shown_on_pages: false,
    collect: |inputs, made| made.decisions = collect(inputs.pages),
    register: |made| Box::new(&made.decisions),
};

/// Every decision, the latest first. Those without a date come last.
#[derive(Debug, Default, Hash)]
pub struct Decisions {
    pub entries: Vec<DecisionEntry>,
}

/// A decision, as a page or in the text of a page.
#[derive(Debug, Clone, Hash)]
pub struct DecisionEntry {
    pub text: String,
    /// Whether the page itself is the decision, not a record of it.
    pub is_page: bool,
    /// The topic: the heading above it.
    pub about: Option<String>,
    pub date: Option<Date>,
    pub group: Option<String>,
    /// The owner, where the page itself is the decision.
    pub owner: Option<String>,
    /// The status, where the page itself is the decision.
    pub status: Option<String>,
    pub page: PageId,
    pub anchor: Option<String>,
}

static COLUMNS: &[Column<DecisionEntry>] = &[
    Column::new("text", |_, entry| {
        let about = entry.about.as_deref().unwrap_or_default();
        Cell::new(entry.text.as_str()).to_page(entry.page, entry.anchor.as_deref()).note(about)
    }),
    Column::new("about", |_, entry| Cell::new(entry.about.as_deref())),
    Column::new("date", |_, entry| Cell::new(entry.date)),
    Column::new("group", |_, entry| Cell::new(entry.group.as_deref())),
    Column::new("owner", |_, entry| Cell::new(entry.owner.as_deref())),
    Column::new("status", |_, entry| {
        let status = entry.status.as_deref();
        Cell::choice(entry.page, "status", status).tone(status.and_then(tone_of_status))
    }),
    Column::new("page", |_, entry| Cell::page(entry.page)),
    Column::new("anchor", |_, entry| Cell::new(entry.anchor.as_deref())),
    // A page that is the decision is linked in the first column.
    Column::on_pages(
        "minutes",
        |_, entry| if entry.is_page { Cell::default() } else { Cell::page(entry.page) },
    ),
];

static LAYOUT: Layout<DecisionEntry> = Layout {
    columns: COLUMNS,
    shown: &[
        ("text", "column.decision"),
        ("date", "column.date"),
        ("status", "column.status"),
        ("group", "column.group"),
        ("owner", "column.owner"),
        ("minutes", "column.minutes"),
    ],
};

impl Register for Decisions {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let t = site.words();
        let count = t.counted("unit.decision", self.entries.len());
        let page = RegisterPage::new("decisions/", t.say("decisions.title"))
            .entry(t.say("register.computed"), count, t.say("decisions.lead"))
            .files(["decisions.json", "decisions.csv"]);
        vec![page]
    }

    fn content(&self, site: &Site, _: &RegisterPage) -> RegisterContent<'_> {
        let t = site.words();
        let mut years: BTreeMap<Reverse<Option<i16>>, Vec<&DecisionEntry>> = BTreeMap::new();
        for entry in &self.entries {
            years.entry(Reverse(entry.date.map(|date| date.year()))).or_default().push(entry);
        }
        let mut tables = Tables::new(site, years.len());
        for (Reverse(year), entries) in &years {
            let title = year.map_or_else(|| t.say("decisions.no_date").to_owned(), |year| year.to_string());
            tables.add(&title, "", &LAYOUT, entries);
        }
        RegisterContent {
            lead: t.say("decisions.lead").to_owned(),
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    fn data(&self, site: &Site, _: &str) -> FileContent<'_> {
        let list = RowList::new("decisions", COLUMNS, site, &self.entries);
        FileContent::Rows(FileRows { head: Vec::new(), lists: vec![list] })
    }

    fn digest(&self, _: &Site) -> Digest {
        Digest::of_value(self)
    }
}

fn collect(book: &RegisterInputs<'_>) -> Decisions {
    let mut entries = Vec::new();
    for (id, page) in book.pages() {
        if is_decision(&page.front.kind) {
            entries.push(of_page(id, page))
        } else {
            entries.extend(of_text(id, page))
        }
    }
    entries.sort_by_key(|entry| Reverse(entry.date));
    Decisions { entries }
}

/// Whether each page of a kind is one decision. Minutes and reports record decisions but are not decisions themselves.
fn is_decision(kind: &Kind) -> bool {
    kind.feeds(NAME) && !kind.feeds("meetings") && !kind.feeds("incidents")
}

fn of_page(id: PageId, page: &Page) -> DecisionEntry {
    let front = &page.front;
    DecisionEntry {
        text: page.title.clone(),
        is_page: true,
        about: None,
        date: front.date,
        group: None,
        owner: front.owner.clone(),
        status: front.data.text("status").map(str::to_owned),
        page: id,
        anchor: None,
    }
}

fn of_text(id: PageId, page: &Page) -> impl Iterator<Item = DecisionEntry> {
    page.facts.decisions.iter().map(move |decision| DecisionEntry {
        text: decision.text.clone(),
        is_page: false,
        about: decision.about.clone(),
        date: decision.said,
        group: page.facts.group.clone(),
        owner: None,
        status: None,
        page: id,
        anchor: decision.anchor.clone(),
    })
}
