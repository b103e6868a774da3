//! Which files of an earlier state have another path now.
//!
//! Owns the question to Git's rename detection. It compares only the files that one of the two states has, also those
//! that are not committed yet, in a temporary folder: no setting of a user and no repository changes the answer.
#![expect(clippy::disallowed_methods, reason = "writes files that Git compares")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use super::git::{git_without_settings, no_git};
use super::{Failure, Inputs};
use crate::path::FilePath;
use crate::renames::{Rename, Renames};

/// The share of a text that must be the same, in Git's words. Git's own default.
const SIMILARITY: &str = "--find-renames=50%";

/// The files with another path. `folder` is an empty one that may be written to.
pub(super) fn find(folder: &Path, before: &Inputs, present: &Inputs) -> Result<Renames, Failure> {
    let old = compared_texts(before);
    let new = compared_texts(present);
    let gone: Vec<(&FilePath, &String)> = old.iter().filter(|(file, _)| !new.contains_key(*file)).collect();
    let added: Vec<(&FilePath, &String)> = new.iter().filter(|(file, _)| !old.contains_key(*file)).collect();
    if gone.is_empty() || added.is_empty() {
        return Ok(Renames::default());
    }
    for (side, files) in [("old", gone), ("new", added)] {
        write(&folder.join(side), &files).map_err(|error| {
            let help = "Make room, or set TMPDIR to another folder.";
            Failure::new(format!("a temporary folder cannot be written: {error}"), help)
        })?;
    }
    let mut command = git_without_settings(folder);
    command.args([
        "diff",
        "--no-index",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--name-status",
        "-z",
    ]);
    command.args([SIMILARITY, "-l32767", "old", "new"]);
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output();
    let output = output.map_err(|error| no_git(&error))?;
    // With 1 it says that there are differences.
    if output.status.code() != Some(1) {
        let said = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("").to_owned();
        return Err(Failure::new(format!("Git cannot compare files: {said}"), "Install Git 2.30 or newer."));
    }
    Ok(Renames { list: parse_renames(&output.stdout) })
}

/// What Git compares of each file: the text, or the digest of a file that is not text.
fn compared_texts(inputs: &Inputs) -> BTreeMap<FilePath, String> {
    let mut texts = BTreeMap::new();
    for asset in inputs.assets.values().chain(inputs.static_files.values()) {
        texts.insert(asset.file.clone(), asset.digest.hex());
    }
    for (file, source) in inputs.sources.iter().chain(&inputs.data) {
        texts.insert(file.clone(), source.text.to_string());
    }
    texts
}

fn write(folder: &Path, files: &[(&FilePath, &String)]) -> std::io::Result<()> {
    for (file, text) in files {
        let place = folder.join(file.as_str());
        fs::create_dir_all(place.parent().unwrap_or(folder))?;
        fs::write(place, text)?;
    }
    Ok(())
}

/// Reads `R100`, `old/a`, `new/b`, each with a NUL at its end. Other letters have one path.
fn parse_renames(answer: &[u8]) -> Vec<Rename> {
    let mut fields = answer.split(|byte| *byte == 0).map(|field| std::str::from_utf8(field).unwrap_or(""));
    let mut found = Vec::new();
    while let Some(status) = fields.next() {
        let first = fields.next();
        if !status.starts_with('R') {
            continue;
        }
        let path = |field: Option<&str>, side: &str| FilePath::new(field?.strip_prefix(side)?);
        if let (Some(from), Some(to)) = (path(first, "old/"), path(fields.next(), "new/")) {
            found.push(Rename { from, to });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_renames_are_read() {
        let found = parse_renames(b"A\0new/x.md\0R087\0old/a b.md\0new/c/d.md\0D\0old/y.md\0");
        let paths: Vec<_> = found.iter().map(|rename| (rename.from.as_str(), rename.to.as_str())).collect();
        assert_eq!(paths, [("a b.md", "c/d.md")]);
    }
}
