//! What a page about an incident shows besides its text.
//!
//! Owns [`IncidentView`]: the state, what is known and not, computed times, deadlines, and where it was seen before.
//! Everything is absolute, so a page that nobody has looked at for a week is still right.

use serde::Serialize;

use super::LinkView;
use super::moments::{DurationView, TimeView};
use super::nav::Here;
use crate::page::incidents::{KNOWN, POINTS, State, UNKNOWN};
use crate::path::encode;
use crate::site::registers::{Deadline, Incident, Planned, Progress};
use crate::site::{PageId, SitePage};

/// What is computed about an incident.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct IncidentView {
    /// Its permanent name.
    pub name: Option<String>,
    /// `preliminary`, `interim`, `final`, `amended`; empty where the page does not say.
    pub state: String,
    /// `Preliminary report`.
    pub heading: String,
    /// Whether readers wait for more.
    pub open: bool,
    /// The number and the day of the last revision.
    pub revision: Option<String>,
    pub known: Vec<String>,
    /// Where the page says it, such as `#what-we-know`.
    pub known_url: Option<String>,
    pub unknown: Vec<String>,
    pub unknown_url: Option<String>,
    pub next_update: Option<TimeView>,
    /// Whether the next update was due before the day of the build.
    pub overdue: bool,
    pub points: Vec<PointView>,
    /// `2 open, 1 of them overdue; 4 done`; empty where there are none.
    pub actions: String,
    /// Those of the front matter; those of the text are shown there.
    pub planned: Vec<PlannedView>,
    pub before: Vec<SeenView>,
    pub again: Vec<SeenView>,
    /// Whether there are more like it than are named.
    pub more: bool,
    pub deadlines: Vec<DeadlineView>,
}

/// A point in time of the incident.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PointView {
    /// `detected`.
    pub name: String,
    /// `Detected`.
    pub label: String,
    pub time: TimeView,
    /// Since the start.
    pub after: Option<DurationView>,
}

/// An action that front matter names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PlannedView {
    pub id: String,
    pub text: String,
    pub owner: String,
    /// `prevent`, `detect`, …
    pub sort: String,
    /// `2026-11-21`.
    pub due: Option<String>,
    /// `open`, `doing`, `done`, `dropped`, `overdue`.
    pub state: String,
    /// `good`, `warn`, `bad` or `quiet`.
    pub tone: String,
    /// Where the work is followed.
    pub url: Option<String>,
}

/// An incident that is like this one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct SeenView {
    pub title: String,
    pub url: String,
    /// Its permanent name, where it has one.
    pub name: Option<String>,
    /// `2026-11-20`.
    pub date: Option<String>,
}

/// Who must be told until when.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct DeadlineView {
    pub what: String,
    pub authority: Option<String>,
    pub due: Option<TimeView>,
    pub sent: Option<TimeView>,
    /// `due`, `overdue`, `sent`, `sent late`.
    pub state: String,
    /// `good`, `warn`, `bad` or `quiet`.
    pub tone: String,
}

pub(super) fn view(here: &Here<'_>, id: PageId) -> Option<IncidentView> {
    let incident = here.site.registers.incidents.of(id)?;
    let page = here.site.page(id);
    let open = incident.state.is_some_and(State::is_open);
    let section = |heading: &str| if open { section(page, heading) } else { None };
    let url = |heading: &str| section(heading).map(|id| format!("#{}", encode(id)));
    let seen = |pages: &[PageId]| pages.iter().map(|id| seen(here, *id)).collect();
    Some(IncidentView {
        name: incident.name.clone(),
        state: incident.state.map_or("", State::name).to_owned(),
        heading: incident.state.map(heading).unwrap_or_default().to_owned(),
        open,
        revision: incident.revisions.last().map(|last| format!("revision {} of {}", last.version, last.date)),
        known: page.page.told.known.clone(),
        known_url: url(KNOWN),
        unknown: page.page.told.unknown.clone(),
        unknown_url: url(UNKNOWN),
        next_update: incident.next_update.as_ref().map(TimeView::of),
        overdue: incident.overdue,
        // A single point says nothing that the heading does not say.
        points: Some(points(incident)).filter(|points| points.len() > 1).unwrap_or_default(),
        actions: actions(incident),
        planned: incident.planned.iter().map(planned).collect(),
        before: seen(&incident.seen.before),
        again: seen(&incident.seen.again),
        more: incident.seen.more,
        deadlines: incident.deadlines.iter().map(deadline).collect(),
    })
}

fn heading(state: State) -> &'static str {
    match state {
        State::Preliminary => "Preliminary report",
        State::Interim => "Interim report",
        State::Final => "Final report",
        State::Amended => "Final report, amended",
    }
}

/// The id of the heading that begins a section of the page's kind.
fn section<'a>(page: &'a SitePage, heading: &str) -> Option<&'a str> {
    let front = &page.page.front;
    let section = front.kind.sections.iter().find(|section| section.heading == heading)?;
    page.page.document.outline.iter().find(|heading| section.is(&heading.text)).map(|found| found.id.as_str())
}

fn points(incident: &Incident) -> Vec<PointView> {
    let label = |name: &str| name[..1].to_uppercase() + &name[1..];
    let after = |name: &str| incident.until(name).filter(|_| name != POINTS[0]).map(DurationView::of);
    let point = |(name, moment): &(&'static str, _)| PointView {
        name: (*name).to_owned(),
        label: label(name),
        time: TimeView::of(moment),
        after: after(name),
    };
    incident.points.iter().map(point).collect()
}

fn actions(incident: &Incident) -> String {
    let actions = incident.actions;
    let overdue =
        if actions.overdue > 0 { format!(", {} of them overdue", actions.overdue) } else { String::new() };
    let open = (actions.open > 0).then(|| format!("{} open{overdue}", actions.open));
    let done = (actions.done > 0).then(|| format!("{} done", actions.done));
    let dropped = (actions.dropped > 0).then(|| format!("{} dropped", actions.dropped));
    [open, done, dropped].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn planned(action: &Planned) -> PlannedView {
    let (state, tone) = match &*action.state {
        _ if action.overdue => ("overdue", "bad"),
        "done" => ("done", "good"),
        "dropped" => ("dropped", "quiet"),
        state => (state, "warn"),
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    PlannedView {
        id: text(&action.id),
        text: action.text.clone(),
        owner: text(&action.owner),
        sort: text(&action.sort),
        due: action.due.map(|due| due.to_string()),
        state: state.to_owned(),
        tone: tone.to_owned(),
        url: action.link.clone(),
    }
}

fn seen(here: &Here<'_>, id: PageId) -> SeenView {
    let LinkView { title, url } = here.link(id);
    let incident = here.site.registers.incidents.of(id);
    let date = incident.and_then(|incident| incident.day()).map(|day| day.to_string());
    SeenView { title, url, name: incident.and_then(|incident| incident.name.clone()), date }
}

fn deadline(deadline: &Deadline) -> DeadlineView {
    let (state, tone) = match deadline.progress {
        Progress::Due => ("due", "warn"),
        Progress::Overdue => ("overdue", "bad"),
        Progress::Sent => ("sent", "good"),
        Progress::Late => ("sent late", "warn"),
    };
    DeadlineView {
        what: deadline.what.clone(),
        authority: deadline.authority.clone(),
        due: deadline.due.map(TimeView::at),
        sent: deadline.sent.map(TimeView::at),
        state: state.to_owned(),
        tone: tone.to_owned(),
    }
}
