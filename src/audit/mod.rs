//! The audit: is there anything in the finished site that should not be there?
//!
//! Owns how finished files are looked at ([`Scanner`]). What is found becomes diagnostics. Pure: paths and bytes in, finds out.
//! Knows neither pages nor the site, so that it cannot share their mistakes; who calls it says which source a path has.

mod base64_runs;
mod drawn;
mod escapes;
mod finds;
mod markup;
mod metadata;
mod names;
mod packed;
mod scan;
mod view;
mod words;

use crate::config::Audit;
use crate::fields;
use crate::leaks::Detectors;
use crate::source::{Position, Source};

pub use finds::{Looked, Sources, gather};
pub use scan::Hit;
pub use view::Step;
pub use words::Machine;

use words::Words;

/// Looks at finished files, from any number of threads.
pub struct Scanner {
    words: Words,
    allow: Allow,
    /// Rules of the handbook for keys and tokens, beside the built-in ones.
    secret_rules: Vec<Detectors>,
}

/// Values that may be published.
struct Allow(Vec<String>);

impl Allow {
    fn allows(&self, value: &str) -> bool {
        !self.0.is_empty() && {
            let value = value.to_lowercase();
            self.0.iter().any(|pattern| fields::matches(pattern, &value))
        }
    }
}

impl Scanner {
    /// A scanner for a handbook's settings and the machine that builds.
    ///
    /// # Errors
    /// When the deny list is too long, in a sentence.
    pub fn new(audit: &Audit, machine: &Machine) -> Result<Scanner, String> {
        let words =
            Words::new(audit, machine).map_err(|error| format!("the deny list cannot be used: {error}"))?;
        let allow = Allow(audit.allow.iter().map(|value| value.to_lowercase()).collect());
        Ok(Scanner { words, allow, secret_rules: Vec::new() })
    }

    /// The same scanner with rules of the handbook for keys and tokens.
    pub fn with_secret_rules(self, secret_rules: Vec<Detectors>) -> Scanner {
        Scanner { secret_rules, ..self }
    }

    /// Looks at one file.
    pub fn look(&self, path: &str, bytes: &[u8]) -> Looked {
        let hits = scan::file(path, bytes, self);
        let placed = hits.into_iter().map(|hit| {
            let at = if hit.steps.first() == Some(&Step::Name) { 0 } else { hit.at };
            let at = position(bytes, at);
            (hit, at)
        });
        Looked { path: path.to_owned(), hits: placed.collect() }
    }

    /// The byte of a source at which it says something.
    fn offset(&self, source: &Source, is_it: impl Fn(&Hit) -> bool) -> Option<usize> {
        let hits = scan::file("", source.text.as_bytes(), self);
        hits.into_iter().find(|hit| is_it(hit)).map(|hit| hit.at)
    }
}

/// Line and column of a byte; columns count characters where the line is text.
fn position(bytes: &[u8], at: usize) -> Position {
    let before = &bytes[..at.min(bytes.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    Position {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    }
}
