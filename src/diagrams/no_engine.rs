//! Stands in for Mermaid where the program is built without the feature `diagrams`.
//!
//! Owns the sentence that an author reads then. Its functions are those of `engine`.

use super::problem::{Problem, Reason};

/// Looks at a source before it is drawn.
///
/// # Errors
/// Always: there is nothing that could draw it.
pub fn check(source: &str) -> Result<(), Problem> {
    Err(Problem {
        position: 0..source.lines().next().map_or(0, str::len),
        message: "this Opsbook was built without diagrams".to_owned(),
        help: "take a build with the feature `diagrams`, or set `diagrams = false` below `[markdown]`"
            .to_owned(),
    })
}

/// The picture of a diagram that was checked: there is none.
///
/// # Errors
/// Always.
pub fn picture(_source: &str) -> Result<String, Reason> {
    Err(Reason::Kind)
}
