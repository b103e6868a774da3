//! What is served now.
//!
//! Owns the finished site in memory, the problems shown above it, and the numbers by which browsers know
//! that either has changed. A request sees one whole site: a new one takes its place in one step.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use tokio::sync::watch;

use crate::input::Failure;
use crate::input::disk::Tree;
use crate::output::{Body, Folder, Output, Sink};

/// A site as a build makes it. What is made on demand is not made here: most of it is never asked for.
#[derive(Debug, Default)]
pub struct Files(Mutex<Paths>);

/// A site by paths.
#[derive(Debug, Default)]
pub(super) struct Paths {
    files: BTreeMap<String, Body>,
    folders: Vec<Folder>,
}

impl Sink for Files {
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

    fn put_folder(&self, folder: Folder) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).folders.push(folder);
        Ok(())
    }
}

impl Paths {
    /// The file at exactly this path. In a folder that is made on demand it is made now, with all others there:
    /// their names are not known before.
    pub fn get(&self, path: &str) -> Option<&Body> {
        let folder = || self.folders.iter().find(|folder| path.starts_with(&folder.path));
        let made = || folder()?.files.iter().find(|output| output.path == path).map(|output| &output.body);
        self.files.get(path).or_else(made)
    }
}

/// Numbers of the site and of the problems shown; a number never comes twice, also after a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    pub site: u64,
    pub problems: u64,
}

/// The served site, shared between the loop and the server.
#[derive(Debug)]
pub struct Store {
    shown: RwLock<Arc<Shown>>,
    news: watch::Sender<News>,
    /// The handbook's folder.
    root: PathBuf,
}

/// One state of what is served.
#[derive(Debug)]
pub(super) struct Shown {
    pub files: Arc<Paths>,
    /// A JSON document for the overlay.
    pub problems: Arc<str>,
    pub news: News,
}

impl Store {
    /// An empty site of the handbook at `root`.
    ///
    /// # Errors
    /// When the folder cannot be opened.
    pub fn new(root: &Path) -> Result<Store, Failure> {
        Tree::open(root).map_err(|error| {
            let message = format!("cannot open `{}`: {error}", root.display());
            Failure::new(message, "Check that the folder exists and that you may read it.")
        })?;
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let start = u64::try_from(since.as_millis()).unwrap_or_default();
        let news = News { site: start, problems: start };
        let shown = Shown { files: Arc::default(), problems: "{}".into(), news };
        let (shown, news) = (RwLock::new(Arc::new(shown)), watch::Sender::new(news));
        Ok(Store { shown, news, root: root.to_owned() })
    }

    /// The folder beneath which assets are opened, as it is now: another may have taken its place.
    pub(super) fn inputs(&self) -> io::Result<Tree> {
        Tree::open(&self.root)
    }

    /// Serves a new site, and the problems found in it.
    pub fn show(&self, files: Files, problems: impl Into<Arc<str>>) {
        let files = files.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let last = self.shown().news;
        let news = News { site: last.site + 1, problems: last.problems + 1 };
        self.replace(Shown { files: Arc::new(files), problems: problems.into(), news });
    }

    /// Keeps the site and shows other problems above it.
    pub fn report(&self, problems: impl Into<Arc<str>>) {
        let last = self.shown();
        let news = News { problems: last.news.problems + 1, ..last.news };
        self.replace(Shown { files: Arc::clone(&last.files), problems: problems.into(), news });
    }

    pub(super) fn shown(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<News> {
        self.news.subscribe()
    }

    /// News go out when everything that they tell of can be had.
    fn replace(&self, shown: Shown) {
        let news = shown.news;
        let mut place = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let last = std::mem::replace(&mut *place, Arc::new(shown));
        drop(place);
        self.news.send_replace(news);
        // Freeing a whole site takes a while; nobody needs to wait for it.
        rayon::spawn(move || drop(last));
    }
}
