//! What a page of minutes shows before its text: who met when, what was decided, who does what.
//!
//! Owns [`MinutesView`]. What was found stands in the page's facts; each entry leads to the heading that it stands
//! beneath. People are counted here only where the handbook's setting allows it.

use serde::Serialize;

use super::Tone;
use super::nav::PageLinks;
use crate::config::Participants;
use crate::page::facts::{Action, AgendaItem, Decision, Facts, Meeting};
use crate::path::encode;
use crate::site::SitePage;
use crate::site::registers::tone_of_action;
use crate::strings::Strings;

/// At most this many entries of one list are shown.
const MOST: usize = 40;

/// What was found in minutes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct MinutesView {
    pub group: Option<String>,
    /// One for each meeting: `2026-11-09`.
    pub dates: Vec<String>,
    /// How many took part, where the handbook says so.
    pub people: Option<u32>,
    pub agenda: Vec<MinutesEntryView>,
    pub decisions: Vec<MinutesEntryView>,
    pub actions: Vec<MinutesEntryView>,
    /// How many of the actions are neither done nor dropped.
    pub open: usize,
    /// How many entries are left out.
    pub more: usize,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct MinutesEntryView {
    pub text: String,
    /// The heading that it stands beneath, such as `#storage`; empty where there is none.
    pub url: String,
    /// Of an action: who does it.
    pub owners: Vec<String>,
    /// Of an action: `open`, `doing`, `done` or `dropped`.
    pub word: String,
    pub state: Option<Tone>,
    /// Of an action: `2026-12-01`.
    pub due: Option<String>,
}

/// What was found in the minutes on a page; nothing on other pages.
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
        actions: facts.actions.iter().take(MOST).map(|found| action(here.t, found)).collect(),
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

fn decision(decision: &Decision) -> MinutesEntryView {
    entry(&decision.text, decision.anchor.as_deref())
}

fn action(t: &Strings, action: &Action) -> MinutesEntryView {
    MinutesEntryView {
        owners: action.owners.clone(),
        word: t.word("action", action.state.name()).to_owned(),
        state: Some(tone_of_action(action.state)),
        due: action.due.map(|due| due.to_string()),
        ..entry(&action.text, action.anchor.as_deref())
    }
}
