//! A site that `opsbook build` has made: what is deployed.
//!
//! Owns the check that a folder is such a site. Files are read from the folder that was opened, so a build that exchanges it
//! meanwhile does not mix two sites, and each file must have the digest that the build wrote down.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::input::Failure;
use crate::input::disk::ReadFolder;
use crate::output::OutputName;
use crate::publish::{MANIFEST, Manifest};
use crate::published_types::{PLAIN_TEXT, media_type};

use super::target_manifest::{HandbookIdentity, OWN_FOLDER};

/// The largest file that stores take in one request, in bytes.
const LARGEST: u64 = 5 << 30;

/// A built site on this machine.
#[derive(Debug)]
pub struct BuiltSite {
    /// The folder as it was named.
    path: PathBuf,
    folder: ReadFolder,
    pub handbook: HandbookIdentity,
    /// The name of its audience.
    pub audience: String,
    pub files: BTreeMap<String, BuiltFile>,
}

/// A file of a built site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltFile {
    /// The digest of its bytes.
    pub digest: String,
    pub name: OutputName,
    /// Its `Content-Type`.
    pub media: &'static str,
}

impl BuiltSite {
    /// Opens the folder of a built site.
    ///
    /// # Errors
    /// The folder is not a site, or was made by an older version.
    pub fn open(path: &Path) -> Result<BuiltSite, Failure> {
        let not_built = |why: &str| {
            Failure::new(
                format!("`{}` is not a built handbook: {why}", path.display()),
                "Run `opsbook build` first, and name the folder that it prints.",
            )
        };
        let folder = ReadFolder::open(path).map_err(|error| not_built(&error.to_string()))?;
        let read = |name: &str| folder.read(Path::new(name), LARGEST).ok().flatten();
        let manifest = read(MANIFEST).and_then(|bytes| Manifest::parse(&String::from_utf8(bytes).ok()?));
        let Some(manifest) = manifest else {
            return Err(not_built(&format!("it has no `{MANIFEST}`")));
        };
        let Some(audience) = manifest.audience else {
            return Err(not_built("its manifest does not say for whom it is, as in older versions"));
        };
        let handbook = read("handbook.json").and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let Some(handbook) = handbook else {
            return Err(not_built("it has no `handbook.json`, which names the handbook"));
        };
        if let Some(file) = manifest.files.keys().find(|file| file.starts_with(OWN_FOLDER)) {
            let message =
                format!("`{}` holds `{file}`, but `{OWN_FOLDER}` is the folder of deploy", path.display());
            return Err(Failure::new(message, "Move that file in the handbook, then build again."));
        }
        let mut files = BTreeMap::new();
        for (path, digest) in manifest.files {
            let name = if manifest.named_by_content.contains(&path) {
                OutputName::OfContent
            } else {
                OutputName::Fixed
            };
            let media = if manifest.plain_text.contains(&path) { PLAIN_TEXT } else { media_type(&path) };
            files.insert(path, BuiltFile { digest, name, media });
        }
        Ok(BuiltSite { path: path.to_owned(), folder, handbook, audience, files })
    }

    /// The real path of the folder.
    pub fn real_path(&self) -> &Path {
        &self.folder.place
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// It cannot be read, or is not what the build made.
    pub fn read(&self, file: &str) -> Result<Vec<u8>, Failure> {
        let place = self.path.join(file);
        let place = place.display();
        let help = "Build again, and deploy the folder as it was built.";
        let bytes = match self.folder.read(Path::new(file), LARGEST) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                let message =
                    format!("`{place}` is larger than 5 GiB, which stores do not take in one request");
                return Err(Failure::new(message, "Publish it elsewhere, and link it."));
            }
            Err(error) => return Err(Failure::new(format!("cannot read `{place}`: {error}"), help)),
        };
        let digest = blake3::hash(&bytes).to_hex();
        if self.files.get(file).is_none_or(|built| built.digest != digest.as_str()) {
            return Err(Failure::new(format!("`{place}` has changed since it was built"), help));
        }
        Ok(bytes)
    }
}
