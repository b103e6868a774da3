//! Reads the line that opens a code block: language, title, marked lines, line numbers.
//!
//! Owns every syntax for it that handbooks use (Docusaurus, Hugo, VitePress, MkDocs, plain). Reading never fails:
//! unknown words are skipped.

use super::languages::is_known;
use std::ops::RangeInclusive;

use super::risk::Risk;
use crate::diagnostic::nearest;

/// The most ranges of marked lines, and the highest line number that can be marked.
const RANGES: usize = 1000;
const LINES: u32 = 100_000;

/// The text after the opening fence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FenceInfo {
    /// In lower case. Empty if no language is named.
    pub language: String,
    /// The title, usually the path of a file.
    pub title: Option<String>,
    /// The marked lines, counted from 1.
    pub marked: Vec<RangeInclusive<u32>>,
    /// Whether the lines are numbered.
    pub numbered: bool,
    /// The risk of running the commands.
    pub risk: Option<Risk>,
    /// Where the commands run.
    pub run_on: Option<String>,
    /// The expected result.
    pub expect: Option<String>,
    /// How to undo the commands.
    pub undo: Option<String>,
    /// Words without a meaning in Opsbook.
    pub others: Vec<String>,
    /// Attributes that were meant for Opsbook and cannot be read.
    pub wrong: Vec<FenceError>,
}

/// An attribute that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FenceError {
    /// A value that is not a risk, and the nearest one.
    Risk { written: String, near: Option<&'static str> },
    /// A key that is nearly one of `MARKS`.
    Key { written: String, near: &'static str },
}

/// The attributes that describe commands.
const MARKS: [&str; 4] = ["risk", "run_on", "expect", "undo"];

impl FenceInfo {
    /// Reads the text after the opening fence.
    pub fn parse(info: &str) -> FenceInfo {
        let mut fence = FenceInfo::default();
        let rest = fence.take_language(info.trim());
        fence.take_items(rest);
        fence
    }

    /// Takes the first word, unless it is an attribute: `yaml`, `yaml{2}`, `rust,ignore`, `yaml:path/x.yml`.
    fn take_language<'a>(&mut self, info: &'a str) -> &'a str {
        let end = info
            .find(|c: char| c.is_whitespace() || matches!(c, '{' | '[' | ',' | '='))
            .unwrap_or(info.len());
        let (word, rest) = info.split_at(end);
        if rest.starts_with('=') && !word.contains(':') {
            return info;
        }
        let (language, tail) = word.split_once(':').unwrap_or((word, ""));
        let plain = |c: char| c.is_alphanumeric() || "+#-_.".contains(c);
        self.language = language.to_lowercase().chars().filter(|c| plain(*c)).take(40).collect();
        match tail {
            "" | "no-line-numbers" => {}
            "line-numbers" => self.numbered = true,
            path => self.set_title(path),
        }
        // `js:line-numbers=5`
        rest.strip_prefix('=').map_or(rest, |number| number.trim_start_matches(|c: char| c.is_ascii_digit()))
    }

    fn take_items(&mut self, info: &str) {
        let mut rest = info;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            let Some(first) = rest.chars().next() else { return };
            rest = match first {
                '{' => {
                    let (inner, after) = enclosed(rest, '}');
                    self.take_braces(inner);
                    after
                }
                '[' => {
                    let (inner, after) = enclosed(rest, ']');
                    self.set_title(inner);
                    after
                }
                // A quoted text without a key has no meaning.
                '"' | '\'' => enclosed(rest, first).1,
                _ => self.take_word(rest),
            };
        }
    }

    /// Reads `{2,4-6}`, or attributes in Hugo's syntax.
    fn take_braces(&mut self, inner: &str) {
        if inner.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '-' | ' ')) {
            self.mark(inner);
        } else {
            self.take_items(inner);
        }
    }

    /// Reads a flag, a `.class` or `key=value`. Returns the rest of the text.
    fn take_word<'a>(&mut self, rest: &'a str) -> &'a str {
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | ',' | '{' | '['))
            .unwrap_or(rest.len());
        // At least one character is always consumed, so that `take_items` ends for any text.
        let end = end.max(rest.chars().next().map_or(0, char::len_utf8));
        let (word, after) = rest.split_at(end);
        if let Some(value) = after.strip_prefix('=') {
            let (value, after) = value_of(value);
            self.set(word, value);
            return after;
        }
        match word.to_ascii_lowercase().as_str() {
            "showlinenumbers" | "linenos" | ".numberlines" | ".linenums" | "linenumbers"
            | ":line-numbers" => {
                self.numbered = true;
            }
            // `{.yaml title="x"}`
            class if class.starts_with('.') && self.language.is_empty() && is_known(&class[1..]) => {
                self.language = class[1..].to_owned()
            }
            _ => self.others.push(word.to_owned()),
        }
        after
    }

    fn set(&mut self, key: &str, value: &str) {
        match key.to_ascii_lowercase().as_str() {
            "title" | "file" | "filename" | "name" | "caption" => self.set_title(value),
            "hl_lines" | "highlight" | "mark" | "lines" => self.mark(value),
            "showlinenumbers" | "linenos" | "linenums" | "line-numbers" | ":line-numbers" | "linenumbers" => {
                self.numbered = !matches!(value, "false" | "0" | "off" | "no");
            }
            "risk" => self.set_risk(value),
            "run_on" => set_once(&mut self.run_on, value),
            "expect" => set_once(&mut self.expect, value),
            "undo" => set_once(&mut self.undo, value),
            other => {
                // An unnoticed typing error here would remove the warning from a dangerous command.
                let near = nearest(&other.replace('-', "_"), MARKS);
                let wrong = near.map(|near| FenceError::Key { written: key.to_owned(), near });
                self.wrong.extend(wrong);
                self.others.push(format!("{key}={value}"));
            }
        }
    }

    fn set_risk(&mut self, value: &str) {
        self.risk = Risk::parse(value);
        if self.risk.is_none() {
            let near = nearest(value, Risk::ALL.map(Risk::name));
            self.wrong.push(FenceError::Risk { written: value.to_owned(), near });
        }
    }

    fn set_title(&mut self, title: &str) {
        set_once(&mut self.title, title);
    }

    /// Marks every number and range in a text such as `2,4-6` or `2 "4-6"`.
    fn mark(&mut self, text: &str) {
        for part in text.split(|c: char| !(c.is_ascii_digit() || c == '-')) {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) else { continue };
            if self.marked.len() < RANGES && from > 0 {
                self.marked.push(from.min(to).min(LINES)..=from.max(to).min(LINES));
            }
        }
    }
}

