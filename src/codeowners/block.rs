//! The lines that Opsbook writes into a `CODEOWNERS` file.
//!
//! Owns the marks around them and the place where they go. Everything outside of the marks stays as it is.

use std::ops::Range;

use super::{OwnersSyntax, SectionHeading, lines};

const BEGIN: &str = "# opsbook: begin. Written by `opsbook owners --write`; changes in this block are lost.";
const END: &str = "# opsbook: end";
/// What the marks begin with. The rest of the first one may change.
const BEGIN_MARK: &str = "# opsbook: begin";

/// A path of the repository with its owners, which the block names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedPath {
    pub path: String,
    pub owners: Vec<String>,
}

/// The new text of a range of the file.
#[derive(Debug, PartialEq, Eq)]
pub struct BlockChange {
    pub range: Range<usize>,
    pub text: String,
}

/// Why the block cannot be written: the marks are not one pair.
#[derive(Debug, PartialEq, Eq)]
pub struct BlockRefusal {
    /// Where the wrong mark is, in bytes.
    pub at: usize,
    pub message: &'static str,
}

/// The change that makes the block of a file name these paths; `None` if it does already.
///
/// # Errors
/// A mark is missing or stands there twice.
pub fn change_block(
    text: &str,
    paths: &[OwnedPath],
    syntax: OwnersSyntax,
) -> Result<Option<BlockChange>, BlockRefusal> {
    let mut written = format!("{BEGIN}\n");
    for OwnedPath { path, owners } in paths {
        written.push_str(&format!("/{} {}\n", escaped(path), owners.join(" ")));
    }
    written.push_str(&format!("{END}\n"));
    let range = match marked(text)? {
        Some(range) => range,
        None => {
            let at = place_of_new_block(text, syntax);
            let before = &text[..at];
            let gap = match before {
                "" => "",
                _ if before.ends_with("\n\n") => "",
                _ if before.ends_with('\n') => "\n",
                _ => "\n\n",
            };
            written = format!("{gap}{written}{}", if at < text.len() { "\n" } else { "" });
            at..at
        }
    };
    let is_there = text[range.clone()] == written;
    Ok((!is_there).then_some(BlockChange { range, text: written }))
}

/// The range from the first mark to the end of the line of the last one.
fn marked(text: &str) -> Result<Option<Range<usize>>, BlockRefusal> {
    let refusal = |at, message| Err(BlockRefusal { at, message });
    let (mut begin, mut found, mut at) = (None, None, 0);
    for line in text.split_inclusive('\n') {
        if line.starts_with(BEGIN_MARK) {
            if begin.is_some() || found.is_some() {
                return refusal(at, "the block of Opsbook begins twice");
            }
            begin = Some(at);
        } else if line.trim_end() == END {
            let Some(begin) = begin.take() else {
                return refusal(at, "a block of Opsbook ends here and does not begin");
            };
            found = Some(begin..at + line.len());
        }
        at += line.len();
    }
    match begin {
        Some(begin) => refusal(begin, "the block of Opsbook does not end"),
        None => Ok(found),
    }
}

/// Before the first section, so that the lines belong to none; else at the end.
fn place_of_new_block(text: &str, syntax: OwnersSyntax) -> usize {
    let is_heading = |text: &str| syntax == OwnersSyntax::GitLab && SectionHeading::read(text).is_some();
    let Some(heading) = lines(text).find(|line| is_heading(line.text)) else { return text.len() };
    // Comments directly above a heading belong to it.
    let mut at = text[..heading.start].rfind('\n').map_or(0, |end| end + 1);
    while let Some(above) = text[..at].strip_suffix('\n') {
        let start = above.rfind('\n').map_or(0, |end| end + 1);
        if !above[start..].trim_start().starts_with('#') {
            break;
        }
        at = start;
    }
    at
}

