//! The line in the terminal after each build of the preview.
//!
//! Owns its words: what was changed, how long the build took, and how many problems there are.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::memo::Digest;
use crate::path::FilePath;
use crate::report::{Summary, counted};

/// Why the preview was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildCause {
    Start,
    /// Files that are new, changed or gone, sorted; empty if none is: an embargo has ended, or a new day has begun.
    Files(Vec<FilePath>),
}

impl BuildCause {
    /// The difference between the files of two builds; `before` is `None` for the first one.
    pub fn between(
        before: Option<&BTreeMap<FilePath, Digest>>,
        after: &BTreeMap<FilePath, Digest>,
    ) -> BuildCause {
        let Some(before) = before else { return BuildCause::Start };
        let new = after.iter().filter(|(file, digest)| before.get(*file) != Some(*digest));
        let gone = before.iter().filter(|(file, _)| !after.contains_key(*file));
        let mut files: Vec<FilePath> = new.chain(gone).map(|(file, _)| file.clone()).collect();
        files.sort();
        BuildCause::Files(files)
    }
}

/// The line, such as `rebuilt content/about.md in 22 ms · 1 error`.
pub(super) fn build_line(
    cause: &BuildCause,
    rendered: usize,
    duration: Duration,
    summary: Summary,
) -> String {
    let mut line = match cause {
        BuildCause::Start => format!("built {}", counted(rendered, "page")),
        BuildCause::Files(files) => match files.as_slice() {
            [] => format!("rebuilt {} without a change of a file", counted(rendered, "page")),
            [file] => format!("rebuilt {file}"),
            [file, others @ ..] => format!("rebuilt {file} and {}", counted(others.len(), "other file")),
        },
    };
    line.push_str(&format!(" in {}", took(duration)));
    let problems = [(summary.errors, "error"), (summary.warnings, "warning")];
    let problems = problems.into_iter().filter(|(number, _)| *number > 0);
    let problems: Vec<String> = problems.map(|(number, name)| counted(number, name)).collect();
    if !problems.is_empty() {
        line.push_str(&format!(" · {}", problems.join(", ")));
    }
    line
}

/// A duration for people: `12 ms`, `1.24 s`.
pub fn took(duration: Duration) -> String {
    if duration < Duration::from_secs(1) {
        format!("{} ms", duration.as_millis())
    } else {
        format!("{:.2} s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(texts: &[(&str, &str)]) -> BTreeMap<FilePath, Digest> {
        let digest = |text: &str| Digest::from_parts(&[text.as_bytes()]);
        texts.iter().map(|(file, text)| (FilePath::new(file).unwrap(), digest(text))).collect()
    }

    fn line(
        before: Option<&[(&str, &str)]>,
        after: &[(&str, &str)],
        errors: usize,
        warnings: usize,
    ) -> String {
        let cause = BuildCause::between(before.map(files).as_ref(), &files(after));
        build_line(&cause, 3, Duration::from_micros(22_345), Summary { errors, warnings, pages: 3 })
    }

    #[test]
    fn the_line_after_a_build_names_the_file_and_counts_problems() {
        let old: &[(&str, &str)] = &[("content/a.md", "1"), ("content/b.md", "1"), ("book.toml", "1")];
        assert_eq!(line(None, old, 0, 0), "built 3 pages in 22 ms");
        assert_eq!(line(None, old, 0, 2), "built 3 pages in 22 ms · 2 warnings");
        assert_eq!(line(Some(old), old, 0, 0), "rebuilt 3 pages without a change of a file in 22 ms");
        let new: &[(&str, &str)] = &[("content/a.md", "1"), ("content/b.md", "2"), ("book.toml", "1")];
        assert_eq!(line(Some(old), new, 1, 0), "rebuilt content/b.md in 22 ms · 1 error");
        let gone: &[(&str, &str)] = &[("content/c.md", "1"), ("book.toml", "1")];
        assert_eq!(
            line(Some(old), gone, 2, 1),
            "rebuilt content/a.md and 2 other files in 22 ms · 2 errors, 1 warning"
        );
    }
}
