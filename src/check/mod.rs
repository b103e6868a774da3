//! The severity of all problems, and checks that need the paths of all outputs.
//!
//! Owns the checks that run when every page, URL and link is known, how `[rules]`, `[[allow]]` and a
//! page's own `rules` change severities, and which problems are new. Must not depend on any output format.

mod allowances;
mod lost_addresses;
mod new_problems;
mod outputs;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::config::Config;
use crate::diagnostic::{self, Diagnostic};
use crate::path::FilePath;
use crate::rules::Severity;

pub use allowances::{expired_allowances, expired_levels, unused_allowances};
pub use lost_addresses::AddressChange;
pub use new_problems::ProblemChanges;
pub use outputs::{Conflicts, OutputClaim, OutputMaker, conflicts};

/// The severities of rules that pages or their folders set, by file, on the day of the build.
pub type PageRules = BTreeMap<FilePath, BTreeMap<&'static str, Severity>>;

/// Problems with their final severity.
#[derive(Debug, Default)]
pub struct JudgedProblems {
    /// Sorted, without those that are off or allowed.
    pub problems: Vec<Diagnostic>,
    /// The indexes of the entries of `[[allow]]` that met a problem.
    pub used: BTreeSet<usize>,
}

/// Gives every problem its severity in this handbook, drops the problems that are off or allowed, and sorts the rest. A
/// page's own `rules` take precedence over `[rules]` in `book.toml`, which take precedence over the default. Rules that
/// are not adjustable keep their default.
pub fn apply_severities(
    mut problems: Vec<Diagnostic>,
    config: &Config,
    own: &PageRules,
    today: Date,
) -> JudgedProblems {
    let mut used = BTreeSet::new();
    let levels = config.levels(today);
    for problem in problems.iter_mut().filter(|problem| problem.rule.adjustable) {
        let name = problem.rule.name;
        let page = own.get(&problem.span.file).and_then(|rules| rules.get(name));
        problem.severity = page.or_else(|| levels.get(name)).copied().unwrap_or(problem.rule.severity);
        for (index, entry) in config.allow.iter().enumerate() {
            if entry.fits(problem) {
                // An entry that is over still lowers errors: a handbook must not fail because a day has passed.
                let most = if entry.is_over(today) { Severity::Warn } else { Severity::Off };
                problem.severity = problem.severity.min(most);
                used.insert(index);
            }
        }
    }
    problems.retain(|problem| problem.severity != Severity::Off);
    diagnostic::sort(&mut problems);
    JudgedProblems { problems, used }
}
