//! `opsbook completions`.
//!
//! Prints the script that `clap_complete` generates from the arguments.

use clap::Command;

use crate::input::Failure;

use super::Outcome;
use super::terminal::{OutputStream, Terminal};

/// Print a script that completes commands and options in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook completions bash > ~/.local/share/bash-completion/completions/opsbook
  opsbook completions zsh  > ~/.zfunc/_opsbook
  opsbook completions fish > ~/.config/fish/completions/opsbook.fish")]
pub struct CompletionsArgs {
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

pub(super) fn run(
    args: &CompletionsArgs,
    mut program: Command,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "opsbook", &mut script);
    terminal.print(OutputStream::Out, &String::from_utf8_lossy(&script));
    Ok(Outcome::Success)
}
