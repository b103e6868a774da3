//! Patterns of values: regular expressions that mean the same here and in a browser.
//!
//! Owns which expressions are taken: those that compile, and use nothing that JavaScript (with its flag `u`) reads in
//! another way or not at all.

use fancy_regex::{Regex, RegexBuilder};

/// Longer ones are a mistake.
const MOST_BYTES: usize = 500;
/// How far one value may be searched.
const MOST_STEPS: usize = 100_000;

/// Why a pattern cannot be used, if it cannot.
pub(super) fn problem(pattern: &str) -> Option<String> {
    if pattern.len() > MOST_BYTES {
        return Some(format!("it is longer than {MOST_BYTES} bytes"));
    }
    if let Some(part) = foreign(pattern) {
        return Some(format!("browsers do not know `{part}`, or read it in another way"));
    }
    compiled(pattern).err()
}

/// Whether all of a value matches. A pattern that cannot decide matches nothing.
pub(super) fn matches(pattern: &str, value: &str) -> bool {
    compiled(pattern).is_ok_and(|regex| regex.is_match(value).unwrap_or(false))
}

/// The pattern for whole values, or why it cannot be read.
fn compiled(pattern: &str) -> Result<Regex, String> {
    let whole = format!("^(?:{pattern})$");
    RegexBuilder::new(&whole).backtrack_limit(MOST_STEPS).build().map_err(|error| {
        let text = error.to_string();
        text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })
}

/// The first part that is not the same in JavaScript.
fn foreign(pattern: &str) -> Option<&str> {
    let (mut class, mut at) = (false, 0);
    while let Some(sign) = pattern[at..].chars().next() {
        let rest = &pattern[at..];
        let length = match sign {
            '\\' => escape(&rest[1..], if class { IN_CLASS } else { OUTSIDE }),
            '[' if class => return Some(&rest[..1]),
            '[' => {
                class = true;
                // `[]…]` and `[^]…]` begin with a bracket elsewhere and are empty there.
                let start = 1 + usize::from(rest[1..].starts_with('^'));
                if rest[start..].starts_with(']') {
                    return Some(&rest[..=start]);
                }
                start
            }
            ']' if !class => return Some(&rest[..1]),
            ']' => {
                class = false;
                1
            }
            '(' if !class && rest.starts_with("(?") && !is_group(rest) => return Some(group_start(rest)),
            '&' | '-' | '~' if class && rest[1..].starts_with(sign) => return Some(&rest[..2]),
            '{' | '}' if !class => match repetition(rest) {
                Some(length) => length,
                None => return Some(&rest[..1]),
            },
            '*' | '+' | '?' if !class && rest[1..].starts_with('+') => return Some(&rest[..2]),
            _ => sign.len_utf8(),
        };
        if length == 0 {
            let end = rest.char_indices().nth(2).map_or(rest.len(), |(end, _)| end);
            return Some(&rest[..end]);
        }
        at += length;
    }
    None
}

/// What may stand behind a backslash besides the names of classes and signs with a meaning.
const IN_CLASS: &str = "-";
const OUTSIDE: &str = "bB";

/// The bytes of an escape, of which `after` is what follows the backslash; 0 where JavaScript has no such escape.
fn escape(after: &str, here: &str) -> usize {
    let known = |sign: char| "dDwWsSnrtfv^$\\.*+?()[]{}|/".contains(sign) || here.contains(sign);
    if after.starts_with(known) { 2 } else { 0 }
}

fn is_group(rest: &str) -> bool {
    ["(?:", "(?=", "(?!", "(?<=", "(?<!"].iter().any(|group| rest.starts_with(group))
}

fn group_start(rest: &str) -> &str {
    let end = rest.char_indices().nth(3).map_or(rest.len(), |(end, _)| end);
    &rest[..end]
}

/// The bytes of `{2}`, `{2,}` or `{2,5}`.
fn repetition(rest: &str) -> Option<usize> {
    let (inside, _) = rest.strip_prefix('{')?.split_once('}')?;
    let (from, to) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!from.is_empty() && digits(from) && digits(to)).then_some(inside.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_browsers_know_are_taken() {
        for pattern in [
            "[a-z0-9.-]+",
            r"[a-z0-9]([a-z0-9\-]*[a-z0-9])?(\.[a-z0-9\-]+)*",
            r"\d{1,3}(?:\.\d{1,3}){3}",
            "(?=.{1,63}$)[a-z]+",
            r"/dev/[a-z]+\d*|nvme\dn\d",
            "[^/ ]{2,}",
            "ü+",
        ] {
            assert_eq!(problem(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn patterns_that_browsers_read_otherwise_are_refused() {
        for pattern in [
            "(?i)abc",
            r"\Aabc\z",
            "[[:alpha:]]",
            "[a-z&&[^b]]",
            "[]a]",
            "a++",
            r"\h",
            r"\_",
            "(?P<a>b)",
            r"\-",
            "a]",
            "{a}",
            "(?>a)",
            r"\",
            r"\x{41}",
        ] {
            assert!(problem(pattern).unwrap().contains("browsers"), "{pattern}: {:?}", problem(pattern));
        }
        for pattern in ["(a", "a)", "*", "a{2", "[b-a]"] {
            assert!(problem(pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn the_whole_value_must_match() {
        assert!(matches("[a-z]+", "abc") && !matches("[a-z]+", "abc1") && !matches("a|b", "ab"));
        assert!(!matches("(a+)+b", &"a".repeat(200)), "one that takes too long matches nothing");
    }
}
