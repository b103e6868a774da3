//! Renames and rewrites files of a handbook, all or nothing.
//!
//! Owns the order of the steps: everything is checked, then every new text is written beside its file, then files get
//! their new names, then new texts take the place of old ones. If a step fails, the steps before it are undone. A
//! process that is killed between two steps leaves files whose names begin with `.opsbook-`.

#![expect(clippy::disallowed_methods, reason = "changes files of a handbook")]

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::input::text_edits::{TextEdit, apply_to_bytes};
use crate::input::{Failure, random_hex};

/// What is to be changed. All paths are absolute.
#[derive(Debug, Default)]
pub(super) struct FileChanges {
    /// Old and new paths of files and folders.
    pub renames: Vec<(PathBuf, PathBuf)>,
    pub rewrites: Vec<Rewrite>,
    /// Folders above this one are never removed, even if they are empty.
    pub root: PathBuf,
}

/// A file with a new text.
#[derive(Debug)]
pub(super) struct Rewrite {
    /// Before all renames.
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

impl Rewrite {
    /// The rewrite of a file by edits of its text as it was read.
    ///
    /// # Errors
    /// The file cannot be read, or has another text by now.
    pub fn of_edits(path: PathBuf, text: &str, edits: &[TextEdit]) -> Result<Rewrite, Failure> {
        let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
        let Some(bytes) = apply_to_bytes(&bytes, text, edits) else {
            let message =
                format!("`{}` changed while its new text was computed, or is not UTF-8", path.display());
            return Err(Failure::new(message, "Try again; save the file as UTF-8 if that does not help."));
        };
        Ok(Rewrite { path, bytes })
    }
}

/// A step that was done and can be undone.
enum DoneStep {
    Created(PathBuf),
    CreatedFolder(PathBuf),
    Renamed(PathBuf, PathBuf),
    /// The file, and the copy of its old text.
    Replaced(PathBuf, PathBuf),
}

impl FileChanges {
    /// Changes the files.
    ///
    /// # Errors
    /// A file cannot be changed. Then everything is as before, as far as the file system allows; otherwise the failure
    /// names what is not.
    pub fn apply(&self) -> Result<(), Failure> {
        self.check()?;
        let mut done = Vec::new();
        match self.steps(&mut done) {
            Ok(()) => {
                remove_copies(&done);
                self.remove_empty_folders();
                Ok(())
            }
            Err((path, error)) => {
                let left = undo(done);
                let message = format!("cannot write `{}`: {error}", path.display());
                let help = if left.is_empty() {
                    "Check that you may write there and that there is space. Nothing was changed.".to_owned()
                } else {
                    format!("Not everything could be undone. Look at {}.", left.join(", "))
                };
                Err(Failure::new(message, help))
            }
        }
    }

    /// Looks for everything that would fail, before anything is written.
    fn check(&self) -> Result<(), Failure> {
        for (_, to) in &self.renames {
            if to.symlink_metadata().is_ok() {
                let message = format!("`{}` exists already", to.display());
                return Err(Failure::new(message, "Choose another name; no file is overwritten."));
            }
        }
        for Rewrite { path, .. } in &self.rewrites {
            let metadata = path.symlink_metadata().map_err(|error| unreadable(path, &error))?;
            if metadata.is_symlink() {
                let message = format!("`{}` is a symbolic link, and its text would change", path.display());
                return Err(Failure::new(message, "Replace the link by the file, and try again."));
            }
            if metadata.permissions().readonly() {
                let message = format!("`{}` is read-only, and its text would change", path.display());
                return Err(Failure::new(message, "Allow writing to it (`chmod u+w`), and try again."));
            }
        }
        Ok(())
    }

    fn steps(&self, done: &mut Vec<DoneStep>) -> Result<(), (PathBuf, io::Error)> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |error: io::Error| (path, error)
        };
        let mark =
            random_hex(8).map_err(|failure| (self.root.clone(), io::Error::other(failure.to_string())))?;
        for (number, rewrite) in self.rewrites.iter().enumerate() {
            let new = beside(&rewrite.path, &format!(".opsbook-{mark}-{number}.new"));
            stage(&new, rewrite, done).map_err(at(&rewrite.path))?;
        }
        for (from, to) in &self.renames {
            let folder = to.parent().unwrap_or(Path::new("/"));
            create_folders(folder, done).map_err(at(folder))?;
            fs::rename(from, to).map_err(at(to))?;
            done.push(DoneStep::Renamed(from.clone(), to.clone()));
        }
        for (number, rewrite) in self.rewrites.iter().enumerate() {
            let path = self.after(&rewrite.path);
            // A single file leaves its folder without the new text beside it.
            let new = self.after(&beside(&rewrite.path, &format!(".opsbook-{mark}-{number}.new")));
            let old = beside(&path, &format!(".opsbook-{mark}-{number}.old"));
            fs::hard_link(&path, &old).or_else(|_| fs::copy(&path, &old).map(drop)).map_err(at(&path))?;
            done.push(DoneStep::Created(old.clone()));
            fs::rename(&new, &path).map_err(at(&path))?;
            done.push(DoneStep::Replaced(path, old));
        }
        Ok(())
    }

    /// The path of a file after the renames.
    fn after(&self, path: &Path) -> PathBuf {
        let moved = |(from, to): &(PathBuf, PathBuf)| {
            let rest = path.strip_prefix(from).ok()?;
            Some(if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) })
        };
        self.renames.iter().find_map(moved).unwrap_or_else(|| path.to_owned())
    }

    /// Removes folders that the renames left empty.
    fn remove_empty_folders(&self) {
        for (from, _) in &self.renames {
            let inside = |folder: &&Path| folder.starts_with(&self.root) && *folder != self.root;
            for folder in from.ancestors().skip(1).take_while(inside) {
                // Fails where something is left in it, which is right.
                if fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("cannot read `{}`: {error}", path.display());
    Failure::new(message, "Check that the file is still there, and try again.")
}

fn beside(path: &Path, name: &str) -> PathBuf {
    path.with_file_name(name)
}

/// Writes a new text into a file of its own, with the permissions of the old one, through to the disk.
fn stage(new: &Path, rewrite: &Rewrite, done: &mut Vec<DoneStep>) -> io::Result<()> {
    let mut file = File::create_new(new)?;
    done.push(DoneStep::Created(new.to_owned()));
    file.write_all(&rewrite.bytes)?;
    file.set_permissions(rewrite.path.metadata()?.permissions())?;
    file.sync_all()
}

fn create_folders(folder: &Path, done: &mut Vec<DoneStep>) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        create_folders(above, done)?;
    }
    fs::create_dir(folder)?;
    done.push(DoneStep::CreatedFolder(folder.to_owned()));
    Ok(())
}

