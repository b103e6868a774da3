//! Settings and front matter as a small tree of values, and a reader that reports each wrong field at its position.
//!
//! Owns [`Value`], [`FieldEntry`] and [`FieldReader`], and how JSON, TOML and YAML become them. Does not know keys: the
//! caller decides which fields are allowed where.

pub mod json;
pub mod toml;
pub mod yaml;

pub use yaml::{YamlSpans, place};

use crate::diagnostic::{Diagnostic, nearest};
use crate::path::FilePath;
use crate::rules::{self, LevelEnd, Rule, RuleLevel, Severity};
use crate::source::Span;

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Flag(bool),
    /// The number, and its text as written.
    Number(f64, String),
    Text(String),
    List(Vec<Value>),
    Map(Vec<FieldEntry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldEntry {
    pub key: String,
    /// The range of the key, in bytes of the file.
    pub at: std::ops::Range<usize>,
    pub value: Value,
}

/// The rules that a reader reports problems under.
#[derive(Debug, Clone, Copy)]
pub struct FieldRules {
    pub unknown: &'static Rule,
    pub wrong: &'static Rule,
}

/// Takes known fields out of a map, one by one, and reports the rest.
pub struct FieldReader<'a> {
    file: &'a FilePath,
    reports: FieldRules,
    fields: Vec<FieldEntry>,
    known: Vec<&'static str>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> FieldReader<'a> {
    pub fn new(
        file: &'a FilePath,
        reports: FieldRules,
        fields: Vec<FieldEntry>,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> FieldReader<'a> {
        FieldReader { file, reports, fields, known: Vec::new(), diagnostics }
    }

    /// Takes the field with one of these names. The first name is the one that is suggested and documented. It is a
    /// mistake to set several of them: each after the first is reported. A field that is null counts as absent.
    pub fn take(&mut self, names: &[&'static str]) -> Option<FieldEntry> {
        self.known.extend(names);
        let (found, rest) =
            std::mem::take(&mut self.fields).into_iter().partition(|f| names.contains(&f.key.as_str()));
        self.fields = rest;
        let mut found: std::vec::IntoIter<FieldEntry> = Vec::into_iter(found);
        let first = found.next();
        for extra in found {
            let message = format!("`{}` is set twice", names[0]);
            self.report(&extra, message, Some("keep one of the two".to_owned()));
        }
        first.filter(|field| field.value != Value::Null)
    }

    /// The position of a field that is not taken yet, or the start of the file if there is no such field.
    pub fn place(&self, name: &str) -> Span {
        let field = self.fields.iter().find(|field| field.key == name);
        field.map_or_else(|| Span::start_of(self.file), |field| Span::new(self.file, field.at.clone()))
    }

    /// The position of the key of a field.
    pub fn span_of(&self, field: &FieldEntry) -> Span {
        Span::new(self.file, field.at.clone())
    }

    /// A text. Numbers and flags count as texts, as they are written.
    pub fn text(&mut self, names: &[&'static str]) -> Option<String> {
        let field = self.take(names)?;
        let text = text_of(&field.value);
        if text.is_none() {
            self.wrong(&field, "a text");
        }
        text
    }

    /// A text that `accept` allows; `expected` describes the allowed texts in messages.
    pub fn text_where(
        &mut self,
        names: &[&'static str],
        expected: &str,
        accept: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let field = self.take(names)?;
        let text = text_of(&field.value).filter(|text| accept(text));
        if text.is_none() {
            self.wrong(&field, expected);
        }
        text
    }

    pub fn flag(&mut self, names: &[&'static str]) -> Option<bool> {
        let field = self.take(names)?;
        let Value::Flag(flag) = field.value else {
            self.wrong(&field, "`true` or `false`");
            return None;
        };
        Some(flag)
    }

    pub fn number(&mut self, names: &[&'static str]) -> Option<f64> {
        let field = self.take(names)?;
        let Value::Number(number, _) = field.value else {
            self.wrong(&field, "a number");
            return None;
        };
        Some(number)
    }

    /// A list of texts; a single text counts as a list of one.
    pub fn texts(&mut self, names: &[&'static str]) -> Vec<String> {
        let Some(field) = self.take(names) else { return Vec::new() };
        let texts = match &field.value {
            Value::List(items) => items.iter().map(text_of).collect::<Option<Vec<String>>>(),
            value => text_of(value).map(|text| vec![text]),
        };
        if texts.is_none() {
            self.wrong(&field, "a list of texts");
        }
        texts.unwrap_or_default()
    }

    /// A date `YYYY-MM-DD`. A time of day after it is allowed and ignored.
    pub fn date(&mut self, names: &[&'static str]) -> Option<jiff::civil::Date> {
        let field = self.take(names)?;
        let text = text_of(&field.value).unwrap_or_default();
        let date = text.get(..10).and_then(|day| day.parse().ok());
        if date.is_none() {
            self.wrong(&field, "a date such as `2026-11-21`");
        }
        date
    }

    /// The fields of a nested map; none if it is absent or wrong.
    pub fn map(&mut self, names: &[&'static str]) -> Vec<FieldEntry> {
        let Some(field) = self.take(names) else { return Vec::new() };
        let Value::Map(fields) = field.value else {
            self.wrong(&field, "a map of keys and values");
            return Vec::new();
        };
        fields
    }

    /// The levels of rules by name, as in `[rules]`.
    pub fn rule_levels(&mut self, names: &[&'static str]) -> Vec<(&'static str, RuleLevel)> {
        self.map(names).into_iter().filter_map(|field| self.rule_level(field)).collect()
    }

    /// The rule that a field names. Its level can be changed.
    pub fn rule(&mut self, names: &[&'static str]) -> Option<&'static Rule> {
        let field = self.take(names)?;
        match &field.value {
            Value::Text(name) => self.adjustable_rule(name, &field),
            _ => {
                self.wrong(&field, "the name of a rule");
                None
            }
        }
    }

    /// The rule with this name; if there is none, or if its level is fixed, the field is reported.
    fn adjustable_rule(&mut self, name: &str, field: &FieldEntry) -> Option<&'static Rule> {
        let found = rules::find_rule(name);
        if let Some(rule) = found.filter(|rule| rule.adjustable) {
            return Some(rule);
        }
        // Only names that can be set are suggested.
        let free = rules::RULES.iter().filter(|rule| rule.adjustable).map(|rule| rule.name);
        let (message, help) = match found {
            Some(rule) => {
                (format!("the rule `{}` keeps the site sound and has a fixed level", rule.name), None)
            }
            None => (format!("there is no rule `{name}`"), nearest(name, free)),
        };
        let mut problem = Diagnostic::new(&rules::RULE_UNKNOWN, self.span_of(field), message);
        problem.help = help.map(|name| format!("did you mean `{name}`?").into());
        self.diagnostics.push(problem);
        None
    }

    /// The level of the rule that a key names: a word, or a map with a reason and perhaps an end.
    fn rule_level(&mut self, field: FieldEntry) -> Option<(&'static str, RuleLevel)> {
        let rule = self.adjustable_rule(&field.key, &field)?;
        let Value::Map(parts) = field.value else {
            let severity = named_severity(&field.value);
            if severity.is_none() {
                self.wrong(&field, "\"off\", \"warn\" or \"error\"");
            }
            return Some((rule.name, RuleLevel { severity: severity?, end: None }));
        };
        let at = Span::new(self.file, field.at);
        let known = self.diagnostics.len();
        let mut reader = FieldReader::new(self.file, self.reports, parts, self.diagnostics);
        let level = reader.take(&["level"]);
        let severity = level.as_ref().and_then(|level| named_severity(&level.value));
        if let Some(wrong) = level.filter(|_| severity.is_none()) {
            reader.wrong(&wrong, "\"off\", \"warn\" or \"error\"");
        }
        let expected = "a sentence that says why";
        let reason = reader.text_where(&["reason"], expected, |reason| !reason.trim().is_empty());
        let until = reader.date(&["until"]);
        reader.finish(&[]);
        // A level of which a part is unclear could mean more than its author wants.
        if self.diagnostics.len() > known {
            return None;
        }
        let (Some(severity), Some(_)) = (severity, reason) else {
            let message = format!("the level of `{}` needs `level` and `reason`", rule.name);
            let problem = Diagnostic::new(self.reports.wrong, at, message);
            self.diagnostics.push(problem.help("say why, or write the level alone"));
            return None;
        };
        let end = until.map(|day| LevelEnd { day, at });
        Some((rule.name, RuleLevel { severity, end }))
    }

    /// Reports every field that was not taken. Fields that match a pattern in `let_through` pass unread; `*` matches
    /// any text.
    pub fn finish(mut self, let_through: &[String]) {
        for field in std::mem::take(&mut self.fields) {
            if let_through.iter().any(|pattern| matches(pattern, &field.key)) {
                continue;
            }
            let span = Span::new(self.file, field.at.clone());
            let message = format!("unknown key `{}`", field.key);
            let mut problem = Diagnostic::new(self.reports.unknown, span, message);
            problem.help = nearest(&field.key.to_lowercase(), self.known.iter().copied())
                .map(|name| format!("did you mean `{name}`?").into());
            self.diagnostics.push(problem);
        }
    }

    fn wrong(&mut self, field: &FieldEntry, expected: &str) {
        let message = format!("`{}` must be {expected}, not {}", field.key, describe(&field.value));
        self.report(field, message, None);
    }

    /// Reports a problem of a field under the reader's rule for wrong values.
    pub fn report(&mut self, field: &FieldEntry, message: String, help: Option<String>) {
        let span = Span::new(self.file, field.at.clone());
        let mut problem = Diagnostic::new(self.reports.wrong, span, message);
        problem.help = help.map(Into::into);
        self.diagnostics.push(problem);
    }
}

/// The severity with this name.
fn named_severity(value: &Value) -> Option<Severity> {
    match value {
        Value::Text(text) if text == "off" => Some(Severity::Off),
        Value::Text(text) if text == "warn" => Some(Severity::Warn),
        Value::Text(text) if text == "error" => Some(Severity::Error),
        _ => None,
    }
}

/// The text of a scalar. Returns `None` for null, lists and maps.
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(_, written) => Some(written.clone()),
        Value::Flag(flag) => Some(flag.to_string()),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}

/// Describes a value for a message. At most 60 characters of a text are quoted.
pub fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Flag(flag) => format!("`{flag}`"),
        Value::Number(_, written) => format!("`{written}`"),
        Value::Text(text) => format!("`{}`", text.chars().take(60).collect::<String>()),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a map".to_owned(),
    }
}

/// Whether `name` matches `pattern`, in which `*` matches any text. Takes time in proportion to the product of the two
/// lengths at most, also for a hostile pattern.
pub fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = name.strip_prefix(first).and_then(|inner| inner.strip_suffix(last));
    let Some(mut inner) = inner else { return false };
    // The first occurrence of a part leaves the most text for the parts after it.
    for part in middle.split('*') {
        let Some(at) = inner.find(part) else { return false };
        inner = &inner[at + part.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_matches_any_text() {
        assert!(matches("upstream_*", "upstream_sha"));
        assert!(matches("*", ""));
        assert!(matches("a*c*", "abcd"));
        assert!(matches("a*b*c", "abbc"));
        assert!(!matches("a*c", "abcd"));
        assert!(!matches("ab*ba", "aba"));
        assert!(!matches("*b*b*", "abc"));
        assert!(!matches(&"a*".repeat(40), &"a".repeat(39)));
        // A search that tries every division of the name among the stars would not end.
        assert!(!matches(&format!("{}b", "*a".repeat(40)), &"a".repeat(400)));
    }
}
