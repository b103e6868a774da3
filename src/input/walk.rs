//! Lists the files in a folder, in an order that is the same on every machine.
//!
//! Owns the rules for what is skipped (hidden names, `node_modules`, our own output) and for symbolic links,
//! and the cache of names between two walks: the names in a folder whose stamp is unchanged are not read again.
//! It opens no file; it reads names and stamps only.
#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "the tests lay out folders"))]

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::Failure;
use super::disk::{Disk, ReadFolder, Stamp, SystemCall, none_if_missing};
use crate::bounds::{FOLDER_LEVELS, NAME_BYTES};
use crate::diagnostic::Diagnostic;
use crate::output::MANIFEST;
use crate::path::{self, FilePath};
use crate::rules;
use crate::source::Span;

/// A file that a walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkedFile {
    /// The path as the author sees it, relative to the handbook's root.
    pub path: FilePath,
    /// The absolute path of the bytes, symbolic links resolved.
    pub place: Arc<Path>,
    pub stamp: Stamp,
}

/// The result of a walk.
#[derive(Debug, Default)]
pub struct Listing {
    /// The files, folder by folder; folders nearer to the root come first.
    pub files: Vec<WalkedFile>,
    pub diagnostics: Vec<Diagnostic>,
    /// The folders with their stamps, so that a folder that replaces another one is noticed.
    folders: Vec<(PathBuf, Stamp)>,
    /// A path that vanished or changed its type while the walk was running.
    pub lost: Option<PathBuf>,
}

impl Listing {
    /// Whether two walks have found the same files, unchanged.
    pub fn agrees(&self, other: &Listing) -> bool {
        let told = |problem: &Diagnostic| (problem.span.clone(), problem.message.clone());
        let steady = self.lost.is_none() && other.lost.is_none() && self.folders == other.folders;
        let steady = steady && self.files == other.files;
        steady && self.diagnostics.iter().map(told).eq(other.diagnostics.iter().map(told))
    }
}

/// Walks a folder any number of times, and caches names between two walks.
#[derive(Debug, Default)]
pub struct Walker {
    skipped: Vec<PathBuf>,
    hidden: HiddenFiles,
    /// The names in each folder of the last walk.
    known: HashMap<WalkedFolder, Arc<FolderNames>>,
}

/// What becomes of files and folders whose names begin with a dot, and of `node_modules`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum HiddenFiles {
    /// They are passed over.
    #[default]
    PassOver,
    /// They are reported, except those in [`STATIC_NAMES`], which are files like others.
    Report,
}

/// Hidden names that are published from the static folder, if they are directly in it.
const STATIC_NAMES: [&[u8]; 2] = [b".well-known", b".nojekyll"];

/// A folder that a walk enters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct WalkedFolder {
    /// Absolute, links resolved.
    place: PathBuf,
    /// The path as the author sees it, relative to the handbook's root.
    path: Arc<str>,
    /// The number of folders between it and the folder where the walk began.
    depth: usize,
    links: SymlinkPolicy,
}

/// Whether links to folders are followed. Inside a folder that was reached by a link they are not, so that
/// links that form a ring or a chain cost nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum SymlinkPolicy {
    Follow,
    Report,
}

/// The names in a folder. They cannot change while its stamp is the same.
#[derive(Debug)]
struct FolderNames {
    stamp: Stamp,
    /// Whether an equal stamp means equal names; see [`Stamp::settled`].
    settled: bool,
    files: Vec<(FilePath, Arc<Path>)>,
    links: Vec<(FilePath, PathBuf)>,
    folders: Vec<WalkedFolder>,
    diagnostics: Vec<Diagnostic>,
}

/// The present contents of one folder.
#[derive(Default)]
struct FolderState {
    /// `None` if the folder is gone.
    names: Option<Arc<FolderNames>>,
    files: Vec<WalkedFile>,
    /// The folders that symbolic links lead to.
    linked: Vec<WalkedFolder>,
    diagnostics: Vec<Diagnostic>,
    lost: Option<PathBuf>,
}

impl Walker {
    /// A walker for the static folder.
    pub fn for_static_files() -> Walker {
        Walker { hidden: HiddenFiles::Report, ..Walker::default() }
    }

