//! The audit: nothing that is hidden gets out, and what gets out all the same is found.
//!
//! Owns how the program is run. The parts: seeds and what the scanner finds of them, the command, and a handbook with a
//! word of its own in each channel, built for everybody and for insiders.

#![expect(clippy::disallowed_methods, reason = "runs the program")]

mod canaries;
mod command;
mod handbook;
mod scanner;
mod seeds;

use std::path::Path;
use std::process::{Command, Stdio};

/// What the program said.
struct Run {
    code: i32,
    out: String,
    err: String,
}

fn run(here: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_opsbook"))
        .args(arguments)
        .current_dir(here)
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}
