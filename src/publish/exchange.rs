//! The one step in which a new site takes the place of the old one. ⚡
//!
//! Owns the exchange of two folders and its fallback. Knows nothing of what is in them.

#![expect(clippy::disallowed_methods, reason = "one of the files that write a published site")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::flush::Flush;
use super::manifest::MANIFEST;

/// Where the old site is after an exchange.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Old {
    /// There was none.
    None,
    /// Where the new one was made.
    AtNew,
    /// Set aside.
    Aside,
}

/// Puts `new` at `out`. `aside` is a free name for the old site, used only by the fallback.
pub(super) fn exchange(new: &Path, out: &Path, aside: &Path) -> io::Result<Old> {
    if fs::symlink_metadata(out).is_err() {
        fs::rename(new, out)?;
        return Ok(Old::None);
    }
    match renameat_with(CWD, new, CWD, out, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(Old::AtNew),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => in_two_steps(new, out, aside),
        Err(error) => Err(error.into()),
    }
}

/// For file systems without exchange, such as some network and overlay ones. Between the two steps there is
/// no site at `out`; a build that is killed just there leaves the old one at `aside`, and the next build
/// puts it back.
fn in_two_steps(new: &Path, out: &Path, aside: &Path) -> io::Result<Old> {
    fs::rename(out, aside)?;
    if let Err(error) = fs::rename(new, out) {
        fs::rename(aside, out)?;
        return Err(error);
    }
    Ok(Old::Aside)
}

/// Waits until a new site is on the disk: its files, which are on their way already, the manifest, and the
/// folders, in which the names stand.
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

/// Makes a change of names in `folder` durable.
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
        assert_eq!(in_two_steps(&path("new"), &path("out"), &path("aside")).unwrap(), Old::Aside);
        assert_eq!(fs::read_to_string(path("out/who")).unwrap(), "new");
        assert_eq!(fs::read_to_string(path("aside/who")).unwrap(), "out");
        assert!(in_two_steps(&path("gone"), &path("out"), &path("other")).is_err());
        assert_eq!(fs::read_to_string(path("out/who")).unwrap(), "new");
    }
}
