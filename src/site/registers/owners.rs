//! Owners: what each role, team or person answers for.
//!
//! This module owns which names are owners, the address of each, and the rows of their pages. Pages are those that name
//! the owner in their front matter; actions and reviews come from their registers. Names that differ only in case or
//! punctuation share an address, so they are one owner.

use std::collections::BTreeMap;

use super::actions::{ActionItem, ActionItems, OPEN as ACTIONS};
use super::reviews::{OTHERS as REVIEWS, Review, ReviewState, Reviews};
use super::table::{
    Cell, CellLink, Column, FileContent, FileRows, Layout, ROOT, Register, RegisterContent, RegisterFigure,
    RegisterPage, RowList, Tables, Tone, tone_of_status,
};
use super::{CollectedRegister, PageId, RegisterInputs};
use crate::memo::Digest;
use crate::path::{UrlPath, segment};
use crate::people::PeopleNames;
use crate::site::{FolderRole, Site};

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: "owners",
    is_fed_by_kinds: false,
    is_shown_on_pages: false,
    collect: |inputs, made| made.owners = collect(inputs.pages, &made.reviews, &made.actions),
    register: |made| {
        Box::new(OwnerRegister { owners: &made.owners, reviews: &made.reviews, actions: &made.actions })
    },
};

/// Everyone who owns a page or an open action.
#[derive(Debug, Default, Hash)]
pub struct Owners {
    /// In the order of their addresses.
    list: Vec<Owner>,
}

/// One owner.
#[derive(Debug, Hash)]
struct Owner {
    /// In the first spelling, or that of `people.yaml`.
    name: String,
    /// The last part of the address.
    slug: String,
    /// The pages that name the owner, in reading order.
    pages: Vec<PageId>,
    /// Indexes into [`Reviews::rows`], the most urgent first.
    reviews: Vec<usize>,
    /// The reviews that are not fresh.
    due: usize,
    /// Indexes into [`ActionItems::items`] of open actions.
    actions: Vec<usize>,
    /// The open actions that are late.
    overdue: usize,
}

static COLUMNS: &[Column<Owner>] = &[
    Column::new("name", |_, owner| {
        Cell::new(owner.name.as_str()).link(Some(CellLink::Register(owner.url())))
    }),
    Column::new("pages", |_, owner| Cell::new(owner.pages.len())),
    Column::new("reviews_due", |_, owner| Cell::new(owner.due).tone((owner.due > 0).then_some(Tone::Warn))),
    Column::new("actions_open", |_, owner| Cell::new(owner.actions.len())),
    Column::new("actions_overdue", |_, owner| {
        Cell::new(owner.overdue).tone((owner.overdue > 0).then_some(Tone::Bad))
    }),
];

static LAYOUT: Layout<Owner> = Layout {
    columns: COLUMNS,
    shown: &[
        ("name", "column.owner"),
        ("pages", "column.pages"),
        ("reviews_due", "owners.reviews_due"),
        ("actions_open", "owners.actions_open"),
        ("actions_overdue", "owners.actions_overdue"),
    ],
};

static OWNED: &[Column<PageId>] = &[
    Column::new("page", |site, page| Cell::page(*page).note(site.page(*page).page.description.clone())),
    Column::on_pages("kind", |site, page| {
        let kind = &site.page(*page).page.front.kind;
        Cell::new(site.kinds.wording(kind, &site.words().language).title().to_owned())
    }),
    Column::on_pages("status", |site, page| {
        let status = site.page(*page).page.front.data.text("status");
        Cell::choice(*page, "status", status.map(str::to_owned)).tone(status.and_then(tone_of_status))
    }),
    Column::on_pages("review", |site, page| match site.registers.reviews.for_page(*page) {
        Some(review) => review.state.cell(site),
        None => Cell::default(),
    }),
];

static PAGES: Layout<PageId> = Layout {
    columns: OWNED,
    shown: &[
        ("page", "column.page"),
        ("kind", "owners.kind"),
        ("status", "column.status"),
        ("review", "column.review"),
    ],
};

impl Owner {
    fn url(&self) -> UrlPath {
        UrlPath::new(format!("{ROOT}owners/{}/", self.slug))
    }
}

impl Owners {
    /// The addresses of all owners: what other pages show of them.
    pub(super) fn slugs(&self) -> Vec<&str> {
        self.list.iter().map(|owner| owner.slug.as_str()).collect()
    }

    /// The URL of an owner's page, by any spelling of the name.
    pub fn page_of(&self, people: &PeopleNames, name: &str) -> Option<UrlPath> {
        let slug = segment(people.name(name));
        let known = self.list.binary_search_by(|owner| owner.slug.cmp(&slug)).ok()?;
        Some(self.list[known].url())
    }
}

/// The register's content: owners, with the rows of other registers.
struct OwnerRegister<'a> {
    owners: &'a Owners,
    reviews: &'a Reviews,
    actions: &'a ActionItems,
}

