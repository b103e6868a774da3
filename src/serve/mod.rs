//! `opsbook serve`: a preview that follows every save.
//!
//! The handbook is built into memory and served from there, on loopback unless the user asks for more. A browser that shows a page
//! reloads it after a change, and shows problems of the content above it. The published site is never touched,
//! and no request can reach a file that the build did not make.
//!
//! Owns the order of steps: bind, build, serve, watch. Only this module and `deploy` depend on tokio.
//!
//! The loop loads the inputs again, compares the digest of all of them with the last one, and builds if it
//! differs. The watcher only shortens the wait: the loop also looks by itself every few seconds, so a lost
//! event costs time, never correctness.
//!
//! Each request sees one complete site. A page with an error is shown as far as possible, with the problems
//! above it. The last good site stays only while settings, a kind or the theme are broken, and while visibility
//! is unclear. Server-sent events tell browsers that something has changed; they carry version numbers, never
//! content.

#![expect(clippy::disallowed_methods, reason = "waits for changes")]

mod answer;
mod build_log;
mod connection;
mod editor;
mod events;
mod guard;
mod payload;
mod ports;
mod server;
mod session;
mod store;
mod token;
mod watch;

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::input::{Failure, Options};
use crate::report::ReportStyle;

pub use build_log::{BuildCause, took};
pub use editor::Editor;
pub use ports::{Port, Reach};
pub use server::{Server, Signal};
pub use session::{Session, SessionStep, WhyNotShown};
pub use store::{SiteFiles, SiteVersions, Store};

/// The options of the command line.
#[derive(Debug)]
pub struct ServeOptions {
    pub options: Options,
    pub port: Port,
    pub reach: Reach,
    pub open: OpenBrowser,
    /// The editor that links in problems open.
    pub editor: Option<Editor>,
    /// The style of problems in the terminal.
    pub look: ReportStyle,
}

/// Whether the browser is opened at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenBrowser {
    Leave,
    Browser,
}

/// Serves until Ctrl-C is pressed.
///
/// # Errors
/// No port is free, or the handbook cannot be read at the start.
pub fn run(settings: ServeOptions) -> Result<(), Failure> {
    let listeners = ports::bind(settings.port, &settings.reach)?;
    let root = settings.options.root.clone();
    let store = Arc::new(Store::new(&root)?);
    let mut session = Session::new(settings.options, settings.look, Arc::clone(&store), settings.editor);
    let first = session.rebuild();
    session.print(&first);
    if let SessionStep::Failed(failure) = first {
        return Err(failure);
    }
    let (sender, inbox) = mpsc::channel();
    let server = Server::start(listeners, &settings.reach, store, notice(sender.clone()))?;
    announce(&server, &settings.reach, settings.open);
    let mut watch = watch::Watch::start(session.watched(), sender);
    while let Some(next) = wait(&inbox, watch.pause(session.scan())) {
        if next == NextStep::RebuildWithoutWatcher {
            watch.poll_instead();
        }
        let step = session.rebuild();
        session.print(&step);
        watch.follow(session.watched());
    }
    print("stopped");
    Ok(())
}

/// A message to the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WatchMessage {
    /// A file was written completely, renamed or deleted.
    Written,
    /// A change has begun; more events are likely to follow.
    Writing,
    /// The watcher has failed; from now on the loop has to look by itself.
    WatcherFailed,
    Stop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NextStep {
    Rebuild,
    /// Rebuild, and look for changes without the watcher from now on.
    RebuildWithoutWatcher,
}

/// Waits until a change is complete, or until it is time to look; `None` when it is time to stop.
fn wait(inbox: &Receiver<WatchMessage>, pause: Duration) -> Option<NextStep> {
    let mut message = match inbox.recv_timeout(pause) {
        Ok(message) => message,
        Err(RecvTimeoutError::Timeout) => return Some(NextStep::Rebuild),
        Err(RecvTimeoutError::Disconnected) => return None,
    };
    // A stream of changes without an end must not delay the rebuild for ever.
    let latest = Instant::now() + Duration::from_millis(100);
    loop {
        let quiet = match message {
            WatchMessage::Stop => return None,
            WatchMessage::WatcherFailed => return Some(NextStep::RebuildWithoutWatcher),
            // After a complete write a short rest is enough; after a partial one the end of the write is
            // awaited.
            WatchMessage::Written => Duration::from_millis(3),
            WatchMessage::Writing => Duration::from_millis(15),
        };
        let rest = latest.saturating_duration_since(Instant::now());
        match inbox.recv_timeout(quiet.min(rest)) {
            Ok(next) => message = next,
            Err(_) => return Some(NextStep::Rebuild),
        }
    }
}

fn notice(sender: Sender<WatchMessage>) -> impl FnOnce(Signal) + Send + 'static {
    move |Signal| {
        // If no one receives this, the loop has ended already.
        let _ = sender.send(WatchMessage::Stop);
    }
}

fn announce(server: &Server, reach: &Reach, open: OpenBrowser) {
    let mut urls = Vec::new();
    for address in reach.printed(server.port()) {
        urls.push(format!("http://{address}/{}", server.entrance()));
    }
    let here = urls.last().expect("a server has an address").clone();
    if let Reach::Network { names, .. } = reach {
        urls.extend(names.iter().map(|name| format!("{name}, with /{} at its end", server.entrance())));
    }
    print(&format!("serving {} (Ctrl-C stops)", urls.join("\n     or ")));
    if *reach != Reach::Machine {
        print("warning: everyone who has such an address can read what you see here, without encryption");
    }
    if open == OpenBrowser::Browser
        && let Err(error) = server::open_browser(&here)
    {
        print(&format!("the browser cannot be opened: {error}"));
    }
}

/// Prints a line. An error is ignored: the preview goes on without a terminal.
fn print(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_changes_is_one_rebuild() {
        let (sender, inbox) = mpsc::channel();
        for _ in 0..50 {
            sender.send(WatchMessage::Writing).unwrap();
        }
        sender.send(WatchMessage::Written).unwrap();
        assert_eq!(wait(&inbox, Duration::from_secs(9)), Some(NextStep::Rebuild));
        assert!(inbox.try_recv().is_err());
    }

    #[test]
    fn a_stream_of_changes_does_not_delay_a_rebuild_for_ever() {
        let (sender, inbox) = mpsc::channel();
        let writer = std::thread::spawn(move || {
            while sender.send(WatchMessage::Writing).is_ok() {
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let start = Instant::now();
        assert_eq!(wait(&inbox, Duration::from_secs(9)), Some(NextStep::Rebuild));
        assert!(start.elapsed() < Duration::from_millis(500));
        drop(inbox);
        writer.join().unwrap();
    }

    #[test]
    fn without_news_the_loop_looks_for_itself_and_stops_when_told() {
        let (sender, inbox) = mpsc::channel();
        assert_eq!(wait(&inbox, Duration::from_millis(1)), Some(NextStep::Rebuild));
        sender.send(WatchMessage::Written).unwrap();
        sender.send(WatchMessage::Stop).unwrap();
        assert_eq!(wait(&inbox, Duration::from_millis(1)), None);
    }
}
