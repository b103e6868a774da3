//! `[[allow]]` of `book.toml`: problems that stay on purpose.
//!
//! Owns these keys, and which problems an entry means. `check` decides what follows from it.
//!
//! ```toml
//! [[allow]]
//! rule = "link.missing"
//! path = "content/archive/**"
//! reason = "the archive stays as it was"
//! until = 2027-03-31
//! ```

use std::ops::Range;

use jiff::civil::Date;

use crate::bounds::PATTERN_CHARACTERS;
use crate::diagnostic::Diagnostic;
use crate::fields::{FieldEntry, FieldReader, Value};
use crate::path::FilePath;
use crate::rules::{CONFIG_INVALID, Rule};
use crate::source::Span;
use crate::visibility::PathGlob;

use super::REPORTS;

/// Problems that are not reported.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AllowedProblems {
    pub rule: &'static str,
    /// The files; `None` for every file.
    path: Option<PathGlob>,
    /// A part of the message; `None` for every message.
    text: Option<String>,
    /// The last day on which they are allowed.
    pub until: Option<Date>,
    /// The range of the first key, in bytes of `book.toml`.
    pub at: Range<usize>,
}

impl AllowedProblems {
    /// Whether the last day is past.
    pub fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Whether a problem is one of those that the entry means.
    pub fn fits(&self, problem: &Diagnostic) -> bool {
        self.rule == problem.rule.name
            && self.path.as_ref().is_none_or(|path| path.fits(&problem.span.file))
            && self.text.as_ref().is_none_or(|text| problem.message.contains(text.as_str()))
    }
}

/// Reads the value of `allow`. Wrong entries are reported and have no effect.
pub(super) fn read(
    file: &FilePath,
    list: FieldEntry,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<AllowedProblems> {
    let help = "write `[[allow]]`, and below it `rule`, `path` or `text`, and `reason`";
    let problem = |message: &str| {
        Diagnostic::new(&CONFIG_INVALID, Span::new(file, list.at.clone()), message).help(help)
    };
    let Value::List(items) = list.value else {
        diagnostics.push(problem("`allow` must be a list of tables"));
        return Vec::new();
    };
    let mut allowed = Vec::new();
    for item in items {
        match item {
            Value::Map(fields) if !fields.is_empty() => match entry(file, fields) {
                Ok(entry) => allowed.push(entry),
                Err(problems) => diagnostics.extend(problems),
            },
            _ => diagnostics.push(problem("an entry of `allow` is not a table with keys")),
        }
    }
    allowed
}

/// # Errors
/// What is wrong with the entry. An entry of which a part is unclear could mean more than its author wants.
fn entry(file: &FilePath, fields: Vec<FieldEntry>) -> Result<AllowedProblems, Vec<Diagnostic>> {
    let at = fields[0].at.clone();
    let mut problems = Vec::new();
    let mut reader = FieldReader::new(file, REPORTS, fields, &mut problems);
    let rule = reader.rule(&["rule"]);
    let sound = |text: &str| !text.is_empty() && !PATTERN_CHARACTERS.is_exceeded(text.chars().count());
    let path = reader.text_where(&["path"], "a pattern such as `content/archive/**`", sound);
    let text = reader.text_where(&["text"], "a part of the message", |text| !text.is_empty());
    let expected = "a sentence that says why";
    let reason = reader.text_where(&["reason"], expected, |reason| !reason.trim().is_empty());
    let until = reader.date(&["until"]);
    reader.finish(&[]);
    // What is missing is said only where nothing is wrong: a misspelt key is both.
    if problems.is_empty() {
        let missing = if rule.is_none() {
            Some(("the entry names no `rule`", "write it as `rule = \"link.missing\"`"))
        } else if reason.is_none() {
            Some(("the entry gives no `reason`", "say why these problems stay"))
        } else if path.is_none() && text.is_none() {
            let help = "say which problems it means, or set the level of the rule in `[rules]`";
            Some(("the entry has neither `path` nor `text`", help))
        } else if rule.is_some_and(Rule::needs_audit) {
            Some(("`opsbook audit` has another list", "list the value itself in `allow` of `[audit]`"))
        } else {
            None
        };
        if let Some((message, help)) = missing {
            problems.push(Diagnostic::new(&CONFIG_INVALID, Span::new(file, at.clone()), message).help(help));
        }
    }
    match rule {
        Some(rule) if problems.is_empty() => {
            let path = path.map(|path| PathGlob::new(path.trim_start_matches("./")));
            Ok(AllowedProblems { rule: rule.name, path, text, until, at })
        }
        _ => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::rules::LINK_MISSING;
    use crate::source::Source;

    fn read(text: &str) -> (Vec<AllowedProblems>, Vec<String>) {
        let source = Source::new(FilePath::new("book.toml").unwrap(), text);
        let (config, problems) = config::parse(&source);
        (config.allow, problems.iter().map(Diagnostic::sentence).collect())
    }

    #[test]
    fn an_entry_means_problems_of_its_rule_path_and_text() {
        let (allowed, problems) = read(
            "[[allow]]\nrule = \"link.missing\"\npath = \"content/old/**\"\ntext = \"x.md\"\nreason = \"r\"\n\
             until = 2026-03-01\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let fits = |file: &str, message: &str| {
            let span = Span::start_of(&FilePath::new(file).unwrap());
            allowed[0].fits(&Diagnostic::new(&LINK_MISSING, span, message))
        };
        assert!(fits("content/old/a/b.md", "there is no page or file `x.md`"));
        assert!(!fits("content/new/b.md", "there is no page or file `x.md`"));
        assert!(!fits("content/old/b.md", "there is no page or file `y.md`"));
        let is_over = |day: &str| allowed[0].is_over(day.parse().unwrap());
        assert!(!is_over("2026-03-01") && is_over("2026-03-02"), "the last day counts");
    }

    #[test]
    fn a_wrong_entry_is_reported_and_allows_nothing() {
        let right = "rule = \"link.missing\"\npath = \"a\"\nreason = \"r\"\n";
        for (text, want) in [
            (right.replace("link.missing", "link.mising"), "there is no rule `link.mising`; did you mean"),
            (right.replace("link.missing", "url.conflict"), "fixed level"),
            (right.replace("link.missing", "leak.email"), "list the value itself in `allow` of `[audit]`"),
            (right.replace("rule", "role"), "unknown key `role`"),
            (right.replace("reason = \"r\"\n", ""), "gives no `reason`"),
            (right.replace("\"r\"", "\" \""), "`reason` must be"),
            (right.replace("path = \"a\"\n", ""), "neither `path` nor `text`"),
            (format!("{right}until = \"soon\"\n"), "`until` must be a date"),
            (format!("{right}text = []\n"), "`text` must be a part"),
        ] {
            let (allowed, problems) = read(&format!("[[allow]]\n{text}"));
            assert!(allowed.is_empty(), "{text}");
            assert!(problems.iter().any(|problem| problem.contains(want)), "{text}: {problems:?}");
        }
        assert!(read("allow = 1\n").1[0].starts_with("`allow` must be a list of tables"));
        assert!(read("allow = [1]\n").1[0].starts_with("an entry of `allow` is not a table"));
    }
}
