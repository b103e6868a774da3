//! Meetings: which groups meet, when each last did, and whose minutes are missing.
//!
//! Owns a page of all groups and one for each. People are counted only where the handbook's setting allows it.

use std::collections::BTreeMap;

use super::build::{self, Groups, Head, date, stat, stat_of, text};
use super::{CellView, ROOT, Register, RegisterView, Sheet};
use crate::config::Participants;
use crate::memo::Digest;
use crate::path::{UrlPath, segment};
use crate::site::Site;
use crate::site::registers::{DigestEntry, MeetingEntry};
use crate::view::State;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

/// At most this many topics of a meeting are named.
const MOST_TOPICS: usize = 6;

fn digest(site: &Site) -> Digest {
    Digest::of_value(&(&site.registers.meetings, site.config.participants))
}

/// The meetings of each group by the group's segment in URLs, under the name that was used last.
fn groups<'s>(site: &'s Site) -> BTreeMap<String, (&'s str, Vec<&'s MeetingEntry>)> {
    let other = site.words().say("meetings.other");
    let named = |group: Option<&'s str>| {
        let name = group.filter(|name| !segment(name).is_empty()).unwrap_or(other);
        (segment(name), name)
    };
    // Most meetings share their group with many others.
    let mut known: BTreeMap<Option<&str>, (String, &str)> = BTreeMap::new();
    let mut groups: BTreeMap<String, (&str, Vec<&MeetingEntry>)> = BTreeMap::new();
    for meeting in &site.registers.meetings.meetings {
        let group = meeting.group.as_deref();
        let (segment, name) = known.entry(group).or_insert_with(|| named(group));
        match groups.get_mut(segment) {
            Some((_, meetings)) => meetings.push(meeting),
            None => drop(groups.insert(segment.clone(), (name, vec![meeting]))),
        }
    }
    groups
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let meetings = &site.registers.meetings.meetings;
    if meetings.is_empty() {
        return Vec::new();
    }
    let t = site.words();
    let number = t.counted("unit.meeting", meetings.len());
    let top = Sheet::new("meetings/", t.say("meetings.title"));
    let top = top.entry(t.say("register.computed"), number, t.say("meetings.lead"));
    let group = |(segment, (name, _)): (String, (&str, _))| {
        Sheet::new(&format!("meetings/{segment}/"), name).topic(&segment).above(&top)
    };
    std::iter::once(top.clone()).chain(groups(site).into_iter().map(group)).collect()
}

fn show(here: &Here<'_>, sheet: &Sheet) -> RegisterView {
    let groups = groups(here.site);
    match groups.get(&sheet.topic) {
        Some((_, meetings)) => one(here, meetings),
        None => all(here, &groups),
    }
}

fn all(here: &Here<'_>, known: &BTreeMap<String, (&str, Vec<&MeetingEntry>)>) -> RegisterView {
    let (t, meetings) = (here.t, &here.site.registers.meetings);
    let missing: Vec<_> = meetings.missing().collect();
    let mut groups = Groups::default();
    let rows: Vec<_> = known.iter().collect();
    let columns =
        &t.each(["column.group", "column.meetings", "column.last", "column.decisions", "column.actions"]);
    groups.add(
        Head { title: t.say("meetings.groups"), note: "", columns },
        &rows,
        |(segment, (name, meetings))| group_row(here, segment, name, meetings),
    );
    let head = Head {
        title: t.say("meetings.missing"),
        note: t.say("meetings.missing_note"),
        columns: &t.each(["column.group", "column.named_in", "column.date"]),
    };
    groups.add(head, &missing, |(meeting, digest)| missing_row(here, meeting, digest));
    RegisterView {
        lead: t.say("meetings.lead").to_owned(),
        stats: vec![
            stat(known.len(), t.unit("unit.group", known.len())),
            stat(meetings.meetings.len(), t.say("meetings.figure_meetings")),
            stat_of(missing.len(), t.say("meetings.figure_missing"), State::Warn),
        ],
        groups: groups.finish(here),
        ..RegisterView::default()
    }
}

fn group_row(here: &Here<'_>, segment: &str, name: &str, meetings: &[&MeetingEntry]) -> Vec<CellView> {
    let url = here.url(&UrlPath::new(format!("{ROOT}meetings/{segment}/")));
    let sum = |value: fn(&MeetingEntry) -> u32| meetings.iter().map(|meeting| value(meeting)).sum::<u32>();
    vec![
        CellView { text: name.to_owned(), url: Some(url), ..CellView::default() },
        text(meetings.len().to_string()),
        date(meetings.first().and_then(|meeting| meeting.date)),
        text(sum(|meeting| meeting.decisions).to_string()),
        text(sum(|meeting| meeting.actions).to_string()),
    ]
}

fn missing_row(here: &Here<'_>, meeting: &MeetingEntry, digest: &DigestEntry) -> Vec<CellView> {
    let url = build::anchored(here, meeting.page, digest.anchor.as_deref());
    let named = CellView { url: Some(url), ..build::page(here, meeting.page) };
    vec![text(&digest.title), named, date(meeting.date)]
}

fn one(here: &Here<'_>, meetings: &[&MeetingEntry]) -> RegisterView {
    let counted = here.site.config.participants != Participants::Hide;
    let t = here.t;
    let mut columns =
        t.each(["column.minutes", "column.date", "column.decisions", "column.actions"]).to_vec();
    columns.extend(counted.then(|| t.say("column.participants")));
    let mut groups = Groups::default();
    let head = Head { title: t.say("meetings.all"), note: "", columns: &columns };
    groups.add(head, meetings, |meeting| {
        let mut row = meeting_row(here, meeting);
        row.truncate(columns.len());
        row
    });
    RegisterView {
        label: t.say("meetings.group").to_owned(),
        groups: groups.finish(here),
        ..RegisterView::default()
    }
}

fn meeting_row(here: &Here<'_>, meeting: &MeetingEntry) -> Vec<CellView> {
    let topics: Vec<&str> = meeting.topics.iter().take(MOST_TOPICS).map(String::as_str).collect();
    let rest = if meeting.topics.len() > MOST_TOPICS { " · …" } else { "" };
    let number = |number: u32| text(if number > 0 { number.to_string() } else { String::new() });
    vec![
        CellView {
            url: Some(build::anchored(here, meeting.page, meeting.anchor.as_deref())),
            note: format!("{}{rest}", topics.join(" · ")),
            ..build::page(here, meeting.page)
        },
        date(meeting.date),
        number(meeting.decisions),
        number(meeting.actions),
        number(meeting.people.unwrap_or(0)),
    ]
}
