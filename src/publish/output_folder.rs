//! Decides whether a folder may hold a published site. Reads the file system.
//!
//! Owns every refusal of an output folder: a folder that is not ours is never written to, replaced or deleted.
//! Symbolic links are resolved first, so a link to a forbidden folder counts as that folder.

#![expect(clippy::disallowed_methods, reason = "one of the files that write a published site")]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::input::Failure;

use super::folder_walk;
use super::manifest::{MANIFEST, Manifest};

/// Folders that must neither be an output folder nor lie in one.
#[derive(Debug, Clone, Copy)]
pub struct ProtectedFolders<'a> {
    /// The handbook's folder.
    pub root: &'a Path,
    /// Folders that a build reads. The output must not lie in them either.
    pub sources: &'a [PathBuf],
    /// The home folder of the user.
    pub home: Option<&'a Path>,
}

/// The folder of a site. It need not exist yet.
#[derive(Debug, Clone)]
pub struct OutputFolder {
    /// The folder above it, absolute, symbolic links resolved.
    pub(super) parent: PathBuf,
    name: OsString,
}

impl OutputFolder {
    /// Resolves `out`, and refuses a folder that holds anything but a site.
    ///
    /// # Errors
    /// The folder is forbidden, or its path cannot be resolved.
    pub fn choose(out: &Path, around: ProtectedFolders<'_>) -> Result<OutputFolder, Failure> {
        let real = resolve(out)?;
        let refuse = |why: &str| Err(refusal(out, why));
        if inside(around.root, &real) {
            return refuse("it is, or contains, the handbook itself");
        }
        if around.home.is_some_and(|home| inside(home, &real)) {
            return refuse("it is, or contains, your home folder");
        }
        for source in around.sources {
            // Where the root is the content folder, the loader leaves the output folder out.
            if inside(source, around.root) && inside(around.root, source) {
                continue;
            }
            // The output folder is replaced as a whole, and files in a source folder are read.
            if inside(source, &real) || inside(&real, source) {
                return refuse(&format!("it overlaps with `{}`, which is read", source.display()));
            }
        }
        let (Some(parent), Some(name)) = (real.parent(), real.file_name()) else {
            return refuse("it is the root of the file system");
        };
        Ok(OutputFolder { parent: parent.to_owned(), name: name.to_owned() })
    }

    /// The path of the folder.
    pub fn folder(&self) -> PathBuf {
        self.parent.join(&self.name)
    }

    /// A hidden path next to the folder: `.public.new-17`.
    pub(super) fn beside(&self, suffix: &str) -> PathBuf {
        self.parent.join(hidden(&self.name, suffix))
    }

    /// A visible path next to the folder that does not exist yet: `public.kept-1`.
    pub(super) fn free_name(&self) -> PathBuf {
        let named = |number: u32| {
            let mut name = self.name.clone();
            name.push(format!(".kept-{number}"));
            self.parent.join(name)
        };
        let free = |path: &PathBuf| fs::symlink_metadata(path).is_err();
        (1..).map(named).find(free).expect("a folder holds fewer than 2^32 entries")
    }

    /// The folders that earlier builds have left next to this one: hidden names with `prefix` and a number,
    /// sorted.
    pub(super) fn left_behind(&self, prefix: &str) -> io::Result<Vec<PathBuf>> {
        let start = hidden(&self.name, prefix);
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.parent)? {
            let entry = entry?;
            let name = entry.file_name();
            let rest = name.as_encoded_bytes().strip_prefix(start.as_encoded_bytes());
            let numbered = rest.is_some_and(|rest| !rest.is_empty() && rest.iter().all(u8::is_ascii_digit));
            if numbered && entry.file_type()?.is_dir() {
                found.push(entry.path());
            }
        }
        found.sort();
        Ok(found)
    }

    /// The manifest of the site in the folder; `None` if the folder does not exist or is empty.
    ///
    /// # Errors
    /// The folder holds files that Opsbook did not make, or cannot be read.
    pub(super) fn current(&self) -> Result<Option<Manifest>, Failure> {
        let folder = self.folder();
        let unreadable = |error: io::Error| {
            Failure::new(
                format!("cannot read `{}`: {error}", folder.display()),
                "Check that you may read the folder, or choose another with `--out`.",
            )
        };
        let mut entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        if entries.next().is_none() {
            return Ok(None);
        }
        let Some(manifest) = read_manifest(&folder) else {
            return Err(refusal(&folder, "it is not empty and was not made by Opsbook"));
        };
        // The message names five files, so six are enough to know that there are more.
        let foreign = folder_walk::foreign(&folder, &manifest, 6).map_err(unreadable)?;
        if foreign.is_empty() { Ok(Some(manifest)) } else { Err(holds_others(&folder, &foreign)) }
    }
}

/// The manifest in a folder, if there is a valid one that is a regular file.
pub(super) fn read_manifest(folder: &Path) -> Option<Manifest> {
    let path = folder.join(MANIFEST);
    let plain = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
    Manifest::parse(&fs::read_to_string(&path).ok().filter(|_| plain)?)
}

fn hidden(name: &OsStr, suffix: &str) -> OsString {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(suffix);
    hidden
}

/// Whether `inner` is `outer` or lies in it, after symbolic links are resolved.
fn inside(inner: &Path, outer: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real(inner).starts_with(real(outer))
}

/// The real path of the folder. If it does not exist, its nearest existing parent is resolved.
fn resolve(out: &Path) -> Result<PathBuf, Failure> {
    let absolute = std::path::absolute(out).map_err(|error| refusal(out, &error.to_string()))?;
    if let Ok(real) = absolute.canonicalize() {
        return if real.is_dir() { Ok(real) } else { Err(refusal(out, "it is not a folder")) };
    }
    // Only existing folders can be resolved; the missing part is appended afterwards.
    let mut missing = Vec::new();
    let mut above = absolute.as_path();
    while fs::symlink_metadata(above).is_err() {
        match (above.components().next_back(), above.parent()) {
            (Some(Component::Normal(name)), Some(parent)) => {
                missing.push(name);
                above = parent;
            }
            _ => return Err(refusal(out, "it goes upwards through a folder that does not exist")),
        }
    }
    let mut real = above.canonicalize().map_err(|_| refusal(out, "a symbolic link in it leads nowhere"))?;
    real.extend(missing.into_iter().rev());
    Ok(real)
}

fn refusal(out: &Path, why: &str) -> Failure {
    Failure::new(
        format!("`{}` cannot be the output folder: {why}", out.display()),
        "Choose a new or empty folder with `--out` or `paths.out` in `book.toml`.",
    )
}

fn holds_others(folder: &Path, foreign: &[String]) -> Failure {
    let mut names = foreign.iter().take(5).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if foreign.len() > 5 {
        names.push_str(" and more");
    }
    Failure::new(
        format!("`{}` contains files Opsbook did not make: {names}", folder.display()),
        "Move them away (files for the site belong beside its pages), or choose another folder with `--out`.",
    )
}
