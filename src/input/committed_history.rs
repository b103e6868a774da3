//! The history of files as a file of the handbook, for clones that are cut off.
//!
//! Owns the name of the file and its form. It holds what Git says at one commit: a clone that has this commit can add what
//! came later, whatever lies before it. `git` decides when the file is used.
#![expect(clippy::disallowed_methods, reason = "reads the handbook and its history")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use super::file_history::{CommitHistory, FileRecord};
use crate::memo::Digest;
use crate::path::FilePath;

/// The file, in the handbook's folder. It is hidden, so that it is no content where all files of the handbook are.
pub const FILE: &str = ".git-history.json";

/// The form of the file.
const FORMAT: u32 = 1;

/// The largest file that is read, in bytes: some 100,000 pages.
const LIMIT: u64 = 64 * 1024 * 1024;

/// What the file says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HistoryFile {
    format: u32,
    /// The newest commit that counts.
    commit: String,
    /// The digest of what decides which files and names count.
    settings: String,
    files: BTreeMap<FilePath, FileRecord>,
}

/// Reads the file; `None` if there is none. `settings` is the digest of what decides which files and names count.
///
/// # Errors
/// Why the file cannot be used, as the rest of a sentence about it.
pub(super) fn load(root: &Path, settings: Digest) -> Result<Option<CommitHistory>, String> {
    let path = root.join(FILE);
    let Ok(metadata) = fs::symlink_metadata(&path) else { return Ok(None) };
    if !metadata.is_file() || metadata.len() > LIMIT {
        return Err("is no file of at most 64 MiB".to_owned());
    }
    let bytes = fs::read(&path).map_err(|error| format!("cannot be read: {error}"))?;
    let file: HistoryFile =
        serde_json::from_slice(&bytes).map_err(|error| format!("cannot be read: {error}"))?;
    if file.format != FORMAT {
        return Err("was written by another version of Opsbook".to_owned());
    }
    if file.settings != settings.hex() {
        return Err("was written for other settings: another `content`, other names of people, or another \
                    `.mailmap`"
            .to_owned());
    }
    let is_hash = file.commit.len() >= 40 && file.commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hash || file.files.values().any(FileRecord::is_cut) {
        return Err("does not hold the whole history of a commit".to_owned());
    }
    Ok(Some(CommitHistory { commit: file.commit, files: file.files }))
}

/// The text of the file: one line for each file, so that a change of one page is a change of one line.
pub(super) fn text(history: &CommitHistory, settings: Digest) -> String {
    let mut lines = Vec::new();
    for (file, record) in &history.files {
        lines.push(format!("{}: {}", json!(file), json!(record)));
    }
    format!(
        "{{\n\"format\": {FORMAT},\n\"commit\": \"{}\",\n\"settings\": \"{}\",\n\"files\": {{\n{}\n}}\n}}\n",
        history.commit,
        settings.hex(),
        lines.join(",\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(text: &str, settings: Digest) -> Result<Option<CommitHistory>, String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), text).unwrap();
        load(folder.path(), settings)
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let settings = Digest::of_value(&1);
        let record = |changes: u32| {
            let json = json!({
                "last": { "seconds": 20, "author": "Ada", "commit": "0123456789" },
                "first": 10, "changes": changes, "contributors": { "Ada": changes }, "is_cut": false,
            });
            serde_json::from_value::<FileRecord>(json).unwrap()
        };
        let file = |name: &str| FilePath::new(name).unwrap();
        let files = [(file("content/a \"b\".md"), record(2)), (file("content/ü.md"), record(7))];
        let history = CommitHistory { commit: "ab".repeat(20), files: files.into() };
        let text = text(&history, settings);
        assert_eq!(loaded(&text, settings), Ok(Some(history)));
        assert_eq!(text.lines().filter(|line| line.contains(".md")).count(), 2, "{text}");
        for (from, to, why) in [
            ("\"format\": 1", "\"format\": 2", "another version"),
            ("\"is_cut\":false", "\"is_cut\":true", "the whole history"),
            ("abab", "--ab", "the whole history"),
            ("content/ü.md", "../ü.md", "cannot be read"),
            ("\"files\"", "\"filed\"", "cannot be read"),
            ("{\n", "<<<<<<< ours\n{\n", "cannot be read"),
        ] {
            let problem = loaded(&text.replacen(from, to, 1), settings).unwrap_err();
            assert!(problem.contains(why), "{to}: {problem}");
        }
        assert!(loaded(&text, Digest::of_value(&2)).unwrap_err().contains("other settings"));
        assert_eq!(load(Path::new("no such folder"), settings), Ok(None));
    }
}
