//! The problems that a move would add.
//!
//! Owns when a problem counts as new. Messages hold paths and reading order decides where some problems are reported,
//! so a problem is new only if there are more of its rule than before, in its file and in the handbook.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::path::FilePath;

use super::renames::Renames;

/// The problems of `after` that the handbook did not have before.
pub(super) fn new_problems(
    before: &[Diagnostic],
    after: &[Diagnostic],
    renames: &Renames,
) -> Vec<Diagnostic> {
    let mut known: BTreeMap<(FilePath, &str, String), usize> = BTreeMap::new();
    let mut in_file: BTreeMap<(FilePath, &str), isize> = BTreeMap::new();
    let mut in_all: BTreeMap<&str, isize> = BTreeMap::new();
    for problem in before {
        let (file, rule) = (renames.after(&problem.span.file), problem.rule.name);
        *known.entry((file.clone(), rule, moved_text(&problem.message, renames))).or_default() += 1;
        *in_file.entry((file, rule)).or_default() -= 1;
        *in_all.entry(rule).or_default() -= 1;
    }
    for problem in after {
        *in_file.entry((problem.span.file.clone(), problem.rule.name)).or_default() += 1;
        *in_all.entry(problem.rule.name).or_default() += 1;
    }
    let mut new = Vec::new();
    for problem in after {
        let (file, rule) = (problem.span.file.clone(), problem.rule.name);
        if let Some(count) = known.get_mut(&(file.clone(), rule, problem.message.to_string()))
            && *count > 0
        {
            *count -= 1;
            continue;
        }
        if in_file[&(file, rule)] > 0 && in_all[rule] > 0 {
            new.push(problem.clone());
        }
    }
    new
}

/// A message with new paths in place of the old ones.
fn moved_text(message: &str, renames: &Renames) -> String {
    renames
        .list
        .iter()
        .fold(message.to_owned(), |message, rename| message.replace(rename.from.as_str(), rename.to.as_str()))
}
