//! Checks paths of outputs: conflicts, and names that some file systems do not allow.
//!
//! Owns two rules. Every file of the site has one source, even on file systems that ignore case. Every file can be
//! stored wherever a site is unpacked.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::bounds::{OUTPUT_NAME_BYTES, OUTPUT_PATH_BYTES};
use crate::diagnostic::Diagnostic;
use crate::output::MANIFEST;
use crate::path::is_device;
use crate::rules::{OUTPUT_CONFLICT, OUTPUT_NAME};
use crate::source::Span;

const HELP: &str =
    "rename the page, file, tag or alias; a file beside pages is published only where a page links it";

/// The problems with the paths of a site.
#[derive(Debug, Default)]
pub struct Conflicts {
    pub problems: Vec<Diagnostic>,
    /// The outputs that must not be written, by their index in the list of claims.
    pub losers: BTreeSet<usize>,
    /// The reported problems of names, with their spans. All files of a page share its folder, so the same problem
    /// would otherwise be reported for each of them.
    unfit: HashSet<(Span, String)>,
}

/// A path of the site with its source. A path with a slash at the end is a folder that holds no other output than its
/// page.
#[derive(Debug, Clone)]
pub struct OutputClaim<'a> {
    pub path: &'a str,
    pub source: OutputMaker,
}

/// Who decides that an output exists, with the span where that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputMaker {
    /// The author, with a page, a file, a tag or an alias.
    Author(Span),
    /// Opsbook itself. Problems of such outputs are reported at the handbook's settings.
    Opsbook { settings: Span },
}

impl OutputMaker {
    fn place(&self) -> Span {
        let (OutputMaker::Author(place) | OutputMaker::Opsbook { settings: place }) = self;
        place.clone()
    }
}

impl std::fmt::Display for OutputMaker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OutputMaker::Author(place) => place.file.fmt(f),
            OutputMaker::Opsbook { .. } => f.write_str("Opsbook itself"),
        }
    }
}

/// Finds every path that is claimed twice, every file that another path needs as a folder, and every output in the
/// folder of another claim. Of two outputs that collide the first one is kept. Two exceptions take precedence: claimed
/// folders, and outputs that Opsbook makes itself, because programs read them, such as the redirects of a web server.
pub fn conflicts(claims: &[OutputClaim<'_>]) -> Conflicts {
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
                let is_own = |at: usize| matches!(claims[at].source, OutputMaker::Opsbook { .. });
                if is_own(at) && !is_own(*first.get()) {
                    found.add(first.insert(at), at, claims);
                } else {
                    found.add(at, *first.get(), claims);
                }
            }
        }
    }
    // In a second pass, because an owner may come later in the list than the path that needs it as a folder.
    for (at, path) in paths.iter().enumerate() {
        let mut folders = path.trim_end_matches('/').match_indices('/').map(|(end, _)| &path[..end]);
        if let Some(file) = folders.find_map(|folder| owners.get(folder)) {
            found.add(at, *file, claims);
        }
    }
    found
}

/// The path in lower case, as file systems that ignore case compare it.
fn folded(path: &str) -> Cow<'_, str> {
    if path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        path.into()
    } else {
        path.to_lowercase().into()
    }
}

/// Why some file systems cannot store a path, as the end of a sentence. The path must be folded already.
fn unfit(path: &str) -> Option<String> {
    if OUTPUT_PATH_BYTES.is_exceeded(path.len()) {
        let most = OUTPUT_PATH_BYTES.most;
        return Some(format!("has {} bytes; at most {most} are possible", path.len()));
    }
    if path.split('/').next() == Some(MANIFEST) {
        return Some("is the name of the list of files in a published site".to_owned());
    }
    path.trim_end_matches('/').split('/').find_map(|name| {
        if OUTPUT_NAME_BYTES.is_exceeded(name.len()) {
            let (length, most) = (name.len(), OUTPUT_NAME_BYTES.most);
            Some(format!("holds a name of {length} bytes; at most {most} are possible"))
        } else if is_device(name) {
            Some(format!("holds `{name}`, which is a device on Windows"))
        } else if name.ends_with(['.', ' ']) {
            Some(format!("holds `{name}`, of which Windows drops the last character"))
        } else {
            None
        }
    })
}

/// The first 80 characters of a path, for messages.
fn shortened(path: &str) -> String {
    const MOST: usize = 80;
    let short: String = path.chars().take(MOST).collect();
    if short.len() < path.len() { format!("{short}…") } else { short }
}

/// The indices of the paths that are folders.
fn reserved(paths: &[Cow<'_, str>]) -> Vec<usize> {
    (0..paths.len()).filter(|at| paths[*at].ends_with('/')).collect()
}

/// Whether a path is in a folder without being its page, or would be a file with the folder's name.
fn lies_in(path: &str, folder: &str) -> bool {
    let beneath = path.strip_prefix(folder).is_some_and(|rest| rest != "index.html");
    beneath || folder.strip_suffix('/') == Some(path)
}

impl Conflicts {
    fn add(&mut self, loser: usize, winner: usize, claims: &[OutputClaim<'_>]) {
        let (second, first) = (&claims[loser], &claims[winner]);
        self.losers.insert(loser);
        // The source that the author can change comes first, whichever of the two outputs is kept.
        let (one, other) = match &second.source {
            OutputMaker::Opsbook { .. } => (&first.source, &second.source),
            OutputMaker::Author(_) => (&second.source, &first.source),
        };
        let message = format!("{one} and {other} would both write `{}`", second.path);
        let problem = Diagnostic::new(&OUTPUT_CONFLICT, one.place(), message).help(HELP);
        self.problems.push(match other {
            OutputMaker::Author(place) => problem.label(place.clone(), "the other source"),
            OutputMaker::Opsbook { .. } => problem,
        });
    }

    fn refuse(&mut self, loser: usize, folder: usize, claims: &[OutputClaim<'_>]) {
        let (claim, folder) = (&claims[loser], &claims[folder]);
        self.losers.insert(loser);
        let message = match &claim.source {
            OutputMaker::Author(place) => format!(
                "{} would write `{}`, but `{}` is generated by Opsbook",
                place.file, claim.path, folder.path
            ),
            OutputMaker::Opsbook { .. } => {
                format!("`{}` would lie in `{}`, which Opsbook generates", claim.path, folder.path)
            }
        };
        self.problems.push(Diagnostic::new(&OUTPUT_CONFLICT, claim.source.place(), message).help(HELP));
    }

    fn unfit(&mut self, loser: usize, why: String, claims: &[OutputClaim<'_>]) {
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
        let source = |file: &str| OutputMaker::Author(Span::start_of(&FilePath::new(file).unwrap()));
        let claims = outputs.iter().map(|(path, file)| OutputClaim { path, source: source(file) });
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
