//! Shows the progress of a build that takes long.
//!
//! Owns the line `building: 812 files, 3 s` on standard error. It appears after a second, and only if standard
//! error is a terminal.

#![expect(clippy::disallowed_methods, reason = "shows how long a build has taken")]

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::output::{Output, Sink};

use super::terminal::{OutputStream, Terminal};

/// A sink that counts outputs and passes them on.
struct Counter<'a> {
    inner: &'a dyn Sink,
    files: AtomicUsize,
}

impl Sink for Counter<'_> {
    fn put(&self, output: Output) -> io::Result<()> {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.inner.put(output)
    }
}

/// Runs `work` with a sink that passes outputs to `inner`, and shows the progress.
pub(super) fn watch<T>(terminal: &Terminal, inner: &dyn Sink, work: impl FnOnce(&dyn Sink) -> T) -> T {
    if !terminal.is_watched(OutputStream::Error) {
        return work(inner);
    }
    let counter = Counter { inner, files: AtomicUsize::new(0) };
    let (done, ended) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let files = &counter.files;
        // The build goes on without a progress line if no thread can be started.
        let _ = std::thread::Builder::new().spawn_scoped(scope, move || show(files, &ended));
        let result = work(&counter);
        // Closing the channel ends the progress thread, which the scope waits for.
        drop(done);
        result
    })
}

/// Rewrites one line until the work ends, then clears it.
fn show(files: &AtomicUsize, ended: &mpsc::Receiver<()>) {
    let start = Instant::now();
    let mut wait = Duration::from_secs(1);
    let mut shown = false;
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = Duration::from_millis(200);
        shown = true;
        let files = files.load(Ordering::Relaxed);
        let seconds = start.elapsed().as_secs();
        let _ = write!(io::stderr(), "\r\u{1b}[Kbuilding: {files} files, {seconds} s");
    }
    if shown {
        let _ = write!(io::stderr(), "\r\u{1b}[K");
    }
}
