//! Minutes: the summary before the text with the group, the dates, the decisions and the actions.
//!
//! This module owns [`MinutesView`]. The facts come from the page; each entry links to the heading above it. The
//! number of people is shown only where the settings allow it.

use serde::Serialize;

use super::Tone;
use super::nav::PageLinks;
use crate::config::Participants;
use crate::page::facts::{Action, AgendaItem, Facts, Meeting, Statement};
use crate::path::encode;
use crate::site::SitePage;
use crate::site::registers::tone_of_action;

/// The most entries of one list that are shown.
const MOST: usize = 40;

/// The facts found in minutes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct MinutesView {
    pub group: Option<String>,
    /// One for each meeting, such as `2026-11-09`.
    pub dates: Vec<String>,
    /// The number of participants, where the settings show it.
    pub people: Option<u32>,
    pub agenda: Vec<MinutesEntryView>,
    pub decisions: Vec<MinutesEntryView>,
    pub actions: Vec<MinutesEntryView>,
    /// The number of actions that are neither done nor dropped.
    pub open: usize,
    /// The number of entries that are not shown.
    pub more: usize,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct MinutesEntryView {
    pub text: String,
    /// The URL of the heading above it, such as `#storage`; empty where there is none.
    pub url: String,
    /// For an action: its owners.
    pub owners: Vec<String>,
    /// For an action: `open`, `doing`, `done` or `dropped`, in the page's language.
    pub word: String,
    pub state: Option<Tone>,
    /// For an action: the due date, such as `2026-12-01`.
    pub due: Option<String>,
}

/// The facts found in the minutes on a page; `None` on other pages.
pub(super) fn minutes(here: &PageLinks<'_>, page: &SitePage) -> Option<MinutesView> {
    let facts: &Facts = &page.page.facts;
    if facts.meetings.is_empty() {
        return None;
    }
    let own = page.page.front.data.text("participants").and_then(Participants::named);
    let participants = own.unwrap_or(here.site.config.participants);
    let agenda: Vec<&AgendaItem> = facts.meetings.iter().flat_map(|meeting| &meeting.agenda).collect();
    let left = |count: usize| count.saturating_sub(MOST);
    Some(MinutesView {
        group: facts.group.clone(),
        dates: facts.meetings.iter().filter_map(date).collect(),
        people: people(facts, participants),
        open: facts.actions.iter().filter(|action| tone_of_action(action.state) == Tone::Warn).count(),
        more: left(agenda.len()) + left(facts.decisions.len()) + left(facts.actions.len()),
        agenda: agenda
            .into_iter()
            .take(MOST)
            .map(|topic| entry(&topic.title, topic.anchor.as_deref()))
            .collect(),
        decisions: facts.decisions.iter().take(MOST).map(decision).collect(),
        actions: facts.actions.iter().take(MOST).map(|found| action(here, found)).collect(),
    })
}

fn people(facts: &Facts, participants: Participants) -> Option<u32> {
    let count = facts.meetings.iter().map(|meeting| meeting.people.count).max();
    count.filter(|count| *count > 0 && participants != Participants::Hide)
}

fn date(meeting: &Meeting) -> Option<String> {
    meeting.date.map(|date| date.to_string())
}

fn entry(text: &str, anchor: Option<&str>) -> MinutesEntryView {
    MinutesEntryView {
        text: text.to_owned(),
        url: anchor.map(|id| format!("#{}", encode(id))).unwrap_or_default(),
        owners: Vec::new(),
        word: String::new(),
        state: None,
        due: None,
    }
}

fn decision(decision: &Statement) -> MinutesEntryView {
    entry(&decision.text, decision.anchor.as_deref())
}

fn action(here: &PageLinks<'_>, action: &Action) -> MinutesEntryView {
    MinutesEntryView {
        owners: here.site.registers.people.names(&action.owners),
        word: here.t.word("action", action.state.name()).to_owned(),
        state: Some(tone_of_action(action.state)),
        due: action.due.map(|due| due.to_string()),
        ..entry(&action.text, action.anchor.as_deref())
    }
}
