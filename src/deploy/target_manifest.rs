//! The manifest of a deployed site: what is known to be in the store, beside the site.
//!
//! Owns the format of `.opsbook/manifest.json`. Each path is in one of four lists: files whose bytes are known, files that a run
//! wanted to write and may not have finished, files that the site no longer has, and files that a run wanted to delete. A run writes the manifest before the
//! first file and after the last one, so no file is in the store without a place in it. Reads and writes no store.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::publish::is_inside;

/// The folder of Opsbook's own files in a target.
pub const OWN_FOLDER: &str = ".opsbook/";

/// The path of the manifest in a target.
pub const TARGET_MANIFEST: &str = ".opsbook/manifest.json";

/// The only version of the format.
const VERSION: u32 = 1;

/// What is in the store at a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetManifest {
    #[serde(rename = "opsbook-deploy")]
    version: u32,
    pub handbook: HandbookIdentity,
    /// The audience of the site, as the name of a level.
    pub audience: String,
    /// The files of the site.
    pub files: BTreeMap<String, StoredFile>,
    /// Paths that a run began to write, with its reason. Their bytes are unknown until it has ended.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unsure: BTreeMap<String, UploadReason>,
    /// Files that the site no longer has, with the second since the epoch when that was seen first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub removed: BTreeMap<String, i64>,
    /// Files that a run began to delete: the grace time is over, and no page leads to them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub deleting: BTreeSet<String>,
}

/// Why a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UploadReason {
    /// The store does not have it, or only a run that did not end has written it: no page in the store leads to it.
    New,
    /// The store has other bytes, or other headers. Pages in the store may lead to it.
    Changed,
}

/// By what two sites are recognised as the same handbook: either is enough, so that a title or an address may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandbookIdentity {
    pub title: String,
    pub base_url: Option<String>,
}

/// A file in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// The digest of its bytes, its media type and its cache header.
    pub digest: String,
    /// The entity tag that the store gave it, by which a listing shows whether it is still the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

impl HandbookIdentity {
    pub fn is_same(&self, other: &HandbookIdentity) -> bool {
        self.title == other.title || (self.base_url.is_some() && self.base_url == other.base_url)
    }
}

impl TargetManifest {
    /// The manifest of an empty target.
    pub fn new(handbook: HandbookIdentity, audience: String) -> TargetManifest {
        let (files, unsure, removed, deleting) = Default::default();
        TargetManifest { version: VERSION, handbook, audience, files, unsure, removed, deleting }
    }

    /// Parses a manifest; `None` if it is not one, or names a path that is not a file of a site.
    pub fn parse(text: &[u8]) -> Option<TargetManifest> {
        let manifest: TargetManifest = serde_json::from_slice(text).ok()?;
        let is_ours = |path: &String| is_inside(path) && !path.starts_with(OWN_FOLDER);
        let is_sound = manifest.version == VERSION && manifest.paths().all(is_ours);
        is_sound.then_some(manifest)
    }

    /// The text of the file: sorted, a line for each value.
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("strings and numbers are always JSON");
        text + "\n"
    }

    /// Every path of the four lists.
    pub fn paths(&self) -> impl Iterator<Item = &String> {
        self.files.keys().chain(self.unsure.keys()).chain(self.removed.keys()).chain(&self.deleting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(title: &str, base_url: Option<&str>) -> HandbookIdentity {
        HandbookIdentity { title: title.to_owned(), base_url: base_url.map(str::to_owned) }
    }

    #[test]
    fn a_target_manifest_reads_back_as_written() {
        let mut manifest = TargetManifest::new(identity("H", None), "public".to_owned());
        let file = StoredFile { digest: "00".to_owned(), etag: Some("\"1\"".to_owned()) };
        manifest.files.insert("index.html".to_owned(), file);
        manifest.unsure.insert("a/index.html".to_owned(), UploadReason::New);
        manifest.removed.insert("b.png".to_owned(), 17);
        manifest.deleting.insert("c.png".to_owned());
        assert_eq!(TargetManifest::parse(manifest.to_text().as_bytes()), Some(manifest));
    }

    #[test]
    fn a_target_manifest_names_only_files_of_a_site() {
        for path in ["../x", "/etc/passwd", "a//b", ".opsbook/lock.json", ".opsbook/manifest.json"] {
            let mut manifest = TargetManifest::new(identity("H", None), "public".to_owned());
            manifest.removed.insert(path.to_owned(), 0);
            assert_eq!(TargetManifest::parse(manifest.to_text().as_bytes()), None, "{path}");
        }
        assert_eq!(TargetManifest::parse(b"{}"), None);
    }

    #[test]
    fn a_handbook_is_recognised_by_title_or_address() {
        let old = identity("Handbook", Some("https://a.example/"));
        assert!(old.is_same(&identity("Handbook", Some("https://b.example/"))));
        assert!(old.is_same(&identity("New title", Some("https://a.example/"))));
        assert!(!old.is_same(&identity("Other", Some("https://b.example/"))));
        assert!(!identity("A", None).is_same(&identity("B", None)));
    }
}
