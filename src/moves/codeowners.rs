//! Moved paths in a `CODEOWNERS` file.
//!
//! Owns which of its patterns name a moved path: those that begin with it, from the root of the repository. A pattern
//! without a slash fits in every folder and stays.

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
    let (mut edits, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let pattern = &line[indent..indent + pattern_length(&line[indent..])];
        let is_pattern = !pattern.starts_with(['#', '[', '^']);
        let slash = usize::from(pattern.starts_with('/'));
        let named = pattern[slash..].replace("\\ ", " ");
        if is_pattern
            && named.trim_end_matches('/').contains('/')
            && let Some(moved) = moved_path(&named, &renames)
        {
            let at = start + indent + slash;
            let range = at..at + pattern.len() - slash;
            edits.push(TextEdit { range, text: moved.replace(' ', "\\ ") });
        }
        start += line.len();
    }
    edits
}

/// The length of the pattern that a line begins with. A space after a backslash is part of it.
fn pattern_length(line: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in line.char_indices() {
        if character.is_whitespace() && !is_escaped {
            return at;
        }
        is_escaped = character == '\\';
    }
    line.len()
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
