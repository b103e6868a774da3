//! What a caller asks of the loader, and how it fails.
//!
//! Owns the choices of the command line as far as they concern inputs, and [`Failure`]. Reads nothing.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

/// What the command line says about the inputs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder with `book.toml`.
    pub root: PathBuf,
    /// Replaces `paths.out`; relative to the working directory.
    pub out: Option<PathBuf>,
    /// For whom, by the name of a level; without it the handbook's own setting.
    pub audience: Option<String>,
    /// Replaces `book.base_url`.
    pub base_url: Option<String>,
    pub preview: Preview,
    pub drafts: Drafts,
    /// The day of the build; without it the clock's, UTC.
    pub today: Option<jiff::civil::Date>,
}

/// Whether this is a build for `opsbook serve`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preview {
    No,
    Yes,
}

/// What becomes of pages that say `draft: true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Drafts {
    /// They are left out.
    Leave,
    /// They are pages like any other.
    Include,
}

/// A problem of the machine: nothing can be built until somebody changes something outside the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// The way out, as an imperative sentence.
    pub help: String,
}

impl Failure {
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: help.into() }
    }

    /// A thread that the operating system does not start.
    pub fn no_thread(error: &dyn fmt::Display) -> Failure {
        let help =
            "End other programs, or raise the limits of processes and memory (`ulimit -u`, `ulimit -v`).";
        Failure::new(format!("no thread can be started: {error}"), help)
    }

    /// A file or folder that the operating system does not hand out.
    pub(super) fn io(path: &Path, error: &std::io::Error) -> Failure {
        let message = format!("cannot read `{}`: {error}", path.display());
        Failure::new(message, "Check that the path exists and that you may read it.")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.help)
    }
}

impl Error for Failure {}
