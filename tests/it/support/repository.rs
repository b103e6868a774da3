//! A Git repository with a known history.
//!
//! Owns commits with fixed authors and times, so that their hashes are the same on each run.

#![expect(clippy::disallowed_methods, reason = "writes files and runs Git")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A repository in a folder of the test.
pub struct Repository {
    pub root: PathBuf,
}

impl Repository {
    /// Begins a repository with the branch `main`.
    pub fn new(root: &Path) -> Repository {
        let repository = Repository { root: root.canonicalize().unwrap() };
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    /// Runs Git without the settings of this machine, and returns what it prints.
    pub fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.root).args(["-c", "protocol.file.allow=always"]).args(arguments);
        for (name, value) in [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "A"),
            ("GIT_AUTHOR_EMAIL", "a@example.org"),
            ("GIT_AUTHOR_DATE", "2026-11-01T12:00:00Z"),
            ("GIT_COMMITTER_NAME", "A"),
            ("GIT_COMMITTER_EMAIL", "a@example.org"),
            ("GIT_COMMITTER_DATE", "2026-11-01T12:00:00Z"),
        ] {
            command.env(name, value);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub fn write(&self, path: &str, text: &str) {
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).unwrap();
    }

    pub fn rename(&self, from: &str, to: &str) {
        let place = self.root.join(to);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::rename(self.root.join(from), place).unwrap();
    }

    /// Writes files, and commits everything that is there.
    pub fn commit(&self, files: &[(&str, &str)]) -> String {
        for (path, text) in files {
            self.write(path, text);
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--no-gpg-sign", "-m", "Go on"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Everything that must stay as it is while a program only reads: files, index, references and objects.
    pub fn state(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files = walkdir::WalkDir::new(&self.root).sort_by_file_name().into_iter().map(Result::unwrap);
        let files = files.filter(|file| file.file_type().is_file()).map(|file| file.into_path());
        files.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }
}
