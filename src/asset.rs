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
    /// Why it cannot be published as its author has written it.
    pub problem: Option<Problem>,
    /// Why it is not published, of texts.
    pub refusal: Option<Refusal>,
}

impl Asset {
    /// The format by which it is cleaned when it is published.
    pub fn format(&self) -> Option<Format> {
        metadata::format_of(&self.file.extension())
    }
}

/// Why a text is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// A browser takes it for a page.
    Page,
    /// It should hold certificates or public keys, and holds something else.
    NoCertificate,
}

impl Refusal {
    /// What is wrong, behind the name of the file.
    pub fn message(self) -> &'static str {
        match self {
            Refusal::Page => "begins like a page, and a browser could run it, so it is not published",
            Refusal::NoCertificate => {
                "holds something else than certificates and public keys in the form of PEM, so it is not published"
            }
        }
    }

    /// What its author can do.
    pub fn way_out(self) -> &'static str {
        match self {
            Refusal::Page => "include it as a code block, or pack it into an archive (.zip)",
            Refusal::NoCertificate => {
                "link a file with the certificates alone; a private key must never be published"
            }
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
