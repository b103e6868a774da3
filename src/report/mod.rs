//! Problems as text: for people, for editors, for programs.
//!
//! Owns the three formats and the summary at their end. Every function here is pure: it takes diagnostics, the
//! texts that they point into and a style, and returns a `String`. The callers decide where it is printed.

pub mod audit;
pub mod escape;
pub mod human;
pub mod json;
mod places;
pub mod short;

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::input::Inputs;
use crate::path::FilePath;
use crate::rules::Severity;
use crate::source::Source;

pub use human::{ColourChoice, ReportStyle};

/// Finds the text of a file that a diagnostic points into.
pub type Lookup<'l, 'a> = &'l dyn Fn(&FilePath) -> Option<&'a Source>;

/// The number of problems, and of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    pub errors: usize,
    pub warnings: usize,
    /// The pages of the site, with and without problems.
    pub pages: usize,
}

impl Summary {
    /// Counts the diagnostics by severity.
    pub fn new(diagnostics: &[Diagnostic], pages: usize) -> Summary {
        let count = |level| diagnostics.iter().filter(|diagnostic| diagnostic.severity == level).count();
        Summary { errors: count(Severity::Error), warnings: count(Severity::Warn), pages }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pages = counted(self.pages, "page");
        let errors = counted(self.errors, "error");
        let warnings = counted(self.warnings, "warning");
        match (self.errors, self.warnings) {
            (0, 0) => write!(f, "no problems in {pages}"),
            (_, 0) => write!(f, "{errors} in {pages}"),
            (0, _) => write!(f, "{warnings} in {pages}"),
            _ => write!(f, "{errors}, {warnings} in {pages}"),
        }
    }
}

/// A number with its noun: `1 page`, `2 pages`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A lookup in all texts that a build read.
pub fn texts<'a>(inputs: &'a Inputs) -> impl Fn(&FilePath) -> Option<&'a Source> {
    move |path| inputs.sources.get(path).or_else(|| inputs.settings.get(path))
}

/// The name of a severity in the formats.
fn level_name(level: Severity) -> &'static str {
    match level {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Off => "off",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_names_only_what_there_is() {
        let summary = |errors, warnings, pages| Summary { errors, warnings, pages }.to_string();
        assert_eq!(summary(0, 0, 3), "no problems in 3 pages");
        assert_eq!(summary(1, 0, 1), "1 error in 1 page");
        assert_eq!(summary(0, 2, 14), "2 warnings in 14 pages");
        assert_eq!(summary(2, 1, 14), "2 errors, 1 warning in 14 pages");
    }
}
