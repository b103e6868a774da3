//! How long stages take.
//!
//! Owns the only look at the clock in a build. What it says is shown to people and goes into no output.
#![expect(clippy::disallowed_methods, reason = "measures how long stages take")]

use std::time::{Duration, Instant};

/// Stages and their durations, in order.
#[derive(Debug)]
pub struct Timings {
    last: Instant,
    pub stages: Vec<(&'static str, Duration)>,
}

impl Timings {
    pub fn start() -> Timings {
        Timings { last: Instant::now(), stages: Vec::new() }
    }

    /// Ends a stage; the next one begins.
    pub fn stage(&mut self, name: &'static str) {
        let now = Instant::now();
        self.stages.push((name, now - self.last));
        self.last = now;
    }

    /// Ends a stage that is worth a line: one of more than a millisecond. The time of a shorter one counts to
    /// the next.
    pub fn long_stage(&mut self, name: &'static str) {
        if self.last.elapsed() > Duration::from_millis(1) {
            self.stage(name);
        }
    }

    /// The sum of all stages.
    pub fn total(&self) -> Duration {
        self.stages.iter().map(|(_, duration)| *duration).sum()
    }
}
