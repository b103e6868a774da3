//! Which files are pages, and which of them stand for their folder.
//!
//! Owns the meaning of file names. A folder's page is called `_index.md`, as in Hugo, `index.md` or `README.md`. Must not
//! read any text.

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::nearest;
use crate::dialect::Dialect;
use crate::path::FilePath;

/// Whether a file in the folder `content` is a page: a Markdown file where neither its name nor the name of a
/// folder above it begins with `_`.
pub fn is_page(file: &FilePath, content: &str) -> bool {
    let Some(path) = file.beneath(content) else { return false };
    for part in path.split('/') {
        // `_index.md` stands for its folder, as in Hugo; every other `_` marks a text that is only included.
        if part.starts_with('_') && !part.to_ascii_lowercase().starts_with("_index.") {
            return false;
        }
    }
    Dialect::from_path(file).is_some()
}

/// The rank of a file that may stand for its folder. The lowest number wins where a folder has several.
pub fn section_rank(file: &FilePath) -> Option<u8> {
    match file.stem().to_ascii_lowercase().as_str() {
        "_index" => Some(0),
        "index" => Some(1),
        "readme" => Some(2),
        _ => None,
    }
}

/// Whether a page may stand for its folder.
pub fn is_section(file: &FilePath) -> bool {
    Dialect::from_path(file).is_some() && section_rank(file).is_some()
}

/// Whether the name of a file looks like that of a section's page but is not one: `_index.de.md`, `_indes.md`,
/// `_index.html`, `-index.md`, `_README.md`.
pub fn is_near_section(file: &FilePath) -> bool {
    let stem: String = file.stem().nfkc().flat_map(char::to_lowercase).collect();
    let near = stem.starts_with("_index") || stem.starts_with('_') && nearest(&stem, ["_index"]).is_some();
    let letters = stem.trim_matches(|c: char| !c.is_alphanumeric());
    (near || matches!(letters, "index" | "readme")) && !is_section(file)
}

/// The name of a file without its extension or, for a section, of its folder.
pub(super) fn own_name(file: &FilePath) -> &str {
    let folder = file.folder().rsplit('/').next().unwrap_or("");
    if section_rank(file).is_some() { folder } else { file.stem() }
}
