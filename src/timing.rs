//! How long the stages of a build take.
//!
//! Owns the only access to the clock in a build. The times are reported to people and never become part of an output.
#![expect(clippy::disallowed_methods, reason = "measures how long stages take")]

use std::time::{Duration, Instant};

/// The stages of a build with their durations, in order.
#[derive(Debug)]
pub struct Timings {
    last: Instant,
    pub stages: Vec<(&'static str, Duration)>,
}

impl Timings {
    pub fn start() -> Timings {
        Timings { last: Instant::now(), stages: Vec::new() }
    }

    /// Ends the current stage under this name and begins the next one.
    pub fn stage(&mut self, name: &'static str) {
        let now = Instant::now();
        self.stages.push((name, now - self.last));
        self.last = now;
    }

    /// Like [`Timings::stage`], but only for stages of more than a millisecond. The time of a shorter one is added to
    /// the next stage.
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
