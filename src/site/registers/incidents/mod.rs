//! Incidents: their course, duration, and earlier occurrences.
//!
//! This module owns [`Incidents`] with one [`Incident`] for each page of a kind that feeds the register, and the
//! rules that depend on the day of the build. `page::incidents` checks a report by itself.

mod columns;
mod deadlines;
mod plots;
mod similar;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{CollectedRegister, FieldReferences, RegisterInputs};
use crate::diagnostic::Diagnostic;
use crate::kinds::{Moment, Record};
use crate::page::Page;
use crate::page::facts::Action;
use crate::page::facts::ActionState::{Doing, Done, Dropped, Open};
use crate::page::incidents::{EXERCISE, POINTS, ReportState, points};
use crate::page::revisions::{self, Revision};
use crate::rules::{INCIDENT_ORDER, INCIDENT_OVERDUE};
use crate::site::PageId;
use crate::utc;

pub use deadlines::{Deadline, Progress};
pub use similar::SimilarIncidents;

pub const NAME: &str = crate::page::incidents::REGISTER;

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: NAME,
    is_fed_by_kinds: true,
    is_shown_on_pages: true,
    collect: |inputs, made| {
        made.incidents = collect(inputs.pages, inputs.references, &mut made.diagnostics);
    },
    register: |made| Box::new(&made.incidents),
};

/// Every incident, the newest first.
#[derive(Debug, Default)]
pub struct Incidents {
    pub list: Vec<Incident>,
    places: BTreeMap<PageId, usize>,
}

/// One incident.
#[derive(Debug, Clone, Hash)]
pub struct Incident {
    pub page: PageId,
    /// Whether it is invented or was practised. Exercises are listed, and count in no figure; plots show them where
    /// there was no incident.
    pub is_exercise: bool,
    /// The permanent name of the page.
    pub name: Option<String>,
    pub state: Option<ReportState>,
    pub severity: Option<String>,
    pub phase: Option<String>,
    pub services: Vec<String>,
    pub providers: Vec<String>,
    pub regions: Vec<String>,
    pub causes: Vec<String>,
    /// Who or what detected it.
    pub detection: Option<String>,
    pub customers: Option<String>,
    pub data_loss: Option<String>,
    /// The known points in time, in their order.
    pub points: Vec<(&'static str, Moment)>,
    pub next_update: Option<Moment>,
    /// Whether the next update was promised for a day before today.
    pub overdue: bool,
    pub actions: Actions,
    /// The actions in front matter, in its order. Those in the text are shown there.
    pub planned: Vec<PlannedAction>,
    /// The oldest first.
    pub revisions: Vec<Revision>,
    pub seen: SimilarIncidents,
    /// The deadlines for notifications; empty where the incident is not a matter of security.
    pub deadlines: Vec<Deadline>,
    /// The time when it began; where that is unknown, when it was reported.
    when: Option<Timestamp>,
}

/// An action in front matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlannedAction {
    pub id: Option<String>,
    pub text: String,
    pub owner: Option<String>,
    /// The purpose: `prevent`, `detect`, …
    pub sort: Option<String>,
    pub due: Option<Date>,
    pub state: String,
    /// Whether it was due before today and is neither done nor dropped.
    pub overdue: bool,
    pub link: Option<String>,
}

/// The number of actions of an incident by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Actions {
    /// Neither done nor dropped.
    pub open: usize,
    /// The open ones that were due before today.
    pub overdue: usize,
    pub done: usize,
    pub dropped: usize,
}

impl Incidents {
    /// The incident on a page.
    pub fn for_page(&self, page: PageId) -> Option<&Incident> {
        self.places.get(&page).map(|at| &self.list[*at])
    }

    /// The incidents that took place: those that count in figures.
    pub fn real(&self) -> impl DoubleEndedIterator<Item = &Incident> + Clone {
        self.list.iter().filter(|incident| !incident.is_exercise)
    }

    /// Incidents by service, in alphabetical order; in each the newest first.
    pub fn by_service(&self) -> BTreeMap<&str, Vec<&Incident>> {
        self.by(|incident| &incident.services)
    }

    /// Incidents by class of cause.
    pub fn by_cause(&self) -> BTreeMap<&str, Vec<&Incident>> {
        self.by(|incident| &incident.causes)
    }

    /// The names and days of similar incidents.
    pub(super) fn named(&self, seen: &SimilarIncidents) -> Vec<(Option<&str>, Option<Date>)> {
        let pages = seen.before.iter().chain(&seen.again).filter_map(|page| self.for_page(*page));
        pages.map(|incident| (incident.name.as_deref(), incident.day())).collect()
    }

    fn by<'a>(
        &'a self,
        values: impl Fn(&'a Incident) -> &'a Vec<String>,
    ) -> BTreeMap<&'a str, Vec<&'a Incident>> {
        let mut groups: BTreeMap<&str, Vec<&Incident>> = BTreeMap::new();
        for incident in &self.list {
            for value in values(incident) {
                let group = groups.entry(value).or_default();
                // A page may name a value twice.
                if group.last().is_none_or(|last| last.page != incident.page) {
                    group.push(incident);
                }
            }
        }
        groups
    }
}

impl Incident {
    /// A point in time such as `detected`.
    pub fn point(&self, name: &str) -> Option<&Moment> {
        self.points.iter().find(|(point, _)| *point == name).map(|(_, moment)| moment)
    }

    /// The day on which it began or was reported, in UTC.
    pub fn day(&self) -> Option<Date> {
        self.when.map(utc::day_of)
    }

    /// Whether its report is not final, so that readers wait for an update.
    pub fn is_open(&self) -> bool {
        self.state.is_some_and(ReportState::is_open)
    }

