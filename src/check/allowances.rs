//! Entries of `[[allow]]` and levels of rules that have no effect any more.
//!
//! Owns when an entry or a level is over, and when an entry is unused.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::config::{AllowedProblems, Config};
use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::rules::{ALLOW_EXPIRED, ALLOW_UNUSED, REDIRECT_MISSING, RuleLevel, find_rule};
use crate::source::Span;

/// A problem for each entry whose last day is past. `settings` is the file of settings.
pub fn expired_allowances(config: &Config, today: Date, settings: &FilePath) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for entry in config.allow.iter().filter(|entry| entry.is_over(today)) {
        let day = entry.until.map(|day| day.to_string()).unwrap_or_default();
        let message = format!("`{}` was allowed here until {day}", entry.rule);
        let problem = Diagnostic::new(&ALLOW_EXPIRED, Span::new(settings, entry.at.clone()), message);
        problems.push(problem.help("solve the problems and delete the entry, or set a later day"));
    }
    problems
}

/// A problem for each level of a rule whose last day is past, at the place that sets it. `levels` are those of the settings
/// and of all pages: pages of a folder have the same ones.
pub fn expired_levels<'a>(
    levels: impl Iterator<Item = (&'a &'static str, &'a RuleLevel)>,
    today: Date,
) -> Vec<Diagnostic> {
    let mut problems = BTreeMap::new();
    for (name, level) in levels.filter(|(_, level)| level.is_over(today)) {
        let Some(end) = &level.end else { continue };
        let message = format!("the level of `{name}` was set until {}", end.day);
        let problem = Diagnostic::new(&ALLOW_EXPIRED, end.at.clone(), message);
        problems.insert(&end.at, problem.help("solve the problems and delete the level, or set a later day"));
    }
    problems.into_values().collect()
}

/// A problem for each entry that met none, although every audience was checked. `used` are the indexes of those that did.
pub fn unused_allowances(
    config: &Config,
    used: &BTreeSet<usize>,
    today: Date,
    settings: &FilePath,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (index, entry) in config.allow.iter().enumerate() {
        if used.contains(&index) || entry.is_over(today) || !is_always_checked(entry) {
            continue;
        }
        let message = format!("this entry meets no problem of the rule `{}`", entry.rule);
        let problem = Diagnostic::new(&ALLOW_UNUSED, Span::new(settings, entry.at.clone()), message);
        problems.push(problem.help("delete it, or correct its `path` and `text`"));
    }
    problems
}

/// Whether every check looks for the problems of an entry. Others depend on the network, or on what came before.
fn is_always_checked(entry: &AllowedProblems) -> bool {
    let rule = find_rule(entry.rule).expect("settings hold names of rules only");
    *rule != REDIRECT_MISSING && !rule.needs_network()
}
