//! Similar incidents: others with the same service and the same class of cause.
//!
//! This module owns [`SimilarIncidents`]. Recurrences that a report names itself (`recurrence_of`) count as well.
//! Incidents without a known time are excluded.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::Incident;
use crate::site::PageId;
use crate::site::registers::FieldReferences;

/// The most incidents before and after that are named: the nearest in time.
const MOST: usize = 12;

/// A class of cause without information: incidents that share it are not similar.
const UNKNOWN: &str = "unknown";

/// Similar incidents, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SimilarIncidents {
    pub before: Vec<PageId>,
    pub again: Vec<PageId>,
    /// Whether there are more than are named.
    pub more: bool,
}

/// What similar incidents have in common: whether they are exercises, a service, and a class of cause.
type IncidentGroup<'a> = (bool, &'a str, &'a str);

/// The sort key of an incident in time.
type IncidentTime = (Timestamp, PageId);

pub(super) fn find(list: &mut [Incident], references: &FieldReferences) {
    let groups = groups(list);
    let times: BTreeMap<PageId, IncidentTime> =
        list.iter().filter_map(|incident| Some((incident.page, moment(incident)?))).collect();
    let found: Vec<SimilarIncidents> =
        list.iter().map(|incident| seen(incident, &groups, &times, references)).collect();
    for (incident, seen) in list.iter_mut().zip(found) {
        incident.seen = seen;
    }
}

fn moment(incident: &Incident) -> Option<IncidentTime> {
    Some((incident.when?, incident.page))
}

/// Incidents by service and cause, the oldest first.
fn groups(list: &[Incident]) -> BTreeMap<IncidentGroup<'_>, Vec<IncidentTime>> {
    let mut groups: BTreeMap<IncidentGroup<'_>, Vec<IncidentTime>> = BTreeMap::new();
    for incident in list.iter().rev() {
        let Some(moment) = moment(incident) else { continue };
        for pair in pairs(incident) {
            groups.entry(pair).or_default().push(moment);
        }
    }
    for group in groups.values_mut() {
        group.sort();
        group.dedup();
    }
    groups
}

fn pairs(incident: &Incident) -> impl Iterator<Item = IncidentGroup<'_>> {
    let causes = incident.causes.iter().filter(|cause| *cause != UNKNOWN);
    causes.flat_map(|cause| {
        incident.services.iter().map(|service| (incident.is_exercise, service.as_str(), cause.as_str()))
    })
}

fn seen(
    incident: &Incident,
    groups: &BTreeMap<IncidentGroup<'_>, Vec<IncidentTime>>,
    times: &BTreeMap<PageId, IncidentTime>,
    references: &FieldReferences,
) -> SimilarIncidents {
    let Some(own) = moment(incident) else { return SimilarIncidents::default() };
    let mut before = BTreeSet::new();
    let mut again = BTreeSet::new();
    let mut more = false;
    for group in pairs(incident).filter_map(|pair| groups.get(&pair)) {
        // Only the nearest `MOST` of each group are taken, because groups may be large.
        let at = group.partition_point(|moment| *moment < own);
        let after = group.partition_point(|moment| *moment <= own);
        before.extend(&group[at.saturating_sub(MOST)..at]);
        again.extend(group[after..].iter().take(MOST));
        more |= at > MOST || group.len() - after > MOST;
    }
    let named = references.of(incident.page, "recurrence_of");
    before.extend(named.filter_map(|page| times.get(&page)).filter(|moment| **moment < own));
    let naming = references.to(incident.page).iter().filter(|found| found.field == "recurrence_of");
    again.extend(naming.filter_map(|found| times.get(&found.page)).filter(|moment| **moment > own));
    more |= before.len() > MOST || again.len() > MOST;
    let page = |(_, page): &IncidentTime| *page;
    let last = before.len().saturating_sub(MOST);
    let before = before.iter().skip(last).map(page).collect();
    SimilarIncidents { before, again: again.iter().take(MOST).map(page).collect(), more }
}
