//! Audits a site in a folder, including files that other programs have put there.
//!
//! Owns the walk. Symbolic links are not followed. Folders of version control are reported, but not read.

#![expect(clippy::disallowed_methods, reason = "reads a finished site from disk")]

use std::fs;
use std::path::Path;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::audit::{FileFinds, Scanner};
use crate::input::Failure;

use super::site::{LARGEST, ScannedFiles, origins};

/// Checks every file in a folder.
///
/// # Errors
/// A file or folder cannot be read. The audit must not pass as if it had been checked.
pub(super) fn scan_folder(folder: &Path, scanner: &Scanner) -> Result<ScannedFiles, Failure> {
    // The folder `.git` itself stays in the list, so that it is reported.
    let inside = |entry: &DirEntry| !entry.path().parent().is_some_and(|parent| parent.ends_with(".git"));
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(inside);
    let entries: Vec<DirEntry> = walk.collect::<Result<_, _>>().map_err(|error| {
        Failure::new(
            format!("cannot read `{}`: {error}", folder.display()),
            "Check the folder and its rights.",
        )
    })?;
    let wanted = |entry: &&DirEntry| !entry.file_type().is_dir() || entry.file_name() == ".git";
    let looked: Result<Vec<_>, Failure> =
        entries.par_iter().filter(wanted).map(|entry| file(entry, folder, scanner)).collect();
    let index = fs::read(folder.join("handbook.json")).unwrap_or_default();
    Ok((looked?, origins("handbook.json", &index)))
}

fn file(entry: &DirEntry, folder: &Path, scanner: &Scanner) -> Result<FileFinds, Failure> {
    let path = entry.path().strip_prefix(folder).unwrap_or(entry.path()).to_string_lossy().into_owned();
    if entry.file_type().is_dir() {
        return Ok(scanner.look(&path, b""));
    }
    if !entry.file_type().is_file() {
        return Ok(FileFinds::unchecked(&path, "a link or device, which is not followed"));
    }
    let failure = |error: &dyn std::fmt::Display| {
        Failure::new(
            format!("cannot read `{}`: {error}", entry.path().display()),
            "Check the file and its rights.",
        )
    };
    if entry.metadata().map_err(|error| failure(&error))?.len() > LARGEST {
        return Ok(FileFinds::unchecked(&path, "a file that is too large to be checked"));
    }
    let bytes = fs::read(entry.path()).map_err(|error| failure(&error))?;
    Ok(scanner.look(&path, &bytes))
}
