//! Rebuilds the handbook, once for each change.
//!
//! Owns the state between builds: the loader, the engine and the digest of the last inputs. Decides which site
//! is shown: the new one, even with errors in pages, unless an error concerns every page.

#![expect(clippy::disallowed_methods, reason = "measures rebuilds")]

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::diagnostic::Diagnostic;
use crate::input::cache::FragmentCaches;
use crate::input::{Failure, Inputs, Loader, Options, cache};
use crate::memo::{Digest, Retention};
use crate::path::FilePath;
use crate::pipeline::{Build, Engine};
use crate::report::{self, ReportStyle, Summary};
use crate::rules::{CONFIG_INVALID, KIND_DEFINITION, Rule, Severity, THEME_STRINGS, THEME_TEMPLATE};
use crate::source::position;

use super::build_log::{BuildCause, build_line};
use super::editor::Editor;
use super::print;
use super::store::{SiteFiles, Store};

/// A handbook that is built again after each change.
pub struct Session {
    loader: Loader,
    engine: Engine,
    caches: Arc<FragmentCaches>,
    store: Arc<Store>,
    look: ReportStyle,
    editor: Option<Editor>,
    root: PathBuf,
    /// The digest of the inputs of the last build; `None` after a failure.
    last: Option<Digest>,
    /// The files of the last build.
    files: Option<BTreeMap<FilePath, Digest>>,
    /// Whether a site has been shown that was free of errors that concern every page.
    sound: bool,
    /// The duration of the last look.
    scan: Duration,
    watched: Vec<PathBuf>,
    /// The end of the next embargo. At that time the site changes without a change of the inputs.
    next_release: Option<jiff::Timestamp>,
}

/// The result of one turn of the loop.
#[derive(Debug)]
pub enum SessionStep {
    /// The inputs are unchanged.
    Same,
    /// A build was made.
    Built {
        /// The result of the build.
        build: Box<Build>,
        cause: BuildCause,
        /// The problems in numbers.
        summary: Summary,
        /// The time from the beginning of the look until the site was served.
        took: Duration,
        /// The problems as text for the terminal; empty if there are none.
        problems: String,
        /// The reason why the last good site is still served instead.
        held: Option<WhyNotShown>,
    },
    /// The inputs could not be read, or the outputs could not be stored.
    Failed(Failure),
}

/// The reason why a new site is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNotShown {
    /// It could show something that its audience must not see.
    Unclear,
    /// Something that every page depends on is broken.
    Broken,
}

impl WhyNotShown {
    /// The reason as text for the terminal and the page.
    fn reason(self) -> &'static str {
        match self {
            WhyNotShown::Unclear => "it is not clear who may see what, so nothing new is shown",
            WhyNotShown::Broken => "settings, a kind or the theme are broken, and every page depends on them",
        }
    }
}

/// The rules whose diagnostics concern every page.
const OF_ALL_PAGES: [&Rule; 4] = [&CONFIG_INVALID, &KIND_DEFINITION, &THEME_STRINGS, &THEME_TEMPLATE];

impl Session {
    /// A session that builds the handbook of `options` into `store`. Problems link to their positions in
    /// `editor`.
    pub fn new(options: Options, look: ReportStyle, store: Arc<Store>, editor: Option<Editor>) -> Session {
        let root = options.root.clone();
        let caches = cache::load(&root);
        Session {
            loader: Loader::new(options),
            engine: Engine::with_caches(Retention::LastGeneration, Arc::clone(&caches)),
            caches,
            store,
            look,
            editor,
            root,
            last: None,
            files: None,
            sound: false,
            scan: Duration::ZERO,
            watched: Vec::new(),
            next_release: None,
        }
    }

    /// Loads the inputs, and builds if anything has changed.
    pub fn rebuild(&mut self) -> SessionStep {
        let start = Instant::now();
        let inputs = match self.loader.load() {
            Ok(inputs) => inputs,
            Err(failure) => return self.fail(failure),
        };
        self.scan = start.elapsed();
        self.watched = inputs.config.folders().into_iter().map(|folder| inputs.root.join(folder)).collect();
        self.watched.insert(0, inputs.root.clone());
        let digest = inputs.digest();
        let released = self.next_release.is_some_and(|end| end <= inputs.now);
        if self.last == Some(digest) && !released {
            return SessionStep::Same;
        }
        let step = match unharmed(|| self.build(&inputs, start)) {
            Ok(Ok(step)) => step,
            Ok(Err(error)) => {
                return self.fail(Failure::new(error.to_string(), "Free some memory and save again."));
            }
            Err(defect) => {
                // The panic may have left the memos and caches incomplete.
                self.caches = cache::load(&self.root);
                self.engine = Engine::with_caches(Retention::LastGeneration, Arc::clone(&self.caches));
                self.fail(defect)
            }
        };
        // Also set after a defect: the same inputs would cause it again.
        self.last = Some(digest);
        step
    }