/// Sets a field to the first value that is not empty.
fn set_once(field: &mut Option<String>, value: &str) {
    let value = value.trim();
    if field.is_none() && !value.is_empty() {
        *field = Some(value.to_owned());
    }
}

/// The text between the first character and `close`, or the end of the text if it is not closed; and the rest.
fn enclosed(text: &str, close: char) -> (&str, &str) {
    let inner = text.get(1..).unwrap_or_default();
    inner.split_once(close).unwrap_or((inner, ""))
}

/// Reads a value after `=`, with or without quotes.
fn value_of(text: &str) -> (&str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => enclosed(text, quote),
        Some('[') => enclosed(text, ']'),
        Some('{') => enclosed(text, '}'),
        _ => text
            .split_at(text.find(|c: char| c.is_whitespace() || matches!(c, ',' | '}')).unwrap_or(text.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Language, title, marked lines and numbering, on one line.
    fn read(info: &str) -> String {
        let info = FenceInfo::parse(info);
        let marked: Vec<String> = info.marked.iter().map(|r| format!("{}-{}", r.start(), r.end())).collect();
        let numbered = if info.numbered { " n" } else { "" };
        format!("{}|{}|{}{numbered}", info.language, info.title.unwrap_or_default(), marked.join(","))
    }

    #[test]
    fn every_spelling_of_a_title_is_read() {
        assert_eq!(read("yaml title=\"environments/a b.yml\""), "yaml|environments/a b.yml|");
        assert_eq!(read("ini file=\"x\""), "ini|x|");
        assert_eq!(read("yaml:environments/x.yml"), "yaml|environments/x.yml|");
        assert_eq!(read("yaml title=\"unclosed path"), "yaml|unclosed path|");
        assert_eq!(read("yaml title=unquoted.yml {1}"), "yaml|unquoted.yml|1-1");
        assert_eq!(read("js [config.js]"), "js|config.js|");
        assert_eq!(read("title='no language'"), "|no language|");
        assert_eq!(read("{.python title=\"x\"}"), "python|x|");
    }

    #[test]
    fn every_spelling_of_marks_and_numbers_is_read() {
        assert_eq!(read("yaml {2,4-6} showLineNumbers"), "yaml||2-2,4-6 n");
        assert_eq!(read("yaml{2, 6-4}"), "yaml||2-2,4-6");
        assert_eq!(read("go {linenos=table,hl_lines=[8,\"15-17\"],linenostart=199}"), "go||8-8,15-17 n");
        assert_eq!(read("go {hl_lines=\"2 4-6\" linenos=false}"), "go||2-2,4-6");
        assert_eq!(read("ts:line-numbers {1}"), "ts||1-1 n");
        assert_eq!(read("ts:line-numbers=2 {1}"), "ts||1-1 n");
        assert_eq!(read("python linenums=\"1\" hl_lines=\"2 3\""), "python||2-2,3-3 n");
    }

    #[test]
    fn what_commands_do_is_read() {
        let info = FenceInfo::parse(
            "console risk=destructive run_on=\"the deployment host\" expect='HEALTH_OK' undo=\"none\"",
        );
        assert_eq!(
            (info.risk, info.run_on.as_deref()),
            (Some(Risk::Destructive), Some("the deployment host"))
        );
        assert_eq!((info.expect.as_deref(), info.undo.as_deref()), (Some("HEALTH_OK"), Some("none")));
        assert_eq!(info.wrong, []);
    }

    #[test]
    fn a_mark_with_a_typing_error_is_not_passed_over() {
        let wrong = |info: &str| format!("{:?}", FenceInfo::parse(info).wrong);
        assert!(wrong("sh risk=distructive").contains("Some(\"destructive\")"));
        assert!(wrong("sh risk=high").contains("near: None"));
        assert!(wrong("sh run-on=\"x\"").contains("near: \"run_on\""));
        assert!(wrong("sh expects=\"x\"").contains("near: \"expect\""));
        assert_eq!(wrong("sh frame=none icon=x mode=run id=\"a\" style=a"), "[]");
    }

    #[test]
    fn what_is_not_known_is_passed_over() {
        assert_eq!(read(""), "||");
        assert_eq!(read("rust,ignore"), "rust||");
        assert_eq!(read("C++"), "c++||");
        assert_eq!(read("js \"word\" /a/ ins={3} frame=\"none\" wrap {"), "js||");
        assert_eq!(read("text {99999999999} {0} {3-}"), "text||");
        assert_eq!(read("= ] } '"), "||");
    }
}
