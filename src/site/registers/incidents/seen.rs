//! Whether an incident was seen before: others with an equal service and an equal class of cause.
//!
//! Owns [`Seen`]. A report names recurrences itself (`recurrence_of`); those are counted, too. Incidents of which
//! nobody knows when they began are left out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::Incident;
use crate::site::PageId;
use crate::site::registers::References;

/// The most that are named on either side: the nearest ones in time.
const MOST: usize = 12;

/// A class of cause that says nothing.
const UNKNOWN: &str = "unknown";

/// Similar incidents, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Seen {
    pub before: Vec<PageId>,
    pub again: Vec<PageId>,
    /// Whether there are more than are named.
    pub more: bool,
}

/// What places an incident in time.
type Moment = (Timestamp, PageId);

pub(super) fn find(list: &mut [Incident], references: &References) {
    let groups = groups(list);
    let times: BTreeMap<PageId, Moment> =
        list.iter().filter_map(|incident| Some((incident.page, moment(incident)?))).collect();
    let found: Vec<Seen> = list.iter().map(|incident| seen(incident, &groups, &times, references)).collect();
    for (incident, seen) in list.iter_mut().zip(found) {
        incident.seen = seen;
    }
}

fn moment(incident: &Incident) -> Option<Moment> {
    Some((incident.when?, incident.page))
}

/// Incidents by service and cause, the oldest first.
fn groups(list: &[Incident]) -> BTreeMap<(&str, &str), Vec<Moment>> {
    let mut groups: BTreeMap<(&str, &str), Vec<Moment>> = BTreeMap::new();
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

fn pairs(incident: &Incident) -> impl Iterator<Item = (&str, &str)> {
    let causes = incident.causes.iter().filter(|cause| *cause != UNKNOWN);
    causes.flat_map(|cause| incident.services.iter().map(|service| (service.as_str(), cause.as_str())))
}

fn seen(
    incident: &Incident,
    groups: &BTreeMap<(&str, &str), Vec<Moment>>,
    times: &BTreeMap<PageId, Moment>,
    references: &References,
) -> Seen {
    let Some(own) = moment(incident) else { return Seen::default() };
    let (mut before, mut again) = (BTreeSet::new(), BTreeSet::new());
    let mut more = false;
    for group in pairs(incident).filter_map(|pair| groups.get(&pair)) {
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
    let page = |(_, page): &Moment| *page;
    let last = before.len().saturating_sub(MOST);
    let before = before.iter().skip(last).map(page).collect();
    Seen { before, again: again.iter().take(MOST).map(page).collect(), more }
}
