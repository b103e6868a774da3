//! Reads files inside one folder, and never outside it.
//!
//! Owns [`Disk`], which separates a missing file from a file that cannot be read; [`ReadFolder`], the only way
//! to open content, theme and settings; and [`Stamp`], which tells whether a file is unchanged. File names and
//! formats are the concern of the callers. On Linux the kernel guarantees that no symbolic link leads outside,
//! even if a folder is replaced while it is read.
#![expect(clippy::disallowed_methods, reason = "reads the handbook and its history")]

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A question to the operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SystemCall {
    /// The metadata of a path; symbolic links are not followed.
    Stat,
    /// The real path; symbolic links are followed.
    Resolve,
    /// The names in a folder.
    List,
    /// The bytes of a file.
    Open,
}

/// Runs before each system call; an error replaces the result. A test uses it to make calls fail, or to change
/// files between two calls.
type BeforeRead = dyn Fn(SystemCall, &Path) -> io::Result<()> + Send + Sync;

/// The file system. A missing file is a normal answer; every other problem is an error, because a file that
/// cannot be read may be the one that hides others.
#[derive(Clone)]
pub struct Disk {
    before: Arc<BeforeRead>,
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
    pub fn with(before: impl Fn(SystemCall, &Path) -> io::Result<()> + Send + Sync + 'static) -> Disk {
        Disk { before: Arc::new(before) }
    }

    /// Runs the hook of the tests before a system call.
    pub fn ask(&self, call: SystemCall, path: &Path) -> io::Result<()> {
        (self.before)(call, path)
    }

    /// The metadata of a path; `None` if there is nothing.
    ///
    /// # Errors
    /// Every other error of the operating system.
    pub fn stat(&self, path: &Path) -> io::Result<Option<Metadata>> {
        none_if_missing(self.ask(SystemCall::Stat, path).and_then(|()| path.symlink_metadata()))
    }

    /// The path with all symbolic links resolved; `None` if it leads to nothing.
    ///
    /// # Errors
    /// Every other error of the operating system.
    pub fn resolve(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        none_if_missing(self.ask(SystemCall::Resolve, path).and_then(|()| path.canonicalize()))
    }
}

/// Turns the errors that say that nothing is there into `None`, and keeps all other errors.
pub fn none_if_missing<T>(answer: io::Result<T>) -> io::Result<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A folder that files are read from.
#[derive(Debug)]
pub struct ReadFolder {
    pub disk: Disk,
    /// Absolute, symbolic links resolved.
    pub place: PathBuf,
    #[cfg(target_os = "linux")]
    folder: File,
}

/// Tells whether a file is unchanged: length in bytes, times of modification and change, device and inode
/// number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub length: u64,
    modified: Option<SystemTime>,
    changed: (i64, i64),
    number: (u64, u64),
}

impl ReadFolder {
    /// Opens a folder.
    pub fn open(path: &Path) -> io::Result<ReadFolder> {
        ReadFolder::open_on(Disk::default(), path)
    }

    /// Opens a folder through `disk`.
    ///
    /// # Errors
    /// The path is not a folder, or the operating system refuses.
    pub fn open_on(disk: Disk, path: &Path) -> io::Result<ReadFolder> {
        let place = path.canonicalize()?;
        if !place.metadata()?.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        #[cfg(target_os = "linux")]
        return Ok(ReadFolder { folder: File::open(&place)?, disk, place });
        #[cfg(not(target_os = "linux"))]
        Ok(ReadFolder { disk, place })
    }

    /// The path relative to this folder. A path outside the folder is returned unchanged.
    pub fn beneath<'p>(&self, place: &'p Path) -> &'p Path {
        place.strip_prefix(&self.place).unwrap_or(place)
    }

    /// Opens a regular file by its path relative to this folder.
    ///
    /// # Errors
    /// The path leads out of the folder, or to something other than a regular file.
    pub fn file(&self, relative: &Path) -> io::Result<(File, Stamp)> {
        self.disk.ask(SystemCall::Open, relative)?;
        let file = self.open_beneath(relative)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        Ok((file, Stamp::from_metadata(&metadata)))
    }

    /// Opens the file that a walk found with this stamp; `None` if it is gone or was replaced.
    pub fn open_unchanged(&self, relative: &Path, stamp: Stamp) -> io::Result<Option<File>> {
        use io::ErrorKind::{CrossesDevices, InvalidInput, NotADirectory, NotFound};
        match self.file(relative) {
            Ok((file, now)) => Ok((now == stamp).then_some(file)),
            // There may be a link or a folder now; the next walk finds out.
            Err(error)
                if matches!(error.kind(), NotFound | NotADirectory | InvalidInput | CrossesDevices) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Reads a file of at most `limit` bytes; `None` if it is larger.
    pub fn read(&self, relative: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let (file, stamp) = self.file(relative)?;
        limited(file, stamp.length, limit)
    }

    #[cfg(target_os = "linux")]
    fn open_beneath(&self, relative: &Path) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
        // These flags never block on a pipe, and never make a terminal the controlling one.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY | OFlags::NONBLOCK;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
        match openat2(&self.folder, relative, flags, Mode::empty(), resolve) {
            Ok(file) => Ok(File::from(file)),
            // Older kernels and some sandboxes do not have this call.
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

    /// The portable way: resolves every link first and checks the real path.
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

/// The bytes of a file; `None` if there are more than `limit`. The buffer is allocated for the expected
/// `length`.
pub fn limited(file: File, length: u64, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(length.min(limit) as usize + 1);
    // One byte more than the limit shows that the file is larger, even if it has grown since it was opened.
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

impl Stamp {
    /// The stamp of a file with this metadata.
    pub fn from_metadata(metadata: &Metadata) -> Stamp {
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

    /// Whether the file has been unchanged long enough that a further write changes the stamp. File systems
    /// count time in steps of some milliseconds, so two writes in one step can leave the same stamp.
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
        let tree = ReadFolder::open(&inside).unwrap();
        for hostile in ["../secret.md", "link.md", "/etc/passwd", "."] {
            assert!(tree.read(Path::new(hostile), 99).is_err(), "{hostile}");
            assert!(tree.open_checked(Path::new(hostile)).is_err(), "{hostile}");
        }
        assert_eq!(tree.read(Path::new("good.md"), 99).unwrap().unwrap(), b"a");
        assert_eq!(tree.read(Path::new("a.md"), 0).unwrap(), None);
    }
}
