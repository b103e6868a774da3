//! Paths relative to the working directory. Reads the working directory.
//!
//! Owns the form in which commands print a path. Opens nothing.

#![expect(clippy::disallowed_methods, reason = "names paths from the working directory")]

use std::env;
use std::path::{Component, Path, PathBuf};

use crate::input::git;
use crate::path::FilePath;

/// The form of an absolute path that a user would type in the working directory. Symbolic links must be
/// resolved.
pub(super) fn from_here(path: &Path) -> PathBuf {
    env::current_dir().map_or_else(|_| path.to_owned(), |here| relative(&here, path))
}

/// The path of a folder in the Git repository around it, with symbolic links resolved; empty if it is the root, or in no repository.
pub(super) fn in_repository(folder: &Path) -> String {
    folder.canonicalize().map_or_else(|_| String::new(), |folder| git::path_in_repository(&folder))
}

/// The path of a file from an absolute folder, as the user names the file in the working directory. `None` if it is
/// elsewhere.
pub(super) fn within(folder: &Path, named: &Path) -> Option<FilePath> {
    let here = env::current_dir().ok()?;
    let whole = here.join(named);
    let inside = |path: &Path| FilePath::new(path.strip_prefix(folder).ok()?.to_str()?);
    // A link in the content is a page of its own, so the target counts only where the name leads elsewhere.
    let lexical = FilePath::new(whole.to_str()?.trim_start_matches('/'));
    let lexical = lexical.and_then(|path| inside(&Path::new("/").join(path.as_str())));
    lexical.or_else(|| inside(&whole.canonicalize().ok()?))
}

/// The relative path from one absolute path to another; `.` if they are the same.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    // If only the root is common, the relative path is longer than the absolute one.
    if common <= 1 {
        return to.to_owned();
    }
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(common)).collect();
    if way.as_os_str().is_empty() { PathBuf::from(".") } else { way }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_named_from_the_folder_one_is_in() {
        let way = |from, to| relative(Path::new(from), Path::new(to));
        assert_eq!(way("/srv/book", "/srv/book/content/a.md"), Path::new("content/a.md"));
        assert_eq!(way("/srv/book/content", "/srv/book/a.md"), Path::new("../a.md"));
        assert_eq!(way("/srv/book", "/srv/book"), Path::new("."));
        assert_eq!(way("/home/x", "/srv/a.md"), Path::new("/srv/a.md"));
        assert_eq!(way("/", "/srv/a.md"), Path::new("/srv/a.md"));
    }
}
