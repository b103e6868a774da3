//! Which assets are published, and where.
//!
//! Owns the rule that only what a page links goes out, and the URL of an asset: that of its folder, and a
//! cleaned name.

use super::urls::Folders;
use crate::path::{FilePath, UrlPath, segment};

/// The URL of an asset.
pub(super) fn url(file: &FilePath, content: &str, folders: &Folders) -> UrlPath {
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
