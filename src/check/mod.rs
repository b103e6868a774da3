//! The severity of all problems, and checks that need the paths of all outputs.
//!
//! Owns the checks that run when every page, URL and link is known, how `[rules]` and a page's own `rules` change
//! severities, and which problems are new. Must not depend on any output format.

mod lost_addresses;
mod new_problems;
mod outputs;

use std::collections::BTreeMap;

use crate::config::Config;
use crate::diagnostic::{self, Diagnostic};
use crate::path::FilePath;
use crate::rules::Severity;

pub use lost_addresses::AddressChange;
pub use new_problems::ProblemChanges;
pub use outputs::{OutputClaim, OutputMaker, conflicts};

/// The severities of rules that pages set themselves, by file.
pub type PageRules = BTreeMap<FilePath, BTreeMap<&'static str, Severity>>;

/// Gives every problem its severity in this handbook, drops the problems that are off, and sorts the rest. A page's own
/// `rules` take precedence over `[rules]` in `book.toml`, which take precedence over the default. Rules that are not
/// adjustable keep their default.
pub fn apply_severities(
    mut diagnostics: Vec<Diagnostic>,
    config: &Config,
    own: &PageRules,
) -> Vec<Diagnostic> {
    for problem in diagnostics.iter_mut().filter(|problem| problem.rule.adjustable) {
        let name = problem.rule.name;
        let page = own.get(&problem.span.file).and_then(|rules| rules.get(name));
        problem.severity = page.or_else(|| config.rules.get(name)).copied().unwrap_or(problem.rule.severity);
    }
    diagnostics.retain(|problem| problem.severity != Severity::Off);
    diagnostic::sort(&mut diagnostics);
    diagnostics
}
