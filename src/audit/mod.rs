//! The audit: does the finished site contain anything that it should not contain?
//!
//! Owns the scan of finished files ([`Scanner`]) and turns its hits into diagnostics. Pure: paths and bytes in, finds
//! out. Knows neither pages nor the site, so that it cannot share their mistakes; the caller maps paths to sources.

mod base64_runs;
mod drawn_text;
mod escapes;
mod finds;
mod markup;
mod metadata;
mod names;
mod packed;
mod scan;
mod view;
mod word_list;

use crate::config::AuditSettings;
use crate::fields;
use crate::leaks::Detectors;
use crate::source::{Position, Source};

pub use finds::{FileFinds, Sources, gather};
pub use scan::Hit;
pub use view::DecodeStep;
pub use word_list::BuildMachine;

use word_list::WordList;

/// Scans finished files, from any number of threads.
pub struct Scanner {
    words: WordList,
    allow: Allow,
    /// The handbook's own rules for keys and tokens, in addition to the built-in ones.
    secret_rules: Vec<Detectors>,
}

/// Patterns of values that may be published, in lower case.
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
    /// A sentence, when the deny list is too long.
    pub fn new(audit: &AuditSettings, machine: &BuildMachine) -> Result<Scanner, String> {
        let words = WordList::new(audit, machine)
            .map_err(|error| format!("the deny list cannot be used: {error}"))?;
        let allow = Allow(audit.allow.iter().map(|value| value.to_lowercase()).collect());
        Ok(Scanner { words, allow, secret_rules: Vec::new() })
    }

    /// The same scanner with the handbook's own rules for keys and tokens.
    pub fn with_secret_rules(self, secret_rules: Vec<Detectors>) -> Scanner {
        Scanner { secret_rules, ..self }
    }

    /// Scans one file and its path.
    pub fn look(&self, path: &str, bytes: &[u8]) -> FileFinds {
        let hits = scan::file(path, bytes, self);
        let placed = hits.into_iter().map(|hit| {
            // The offset of a hit in the path counts bytes of the path, not of the file.
            let at = if hit.steps.first() == Some(&DecodeStep::Name) { 0 } else { hit.at };
            let at = position(bytes, at);
            (hit, at)
        });
        FileFinds { path: path.to_owned(), hits: placed.collect() }
    }

    /// The byte offset of the first hit in a source that `is_it` accepts.
    fn offset(&self, source: &Source, is_it: impl Fn(&Hit) -> bool) -> Option<usize> {
        let hits = scan::file("", source.text.as_bytes(), self);
        hits.into_iter().find(|hit| is_it(hit)).map(|hit| hit.at)
    }
}

/// The line and column of a byte offset, both from 1. Columns count characters where the line is UTF-8.
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
