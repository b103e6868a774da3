//! The manifest: the list of all files in a published site, by which Opsbook knows its own files.
//!
//! Owns the format of `.opsbook-manifest.json` and the rule for paths that may be written. Reads and writes no
//! file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

pub use crate::output::MANIFEST;

/// Every file of a site except the manifest itself, with the BLAKE3 digest of its bytes in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Marks the file as ours and gives the version of its format.
    #[serde(rename = "opsbook-manifest")]
    version: Version,
    /// The audience of the site, as the name of a level. Older versions did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    pub files: BTreeMap<String, String>,
    /// The files whose names change with their content, so that caches may keep them. Older versions did not write them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub named_by_content: BTreeSet<String>,
    /// The files of types that the handbook has added, which are sent as plain text.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub plain_text: BTreeSet<String>,
}

/// The only version, so that a manifest of a later Opsbook is not misread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Version;

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(number: u32) -> Result<Version, String> {
        if number == 1 { Ok(Version) } else { Err(format!("version {number} is not known")) }
    }
}

impl From<Version> for u32 {
    fn from(_: Version) -> u32 {
        1
    }
}

impl Manifest {
    /// The manifest of a site without files.
    pub fn new(audience: Option<String>) -> Manifest {
        let (named_by_content, plain_text) = (BTreeSet::new(), BTreeSet::new());
        Manifest { version: Version, audience, files: BTreeMap::new(), named_by_content, plain_text }
    }

    /// Parses a manifest; `None` if the text is not one, or names a path outside the site.
    pub fn parse(text: &str) -> Option<Manifest> {
        let manifest: Manifest = serde_json::from_str(text).ok()?;
        manifest.files.keys().all(|path| is_inside(path)).then_some(manifest)
    }

    /// The text of the file: sorted, one file per line.
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("strings and numbers are always JSON");
        text + "\n"
    }
}

/// Whether a path names a file in the site's folder, in its only spelling. The manifest itself is not such a
/// file.
pub fn is_inside(path: &str) -> bool {
    // `Path::components` skips empty segments and `.`, which would give one file several spellings.
    let plain = |segment: &str| !matches!(segment, "" | "." | "..");
    let names = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    names && path.split('/').all(plain) && !path.contains(['\\', '\0']) && path != MANIFEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back_as_written() {
        for audience in [None, Some("internal".to_owned())] {
            let mut manifest = Manifest::new(audience);
            manifest.files.insert("a/index.html".to_owned(), "00".to_owned());
            assert_eq!(Manifest::parse(&manifest.to_text()).as_ref(), Some(&manifest));
            manifest.files.insert("assets/style.dba8d9ca.css".to_owned(), "11".to_owned());
            manifest.named_by_content.insert("assets/style.dba8d9ca.css".to_owned());
            manifest.plain_text.insert("a/office.ovpn".to_owned());
            assert_eq!(Manifest::parse(&manifest.to_text()), Some(manifest));
        }
    }

    #[test]
    fn what_is_not_our_manifest_is_not_read() {
        let hostile = r#"{"opsbook-manifest": 1, "files": {"../../home/x": "00"}}"#;
        let later = r#"{"opsbook-manifest": 2, "files": {}}"#;
        for text in ["", "{}", "[]", r#"{"files": {}}"#, hostile, later] {
            assert_eq!(Manifest::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_plain_paths_beneath_the_folder_are_written() {
        for path in ["index.html", "a/b c/ü.png", "..a/b..", ".well-known/x"] {
            assert!(is_inside(path), "{path}");
        }
        let hostile =
            ["", "/", "/a", "a/", "a//b", "./a", "a/./b", "../a", "a/../b", "a/..", "a\\b", "a\0", MANIFEST];
        for path in hostile {
            assert!(!is_inside(path), "{path:?}");
        }
    }
}
