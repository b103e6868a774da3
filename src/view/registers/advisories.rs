//! Advisories: which vulnerabilities are known, and how far their repair has come.
//!
//! Owns the table. Who still has a vulnerability is said by the register.

use super::build::{self, Groups, Head, count, date, stat, stat_of, state, text};
use super::{COMPUTED, CellView, Register, RegisterView, Sheet};
use crate::memo::Digest;
use crate::site::Site;
use crate::site::registers::Advisory;
use crate::view::State;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

const LEAD: &str =
    "Vulnerabilities, how severe each is, and which providers have mended it; the latest change first.";

fn digest(site: &Site) -> Digest {
    Digest::of_value(&site.registers.advisories.list)
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let list = &site.registers.advisories.list;
    if list.is_empty() {
        return Vec::new();
    }
    let number = count(list.len(), "advisory", "advisories");
    vec![Sheet::new("advisories/", "Advisories").entry(COMPUTED, number, LEAD)]
}

fn show(here: &Here<'_>, _: &Sheet) -> RegisterView {
    let list = &here.site.registers.advisories.list;
    let mut groups = Groups::default();
    let columns = &["Advisory", "CVE", "Severity", "CVSS", "Changed", "Providers"];
    let head = Head { title: "All advisories", note: "", columns };
    groups.add(head, list, |advisory| row(here, advisory));
    let open = list.iter().filter(|advisory| advisory.pending() > 0).count();
    RegisterView {
        lead: LEAD.to_owned(),
        stats: vec![
            stat(list.len(), if list.len() == 1 { "advisory" } else { "advisories" }),
            stat_of(open, "not mended everywhere", State::Warn),
        ],
        groups: groups.finish(),
        ..RegisterView::default()
    }
}

fn row(here: &Here<'_>, advisory: &Advisory) -> Vec<CellView> {
    let own = |value: &Option<String>| text(value.clone().unwrap_or_default());
    let name = advisory.name.clone().unwrap_or_default();
    vec![
        CellView { note: name, ..build::page(here, advisory.page) },
        text(advisory.cve.join(", ")),
        own(&advisory.severity),
        own(&advisory.score),
        date(advisory.changed),
        providers(advisory),
    ]
}

fn providers(advisory: &Advisory) -> CellView {
    match (advisory.patches.len(), advisory.pending()) {
        (0, _) => CellView::default(),
        (all, 0) => state(format!("all {all} done"), Some(State::Good)),
        (all, pending) => state(format!("{pending} of {all} pending"), Some(State::Warn)),
    }
}