    /// Lists the files of `tree`. `prefix` is its path relative to the handbook's root. The folders in
    /// `skipped` (absolute paths) are not read.
    ///
    /// # Errors
    /// A file or folder that the operating system does not let us read.
    pub fn list(
        &mut self,
        tree: &ReadFolder,
        prefix: &str,
        skipped: Vec<PathBuf>,
    ) -> Result<Listing, Failure> {
        // The cached names were filtered with the old list.
        if self.skipped != skipped {
            *self = Walker { skipped, hidden: self.hidden, known: HashMap::new() };
        }
        let mut listing = Listing::default();
        let mut known = HashMap::with_capacity(self.known.len());
        let mut level = vec![WalkedFolder {
            place: tree.place.clone(),
            path: prefix.into(),
            depth: 0,
            links: SymlinkPolicy::Follow,
        }];
        // One level of folders after the other: the folders of a level are read in parallel, and the order of
        // the files does not depend on the threads.
        while !level.is_empty() {
            let look = |folder: &WalkedFolder| self.look(tree, folder);
            let looks: Vec<FolderState> = level.par_iter().map(look).collect::<Result<_, _>>()?;
            let mut next = Vec::new();
            for (folder, look) in level.into_iter().zip(looks) {
                listing.lost = listing.lost.or(look.lost);
                let Some(names) = look.names else { continue };
                listing.folders.push((folder.place.clone(), names.stamp));
                listing.files.extend(look.files);
                listing.diagnostics.extend(names.diagnostics.iter().cloned().chain(look.diagnostics));
                next.extend(names.folders.iter().cloned().chain(look.linked));
                known.insert(folder, names);
            }
            level = next;
        }
        self.known = known;
        Ok(listing)
    }

    fn look(&self, tree: &ReadFolder, folder: &WalkedFolder) -> Result<FolderState, Failure> {
        let names = self.names(&tree.disk, folder)?;
        let mut look =
            FolderState { lost: names.is_none().then(|| folder.place.clone()), ..FolderState::default() };
        let Some(names) = names else { return Ok(look) };
        // The names may come from the cache, the stamps may not: a file can change without its folder.
        for (path, place) in &names.files {
            match tree.disk.stat(place).map_err(|error| Failure::io(place, &error))? {
                Some(metadata) if metadata.is_file() => {
                    let (path, place, stamp) =
                        (path.clone(), Arc::clone(place), Stamp::from_metadata(&metadata));
                    look.files.push(WalkedFile { path, place, stamp });
                }
                _ => look.lost = Some(place.to_path_buf()),
            }
        }
        for (path, place) in &names.links {
            look.link(tree, folder, path, place)?;
        }
        look.names = Some(names);
        Ok(look)
    }

    /// The names in a folder, from the cache if its stamp is unchanged; `None` if the folder is gone.
    fn names(&self, disk: &Disk, folder: &WalkedFolder) -> Result<Option<Arc<FolderNames>>, Failure> {
        let failure = |error: io::Error| Failure::io(&folder.place, &error);
        let Some(metadata) = disk.stat(&folder.place).map_err(failure)?.filter(Metadata::is_dir) else {
            return Ok(None);
        };
        let stamp = Stamp::from_metadata(&metadata);
        match self.known.get(folder).filter(|names| names.settled && names.stamp == stamp) {
            Some(names) => Ok(Some(Arc::clone(names))),
            None => {
                let read =
                    disk.ask(SystemCall::List, &folder.place).and_then(|()| self.read_names(folder, stamp));
                Ok(none_if_missing(read).map_err(failure)?.map(Arc::new))
            }
        }
    }

    fn read_names(&self, folder: &WalkedFolder, stamp: Stamp) -> io::Result<FolderNames> {
        let mut names = FolderNames::none(stamp);
        for entry in WalkDir::new(&folder.place).min_depth(1).max_depth(1).sort_by_file_name() {
            let entry = entry?;
            if entry.file_name() == MANIFEST {
                return Ok(FolderNames::site(stamp, folder));
            }
            let is_hidden = is_passed_over(entry.file_name().as_encoded_bytes())
                && !(self.hidden == HiddenFiles::Report && is_static_name(&entry, folder));
            if is_hidden && self.hidden == HiddenFiles::Report {
                names.hidden_problem(&entry, folder);
            }
            let is_skipped =
                entry.file_type().is_dir() && self.skipped.iter().any(|folder| folder == entry.path());
            if !is_hidden && !is_skipped {
                names.put(&entry, folder);
            }
        }
        Ok(names)
    }
}

