//! The step in which a new site replaces the old one.
//!
//! Owns the exchange of two folders and its fallback. It does not look at the files in them.

#![expect(clippy::disallowed_methods, reason = "one of the files that write a published site")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::flush::Flush;
use super::manifest::MANIFEST;

/// The position of the old site after an exchange.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OldSite {
    /// There was no old site.
    None,
    /// At the path where the new site was made.
    AtNew,
    /// At the path that was given for the fallback.
    Aside,
}

/// Moves `new` to `out`. `aside` is a free path for the old site, which only the fallback uses.
pub(super) fn exchange(new: &Path, out: &Path, aside: &Path) -> io::Result<OldSite> {
    if fs::symlink_metadata(out).is_err() {
        fs::rename(new, out)?;
        return Ok(OldSite::None);
    }
    match renameat_with(CWD, new, CWD, out, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(OldSite::AtNew),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => in_two_steps(new, out, aside),
        Err(error) => Err(error.into()),
    }
}

/// The fallback for file systems that cannot exchange folders, such as some network and overlay file systems.
/// Between the two steps there is no site at `out`. A build that is killed at that moment leaves the old site
/// at `aside`, and the next build moves it back.
fn in_two_steps(new: &Path, out: &Path, aside: &Path) -> io::Result<OldSite> {
    fs::rename(out, aside)?;
    if let Err(error) = fs::rename(new, out) {
        fs::rename(aside, out)?;
        return Err(error);
    }
    Ok(OldSite::Aside)
}

/// Waits until a new site is on the disk: its files, which are being flushed already, the manifest, and the
/// folders, because they hold the file names.
pub(super) fn make_durable<'p>(
    folder: &Path,
    paths: impl Iterator<Item = &'p String>,
    flush: Flush,
) -> io::Result<()> {
    flush.add(File::open(folder.join(MANIFEST))?)?;
    let above = |path: &'p String| path.match_indices('/').map(|(at, _)| &path[..at]);
    let folders: BTreeSet<&str> = paths.flat_map(above).collect();
    for path in folders {
        flush.add(File::open(folder.join(path))?)?;
    }
    flush.finish()?;
    make_names_durable(folder)
}

/// Waits until a change of names in `folder` is on the disk.
pub(super) fn make_names_durable(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_steps_end_where_one_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["new", "out"] {
            fs::create_dir(path(name)).unwrap();
            fs::write(path(name).join("who"), name).unwrap();
        }
        assert_eq!(in_two_steps(&path("new"), &path("out"), &path("aside")).unwrap(), OldSite::Aside);
        assert_eq!(fs::read_to_string(path("out/who")).unwrap(), "new");
        assert_eq!(fs::read_to_string(path("aside/who")).unwrap(), "out");
        assert!(in_two_steps(&path("gone"), &path("out"), &path("other")).is_err());
        assert_eq!(fs::read_to_string(path("out/who")).unwrap(), "new");
    }
}
