//! Paths of outputs: two with one path, and names that some file system does not take.
//!
//! Owns the rules that every file of the site has one source, also on file systems that do not tell `A` from
//! `a`, and that it can be stored wherever a site is unpacked.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::bounds::{OUTPUT_NAME_BYTES, OUTPUT_PATH_BYTES};
use crate::diagnostic::Diagnostic;
use crate::output::MANIFEST;
use crate::rules::{OUTPUT_CONFLICT, OUTPUT_NAME};
use crate::source::Span;

const HELP: &str = "rename the page, file, tag or alias; a file is published only where a page links it";

/// Names that stand for devices on Windows, whatever their extension is.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

/// What is wrong with the paths of a site.
#[derive(Debug, Default)]
pub struct Conflicts {
    pub problems: Vec<Diagnostic>,
    /// The outputs that must not be written, by their place in the list.
    pub losers: BTreeSet<usize>,
    /// What was said of a name, with its place: the files of a page share its folder.
    unfit: HashSet<(Span, String)>,
}

/// A path of the site with what it is made of. With a slash at its end it is a folder, in which nothing else may
/// lie but its page.
#[derive(Debug, Clone)]
pub struct Claim<'a> {
    pub path: &'a str,
    pub source: Maker,
}

/// What an output is made of, with the place where that is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Maker {
    /// A page, a file, a tag or an alias.
    Author(Span),
    /// Opsbook makes it by itself; problems of such outputs belong to the handbook's settings.
    Opsbook { settings: Span },
}

impl Maker {
    fn place(&self) -> Span {
        let (Maker::Author(place) | Maker::Opsbook { settings: place }) = self;
        place.clone()
    }
}

impl std::fmt::Display for Maker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Maker::Author(place) => place.file.fmt(f),
            Maker::Opsbook { .. } => f.write_str("Opsbook itself"),
        }
    }
}

