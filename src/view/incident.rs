//! Incidents: the data that a report shows apart from its text.
//!
//! This module owns [`IncidentView`]: the state, the known and unknown facts, computed durations, deadlines, and
//! similar incidents. All times are absolute, so that a page stays correct without a new build.

use serde::Serialize;

use super::LinkView;
use super::nav::PageLinks;
use super::timeline_rows::{self, TimelineRowView};
use super::times::{DurationView, TimeView};
use crate::kinds::{Kind, Moment};
use crate::page::incidents::{KNOWN, POINTS, ReportState, TimelineEvent, UNKNOWN};
use crate::path::encode;
use crate::site::registers::{Deadline, Incident, PlannedAction, Progress};
use crate::site::{PageId, SitePage};
use crate::strings::Strings;
use crate::timeline::{self, Chart, Point};

/// The computed data about an incident.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct IncidentView {
    /// Its permanent name.
    pub name: Option<String>,
    /// `preliminary`, `interim`, `final`, `amended`; empty where the page has no state.
    pub state: String,
    /// The state as a heading, such as `Preliminary report`.
    pub heading: String,
    /// Whether the report is open, so that readers wait for an update.
    pub open: bool,
    /// The version and the day of the last revision.
    pub revision: Option<String>,
    pub known: Vec<String>,
    /// The URL of the section with them, such as `#what-we-know`.
    pub known_url: Option<String>,
    pub unknown: Vec<String>,
    pub unknown_url: Option<String>,
    pub next_update: Option<TimeView>,
    /// Whether the next update was due before the day of the build.
    pub overdue: bool,
    pub points: Vec<PointView>,
    /// The timeline as inline SVG, for wide and for narrow screens; empty where there is none.
    pub drawings: Vec<String>,
    /// What the page adds to the rows of the written timeline.
    pub rows: Vec<TimelineRowView>,
    /// `2 open, 1 of them overdue; 4 done`; empty where there are none.
    pub actions: String,
    /// The actions in front matter. Those in the text are shown there.
    pub planned: Vec<PlannedView>,
    pub before: Vec<SimilarView>,
    pub again: Vec<SimilarView>,
    /// Whether there are more similar incidents than are named.
    pub more: bool,
    pub deadlines: Vec<DeadlineView>,
}

/// A point in time of the incident.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PointView {
    /// The name, such as `detected`.
    pub name: String,
    /// The name for readers, such as `Detected`.
    pub label: String,
    /// The name of the time since the start, such as `Time to detect`; empty for the start.
    pub measure: String,
    pub time: TimeView,
    /// The time since the start.
    pub after: Option<DurationView>,
}

/// An action in front matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PlannedView {
    pub id: String,
    pub text: String,
    pub owner: String,
    /// The purpose: `prevent`, `detect`, …
    pub sort: String,
    /// `2026-11-21`.
    pub due: Option<String>,
    /// `open`, `doing`, `done`, `dropped`, `overdue`.
    pub state: String,
    /// `good`, `warn`, `bad` or `quiet`.
    pub tone: String,
    /// The URL where the work is tracked.
    pub url: Option<String>,
}

/// A similar incident.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct SimilarView {
    pub title: String,
    pub url: String,
    /// The language of the title, where it is not that of the frame.
    pub lang: Option<String>,
    /// Its permanent name, where it has one.
    pub name: Option<String>,
    /// `2026-11-20`.
    pub date: Option<String>,
}

/// A deadline for a notification.
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

pub(super) fn view(here: &PageLinks<'_>, id: PageId) -> Option<IncidentView> {
    let incident = here.site.registers.incidents.for_page(id)?;
    let page = here.site.page(id);
    let open = incident.state.is_some_and(ReportState::is_open);
    // A closed report does not link to these sections.
    let section = |heading: &str| if open { section(page, heading) } else { None };
    let url = |heading: &str| section(heading).map(|id| format!("#{}", encode(id)));
    let seen = |pages: &[PageId]| pages.iter().map(|id| seen(here, *id)).collect();
    let course = course(here.t, incident, &page.page.report_sections.events);
    Some(IncidentView {
        name: incident.name.clone(),
        state: incident.state.map_or("", ReportState::name).to_owned(),
        heading: incident.state.map(|state| here.t.say(heading(state))).unwrap_or_default().to_owned(),
        open,
        revision: incident
            .revisions
            .last()
            .map(|last| here.t.fill("incident.revision", &[("version", &last.version), ("day", &last.date)])),
        known: page.page.report_sections.known.clone(),
        known_url: url(KNOWN),
        unknown: page.page.report_sections.unknown.clone(),
        unknown_url: url(UNKNOWN),
        next_update: incident.next_update.as_ref().map(TimeView::of),
        overdue: incident.overdue,
        points: points(here.t, incident),
        drawings: course.drawings,
        rows: course.rows,
        actions: actions(here.t, incident),
        planned: incident.planned.iter().map(|action| planned(here, &page.page.front.kind, action)).collect(),
        before: seen(&incident.seen.before),
        again: seen(&incident.seen.again),
        more: incident.seen.more,
        deadlines: incident.deadlines.iter().map(|found| deadline(here.t, found)).collect(),
    })
}

