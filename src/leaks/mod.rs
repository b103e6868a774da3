//! What a text should not say: keys, tokens, passwords, addresses.
//!
//! Owns the table of detectors, one row each, and the one pass that asks all of them. Pure: bytes in, ranges out. Knows
//! neither pages nor outputs; what is decoded before it is looked at, and what is allowed, is decided by its callers.

mod addresses;
mod assigned;
mod domains;
mod hashes;
mod keys;
mod logins;
mod mail;
mod real;
mod signed;
mod tokens;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::rules::{LEAK_SECRET, Rule};

/// One sort of leak: what it begins with or holds, and how it is recognised from there.
#[derive(Debug)]
pub struct Detector {
    pub rule: &'static Rule,
    /// With its article, for messages: `a GitHub token`.
    pub what: &'static str,
    /// Texts by which it is noticed, whatever their case.
    triggers: &'static [&'static str],
    form: Form,
}

/// How a leak is recognised.
#[derive(Debug)]
enum Form {
    /// The trigger, then so many signs of an alphabet that look random.
    Token(tokens::Tail),
    /// The trigger stands at this range: the function says where the leak is.
    Found(Find),
}

type Find = fn(&[u8], Range<usize>) -> Option<Range<usize>>;

/// Something that should not be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    pub range: Range<usize>,
    pub rule: &'static Rule,
    pub what: &'static str,
}

/// Detectors, and the automaton that finds their triggers in one pass.
struct Machine {
    automaton: AhoCorasick,
    /// For each trigger its detector.
    detectors: Vec<&'static Detector>,
}

const TABLES: [&[Detector]; 9] = [
    keys::DETECTORS,
    tokens::DETECTORS,
    signed::DETECTORS,
    assigned::DETECTORS,
    logins::DETECTORS,
    hashes::DETECTORS,
    mail::DETECTORS,
    addresses::DETECTORS,
    domains::DETECTORS,
];

/// What is sure by its form: private keys, and tokens with a prefix, a length and an alphabet of their own.
static SURE: LazyLock<Machine> = LazyLock::new(|| Machine::new(|rule| rule == &LEAK_SECRET));
static ALL: LazyLock<Machine> = LazyLock::new(|| Machine::new(|_| true));

/// Private keys and access tokens of a sure form, in order, with what they are.
pub fn secrets(text: &str) -> Vec<(Range<usize>, &'static str)> {
    SURE.find(text.as_bytes()).into_iter().map(|leak| (leak.range, leak.what)).collect()
}

/// Everything that the detectors know, in order. Of leaks in one place the surest is told.
pub fn find(text: &[u8]) -> Vec<Leak> {
    ALL.find(text)
}