/// Whether a file or folder with this name is never content.
fn is_passed_over(name: &[u8]) -> bool {
    name.starts_with(b".") || name == b"node_modules"
}

/// Whether an entry is a hidden name that is published from the static folder `folder`.
fn is_static_name(entry: &DirEntry, folder: &WalkedFolder) -> bool {
    folder.depth == 0 && STATIC_NAMES.contains(&entry.file_name().as_encoded_bytes())
}

impl FolderNames {
    fn none(stamp: Stamp) -> FolderNames {
        let (files, links, folders, diagnostics) = Default::default();
        FolderNames { stamp, settled: stamp.settled(), files, links, folders, diagnostics }
    }

    fn put(&mut self, entry: &DirEntry, folder: &WalkedFolder) {
        let Some(path) = self.named(entry, folder) else { return };
        let kind = entry.file_type();
        let place = entry.path();
        if kind.is_symlink() {
            self.links.push((path, place.to_owned()));
        } else if kind.is_dir() {
            let WalkedFolder { depth, links, .. } = *folder;
            if FOLDER_LEVELS.is_exceeded(depth + 1) {
                return self.depth_problem(&path);
            }
            let path = path.as_str().into();
            self.folders.push(WalkedFolder { place: place.to_owned(), path, depth: depth + 1, links });
        } else if kind.is_file() {
            self.files.push((path, place.into()));
        } else {
            let what = "is a pipe, a socket or a device, not a file";
            self.diagnostics.push(link_problem(&path, what, "Remove it from the content."));
        }
    }

    /// The path of an entry; `None`, with a diagnostic, if its name cannot be part of a URL.
    fn named(&mut self, entry: &DirEntry, folder: &WalkedFolder) -> Option<FilePath> {
        let name = entry.file_name();
        let path = name.to_str().and_then(|name| FilePath::new(&joined(&folder.path, name)));
        let Some(path) = path else {
            // A path must be valid to appear in a diagnostic, so the wrong characters are replaced.
            let shown = joined(&folder.path, &name.to_string_lossy().replace('\\', "\u{FFFD}"));
            self.name_problem(&FilePath::new(&shown)?, "is not UTF-8 or holds a backslash");
            return None;
        };
        // Of a name that begins with a dot all the rest is the extension.
        let is_whole = entry.file_type().is_dir() || path.stem().is_empty();
        let stem = if is_whole { path.name() } else { path.stem() };
        if path::segment(stem).is_empty() {
            self.name_problem(&path, "holds no letter and no digit");
            return None;
        }
        if NAME_BYTES.is_exceeded(stem.len()) {
            self.name_problem(&path, &format!("is longer than {NAME_BYTES}"));
            return None;
        }
        Some(path)
    }

    /// The empty content of a published site, perhaps one for another audience: none of its files is content. A
    /// diagnostic reports it, because pages must never vanish without a word.
    fn site(stamp: Stamp, folder: &WalkedFolder) -> FolderNames {
        let mut names = FolderNames::none(stamp);
        let path = FilePath::new(&joined(&folder.path, MANIFEST)).expect("a folder's path leaves no root");
        let message = format!(
            "`{}` holds `{MANIFEST}`, so it is taken for a published site and nothing of it is read",
            folder.path
        );
        let problem = Diagnostic::new(&rules::INPUT_SITE, Span::start_of(&path), message);
        names
            .diagnostics
            .push(problem.help("Move the site elsewhere, or remove the file if these are your pages."));
        names
    }

