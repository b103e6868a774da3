//! Meetings: one list over all minutes, and the minutes that are missing.
//!
//! This module owns the order of meetings, the targets of a digest's links to other minutes, and the columns of the
//! pages: one for all groups and one for each. The number of people is shown only where the settings allow it.
//! `page::facts` reads the pages.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::mentions::Addresses;
use super::table::{
    Cell, CellLink, CellValue, Column, FileContent, FileRows, Layout, ROOT, Register, RegisterContent,
    RegisterFigure, RegisterPage, RowList, Tables, Tone,
};
use super::{CollectedRegister, RegisterInputs};
use crate::config::Participants;
use crate::memo;
use crate::page::facts::{GroupSummary, Meeting};
use crate::path::{UrlPath, segment};
use crate::site::{PageId, Site};

pub const NAME: &str = "meetings";

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: NAME,
    is_fed_by_kinds: true,
    is_shown_on_pages: false,
    collect: |inputs, made| made.meetings = collect(inputs.pages, inputs.addresses),
    register: |made| Box::new(&made.meetings),
};

/// The most topics of a meeting that a page shows.
const MAX_TOPICS: usize = 6;

/// Every meeting, the latest first. Those without a date come last.
#[derive(Debug, Default, Hash)]
pub struct Meetings {
    pub meetings: Vec<MeetingEntry>,
}

/// One meeting.
#[derive(Debug, Clone, Hash)]
pub struct MeetingEntry {
    pub date: Option<Date>,
    pub group: Option<String>,
    pub page: PageId,
    pub anchor: Option<String>,
    /// The number of participants, where readers may know it.
    pub people: Option<u32>,
    /// The titles of the agenda items.
    pub topics: Vec<String>,
    pub actions: u32,
    pub decisions: u32,
    /// The links to the minutes of other groups.
    pub digests: Vec<DigestEntry>,
}

/// A link to the minutes of another group.
#[derive(Debug, Clone, Hash)]
pub struct DigestEntry {
    pub title: String,
    pub anchor: Option<String>,
    /// The page with these minutes, if the handbook has it.
    pub page: Option<PageId>,
    /// As written.
    pub link: String,
    /// Whether the digest says that the minutes are available.
    pub available: bool,
}

impl Meetings {
    /// The meetings whose digest names minutes that are neither available nor in the handbook.
    pub fn missing(&self) -> impl Iterator<Item = (&MeetingEntry, &DigestEntry)> {
        let digests =
            self.meetings.iter().flat_map(|meeting| meeting.digests.iter().map(move |d| (meeting, d)));
        digests.filter(|(_, digest)| !digest.available && digest.page.is_none())
    }

    /// The meetings of each group, by the segment of the group in URLs. The latest meeting decides how the name is
    /// written.
    fn by_group(&self, site: &Site) -> BTreeMap<String, MeetingGroup<'_>> {
        let mut groups: BTreeMap<String, MeetingGroup<'_>> = BTreeMap::new();
        for meeting in &self.meetings {
            let named = meeting.group.as_deref().filter(|name| !segment(name).is_empty());
            let name = named.unwrap_or(site.words().say("meetings.other"));
            let group = groups.entry(segment(name)).or_insert_with_key(|segment| MeetingGroup {
                segment: segment.clone(),
                name: name.to_owned(),
                meetings: Vec::new(),
            });
            group.meetings.push(meeting);
        }
        groups
    }
}

/// A group and its meetings.
struct MeetingGroup<'a> {
    /// The segment in URLs.
    segment: String,
    name: String,
    /// The latest first.
    meetings: Vec<&'a MeetingEntry>,
}

static COLUMNS: &[Column<MeetingEntry>] = &[
    Column::new("page", |_, meeting| {
        let mut topics =
            meeting.topics.iter().take(MAX_TOPICS).map(String::as_str).collect::<Vec<_>>().join(" · ");
        if meeting.topics.len() > MAX_TOPICS {
            topics.push_str(" · …");
        }
        Cell::page(meeting.page).to_page(meeting.page, meeting.anchor.as_deref()).note(topics)
    }),
    Column::new("anchor", |_, meeting| Cell::new(meeting.anchor.as_deref())),
    Column::new("date", |_, meeting| Cell::new(meeting.date)),
    Column::new("group", |_, meeting| Cell::new(meeting.group.as_deref())),
    Column::new("topics", |_, meeting| Cell::texts(&meeting.topics)),
    Column::new("decisions", |_, meeting| count(meeting.decisions)),
    Column::new("actions", |_, meeting| count(meeting.actions)),
    Column::new("participants", |site, meeting| match site.config.participants {
        Participants::Hide => Cell::default(),
        _ => Cell::new(meeting.people.map(|people| CellValue::Number(people.into()))),
    }),
];

static LAYOUT: Layout<MeetingEntry> = Layout {
    columns: COLUMNS,
    shown: &[
        ("page", "column.minutes"),
        ("date", "column.date"),
        ("decisions", "column.decisions"),
        ("actions", "column.actions"),
        ("participants", "column.participants"),
    ],
};

