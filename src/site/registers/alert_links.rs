//! Addresses that open a runbook filled in from an alert: `…/#alert=CephOSDDown&instance={{ $labels.instance | urlquery }}`.
//!
//! Owns the annotation for a Prometheus rule, the template for Alertmanager, and the check of the addresses that rules have. The
//! values are after `#`, which browsers keep to themselves: host names reach no server and no log.

use std::collections::BTreeSet;

use crate::alerts::Alert;
use crate::diagnostic::{Diagnostic, nearest};
use crate::page::runbook::{ADDRESS_PARTS, Variable};
use crate::path::encode;
use crate::rules::ALERT_VARIABLE;

use super::ValueChoice;

/// The label of Prometheus for `host:port` of what it asked.
const INSTANCE: &str = "instance";

/// The template of Alertmanager: the address of one alert's runbook, with the start of the alert. Where a rule has an address without
/// values, the template adds the name and all labels.
pub(super) const ALERTMANAGER: &str = include_str!("alertmanager.tmpl");

/// What the address of a runbook can fill in.
#[derive(Clone, Copy)]
pub(super) struct RunbookValues<'a> {
    pub variables: &'a [Variable],
    /// Each is chosen by the label with its name.
    pub choices: &'a [ValueChoice],
}

/// The value of the annotation `runbook_url` that fills in the runbook at `url`. It passes the labels that variables declare, those
/// that the rule names, and those that choose a set of values. `None` as the rule means that no rule file has the alert.
pub(super) fn annotation(url: &str, name: &str, rule: Option<&Alert>, values: RunbookValues<'_>) -> String {
    let mut address = format!("{url}#alert={}", encoded(name));
    let mut passed = BTreeSet::new();
    for variable in values.variables {
        let Some(label) = variable.alert_label() else { continue };
        let is_known = variable.label.is_some() || rule.is_some_and(|rule| rule.label_names.contains(&label));
        if !is_known || !passed.insert(label.clone()) {
            continue;
        }
        let filter = if label == INSTANCE && variable.is_without_port { " | stripPort" } else { "" };
        address += &format!("&{label}={{{{ $labels.{label}{filter} | urlquery }}}}");
    }
    for choice in values.choices {
        let label = &choice.name;
        if passed.insert(label.clone()) {
            address += &format!("&{label}={{{{ $labels.{label} | urlquery }}}}");
        }
    }
    address
}

/// Names of alerts may contain characters that separate the parts of the address.
fn encoded(name: &str) -> String {
    encode(name).replace('&', "%26").replace('+', "%2B")
}

/// The problems of the parts after `#` in a rule's `runbook_url`: names that the runbook does not have.
pub(super) fn unknown_parts(alert: &Alert, values: RunbookValues<'_>) -> Vec<Diagnostic> {
    let Some(link) = &alert.runbook_url else { return Vec::new() };
    let Some((_, fragment)) = link.url.split_once('#') else { return Vec::new() };
    let mut problems = Vec::new();
    for name in names_of_parts(fragment) {
        if ADDRESS_PARTS.contains(&name) || values.choices.iter().any(|choice| choice.name == name) {
            continue;
        }
        let is_secret = |variable: &Variable| variable.secret && variable.name.eq_ignore_ascii_case(name);
        let is_meant = |variable: &Variable| {
            variable.name == name || variable.alert_label().is_some_and(|label| label == name)
        };
        let (message, help) = if values.variables.iter().any(is_secret) {
            (
                format!("`{name}` is secret, and is taken from no link"),
                "remove it from the address".to_owned(),
            )
        } else if values.variables.iter().any(is_meant) {
            continue;
        } else {
            let message = format!("the runbook of `{}` has no variable for `{name}`", alert.name);
            (message, way_out(name, values))
        };
        problems.push(Diagnostic::new(&ALERT_VARIABLE, link.span.clone(), message).help(help));
    }
    problems
}

/// What to do about a name in an address that no variable has.
fn way_out(name: &str, values: RunbookValues<'_>) -> String {
    let mut known: Vec<String> = values.choices.iter().map(|choice| choice.name.clone()).collect();
    for variable in values.variables.iter().filter(|variable| !variable.secret) {
        known.push(variable.name.clone());
        known.extend(variable.alert_label());
    }
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("add a variable with `label: {name}` to the runbook, or remove it from the address"),
    }
}

/// The names before `=` in the parts of a fragment. Templates may contain `&` and `=`.
fn names_of_parts(fragment: &str) -> Vec<&str> {
    let (mut names, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let end = fragment.len();
    for (offset, character) in fragment.char_indices().chain([(end, '&')]) {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '&' if depth == 0 || offset == end => {
                let part = &fragment[start..offset];
                if let Some((name, _)) = part.split_once('=').filter(|(name, _)| !name.contains("{{")) {
                    names.push(name);
                }
                start = (offset + 1).min(end);
            }
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_split_outside_of_templates() {
        let fragment = "verify&HOST={{ reReplaceAll \"a=b&c\" \"\" $labels.x }}&OSD=1&{{ $x }}=2&=3&";
        assert_eq!(names_of_parts(fragment), ["HOST", "OSD", ""]);
        for odd in ["", "é&é=é", "{{{", "a={{ b", "}}a=1"] {
            names_of_parts(odd);
        }
        assert_eq!(names_of_parts("a={{ b&c=d"), ["a"]);
    }
}
