//! What a text should not say: keys, tokens, passwords, addresses.
//!
//! Owns what is found and which find counts where several meet. What is looked for is data: `rules.toml`, in the form of
//! gitleaks' rule file, which handbooks may add to. Pure: bytes in, ranges out. Knows neither pages nor outputs; what is
//! decoded before it is looked at, and what is allowed, is decided by its callers.

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

/// Something that should not be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    pub range: Range<usize>,
    pub rule: &'static Rule,
    /// With its article, for messages: `a GitHub token`.
    pub what: Arc<str>,
}

/// The rules of Opsbook itself.
const BUILT_IN: &str = include_str!("rules.toml");

static ALL: LazyLock<Detectors> = LazyLock::new(|| rule_file::built_in(BUILT_IN, |_| true));
/// What is sure by its form: private keys, and tokens with a prefix, a length and an alphabet of their own.
static SURE: LazyLock<Detectors> =
    LazyLock::new(|| rule_file::built_in(BUILT_IN, |rule| rule == &LEAK_SECRET));

/// Private keys and access tokens of a sure form, in order, with what they are.
pub fn secrets(text: &str) -> Vec<(Range<usize>, Arc<str>)> {
    let found = surest(SURE.find(text.as_bytes(), None));
    found.into_iter().map(|leak| (leak.range, leak.what)).collect()
}

/// Everything that the built-in rules and those of a handbook find, in order. Of leaks in one place the surest is told.
/// `path` is the name of the file, for rules that are about some files only.
pub fn find(text: &[u8], path: &str, own: &[Detectors]) -> Vec<Leak> {
    let mut found = ALL.find(text, Some(path));
    for detectors in own {
        found.extend(detectors.find(text, Some(path)));
    }
    surest(found)
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

/// A run is followed no farther than this, so that no text takes longer than its length. Bytes.
const LONGEST_RUN: usize = 16 * 1024;

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
    use crate::leaks::detectors::tests::random;

    /// What the detectors find in a text, as texts.
    pub(super) fn found(text: &str) -> Vec<(&'static str, String)> {
        let shown = |leak: Leak| (leak.rule.name, text[leak.range].to_owned());
        find(text.as_bytes(), "a.txt", &[]).into_iter().map(shown).collect()
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
