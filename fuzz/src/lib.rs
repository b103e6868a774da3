//! Hostile input: what must hold for any bytes, as functions that a fuzzer calls.
//!
//! Owns [`TARGETS`]: each is a function from bytes to nothing, which panics where a promise is broken. It is the same
//! function for libFuzzer (`libfuzzer.rs`), which follows coverage, and for the plain runner (`main.rs`), which needs
//! Rust alone. Handbooks are built in memory as in the tests of the program, whose judges are used here, too.

#[path = "../../tests/it/support/case.rs"]
#[allow(dead_code, reason = "the fuzzer reads cases and rewrites none")]
pub mod case;
#[path = "../../src/metadata/fixtures.rs"]
#[allow(dead_code, reason = "nothing is looked for in the fixtures here")]
mod fixtures;
#[path = "../../tests/it/support/handbook.rs"]
pub mod handbook;
#[path = "../../tests/it/support/html.rs"]
#[allow(dead_code, reason = "cases are not compared here")]
pub mod html;
#[path = "../../tests/it/support/judge.rs"]
pub mod judge;
#[path = "../../tests/it/support/scan.rs"]
pub mod scan;

mod mutate;
mod oracle;
mod runner;
mod seeds;
mod site;
mod targets;

pub use runner::run;
pub use seeds::seeds;
pub use targets::{TARGETS, Target, target};
