//! One rebuild after the other. ⚡
//!
//! Owns what lives from build to build: the loader, the engine and the digest of the last inputs. Decides
//! which site is shown: the new one, also with errors in pages, unless an error concerns every page.

#![expect(clippy::disallowed_methods, reason = "measures rebuilds")]

use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::diagnostic::Diagnostic;
use crate::input::{Failure, Inputs, Loader, Options, cache};
use crate::memo::{Digest, Keep};
use crate::pipeline::{Build, Engine};
use crate::report::{self, Look, Summary};
use crate::rules::{CONFIG_INVALID, KIND_DEFINITION, Level, Rule, THEME_STRINGS, THEME_TEMPLATE};
use crate::source::position;

use super::editor::Editor;
use super::store::{Files, Store};
use super::{print, rebuilt};

/// A handbook that is built again and again.
pub struct Session {
    loader: Loader,
    engine: Engine,
    store: Arc<Store>,
    look: Look,
    editor: Option<Editor>,
    root: PathBuf,
    /// What the last build was made of; `None` after a failure.
    last: Option<Digest>,
    /// Whether a site has been shown of which no page was spoilt.
    sound: bool,
    scan: Duration,
    watched: Vec<PathBuf>,
    /// When the next embargo ends: there is something new then, although nobody changed anything.
    next_release: Option<jiff::Timestamp>,
}

/// What became of one turn.
#[derive(Debug)]
pub enum Step {
    /// Nothing was different.
    Same,
    /// A build was made.
    Built {
        /// What it made, and of which pages.
        build: Box<Build>,
        /// From the first look to the site being served.
        took: Duration,
        /// What is wrong, for the terminal; empty where there is nothing.
        problems: String,
        /// Why it is not served, and the last sound site still is.
        held: Option<Held>,
    },
    /// The inputs could not be read, or the outputs not be kept.
    Failed(Failure),
}

/// Why a site is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It could show something that is not for its audience.
    Unclear,
    /// What every page depends on is broken.
    Spoilt,
}

impl Held {
    /// As the terminal and the page say it.
    fn reason(self) -> &'static str {
        match self {
            Held::Unclear => "it is not clear who may see what, so nothing new is shown",
            Held::Spoilt => "settings, a kind or the theme are broken, and every page depends on them",
        }
    }
}

/// What is broken in every page where one of these rules finds something.
const OF_ALL_PAGES: [&Rule; 4] = [&CONFIG_INVALID, &KIND_DEFINITION, &THEME_STRINGS, &THEME_TEMPLATE];

impl Session {
    /// Builds the handbook of `options` into `store`; problems lead to their places in `editor`.
    pub fn new(options: Options, look: Look, store: Arc<Store>, editor: Option<Editor>) -> Session {
        let root = options.root.clone();
        Session {
            loader: Loader::new(options),
            engine: engine(&root),
            store,
            look,
            editor,
            root,
            last: None,
            sound: false,
            scan: Duration::ZERO,
            watched: Vec::new(),
            next_release: None,
        }
    }

    /// Looks, and builds where anything is different.
    pub fn rebuild(&mut self) -> Step {
        let start = Instant::now();
        let inputs = match self.loader.load() {
            Ok(inputs) => inputs,
            Err(failure) => return self.fail(failure),
        };
        self.scan = start.elapsed();
        self.watched = inputs.config.folders().into_iter().map(|folder| inputs.root.join(folder)).collect();
        self.watched.insert(0, inputs.root.clone());
        let digest = digest(&inputs);
        let released = self.next_release.is_some_and(|end| end <= inputs.now);
        if self.last == Some(digest) && !released {
            return Step::Same;
        }
        let step = match unharmed(|| self.build(&inputs, start)) {
            Ok(Ok(step)) => step,
            Ok(Err(error)) => {
                return self.fail(Failure::new(error.to_string(), "Free some memory and save again."));
            }
            Err(defect) => {
                // What it remembers may be half of something.
                self.engine = engine(&self.root);
                self.fail(defect)
            }
        };
        // Also after a defect: the same inputs would meet it again.
        self.last = Some(digest);
        step
    }

    fn build(&mut self, inputs: &Inputs, start: Instant) -> std::io::Result<Step> {
        let files = Files::default();
        let build = self.engine.build(inputs, &files)?;
        self.next_release = build.next_release;
        let held = self.held(&build);
        let summary = Summary::of(&build.diagnostics, build.pages);
        let document = serde_json::json!({
            "errors": summary.errors, "warnings": summary.warnings,
            "held": held.map(Held::reason),
            "problems": self.errors(&build, inputs),
        });
        if held.is_none() {
            self.store.show(files, document.to_string());
        } else {
            self.store.report(document.to_string());
        }
        let took = start.elapsed();
        // After the site is served, because nobody waits for it; a cache that cannot be kept costs time only.
        let _ = cache::save(&self.root, &self.engine.highlighted);
        let _ = cache::save_drawings(&self.root, &self.engine.drawn);
        let lookup = report::texts(inputs);
        let problems = if build.diagnostics.is_empty() {
            String::new()
        } else {
            report::human::render(&build.diagnostics, &lookup, self.look, summary)
        };
        Ok(Step::Built { build: Box::new(build), took, problems, held })
    }

