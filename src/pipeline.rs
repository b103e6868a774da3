//! The whole program in one function: inputs in, outputs and diagnostics out.

use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::input::Inputs;
use crate::memo::Keep;
use crate::output::Sink;

/// Builds a handbook again and again; keeps what can be reused.
pub struct Engine {}

/// What became of a build.
#[derive(Debug)]
pub struct Build {
    /// Sorted; levels are final, rules that are off are gone.
    pub diagnostics: Vec<Diagnostic>,
    /// Pages in the site.
    pub pages: usize,
    /// Pages parsed and rendered anew by this build.
    pub parsed: usize,
    pub rendered: usize,
    /// Each stage and how long it took, in order.
    pub timings: Vec<(&'static str, Duration)>,
}

impl Engine {
    pub fn new(_keep: Keep) -> Engine {
        Engine {}
    }

    /// Builds. Every output goes to `sink` as it is made, also when there are errors: whether they are
    /// published is the caller's decision (see `Build::failed`).
    ///
    /// # Errors
    /// Only what the sink could not store.
    pub fn build(&mut self, _inputs: &Inputs, _sink: &dyn Sink) -> std::io::Result<Build> {
        Ok(Build { diagnostics: vec![], pages: 0, parsed: 0, rendered: 0, timings: vec![] })
    }
}

impl Build {
    /// Whether there is an error in the content.
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(|d| d.level == crate::rules::Level::Error)
    }
}
