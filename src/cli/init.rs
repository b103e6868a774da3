//! `opsbook init`. Writes files.
//!
//! Owns the refusal to overwrite: either no file of the first handbook exists yet, or none is written.

#![expect(clippy::disallowed_methods, reason = "writes the first files of a handbook")]

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::input::{Failure, clock};
use crate::report::counted;

use super::Outcome;
use super::args::InitArgs;
use super::scaffold::{FILES, fill};
use super::terminal::Terminal;

pub(super) fn run(args: &InitArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let folder = &args.folder;
    let taken: Vec<&str> = FILES
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| fs::symlink_metadata(folder.join(path)).is_ok())
        .collect();
    if !taken.is_empty() {
        return Err(in_the_way(folder, &taken));
    }
    let today = clock::day(clock::now()).to_string();
    for (path, text) in FILES {
        create(&folder.join(path), &fill(text, &today))?;
    }
    terminal.line(&format!("Wrote {} to {}", counted(FILES.len(), "file"), folder.display()));
    terminal.line(&format!("Next: opsbook serve --open{}", root_option(folder)));
    Ok(Outcome::Well)
}

/// Creates a file that does not exist, and the folders above it.
///
/// # Errors
/// The file exists, or cannot be written. No file is ever overwritten.
pub(super) fn create(path: &Path, text: &str) -> Result<(), Failure> {
    let write = || -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        File::create_new(path)?.write_all(text.as_bytes())
    };
    write().map_err(|error| {
        let help = if error.kind() == io::ErrorKind::AlreadyExists {
            "Choose another title, or edit the page that is there."
        } else {
            "Check that you may write there and that there is space."
        };
        Failure::new(format!("cannot write `{}`: {error}", path.display()), help)
    })
}

fn in_the_way(folder: &Path, taken: &[&str]) -> Failure {
    let names: Vec<String> = taken.iter().take(5).map(|path| format!("`{path}`")).collect();
    let more = if taken.len() > 5 { " and more" } else { "" };
    Failure::new(
        format!("`{}` has {}{more} already; nothing was written", folder.display(), names.join(", ")),
        "Choose a new folder: `opsbook init handbook`.",
    )
}

/// The option by which the next command finds the folder; empty for the working directory.
fn root_option(folder: &Path) -> String {
    let here = [PathBuf::from("."), PathBuf::new()].contains(&folder.to_owned());
    if here { String::new() } else { format!(" --root {}", folder.display()) }
}