/// The key of the heading for a state.
fn heading(state: ReportState) -> &'static str {
    match state {
        ReportState::Preliminary => "incident.preliminary",
        ReportState::Interim => "incident.interim",
        ReportState::Final => "incident.final",
        ReportState::Amended => "incident.amended",
    }
}

/// The id of the heading of a section of the page's kind.
fn section<'a>(page: &'a SitePage, heading: &str) -> Option<&'a str> {
    let front = &page.page.front;
    let section = front.kind.sections.iter().find(|section| section.heading == heading)?;
    page.page.document.outline.iter().find(|heading| section.is(&heading.text)).map(|found| found.id.as_str())
}

fn points(t: &Strings, incident: &Incident) -> Vec<PointView> {
    let after = |name: &str| incident.until(name).filter(|_| name != POINTS[0]).map(DurationView::of);
    let point = |(name, moment): &(&'static str, _)| PointView {
        name: (*name).to_owned(),
        label: t.word("point", name).to_owned(),
        measure: if *name == POINTS[0] { String::new() } else { t.word("measure", name).to_owned() },
        time: TimeView::of(moment),
        after: after(name),
    };
    incident.points.iter().map(point).collect()
}

/// The drawn and the written timeline.
struct IncidentCourse {
    drawings: Vec<String>,
    rows: Vec<TimelineRowView>,
}

fn course(t: &Strings, incident: &Incident, events: &[TimelineEvent]) -> IncidentCourse {
    let point = |(name, moment): &(&'static str, Moment)| Point {
        label: t.word("point", name),
        at: moment.timestamp.as_second(),
        phase: POINTS.iter().position(|point| point == name).unwrap_or_default(),
    };
    let chart = Chart {
        points: incident.points.iter().map(point).collect(),
        events: events.iter().map(|event| event.at).collect(),
        words: timeline::TimelineTexts {
            title: t.say("incident.times").to_owned(),
            description: description(t, incident),
            earlier: &|count| t.counted("incident.earlier", count),
            later: &|count| t.counted("incident.later_events", count),
            duration: &|seconds| DurationView::of(seconds).text,
            row: &|row| row_name(t, events, row),
        },
    };
    let drawings = timeline::draw(&chart).map(Vec::from).unwrap_or_default();
    IncidentCourse { rows: timeline_rows::rows(t, &chart, events, &drawings), drawings }
}

/// The name of a link to a row: its number and time.
fn row_name(t: &Strings, events: &[TimelineEvent], row: usize) -> String {
    let time = events.get(row - 1).map(|event| timeline::clock(event.at)).unwrap_or_default();
    t.fill("incident.to_row", &[("number", &row), ("time", &time)])
}

/// The points as text, for readers who do not see the drawing.
fn description(t: &Strings, incident: &Incident) -> String {
    let point = |point: &PointView| match &point.after {
        Some(after) => format!("{} {} ({})", point.label, point.time.text, after.text),
        None => format!("{} {}", point.label, point.time.text),
    };
    points(t, incident).iter().map(point).collect::<Vec<_>>().join("; ")
}

fn actions(t: &Strings, incident: &Incident) -> String {
    let actions = incident.actions;
    let key = if actions.overdue > 0 { "incident.open_overdue" } else { "incident.open" };
    let of = |key: &str, count: usize| {
        (count > 0).then(|| t.fill(key, &[("count", &count), ("overdue", &actions.overdue)]))
    };
    let open = of(key, actions.open);
    let done = of("incident.done", actions.done);
    let dropped = of("incident.dropped", actions.dropped);
    [open, done, dropped].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn planned(here: &PageLinks<'_>, kind: &Kind, action: &PlannedAction) -> PlannedView {
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
        sort: here.wording(kind).value("actions.type", &text(&action.sort)).to_owned(),
        due: action.due.map(|due| due.to_string()),
        state: here.t.word("action", state).to_owned(),
        tone: tone.to_owned(),
        url: action.link.clone(),
    }
}

fn seen(here: &PageLinks<'_>, id: PageId) -> SimilarView {
    let LinkView { title, url, lang } = here.link(id);
    let incident = here.site.registers.incidents.for_page(id);
    let date = incident.and_then(|incident| incident.day()).map(|day| day.to_string());
    SimilarView { title, url, lang, name: incident.and_then(|incident| incident.name.clone()), date }
}

fn deadline(t: &Strings, deadline: &Deadline) -> DeadlineView {
    let (state, tone) = match deadline.progress {
        Progress::Due => (t.say("deadline.due"), "warn"),
        Progress::Overdue => (t.say("deadline.overdue"), "bad"),
        Progress::Sent => (t.say("deadline.sent"), "good"),
        Progress::Late => (t.say("deadline.sent_late"), "warn"),
    };
    DeadlineView {
        what: t.word("duty", deadline.duty).to_owned(),
        authority: deadline.authority.clone(),
        due: deadline.due.map(TimeView::at),
        sent: deadline.sent.map(TimeView::at),
        state: state.to_owned(),
        tone: tone.to_owned(),
    }
}
