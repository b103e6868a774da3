//! Facts about files that are not read as text: assets, and when a file last changed.
//!
//! Owns [`Asset`] and [`Change`]; `input` finds them, `site` decides which are published.

use std::path::PathBuf;

use crate::memo::Digest;
use crate::metadata::{self, Format, Problem};
use crate::path::FilePath;

/// A file that can be published.
#[derive(Debug, Clone)]
pub struct Asset {
    pub file: FilePath,
    /// Absolute, on this machine: never shown.
    pub location: PathBuf,
    pub digest: Digest,
    /// Width and height in CSS pixels, of images.
    pub size: Option<(u32, u32)>,
    pub safety: Safety,
    /// Why it cannot be published without what it says beside what it shows.
    pub metadata: Option<Problem>,
}

impl Asset {
    /// The format by which it is cleaned when it is published.
    pub fn format(&self) -> Option<Format> {
        metadata::format_of(&self.file.extension())
    }
}

/// Whether a file could run something in the reader's browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Safety {
    Inert,
    /// An SVG image with a script, an event handler or the like.
    Active,
    /// A text that a browser takes for a page.
    Page,
    /// A file that should hold certificates or public keys, and holds something else.
    NoCertificate,
}

impl Safety {
    /// Why a file is not published, and the way out.
    pub fn refusal(self) -> Option<(&'static str, &'static str)> {
        match self {
            Safety::Inert => None,
            Safety::Active => Some(("holds a script or an event handler", "save it as plain SVG, or as PNG")),
            Safety::Page => Some((
                "begins like a page, and a browser could run it",
                "include it as a code block, or pack it into an archive (.zip)",
            )),
            Safety::NoCertificate => Some((
                "holds something else than certificates and public keys in the form of PEM",
                "link a file with the certificates alone; a private key must never be published",
            )),
        }
    }
}

/// When and by whom a file was last changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Change {
    /// Seconds since 1970, UTC.
    pub seconds: i64,
    /// The author's name; only where `book.toml` asks for it.
    pub author: Option<String>,
    /// The beginning of the commit's name, long enough to find it by.
    pub commit: Option<String>,
}
