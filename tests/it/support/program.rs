//! The program as a process.
//!
//! Owns runs of the real binary in folders of their own.

#![expect(clippy::disallowed_methods, reason = "runs the program")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How the program ended, and what it printed.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The program with arguments, in a folder.
pub fn command(here: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
    command.args(arguments).current_dir(here).env_remove("COLUMNS").stdin(Stdio::null());
    command
}

/// Runs the program in a folder.
pub fn run(here: &Path, arguments: &[&str]) -> Run {
    let output = command(here, arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder with the handbook that `init` writes, in `book`.
pub fn scene() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let started = run(folder.path(), &["init", "book"]);
    assert_eq!(started.code, 0, "{}", started.err);
    let book = folder.path().join("book");
    (folder, book)
}

/// Adds text to a file of the handbook.
pub fn add(book: &Path, file: &str, text: &str) {
    let path = book.join(file);
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(path, before + text).unwrap();
}
