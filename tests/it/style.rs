//! The words of docs/STYLE.md, checked in comments and documents.
//!
//! Owns the search. The words stand in docs/STYLE.md, in the block below *Rejected words*, each with the words to use
//! instead: `nobody -> no one, or name who`.
#![expect(clippy::disallowed_methods, reason = "reads the repository's own files")]

use std::path::Path;

use fancy_regex::Regex;

/// Documents of the repository, besides the comments of the program and of its tests.
const DOCUMENTS: &[&str] =
    &["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "benches", "docs"];

/// Documents that quote the words.
const QUOTING: &[&str] = &["docs/STYLE.md", "docs/evidence/"];

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there")
}

/// Every file in a folder, or the file itself, whose name ends with `end`, relative to the repository.
fn files(place: &str, end: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let walk = walkdir::WalkDir::new(root.join(place)).sort_by_file_name().into_iter().map(Result::unwrap);
    let path =
        |entry: walkdir::DirEntry| entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    walk.filter(|entry| entry.file_type().is_file()).map(path).filter(|path| path.ends_with(end)).collect()
}

/// The rejected words with those to use instead.
fn rejected() -> Vec<(Regex, String, String)> {
    let style = read("docs/STYLE.md");
    let (_, block) = style.split_once("```rejected\n").expect("docs/STYLE.md has a block `rejected`");
    let (block, _) = block.split_once("```").expect("the block ends");
    let row = |line: &str| {
        let (word, instead) = line.split_once(" -> ").expect("a row is `word -> what to write`");
        let pattern =
            Regex::new(&format!(r"(?i)(?<![\w-])(?:{})(?![\w-])", word.trim())).expect("it is a pattern");
        (pattern, word.trim().to_owned(), instead.trim().to_owned())
    };
    block.lines().filter(|line| !line.is_empty()).map(row).collect()
}

/// The comment in a line of Rust; code in backticks is not prose.
fn comment(line: &str) -> &str {
    line.trim_start().strip_prefix("//").unwrap_or("")
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

#[test]
fn comments_and_documents_use_the_words_of_the_style() {
    let rejected = rejected();
    let mut violations = Vec::new();
    let mut look = |path: &str, number: usize, line: &str| {
        let prose = without_code(line);
        for (pattern, word, instead) in &rejected {
            if pattern.is_match(&prose).expect("no backtracking") {
                violations.push(format!("{path}:{}: `{word}`; write: {instead}", number + 1));
            }
        }
    };
    for path in files("src", ".rs").iter().chain(&files("tests/it", ".rs")) {
        read(path).lines().enumerate().for_each(|(number, line)| look(path, number, comment(line)));
    }
    let documents = DOCUMENTS.iter().flat_map(|place| files(place, ".md"));
    for path in documents.filter(|path| !QUOTING.iter().any(|quoting| path.starts_with(quoting))) {
        read(&path).lines().enumerate().for_each(|(number, line)| look(&path, number, line));
    }
    assert!(violations.is_empty(), "{} lines:\n{}", violations.len(), violations.join("\n"));
}
