//! Walks and cleans a folder without following symbolic links.
//!
//! Every folder is opened relative to its parent, so that no one can redirect a deletion by replacing a folder
//! with a link while it runs. The callers decide what may be deleted.

use std::ffi::CStr;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, openat, statat, unlinkat};
use rustix::io::Errno;

use super::manifest::{MANIFEST, Manifest};

/// The files in a site's folder that its manifest does not list, at most `most` of them.
pub(super) fn foreign(folder: &Path, manifest: &Manifest, most: usize) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut visit = |file: &FolderEntry<'_>| {
        if file.path != MANIFEST && !(file.kind.is_file() && manifest.files.contains_key(file.path)) {
            found.push(file.path.to_owned());
        }
        if found.len() < most { Ok(()) } else { Err(Errno::CANCELED) }
    };
    match walk(&open(folder)?, "", WalkedFolders::Stay, &mut visit) {
        Ok(()) | Err(Errno::CANCELED) => Ok(found),
        Err(error) => Err(error.into()),
    }
}

/// Deletes the files that the manifest lists, the manifest, and then every empty folder. Returns whether
/// nothing is left, not even `folder` itself.
pub(super) fn sweep(folder: &Path, manifest: &Manifest) -> io::Result<bool> {
    let mut visit = |file: &FolderEntry<'_>| {
        let ours = file.path == MANIFEST || manifest.files.contains_key(file.path);
        if ours && file.kind.is_file() { unlinkat(file.folder, file.name, AtFlags::empty()) } else { Ok(()) }
    };
    walk(&open(folder)?, "", WalkedFolders::RemoveEmpty, &mut visit)?;
    match fs::remove_dir(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
        Err(error) => Err(error),
    }
}

/// A directory entry that is not a folder.
struct FolderEntry<'a> {
    folder: &'a OwnedFd,
    name: &'a CStr,
    /// The path relative to the folder where the walk began.
    path: &'a str,
    kind: FileType,
}

/// What happens to the folders in the first one after they have been walked.
#[derive(Clone, Copy, PartialEq)]
enum WalkedFolders {
    Stay,
    RemoveEmpty,
}

fn open(folder: &Path) -> Result<OwnedFd, Errno> {
    openat(rustix::fs::CWD, folder, FOLDER, Mode::empty())
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

fn walk(
    folder: &OwnedFd,
    prefix: &str,
    folders: WalkedFolders,
    visit: &mut dyn FnMut(&FolderEntry<'_>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let path = format!("{prefix}{}", name.to_string_lossy());
        let kind = FileType::from_raw_mode(statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode);
        if kind.is_dir() {
            let inner = openat(folder, name, FOLDER, Mode::empty())?;
            walk(&inner, &format!("{path}/"), folders, visit)?;
            if folders == WalkedFolders::RemoveEmpty {
                remove_if_empty(folder, name)?;
            }
        } else {
            visit(&FolderEntry { folder, name, path: &path, kind })?;
        }
    }
    Ok(())
}

fn remove_if_empty(folder: &OwnedFd, name: &CStr) -> Result<(), Errno> {
    match unlinkat(folder, name, AtFlags::REMOVEDIR) {
        Err(error) if error != Errno::NOTEMPTY && error != Errno::EXIST => Err(error),
        _ => Ok(()),
    }
}
