//! What one walk over the folders of a handbook finds.
//!
//! Owns [`HandbookWalk`], and when two walks agree. A walk reads names and stamps, and no contents: two of them, before
//! and after the contents are read, show whether all contents existed at one moment.

use std::path::{Path, PathBuf};

use super::disk::ReadFolder;
use super::side_folders::SideFolder;
use super::walk::{Listing, WalkedFile};
use crate::config::Config;

/// The files of every folder that a build reads, with stamps.
pub(super) struct HandbookWalk {
    pub content: WalkedTree,
    /// `None` if the folder does not exist.
    pub static_files: Option<WalkedTree>,
    /// In the order of [`SideFolder::ALL`]; `None` for a folder that does not exist.
    pub side_folders: [Option<WalkedTree>; 4],
}

/// One folder with everything in it.
pub(super) struct WalkedTree {
    pub tree: ReadFolder,
    pub listing: Listing,
}

impl WalkedTree {
    pub fn files(&self) -> &[WalkedFile] {
        &self.listing.files
    }
}

impl HandbookWalk {
    /// The first folder in which a later walk has found something else; `None` if both agree.
    pub fn difference(&self, later: &HandbookWalk, root: &Path, config: &Config) -> Option<PathBuf> {
        if !self.content.listing.agrees(&later.content.listing) {
            return Some(later.content.tree.place.clone());
        }
        if !agree(self.static_files.as_ref(), later.static_files.as_ref()) {
            return Some(root.join(&config.static_folder));
        }
        for folder in SideFolder::ALL {
            let [first, second] = [self, later].map(|walk| walk.side_folders[folder.index()].as_ref());
            if !agree(first, second) {
                return Some(root.join(folder.path(config)));
            }
        }
        None
    }

    /// A path that vanished while the walk was running: the walk has no complete list then.
    pub fn lost(&self) -> Option<&PathBuf> {
        let optional = std::iter::once(&self.static_files).chain(&self.side_folders).flatten();
        std::iter::once(&self.content).chain(optional).find_map(|walked| walked.listing.lost.as_ref())
    }
}

fn agree(first: Option<&WalkedTree>, second: Option<&WalkedTree>) -> bool {
    match (first, second) {
        (Some(first), Some(second)) => first.listing.agrees(&second.listing),
        (None, None) => true,
        _ => false,
    }
}
