//! A sink that audits each file as a build makes it, and stores none.
//!
//! Owns the source of each output path: assets are files of the inputs, and the site's own `handbook.json`
//! names the sources of pages.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use crate::audit::{FileFinds, Scanner};
use crate::input::Failure;
use crate::input::cleaned_assets::{self, OpenedAsset};
use crate::input::disk::ReadFolder;
use crate::metadata::ImageFormat;
use crate::output::{Original, Output, Sink};
use crate::path::{FilePath, PageAddresses, decode};
use crate::rules::{ASSET_METADATA, ASSET_UNCHECKED};

/// A larger file is not checked. In bytes.
pub(super) const LARGEST: u64 = 256 * 1024 * 1024;

/// The finds of each file of a site, and the source of each output path.
pub(super) type ScannedFiles = (Vec<FileFinds>, BTreeMap<String, FilePath>);

/// A sink that checks each output.
pub(super) struct SiteScan<'s> {
    scanner: &'s Scanner,
    inputs: ReadFolder,
    seen: Mutex<ScannedFiles>,
}

impl<'s> SiteScan<'s> {
    /// # Errors
    /// When the handbook's folder cannot be opened.
    pub fn new(scanner: &'s Scanner, root: &Path) -> Result<SiteScan<'s>, Failure> {
        let inputs = ReadFolder::open(root).map_err(|error| {
            let message = format!("cannot open `{}`: {error}", root.display());
            Failure::new(message, "Check that the folder exists and that you may read it.")
        })?;
        Ok(SiteScan { scanner, inputs, seen: Mutex::default() })
    }

    /// The finds and sources of all files.
    pub fn finish(self) -> ScannedFiles {
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks a file of the inputs as it is published.
    fn original(&self, path: &str, original: &Original) -> io::Result<FileFinds> {
        let mut looked = match cleaned_assets::open(&self.inputs, original)? {
            OpenedAsset::Bytes(bytes) => self.scanner.look(path, &bytes),
            OpenedAsset::File(file) => self.whole(path, file)?,
        };
        // The build has already checked the metadata of files that are not images, with the rules of the pages
        // that link them.
        if !original.format.is_some_and(ImageFormat::is_picture) {
            looked.hits.retain(|(hit, _)| hit.rule != &ASSET_METADATA && hit.rule != &ASSET_UNCHECKED);
        }
        Ok(looked)
    }

    fn whole(&self, path: &str, file: impl Read) -> io::Result<FileFinds> {
        let mut bytes = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
        Ok(if bytes.len() as u64 > LARGEST {
            FileFinds::unchecked(path, "a file that is too large to be checked")
        } else {
            self.scanner.look(path, &bytes)
        })
    }

    /// The path of an input file, relative to the handbook's root.
    fn source(&self, original: &Original) -> Option<FilePath> {
        original.location.strip_prefix(&self.inputs.place).ok()?.to_str().and_then(FilePath::new)
    }
}

impl Sink for SiteScan<'_> {
    fn put(&self, output: Output) -> io::Result<()> {
        let path = output.path.as_str();
        let (looked, origins) = match output.body.bytes() {
            Ok(bytes) => (self.scanner.look(path, bytes), origins(path, bytes)),
            Err(original) => {
                let origin = self.source(original).map(|file| (path.to_owned(), file));
                (self.original(path, original)?, origin.into_iter().collect())
            }
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.0.push(looked);
        seen.1.extend(origins);
        Ok(())
    }
}

/// The part of `handbook.json` that lists pages.
#[derive(Deserialize)]
struct Handbook {
    pages: Vec<AuditedPage>,
}

#[derive(Deserialize)]
struct AuditedPage {
    url: String,
    source: Option<String>,
    markdown: Option<String>,
}

/// The sources of all pages, if this file is `handbook.json`; empty otherwise.
pub(super) fn origins(path: &str, bytes: &[u8]) -> BTreeMap<String, FilePath> {
    if path != "handbook.json" {
        return BTreeMap::new();
    }
    let pages = serde_json::from_slice::<Handbook>(bytes).map(|handbook| handbook.pages).unwrap_or_default();
    let mut origins = BTreeMap::new();
    for page in pages {
        let Some(file) = page.source.as_deref().and_then(FilePath::new) else { continue };
        let url = decode(&page.url);
        let output = PageAddresses::Folders.output_file(&url);
        origins.insert(output, file.clone());
        origins.extend(page.markdown.map(|copy| (decode(&copy).into_owned(), file)));
    }
    origins
}
