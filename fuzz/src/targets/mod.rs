//! The targets: one function each, from bytes to a panic where a promise is broken.

mod data;
mod foreign;
mod levels;
mod links;
mod pages;

use std::cell::RefCell;

use opsbook::diagnostic::Diagnostic;

use crate::site::Site;

pub use foreign::FORMATS;

/// What is fuzzed on its own.
pub struct Target {
    pub name: &'static str,
    /// Panics where a promise is broken.
    pub check: fn(&[u8]),
    /// What it begins with, beside its own corpus.
    pub seeds: Seeds,
}

/// Which texts of the repository are inputs of a target.
#[derive(Clone, Copy)]
pub enum Seeds {
    /// None but its own corpus.
    Own,
    /// Files of the tests' cases and of the handbook whose paths end so.
    Files(&'static [&'static str]),
    /// The tests' cases as they are.
    Cases,
    /// Small files of each format.
    Pictures,
}

/// All targets, by name.
pub const TARGETS: &[Target] = &[
    Target { name: "alerts", check: data::alerts, seeds: Seeds::Files(&[".rules", ".yml", ".yaml"]) },
    Target { name: "audit", check: data::audit, seeds: Seeds::Files(&[".md"]) },
    Target { name: "book", check: data::book, seeds: Seeds::Files(&["book.toml"]) },
    Target { name: "calendars", check: data::calendars, seeds: Seeds::Files(&[".yaml", ".yml"]) },
    Target { name: "diagrams", check: foreign::diagrams, seeds: Seeds::Own },
    Target { name: "front-matter", check: pages::front_matter, seeds: Seeds::Files(&[".md"]) },
    Target { name: "handbook", check: pages::handbook, seeds: Seeds::Cases },
    Target { name: "hidden", check: levels::hidden, seeds: Seeds::Files(&[".md"]) },
    Target { name: "health", check: data::health, seeds: Seeds::Files(&[".json"]) },
    Target { name: "includes", check: pages::includes, seeds: Seeds::Own },
    Target { name: "kinds", check: data::kinds, seeds: Seeds::Files(&[".toml"]) },
    Target { name: "levels", check: levels::levels, seeds: Seeds::Files(&[".md"]) },
    Target { name: "links", check: links::links, seeds: Seeds::Own },
    Target { name: "math", check: foreign::math, seeds: Seeds::Own },
    Target { name: "mdx", check: pages::mdx, seeds: Seeds::Files(&[".mdx", ".md"]) },
    Target { name: "metadata", check: foreign::metadata, seeds: Seeds::Pictures },
    Target { name: "minutes", check: pages::minutes, seeds: Seeds::Files(&[".md"]) },
    Target { name: "owners", check: data::owners, seeds: Seeds::Files(&["CODEOWNERS", "people.yaml"]) },
    Target { name: "page", check: pages::page, seeds: Seeds::Files(&[".md"]) },
    Target { name: "svg", check: foreign::svg, seeds: Seeds::Files(&[".svg"]) },
];

/// The target of that name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// The text of an input, as the loader would give it.
fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n")
}

/// Works on the one handbook of this thread.
fn with_site<T>(work: impl FnOnce(&mut Site) -> T) -> T {
    thread_local! {
        static SITE: RefCell<Site> = RefCell::new(Site::new());
    }
    SITE.with(|site| work(&mut site.borrow_mut()))
}

/// Every place that is reported lies in the text, between two characters.
fn check_places(text: &str, problems: &[Diagnostic]) {
    for problem in problems {
        let (start, end) = (problem.span.start as usize, problem.span.end as usize);
        let inside = start <= end && text.is_char_boundary(start) && text.is_char_boundary(end);
        assert!(inside, "no place in the text: {problem:?}");
    }
}