impl Register for Meetings {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        if self.meetings.is_empty() {
            return Vec::new();
        }
        let t = site.words();
        let count = t.counted("unit.meeting", self.meetings.len());
        let top = RegisterPage::new("meetings/", t.say("meetings.title"))
            .entry(t.say("register.computed"), count, t.say("meetings.lead"))
            .files(["meetings.json", "meetings.csv"]);
        let mut pages = vec![top.clone()];
        for group in self.by_group(site).into_values() {
            let page = RegisterPage::new(&format!("meetings/{}/", group.segment), group.name);
            pages.push(page.topic(group.segment).below(&top));
        }
        pages
    }

    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_> {
        let groups = self.by_group(site);
        match groups.get(&page.topic) {
            Some(group) => one_group(site, group),
            None => self.all_groups(site, &groups),
        }
    }

    fn data(&self, site: &Site, _: &str) -> FileContent<'_> {
        let list = RowList::new("meetings", COLUMNS, site, &self.meetings);
        FileContent::Rows(FileRows { head: Vec::new(), lists: vec![list] })
    }

    fn digest(&self, site: &Site) -> memo::Digest {
        memo::Digest::of_value(&(self, site.config.participants))
    }
}

impl Meetings {
    fn all_groups<'a>(
        &'a self,
        site: &Site,
        groups: &BTreeMap<String, MeetingGroup<'a>>,
    ) -> RegisterContent<'a> {
        let t = site.words();
        let missing: Vec<(&MeetingEntry, &DigestEntry)> = self.missing().collect();
        let mut tables = Tables::new(site, 1);
        let columns =
            ["column.group", "column.meetings", "column.last", "column.decisions", "column.actions"];
        let rows = groups.values().map(group_row).collect();
        tables.add_cells(t.say("meetings.groups"), "", &columns, rows);
        let columns = ["column.group", "column.named_in", "column.date"];
        let rows = missing.iter().map(|(meeting, digest)| missing_row(meeting, digest)).collect();
        tables.add_cells(t.say("meetings.missing"), t.say("meetings.missing_note"), &columns, rows);
        RegisterContent {
            lead: t.say("meetings.lead").to_owned(),
            figures: vec![
                RegisterFigure::new(groups.len(), t.unit("unit.group", groups.len()))
                    .table(t.say("meetings.groups")),
                RegisterFigure::new(self.meetings.len(), t.say("meetings.figure_meetings")),
                RegisterFigure::toned(missing.len(), t.say("meetings.figure_missing"), Tone::Warn)
                    .table(t.say("meetings.missing")),
            ],
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }
}

/// The row of a group with the totals of its meetings.
fn group_row<'a>(group: &MeetingGroup<'a>) -> Vec<Cell<'a>> {
    let url = UrlPath::new(format!("{ROOT}meetings/{}/", group.segment));
    let decisions: u32 = group.meetings.iter().map(|meeting| meeting.decisions).sum();
    let actions: u32 = group.meetings.iter().map(|meeting| meeting.actions).sum();
    vec![
        Cell::new(group.name.clone()).link(Some(CellLink::Register(url))),
        Cell::new(group.meetings.len()),
        Cell::new(group.meetings.first().and_then(|meeting| meeting.date)),
        Cell::new(CellValue::Number(decisions.into())),
        Cell::new(CellValue::Number(actions.into())),
    ]
}

fn missing_row<'a>(meeting: &'a MeetingEntry, digest: &'a DigestEntry) -> Vec<Cell<'a>> {
    let named = Cell::page(meeting.page).to_page(meeting.page, digest.anchor.as_deref());
    vec![Cell::new(digest.title.as_str()), named, Cell::new(meeting.date)]
}

fn one_group<'a>(site: &Site, group: &MeetingGroup<'a>) -> RegisterContent<'a> {
    let t = site.words();
    let mut tables = Tables::new(site, 1);
    tables.add(t.say("meetings.all"), "", &LAYOUT, &group.meetings);
    RegisterContent {
        label: t.say("meetings.group").to_owned(),
        tables: tables.finish(),
        ..RegisterContent::default()
    }
}

/// A count that pages leave empty where it is zero.
fn count(count: u32) -> Cell<'static> {
    let cell = Cell::new(CellValue::Number(count.into()));
    if count == 0 { cell.label("") } else { cell }
}

fn collect(book: &RegisterInputs<'_>, addresses: &Addresses<'_>) -> Meetings {
    let mut meetings = Vec::new();
    for (id, page) in book.pages() {
        for meeting in &page.facts.meetings {
            let on_the_day = |said: Option<Date>| said == meeting.date;
            let actions = page.facts.actions.iter().filter(|action| on_the_day(action.said)).count();
            let decisions = page.facts.decisions.iter().filter(|decision| on_the_day(decision.said)).count();
            meetings.push(MeetingEntry {
                date: meeting.date,
                group: page.facts.group.clone(),
                page: id,
                anchor: meeting.anchor.clone(),
                people: Some(meeting.people.count).filter(|count| *count > 0),
                topics: meeting.agenda.iter().map(|topic| topic.title.clone()).collect(),
                actions: u32::try_from(actions).unwrap_or(u32::MAX),
                decisions: u32::try_from(decisions).unwrap_or(u32::MAX),
                digests: digests(meeting, id, addresses),
            });
        }
    }
    meetings.sort_by_key(|meeting| std::cmp::Reverse(meeting.date));
    Meetings { meetings }
}

fn digests(meeting: &Meeting, from: PageId, addresses: &Addresses<'_>) -> Vec<DigestEntry> {
    let entry = |digest: &GroupSummary| DigestEntry {
        title: digest.title.clone(),
        anchor: digest.anchor.clone(),
        page: addresses.page(from, &digest.span.file, &digest.link),
        link: digest.link.clone(),
        available: digest.available,
    };
    meeting.digests.iter().map(entry).collect()
}
