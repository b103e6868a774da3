//! The Markdown pages that a folder holds before it becomes a handbook.
//!
//! Owns which folder `init` takes for the content: one that tools for documentation use, or the whole folder. Reads names, and the
//! settings of MkDocs.

#![expect(clippy::disallowed_methods, reason = "looks for pages that are there")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::path::FilePath;

/// Pages that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExistingPages {
    /// The folder that holds all of them, relative to the handbook's folder; `.` for that folder itself.
    pub folder: String,
    pub count: usize,
}

/// Folders that hold nothing but pages.
const CONTENT_FOLDERS: [&str; 5] = ["content", "docs", "doc", "handbook", "pages"];

/// Names of files that speak of a repository and are not pages of a handbook, in lower case and without extension.
const COMMUNITY_FILES: [&str; 10] = [
    "authors",
    "changelog",
    "code_of_conduct",
    "contributing",
    "governance",
    "license",
    "maintainers",
    "readme",
    "security",
    "support",
];

/// Folders that hold the code of others, or what a program has made.
const FOREIGN_FOLDERS: [&str; 5] = ["node_modules", "public", "site", "target", "vendor"];

impl ExistingPages {
    /// The pages in a folder; `None` if there are none.
    pub fn find(root: &Path) -> Option<ExistingPages> {
        let pages = pages_in(root);
        let of_mkdocs = mkdocs_folder(root);
        let names = CONTENT_FOLDERS.into_iter().take(1).chain(of_mkdocs.as_deref()).chain(CONTENT_FOLDERS);
        for name in names {
            let count = pages.iter().filter(|page| page.starts_with(name)).count();
            // Where pages lie beside such a folder as well, it is a section like the others.
            let holds_all = count == pages.len() || name == "content" || of_mkdocs.as_deref() == Some(name);
            if count > 0 && holds_all {
                return Some(ExistingPages { folder: name.to_owned(), count });
            }
        }
        (!pages.is_empty()).then(|| ExistingPages { folder: ".".to_owned(), count: pages.len() })
    }
}

/// The paths of all pages in a folder, relative to it.
fn pages_in(root: &Path) -> Vec<PathBuf> {
    let is_entered = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || (!name.starts_with('.') && !FOREIGN_FOLDERS.contains(&&*name))
    };
    let entries = walkdir::WalkDir::new(root).into_iter().filter_entry(is_entered).flatten();
    let files = entries.filter(|entry| entry.file_type().is_file() && is_page(entry.path()));
    let inside = files.filter_map(|entry| Some(entry.path().strip_prefix(root).ok()?.to_owned()));
    inside.collect()
}

fn is_page(path: &Path) -> bool {
    let is_markdown = path.extension().is_some_and(|end| end == "md" || end == "mdx");
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    is_markdown && !COMMUNITY_FILES.contains(&stem.replace('-', "_").as_str())
}

/// The folder of the pages in the settings of MkDocs, where there are any.
fn mkdocs_folder(root: &Path) -> Option<String> {
    let settings = ["mkdocs.yml", "mkdocs.yaml"].map(|name| fs::read_to_string(root.join(name)).ok());
    let text = settings.into_iter().flatten().next()?;
    let named = text.lines().find_map(|line| line.strip_prefix("docs_dir:"));
    let named = named.map_or("docs", |value| value.trim().trim_matches(['"', '\'']));
    let folder = FilePath::new(named)?;
    (!folder.as_str().is_empty()).then(|| folder.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The folder and the number of pages, for a folder with these files.
    fn found(files: &[&str]) -> Option<(String, usize)> {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let (name, text) = file.split_once('=').unwrap_or((file, "# A\n"));
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        ExistingPages::find(root.path()).map(|pages| (pages.folder, pages.count))
    }

    #[test]
    fn the_content_is_where_the_pages_are() {
        let wants = |folder: &str, count| Some((folder.to_owned(), count));
        assert_eq!(found(&["README.md", "src/README.md", "CODE-OF-CONDUCT.md", "a.txt"]), None);
        assert_eq!(found(&["node_modules/x/a.md", ".github/a.md", "vendor/x/a.md"]), None);
        assert_eq!(found(&["README.md", "2024/a.md", "2024/b.mdx"]), wants(".", 2));
        assert_eq!(found(&["README.md", "docs/a.md", "docs/b/c.md"]), wants("docs", 2));
        assert_eq!(found(&["minutes/a.md", "docs/a.md"]), wants(".", 2));
        assert_eq!(found(&["content/a.md", "notes.md"]), wants("content", 1));
        assert_eq!(found(&["mkdocs.yml=site_name: x", "docs/a.md", "notes.md"]), wants("docs", 1));
        assert_eq!(found(&["mkdocs.yml=docs_dir: 'src/en'", "src/en/a.md", "notes.md"]), wants("src/en", 1));
    }
}