    /// Whether its report has first facts only.
    pub fn is_preliminary(&self) -> bool {
        self.state == Some(ReportState::Preliminary)
    }

    /// The seconds from the beginning to a point in time; `None` where one of them is unknown, or the point is
    /// before the beginning.
    pub fn until(&self, name: &str) -> Option<i64> {
        let started = self.point(POINTS[0])?.timestamp;
        let seconds = self.point(name)?.timestamp.as_second() - started.as_second();
        (seconds >= 0).then_some(seconds)
    }
}

fn collect(
    book: &RegisterInputs<'_>,
    references: &FieldReferences,
    diagnostics: &mut Vec<Diagnostic>,
) -> Incidents {
    let today = book.inputs.today;
    let pages = book.pages().filter(|(_, page)| page.front.kind.feeds(NAME));
    let mut list: Vec<Incident> = pages
        .map(|(id, page)| {
            diagnostics.extend(future(page, today));
            let incident = incident(id, page, today);
            diagnostics.extend(incident.overdue.then(|| overdue(page, today)).filter(|_| !page.front.draft));
            incident
        })
        .collect();
    list.sort_by_key(|incident| (Reverse(incident.when), incident.page));
    similar::find(&mut list, references);
    let places = list.iter().enumerate().map(|(at, incident)| (incident.page, at)).collect();
    Incidents { list, places }
}

fn incident(id: PageId, page: &Page, today: Date) -> Incident {
    let front = &page.front;
    let data = &front.data;
    let text = |name: &str| data.text(name).map(str::to_owned);
    let texts = |name: &str| data.texts(name).into_iter().map(str::to_owned).collect();
    let state = data.text("report_state").and_then(ReportState::read);
    // A closed report promises no further update.
    let next_update = data.time("next_update").filter(|_| state.is_none_or(ReportState::is_open)).cloned();
    let revisions = revisions::read_revisions(data);
    let reported = || revisions.first().map(|revision| revision.date).or(front.date).and_then(utc::midnight);
    Incident {
        page: id,
        is_exercise: data.flag(EXERCISE),
        name: text("incident").or_else(|| text("id")),
        state,
        severity: text("severity"),
        phase: text("phase"),
        services: texts("services"),
        providers: texts("providers"),
        regions: texts("regions"),
        causes: texts("cause_class"),
        detection: text("detection"),
        customers: text("customers_affected"),
        data_loss: text("data_loss"),
        points: points(data).map(|(name, moment)| (name, moment.clone())).collect(),
        overdue: next_update.as_ref().is_some_and(|next| next.day() < today),
        next_update,
        actions: actions(&page.facts.actions, today),
        planned: data.records("actions").into_iter().filter_map(|record| planned(record, today)).collect(),
        when: data.time(POINTS[0]).map(|moment| moment.timestamp).or_else(reported),
        revisions,
        seen: SimilarIncidents::default(),
        deadlines: deadlines::of(data, today),
    }
}

/// Counts the actions in front matter and text.
fn actions(listed: &[Action], today: Date) -> Actions {
    let mut actions = Actions::default();
    for action in listed {
        match action.state {
            Done => actions.done += 1,
            Dropped => actions.dropped += 1,
            Open | Doing => {
                actions.open += 1;
                actions.overdue += usize::from(action.due.is_some_and(|due| due < today));
            }
        }
    }
    actions
}

fn planned(record: &Record, today: Date) -> Option<PlannedAction> {
    let text = |name: &str| record.text(name).map(str::to_owned);
    let (due, state) = (record.date("due"), text("state").unwrap_or_else(|| "open".to_owned()));
    let open = matches!(&*state, "open" | "doing");
    Some(PlannedAction {
        id: text("id"),
        text: text("text")?,
        owner: text("owner"),
        sort: text("type"),
        due,
        overdue: open && due.is_some_and(|due| due < today),
        state,
        link: text("link"),
    })
}

fn overdue(page: &Page, today: Date) -> Diagnostic {
    let next = page.front.data.time("next_update").map(ToString::to_string).unwrap_or_default();
    let message = format!("the next update was promised for {next}, and today is {today}");
    let span = page.front.span(&page.file, "next_update");
    let help = "add what is known now as a revision, and say when readers hear more";
    Diagnostic::new(&INCIDENT_OVERDUE, span, message).help(help)
}

/// Reports points in time and dates in the future. Days have no time zone and the author may be a day ahead of UTC,
/// so tomorrow is accepted for them.
fn future(page: &Page, today: Date) -> Vec<Diagnostic> {
    let data = &page.front.data;
    let names = POINTS.into_iter().chain(["aware_at"]);
    let times = names.filter_map(|name| Some((name, data.time(name)?)));
    // Points in time have an offset, so they are compared without tolerance.
    let late = times.filter(|(_, moment)| moment.day() > today);
    let mut problems: Vec<Diagnostic> =
        late.map(|(name, moment)| ahead(page, name, &format!("`{name}` ({moment})"), today)).collect();
    let tomorrow = today.tomorrow().unwrap_or(today);
    let dates = data.records("revisions").into_iter().enumerate();
    let dates =
        dates.filter_map(|(at, record)| Some((format!("revisions[{at}].date"), record.date("date")?)));
    let dates = dates.chain(page.front.date.map(|date| ("date".to_owned(), date)));
    let late = dates.filter(|(_, date)| *date > tomorrow);
    problems.extend(late.map(|(path, date)| ahead(page, &path, &format!("`date` ({date})"), today)));
    problems
}

fn ahead(page: &Page, path: &str, what: &str, today: Date) -> Diagnostic {
    let message = format!("{what} is in the future: today is {today}");
    let span = page.front.span(&page.file, path);
    Diagnostic::new(&INCIDENT_ORDER, span, message).help("correct the date; mind the year")
}
