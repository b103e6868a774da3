//! Creates files that do not exist yet, and replaces generated ones.
//!
//! Owns two promises: no file is overwritten but those that the program makes, and of several files either all are
//! created or none.

#![expect(clippy::disallowed_methods, reason = "writes new files of a handbook")]

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::input::{Failure, random_hex};

/// Creates a file that does not exist, and the folders above it.
///
/// # Errors
/// The file exists, or cannot be written.
pub(super) fn create(path: &Path, text: &str) -> Result<(), Failure> {
    create_all(&[(path.to_owned(), text.to_owned())])
}

/// Creates files that do not exist, and the folders above them.
///
/// # Errors
/// A file exists or cannot be written. What was created before is removed again.
pub(super) fn create_all(files: &[(PathBuf, String)]) -> Result<(), Failure> {
    let mut created = CreatedPaths::default();
    for (path, text) in files {
        if let Err(error) = created.file(path, text) {
            created.remove();
            return Err(failure(path, &error));
        }
    }
    Ok(())
}

/// Writes a file that the program makes from other files, and the folder above it. A file that is there is replaced as a
/// whole. Returns whether its text changed.
///
/// # Errors
/// The file cannot be written, or its folder is a link, which could lead out of the handbook.
pub(super) fn replace(path: &Path, text: &str) -> Result<bool, Failure> {
    let folder = path.parent().unwrap_or(Path::new(""));
    if folder.is_symlink() {
        let message = format!("`{}` is a symbolic link; nothing was written", folder.display());
        return Err(Failure::new(message, "Replace the link by a folder."));
    }
    if fs::read(path).is_ok_and(|known| known == text.as_bytes()) {
        return Ok(false);
    }
    let new = path.with_file_name(format!(".opsbook-{}.new", random_hex(8)?));
    let mut created = CreatedPaths::default();
    let written = created.file(&new, text).and_then(|()| fs::rename(&new, path));
    written.map(|()| true).map_err(|error| {
        created.remove();
        let help = "Check that you may write there and that there is space.";
        Failure::new(format!("cannot write `{}`: {error}", path.display()), help)
    })
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    let help = if error.kind() == io::ErrorKind::AlreadyExists {
        "Choose another title, or edit the page that is there."
    } else {
        "Check that you may write there and that there is space. Nothing was written."
    };
    Failure::new(format!("cannot write `{}`: {error}", path.display()), help)
}

/// What was created so far, in this order.
#[derive(Default)]
struct CreatedPaths {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl CreatedPaths {
    fn file(&mut self, path: &Path, text: &str) -> io::Result<()> {
        self.folder(path.parent().unwrap_or(Path::new("")))?;
        let mut file = File::create_new(path)?;
        self.files.push(path.to_owned());
        file.write_all(text.as_bytes())
    }

    /// Creates a folder and those above it, and remembers which of them are new.
    fn folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        if let Some(above) = folder.parent() {
            self.folder(above)?;
        }
        fs::create_dir(folder)?;
        self.folders.push(folder.to_owned());
        Ok(())
    }

    fn remove(&self) {
        // A path that cannot be removed is named by no one: the failure that led here is more important.
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
