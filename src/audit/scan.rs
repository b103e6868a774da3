//! One file, looked at in every form that it can be read in.
//!
//! Owns the order of decoding and its limits. The same bytes are not looked at twice: a view holds only what the one before
//! did not.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::leaks::{self, Leak};
use crate::rules::{LEAK_FILE, LEAK_SECRET, LEAK_UNCHECKED, Rule};

use super::packed::{self, Budget};
use super::view::{Maker, Step, View};
use super::words::{Found, folded};
use super::{Scanner, base64_runs, drawn, escapes, markup, metadata, names};

/// Forms within forms: JSON in base64 in gzip.
const DEPTH: usize = 4;
/// In bytes that are no text, something is only found in so long a run of signs.
const PRINTABLE: usize = 12;

/// Something found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub rule: &'static Rule,
    /// With its article: `a private key`.
    pub what: String,
    /// What was found. Never shown.
    pub(super) value: String,
    /// A byte of the file.
    pub(super) at: usize,
    /// How it was decoded, the first step first.
    pub steps: Vec<Step>,
    /// How often it is in the file.
    pub count: usize,
}

/// What a hit is known by: two hits with the same are one.
type Key = (&'static str, String);

/// A scan of one file.
pub(super) struct Scan<'s> {
    path: &'s str,
    scanner: &'s Scanner,
    budget: Budget,
    hits: BTreeMap<Key, Hit>,
}

/// Everything in a file and its path.
pub(super) fn file(path: &str, bytes: &[u8], scanner: &Scanner) -> Vec<Hit> {
    let mut scan = Scan { path, scanner, budget: Budget::new(bytes.len()), hits: BTreeMap::new() };
    scan.name(path);
    scan.walk(&View::file(bytes));
    if let Some(at) = names::source_map(bytes) {
        scan.add(&LEAK_FILE, "a reference to a source map", path, at);
    }
    if let Some((rule, what)) = metadata::problem(path, bytes) {
        scan.add(rule, &what, path, 0);
    }
    if scan.budget.exceeded {
        scan.add(&LEAK_UNCHECKED, "a packed part that is too large to be checked", path, 0);
    }
    let mut hits: Vec<Hit> = scan.hits.into_values().collect();
    hits.sort_by(|a, b| (a.at, a.rule.name, &a.value).cmp(&(b.at, b.rule.name, &b.value)));
    hits
}

