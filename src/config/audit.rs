//! `[audit]` of `book.toml`: what must not be in the published site, and what may be there all the same.
//!
//! Owns these keys and the checks of their values. The list may be in a file of its own, which is not read here.

use regex_automata::meta::Regex;

use crate::fields::{FieldEntry, FieldReader, Value, text_of};

/// What the audit looks for in addition to what it knows itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AuditSettings {
    /// Words; `*` matches any letters, digits, `-` and `_`.
    pub deny: Vec<String>,
    /// Regular expressions.
    pub deny_patterns: Vec<String>,
    /// A file with more words and patterns, relative to the root.
    pub deny_file: Option<String>,
    /// Values that may be published; `*` matches any text.
    pub allow: Vec<String>,
    /// Domains whose host names are internal.
    pub domains: Vec<String>,
    /// Files with rules for keys and tokens in the format of gitleaks, relative to the root.
    pub secret_rules: Vec<String>,
}

impl AuditSettings {
    /// Whether the handbook has a deny list of its own.
    pub fn denies(&self) -> bool {
        !(self.deny.is_empty() && self.deny_patterns.is_empty() && self.domains.is_empty())
    }

    /// Adds the entries of a deny file: one for each line, patterns between slashes, `#` at the start of comments.
    /// Returns the numbers of wrong lines, counted from 1. Their text is confidential and not returned.
    pub fn add(&mut self, list: &str) -> Vec<usize> {
        let mut wrong = Vec::new();
        for (number, line) in list.lines().enumerate() {
            let line = line.trim();
            let pattern = line.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
            match pattern {
                _ if line.is_empty() || line.starts_with('#') => {}
                Some(pattern) if Regex::new(pattern).is_ok() => self.deny_patterns.push(pattern.to_owned()),
                None if is_word(line) => self.deny.push(line.to_owned()),
                _ => wrong.push(number + 1),
            }
        }
        wrong
    }
}

pub(super) fn read(mut reader: FieldReader<'_>) -> AuditSettings {
    let sound = |text: &str| Regex::new(text).is_ok();
    let beneath = |text: &str| !text.is_empty() && !text.starts_with('/');
    let audit = AuditSettings {
        deny: list(&mut reader, "deny", "a word of at least three letters or digits", is_word),
        deny_patterns: list(&mut reader, "deny_patterns", "a regular expression", sound),
        deny_file: reader.text_where(&["deny_file"], "a path from the handbook's folder", beneath),
        allow: list(&mut reader, "allow", "a value", |text| text.len() >= 3),
        domains: list(&mut reader, "domains", "a domain such as `corp.example.net`", is_domain),
        secret_rules: list(&mut reader, "secret_rules", "a path from the handbook's folder", beneath),
    };
    reader.finish(&[]);
    audit
}

/// The valid entries. Each other entry is reported by its number, not by its text.
fn list(
    reader: &mut FieldReader<'_>,
    name: &'static str,
    expected: &str,
    sound: impl Fn(&str) -> bool,
) -> Vec<String> {
    let Some(field) = reader.take(&[name]) else { return Vec::new() };
    let Value::List(items) = &field.value else {
        reader.report(&field, format!("`{name}` must be a list"), None);
        return Vec::new();
    };
    let mut texts = Vec::new();
    for (number, item) in items.iter().enumerate() {
        match text_of(item).filter(|text| sound(text.trim())) {
            Some(text) => texts.push(text.trim().to_owned()),
            None => wrong(reader, &field, number + 1, expected),
        }
    }
    texts
}

fn wrong(reader: &mut FieldReader<'_>, field: &FieldEntry, number: usize, expected: &str) {
    reader.report(field, format!("entry {number} of `{}` must be {expected}", field.key), None);
}

/// Whether an entry is long enough not to occur everywhere.
fn is_word(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    // A character of a script without spaces carries more meaning than a letter, so it counts twice.
    letters.map(|c| if c.len_utf8() > 2 { 2 } else { 1 }).sum::<usize>() >= 3
}

fn is_domain(text: &str) -> bool {
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    text.trim_start_matches('.').split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;
    use crate::source::Source;

    fn read(text: &str) -> (AuditSettings, Vec<String>) {
        let source = Source::new(FilePath::new("book.toml").unwrap(), text);
        let (config, problems) = crate::config::parse(&source);
        (config.audit, problems.iter().map(|problem| problem.message.to_string()).collect())
    }

    #[test]
    fn every_key_is_read() {
        let (audit, problems) = read(
            "[audit]\ndeny = [\"ACME GmbH\", \"hv-0*.prod\", \"構築\"]\ndeny_patterns = ['INC\\d{6}']\n\
             deny_file = \"../deny.txt\"\nallow = [\"10.0.0.1\"]\ndomains = [\"corp.example.net\"]\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!((audit.deny.len(), audit.deny_patterns.len(), audit.domains.len()), (3, 1, 1));
        assert!(audit.denies());
    }

    #[test]
    fn what_is_wrong_is_told_by_number_only() {
        let (audit, problems) = read(
            "[audit]\ndeny = [\"ok-word\", \"*\", \"ab\"]\ndeny_patterns = [\"se(cret\"]\ndomains = \"x\"\ndenies = []\n",
        );
        assert_eq!(audit.deny, ["ok-word"]);
        assert_eq!(problems.len(), 5, "{problems:?}");
        assert!(problems.iter().all(|problem| !problem.contains("se(cret")));
    }

    #[test]
    fn a_file_has_words_patterns_and_remarks() {
        let mut audit = AuditSettings::default();
        let wrong = audit.add("# customers\nACME GmbH\n\n/INC\\d+/\n/se(cret/\nx\n");
        assert_eq!(
            (audit.deny, audit.deny_patterns),
            (vec!["ACME GmbH".to_owned()], vec!["INC\\d+".to_owned()])
        );
        assert_eq!(wrong, [5, 6]);
    }
}
