//! Which alerts lead to a runbook.
//!
//! Owns the order: what has no runbook first, then the lines to paste into rules, then what is in order.

use super::build::{self, Groups, Head, downloads, stat, stat_of, state, text};
use super::{COMPUTED, CellView, Register, RegisterView, Sheet};
use crate::memo::Digest;
use crate::site::Site;
use crate::site::registers::{AlertRow, RuleLink};
use crate::view::State;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

const LEAD: &str = "Every alert of the monitoring's rules, and the runbook that it leads to.";

fn digest(site: &Site) -> Digest {
    Digest::of_value(&site.registers.alerts)
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let alerts = &site.registers.alerts;
    if alerts.rows.is_empty() {
        return Vec::new();
    }
    let count = format!("{} of {} covered", alerts.covered, alerts.rows.len());
    let state = if alerts.covered == alerts.rows.len() { State::Good } else { State::Warn };
    vec![Sheet::new("alerts/", "Alerts").entry(COMPUTED, count, LEAD).state(state)]
}

fn show(here: &Here<'_>, _: &Sheet) -> RegisterView {
    let alerts = &here.site.registers.alerts;
    let (covered, open): (Vec<&AlertRow>, Vec<&AlertRow>) =
        alerts.rows.iter().partition(|row| row.runbook.is_some());
    let mut groups = Groups::default();
    let head = Head {
        title: "Without a runbook",
        note: "A runbook covers an alert whose name stands in its field “alerts”.",
        columns: &["Alert", "Severity", "Group", "Rule file"],
    };
    groups.add(head, &open, |row| alert(row, &[]));
    let paste: Vec<String> = covered.iter().filter_map(|row| line(row)).collect();
    groups.code("Lines for the rules", note(here), &paste);
    let head = Head {
        title: "With a runbook",
        note: "",
        columns: &["Alert", "Severity", "Group", "Rule file", "Runbook", "Address in the rule"],
    };
    groups.add(head, &covered, |row| {
        let runbook = row.runbook.map(|id| build::page(here, id)).unwrap_or_default();
        alert(row, &[runbook, link(row)])
    });
    let missing = alerts.rows.len() - alerts.covered;
    RegisterView {
        lead: LEAD.to_owned(),
        stats: vec![
            stat(alerts.rows.len(), "alerts"),
            stat(format!("{} %", alerts.percent()), "with a runbook"),
            stat_of(missing, "without", State::Bad),
        ],
        groups: groups.finish(),
        downloads: downloads(here, &["alerts.json"]),
        ..RegisterView::default()
    }
}

fn alert(row: &AlertRow, more: &[CellView]) -> Vec<CellView> {
    let alert = &row.alert;
    let note = alert.summary.clone().unwrap_or_default();
    let name = CellView { text: alert.name.clone(), note, ..CellView::default() };
    let severity = text(alert.severity.clone().unwrap_or_default());
    let mut cells = vec![name, severity, text(&alert.group), text(alert.span.file.as_str())];
    cells.extend_from_slice(more);
    cells
}

fn link(row: &AlertRow) -> CellView {
    match row.link {
        RuleLink::Right => state("right", Some(State::Good)),
        RuleLink::Missing => state("missing", Some(State::Warn)),
        RuleLink::Wrong => state("wrong", Some(State::Bad)),
        RuleLink::Elsewhere => state("elsewhere", Some(State::Warn)),
    }
}

/// The line to paste, where the rule does not have it yet.
fn line(row: &AlertRow) -> Option<String> {
    let line = row.line().filter(|_| row.link != RuleLink::Right)?;
    Some(format!("# {}\n{line}", row.alert.name))
}

fn note(here: &Here<'_>) -> &'static str {
    if here.site.config.base_url.is_some() {
        "To be pasted into the annotations of each rule."
    } else {
        "To be pasted into the annotations of each rule. With `base_url` in book.toml these are full addresses."
    }
}
