//! Which files have other paths in a later state of a handbook.
//!
//! Owns [`Renames`]. A move plans them, and Git finds them between two revisions.

use crate::path::FilePath;

/// A file or a folder that gets another path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    pub from: FilePath,
    pub to: FilePath,
}

/// Which files and folders have other paths in a later state of a handbook. No path is in another one.
#[derive(Debug, Clone, Default)]
pub struct Renames {
    pub list: Vec<Rename>,
}

impl Renames {
    /// The path in the later state.
    pub fn after(&self, path: &FilePath) -> FilePath {
        for Rename { from, to } in &self.list {
            if path == from {
                return to.clone();
            }
            if let Some(rest) = path.beneath(from.as_str()) {
                return FilePath::in_folder(to.as_str(), rest).expect("both parts are paths");
            }
        }
        path.clone()
    }

    /// A text with new paths in place of the old ones.
    pub fn after_in_text(&self, text: &str) -> String {
        let renamed = |text: String, rename: &Rename| text.replace(rename.from.as_str(), rename.to.as_str());
        self.list.iter().fold(text.to_owned(), renamed)
    }

    /// Whether a path has another one in the later state.
    pub fn moves(&self, path: &FilePath) -> bool {
        self.list.iter().any(|rename| is_at_or_beneath(path, &rename.from))
    }
}

/// Whether a path is that of a folder, or of something in it.
pub fn is_at_or_beneath(path: &FilePath, folder: &FilePath) -> bool {
    path == folder || path.beneath(folder.as_str()).is_some()
}
