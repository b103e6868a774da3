//! Detection of leaks in a text: keys, tokens, passwords, addresses.
//!
//! Owns the search, and the choice between leaks that overlap. The rules are data: `rules.toml`, in the format of
//! gitleaks' rule file. Handbooks may add rules. Pure: bytes in, ranges out. Knows neither pages nor outputs; the
//! callers decode the text and decide which values are allowed.

mod addresses;
mod detectors;
mod domains;
mod logins;
mod mail;
mod password_assignments;
mod placeholder;
mod rule_file;
mod validators;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use crate::rules::{LEAK_SECRET, Rule};

pub use detectors::Detectors;
pub use rule_file::{LoadedRules, read};

/// A value that should not be in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The bytes of the value.
    pub range: Range<usize>,
    /// The rule of Opsbook that it breaks.
    pub rule: &'static Rule,
    /// With its article, for messages: `a GitHub token`.
    pub what: Arc<str>,
}

/// The built-in rules.
const BUILT_IN: &str = include_str!("rules.toml");

static ALL: LazyLock<Detectors> = LazyLock::new(|| rule_file::built_in(BUILT_IN, |_| true));
/// The built-in rules whose finds are certain by their format: private keys, and tokens with a prefix, a length and an
/// alphabet of their own.
static SURE: LazyLock<Detectors> =
    LazyLock::new(|| rule_file::built_in(BUILT_IN, |rule| rule == &LEAK_SECRET));

/// The ranges of private keys and access tokens of a certain format, in order, with their kind: `a GitHub token`.
pub fn secrets(text: &str) -> Vec<(Range<usize>, Arc<str>)> {
    let found = surest(SURE.find(text.as_bytes(), None));
    found.into_iter().map(|leak| (leak.range, leak.what)).collect()
}

/// The leaks that the built-in rules and the handbook's `own` rules find, in order. Of leaks that overlap, only the
/// most certain one is reported. `path` is the path of the file, for rules about some files only.
pub fn find(text: &[u8], path: &str, own: &[Detectors]) -> Vec<Leak> {
    let mut found = ALL.find(text, Some(path));
    for detectors in own {
        found.extend(detectors.find(text, Some(path)));
    }
    surest(found)
}

/// Drops leaks that overlap a more certain or an earlier one. A rule of a higher severity is more certain.
fn surest(mut found: Vec<Leak>) -> Vec<Leak> {
    let weight = |leak: &Leak| {
        (std::cmp::Reverse(leak.rule.severity), leak.range.start, std::cmp::Reverse(leak.range.end))
    };
    found.sort_by_key(|leak| weight(leak));
    let mut kept: BTreeMap<usize, Leak> = BTreeMap::new();
    for leak in found {
        // The leaks that stay do not overlap, so only the last one before the end can meet this one.
        let last = kept.range(..leak.range.end).next_back();
        if last.is_none_or(|(_, before)| before.range.end <= leak.range.start) {
            kept.insert(leak.range.start, leak);
        }
    }
    kept.into_values().collect()
}

/// The most bytes that a run is followed for, so that the time grows only in proportion to the length of a text.
const LONGEST_RUN: usize = 16 * 1024;

/// The end of the run of bytes from `at` on for which `is_part` holds.
fn run_end(text: &[u8], at: usize, is_part: impl Fn(u8) -> bool) -> usize {
    run_most(text, at, LONGEST_RUN, is_part)
}

/// The same, followed for at most `most` bytes.
fn run_most(text: &[u8], at: usize, most: usize, is_part: impl Fn(u8) -> bool) -> usize {
    let end = text.len().min(at + most);
    text[at..end].iter().position(|byte| !is_part(*byte)).map_or(end, |length| at + length)
}

/// Whether the byte before `at` fulfils a condition; `false` at the beginning.
fn before(text: &[u8], at: usize, is: impl Fn(u8) -> bool) -> bool {
    at.checked_sub(1).is_some_and(|before| is(text[before]))
}

/// Whether the byte at `at` fulfils a condition; `false` at the end.
fn after(text: &[u8], at: usize, is: impl Fn(u8) -> bool) -> bool {
    text.get(at).is_some_and(|byte| is(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaks::detectors::tests::random;

    /// The rule and the value of each leak in a text.
    pub(super) fn found(text: &str) -> Vec<(&'static str, String)> {
        let shown = |leak: Leak| (leak.rule.name, text[leak.range].to_owned());
        find(text.as_bytes(), "a.txt", &[]).into_iter().map(shown).collect()
    }

    /// Asserts that the rule finds exactly the part between `«` and `»` in each text.
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

    /// Asserts that the rule finds nothing in these texts.
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
        let token = format!("ghp_{}", random("Alnum", 36, 1));
        let text = format!("password: {token}");
        assert_eq!(found(&text), [("leak.secret", token)]);
    }

    #[test]
    fn secrets_tell_only_what_is_sure() {
        let token = format!("glpat-{}", random("Alnum", 20, 2));
        let text = format!("10.1.2.3 password: Tr0ub4dor&3 {token} anna@corp.net");
        let found = secrets(&text);
        assert_eq!(found.len(), 1);
        assert_eq!(&text[found[0].0.clone()], token);
    }
}
