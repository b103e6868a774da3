//! Moved paths in a `CODEOWNERS` file.
//!
//! Owns which of its patterns name a moved path: those that begin with it, from the root of the repository. A pattern
//! without a slash fits in every folder and stays.

use crate::codeowners;
use crate::input::text_edits::TextEdit;
use crate::path::FilePath;
use crate::renames::{Rename, Renames};

use super::settings::moved_path;

/// The edits of a file. `folder` is the handbook's folder in the repository; empty if it is the root.
pub fn edits(text: &str, folder: &str, renames: &Renames) -> Vec<TextEdit> {
    let in_repository = |path: &FilePath| FilePath::in_folder(folder, path.as_str());
    let renames = renames.list.iter().filter_map(|Rename { from, to }| {
        Some(Rename { from: in_repository(from)?, to: in_repository(to)? })
    });
    let renames = Renames { list: renames.collect() };
    let mut edits = Vec::new();
    for line in codeowners::lines(text).filter(|line| !line.is_heading()) {
        let pattern = &line.text[..line.pattern_length()];
        let marks = usize::from(pattern.starts_with('!'));
        let marks = marks + usize::from(pattern[marks..].starts_with('/'));
        let named = pattern[marks..].replace("\\ ", " ");
        if named.trim_end_matches('/').contains('/')
            && let Some(moved) = moved_path(&named, &renames)
        {
            let range = line.start + marks..line.start + pattern.len();
            edits.push(TextEdit { range, text: moved.replace(' ', "\\ ") });
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::text_edits::apply;

    #[test]
    fn patterns_of_the_moved_path_follow_it() {
        let path = |path: &str| FilePath::new(path).unwrap();
        let renames = Renames { list: vec![Rename { from: path("content/a b"), to: path("content/c d") }] };
        let text = "# /docs/content/a b\n/docs/content/a\\ b/ @ops\n  docs/content/a\\ b/*.md @x # y\n/docs/content/ @z\n*.md @z\n";
        let edited = apply(text, &edits(text, "docs", &renames));
        let wanted = "# /docs/content/a b\n/docs/content/c\\ d/ @ops\n  docs/content/c\\ d/*.md @x # y\n/docs/content/ @z\n*.md @z\n";
        assert_eq!(edited, wanted);
    }
}
