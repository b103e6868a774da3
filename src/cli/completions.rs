//! `opsbook completions`.
//!
//! Prints the script that `clap_complete` generates from the arguments.

use clap::CommandFactory;

use crate::input::Failure;

use super::Outcome;
use super::args::{Args, CompletionsArgs};
use super::terminal::{OutputStream, Terminal};

pub(super) fn run(args: &CompletionsArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "opsbook", &mut script);
    terminal.print(OutputStream::Out, &String::from_utf8_lossy(&script));
    Ok(Outcome::Well)
}
