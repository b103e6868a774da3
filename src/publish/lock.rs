//! Allows one build at a time for each output folder.
//!
//! Owns the lock file `.<out>.lock` next to the output folder. The kernel releases the lock of a process that
//! died, so no stale lock remains. The last holder deletes the file.

#![expect(clippy::disallowed_methods, reason = "one of the files that write a published site")]

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::{Errno, retry_on_intr};

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Holds the lock; the kernel releases it when the file is closed.
    _file: File,
}

impl Lock {
    /// Takes the lock. If another build holds it, calls `waiting` and then waits. `None` if the file system has
    /// no locks.
    ///
    /// # Errors
    /// The lock file cannot be opened or locked.
    pub fn take(path: &Path, waiting: &dyn Fn()) -> io::Result<Option<Lock>> {
        loop {
            let file = open(path)?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => {
                    waiting();
                    retry_on_intr(|| flock(&file, FlockOperation::LockExclusive))?;
                }
                Err(Errno::NOTSUP | Errno::NOSYS | Errno::NOLCK) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
            // The previous holder has deleted the file that we have locked, so a third build would not see our
            // lock.
            if is_still(path, &file)? {
                return Ok(Some(Lock { path: path.to_owned(), _file: file }));
            }
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    // A symbolic link at this path must not create a file elsewhere.
    let no_follow = OFlags::NOFOLLOW.bits() as i32;
    OpenOptions::new().create(true).append(true).custom_flags(no_follow).open(path)
}

/// Whether `path` still names the open file.
fn is_still(path: &Path, file: &File) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

impl Drop for Lock {
    /// Deletes the file while the lock is still held: a build that waits for it notices that and tries again.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
