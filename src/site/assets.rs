//! The URLs of assets.
//!
//! This module owns the URL of an asset: the URL of its folder and a cleaned name. Only assets that a page links
//! are published.

use super::urls::ContentFolders;
use crate::path::{FilePath, UrlPath, segment};

/// The URL of an asset. A folder without pages has no URL of its own; its name follows that of the nearest folder
/// with one.
pub(super) fn url(file: &FilePath, content: &str, folders: &ContentFolders) -> UrlPath {
    let mut folder = file.folder();
    let mut tail = vec![segment(file.name())];
    loop {
        if let Some(known) = folders.get(folder) {
            tail.reverse();
            return UrlPath::new(format!("{}{}", known.url, tail.join("/")));
        }
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        tail.push(segment(name));
        debug_assert!(folder.len() > content.len(), "the content folder is always known");
        folder = above;
    }
}
