//! Incidents: the newest first, by service, by cause.
//!
//! Owns the three pages and their common row. Times between points are computed by the register.

use std::collections::BTreeMap;

use super::build::{self, Groups, Head, choice, date, stat, stat_of, state, text};
use super::{CellView, Register, RegisterView, Sheet};
use crate::memo::Digest;
use crate::page::incidents::State as Report;
use crate::site::Site;
use crate::site::registers::Incident;
use crate::view::State;
use crate::view::moments::DurationView;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

const COLUMNS: [&str; 7] = [
    "column.incident",
    "column.day",
    "column.severity",
    "column.report",
    "column.services",
    "column.cause",
    "column.resolved_after",
];

fn digest(site: &Site) -> Digest {
    Digest::of_value(&site.registers.incidents.list)
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let incidents = &site.registers.incidents;
    if incidents.list.is_empty() {
        return Vec::new();
    }
    let t = site.words();
    let computed = t.say("register.computed");
    let number = t.counted("unit.incident", incidents.list.len());
    let top = Sheet::new("incidents/", t.say("incidents.title"));
    let top = top.entry(computed, number, t.say("incidents.lead"));
    let by = |path: &str, title: &str, topic: &str| Sheet::new(path, t.say(title)).topic(topic).above(&top);
    let mut sheets = vec![top.clone()];
    let services = incidents.by_service().len();
    if services > 0 {
        let sheet = by("incidents/services/", "incidents.by_service", "services");
        let note = t.say("incidents.by_service_note");
        sheets.push(sheet.entry(computed, t.counted("unit.service", services), note));
    }
    let causes = incidents.by_cause().len();
    if causes > 0 {
        let sheet = by("incidents/causes/", "incidents.by_cause", "causes");
        let note = t.say("incidents.by_cause_note");
        sheets.push(sheet.entry(computed, t.counted("unit.cause", causes), note));
    }
    sheets
}

fn show(here: &Here<'_>, sheet: &Sheet) -> RegisterView {
    let (t, incidents) = (here.t, &here.site.registers.incidents);
    let columns = &t.each(COLUMNS);
    let mut groups = Groups::default();
    match &*sheet.topic {
        "services" => by(here, &mut groups, incidents.by_service()),
        "causes" => by(here, &mut groups, incidents.by_cause()),
        _ => {
            let (open, closed): (Vec<&Incident>, Vec<&Incident>) =
                incidents.list.iter().partition(|incident| is_open(incident));
            let head = Head { title: t.say("incidents.open"), note: t.say("incidents.open_note"), columns };
            groups.add(head, &open, |incident| row(here, incident));
            let head = Head { title: t.say("incidents.reports"), note: "", columns };
            groups.add(head, &closed, |incident| row(here, incident));
        }
    }
    let open = incidents.list.iter().filter(|incident| is_open(incident)).count();
    let late = incidents.list.iter().filter(|incident| incident.overdue).count();
    let actions: usize = incidents.list.iter().map(|incident| incident.actions.open).sum();
    RegisterView {
        lead: t.say("incidents.lead").to_owned(),
        stats: vec![
            stat(incidents.list.len(), t.unit("unit.incident", incidents.list.len())),
            stat_of(open, t.say("incidents.figure_open"), State::Warn),
            stat_of(late, t.say("incidents.figure_overdue"), State::Bad),
            stat(actions, t.say("incidents.figure_actions")),
        ],
        groups: groups.finish(here),
        ..RegisterView::default()
    }
}

fn by(here: &Here<'_>, groups: &mut Groups, found: BTreeMap<&str, Vec<&Incident>>) {
    let columns = &here.t.each(COLUMNS);
    // The most frequent first.
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, incidents)| std::cmp::Reverse(incidents.len()));
    for (title, incidents) in found {
        let title =
            incidents.first().map_or(title, |incident| choice(here, incident.page, "cause_class", title));
        groups.add(Head { title, note: "", columns }, &incidents, |incident| row(here, incident));
    }
}

fn is_open(incident: &Incident) -> bool {
    incident.state.is_some_and(Report::is_open)
}

fn row(here: &Here<'_>, incident: &Incident) -> Vec<CellView> {
    let name = incident.name.clone().unwrap_or_default();
    let cause = |cause: &String| choice(here, incident.page, "cause_class", cause).to_owned();
    let causes: Vec<String> = incident.causes.iter().map(cause).collect();
    let after = incident.until("resolved");
    let resolved = after.map(|seconds| DurationView::of(seconds).text);
    vec![
        CellView { note: name, ..build::page(here, incident.page) },
        date(incident.day()),
        text(
            incident
                .severity
                .as_ref()
                .map_or("", |severity| choice(here, incident.page, "severity", severity)),
        ),
        report(here, incident),
        text(incident.services.join(", ")),
        text(causes.join(", ")),
        CellView { sort: after, ..text(resolved.unwrap_or_default()) },
    ]
}

fn report(here: &Here<'_>, incident: &Incident) -> CellView {
    let name = incident.state.map_or("", Report::name);
    let name = choice(here, incident.page, "report_state", name);
    let tone = if incident.overdue {
        State::Bad
    } else if is_open(incident) {
        State::Warn
    } else {
        State::Good
    };
    let note =
        if incident.overdue { here.t.say("incidents.update_overdue").to_owned() } else { String::new() };
    CellView { note, ..state(name, (!name.is_empty()).then_some(tone)) }
}