impl Machine {
    fn new(wanted: impl Fn(&'static Rule) -> bool) -> Machine {
        let rows = || TABLES.iter().copied().flatten().filter(|row| wanted(row.rule));
        let (triggers, detectors): (Vec<&str>, Vec<&'static Detector>) =
            rows().flat_map(|row| row.triggers.iter().map(move |trigger| (*trigger, row))).unzip();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(triggers)
            .expect("the triggers are few and short");
        Machine { automaton, detectors }
    }

    fn find(&self, text: &[u8]) -> Vec<Leak> {
        let mut found: Vec<Leak> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(text) {
            let detector = self.detectors[hit.pattern().as_usize()];
            let range = match &detector.form {
                Form::Token(tail) => tail.find(text, hit.range(), detector.triggers),
                Form::Found(find) => find(text, hit.range()),
            };
            found.extend(range.map(|range| Leak { range, rule: detector.rule, what: detector.what }));
        }
        surest(found)
    }
}

/// Drops leaks that overlap a surer or an earlier one.
fn surest(mut found: Vec<Leak>) -> Vec<Leak> {
    let weight = |leak: &Leak| {
        (std::cmp::Reverse(leak.rule.level), leak.range.start, std::cmp::Reverse(leak.range.end))
    };
    found.sort_by_key(|leak| weight(leak));
    let mut kept: BTreeMap<usize, Leak> = BTreeMap::new();
    for leak in found {
        let last = kept.range(..leak.range.end).next_back();
        if last.is_none_or(|(_, before)| before.range.end <= leak.range.start) {
            kept.insert(leak.range.start, leak);
        }
    }
    kept.into_values().collect()
}

/// A run is followed no farther than this, so that no text takes longer than its length. The longest keys are shorter.
/// Bytes.
const LONGEST_RUN: usize = 16 * 1024;

/// Where the run of bytes around `at` begins and ends that are of a sort; at most `most` bytes to either side.
fn run_around(text: &[u8], at: usize, most: usize, is_part: impl Fn(u8) -> bool) -> Range<usize> {
    let from = at.saturating_sub(most);
    let start =
        text[from..at].iter().rposition(|byte| !is_part(*byte)).map_or(from, |before| from + before + 1);
    start..run_most(text, at, most, is_part)
}

/// Where the run of bytes from `at` on ends that are of a sort.
fn run_end(text: &[u8], at: usize, is_part: impl Fn(u8) -> bool) -> usize {
    run_most(text, at, LONGEST_RUN, is_part)
}

/// The same, followed for at most so many bytes.
fn run_most(text: &[u8], at: usize, most: usize, is_part: impl Fn(u8) -> bool) -> usize {
    let end = text.len().min(at + most);
    text[at..end].iter().position(|byte| !is_part(*byte)).map_or(end, |length| at + length)
}

/// Whether the byte before `at` fulfils a condition; there is none at the beginning.
fn before(text: &[u8], at: usize, is: impl Fn(u8) -> bool) -> bool {
    at.checked_sub(1).is_some_and(|before| is(text[before]))
}

/// Whether the byte at `at` fulfils a condition; there is none at the end.
fn after(text: &[u8], at: usize, is: impl Fn(u8) -> bool) -> bool {
    text.get(at).is_some_and(|byte| is(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the detectors find in a text, as texts.
    pub(super) fn found(text: &str) -> Vec<(&'static str, String)> {
        let shown = |leak: Leak| (leak.rule.name, text[leak.range].to_owned());
        find(text.as_bytes()).into_iter().map(shown).collect()
    }

    /// Asserts that in each text exactly the part between `«` and `»` is found by the rule.
    #[track_caller]
    pub(super) fn assert_found(rule: &str, texts: &[&str]) {
        assert!(texts.len() >= 5);
        for text in texts {
            let inner = &text[text.find('«').unwrap() + "«".len()..text.find('»').unwrap()];
            let plain = text.replace(['«', '»'], "");
            let hits = found(&plain);
            assert!(hits.iter().any(|(name, value)| *name == rule && value == inner), "{text}: {hits:?}");
        }
    }

    /// Asserts that nothing is found in these texts by the rule.
    #[track_caller]
    pub(super) fn assert_silent(rule: &str, texts: &[&str]) {
        assert!(texts.len() >= 5);
        for text in texts {
            let hits = found(text);
            assert!(hits.iter().all(|(name, _)| *name != rule), "{text}: {hits:?}");
        }
    }

    #[test]
    fn the_surest_leak_of_a_place_is_told() {
        let token = format!("ghp_{}", tokens::tests::random("Alnum", 36, 1));
        let text = format!("password: {token}");
        assert_eq!(found(&text), [("leak.secret", token)]);
    }

    #[test]
    fn secrets_tell_only_what_is_sure() {
        let token = format!("glpat-{}", tokens::tests::random("Alnum", 20, 2));
        let text = format!("10.1.2.3 password: Tr0ub4dor&3 {token} anna@corp.net");
        let found = secrets(&text);
        assert_eq!(found.len(), 1);
        assert_eq!(&text[found[0].0.clone()], token);
    }
}
