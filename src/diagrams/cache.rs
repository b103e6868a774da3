//! Remembers the drawings of earlier builds.
//!
//! Owns [`DrawingCache`], a map from a diagram's source to its drawing, or to the reason why there is none. An entry
//! from disk is data, never markup: it is read into the types of [`super::drawing`], which hold nothing but shapes,
//! and it is used only if each of its words and destinations occurs in the source. A forged entry can spoil a
//! picture; it can put neither words nor anything else into the page. Reads and writes no files.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::problem::Reason;
use super::{DiagramProblem, Drawing, VERSION, drawn, engine, references};
use crate::memo::Digest;

/// Remembers drawings. All threads of a build share it.
#[derive(Debug, Default)]
pub struct DrawingCache {
    known: Mutex<HashMap<Digest, CachedDrawing>>,
    /// Whether an entry was added since the entries were read or last saved.
    grown: AtomicBool,
}

#[derive(Debug)]
enum CachedDrawing {
    /// As read from disk, not checked yet.
    Kept(Arc<[u8]>),
    /// Made or checked by this process.
    Used(DrawOutcome),
}

/// The result for one source.
type DrawOutcome = Result<Arc<Drawing>, Reason>;

impl DrawingCache {
    /// A cache that starts with the entries that another process saved.
    pub fn with_entries(entries: impl IntoIterator<Item = (Digest, Arc<[u8]>)>) -> DrawingCache {
        let known = entries.into_iter().map(|(key, bytes)| (key, CachedDrawing::Kept(bytes))).collect();
        DrawingCache { known: Mutex::new(known), grown: AtomicBool::new(false) }
    }

    /// Draws like [`super::draw`] and remembers the result.
    ///
    /// # Errors
    /// Returns the problem in the source.
    pub fn draw(&self, source: &str) -> Result<Arc<Drawing>, DiagramProblem> {
        engine::check(source)?;
        let key = Digest::from_parts(&[VERSION.as_bytes(), source.as_bytes()]);
        let outcome = self.known(key, source).unwrap_or_else(|| {
            // Drawn outside the lock: two threads may do the same work, which does no harm.
            let outcome = drawn(source).map(Arc::new);
            self.lock().insert(key, CachedDrawing::Used(outcome.clone()));
            self.grown.store(true, Ordering::Relaxed);
            outcome
        });
        outcome.map_err(|reason| reason.problem(source))
    }

    /// The remembered result. Returns `None` for an entry from disk that does not fit this source.
    fn known(&self, key: Digest, source: &str) -> Option<DrawOutcome> {
        let kept = match self.lock().get(&key)? {
            CachedDrawing::Used(outcome) => return Some(outcome.clone()),
            CachedDrawing::Kept(bytes) => Arc::clone(bytes),
        };
        let outcome: Result<Drawing, Reason> = postcard::from_bytes(&kept).ok()?;
        if outcome.as_ref().is_ok_and(|drawing| !stems_from(drawing, source)) {
            return None;
        }
        let outcome = outcome.map(Arc::new);
        self.lock().insert(key, CachedDrawing::Used(outcome.clone()));
        Some(outcome)
    }

    /// The entries that were used, by key, if it is worth while to save them: some are new, or more than half of the
    /// known entries were not used.
    pub fn worth_saving(&self) -> Option<BTreeMap<Digest, Arc<[u8]>>> {
        let known = self.lock();
        let used: Vec<_> = known.iter().filter_map(|(key, entry)| Some((*key, entry.used()?))).collect();
        if !self.grown.swap(false, Ordering::Relaxed) && used.len() * 2 >= known.len() {
            return None;
        }
        let bytes = |outcome: &DrawOutcome| {
            let outcome: Result<&Drawing, &Reason> = outcome.as_deref();
            postcard::to_stdvec(&outcome).expect("a drawing is plain data, and so is a reason")
        };
        Some(used.into_iter().map(|(key, outcome)| (key, bytes(outcome).into())).collect())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, CachedDrawing>> {
        // The map holds finished values only, so it is sound even after a panic in another thread.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CachedDrawing {
    fn used(&self) -> Option<&DrawOutcome> {
        match self {
            CachedDrawing::Used(outcome) => Some(outcome),
            CachedDrawing::Kept(_) => None,
        }
    }
}

/// Whether a drawing says nothing but what its source says, and refers to its own links only.
fn stems_from(drawing: &Drawing, source: &str) -> bool {
    let (title, description) = super::describe::title_and_description(drawing, source);
    let written = letters(&references::decoded(source));
    let says = |text: &str| generated(text) || written.contains(&letters(text));
    let links = drawing.links.iter().all(|link| source.contains(link.as_str()));
    let numbered =
        drawing.all_items().all(|item| item.link.is_none_or(|link| usize::from(link) < drawing.links.len()));
    let sound = title == drawing.title && description == drawing.description;
    links && numbered && sound && drawing.texts().all(|words| words.runs.iter().all(|run| says(&run.text)))
}

/// The letters and digits of a text in lower case. Mermaid puts other characters around the author's words.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether Mermaid may have made a text itself: numbers, dates, punctuation, names of commits.
fn generated(text: &str) -> bool {
    let is_commit = |name: &str| name.len() == 7 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    // A commit: a number, `-` and seven hexadecimal digits.
    if text
        .split_once('-')
        .is_some_and(|(number, name)| number.bytes().all(|b| b.is_ascii_digit()) && is_commit(name))
    {
        return true;
    }
    const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdecmontuewedthufrisatsun";
    let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).all(|word| word.chars().count() == 3 && MONTHS.contains(&word))
}
