//! Two outputs with one path.
//!
//! Owns the rule that every file of the site has one source, also on file systems that do not tell `A` from
//! `a`.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::rules::OUTPUT_CONFLICT;
use crate::source::Span;

/// Reports each path that is claimed twice, and each file that another path needs as a folder. `outputs`
/// holds paths with what they are made of.
pub fn conflicts(outputs: &[(String, FilePath)]) -> Vec<Diagnostic> {
    let mut owners: HashMap<String, &FilePath> = HashMap::with_capacity(outputs.len());
    let mut problems = Vec::new();
    for (path, source) in outputs {
        if let Some(first) = owners.insert(path.to_lowercase(), source) {
            problems.push(conflict(path, first, source));
        }
    }
    for (path, source) in outputs {
        let folders = path.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| path[..at].to_lowercase());
        if let Some(file) = folders.into_iter().find_map(|folder| owners.get(&folder)) {
            problems.push(conflict(path, file, source));
        }
    }
    problems
}

fn conflict(path: &str, first: &FilePath, second: &FilePath) -> Diagnostic {
    let message = format!("{second} and {first} would both write `{path}`");
    let problem = Diagnostic::new(&OUTPUT_CONFLICT, Span::file(second), message);
    problem.label(Span::file(first), "the other source").help("rename one of them")
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
        assert_eq!(conflicts(&outputs).len(), 2);
    }
}