    fn hidden_problem(&mut self, entry: &DirEntry, folder: &WalkedFolder) {
        let name = entry.file_name().to_string_lossy().replace('\\', "\u{FFFD}");
        let Some(path) = FilePath::new(&joined(&folder.path, &name)) else { return };
        let message = format!("`{path}` is hidden, so it is not published");
        let problem = Diagnostic::new(&rules::STATIC_HIDDEN, Span::start_of(&path), message);
        self.diagnostics.push(problem.help("delete it, or give it a name without a dot at its beginning"));
    }

    fn depth_problem(&mut self, path: &FilePath) {
        let message = format!(
            "`{}` lies in more than {FOLDER_LEVELS} of folders, so nothing of it is read",
            path.name()
        );
        self.diagnostics
            .push(Diagnostic::new(&rules::INPUT_DEPTH, Span::start_of(path), message).help(TOO_DEEP));
    }

    fn name_problem(&mut self, path: &FilePath, why: &str) {
        let message = format!("the name `{}` {why}, so it cannot be a part of a URL", path.name());
        let problem = Diagnostic::new(&rules::INPUT_NAME, Span::start_of(path), message);
        self.diagnostics.push(problem.help("Rename it, with letters, digits, `-` and `_`."));
    }
}

impl FolderState {
    /// Follows a link again in each walk: its target may change while the link does not.
    fn link(
        &mut self,
        tree: &ReadFolder,
        folder: &WalkedFolder,
        path: &FilePath,
        place: &Path,
    ) -> Result<(), Failure> {
        match followed(tree, folder, path, place).map_err(|error| Failure::io(place, &error))? {
            SymlinkTarget::File(found) => self.files.push(found),
            SymlinkTarget::Folder(folder) => self.linked.push(folder),
            SymlinkTarget::Lost => self.lost = Some(place.to_owned()),
            SymlinkTarget::Wrong(what, help) => self.diagnostics.push(link_problem(path, what, help)),
        }
        Ok(())
    }
}

/// The help for folders that are nested too deep.
const TOO_DEEP: &str = "Move it up, into a folder nearer to the first one.";

/// The target of a symbolic link.
enum SymlinkTarget {
    File(WalkedFile),
    Folder(WalkedFolder),
    /// It has just vanished.
    Lost,
    /// The problem with the link, and the help.
    Wrong(&'static str, &'static str),
}

fn followed(
    tree: &ReadFolder,
    folder: &WalkedFolder,
    path: &FilePath,
    place: &Path,
) -> io::Result<SymlinkTarget> {
    let nothing =
        SymlinkTarget::Wrong("is a symbolic link to nothing", "Remove the link, or restore its target.");
    let target = match tree.disk.resolve(place) {
        Ok(Some(target)) => target,
        Ok(None) => return Ok(nothing),
        Err(error) if leads_nowhere(&error) => return Ok(nothing),
        Err(error) => return Err(error),
    };
    if !target.starts_with(&tree.place) {
        let help = "Move the target beneath the content folder, or copy the file.";
        return Ok(SymlinkTarget::Wrong("is a symbolic link that leads out of the content", help));
    }
    // Hidden folders are not read, so nothing in them says who may see the target.
    let passed = |part: &OsStr| is_passed_over(part.as_encoded_bytes());
    if tree.beneath(&target).iter().any(passed) {
        let help = "Move the target out of folders whose names begin with a dot, or copy the file.";
        return Ok(SymlinkTarget::Wrong(
            "is a symbolic link to something that is not part of the handbook",
            help,
        ));
    }
    let Some(metadata) = tree.disk.stat(&target)? else { return Ok(SymlinkTarget::Lost) };
    if metadata.is_file() {
        let path = path.clone();
        let stamp = Stamp::from_metadata(&metadata);
        return Ok(SymlinkTarget::File(WalkedFile { path, place: target.into(), stamp }));
    }
    if metadata.is_symlink() {
        return Ok(SymlinkTarget::Lost);
    }
    if !metadata.is_dir() {
        return Ok(SymlinkTarget::Wrong("leads to a pipe, a socket or a device", "Remove the link."));
    }
    // A link to one of its own parent folders would never end. For the other case see [`SymlinkPolicy`].
    if folder.links == SymlinkPolicy::Report || place.starts_with(&target) {
        let what = "is a link to a folder that leads round in a ring or to further links";
        return Ok(SymlinkTarget::Wrong(
            what,
            "Link to single files, or to a folder without links to folders.",
        ));
    }
    let depth = folder.depth + 1;
    if FOLDER_LEVELS.is_exceeded(depth) {
        return Ok(SymlinkTarget::Wrong("leads to a folder that would lie too deep", TOO_DEEP));
    }
    Ok(SymlinkTarget::Folder(WalkedFolder {
        place: target,
        path: path.as_str().into(),
        depth,
        links: SymlinkPolicy::Report,
    }))
}

