//! Walking and sweeping a folder without ever following a symbolic link. ⚡
//!
//! Every folder is opened relative to the one above it, so that nobody can lead a sweep elsewhere by
//! exchanging a folder for a link while it runs. Owns no decision about what may be deleted.

use std::ffi::CStr;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, openat, statat, unlinkat};
use rustix::io::Errno;

use super::manifest::{MANIFEST, Manifest};

/// Files in a site's folder that its manifest does not list, at most `most` of them.
pub(super) fn foreign(folder: &Path, manifest: &Manifest, most: usize) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut visit = |file: &File<'_>| {
        if file.path != MANIFEST && !(file.kind.is_file() && manifest.files.contains_key(file.path)) {
            found.push(file.path.to_owned());
        }
        if found.len() < most { Ok(()) } else { Err(Errno::CANCELED) }
    };
    match walk(&open(folder)?, "", Folders::Stay, &mut visit) {
        Ok(()) | Err(Errno::CANCELED) => Ok(found),
        Err(error) => Err(error.into()),
    }
}

/// Deletes what the manifest lists, the manifest, and then every empty folder. Returns whether nothing is
/// left, not even `folder` itself.
pub(super) fn sweep(folder: &Path, manifest: &Manifest) -> io::Result<bool> {
    let mut visit = |file: &File<'_>| {
        let ours = file.path == MANIFEST || manifest.files.contains_key(file.path);
        if ours && file.kind.is_file() { unlinkat(file.folder, file.name, AtFlags::empty()) } else { Ok(()) }
    };
    walk(&open(folder)?, "", Folders::RemoveEmpty, &mut visit)?;
    match fs::remove_dir(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
        Err(error) => Err(error),
    }
}

/// Anything that is not a folder.
struct File<'a> {
    folder: &'a OwnedFd,
    name: &'a CStr,
    /// Relative to the folder where the walk began.
    path: &'a str,
    kind: FileType,
}

/// What becomes of folders beneath the first one when they have been walked.
#[derive(Clone, Copy, PartialEq)]
enum Folders {
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
    folders: Folders,
    visit: &mut dyn FnMut(&File<'_>) -> Result<(), Errno>,
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
            if folders == Folders::RemoveEmpty {
                remove_if_empty(folder, name)?;
            }
        } else {
            visit(&File { folder, name, path: &path, kind })?;
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
