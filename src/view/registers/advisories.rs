//! Advisories: which vulnerabilities are known, and how far their repair has come.
//!
//! Owns the table. Who still has a vulnerability is said by the register.

use super::build::{self, Groups, Head, choice, date, stat, stat_of, state, text};
use super::{CellView, Register, RegisterView, Sheet};
use crate::memo::Digest;
use crate::site::Site;
use crate::site::registers::Advisory;
use crate::view::State;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

fn digest(site: &Site) -> Digest {
    Digest::of_value(&site.registers.advisories.list)
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let list = &site.registers.advisories.list;
    if list.is_empty() {
        return Vec::new();
    }
    let t = site.words();
    let sheet = Sheet::new("advisories/", t.say("advisories.title"));
    let number = t.counted("unit.advisory", list.len());
    vec![sheet.entry(t.say("register.computed"), number, t.say("advisories.lead"))]
}

fn show(here: &Here<'_>, _: &Sheet) -> RegisterView {
    let (t, list) = (here.t, &here.site.registers.advisories.list);
    let mut groups = Groups::default();
    let columns = &t.each([
        "column.advisory",
        "column.cve",
        "column.severity",
        "column.cvss",
        "column.changed",
        "column.providers",
    ]);
    let head = Head { title: t.say("advisories.all"), note: "", columns };
    groups.add(head, list, |advisory| row(here, advisory));
    let open = list.iter().filter(|advisory| advisory.pending() > 0).count();
    RegisterView {
        lead: t.say("advisories.lead").to_owned(),
        stats: vec![
            stat(list.len(), t.unit("unit.advisory", list.len())),
            stat_of(open, t.say("advisories.not_mended"), State::Warn),
        ],
        groups: groups.finish(here),
        ..RegisterView::default()
    }
}

fn row(here: &Here<'_>, advisory: &Advisory) -> Vec<CellView> {
    let own = |value: &Option<String>| text(value.clone().unwrap_or_default());
    let name = advisory.name.clone().unwrap_or_default();
    vec![
        CellView { note: name, ..build::page(here, advisory.page) },
        text(advisory.cve.join(", ")),
        text(
            advisory
                .severity
                .as_ref()
                .map_or("", |severity| choice(here, advisory.page, "severity", severity)),
        ),
        own(&advisory.score),
        date(advisory.changed),
        providers(here, advisory),
    ]
}

fn providers(here: &Here<'_>, advisory: &Advisory) -> CellView {
    let said = |key, count: usize| here.t.fill(key, &[("count", &count), ("pending", &advisory.pending())]);
    match (advisory.patches.len(), advisory.pending()) {
        (0, _) => CellView::default(),
        (all, 0) => state(said("advisories.all_done", all), Some(State::Good)),
        (all, _) => state(said("advisories.pending", all), Some(State::Warn)),
    }
}
