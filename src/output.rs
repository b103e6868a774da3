//! What a build makes: files of the site, as values.
//!
//! Owns [`Output`], [`Body`] and the two sinks' common face [`Sink`]. Knows neither disk nor network: a
//! sink in `publish` writes, a sink in `serve` keeps bytes in memory.

use std::path::PathBuf;
use std::sync::Arc;

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
    /// Bytes made by the build or held by the theme.
    Bytes(Arc<[u8]>),
    /// A file of the inputs, published as it is: opened only when a sink needs it. Absolute path.
    File(PathBuf),
}

impl Output {
    pub fn text(path: impl Into<String>, text: impl Into<Arc<str>>) -> Output {
        Output { path: path.into(), body: Body::Text(text.into()) }
    }
}

/// Takes outputs as they are made, from several threads.
pub trait Sink: Sync {
    /// Stores one output. Paths are unique within a build.
    fn put(&self, output: Output) -> std::io::Result<()>;
}

/// Drops everything: `opsbook check`.
pub struct Discard;

impl Sink for Discard {
    fn put(&self, _output: Output) -> std::io::Result<()> {
        Ok(())
    }
}
