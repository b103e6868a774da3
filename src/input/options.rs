//! The options of the loader, and its failure.
//!
//! Owns the options of the command line that concern the inputs, and [`Failure`]. Reads nothing.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

/// The options of the command line that concern the inputs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder with `book.toml`.
    pub root: PathBuf,
    /// Replaces `paths.out`; relative to the working directory.
    pub out: Option<PathBuf>,
    /// The audience, as the name of a level. Default: the handbook's own setting.
    pub audience: Option<String>,
    /// Replaces `book.base_url`.
    pub base_url: Option<String>,
    pub preview: Preview,
    pub drafts: Drafts,
    /// The day of the build. Default: today by the clock, UTC.
    pub today: Option<jiff::civil::Date>,
}

/// Whether this is a build for `opsbook serve`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preview {
    No,
    Yes,
}

/// Whether pages with `draft: true` are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Drafts {
    /// They are not part of the handbook.
    Leave,
    /// They are pages like any other.
    Include,
}

/// A problem that stops a build until something outside the content changes, such as a file that cannot be read
/// or a wrong option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The problem, as one sentence without a full stop.
    pub message: String,
    /// The way out, as an imperative sentence.
    pub help: String,
}

impl Failure {
    /// A failure with its message and its way out.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: help.into() }
    }

    /// The failure of the operating system to start a thread.
    pub fn no_thread(error: &dyn fmt::Display) -> Failure {
        let help =
            "End other programs, or raise the limits of processes and memory (`ulimit -u`, `ulimit -v`).";
        Failure::new(format!("no thread can be started: {error}"), help)
    }

    /// The failure to read a file or folder.
    pub fn io(path: &Path, error: &std::io::Error) -> Failure {
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
