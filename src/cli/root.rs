//! Finds the handbook that a command works on.
//!
//! Owns the search for the folder with `book.toml`. It does not read the settings.

#![expect(clippy::disallowed_methods, reason = "looks for the handbook from the working directory upwards")]

use std::env;
use std::path::{Path, PathBuf};

use crate::input::Failure;

use super::shared_args::RootArgs;

pub(super) const BOOK: &str = "book.toml";

impl RootArgs {
    /// The folder given with `--root`, else the nearest one with `book.toml` from the working directory
    /// upwards.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn find(&self) -> Result<PathBuf, Failure> {
        if let Some(folder) = &self.folder {
            return if folder.join(BOOK).is_file() { Ok(folder.clone()) } else { Err(no_book(folder)) };
        }
        let here = env::current_dir().map_err(|error| {
            Failure::new(format!("the working directory is gone: {error}"), "Change to another folder.")
        })?;
        let found = here.ancestors().find(|folder| folder.join(BOOK).is_file());
        found.map(Path::to_owned).ok_or_else(|| {
            let message = format!("there is no `{BOOK}` in `{}` or above it", here.display());
            Failure::new(message, "Start a handbook with `opsbook init`, or name one with `--root`.")
        })
    }
}

fn no_book(folder: &Path) -> Failure {
    let message = format!("there is no `{BOOK}` in `{}`", folder.display());
    let help = if folder.is_dir() {
        format!("Start a handbook there with `opsbook init {}`.", folder.display())
    } else {
        "Check the path: there is no such folder.".to_owned()
    };
    Failure::new(message, help)
}
