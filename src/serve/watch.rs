//! Notices that a file has changed. Watches folders.
//!
//! Owns the watcher of the operating system and the choice of its events that matter. A watcher can lose
//! events, run out of watches or be missing. Therefore the loop looks by itself from time to time, and more
//! often without a watcher: a lost event costs time, never correctness.
#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "the tests lay out folders"))]

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::{Duration, SystemTime};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::{WatchMessage, print};

/// A watcher, or `None` if the operating system gives none.
pub(super) struct Watch {
    watcher: Option<RecommendedWatcher>,
    /// The watched folders: the root itself without its subfolders, and the other folders with all that is in
    /// them.
    folders: Vec<(PathBuf, Identity)>,
}

/// Tells a folder from another one with the same path. A watch stays with the folder that it was set on.
type Identity = (u64, u64, Option<SystemTime>);

fn identity(folder: &Path) -> Option<Identity> {
    let found = folder.metadata().ok().filter(Metadata::is_dir)?;
    Some((found.dev(), found.ino(), found.created().ok()))
}

impl Watch {
    /// Watches the first folder without its subfolders, and the others with everything in them.
    pub fn start(folders: &[PathBuf], to: Sender<WatchMessage>) -> Watch {
        let events = move |event: notify::Result<Event>| {
            let message = match event {
                Ok(event) => judge(&event),
                Err(_) => Some(WatchMessage::WatcherFailed),
            };
            if let Some(message) = message {
                // If no one receives this, the loop has ended.
                let _ = to.send(message);
            }
        };
        let mut watch = Watch { watcher: None, folders: Vec::new() };
        match notify::recommended_watcher(events) {
            Ok(watcher) => {
                watch.watcher = Some(watcher);
                watch.follow(folders);
            }
            Err(error) => announce(&error.to_string()),
        }
        watch
    }

    /// Watches these folders from now on. It is called after every look, because folders come and go, and a
    /// version control system replaces them when it changes to another branch.
    pub fn follow(&mut self, folders: &[PathBuf]) {
        let Some(watcher) = &mut self.watcher else { return };
        let there = |folder: &PathBuf| Some((folder.clone(), identity(folder)?));
        let there: Vec<_> = folders.iter().filter_map(there).collect();
        for (gone, _) in self.folders.iter().filter(|folder| !there.contains(folder)) {
            // A deleted folder has lost its watch already.
            let _ = watcher.unwatch(gone);
        }
        for (folder, _) in there.iter().filter(|folder| !self.folders.contains(folder)) {
            let root = folders.first() == Some(folder);
            let depth = if root { RecursiveMode::NonRecursive } else { RecursiveMode::Recursive };
            if let Err(error) = watcher.watch(folder, depth) {
                announce(&error.to_string());
                return self.watcher = None;
            }
        }
        self.folders = there;
    }

    /// Drops the watcher; from now on the loop looks by itself.
    pub fn poll_instead(&mut self) {
        if self.watcher.take().is_some() {
            announce("the operating system has no more watches to give");
        }
    }

    /// The time until the loop looks without an event. `scan` is the duration of one look: looking must take
    /// only a small part of the time.
    pub fn pause(&self, scan: Duration) -> Duration {
        match self.watcher {
            Some(_) => Duration::from_secs(2).max(scan * 50),
            None => Duration::from_millis(500).max(scan * 10),
        }
    }
}

fn announce(reason: &str) {
    print(&format!("files cannot be watched ({reason}); looking for changes twice a second instead"));
}

/// The message for an event; `None` for most events.
fn judge(event: &Event) -> Option<WatchMessage> {
    // The watcher has lost events, so any file may have changed.
    if event.need_rescan() {
        return Some(WatchMessage::Written);
    }
    if !event.paths.is_empty() && event.paths.iter().all(|path| is_passing(path)) {
        return None;
    }
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Remove(_) => {
            Some(WatchMessage::Written)
        }
        EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both)) => Some(WatchMessage::Written),
        // Reading is not a change. Our own reading would otherwise wake the loop again and again.
        EventKind::Access(_) => None,
        _ => Some(WatchMessage::Writing),
    }
}

/// Whether a path belongs to the temporary or internal files of an editor or a version control system.
fn is_passing(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let hidden = name.starts_with('.') && name != "." && name != "..";
    let temporary = name.ends_with('~')
        || name.ends_with(".tmp")
        || name.ends_with(".swp")
        || name.contains("___jb_")
        || (name.starts_with('#') && name.ends_with('#'))
        || name == "4913";
    hidden || temporary || path.components().any(|part| part.as_os_str() == ".git")
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{CreateKind, DataChange, RemoveKind};

    #[test]
    fn editors_own_files_are_passed_over() {
        for name in
            [".a.md.swp", "a.md~", "#a.md#", ".#a.md", "4913", "a.md___jb_tmp___", ".git", ".public.lock"]
        {
            assert!(is_passing(&Path::new("/book/content").join(name)), "{name}");
        }
        assert!(is_passing(Path::new("/book/.git/index")));
        for name in ["a.md", "book.toml", "4913.md", "a~b.md", "#1.md"] {
            assert!(!is_passing(&Path::new("/book/content").join(name)), "{name}");
        }
    }

    #[test]
    fn a_finished_write_counts_more_than_one_under_way_and_reading_not_at_all() {
        let judged = |kind, path: &str| judge(&Event::new(kind).add_path(path.into()));
        let close = EventKind::Access(AccessKind::Close(AccessMode::Write));
        let open = EventKind::Access(AccessKind::Open(AccessMode::Any));
        let data = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        assert_eq!(judged(close, "a.md"), Some(WatchMessage::Written));
        assert_eq!(judged(EventKind::Remove(RemoveKind::File), "a.md"), Some(WatchMessage::Written));
        assert_eq!(judged(data, "a.md"), Some(WatchMessage::Writing));
        assert_eq!(judged(EventKind::Create(CreateKind::File), "a.md"), Some(WatchMessage::Writing));
        assert_eq!(judged(open, "a.md"), None);
        assert_eq!(judged(close, ".a.md.swp"), None);
        let both = EventKind::Modify(ModifyKind::Name(RenameMode::Both));
        let rename = Event::new(both).add_path("a.md~".into()).add_path("a.md".into());
        assert_eq!(judge(&rename), Some(WatchMessage::Written));
    }

    #[test]
    fn a_folder_that_takes_the_place_of_another_is_watched() {
        let root = tempfile::tempdir().unwrap();
        let content = root.path().join("content");
        let put = |folder: &Path| {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join("a.md"), "a").unwrap();
        };
        put(&content);
        let folders = [root.path().to_owned(), content.clone()];
        let (sender, inbox) = std::sync::mpsc::channel();
        let mut watch = Watch::start(&folders, sender);
        let is_told = || inbox.recv_timeout(Duration::from_secs(5)).is_ok();
        for round in 0..3 {
            while inbox.recv_timeout(Duration::from_millis(100)).is_ok() {}
            std::fs::write(content.join("a.md"), "b").unwrap();
            assert!(is_told(), "round {round}");
            let (next, gone) = (root.path().join("next"), root.path().join(format!("gone{round}")));
            put(&next);
            std::fs::rename(&content, gone).unwrap();
            std::fs::rename(&next, &content).unwrap();
            watch.follow(&folders);
        }
    }
}