/// Whether a pattern can name this path and no other one: a line cannot hold a control character, and GitHub does not
/// read brackets.
pub fn is_writable(path: &str, syntax: OwnersSyntax) -> bool {
    let is_bracket = |c: char| syntax == OwnersSyntax::GitHub && matches!(c, '[' | ']');
    !path.contains(|c: char| c.is_control() || is_bracket(c))
}

/// A path as a pattern that fits it alone.
fn escaped(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    for character in path.chars() {
        if character.is_whitespace() || matches!(character, '*' | '?' | '[' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::super::CodeOwners;
    use super::*;
    use crate::path::FilePath;
    use crate::source::Source;

    fn written(text: &str, paths: &[(&str, &str)], syntax: OwnersSyntax) -> String {
        let owned = |(path, owner): &(&str, &str)| OwnedPath {
            path: (*path).to_owned(),
            owners: vec![(*owner).to_owned()],
        };
        let paths: Vec<OwnedPath> = paths.iter().map(owned).collect();
        let apply = |text: &str| match change_block(text, &paths, syntax).unwrap() {
            Some(BlockChange { range, text: new }) => {
                format!("{}{new}{}", &text[..range.start], &text[range.end..])
            }
            None => text.to_owned(),
        };
        let once = apply(text);
        assert_eq!(apply(&once), once, "writing twice changes something");
        once
    }

    #[test]
    fn only_the_block_changes_and_its_lines_name_the_paths() {
        let paths = [("content/a b.md", "@x/y"), ("content/c*.md", "@z")];
        for (text, before, after) in [
            ("", "", ""),
            ("* @all", "* @all\n\n", ""),
            ("* @all\n", "* @all\n\n", ""),
            ("* @all\n\n", "* @all\n\n", ""),
            ("* @all\n\n# Docs\n[Docs] @d\na/\n", "* @all\n\n", "\n# Docs\n[Docs] @d\na/\n"),
            ("a\n# opsbook: begin\nold\n# opsbook: end\n  z @q", "a\n", "  z @q"),
        ] {
            let new = written(text, &paths, OwnersSyntax::GitLab);
            assert!(new.starts_with(&format!("{before}{BEGIN}\n/content/a\\ b.md @x/y\n")), "{new}");
            assert!(new.ends_with(&format!("/content/c\\*.md @z\n{END}\n{after}")), "{new}");
            let source = Source::new(FilePath::new("CODEOWNERS").unwrap(), new.as_str());
            for syntax in [OwnersSyntax::GitHub, OwnersSyntax::GitLab] {
                let parsed = CodeOwners::parse(&source, syntax);
                let owns = |path| parsed.owners_of(path).contains(&"@x/y");
                assert!(owns("content/a b.md") && !owns("content/a.md"), "{new}");
                assert!(!parsed.owners_of("content/cd.md").contains(&"@z"), "{new}");
            }
        }
    }

    #[test]
    fn a_path_that_a_forge_reads_differently_is_not_written() {
        use OwnersSyntax::{GitHub, GitLab};
        assert!(is_writable("content/a b*.md", GitHub) && is_writable("content/a[b].md", GitLab));
        assert!(!is_writable("content/a[b].md", GitHub));
        assert!(!is_writable("content/a\n* @b.md", GitLab) && !is_writable("content/a\n* @b.md", GitHub));
        assert!(!super::super::is_owner("#x@example.org", GitHub));
        assert!(super::super::is_owner("x.y+z@example.org", GitHub));
    }

    #[test]
    fn a_comment_that_begins_like_a_mark_is_none() {
        assert_eq!(marked("# opsbook: endpoint notes\n"), Ok(None));
    }

    #[test]
    fn marks_that_are_no_pair_are_refused() {
        let refused = |text: &str| change_block(text, &[], OwnersSyntax::GitHub).unwrap_err().at;
        assert_eq!(refused("a\n# opsbook: begin\nb\n"), 2);
        assert_eq!(refused("a\n# opsbook: end\n"), 2);
        assert_eq!(refused("# opsbook: begin\n# opsbook: end\n# opsbook: begin\n# opsbook: end\n"), 32);
    }
}
