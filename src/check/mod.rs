//! Rules that look at the finished site, and the levels of all problems.
//!
//! Owns what is checked once every page, URL and link is known, and how `[rules]` and a page's own `rules`
//! change levels. Must not know any output format.

mod outputs;

use std::collections::BTreeMap;

use crate::config::Config;
use crate::diagnostic::{self, Diagnostic};
use crate::page::Page;
use crate::path::FilePath;
use crate::rules::Level;

pub use outputs::{Claim, Maker, conflicts};

/// Gives every problem its level in this handbook; drops those that are off; sorts the rest.
pub fn levels<'a>(
    mut diagnostics: Vec<Diagnostic>,
    config: &Config,
    pages: impl Iterator<Item = &'a Page>,
) -> Vec<Diagnostic> {
    let own: BTreeMap<&FilePath, &BTreeMap<&str, Level>> = pages
        .filter(|page| !page.front.rules.is_empty())
        .map(|page| (&page.file, &page.front.rules))
        .collect();
    for problem in diagnostics.iter_mut().filter(|problem| problem.rule.adjustable) {
        let name = problem.rule.name;
        let page = own.get(&problem.span.file).and_then(|rules| rules.get(name));
        problem.level = page.or_else(|| config.rules.get(name)).copied().unwrap_or(problem.rule.level);
    }
    diagnostics.retain(|problem| problem.level != Level::Off);
    diagnostic::sort(&mut diagnostics);
    diagnostics
}
