//! Facts about files: assets, and the last change of a file.
//!
//! Owns [`Asset`] and [`Change`]. `input` finds them, `site` decides which assets are published.

use std::path::PathBuf;

use crate::memo::Digest;
use crate::metadata::{self, ImageFormat, MetadataProblem};
use crate::path::FilePath;
use crate::published_types::{self, AssetForm};
use crate::rules::{ASSET_TYPE, ASSET_UNSAFE, Rule};

/// A file that can be published.
#[derive(Debug, Clone)]
pub struct Asset {
    pub file: FilePath,
    /// The absolute path on this machine. It must not appear in any output.
    pub location: PathBuf,
    pub digest: Digest,
    /// The size of the file in bytes.
    pub length: u64,
    /// For images: width and height in CSS pixels.
    pub size: Option<(u32, u32)>,
    /// Why the file cannot be published as its author wrote it.
    pub problem: Option<MetadataProblem>,
    /// Why the file is not published, whatever links it.
    pub refusal: Option<Refusal>,
    /// How it is published if the handbook has added its type; `None` for the types that every handbook publishes.
    pub form: Option<AssetForm>,
}

impl Asset {
    /// The image format that decides how the file is cleaned when it is published; `None` for other files.
    pub fn format(&self) -> Option<ImageFormat> {
        metadata::format_of(&self.file.extension())
    }
}

/// Why a file is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Files of its type are not published.
    Type,
    /// Files of its type may hold private keys.
    Secret,
    /// An HTML file in the static folder that is more than a line for a search engine.
    Markup,
    /// A browser would read it as an HTML page.
    Page,
    /// Its name promises certificates or public keys, but it holds something else.
    NoCertificate,
}

impl Refusal {
    /// Why a file with this extension, in lower case, is not published; its type must be none that is.
    pub fn of_type(extension: &str) -> Refusal {
        if published_types::is_secret(extension) { Refusal::Secret } else { Refusal::Type }
    }

    /// The rule that a link to the file breaks.
    pub fn rule(self) -> &'static Rule {
        match self {
            Refusal::Type | Refusal::Secret | Refusal::Markup => &ASSET_TYPE,
            Refusal::Page | Refusal::NoCertificate => &ASSET_UNSAFE,
        }
    }

    /// The problem, as the end of a sentence that begins with the file name.
    pub fn message(self) -> &'static str {
        match self {
            Refusal::Type => "is of a type that is not published",
            Refusal::Secret => "may hold a private key, which is never published",
            Refusal::Markup => {
                "is a page of its own, which could run something in a browser, so it is not published"
            }
            Refusal::Page => "begins like a page, and a browser could run it, so it is not published",
            Refusal::NoCertificate => {
                "holds something else than certificates and public keys in the form of PEM, so it is not published"
            }
        }
    }

    /// What the author can do about it, as an imperative.
    pub fn way_out(self) -> &'static str {
        match self {
            Refusal::Type | Refusal::Page => "include it as a code block, or pack it into an archive (.zip)",
            Refusal::Secret => "publish the certificate or the public key as a `.crt`, `.pem` or `.pub` file",
            Refusal::Markup => {
                "make it a page of the handbook; a file that proves an address to another service may hold a text without `<`"
            }
            Refusal::NoCertificate => {
                "link a file with the certificates alone; a private key must never be published"
            }
        }
    }
}

/// The last change of a file: when, by whom and in which commit; and what the history says of those before.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Change {
    /// Seconds since 1970, UTC.
    pub seconds: i64,
    /// The author's name, only if `book.toml` asks for it.
    pub author: Option<String>,
    /// The abbreviated commit hash, long enough to find the commit.
    pub commit: Option<String>,
    /// When the file was added, in seconds since 1970; also under an earlier name. `None` if that is not known.
    pub first: Option<i64>,
    /// The number of commits that changed it; `None` if that is not known.
    pub changes: Option<u32>,
    /// The authors of these commits, those of most commits first, only if `book.toml` asks for them.
    pub contributors: Vec<String>,
}

impl Change {
    /// The last change alone. The rest would say something of parts that are hidden.
    pub fn last_alone(self) -> Change {
        Change { first: None, changes: None, contributors: Vec::new(), ..self }
    }
}
