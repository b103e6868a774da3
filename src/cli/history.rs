//! `opsbook history`. Prints the history of every file, or writes it into the handbook for clones that are cut off.
//!
//! Owns where the text goes. `input::git` reads the history.

use crate::input::{Failure, committed_history, git};

use super::Outcome;
use super::creation::replace;
use super::new::load;
use super::shared_args::RootArgs;
use super::terminal::{OutputStream, Terminal};

/// Print the history of files, or keep it for shallow clones
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook history
  opsbook history --write       Write .git-history.json, to be committed

For each file: its last change, its first version, the number of its changes,
and names where book.toml asks for them. A shallow clone uses the committed file
if it holds the commit that the file ends with, and adds what came later.")]
pub struct HistoryArgs {
    /// Write to .git-history.json
    #[arg(long)]
    pub write: bool,
    #[command(flatten)]
    pub root: RootArgs,
}

pub(super) fn run(args: &HistoryArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let inputs = load(&args.root.find()?)?;
    let text = git::history_text(&inputs)?;
    if !args.write {
        terminal.print(OutputStream::Out, &text);
        return Ok(Outcome::Success);
    }
    let file = committed_history::FILE;
    let is_new = replace(&inputs.root.join(file), &text)?;
    terminal.line(&if is_new { format!("Wrote {file}") } else { format!("{file} is up to date") });
    Ok(Outcome::Success)
}