    /// Whether the last site has to stay. A page with an error is shown as far as it goes: whoever writes a page
    /// that links the next one, still to be written, wants to see it.
    fn held(&mut self, build: &Build) -> Option<Held> {
        if build.unclear() {
            return Some(Held::Unclear);
        }
        let errors = build.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error);
        let spoilt = errors.map(|diagnostic| diagnostic.rule).any(|rule| OF_ALL_PAGES.contains(&rule));
        // Before there is a sound site, any other is better than none.
        if spoilt && self.sound {
            return Some(Held::Spoilt);
        }
        self.sound |= !spoilt;
        None
    }

    fn fail(&mut self, failure: Failure) -> Step {
        let Failure { message, help } = &failure;
        let document = serde_json::json!({
            "errors": 1, "held": "nothing newer could be built",
            "problems": [{ "level": "error", "place": "", "message": message, "help": help }],
        });
        // The same failure, met again at the next look, is no news.
        let document = document.to_string();
        if *self.store.shown().problems == *document {
            return Step::Same;
        }
        self.last = None;
        self.store.report(document);
        Step::Failed(failure)
    }

    /// The entries of the overlay. Problems that do not keep a site from being published are no part of it.
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
                "page": build.faulty.get(file),
                "editor": self.editor.as_ref().and_then(link),
                "message": diagnostic.message,
                "help": diagnostic.help,
            })
        };
        let errors = build.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error);
        errors.take(MOST_SHOWN).map(entry).collect()
    }

    /// Prints what became of a turn.
    pub(super) fn print(&self, step: &Step) {
        match step {
            Step::Same => {}
            Step::Failed(failure) => {
                print(&format!(
                    "error: {}\n  help: {}",
                    report::escape::escape(&failure.message),
                    failure.help
                ));
            }
            Step::Built { build, took, problems, held } => {
                if !problems.is_empty() {
                    print(problems.trim_end());
                }
                let line = rebuilt(build.parsed, build.rendered, *took);
                match held {
                    None => print(&line),
                    Some(held) => {
                        print(&format!("{line}; the last good site is still shown: {}", held.reason()))
                    }
                }
            }
        }
    }

    /// Folders in which a change matters: the root first.
    pub(super) fn watched(&self) -> &[PathBuf] {
        if self.watched.is_empty() { std::slice::from_ref(&self.root) } else { &self.watched }
    }

    /// How long the last look took.
    pub(super) fn scan(&self) -> Duration {
        self.scan
    }
}

/// An engine that remembers no build yet.
fn engine(root: &Path) -> Engine {
    let mut engine = Engine::new(Keep::LastGeneration);
    engine.highlighted = cache::load(root);
    engine.drawn = cache::load_drawings(root);
    engine
}

/// Keeps a defect of the program from ending the preview: whoever writes can undo what has led to it.
fn unharmed<T>(build: impl FnOnce() -> T) -> Result<T, Failure> {
    panic::catch_unwind(AssertUnwindSafe(build)).map_err(|_| {
        Failure::new(
            "Opsbook has failed on the handbook as it is now: a defect of Opsbook, not of the handbook",
            "Undo your last change, and report it with what the terminal says.",
        )
    })
}

/// The digest of everything that a build reads.
fn digest(inputs: &Inputs) -> Digest {
    let sources: Vec<_> = inputs.sources.values().map(|source| source.digest).collect();
    let settings: Vec<_> = inputs.settings.values().map(|source| source.digest).collect();
    let assets: Vec<_> = inputs.assets.iter().map(|(file, asset)| (file, asset.digest)).collect();
    let found: Vec<_> = inputs.diagnostics.iter().map(|found| (&found.span, &found.message)).collect();
    let texts = (sources, settings, assets, &inputs.others);
    // A review becomes due at midnight.
    let around = (inputs.config.digest(), inputs.theme.digest, inputs.today);
    Digest::of_value(&(around, texts, &inputs.history, found))
}

/// The overlay lists this many problems; the terminal tells how many there are.
const MOST_SHOWN: usize = 50;

/// A duration as people say it: `12 ms`, `1.24 s`.
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

    #[test]
    fn a_defect_is_a_failure_that_says_what_to_do() {
        assert_eq!(unharmed(|| 7), Ok(7));
        let failure = unharmed(|| [1, 2].map(|number| 1 / (number - 1))).unwrap_err();
        assert!(failure.message.contains("a defect of Opsbook"), "{failure}");
    }
}
