//! Which alerts lead to a runbook.
//!
//! Owns the order: what has no runbook first, then what has one that is not written, then the lines to paste into rules, then what is in order.

use std::collections::BTreeMap;

use super::build::{self, Groups, Head, downloads, stat, stat_of, state, text};
use super::{CellView, Register, RegisterView, Sheet};
use crate::alerts::readable;
use crate::memo::Digest;
use crate::path::{FilePath, UrlPath};
use crate::site::Site;
use crate::site::registers::{AlertRow, RuleLink};
use crate::view::State;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

/// Those of alerts without a runbook end after the rule file.
const COLUMNS: [&str; 6] = [
    "column.alert",
    "column.severity",
    "column.group",
    "column.rule_file",
    "column.runbook",
    "column.address",
];

fn digest(site: &Site) -> Digest {
    Digest::of_value(&(&site.registers.alerts, files(site)))
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let alerts = &site.registers.alerts;
    if alerts.rows.is_empty() {
        return Vec::new();
    }
    let t = site.words();
    let count = t.fill("alerts.covered", &[("covered", &alerts.covered), ("count", &alerts.rows.len())]);
    let state = if alerts.covered == alerts.rows.len() { State::Good } else { State::Warn };
    let sheet = Sheet::new("alerts/", t.say("alerts.title"));
    vec![sheet.entry(t.say("register.computed"), count, t.say("alerts.lead")).state(state)]
}

fn show(here: &Here<'_>, _: &Sheet) -> RegisterView {
    let (t, alerts) = (here.t, &here.site.registers.alerts);
    let (covered, rest): (Vec<&AlertRow>, Vec<&AlertRow>) = alerts.rows.iter().partition(|row| row.covered);
    let (unwritten, open): (Vec<&AlertRow>, Vec<&AlertRow>) =
        rest.into_iter().partition(|row| row.runbook.is_some());
    let files = files(here.site);
    let mut groups = Groups::default();
    let head = Head {
        title: t.say("alerts.without"),
        note: t.say("alerts.without_note"),
        columns: &t.each(COLUMNS)[..4],
    };
    groups.add(head, &open, |row| alert(row, file(here, row, &files), &[]));
    let head = Head {
        title: t.say("alerts.unwritten"),
        note: t.say("alerts.unwritten_note"),
        columns: &t.each(COLUMNS)[..5],
    };
    groups.add(head, &unwritten, |row| alert(row, file(here, row, &files), &[runbook(here, row)]));
    let paste: Vec<String> = covered.iter().filter_map(|row| line(row)).collect();
    groups.code(t.say("alerts.lines"), note(here), &paste);
    let head = Head { title: t.say("alerts.with"), note: "", columns: &t.each(COLUMNS) };
    groups.add(head, &covered, |row| {
        alert(row, file(here, row, &files), &[runbook(here, row), link(here, row)])
    });
    let missing = alerts.rows.len() - alerts.covered;
    RegisterView {
        lead: t.say("alerts.lead").to_owned(),
        stats: vec![
            stat(alerts.rows.len(), t.say("alerts.figure_alerts")),
            stat(format!("{} %", alerts.percent()), t.say("alerts.figure_with")),
            stat_of(missing, t.say("alerts.figure_without"), State::Bad),
        ],
        groups: groups.finish(here),
        downloads: downloads(here, &["alerts.json"]),
        ..RegisterView::default()
    }
}

fn alert(row: &AlertRow, file: CellView, more: &[CellView]) -> Vec<CellView> {
    let alert = &row.alert;
    let note = alert.summary.as_deref().map(readable).unwrap_or_default();
    let name = CellView { note, ..build::name(&alert.name) };
    let severity = text(alert.severity.clone().unwrap_or_default());
    let mut cells = vec![name, severity, text(&alert.group), file];
    cells.extend_from_slice(more);
    cells
}

/// The rule files, each with its address where it is published.
type Files<'a> = BTreeMap<&'a FilePath, Option<&'a UrlPath>>;

fn files(site: &Site) -> Files<'_> {
    let mut files: Files<'_> =
        site.registers.alerts.rows.iter().map(|row| (&row.alert.span.file, None)).collect();
    for (url, asset) in &site.assets {
        if let Some(known) = files.get_mut(&asset.file) {
            *known = Some(url);
        }
    }
    files
}

/// The rule file by its name, with as many folders before it as tell it from the others.
fn file(here: &Here<'_>, row: &AlertRow, files: &Files<'_>) -> CellView {
    let path = row.alert.span.file.as_str();
    let begins = path.rmatch_indices('/').map(|(at, _)| at + 1).chain([0]);
    let is_alone = |name: &&str| {
        let ends = |other: &&&FilePath| {
            other
                .as_str()
                .strip_suffix(*name)
                .is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        files.keys().filter(ends).count() == 1
    };
    let name = begins.map(|at| &path[at..]).find(is_alone).unwrap_or(path);
    let url = files.get(&row.alert.span.file).copied().flatten().map(|url| here.url(url));
    let whole = if name == path { String::new() } else { path.to_owned() };
    CellView { url, whole, ..text(name) }
}

fn runbook(here: &Here<'_>, row: &AlertRow) -> CellView {
    row.runbook.map(|id| build::page(here, id)).unwrap_or_default()
}

fn link(here: &Here<'_>, row: &AlertRow) -> CellView {
    let (key, tone) = match row.link {
        RuleLink::Right => ("alerts.right", State::Good),
        RuleLink::Missing => ("alerts.missing", State::Warn),
        RuleLink::Wrong => ("alerts.wrong", State::Bad),
        RuleLink::Elsewhere => ("alerts.elsewhere", State::Warn),
    };
    state(here.t.say(key), Some(tone))
}

/// The line to paste, where the rule does not have it yet.
fn line(row: &AlertRow) -> Option<String> {
    let line = row.line().filter(|_| row.link != RuleLink::Right)?;
    Some(format!("# {}\n{line}", row.alert.name))
}

fn note<'a>(here: &'a Here<'_>) -> &'a str {
    let absolute = here.site.config.base_url.is_some();
    here.t.say(if absolute { "alerts.lines_note" } else { "alerts.lines_relative" })
}
