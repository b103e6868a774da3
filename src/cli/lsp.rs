//! `opsbook lsp`.
//!
//! Gives the language server stdin and stdout; the server itself is [`crate::lsp`].

use std::io;

use crate::input::Failure;
use crate::lsp::{self, SessionEnd};

use super::Outcome;
use super::args::{LspArgs, RootArgs};
use super::terminal::Terminal;

pub(super) fn run(args: &LspArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let root = match &args.folder {
        Some(folder) => Some(RootArgs { folder: Some(folder.clone()) }.find()?),
        None => None,
    };
    match lsp::run(root, io::stdin(), io::stdout())? {
        SessionEnd::Orderly => Ok(Outcome::Well),
        SessionEnd::Abrupt => {
            terminal.note("the editor ended the session without `shutdown`");
            Ok(Outcome::Problems)
        }
    }
}
