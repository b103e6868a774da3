//! `opsbook lsp`.
//!
//! Gives the language server stdin and stdout; the server itself is [`crate::lsp`].

use std::io;
use std::path::PathBuf;

use crate::input::Failure;
use crate::lsp::{self, SessionEnd};

use super::Outcome;
use super::shared_args::RootArgs;
use super::terminal::Terminal;

/// Serve editors: problems, completion, links, renames (LSP)
#[derive(Debug, clap::Args)]
#[command(after_help = "\
An editor starts this command and speaks with it on stdin and stdout. The guide
has settings for VS Code, Neovim, Helix, Zed and Emacs.")]
pub struct LspArgs {
    /// The handbook's folder [default: the editor's]
    #[arg(long = "root", value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

pub(super) fn run(args: &LspArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let root = match &args.folder {
        Some(folder) => Some(RootArgs { folder: Some(folder.clone()) }.find()?),
        None => None,
    };
    match lsp::run(root, io::stdin(), io::stdout())? {
        SessionEnd::Orderly => Ok(Outcome::Success),
        SessionEnd::Abrupt => {
            terminal.note("the editor ended the session without `shutdown`");
            Ok(Outcome::Problems)
        }
    }
}
