//! Incidents: the newest first, by service, by cause.
//!
//! Owns the three pages and their common row. Times between points are computed by the register.

use std::collections::BTreeMap;

use super::build::{self, Groups, Head, count, date, stat, stat_of, state, text};
use super::{COMPUTED, CellView, Register, RegisterView, Sheet};
use crate::memo::Digest;
use crate::page::incidents::State as Report;
use crate::site::Site;
use crate::site::registers::Incident;
use crate::view::State;
use crate::view::moments::DurationView;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

const LEAD: &str = "What failed, how long it took to notice and to mend, and how far each report has come.";
const COLUMNS: &[&str] = &["Incident", "Day", "Severity", "Report", "Services", "Cause", "Resolved after"];

fn digest(site: &Site) -> Digest {
    Digest::of_value(&site.registers.incidents.list)
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let incidents = &site.registers.incidents;
    if incidents.list.is_empty() {
        return Vec::new();
    }
    let number = count(incidents.list.len(), "incident", "incidents");
    let top = Sheet::new("incidents/", "Incidents").entry(COMPUTED, number, LEAD);
    let by = |path: &str, title: &str, topic: &str| Sheet::new(path, title).topic(topic).above(&top);
    let mut sheets = vec![top.clone()];
    let services = incidents.by_service().len();
    if services > 0 {
        let sheet = by("incidents/services/", "Incidents by service", "services");
        let note = "Which services failed, and how often.";
        sheets.push(sheet.entry(COMPUTED, count(services, "service", "services"), note));
    }
    let causes = incidents.by_cause().len();
    if causes > 0 {
        let sheet = by("incidents/causes/", "Incidents by cause", "causes");
        let note = "Which classes of causes there were, and how often.";
        sheets.push(sheet.entry(COMPUTED, count(causes, "cause", "causes"), note));
    }
    sheets
}

fn show(here: &Here<'_>, sheet: &Sheet) -> RegisterView {
    let incidents = &here.site.registers.incidents;
    let mut groups = Groups::default();
    match &*sheet.topic {
        "services" => by(here, &mut groups, incidents.by_service()),
        "causes" => by(here, &mut groups, incidents.by_cause()),
        _ => {
            let (open, closed): (Vec<&Incident>, Vec<&Incident>) =
                incidents.list.iter().partition(|incident| is_open(incident));
            let note = "Readers have been promised more.";
            groups.add(Head { title: "Not final yet", note, columns: COLUMNS }, &open, |i| row(here, i));
            groups.add(Head { title: "Reports", note: "", columns: COLUMNS }, &closed, |i| row(here, i));
        }
    }
    let open = incidents.list.iter().filter(|incident| is_open(incident)).count();
    let late = incidents.list.iter().filter(|incident| incident.overdue).count();
    let actions: usize = incidents.list.iter().map(|incident| incident.actions.open).sum();
    RegisterView {
        lead: LEAD.to_owned(),
        stats: vec![
            stat(incidents.list.len(), if incidents.list.len() == 1 { "incident" } else { "incidents" }),
            stat_of(open, "not final yet", State::Warn),
            stat_of(late, "overdue for an update", State::Bad),
            stat(actions, "open actions"),
        ],
        groups: groups.finish(),
        ..RegisterView::default()
    }
}

fn by(here: &Here<'_>, groups: &mut Groups, found: BTreeMap<&str, Vec<&Incident>>) {
    // The most frequent first.
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, incidents)| std::cmp::Reverse(incidents.len()));
    for (title, incidents) in found {
        groups.add(Head { title, note: "", columns: COLUMNS }, &incidents, |incident| row(here, incident));
    }
}

fn is_open(incident: &Incident) -> bool {
    incident.state.is_some_and(Report::is_open)
}

fn row(here: &Here<'_>, incident: &Incident) -> Vec<CellView> {
    let name = incident.name.clone().unwrap_or_default();
    let after = incident.until("resolved").map(|seconds| DurationView::of(seconds).text);
    vec![
        CellView { note: name, ..build::page(here, incident.page) },
        date(incident.day()),
        text(incident.severity.clone().unwrap_or_default()),
        report(incident),
        text(incident.services.join(", ")),
        text(incident.causes.join(", ")),
        text(after.unwrap_or_default()),
    ]
}

fn report(incident: &Incident) -> CellView {
    let name = incident.state.map_or("", Report::name);
    let tone = if incident.overdue {
        State::Bad
    } else if is_open(incident) {
        State::Warn
    } else {
        State::Good
    };
    let note = if incident.overdue { "update overdue".to_owned() } else { String::new() };
    CellView { note, ..state(name, (!name.is_empty()).then_some(tone)) }
}
