//! The outputs of a build: the files of the site, as values.
//!
//! Owns [`Output`], [`UnlistedFolder`], their content, which may be [`Lazy`], and the trait [`Sink`]. This module uses
//! neither disk nor network: a sink in `publish` writes files, a sink in `serve` holds them in memory.

use std::fmt;
use std::io;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use crate::memo::Digest;
use crate::metadata::ImageFormat;

/// The name of the manifest, the list of all files in a published folder. A folder that holds it is a published site
/// and is never read as content.
pub const MANIFEST: &str = ".opsbook-manifest.json";

/// One file of the finished site.
#[derive(Debug, Clone)]
pub struct Output {
    /// Relative to the root of the site, with `/` between segments, not percent-encoded: `runbooks/ceph/index.html`.
    pub path: String,
    pub body: Body,
    pub name: OutputName,
}

/// What the name of an output says about its bytes. Only the stage that gives the name knows it: a file of an author may look
/// alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputName {
    /// The bytes behind it may change.
    Fixed,
    /// It changes with the content, so the same name stands for the same bytes forever: `assets/style.dba8d9ca.css`.
    OfContent,
}

/// The bytes of an output.
#[derive(Debug, Clone)]
pub enum Body {
    /// Text that the build has made.
    Text(Arc<str>),
    /// Text that is made when a sink asks for it.
    Later(Lazy<Arc<str>>),
    /// Bytes from the theme.
    Bytes(Arc<[u8]>),
    /// A file of the inputs. Only a sink opens it.
    File(Original),
}

/// A file of the inputs that is published. `input::cleaned_assets` opens it for sinks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Absolute path.
    pub location: PathBuf,
    /// The image format that decides how the file is cleaned; a file without one is published unchanged.
    pub format: Option<ImageFormat>,
    /// The digest of the bytes that were checked when the inputs were loaded. For a file that is cleaned: of the
    /// cleaned bytes.
    pub digest: Digest,
    pub media: MediaOfFile,
}

/// What decides the media type of a published file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaOfFile {
    /// Its name.
    ByName,
    /// The handbook has added its type: it is sent as plain text.
    PlainText,
}

/// A folder of the site whose file names are unknown until the files are made. No other output may be in the folder,
/// except its page.
#[derive(Debug, Clone)]
pub struct UnlistedFolder {
    /// As in [`Output::path`], with a slash at the end: `search/`.
    pub path: String,
    /// The files. Their paths begin with the path of the folder.
    pub files: Lazy<Vec<Output>>,
}

/// A value that is made once, on first access, by the thread that comes first. The closure that makes it is dropped
/// then, with everything that it holds.
pub struct Lazy<T>(Arc<LazyLock<T, Box<dyn FnOnce() -> T + Send>>>);

impl<T> Lazy<T> {
    pub fn new(make: impl FnOnce() -> T + Send + 'static) -> Lazy<T> {
        Lazy(Arc::new(LazyLock::new(Box::new(make))))
    }
}

impl<T> Deref for Lazy<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Lazy<T> {
    fn clone(&self) -> Lazy<T> {
        Lazy(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Lazy<T> {
    /// Does not make the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Later")
    }
}

impl Output {
    pub fn text(path: impl Into<String>, text: impl Into<Arc<str>>) -> Output {
        Output::new(path, Body::Text(text.into()))
    }

    /// An output with a fixed name.
    pub fn new(path: impl Into<String>, body: Body) -> Output {
        Output { path: path.into(), body, name: OutputName::Fixed }
    }

    /// The same output, whose name changes with its content.
    pub fn named_by_content(self) -> Output {
        Output { name: OutputName::OfContent, ..self }
    }

    /// A text that is made when a sink asks for it.
    pub fn later<T: Into<Arc<str>>>(
        path: impl Into<String>,
        make: impl FnOnce() -> T + Send + 'static,
    ) -> Output {
        Output::new(path, Body::Later(Lazy::new(|| make().into())))
    }
}

impl Body {
    /// The bytes. A [`Body::Later`] that has not been made yet is made now.
    ///
    /// # Errors
    /// The body is a file of the inputs, which only a sink may open.
    pub fn bytes(&self) -> Result<&[u8], &Original> {
        match self {
            Body::Text(text) => Ok(text.as_bytes()),
            Body::Later(text) => Ok(text.as_bytes()),
            Body::Bytes(bytes) => Ok(bytes),
            Body::File(original) => Err(original),
        }
    }
}

/// Receives outputs as they are made, from several threads.
pub trait Sink: Sync {
    /// Stores one output. Paths are unique within a build.
    fn put(&self, output: Output) -> io::Result<()>;

    /// Stores a folder. The default makes its files at once and stores each of them.
    fn put_folder(&self, folder: UnlistedFolder) -> io::Result<()> {
        folder.files.iter().try_for_each(|output| self.put(output.clone()))
    }
}

/// A sink that drops every output, for `opsbook check`. It makes no lazy output.
pub struct Discard;

impl Sink for Discard {
    fn put(&self, _output: Output) -> io::Result<()> {
        Ok(())
    }

    fn put_folder(&self, _folder: UnlistedFolder) -> io::Result<()> {
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
