//! What a report about an incident must be by itself: its times, its states, its words.
//!
//! Owns the rules that need only the one page, and the vocabulary of states and points in time. What needs the day
//! of the build or other reports is the register's business.

mod order;
mod state;

use crate::diagnostic::Diagnostic;
use crate::kinds::{Data, Moment};
use crate::path::FilePath;

use super::FrontMatter;

pub use state::State;

/// The register that a kind of reports feeds.
pub const REGISTER: &str = "incidents";

/// The points in time of an incident, in their order; all durations are computed from the first one.
pub const POINTS: [&str; 5] = ["started", "detected", "acknowledged", "mitigated", "resolved"];

/// The points that a report names, in their order.
pub fn points(data: &Data) -> impl Iterator<Item = (&'static str, &Moment)> {
    POINTS.into_iter().filter_map(|name| Some((name, data.time(name)?)))
}

/// Checks a page of a kind that tells of incidents. A draft may be unfinished, but not in disorder.
pub fn check(file: &FilePath, front: &FrontMatter) -> Vec<Diagnostic> {
    if !front.kind.feeds(REGISTER) {
        return Vec::new();
    }
    let mut problems = order::check(file, front);
    if !front.draft {
        problems.extend(state::check(file, front));
    }
    problems
}