/// Whether the error shows that the link can lead nowhere on any machine: it leads to itself, or its text is
/// not a valid path.
fn leads_nowhere(error: &io::Error) -> bool {
    let names = [rustix::io::Errno::LOOP, rustix::io::Errno::NAMETOOLONG, rustix::io::Errno::INVAL];
    error.raw_os_error().is_some_and(|number| names.iter().any(|name| name.raw_os_error() == number))
}

fn link_problem(path: &FilePath, what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(&rules::INPUT_LINK, Span::start_of(path), format!("`{path}` {what}")).help(help)
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
        let listing =
            Walker::default().list(&ReadFolder::open(root).unwrap(), "content", skipped.to_vec()).unwrap();
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
        std::fs::create_dir_all(root.join(".store/deep")).unwrap();
        std::fs::write(root.join(".store/deep/x.md"), "x").unwrap();
        symlink(".store/deep/x.md", root.join("passed.md")).unwrap();
        symlink(".store/deep", root.join("passed")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(root.join("socket.md")).unwrap();
        let (files, problems) = walked(root, &[]);
        assert_eq!(
            files,
            ["content/a/x.md", "content/absolute.md", "content/file.md", "content/folder/x.md"]
        );
        let bad = [
            "a/deep/ring",
            "folder/deep/ring",
            "nothing.md",
            "out.md",
            "passed",
            "passed.md",
            "self.md",
            "socket.md",
        ];
        assert_eq!(problems, bad.map(|name| format!("input.link content/{name}")));
    }

    #[test]
    fn names_that_cannot_be_urls_are_reported() {
        use std::os::unix::ffi::OsStrExt;
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        std::fs::write(root.join("!!!.md"), "x").unwrap();
        std::fs::write(root.join("a\\b.md"), "x").unwrap();
        std::fs::write(root.join(OsStr::from_bytes(b"caf\xE9.md")), "x").unwrap();
        std::fs::create_dir(root.join("---")).unwrap();
        std::fs::write(root.join("---/x.md"), "x").unwrap();
        let (files, problems) = walked(root, &[]);
        assert!(files.is_empty());
        assert_eq!(problems.len(), 4, "{problems:?}");
    }

    #[test]
    fn a_second_walk_sees_what_has_changed_and_remembers_the_rest() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        for folder in ["a", "b"] {
            std::fs::create_dir(root.join(folder)).unwrap();
            std::fs::write(root.join(folder).join("x.md"), "x").unwrap();
        }
        symlink("a/x.md", root.join("link.md")).unwrap();
        let tree = ReadFolder::open(root).unwrap();
        let mut walk = Walker::default();
        let mut files = || {
            let listing = walk.list(&tree, "content", Vec::new()).unwrap();
            let files = listing.files.iter().map(|found| found.path.to_string()).collect::<BTreeSet<_>>();
            (files.into_iter().collect::<Vec<_>>().join(" "), listing.diagnostics.len())
        };
        std::thread::sleep(std::time::Duration::from_millis(150));
        assert_eq!(files(), ("content/a/x.md content/b/x.md content/link.md".to_owned(), 0));
        std::fs::rename(root.join("a/x.md"), root.join("a/y.md")).unwrap();
        std::fs::create_dir(root.join("b/c")).unwrap();
        std::fs::write(root.join("b/c/z.md"), "x").unwrap();
        assert_eq!(files(), ("content/a/y.md content/b/c/z.md content/b/x.md".to_owned(), 1));
        std::fs::remove_dir_all(root.join("b")).unwrap();
        assert_eq!(files(), ("content/a/y.md".to_owned(), 1));
    }
}
