//! Patterns of values: regular expressions that mean the same here and in a browser.
//!
//! This module owns the accepted syntax: expressions that can be matched without backtracking, and that JavaScript
//! (with its flag `u`) reads in the same way.

use regex_syntax::Parser;

use super::program::Program;
use crate::bounds::PATTERN_BYTES;

/// Compiles a pattern to a program.
///
/// # Errors
/// The reason why the pattern cannot be used.
pub(super) fn read(pattern: &str) -> Result<Program, String> {
    if PATTERN_BYTES.is_exceeded(pattern.len()) {
        return Err(format!("it is longer than {PATTERN_BYTES}"));
    }
    if let Some(part) = foreign(pattern) {
        return Err(format!("browsers do not know `{part}`, or read it in another way"));
    }
    let expression = Parser::new().parse(&plain(pattern)).map_err(|error| {
        let text = error.to_string();
        text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })?;
    Program::new(&expression)
}

/// The pattern with classes such as `\d` spelt out, because in browsers they match ASCII only.
fn plain(pattern: &str) -> String {
    const CLASSES: [(&str, &str); 4] =
        [("d", "[0-9]"), ("D", "[^0-9]"), ("w", "[0-9A-Za-z_]"), ("W", "[^0-9A-Za-z_]")];
    let mut plain = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let character = after.chars().next().map_or("", |character| &after[..character.len_utf8()]);
        match CLASSES.iter().find(|(name, _)| *name == character) {
            Some((_, class)) => plain.push_str(class),
            None => plain.extend(["\\", character]),
        }
        rest = &after[character.len()..];
    }
    plain + rest
}

/// The first part of a pattern that JavaScript reads differently or not at all.
fn foreign(pattern: &str) -> Option<&str> {
    let (mut class, mut at) = (false, 0);
    while let Some(character) = pattern[at..].chars().next() {
        let rest = &pattern[at..];
        let length = match character {
            '\\' => escape(&rest[1..], if class { IN_CLASS } else { OUTSIDE }),
            '[' if class => return Some(&rest[..1]),
            '[' => {
                class = true;
                // Rust reads the first bracket in `[]…]` and `[^]…]` as a character; in JavaScript the class is
                // empty.
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
            '&' | '-' | '~' if class && rest[1..].starts_with(character) => return Some(&rest[..2]),
            '{' | '}' if !class => match repetition(rest) {
                Some(length) => length,
                None => return Some(&rest[..1]),
            },
            '*' | '+' | '?' if !class && rest[1..].starts_with('+') => return Some(&rest[..2]),
            _ => character.len_utf8(),
        };
        if length == 0 {
            let end = rest.char_indices().nth(2).map_or(rest.len(), |(end, _)| end);
            return Some(&rest[..end]);
        }
        at += length;
    }
    None
}

/// The characters that may follow a backslash in a class, besides the names of classes and characters with a
/// meaning.
const IN_CLASS: &str = "-";
/// The same outside a class.
const OUTSIDE: &str = "bB";

/// The length of an escape in bytes, where `after` is the text after the backslash; 0 where JavaScript has no such
/// escape.
fn escape(after: &str, here: &str) -> usize {
    let known =
        |character: char| "dDwWsSnrtfv^$\\.*+?()[]{}|/".contains(character) || here.contains(character);
    if after.starts_with(known) { 2 } else { 0 }
}

fn is_group(rest: &str) -> bool {
    ["(?:", "(?=", "(?!", "(?<=", "(?<!"].iter().any(|group| rest.starts_with(group))
}

fn group_start(rest: &str) -> &str {
    let end = rest.char_indices().nth(3).map_or(rest.len(), |(end, _)| end);
    &rest[..end]
}

/// The length of `{2}`, `{2,}` or `{2,5}` in bytes.
fn repetition(rest: &str) -> Option<usize> {
    let (inside, _) = rest.strip_prefix('{')?.split_once('}')?;
    let (from, to) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!from.is_empty() && digits(from) && digits(to)).then_some(inside.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(pattern: &str) -> Option<String> {
        read(pattern).err()
    }

    fn matches(pattern: &str, value: &str) -> bool {
        read(pattern).unwrap().matches(value)
    }

    #[test]
    fn patterns_that_browsers_know_are_taken() {
        for pattern in [
            "[a-z0-9.-]+",
            r"[a-z0-9]([a-z0-9\-]*[a-z0-9])?(\.[a-z0-9\-]+)*",
            r"\d{1,3}(?:\.\d{1,3}){3}",
            "(a+)+b",
            "^[a-z]+$",
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
        for pattern in ["(a", "a)", "*", "a{2", "[b-a]", "(?=a)b", r"\bx", "(.{200}){200}"] {
            assert!(problem(pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn the_whole_value_must_match() {
        assert!(matches("[a-z]+", "abc") && !matches("[a-z]+", "abc1") && !matches("a|b", "ab"));
        assert!(matches("a|bc|", "bc") && matches("a|bc|", "") && !matches("a|bc|", "b"));
        assert!(matches("^a{2,3}$", "aaa") && !matches("^a{2,3}$", "aaaa") && !matches("a^b", "ab"));
        assert!(matches("(a*)*", "aaa") && matches("(|a)+", "aa") && matches("[^/ ]{2,}", "ü€"));
        assert!(matches(r"\d\w\W[\d.]", "1a-2") && !matches(r"\d", "٣"), "digits are those of ASCII");
    }

    #[test]
    fn no_value_takes_long() {
        let value = "a".repeat(200);
        assert!(!matches("(a+)+b", &value) && !matches("(a|a)*(a|aa)*(a*)*b", &value));
    }
}