impl Register for OwnerRegister<'_> {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        let owners = &self.owners.list;
        if owners.is_empty() {
            return Vec::new();
        }
        let t = site.words();
        let count = t.counted("unit.owner", owners.len());
        let top = RegisterPage::new("owners/", t.say("owners.title"))
            .entry(t.say("register.computed"), count, t.say("owners.lead"))
            .files(["owners.json", "owners.csv"]);
        let mut pages = vec![top];
        for owner in owners {
            let page = RegisterPage { url: owner.url(), ..RegisterPage::new("", owner.name.as_str()) };
            let page = page.topic(owner.slug.as_str()).below(&pages[0]);
            pages.push(page);
        }
        pages
    }

    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_> {
        let t = site.words();
        if let Some(owner) = self.owners.list.iter().find(|owner| owner.slug == page.topic) {
            return self.content_of(site, owner);
        }
        let mut tables = Tables::new(site, 1);
        let owners: Vec<&Owner> = self.owners.list.iter().collect();
        tables.add(t.say("owners.title"), "", &LAYOUT, &owners);
        RegisterContent {
            lead: t.say("owners.lead").to_owned(),
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    fn data(&self, site: &Site, _: &str) -> FileContent<'_> {
        let list = RowList::new("owners", COLUMNS, site, &self.owners.list);
        FileContent::Rows(FileRows { head: vec![("today", site.today.into())], lists: vec![list] })
    }

    fn digest(&self, site: &Site) -> Digest {
        Digest::of_value(&(self.owners, self.reviews, self.actions, site.today))
    }
}

impl<'a> OwnerRegister<'a> {
    /// What one owner has to do, and what there is.
    fn content_of(&self, site: &Site, owner: &'a Owner) -> RegisterContent<'a> {
        let t = site.words();
        let mut tables = Tables::new(site, 3);
        let actions: Vec<&ActionItem> =
            owner.actions.iter().map(|index| &self.actions.items[*index]).collect();
        tables.add(t.say("actions.open_title"), "", &ACTIONS, &actions);
        let reviews = owner.reviews.iter().map(|index| &self.reviews.rows[*index]);
        let due: Vec<&Review> = reviews.filter(|review| is_due(review)).collect();
        tables.add(t.say("owners.due_title"), "", &REVIEWS, &due);
        let pages: Vec<&PageId> = owner.pages.iter().collect();
        tables.add(t.say("column.pages"), "", &PAGES, &pages);
        RegisterContent {
            label: t.say("column.owner").to_owned(),
            figures: vec![
                RegisterFigure::new(owner.pages.len(), t.unit("owners.pages", owner.pages.len()))
                    .table(t.say("column.pages")),
                RegisterFigure::toned(owner.due, t.unit("owners.due", owner.due), Tone::Warn)
                    .table(t.say("owners.due_title")),
                RegisterFigure::new(actions.len(), t.unit("owners.open", actions.len()))
                    .table(t.say("actions.open_title")),
                RegisterFigure::toned(owner.overdue, t.say("actions.figure_overdue"), Tone::Bad)
                    .filter("state", "overdue"),
            ],
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }
}

fn is_due(review: &Review) -> bool {
    review.state != ReviewState::Fresh
}

fn collect(book: &RegisterInputs<'_>, reviews: &Reviews, actions: &ActionItems) -> Owners {
    let mut found = FoundOwners { people: book.people, by_slug: BTreeMap::new() };
    for (id, page) in book.pages() {
        let is_written = book.structure.places[id.0 as usize].section != FolderRole::Listing;
        if let Some(owner) =
            page.front.owner.as_deref().filter(|_| is_written).and_then(|name| found.owner(name))
        {
            owner.pages.push(id);
        }
    }
    for (index, review) in reviews.rows.iter().enumerate() {
        if let Some(owner) = review.owner.as_deref().and_then(|name| found.owner(name)) {
            owner.due += usize::from(is_due(review));
            owner.reviews.push(index);
        }
    }
    for (index, item) in actions.items.iter().enumerate().filter(|(_, item)| !item.state.is_closed()) {
        for name in &item.owners {
            if let Some(owner) = found.owner(name) {
                owner.overdue += usize::from(item.overdue);
                owner.actions.push(index);
            }
        }
    }
    Owners { list: found.by_slug.into_values().collect() }
}

/// Owners while they are collected.
struct FoundOwners<'a> {
    people: &'a PeopleNames,
    by_slug: BTreeMap<String, Owner>,
}

impl FoundOwners<'_> {
    /// The owner with a name; `None` where the name has no letter or digit to make an address of.
    fn owner(&mut self, name: &str) -> Option<&mut Owner> {
        let name = self.people.name(name);
        let slug = segment(name);
        if slug.is_empty() {
            return None;
        }
        let new = || Owner {
            name: name.to_owned(),
            slug: slug.clone(),
            pages: Vec::new(),
            reviews: Vec::new(),
            due: 0,
            actions: Vec::new(),
            overdue: 0,
        };
        Some(self.by_slug.entry(slug.clone()).or_insert_with(new))
    }
}