impl Scan<'_> {
    fn name(&mut self, path: &str) {
        if let Some(what) = names::misplaced(path) {
            self.add(&LEAK_FILE, what, path, 0);
        }
        let name = View::file(path.as_bytes());
        let mut maker = Maker::new(&name);
        maker.made(0, path.as_bytes());
        if let Some(view) = maker.finish(Step::Name) {
            self.walk(&view);
        }
    }

    /// Notes something about the file as a whole.
    fn add(&mut self, rule: &'static Rule, what: &str, path: &str, at: usize) {
        if self.scanner.allow.allows(path) {
            return;
        }
        let hit =
            Hit { rule, what: what.to_owned(), value: path.to_owned(), at, steps: Vec::new(), count: 1 };
        self.hits.insert((rule.name, format!("{what} {path}")), hit);
    }

    /// Looks at a view and at all that can be made of it.
    fn walk(&mut self, view: &View<'_>) {
        self.look(view);
        if view.steps.len() >= DEPTH {
            return;
        }
        let mut next: Vec<View<'static>> = escapes::undone(view).collect();
        if !view.steps.contains(&Step::Markup) {
            next.extend(markup::text(view));
        }
        if !view.steps.contains(&Step::Drawn) {
            next.extend(drawn::text(view));
        }
        next.extend(escapes::utf16(view));
        next.extend(base64_runs::decoded(view));
        next.extend(packed::unpacked(view, &mut self.budget));
        next.extend(self.plain(view));
        for view in next {
            self.walk(&view);
        }
    }

    /// Looks for leaks and words. In bytes that are no text most of what is found is chance.
    fn look(&mut self, view: &View<'_>) {
        let text = !view.bytes.contains(&0);
        if !view.steps.contains(&Step::Plain) {
            for leak in leaks::find(&view.bytes, self.path, &self.scanner.secret_rules) {
                let sure = leak.rule == &LEAK_SECRET;
                if text || sure || is_readable(&view.bytes, &leak.range, PRINTABLE) {
                    self.leak(view, leak);
                }
            }
        }
        if self.scanner.words.is_empty() {
            return;
        }
        for word in self.scanner.words.find(&view.bytes) {
            if text || word.range.len() >= 6 || is_readable(&view.bytes, &word.range, PRINTABLE) {
                self.word(view, word);
            }
        }
    }

    fn leak(&mut self, view: &View<'_>, leak: Leak) {
        let value = String::from_utf8_lossy(&view.bytes[leak.range.clone()]).into_owned();
        if !self.scanner.allow.allows(&value) {
            let key = (leak.rule.name, value.clone());
            self.record(view, key, Hit::of(leak.rule, leak.what.to_string(), value, &leak.range));
        }
    }

    fn word(&mut self, view: &View<'_>, word: Found) {
        let value = String::from_utf8_lossy(&view.bytes[word.range.clone()]).into_owned();
        if !self.scanner.allow.allows(&value) {
            let key = (word.rule.name, format!("{} {}", word.entry, value.to_lowercase()));
            self.record(view, key, Hit::of(word.rule, word.what, value, &word.range));
        }
    }

    /// Keeps the hit, unless the same was found in a view nearer to the file.
    fn record(&mut self, view: &View<'_>, key: Key, hit: Hit) {
        match self.hits.get_mut(&key) {
            Some(known) => known.count += usize::from(known.steps == view.steps),
            None => {
                let at = view.origin(hit.at);
                drop(self.hits.insert(key, Hit { at, steps: view.steps.clone(), ..hit }));
            }
        }
    }

    /// What is not written in ASCII, in small letters and without accents. Only words are looked for in it.
    fn plain(&self, view: &View<'_>) -> Option<View<'static>> {
        if self.scanner.words.is_empty()
            || matches!(view.steps.last(), Some(Step::Plain))
            || view.bytes.is_ascii()
        {
            return None;
        }
        let mut maker = Maker::new(view);
        for chunk in view.bytes.utf8_chunks() {
            let start = chunk.valid().as_ptr() as usize - view.bytes.as_ptr() as usize;
            fold(chunk.valid(), start, &mut maker);
        }
        maker.finish(Step::Plain)
    }
}

/// Appends the words of a text that are around letters beyond ASCII, folded.
fn fold(text: &str, start: usize, maker: &mut Maker<'_, '_>) {
    let mut at = 0;
    while let Some(found) = text[at..].find(|c: char| !c.is_ascii()) {
        let from = crate::source::floor_boundary(text, (at + found).saturating_sub(64)).max(at);
        if from > at {
            maker.made(start + from, b"\n");
        }
        let mut end = at + found;
        while let Some(next) = text[end..].char_indices().take(64).filter(|(_, c)| !c.is_ascii()).last() {
            end += next.0 + next.1.len_utf8();
        }
        let end = crate::source::floor_boundary(text, end + 64).max(end);
        maker.made(start + from, folded(&text[from..end]).as_bytes());
        at = end;
    }
}

/// Whether a range stands in a run of printable signs of some length.
fn is_readable(bytes: &[u8], range: &Range<usize>, least: usize) -> bool {
    let printable = |byte: &&u8| (0x20..0x7f).contains(*byte) || b"\t\n\r".contains(byte);
    let before = bytes[..range.start].iter().rev().take(least).take_while(printable).count();
    let after = bytes[range.end..].iter().take(least).take_while(printable).count();
    bytes[range.clone()].iter().all(|byte| printable(&byte)) && before + range.len() + after >= least
}

impl Hit {
    pub(super) fn of(rule: &'static Rule, what: String, value: String, range: &Range<usize>) -> Hit {
        Hit { rule, what, value, at: range.start, steps: Vec::new(), count: 1 }
    }
}
