//! What a build makes: files of the site, as values.
//!
//! Owns [`Output`], [`Folder`], their content, which may be [`Later`], and the sinks' common face [`Sink`]. Knows
//! neither disk nor network: a sink in `publish` writes, a sink in `serve` keeps in memory.

use std::fmt;
use std::io;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use crate::memo::Digest;
use crate::metadata::Format;

/// The list of all files that lies in a published folder; a folder that holds it is a site, never content.
pub const MANIFEST: &str = ".opsbook-manifest.json";

/// One file of the finished site.
#[derive(Debug, Clone)]
pub struct Output {
    /// Relative to the site's root, `/` between segments, decoded: `runbooks/ceph/index.html`.
    pub path: String,
    pub body: Body,
}

/// The bytes of an output.
#[derive(Debug, Clone)]
pub enum Body {
    /// Text made by the build.
    Text(Arc<str>),
    /// Text that is made when somebody asks for it.
    Later(Later<Arc<str>>),
    /// Bytes held by the theme.
    Bytes(Arc<[u8]>),
    /// A file of the inputs: opened only when a sink needs it.
    File(Original),
}

/// A file of the inputs that is published. `input::original` opens it for sinks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Absolute path.
    pub location: PathBuf,
    /// The format by which it is cleaned on its way out; others go as they are.
    pub format: Option<Format>,
    /// The digest of what was judged when the inputs were loaded, cleaned where it is cleaned.
    pub digest: Digest,
}

/// A folder of the site whose files have names that nobody knows before they are made. Nothing else may lie in
/// it but its page.
#[derive(Debug, Clone)]
pub struct Folder {
    /// As in [`Output::path`], with a slash at the end: `search/`.
    pub path: String,
    /// Their paths begin with that of the folder.
    pub files: Later<Vec<Output>>,
}

/// A value that is made when it is first looked at, once, by whichever thread is first. What it is made of is
/// free again from then on.
pub struct Later<T>(Arc<LazyLock<T, Box<dyn FnOnce() -> T + Send>>>);

impl<T> Later<T> {
    pub fn new(make: impl FnOnce() -> T + Send + 'static) -> Later<T> {
        Later(Arc::new(LazyLock::new(Box::new(make))))
    }
}

impl<T> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Later<T> {
    fn clone(&self) -> Later<T> {
        Later(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Later<T> {
    /// Does not make it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Later")
    }
}

impl Output {
    pub fn text(path: impl Into<String>, text: impl Into<Arc<str>>) -> Output {
        Output { path: path.into(), body: Body::Text(text.into()) }
    }

    /// A text that is made when somebody asks for it.
    pub fn later<T: Into<Arc<str>>>(
        path: impl Into<String>,
        make: impl FnOnce() -> T + Send + 'static,
    ) -> Output {
        Output { path: path.into(), body: Body::Later(Later::new(|| make().into())) }
    }
}

impl Body {
    /// The bytes, which are made now if need be.
    ///
    /// # Errors
    /// A file of the inputs, which only a sink may open.
    pub fn bytes(&self) -> Result<&[u8], &Original> {
        match self {
            Body::Text(text) => Ok(text.as_bytes()),
            Body::Later(text) => Ok(text.as_bytes()),
            Body::Bytes(bytes) => Ok(bytes),
            Body::File(original) => Err(original),
        }
    }
}

/// Takes outputs as they are made, from several threads.
pub trait Sink: Sync {
    /// Stores one output. Paths are unique within a build.
    fn put(&self, output: Output) -> io::Result<()>;

    /// Stores a folder. Most sinks want its files at once.
    fn put_folder(&self, folder: Folder) -> io::Result<()> {
        folder.files.iter().try_for_each(|output| self.put(output.clone()))
    }
}

/// Drops everything: `opsbook check`.
pub struct Discard;

impl Sink for Discard {
    fn put(&self, _output: Output) -> io::Result<()> {
        Ok(())
    }

    fn put_folder(&self, _folder: Folder) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_is_made_later_is_made_once_and_frees_what_it_was_made_of() {
        let (made, material) = (Arc::new(AtomicUsize::new(0)), Arc::new("text".to_owned()));
        let (count, held) = (Arc::clone(&made), Arc::clone(&material));
        let output = Output::later("a.txt", move || {
            count.fetch_add(1, Ordering::Relaxed);
            held.to_uppercase()
        });
        let copy = output.clone();
        assert_eq!((made.load(Ordering::Relaxed), Arc::strong_count(&material)), (0, 2));
        assert_eq!(output.body.bytes(), Ok(b"TEXT".as_slice()));
        assert_eq!(copy.body.bytes(), Ok(b"TEXT".as_slice()));
        assert_eq!((made.load(Ordering::Relaxed), Arc::strong_count(&material)), (1, 1));
    }
}
