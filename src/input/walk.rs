//! Which files lie beneath a folder, in an order that is the same everywhere.
//!
//! Owns what is passed over (hidden names, `node_modules`, our own output) and how symbolic links are
//! followed. Opens no file: it looks at names and stamps alone.
#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "the tests lay out folders"))]

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::disk::{Stamp, Tree};
use crate::diagnostic::Diagnostic;
use crate::path::{self, FilePath};
use crate::rules;
use crate::source::Span;

/// A file that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// By the names that the author sees, relative to the handbook's root.
    pub path: FilePath,
    /// Where the bytes lie, relative to the tree, links resolved.
    pub place: PathBuf,
    pub stamp: Stamp,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Listing {
    /// Folder by folder, those nearer to the root first.
    pub files: Vec<Found>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Lists the files of `tree`; `prefix` is its path relative to the handbook's root. Folders in `skipped`
/// (absolute) are passed over.
///
/// # Errors
/// A folder that cannot be read.
pub fn list(tree: &Tree, prefix: &str, skipped: &[PathBuf]) -> io::Result<Listing> {
    let walk = Walk { tree, skipped };
    let mut listing = Listing::default();
    let mut level = vec![Folder { place: tree.place.clone(), path: prefix.to_owned(), links: Links::Follow }];
    while !level.is_empty() {
        let looks: Vec<Look> = level.par_iter().map(|folder| walk.look(folder)).collect::<io::Result<_>>()?;
        level = Vec::new();
        for look in looks {
            listing.files.extend(look.files);
            listing.diagnostics.extend(look.diagnostics);
            level.extend(look.folders);
        }
    }
    Ok(listing)
}

/// A folder on the way.
struct Folder {
    /// Absolute, links resolved.
    place: PathBuf,
    /// By the names that the author sees, relative to the handbook's root.
    path: String,
    links: Links,
}

/// Whether links to folders are followed: not inside a folder that was reached by one, so that links in a
/// ring or in a ladder cost nothing.
#[derive(Clone, Copy, PartialEq)]
enum Links {
    Follow,
    Report,
}

/// What lies in one folder.
#[derive(Default)]
struct Look {
    files: Vec<Found>,
    folders: Vec<Folder>,
    diagnostics: Vec<Diagnostic>,
}

struct Walk<'a> {
    tree: &'a Tree,
    skipped: &'a [PathBuf],
}

impl Walk<'_> {
    fn look(&self, folder: &Folder) -> io::Result<Look> {
        let mut look = Look::default();
        for entry in WalkDir::new(&folder.place).min_depth(1).max_depth(1).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                // Deleted while we walk.
                Err(error) if error.io_error().is_some_and(|e| e.kind() == io::ErrorKind::NotFound) => {
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            if self.passes_over(&entry) {
                continue;
            }
            if let Some(path) = look.named(&entry, folder) {
                self.entry(&entry, path, folder.links, &mut look);
            }
        }
        Ok(look)
    }

    fn passes_over(&self, entry: &DirEntry) -> bool {
        let name = entry.file_name().as_encoded_bytes();
        name.starts_with(b".")
            || name == b"node_modules"
            || (entry.file_type().is_dir() && self.skipped.iter().any(|folder| folder == entry.path()))
    }

    fn entry(&self, entry: &DirEntry, path: FilePath, links: Links, look: &mut Look) {
        let kind = entry.file_type();
        if kind.is_symlink() {
            self.link(entry, path, links, look);
        } else if kind.is_dir() {
            look.folders.push(Folder { place: entry.path().to_owned(), path: path.to_string(), links });
        } else if !kind.is_file() {
            let what = "is a pipe, a socket or a device, not a file";
            look.link_problem(&path, what, "Remove it from the content.");
        } else if let Ok(metadata) = entry.metadata() {
            look.files.push(self.found(path, entry.path(), Stamp::of(&metadata)));
        }
    }

    fn link(&self, entry: &DirEntry, path: FilePath, links: Links, look: &mut Look) {
        let Ok(target) = entry.path().canonicalize() else {
            let help = "Remove the link, or restore its target.";
            return look.link_problem(&path, "is a symbolic link to nothing", help);
        };
        if !target.starts_with(&self.tree.place) {
            let help = "Move the target beneath the content folder, or copy the file.";
            return look.link_problem(&path, "is a symbolic link that leads out of the content", help);
        }
        let Ok(metadata) = target.metadata() else { return };
        if metadata.is_file() {
            look.files.push(self.found(path, &target, Stamp::of(&metadata)));
        } else if !metadata.is_dir() {
            look.link_problem(&path, "leads to a pipe, a socket or a device", "Remove the link.");
        } else if links == Links::Report || entry.path().starts_with(&target) {
            let what = "is a link to a folder that leads round in a ring or to further links";
            look.link_problem(&path, what, "Link to single files, or to a folder without links to folders.");
        } else {
            look.folders.push(Folder { place: target, path: path.to_string(), links: Links::Report });
        }
    }

    fn found(&self, path: FilePath, place: &Path, stamp: Stamp) -> Found {
        let place = place.strip_prefix(&self.tree.place).unwrap_or(place).to_owned();
        Found { path, place, stamp }
    }
}