/// Undoes steps, the last one first. Returns the paths where that failed.
fn undo(done: Vec<DoneStep>) -> Vec<String> {
    let mut left = Vec::new();
    for step in done.into_iter().rev() {
        let (path, undone) = match step {
            DoneStep::Replaced(path, old) => {
                let undone = fs::rename(&old, &path);
                (path, undone)
            }
            DoneStep::Renamed(from, to) => {
                let undone = fs::rename(&to, &from);
                (to, undone)
            }
            DoneStep::CreatedFolder(folder) => {
                let undone = fs::remove_dir(&folder);
                (folder, undone)
            }
            DoneStep::Created(file) => {
                let undone = fs::remove_file(&file);
                // It may have taken the place of an old text that is back already.
                (file, undone.or_else(ignore_missing))
            }
        };
        if undone.is_err() {
            left.push(format!("`{}`", path.display()));
        }
    }
    left
}

fn ignore_missing(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// Removes the copies of old texts.
fn remove_copies(done: &[DoneStep]) {
    for step in done {
        if let DoneStep::Replaced(_, old) = step {
            // The move is complete. A copy that stays is a hidden file, which no handbook reads.
            let _ = fs::remove_file(old);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(root: &Path) -> Vec<(String, String)> {
        let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().map(Result::unwrap);
        let files = entries.filter(|entry| entry.file_type().is_file());
        let read = |entry: walkdir::DirEntry| {
            let path = entry.path().strip_prefix(root).unwrap().display().to_string();
            (path, fs::read_to_string(entry.path()).unwrap())
        };
        files.map(read).collect()
    }

    fn scene() -> (tempfile::TempDir, FileChanges) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        fs::create_dir_all(root.join("a/b")).unwrap();
        for (name, text) in [("a/b/x", "x"), ("a/y", "y"), ("z", "z")] {
            fs::write(root.join(name), text).unwrap();
        }
        let rewrite = |name: &str| Rewrite { path: root.join(name), bytes: b"new".to_vec() };
        let changes = FileChanges {
            renames: vec![(root.join("a/b"), root.join("c/d/e")), (root.join("a/y"), root.join("c/y"))],
            rewrites: vec![rewrite("a/b/x"), rewrite("a/y"), rewrite("z")],
            root,
        };
        (folder, changes)
    }

    #[test]
    fn files_are_renamed_and_rewritten_and_nothing_else_is_left() {
        let (folder, changes) = scene();
        changes.apply().unwrap();
        let new = |name: &str| (name.to_owned(), "new".to_owned());
        assert_eq!(files(folder.path()), [new("c/d/e/x"), new("c/y"), new("z")]);
        assert!(!folder.path().join("a").exists());
    }

    #[test]
    fn a_step_that_fails_undoes_the_others() {
        for wrong in 0..3 {
            let (folder, mut changes) = scene();
            let before = files(folder.path());
            match wrong {
                // There is nothing to rename.
                0 => changes.renames.push((folder.path().join("none"), folder.path().join("other"))),
                // The folder of the target is a file.
                1 => changes.renames.push((folder.path().join("z"), folder.path().join("c/y/z"))),
                // A file is rewritten whose renaming was undone by another rename.
                _ => changes.renames.push((folder.path().join("c/d"), folder.path().join("f"))),
            }
            assert!(changes.apply().is_err(), "{wrong}");
            assert_eq!(files(folder.path()), before, "{wrong}");
            assert!(!folder.path().join("c").exists(), "{wrong}");
        }
    }

    #[test]
    fn what_exists_and_what_is_read_only_is_refused_first() {
        let (folder, mut changes) = scene();
        changes.renames[0].1 = folder.path().join("z");
        assert!(changes.apply().unwrap_err().message.ends_with("exists already"));
        let (folder, changes) = scene();
        let path = folder.path().join("a/y");
        let mut permissions = path.metadata().unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let before = files(folder.path());
        assert!(changes.apply().unwrap_err().message.contains("is read-only"));
        assert_eq!(files(folder.path()), before);
    }
}
