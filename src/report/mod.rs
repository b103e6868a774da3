//! Problems as text: for people, for editors, for programs.
//!
//! Owns the formats and the summary at their end. Every function here is pure: it takes diagnostics, the texts that they
//! point into and a style, and returns a `String`. The callers decide where it is printed.

pub mod audit;
pub mod code_quality;
pub mod escape;
pub mod explain;
mod fingerprint;
pub mod github;
pub mod human;
pub mod json;
pub mod junit;
pub mod maturity;
pub mod owners;
mod places;
pub mod sarif;
pub mod short;
pub mod status;

use std::borrow::Borrow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::input::Inputs;
use crate::path::FilePath;
use crate::rules::Severity;
use crate::source::Source;

pub use human::{ColourChoice, ReportStyle};

/// Finds the text of a file that a diagnostic points into.
pub type Lookup<'l, 'a> = &'l dyn Fn(&FilePath) -> Option<&'a Source>;

/// What the formats of forges and CI servers show.
pub struct ProblemReport<'l, 'a> {
    /// Sorted by file and position.
    pub diagnostics: &'l [Diagnostic],
    pub lookup: Lookup<'l, 'a>,
    pub summary: Summary,
    /// The path of the handbook's folder in its repository; empty for the root. Forges name files from the root of the
    /// repository.
    pub folder: &'l str,
}

impl ProblemReport<'_, '_> {
    /// The path of a file from the root of the repository.
    fn path(&self, file: &FilePath) -> String {
        if self.folder.is_empty() { file.to_string() } else { format!("{}/{file}", self.folder) }
    }
}

/// Whether a warning makes a check fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarningPolicy {
    Allow,
    Deny,
}

impl WarningPolicy {
    /// Whether a problem makes the check fail.
    pub fn is_failure(self, severity: Severity) -> bool {
        match severity {
            Severity::Error => true,
            Severity::Warn => self == WarningPolicy::Deny,
            Severity::Off => false,
        }
    }
}

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
    pub fn new<D: Borrow<Diagnostic>>(diagnostics: &[D], pages: usize) -> Summary {
        let count =
            |level| diagnostics.iter().filter(|diagnostic| (*diagnostic).borrow().severity == level).count();
        Summary { errors: count(Severity::Error), warnings: count(Severity::Warn), pages }
    }

    /// The problems without the pages: `2 errors, 1 warning`.
    pub fn problems(&self) -> String {
        let errors = counted(self.errors, "error");
        let warnings = counted(self.warnings, "warning");
        match (self.errors, self.warnings) {
            (0, 0) => "no problems".to_owned(),
            (_, 0) => errors,
            (0, _) => warnings,
            _ => format!("{errors}, {warnings}"),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}", self.problems(), counted(self.pages, "page"))
    }
}

/// A number with its noun: `1 page`, `2 pages`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A number of bytes for people: `17 B`, `340 kB`, `2.1 MB`.
pub fn byte_size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
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
    use crate::rules::{HTML_DROPPED, LINK_ANCHOR};
    use crate::source::Span;

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 17, 999, 1_000, 1_234, 999_999, 2_345_678];
        assert_eq!(sizes.map(byte_size), ["0 B", "17 B", "999 B", "1 kB", "2 kB", "1000 kB", "2.3 MB"]);
    }

    /// An error in a file whose name and text are hostile, and a warning in a file whose text is not known.
    pub fn hostile() -> (Vec<Diagnostic>, Source) {
        let file = FilePath::new("content/a::b,\u{1b}💥.md").unwrap();
        let source = Source::new(file.clone(), "é\n💥a💥bc\n");
        let gone = FilePath::new("content/gone.md").unwrap();
        let error = Diagnostic::new(&LINK_ANCHOR, Span::new(&file, 8..13), "no 100% \n::error::x")
            .help("see `<b>` & \"]]>")
            .label(Span::new(&file, 0..2), "the {0} [page](1)");
        let warning = Diagnostic::new(&HTML_DROPPED, Span::start_of(&gone), "w\u{ffff}\u{8}");
        (vec![error, warning], source)
    }

    /// What `render` makes of problems in a handbook that is in a folder of its repository.
    pub fn with_report<T>(
        diagnostics: &[Diagnostic],
        source: &Source,
        render: impl Fn(&ProblemReport<'_, '_>) -> T,
    ) -> T {
        let lookup = |path: &FilePath| (*path == source.path).then_some(source);
        let summary = Summary::new(diagnostics, 3);
        render(&ProblemReport { diagnostics, lookup: &lookup, summary, folder: "docs/100 %," })
    }

    #[test]
    fn the_summary_names_only_what_there_is() {
        let summary = |errors, warnings, pages| Summary { errors, warnings, pages }.to_string();
        assert_eq!(summary(0, 0, 3), "no problems in 3 pages");
        assert_eq!(summary(1, 0, 1), "1 error in 1 page");
        assert_eq!(summary(0, 2, 14), "2 warnings in 14 pages");
        assert_eq!(summary(2, 1, 14), "2 errors, 1 warning in 14 pages");
    }
}
