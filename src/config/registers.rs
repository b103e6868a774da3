//! `[registers]`: which of them a handbook does without.
//!
//! Owns the names of registers in settings. What a register holds, and what pages show of themselves, is not known here.

use std::collections::BTreeSet;

use crate::diagnostic::nearest;
use crate::fields::{Reader, Value, describe, text_of};

/// A register that has pages and files of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Register {
    Actions,
    Advisories,
    Alerts,
    Controls,
    Decisions,
    Incidents,
    Meetings,
    Reviews,
}

const NAMES: [(&str, Register); 8] = [
    ("actions", Register::Actions),
    ("advisories", Register::Advisories),
    ("alerts", Register::Alerts),
    ("controls", Register::Controls),
    ("decisions", Register::Decisions),
    ("incidents", Register::Incidents),
    ("meetings", Register::Meetings),
    ("reviews", Register::Reviews),
];

/// Reads which registers are switched off.
pub(super) fn read(mut settings: Reader<'_>) -> BTreeSet<Register> {
    let mut off = BTreeSet::new();
    if let Some(field) = settings.take(&["off"]) {
        let items = match &field.value {
            Value::List(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        for name in items.iter().map(|item| text_of(item).unwrap_or_else(|| describe(item))) {
            match NAMES.iter().find(|(known, _)| *known == name) {
                Some((_, register)) => drop(off.insert(*register)),
                None => settings.report(&field, format!("there is no register `{name}`"), Some(help(&name))),
            }
        }
    }
    settings.finish(&[]);
    off
}

fn help(name: &str) -> String {
    let names = NAMES.map(|(name, _)| name);
    match nearest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are `{}`", names.join("`, `")),
    }
}
