//! `registers/incidents.json`: every incident with its computed times, the newest first.
//!
//! Owns this one file; there is none where no page tells of an incident. Durations are in seconds since the start.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::{FORMAT, PageRef, json, page};
use crate::emit::later;
use crate::output::Output;
use crate::page::incidents::State;
use crate::page::revisions::Revision;
use crate::site::Site;
use crate::site::registers::Incident;

const PATH: &str = "registers/incidents.json";

#[derive(Serialize)]
struct Data<'a> {
    format: u32,
    /// The day by which the states hold.
    today: String,
    incidents: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    /// The permanent name.
    incident: Option<&'a str>,
    page: PageRef<'a>,
    state: Option<&'static str>,
    severity: Option<&'a str>,
    phase: Option<&'a str>,
    services: &'a [String],
    providers: &'a [String],
    regions: &'a [String],
    cause_class: &'a [String],
    detection: Option<&'a str>,
    customers_affected: Option<&'a str>,
    data_loss: Option<&'a str>,
    /// RFC 3339, UTC, by point.
    times: BTreeMap<&'static str, String>,
    seconds_to: BTreeMap<&'static str, i64>,
    next_update: Option<String>,
    next_update_overdue: bool,
    actions: Actions,
    revisions: Vec<Change<'a>>,
    /// Incidents with an equal service and cause, the oldest first.
    seen_before: Vec<PageRef<'a>>,
}

#[derive(Serialize)]
struct Actions {
    open: usize,
    overdue: usize,
    done: usize,
    dropped: usize,
}

#[derive(Serialize)]
pub(super) struct Change<'a> {
    version: &'a str,
    date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    summary: &'a str,
}

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    if site.registers.incidents.list.is_empty() {
        return Vec::new();
    }
    vec![later(site, PATH, text)]
}

fn text(site: &Site) -> String {
    let incidents = &site.registers.incidents.list;
    json(&Data {
        format: FORMAT,
        today: site.today.to_string(),
        incidents: incidents.iter().map(|incident| row(site, incident)).collect(),
    })
}

fn row<'a>(site: &'a Site, incident: &'a Incident) -> Row<'a> {
    let seconds = |(name, _): &(&'static str, _)| Some((*name, incident.until(name)?));
    let actions = incident.actions;
    Row {
        incident: incident.name.as_deref(),
        page: page(site, PATH, incident.page),
        state: incident.state.map(State::name),
        severity: incident.severity.as_deref(),
        phase: incident.phase.as_deref(),
        services: &incident.services,
        providers: &incident.providers,
        regions: &incident.regions,
        cause_class: &incident.causes,
        detection: incident.detection.as_deref(),
        customers_affected: incident.customers.as_deref(),
        data_loss: incident.data_loss.as_deref(),
        times: incident.points.iter().map(|(name, time)| (*name, time.timestamp.to_string())).collect(),
        seconds_to: incident.points.iter().skip(1).filter_map(seconds).collect(),
        next_update: incident.next_update.as_ref().map(|next| next.timestamp.to_string()),
        next_update_overdue: incident.overdue,
        actions: Actions {
            open: actions.open,
            overdue: actions.overdue,
            done: actions.done,
            dropped: actions.dropped,
        },
        revisions: incident.revisions.iter().map(Change::of).collect(),
        seen_before: incident.seen.before.iter().map(|id| page(site, PATH, *id)).collect(),
    }
}

impl Change<'_> {
    pub(super) fn of(revision: &Revision) -> Change<'_> {
        Change {
            version: &revision.version,
            date: revision.date.to_string(),
            state: revision.state.as_deref(),
            summary: &revision.summary,
        }
    }
}
