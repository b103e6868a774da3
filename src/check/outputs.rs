//! Two outputs with one path.
//!
//! Owns the rule that every file of the site has one source, also on file systems that do not tell `A` from
//! `a`.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::rules::OUTPUT_CONFLICT;
use crate::source::Span;

/// What is wrong with the paths of a site.
#[derive(Debug, Default)]
pub struct Conflicts {
    pub problems: Vec<Diagnostic>,
    /// The outputs that must not be written, by their place in the list.
    pub losers: BTreeSet<usize>,
}

/// Finds each path that is claimed twice, and each file that another path needs as a folder. `outputs` holds
/// paths with what they are made of; of two that collide the first one is kept.
pub fn conflicts(outputs: &[(String, FilePath)]) -> Conflicts {
    let paths: Vec<String> = outputs.iter().map(|(path, _)| path.to_lowercase()).collect();
    let mut owners: HashMap<&str, usize> = HashMap::with_capacity(paths.len());
    let mut found = Conflicts::default();
    for (at, path) in paths.iter().enumerate() {
        match owners.entry(path) {
            Entry::Vacant(free) => {
                free.insert(at);
            }
            Entry::Occupied(first) => found.add(at, *first.get(), outputs),
        }
    }
    for (at, path) in paths.iter().enumerate() {
        let mut folders = path.match_indices('/').map(|(end, _)| &path[..end]);
        if let Some(file) = folders.find_map(|folder| owners.get(folder)) {
            found.add(at, *file, outputs);
        }
    }
    found
}

impl Conflicts {
    fn add(&mut self, loser: usize, winner: usize, outputs: &[(String, FilePath)]) {
        let ((path, second), (_, first)) = (&outputs[loser], &outputs[winner]);
        self.losers.insert(loser);
        self.problems.push(conflict(path, first, second));
    }
}

fn conflict(path: &str, first: &FilePath, second: &FilePath) -> Diagnostic {
    let message = format!("{second} and {first} would both write `{path}`");
    let problem = Diagnostic::new(&OUTPUT_CONFLICT, Span::file(second), message);
    problem.label(Span::file(first), "the other source").help("rename the page, asset or tag")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_path_has_one_source() {
        let file = |name: &str| FilePath::new(name).unwrap();
        let outputs = [
            ("a/index.html".to_owned(), file("a.md")),
            ("A/index.html".to_owned(), file("b.md")),
            ("x".to_owned(), file("x")),
            ("x/y".to_owned(), file("y")),
        ];
        let found = conflicts(&outputs);
        assert_eq!((found.problems.len(), found.losers), (2, [1, 3].into()));
    }
}
