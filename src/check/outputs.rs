//! Two outputs with one path.
//!
//! Owns the rule that every file of the site has one source, also on file systems that do not tell `A` from
//! `a`.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::rules::OUTPUT_CONFLICT;
use crate::source::Span;

const HELP: &str = "rename the page, file, tag or alias; a file is published only where a page links it";

/// What is wrong with the paths of a site.
#[derive(Debug, Default)]
pub struct Conflicts {
    pub problems: Vec<Diagnostic>,
    /// The outputs that must not be written, by their place in the list.
    pub losers: BTreeSet<usize>,
}

/// A path of the site with what it is made of. With a slash at its end it is a folder, in which nothing else may
/// lie but its page.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    pub path: &'a str,
    pub source: Maker<'a>,
}

/// What an output is made of.
#[derive(Debug, Clone, Copy)]
pub enum Maker<'a> {
    File(&'a FilePath),
    /// Opsbook makes it by itself; problems of such outputs belong to the handbook's settings.
    Opsbook {
        settings: &'a FilePath,
    },
}

impl<'a> Maker<'a> {
    fn place(self) -> Span {
        let (Maker::File(file) | Maker::Opsbook { settings: file }) = self;
        Span::file(file)
    }
}

impl std::fmt::Display for Maker<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Maker::File(file) => file.fmt(f),
            Maker::Opsbook { .. } => f.write_str("Opsbook itself"),
        }
    }
}

/// Finds each path that is claimed twice, each file that another path needs as a folder, and whatever lies in the
/// folder of another. Of two that collide the first one is kept, but a folder always is.
pub fn conflicts(claims: &[Claim<'_>]) -> Conflicts {
    let paths: Vec<Cow<'_, str>> = claims.iter().map(|claim| folded(claim.path)).collect();
    let reserved = reserved(&paths);
    let mut owners: HashMap<&str, usize> = HashMap::with_capacity(paths.len());
    let mut found = Conflicts::default();
    for (at, path) in paths.iter().enumerate() {
        if let Some(folder) = reserved.iter().find(|folder| **folder != at && lies_in(path, &paths[**folder]))
        {
            found.refuse(at, *folder, claims);
            continue;
        }
        match owners.entry(path) {
            Entry::Vacant(free) => {
                free.insert(at);
            }
            Entry::Occupied(first) => found.add(at, *first.get(), claims),
        }
    }
    for (at, path) in paths.iter().enumerate() {
        let mut folders = path.trim_end_matches('/').match_indices('/').map(|(end, _)| &path[..end]);
        if let Some(file) = folders.find_map(|folder| owners.get(folder)) {
            found.add(at, *file, claims);
        }
    }
    found
}

/// As a file system sees it that does not tell `A` from `a`.
fn folded(path: &str) -> Cow<'_, str> {
    match path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        true => path.into(),
        false => path.to_lowercase().into(),
    }
}

/// The places of folders.
fn reserved(paths: &[Cow<'_, str>]) -> Vec<usize> {
    (0..paths.len()).filter(|at| paths[*at].ends_with('/')).collect()
}

/// Whether a path is beneath a folder and not its page, or is that of the folder itself.
fn lies_in(path: &str, folder: &str) -> bool {
    let beneath = path.strip_prefix(folder).is_some_and(|rest| rest != "index.html");
    beneath || folder.strip_suffix('/') == Some(path)
}

impl Conflicts {
    fn add(&mut self, loser: usize, winner: usize, claims: &[Claim<'_>]) {
        let (second, first) = (claims[loser], claims[winner]);
        self.losers.insert(loser);
        // What an author can change is named first, whichever of the two is kept.
        let (one, other) = match second.source {
            Maker::Opsbook { .. } => (first.source, second.source),
            Maker::File(_) => (second.source, first.source),
        };
        let message = format!("{one} and {other} would both write `{}`", second.path);
        let problem = Diagnostic::new(&OUTPUT_CONFLICT, one.place(), message).help(HELP);
        self.problems.push(match other {
            Maker::File(_) => problem.label(other.place(), "the other source"),
            Maker::Opsbook { .. } => problem,
        });
    }

    fn refuse(&mut self, loser: usize, folder: usize, claims: &[Claim<'_>]) {
        let (claim, folder) = (claims[loser], claims[folder]);
        self.losers.insert(loser);
        let message = match claim.source {
            Maker::File(file) => format!(
                "{file} would write `{}`, but `{}` belongs to what Opsbook makes itself",
                claim.path, folder.path
            ),
            Maker::Opsbook { .. } => {
                format!("`{}` would lie in `{}`, which Opsbook makes itself", claim.path, folder.path)
            }
        };
        self.problems.push(Diagnostic::new(&OUTPUT_CONFLICT, claim.source.place(), message).help(HELP));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn losers(outputs: &[(&str, &str)]) -> (usize, Vec<usize>) {
        let files: Vec<FilePath> = outputs.iter().map(|(_, file)| FilePath::new(file).unwrap()).collect();
        let claims =
            outputs.iter().zip(&files).map(|((path, _), source)| Claim { path, source: Maker::File(source) });
        let found = conflicts(&claims.collect::<Vec<_>>());
        (found.problems.len(), found.losers.into_iter().collect())
    }

    #[test]
    fn one_path_has_one_source() {
        let outputs = [("a/index.html", "a.md"), ("A/index.html", "b.md"), ("x", "x"), ("x/y", "y")];
        assert_eq!(losers(&outputs), (2, vec![1, 3]));
    }

    #[test]
    fn nothing_else_lies_in_a_folder_that_is_made_as_a_whole() {
        let outputs = [
            ("Search/a/index.html", "a.md"),
            ("search", "b"),
            ("searching/index.html", "c.md"),
            ("search/index.html", "d"),
            ("search/", "d"),
        ];
        assert_eq!(losers(&outputs), (2, vec![0, 1]));
    }
}