/// Finds each path that is claimed twice, each file that another path needs as a folder, and whatever lies in the
/// folder of another. Of two that collide the first one is kept, but a folder always is, and so is what Opsbook makes
/// itself: programs read it, such as a web server its redirects.
pub fn conflicts(claims: &[Claim<'_>]) -> Conflicts {
    let paths: Vec<Cow<'_, str>> = claims.iter().map(|claim| folded(claim.path)).collect();
    let reserved = reserved(&paths);
    let mut owners: HashMap<&str, usize> = HashMap::with_capacity(paths.len());
    let mut found = Conflicts::default();
    for (at, path) in paths.iter().enumerate() {
        if let Some(why) = unfit(path) {
            found.unfit(at, why, claims);
            continue;
        }
        if let Some(folder) = reserved.iter().find(|folder| **folder != at && lies_in(path, &paths[**folder]))
        {
            found.refuse(at, *folder, claims);
            continue;
        }
        match owners.entry(path) {
            Entry::Vacant(free) => {
                free.insert(at);
            }
            Entry::Occupied(mut first) => {
                let is_own = |at: usize| matches!(claims[at].source, Maker::Opsbook { .. });
                if is_own(at) && !is_own(*first.get()) {
                    found.add(first.insert(at), at, claims);
                } else {
                    found.add(at, *first.get(), claims);
                }
            }
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

/// Why a path cannot be stored everywhere. It is folded already.
fn unfit(path: &str) -> Option<String> {
    if OUTPUT_PATH_BYTES.is_exceeded(path.len()) {
        let most = OUTPUT_PATH_BYTES.most;
        return Some(format!("has {} bytes; at most {most} are possible", path.len()));
    }
    if path.split('/').next() == Some(MANIFEST) {
        return Some("is the name of the list of files in a published site".to_owned());
    }
    path.trim_end_matches('/').split('/').find_map(|name| {
        let stem = name.split('.').next().unwrap_or(name).trim_end();
        let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
        let numbered = port.is_some_and(|port| port.len() == 1 && port.bytes().all(|b| b.is_ascii_digit()));
        if OUTPUT_NAME_BYTES.is_exceeded(name.len()) {
            let (length, most) = (name.len(), OUTPUT_NAME_BYTES.most);
            Some(format!("holds a name of {length} bytes; at most {most} are possible"))
        } else if numbered || DEVICES.contains(&stem) {
            Some(format!("holds `{name}`, which is a device on Windows"))
        } else if name.ends_with(['.', ' ']) {
            Some(format!("holds `{name}`, of which Windows drops the last character"))
        } else {
            None
        }
    })
}

/// As much of a path as a message needs.
fn shortened(path: &str) -> String {
    const MOST: usize = 80;
    let short: String = path.chars().take(MOST).collect();
    if short.len() < path.len() { format!("{short}…") } else { short }
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
        let (second, first) = (&claims[loser], &claims[winner]);
        self.losers.insert(loser);
        // What an author can change is named first, whichever of the two is kept.
        let (one, other) = match &second.source {
            Maker::Opsbook { .. } => (&first.source, &second.source),
            Maker::Author(_) => (&second.source, &first.source),
        };
        let message = format!("{one} and {other} would both write `{}`", second.path);
        let problem = Diagnostic::new(&OUTPUT_CONFLICT, one.place(), message).help(HELP);
        self.problems.push(match other {
            Maker::Author(place) => problem.label(place.clone(), "the other source"),
            Maker::Opsbook { .. } => problem,
        });
    }

    fn refuse(&mut self, loser: usize, folder: usize, claims: &[Claim<'_>]) {
        let (claim, folder) = (&claims[loser], &claims[folder]);
        self.losers.insert(loser);
        let message = match &claim.source {
            Maker::Author(place) => format!(
                "{} would write `{}`, but `{}` belongs to what Opsbook makes itself",
                place.file, claim.path, folder.path
            ),
            Maker::Opsbook { .. } => {
                format!("`{}` would lie in `{}`, which Opsbook makes itself", claim.path, folder.path)
            }
        };
        self.problems.push(Diagnostic::new(&OUTPUT_CONFLICT, claim.source.place(), message).help(HELP));
    }

    fn unfit(&mut self, loser: usize, why: String, claims: &[Claim<'_>]) {
        let claim = &claims[loser];
        self.losers.insert(loser);
        if !self.unfit.insert((claim.source.place(), why.clone())) {
            return;
        }
        let message = format!("the path `{}` {why}", shortened(claim.path));
        let problem = Diagnostic::new(&OUTPUT_NAME, claim.source.place(), message);
        self.problems.push(problem.help("choose another name for the page, file, tag or alias"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    fn losers(outputs: &[(&str, &str)]) -> (usize, Vec<usize>) {
        let source = |file: &str| Maker::Author(Span::file(&FilePath::new(file).unwrap()));
        let claims = outputs.iter().map(|(path, file)| Claim { path, source: source(file) });
        let found = conflicts(&claims.collect::<Vec<_>>());
        (found.problems.len(), found.losers.into_iter().collect())
    }

    #[test]
    fn one_path_has_one_source() {
        let outputs = [("a/index.html", "a.md"), ("A/index.html", "b.md"), ("x", "x"), ("x/y", "y")];
        assert_eq!(losers(&outputs), (2, vec![1, 3]));
    }

    #[test]
    fn names_that_some_file_system_does_not_take_are_refused() {
        let (long, deep) = ("x".repeat(256), "d/".repeat(600));
        for path in [
            "CON/index.html",
            "a/nul.png",
            "Aux.txt",
            "com1/index.html",
            "LPT9.a.b",
            "a./index.html",
            "a /b",
            "b. /c",
            &long,
            &deep,
            MANIFEST,
            ".Opsbook-Manifest.json/index.html",
        ] {
            assert_eq!(losers(&[(path, "a.md")]), (1, vec![0]), "{path}");
        }
        let fine =
            ["con-call/index.html", "console", "com10", "comx", "lpt", "a.b/c", ".nojekyll", &long[1..]];
        for path in fine {
            assert_eq!(losers(&[(path, "a.md")]), (0, vec![]), "{path}");
        }
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
