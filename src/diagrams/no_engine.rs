//! Replaces `engine` in a build without the feature `diagrams`.
//!
//! Owns the message that an author gets in that case. Its functions have the signatures of those in `engine`.

use super::problem::{DiagramProblem, Reason};

/// Rejects every source.
///
/// # Errors
/// Always: this build cannot draw.
pub fn check(source: &str) -> Result<(), DiagramProblem> {
    Err(DiagramProblem {
        position: 0..source.lines().next().map_or(0, str::len),
        message: "this Opsbook was built without diagrams".to_owned(),
        help: "take a build with the feature `diagrams`, or set `diagrams = false` below `[markdown]`"
            .to_owned(),
    })
}

/// The picture of a source that was checked: there is none.
///
/// # Errors
/// Always.
pub fn picture(_source: &str) -> Result<String, Reason> {
    Err(Reason::Kind)
}
