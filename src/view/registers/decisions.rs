//! Decisions of all groups: one log, the newest first, year by year.
//!
//! Owns the table. What a decision is was read out of the minutes.

use std::collections::BTreeMap;

use super::build::{self, Groups, Head, date, downloads, state, text};
use super::{CellView, Register, RegisterView, Sheet, status};
use crate::memo::Digest;
use crate::site::Site;
use crate::site::registers::DecisionEntry;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

fn digest(site: &Site) -> Digest {
    Digest::of_value(&site.registers.decisions)
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let entries = &site.registers.decisions.entries;
    if entries.is_empty() {
        return Vec::new();
    }
    let t = site.words();
    let sheet = Sheet::new("decisions/", t.say("decisions.title"));
    let number = t.counted("unit.decision", entries.len());
    vec![sheet.entry(t.say("register.computed"), number, t.say("decisions.lead"))]
}

fn show(here: &Here<'_>, _: &Sheet) -> RegisterView {
    let entries = &here.site.registers.decisions.entries;
    let mut years: BTreeMap<Option<i16>, Vec<&DecisionEntry>> = BTreeMap::new();
    for entry in entries {
        years.entry(entry.date.map(|date| date.year())).or_default().push(entry);
    }
    let mut groups = Groups::sharing(years.len());
    let columns = &here.t.each([
        "column.decision",
        "column.date",
        "column.status",
        "column.group",
        "column.owner",
        "column.minutes",
    ]);
    for (year, entries) in years.iter().rev() {
        let title = year.map_or_else(|| here.t.say("decisions.no_date").to_owned(), |year| year.to_string());
        groups.add(Head { title: &title, note: "", columns }, entries, |entry| row(here, entry));
    }
    RegisterView {
        lead: here.t.say("decisions.lead").to_owned(),
        groups: groups.finish(here),
        downloads: downloads(here, &["decisions.json"]),
        ..RegisterView::default()
    }
}

fn row(here: &Here<'_>, entry: &DecisionEntry) -> Vec<CellView> {
    let url = build::anchored(here, entry.page, entry.anchor.as_deref());
    let decision = CellView {
        text: entry.text.clone(),
        url: Some(url),
        note: entry.about.clone().unwrap_or_default(),
        ..CellView::default()
    };
    let (group, owner) = (entry.group.clone(), entry.owner.clone());
    let [group, owner] = [group, owner].map(|name| text(name.unwrap_or_default()));
    // A page that is the decision is linked already.
    let told = if entry.whole { CellView::default() } else { build::page(here, entry.page) };
    vec![decision, date(entry.date), status_of(here, entry), group, owner, told]
}

/// How far a page that is a decision has come, in the words of its kind.
fn status_of(here: &Here<'_>, entry: &DecisionEntry) -> CellView {
    let Some(value) = &entry.status else { return CellView::default() };
    let kind = &here.site.page(entry.page).page.front.kind;
    state(here.wording(kind).value("status", value), status(value))
}
