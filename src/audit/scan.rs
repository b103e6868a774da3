//! The scan of one file, in every form that it can be decoded to.
//!
//! Owns the order of decoding and its limits. A view repeats as little as possible of the previous view, so that the same
//! bytes are not scanned twice.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::leaks::{self, Leak};
use crate::rules::{LEAK_FILE, LEAK_SECRET, LEAK_UNCHECKED, Rule};

use super::packed::{self, Budget};
use super::view::{DecodeStep, DecodedView, ViewDecoder};
use super::word_list::{WordMatch, folded};
use super::{Scanner, base64_runs, drawn_text, escapes, markup, metadata, names};

/// The most decoding steps in a row: JSON in base64 in gzip has three.
const DEPTH: usize = 4;
/// The shortest run of printable characters in which a hit counts, in bytes that are not text.
const PRINTABLE: usize = 12;

/// Something that was found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub rule: &'static Rule,
    /// The kind of value with its article: `a private key`.
    pub what: String,
    /// The value itself. Never shown as a whole.
    pub(super) value: String,
    /// Its byte offset in the file.
    pub(super) at: usize,
    /// The decoding steps that led to it, in order.
    pub steps: Vec<DecodeStep>,
    /// The number of times that it was found by these steps.
    pub count: usize,
}

/// The identity of a hit, as rule name and value: two hits with the same key are one.
type HitKey = (&'static str, String);

/// A scan of one file.
pub(super) struct Scan<'s> {
    path: &'s str,
    scanner: &'s Scanner,
    budget: Budget,
    hits: BTreeMap<HitKey, Hit>,
}

/// All hits in a file and its path, by offset.
pub(super) fn file(path: &str, bytes: &[u8], scanner: &Scanner) -> Vec<Hit> {
    let mut scan = Scan { path, scanner, budget: Budget::new(bytes.len()), hits: BTreeMap::new() };
    scan.name(path);
    scan.walk(&DecodedView::file(bytes));
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
        let name = DecodedView::file(path.as_bytes());
        let mut maker = ViewDecoder::new(&name);
        maker.push_decoded(0, path.as_bytes());
        if let Some(view) = maker.finish(DecodeStep::Name) {
            self.walk(&view);
        }
    }

    /// Adds a hit about the file as a whole, with its path as the value.
    fn add(&mut self, rule: &'static Rule, what: &str, path: &str, at: usize) {
        if self.scanner.allow.allows(path) {
            return;
        }
        let hit =
            Hit { rule, what: what.to_owned(), value: path.to_owned(), at, steps: Vec::new(), count: 1 };
        self.hits.insert((rule.name, format!("{what} {path}")), hit);
    }

    /// Scans a view, and all views that can be decoded from it.
    fn walk(&mut self, view: &DecodedView<'_>) {
        self.look(view);
        if view.steps.len() >= DEPTH {
            return;
        }
        let mut next: Vec<DecodedView<'static>> = escapes::undone(view).collect();
        if !view.steps.contains(&DecodeStep::Markup) {
            next.extend(markup::text(view));
        }
        if !view.steps.contains(&DecodeStep::Drawn) {
            next.extend(drawn_text::text(view));
        }
        next.extend(escapes::utf16(view));
        next.extend(base64_runs::decoded(view));
        next.extend(packed::unpacked(view, &mut self.budget));
        next.extend(self.plain(view));
        for view in next {
            self.walk(&view);
        }
    }

    /// Searches a view for leaks and words. In bytes that are not text, most hits are chance and do not count.
    fn look(&mut self, view: &DecodedView<'_>) {
        // Bytes with a zero are taken for binary data.
        let text = !view.bytes.contains(&0);
        if !view.steps.contains(&DecodeStep::Plain) {
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

    fn leak(&mut self, view: &DecodedView<'_>, leak: Leak) {
        let value = String::from_utf8_lossy(&view.bytes[leak.range.clone()]).into_owned();
        if !self.scanner.allow.allows(&value) {
            let key = (leak.rule.name, value.clone());
            self.record(view, key, Hit::of(leak.rule, leak.what.to_string(), value, &leak.range));
        }
    }

    fn word(&mut self, view: &DecodedView<'_>, word: WordMatch) {
        let value = String::from_utf8_lossy(&view.bytes[word.range.clone()]).into_owned();
        if !self.scanner.allow.allows(&value) {
            let key = (word.rule.name, format!("{} {}", word.entry, value.to_lowercase()));
            self.record(view, key, Hit::of(word.rule, word.what, value, &word.range));
        }
    }

    /// Records a hit. If an earlier view had the same one, that one stays, with its steps and offset.
    fn record(&mut self, view: &DecodedView<'_>, key: HitKey, hit: Hit) {
        match self.hits.get_mut(&key) {
            Some(known) => known.count += usize::from(known.steps == view.steps),
            None => {
                let at = view.origin(hit.at);
                drop(self.hits.insert(key, Hit { at, steps: view.steps.clone(), ..hit }));
            }
        }
    }

    /// The text around letters beyond ASCII, in lower case and without accents. It is searched for words only.
    fn plain(&self, view: &DecodedView<'_>) -> Option<DecodedView<'static>> {
        if self.scanner.words.is_empty()
            || matches!(view.steps.last(), Some(DecodeStep::Plain))
            || view.bytes.is_ascii()
        {
            return None;
        }
        let mut maker = ViewDecoder::new(view);
        for chunk in view.bytes.utf8_chunks() {
            // The chunk is a slice of the view, so the distance of the pointers is its offset.
            let start = chunk.valid().as_ptr() as usize - view.bytes.as_ptr() as usize;
            fold(chunk.valid(), start, &mut maker);
        }
        maker.finish(DecodeStep::Plain)
    }
}

/// Appends, folded, the letters beyond ASCII of a text with about 64 bytes before and after them. `start` is the offset
/// of the text in the view.
fn fold(text: &str, start: usize, maker: &mut ViewDecoder<'_, '_>) {
    let mut at = 0;
    while let Some(found) = text[at..].find(|c: char| !c.is_ascii()) {
        let from = crate::source::floor_boundary(text, (at + found).saturating_sub(64)).max(at);
        if from > at {
            // Text was skipped: its neighbours are not one word.
            maker.push_decoded(start + from, b"\n");
        }
        // A gap of fewer than 64 characters does not end the piece.
        let mut end = at + found;
        while let Some(next) = text[end..].char_indices().take(64).filter(|(_, c)| !c.is_ascii()).last() {
            end += next.0 + next.1.len_utf8();
        }
        let end = crate::source::floor_boundary(text, end + 64).max(end);
        maker.push_decoded(start + from, folded(&text[from..end]).as_bytes());
        at = end;
    }
}

/// Whether a range is in a run of at least `least` printable bytes.
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
