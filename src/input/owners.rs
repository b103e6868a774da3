//! Reads the `CODEOWNERS` file of the repository around a handbook.
//!
//! Owns which file counts, and what is wrong with a file that cannot be read. `codeowners` knows what its lines mean.

#![expect(clippy::disallowed_methods, reason = "reads a file of the repository")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::{disk, git, text_edits};
use crate::bounds::OWNERS_FILE_BYTES;
use crate::codeowners::{CodeOwners, OwnersSyntax, PLACES};
use crate::diagnostic::Diagnostic;
use crate::forge::Forge;
use crate::path::FilePath;
use crate::rules::OWNER_FILE;
use crate::source::{Source, Span};

/// A `CODEOWNERS` file that was found.
#[derive(Debug)]
pub struct OwnersFile {
    /// Absolute.
    pub place: PathBuf,
    /// Its text, with its path from the root of the repository. Empty if it cannot be read.
    pub source: Source,
    pub syntax: OwnersSyntax,
    /// The handbook's folder in the repository; empty if it is the root.
    pub folder: String,
    pub owners: CodeOwners,
}

impl OwnersFile {
    /// The owners of a file of the handbook.
    pub fn owners_of(&self, file: &FilePath) -> Vec<&str> {
        self.owners.owners_of(&self.path_in_repository(file))
    }

    /// The path of a file of the handbook from the root of the repository.
    pub fn path_in_repository(&self, file: &FilePath) -> String {
        in_folder(&self.folder, file)
    }
}

/// The path of a file of the handbook from the root of the repository. `folder` is that of the handbook.
pub fn in_folder(folder: &str, file: &FilePath) -> String {
    if folder.is_empty() { file.to_string() } else { format!("{folder}/{file}") }
}

/// Finds the file that counts: the first one in the order of [`PLACES`]. `root` is the handbook's folder, with symbolic
/// links resolved; `forge_url` is the address of the repository, if the settings name it. `None` if there is no file.
pub fn find(root: &Path, forge_url: Option<&str>) -> Option<OwnersFile> {
    find_in(repository_of(root), root, forge_url)
}

/// The root of the repository around a handbook; the handbook's folder if there is none.
pub fn repository_of(root: &Path) -> &Path {
    git::repository_around(root).unwrap_or(root)
}

/// As [`find`], in the repository at `repository`.
pub fn find_in(repository: &Path, root: &Path, forge_url: Option<&str>) -> Option<OwnersFile> {
    let inside = root.strip_prefix(repository).ok()?.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
    let prefer_gitlab = forge_url.and_then(Forge::at) == Some(Forge::GitLab);
    let mut places = PLACES;
    if prefer_gitlab {
        places.swap(0, 1);
    }
    let place = places.into_iter().find(|place| repository.join(place).is_file())?;
    Some(read_owners_file(&repository.join(place), place, inside, forge_url))
}

fn read_owners_file(place: &Path, name: &str, folder: String, forge_url: Option<&str>) -> OwnersFile {
    let path = FilePath::new(name).expect("the places are plain paths");
    let limit = OWNERS_FILE_BYTES.most as u64;
    let length = fs::metadata(place).map_or(0, |metadata| metadata.len());
    let bytes = File::open(place).and_then(|file| disk::limited(file, length, limit));
    let text = match bytes {
        Ok(Some(bytes)) => text_edits::normalised(bytes).ok_or_else(|| "the file is not UTF-8".to_owned()),
        Ok(None) => Err(format!("the file has {length} bytes; at most {OWNERS_FILE_BYTES} are read")),
        Err(error) => Err(format!("the file cannot be read: {error}")),
    };
    let problem = text.as_ref().err().map(|message| {
        let problem = Diagnostic::new(&OWNER_FILE, Span::start_of(&path), message.as_str());
        problem.help("save it as UTF-8 with one pattern for each line")
    });
    let source = Source::new(path, text.unwrap_or_default());
    let syntax = OwnersSyntax::of_file(name, &source.text, forge_url);
    let mut owners = CodeOwners::parse(&source, syntax);
    owners.problems.extend(problem);
    OwnersFile { place: place.to_owned(), source, syntax, folder, owners }
}
