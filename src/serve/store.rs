//! The site that is served now.
//!
//! Owns the finished site in memory, the problems shown above it, and the version numbers by which browsers
//! notice that either has changed. A request sees one complete site: a new site replaces the old one in one
//! step.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use tokio::sync::watch;

use crate::input::Failure;
use crate::input::disk::ReadFolder;
use crate::output::{Body, Output, Sink, UnlistedFolder};

/// A sink that collects a site. Folders that are made on demand are not made here, because most of their files
/// are never requested.
#[derive(Debug, Default)]
pub struct SiteFiles(Mutex<SitePaths>);

/// The files of a site by path.
#[derive(Debug, Default)]
pub(super) struct SitePaths {
    files: BTreeMap<String, Body>,
    folders: Vec<UnlistedFolder>,
}

impl Sink for SiteFiles {
    fn put(&self, output: Output) -> io::Result<()> {
        let mut paths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match paths.files.entry(output.path) {
            Entry::Vacant(free) => drop(free.insert(output.body)),
            Entry::Occupied(first) => {
                let message = format!("two outputs are called `{}`", first.key());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
            }
        }
        Ok(())
    }

    fn put_folder(&self, folder: UnlistedFolder) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).folders.push(folder);
        Ok(())
    }
}

impl SitePaths {
    /// The file with exactly this path. If it lies in a folder that is made on demand, the whole folder is made
    /// now, because its file names are not known before.
    pub fn get(&self, path: &str) -> Option<&Body> {
        let folder = || self.folders.iter().find(|folder| path.starts_with(&folder.path));
        let made = || folder()?.files.iter().find(|output| output.path == path).map(|output| &output.body);
        self.files.get(path).or_else(made)
    }
}

/// The versions of the site and of its problems. A number never comes twice, not even after a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteVersions {
    pub site: u64,
    pub problems: u64,
}

/// The served site, shared between the loop and the server.
#[derive(Debug)]
pub struct Store {
    shown: RwLock<Arc<ServedState>>,
    news: watch::Sender<SiteVersions>,
    /// The handbook's folder.
    root: PathBuf,
}

/// One state of the served site.
#[derive(Debug)]
pub(super) struct ServedState {
    pub files: Arc<SitePaths>,
    /// A JSON document for the overlay.
    pub problems: Arc<str>,
    pub news: SiteVersions,
}

impl Store {
    /// An empty site for the handbook at `root`.
    ///
    /// # Errors
    /// The folder cannot be opened.
    pub fn new(root: &Path) -> Result<Store, Failure> {
        ReadFolder::open(root).map_err(|error| {
            let message = format!("cannot open `{}`: {error}", root.display());
            Failure::new(message, "Check that the folder exists and that you may read it.")
        })?;
        // The numbers start at the present time in milliseconds, so they are higher than those before a
        // restart.
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let start = u64::try_from(since.as_millis()).unwrap_or_default();
        let news = SiteVersions { site: start, problems: start };
        let shown = ServedState { files: Arc::default(), problems: "{}".into(), news };
        let shown = RwLock::new(Arc::new(shown));
        let news = watch::Sender::new(news);
        Ok(Store { shown, news, root: root.to_owned() })
    }

    /// The folder in which assets are opened. It is opened anew, because another folder may have replaced it.
    pub(super) fn inputs(&self) -> io::Result<ReadFolder> {
        ReadFolder::open(&self.root)
    }

    /// Serves a new site with its problems.
    pub fn show(&self, files: SiteFiles, problems: impl Into<Arc<str>>) {
        let files = files.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let last = self.shown().news;
        let news = SiteVersions { site: last.site + 1, problems: last.problems + 1 };
        self.replace(ServedState { files: Arc::new(files), problems: problems.into(), news });
    }

    /// Keeps the site and replaces the problems shown above it.
    pub fn report(&self, problems: impl Into<Arc<str>>) {
        let last = self.shown();
        let news = SiteVersions { problems: last.news.problems + 1, ..last.news };
        self.replace(ServedState { files: Arc::clone(&last.files), problems: problems.into(), news });
    }

    pub(super) fn shown(&self) -> Arc<ServedState> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<SiteVersions> {
        self.news.subscribe()
    }

    /// Replaces the served state. The new versions are sent after it, so that browsers never ask too early.
    fn replace(&self, shown: ServedState) {
        let news = shown.news;
        let mut place = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let last = std::mem::replace(&mut *place, Arc::new(shown));
        drop(place);
        self.news.send_replace(news);
        // Freeing a whole site takes a while, and no request needs to wait for it.
        rayon::spawn(move || drop(last));
    }
}
