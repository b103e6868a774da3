//! Meetings: one list over all minutes, and which minutes are still missing.
//!
//! Owns their order and where a digest's pointers to other minutes lead. What a page says is read by `page::facts`.

use jiff::civil::Date;

use super::Book;
use super::mentions::Addresses;
use crate::page::facts::{Digest, Meeting};
use crate::site::PageId;

/// Every meeting, the latest first; those without a day last.
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
    /// How many took part, where readers may know.
    pub people: Option<u32>,
    /// Titles of what was talked about.
    pub topics: Vec<String>,
    pub actions: u32,
    pub decisions: u32,
    /// The minutes of other groups that it points to.
    pub digests: Vec<DigestEntry>,
}

/// A pointer to the minutes of another group.
#[derive(Debug, Clone, Hash)]
pub struct DigestEntry {
    pub title: String,
    pub anchor: Option<String>,
    /// The page with these minutes, where the handbook has it.
    pub page: Option<PageId>,
    /// As written.
    pub link: String,
    /// Whether the digest says that they are there.
    pub available: bool,
}

impl Meetings {
    /// Those whose minutes a digest misses.
    pub fn missing(&self) -> impl Iterator<Item = (&MeetingEntry, &DigestEntry)> {
        let digests =
            self.meetings.iter().flat_map(|meeting| meeting.digests.iter().map(move |d| (meeting, d)));
        digests.filter(|(_, digest)| !digest.available && digest.page.is_none())
    }

    /// Those of a group, the latest first.
    pub fn of_group<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a MeetingEntry> {
        self.meetings.iter().filter(move |meeting| meeting.group.as_deref() == Some(group))
    }

    /// Every group that met, in the order of names.
    pub fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> =
            self.meetings.iter().filter_map(|meeting| meeting.group.as_deref()).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }
}

pub(super) fn of(book: &Book<'_>, addresses: &Addresses<'_>) -> Meetings {
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
    let entry = |digest: &Digest| DigestEntry {
        title: digest.title.clone(),
        anchor: digest.anchor.clone(),
        page: addresses.page(from, &digest.span.file, &digest.link),
        link: digest.link.clone(),
        available: digest.available,
    };
    meeting.digests.iter().map(entry).collect()
}