impl Look {
    /// The path of an entry, where its name can be a part of a URL.
    fn named(&mut self, entry: &DirEntry, folder: &Folder) -> Option<FilePath> {
        let name = entry.file_name();
        let path = name.to_str().and_then(|name| FilePath::new(&joined(&folder.path, name)));
        let Some(path) = path else {
            let shown = joined(&folder.path, &name.to_string_lossy().replace('\\', "\u{FFFD}"));
            self.name_problem(&FilePath::new(&shown)?, "is not UTF-8 or holds a backslash");
            return None;
        };
        let stem = if entry.file_type().is_dir() { path.name() } else { path.stem() };
        if path::segment(stem).is_empty() {
            self.name_problem(&path, "holds no letter and no digit");
            return None;
        }
        if stem.len() > 200 {
            self.name_problem(&path, "is longer than 200 bytes");
            return None;
        }
        Some(path)
    }

    fn name_problem(&mut self, path: &FilePath, why: &str) {
        let message = format!("the name `{}` {why}, so it cannot be a part of a URL", path.name());
        let problem = Diagnostic::new(&rules::INPUT_NAME, Span::file(path), message);
        self.diagnostics.push(problem.help("Rename it, with letters, digits, `-` and `_`."));
    }

    fn link_problem(&mut self, path: &FilePath, what: &str, help: &str) {
        let message = format!("`{path}` {what}");
        self.diagnostics.push(Diagnostic::new(&rules::INPUT_LINK, Span::file(path), message).help(help));
    }
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::os::unix::fs::symlink;

    use super::*;

    fn walked(root: &Path, skipped: &[PathBuf]) -> (Vec<String>, Vec<String>) {
        let listing = list(&Tree::open(root).unwrap(), "content", skipped).unwrap();
        let sorted =
            |texts: &mut dyn Iterator<Item = String>| texts.collect::<BTreeSet<_>>().into_iter().collect();
        let files = sorted(&mut listing.files.iter().map(|found| found.path.to_string()));
        let problem = |d: &Diagnostic| format!("{} {}", d.rule.name, d.span.file);
        (files, sorted(&mut listing.diagnostics.iter().map(problem)))
    }

    #[test]
    fn hidden_files_and_skipped_folders_are_passed_over() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        for file in ["b.md", "a/x.md", ".git/x.md", "a/.x.md", "node_modules/x.md", "public/x.md"] {
            let place = root.join(file);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, "x").unwrap();
        }
        let (files, problems) = walked(&root, &[root.join("public")]);
        assert_eq!(files, ["content/a/x.md", "content/b.md"]);
        assert!(problems.is_empty());
    }

    #[test]
    fn links_inside_are_followed_and_all_others_reported() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        std::fs::create_dir_all(root.join("a/deep")).unwrap();
        std::fs::write(root.join("a/x.md"), "x").unwrap();
        symlink("a/x.md", root.join("file.md")).unwrap();
        symlink(root.join("a/x.md"), root.join("absolute.md")).unwrap();
        symlink("a", root.join("folder")).unwrap();
        symlink("..", root.join("a/deep/ring")).unwrap();
        symlink("/etc/passwd", root.join("out.md")).unwrap();
        symlink("nowhere", root.join("nothing.md")).unwrap();
        symlink("self.md", root.join("self.md")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(root.join("socket.md")).unwrap();
        let (files, problems) = walked(root, &[]);
        assert_eq!(
            files,
            ["content/a/x.md", "content/absolute.md", "content/file.md", "content/folder/x.md"]
        );
        let bad = ["a/deep/ring", "folder/deep/ring", "nothing.md", "out.md", "self.md", "socket.md"];
        assert_eq!(problems, bad.map(|name| format!("input.link content/{name}")));
    }

    #[test]
    fn names_that_cannot_be_urls_are_reported() {
        use std::os::unix::ffi::OsStrExt;
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        std::fs::write(root.join("!!!.md"), "x").unwrap();
        std::fs::write(root.join("a\\b.md"), "x").unwrap();
        std::fs::write(root.join(std::ffi::OsStr::from_bytes(b"caf\xE9.md")), "x").unwrap();
        std::fs::create_dir(root.join("---")).unwrap();
        std::fs::write(root.join("---/x.md"), "x").unwrap();
        let (files, problems) = walked(root, &[]);
        assert!(files.is_empty());
        assert_eq!(problems.len(), 4, "{problems:?}");
    }
}
