//! Brings files to the disk while the build goes on.
//!
//! Owns a few threads that wait for the disk, so that the build does not: a file is handed over as soon as it
//! is written, and at the end most of the waiting is done. Flushing the whole file system at once (`syncfs`)
//! would wait for what other programs have written too, which took seconds on a busy machine. ⚡
#![expect(clippy::disallowed_methods, reason = "waits for the disk in threads of its own")]

use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// The disk takes several files into one write of its journal when they are asked for together.
const THREADS: usize = 12;
/// Files that may wait; more would keep too many open.
const WAITING: usize = 128;

/// Files on their way to the disk.
#[derive(Debug)]
pub(super) struct Flush {
    files: SyncSender<File>,
    threads: Vec<JoinHandle<io::Result<()>>>,
}

impl Flush {
    pub fn start() -> Flush {
        let (files, waiting) = sync_channel(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let worker = || {
            let waiting = Arc::clone(&waiting);
            thread::spawn(move || flush(&waiting))
        };
        Flush { files, threads: (0..THREADS).map(|_| worker()).collect() }
    }

    /// Hands over a file that is written. It waits where too many files wait already.
    ///
    /// # Errors
    /// When every thread has ended, each with an error of the disk.
    pub fn add(&self, file: File) -> io::Result<()> {
        self.files.send(file).map_err(|_| io::Error::other("the disk takes no more files"))
    }

    /// Waits until all files are on the disk.
    ///
    /// # Errors
    /// The first error of the disk.
    pub fn finish(self) -> io::Result<()> {
        drop(self.files);
        self.threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread broke"))))
    }
}

fn flush(waiting: &Mutex<Receiver<File>>) -> io::Result<()> {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(file) = next else { return Ok(()) };
        file.sync_data()?;
    }
}
