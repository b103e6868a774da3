//! Reading files that lie beneath one folder, and nothing else.
//!
//! Owns [`Disk`], which tells what is not there from what cannot be read, [`Tree`], the only way by which content,
//! theme and settings are opened, and [`Stamp`], by which an unchanged file is known. Knows nothing of names or formats. On Linux the kernel guarantees that no
//! symbolic link leads outside, also when somebody exchanges a folder while it is read.
#![expect(clippy::disallowed_methods, reason = "reads the handbook and its history")]

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A question to the operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// What lies at a path, links not followed.
    Stat,
    /// Where a path leads, links followed.
    Resolve,
    /// The names in a folder.
    List,
    /// The bytes of a file.
    Open,
}

/// Runs before each question; an error is the answer. A test makes questions fail by it, or changes files between
/// two of them.
type Before = dyn Fn(Call, &Path) -> io::Result<()> + Send + Sync;

/// The operating system, asked in the one way that matters here: what is not there is an answer, and whatever else
/// goes wrong is an error, because a file that cannot be read may hide others.
#[derive(Clone)]
pub struct Disk {
    before: Arc<Before>,
}

impl Default for Disk {
    fn default() -> Disk {
        Disk { before: Arc::new(|_, _| Ok(())) }
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Disk")
    }
}

impl Disk {
    #[cfg(test)]
    pub fn with(before: impl Fn(Call, &Path) -> io::Result<()> + Send + Sync + 'static) -> Disk {
        Disk { before: Arc::new(before) }
    }

    pub fn ask(&self, call: Call, path: &Path) -> io::Result<()> {
        (self.before)(call, path)
    }

    /// What lies at a path; `None` where nothing does.
    pub fn stat(&self, path: &Path) -> io::Result<Option<Metadata>> {
        there(self.ask(Call::Stat, path).and_then(|()| path.symlink_metadata()))
    }

    /// The path with all links resolved; `None` where it leads to nothing.
    pub fn resolve(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        there(self.ask(Call::Resolve, path).and_then(|()| path.canonicalize()))
    }
}

/// Nothing is there only where the operating system says just that.
pub fn there<T>(answer: io::Result<T>) -> io::Result<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A folder that is read from.
#[derive(Debug)]
pub struct Tree {
    pub disk: Disk,
    /// Absolute, symbolic links resolved.
    pub place: PathBuf,
    #[cfg(target_os = "linux")]
    folder: File,
}

/// What tells whether a file is still the same: length, times of change, number on its device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub length: u64,
    modified: Option<SystemTime>,
    changed: (i64, i64),
    number: (u64, u64),
}

impl Tree {
    /// Opens a folder.
    pub fn open(path: &Path) -> io::Result<Tree> {
        Tree::open_on(Disk::default(), path)
    }

    /// Opens a folder of a disk.
    pub fn open_on(disk: Disk, path: &Path) -> io::Result<Tree> {
        let place = path.canonicalize()?;
        if !place.metadata()?.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        #[cfg(target_os = "linux")]
        return Ok(Tree { folder: File::open(&place)?, disk, place });
        #[cfg(not(target_os = "linux"))]
        Ok(Tree { disk, place })
    }

    /// The path beneath this folder of something whose absolute path is known.
    pub fn beneath<'p>(&self, place: &'p Path) -> &'p Path {
        place.strip_prefix(&self.place).unwrap_or(place)
    }

    /// Opens a regular file by its path beneath this folder; anything else, and any way out, is an error.
    pub fn file(&self, relative: &Path) -> io::Result<(File, Stamp)> {
        self.disk.ask(Call::Open, relative)?;
        let file = self.open_beneath(relative)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        Ok((file, Stamp::of(&metadata)))
    }

    /// Opens the file that was met with that stamp; `None` where it is gone or another one has taken its place.
    pub fn met(&self, relative: &Path, stamp: Stamp) -> io::Result<Option<File>> {
        use io::ErrorKind::{CrossesDevices, InvalidInput, NotADirectory, NotFound};
        match self.file(relative) {
            Ok((file, now)) => Ok((now == stamp).then_some(file)),
            // A link or a folder may stand there now; the next walk tells what it is.
            Err(error)
                if matches!(error.kind(), NotFound | NotADirectory | InvalidInput | CrossesDevices) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Reads a file of at most `limit` bytes; `None` where it is larger.
    pub fn read(&self, relative: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let (file, stamp) = self.file(relative)?;
        limited(file, stamp.length, limit)
    }

    #[cfg(target_os = "linux")]
    fn open_beneath(&self, relative: &Path) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
        // Never blocks on a pipe, never becomes the controlling terminal.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY | OFlags::NONBLOCK;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
        match openat2(&self.folder, relative, flags, Mode::empty(), resolve) {
            Ok(file) => Ok(File::from(file)),
            // A kernel or a sandbox without the call.
            Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => self.open_checked(relative),
            Err(rustix::io::Errno::LOOP) => {
                Err(io::Error::new(io::ErrorKind::InvalidInput, "a ring of links"))
            }
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn open_beneath(&self, relative: &Path) -> io::Result<File> {
        self.open_checked(relative)
    }

    /// The portable way: resolves every link first and looks where it ends.
    fn open_checked(&self, relative: &Path) -> io::Result<File> {
        let place = self.place.join(relative).canonicalize()?;
        if !place.starts_with(&self.place) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "leads out of the folder"));
        }
        // Opening a pipe would wait for a writer.
        if !place.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        File::open(place)
    }
}

/// The bytes of a file, if there are at most `limit`. It is expected to have `length`.
pub fn limited(file: File, length: u64, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(length.min(limit) as usize + 1);
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

impl Stamp {
    /// The stamp of a file that was looked at.
    pub fn of(metadata: &Metadata) -> Stamp {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Stamp {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            #[cfg(not(unix))]
            changed: (0, 0),
            #[cfg(unix)]
            number: (metadata.dev(), metadata.ino()),
            #[cfg(not(unix))]
            number: (0, 0),
        }
    }

    /// Whether the file has rested long enough that a further write cannot have left the stamp as it is:
    /// file systems count time in steps of some milliseconds.
    pub fn settled(&self) -> bool {
        let Some(age) = self.modified.and_then(|modified| modified.elapsed().ok()) else { return false };
        let changed = Duration::new(self.changed.0.max(0).unsigned_abs(), self.changed.1 as u32);
        let since_change = (SystemTime::UNIX_EPOCH + changed).elapsed().unwrap_or_default();
        let rest = Duration::from_millis(100);
        age > rest && (cfg!(not(unix)) || since_change > rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_opened() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret.md"), "canary").unwrap();
        let inside = outside.path().join("in");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(inside.join("a.md"), "a").unwrap();
        std::os::unix::fs::symlink("../secret.md", inside.join("link.md")).unwrap();
        std::os::unix::fs::symlink("a.md", inside.join("good.md")).unwrap();
        let tree = Tree::open(&inside).unwrap();
        for hostile in ["../secret.md", "link.md", "/etc/passwd", "."] {
            assert!(tree.read(Path::new(hostile), 99).is_err(), "{hostile}");
            assert!(tree.open_checked(Path::new(hostile)).is_err(), "{hostile}");
        }
        assert_eq!(tree.read(Path::new("good.md"), 99).unwrap().unwrap(), b"a");
        assert_eq!(tree.read(Path::new("a.md"), 0).unwrap(), None);
    }
}