    fn build(&mut self, inputs: &Inputs, start: Instant) -> std::io::Result<SessionStep> {
        let files = SiteFiles::default();
        let build = self.engine.build(inputs, &files)?;
        self.next_release = build.next_release;
        let held = self.reason_to_hold(&build);
        let summary = Summary::new(&build.diagnostics, build.pages);
        let document = serde_json::json!({
            "errors": summary.errors, "warnings": summary.warnings,
            "held": held.map(WhyNotShown::reason),
            "problems": self.errors(&build, inputs),
        });
        if held.is_none() {
            self.store.show(files, document.to_string());
        } else {
            self.store.report(document.to_string());
        }
        let took = start.elapsed();
        // Saved after the site is served, because no one waits for it. An error costs only time.
        self.loader.save_history(&self.root);
        let _ = cache::save(&self.root, &self.caches);
        let lookup = report::texts(inputs);
        let problems = if build.diagnostics.is_empty() {
            String::new()
        } else {
            report::human::render(&build.diagnostics, &lookup, self.look, summary)
        };
        let files = inputs.file_digests();
        let cause = BuildCause::between(self.files.as_ref(), &files);
        self.files = Some(files);
        Ok(SessionStep::Built { build: Box::new(build), cause, summary, took, problems, held })
    }

    /// The reason why the last site has to stay, if there is one. A page with an error does not hold a site
    /// back: an author who links to a page that is not written yet wants to see the rest.
    fn reason_to_hold(&mut self, build: &Build) -> Option<WhyNotShown> {
        if build.has_unclear_access() {
            return Some(WhyNotShown::Unclear);
        }
        let errors = build.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        let spoilt = errors.map(|diagnostic| diagnostic.rule).any(|rule| OF_ALL_PAGES.contains(&rule));
        // Before there is a good site, any site is better than none.
        if spoilt && self.sound {
            return Some(WhyNotShown::Broken);
        }
        self.sound |= !spoilt;
        None
    }

    fn fail(&mut self, failure: Failure) -> SessionStep {
        let Failure { message, help } = &failure;
        let document = serde_json::json!({
            "errors": 1, "held": "nothing newer could be built",
            "problems": [{ "level": "error", "place": "", "message": message, "help": help }],
        });
        // A failure that is already shown is nothing new.
        let document = document.to_string();
        if *self.store.shown().problems == *document {
            return SessionStep::Same;
        }
        // When the failure is over, the same inputs must be built again.
        self.last = None;
        self.store.report(document);
        SessionStep::Failed(failure)
    }

    /// The entries of the overlay: errors only, because only they keep a site from being published.
    fn errors(&self, build: &Build, inputs: &Inputs) -> Vec<serde_json::Value> {
        let lookup = report::texts(inputs);
        let entry = |diagnostic: &Diagnostic| {
            let file = &diagnostic.span.file;
            let at = lookup(file).map(|source| position(&source.text, diagnostic.span.start as usize));
            let place = at.map(|at| format!("{file}:{}:{}", at.line, at.column));
            let link = |editor: &Editor| editor.link(&inputs.root, file, at?);
            serde_json::json!({
                "level": "error",
                "rule": diagnostic.rule.name,
                "place": place.unwrap_or_else(|| file.to_string()),
                "page": build.pages_with_errors.get(file),
                "editor": self.editor.as_ref().and_then(link),
                "message": diagnostic.message,
                "help": diagnostic.help,
            })
        };
        let errors = build.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        errors.take(MOST_SHOWN).map(entry).collect()
    }

    /// Prints the result of a turn.
    pub(super) fn print(&self, step: &SessionStep) {
        match step {
            SessionStep::Same => {}
            SessionStep::Failed(failure) => {
                print(&format!(
                    "error: {}\n  help: {}",
                    report::escape::escape(&failure.message),
                    failure.help
                ));
            }
            SessionStep::Built { build, cause, summary, took, problems, held } => {
                if !problems.is_empty() {
                    print(problems.trim_end());
                }
                let line = build_line(cause, build.rendered, *took, *summary);
                match held {
                    None => print(&line),
                    Some(held) => {
                        print(&format!("{line}; the last good site is still shown: {}", held.reason()))
                    }
                }
            }
        }
    }

    /// The folders in which a change matters, the root first.
    pub(super) fn watched(&self) -> &[PathBuf] {
        if self.watched.is_empty() { std::slice::from_ref(&self.root) } else { &self.watched }
    }

    /// The duration of the last look.
    pub(super) fn scan(&self) -> Duration {
        self.scan
    }
}

/// Turns a panic into a failure, so that it does not end the preview: the author can undo the change that has
/// caused it.
fn unharmed<T>(build: impl FnOnce() -> T) -> Result<T, Failure> {
    panic::catch_unwind(AssertUnwindSafe(build)).map_err(|_| {
        Failure::new(
            "Opsbook has failed on the handbook as it is now: a defect of Opsbook, not of the handbook",
            "Undo your last change, and report it with what the terminal says.",
        )
    })
}

/// The largest number of problems in the overlay, which also gives the total. The terminal shows more.
const MOST_SHOWN: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_defect_is_a_failure_that_says_what_to_do() {
        assert_eq!(unharmed(|| 7), Ok(7));
        let failure = unharmed(|| [1, 2].map(|number| 1 / (number - 1))).unwrap_err();
        assert!(failure.message.contains("a defect of Opsbook"), "{failure}");
    }
}
