//! Problems of content and of finished sites, as data.
//!
//! Owns [`Diagnostic`], and the search for the nearest known name that its help suggests. [`crate::rules`] holds the
//! table of rules. `report` shows diagnostics; `check` and `audit` decide their severity in a handbook.

use std::fmt;
use std::sync::Arc;

use crate::rules::{Rule, Severity};
use crate::source::{Position, Span};

/// One problem with its position. It is cheap to clone, because each build reports the problems of all pages.
/// [`sort`] orders diagnostics, so reports are the same on each run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub rule: &'static Rule,
    /// The default severity of the rule until `check::apply_severities` applies the handbook's settings.
    pub severity: Severity,
    /// Where the author wrote it. If an audit does not know that: the finished file, as in the first item of
    /// `published`.
    pub span: Span,
    /// One sentence without a full stop.
    pub message: Arc<str>,
    /// Further spans that explain the problem.
    pub labels: Vec<Label>,
    /// The way out, as an imperative sentence.
    pub help: Option<Arc<str>>,
    /// The change of the text that solves the problem, if the rule knows it.
    pub fix: Option<Box<Fix>>,
    /// Where an audit found it in the finished site, the position nearest to the written text first.
    pub published: Vec<PublishedPlace>,
}

/// A change of a text that solves a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced. An empty span inserts.
    pub span: Span,
    /// The new text, escaped as the syntax around it needs.
    pub text: String,
    pub certainty: FixCertainty,
}

/// Whether a fix is what the author meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixCertainty {
    /// `opsbook check --fix` applies it.
    Certain,
    /// An editor may offer it.
    Likely,
}

/// A position in a finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPlace {
    pub path: String,
    pub at: Position,
    /// The names of the decoding steps that led to the text, in the order in which they were applied; empty for text
    /// that was not decoded.
    pub decoded: Vec<&'static str>,
}

impl fmt::Display for PublishedPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}{}", self.path, self.at.line, self.at.column, self.decoded_from())
    }
}

impl PublishedPlace {
    /// The decoding steps as the end of a sentence: `, decoded from base64`. Empty for text that was not decoded.
    pub fn decoded_from(&self) -> String {
        if self.decoded.is_empty() {
            String::new()
        } else {
            // The outermost encoding was decoded first.
            let steps: Vec<&str> = self.decoded.iter().rev().map(AsRef::as_ref).collect();
            format!(", decoded from {}", steps.join(" in "))
        }
    }
}

/// A second span that belongs to a problem, with a text that explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

impl Diagnostic {
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<Arc<str>>) -> Diagnostic {
        let (level, message) = (rule.severity, message.into());
        Diagnostic {
            rule,
            severity: level,
            span,
            message,
            labels: Vec::new(),
            help: None,
            fix: None,
            published: Vec::new(),
        }
    }

    /// Sets the way out, an imperative sentence.
    #[must_use]
    pub fn help(mut self, help: impl Into<Arc<str>>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Sets the change that solves the problem.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Diagnostic {
        self.fix = fix.map(Box::new);
        self
    }

    /// The message with the way out, in one line: `no anchor `x`; did you mean `y`?`.
    pub fn sentence(&self) -> String {
        match &self.help {
            Some(help) => format!("{}; {help}", self.message),
            None => self.message.to_string(),
        }
    }

    /// Adds a second span.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }
}

/// Sorts by span, rule name and message, and removes exact duplicates.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (&a.span, a.rule.name, &a.message).cmp(&(&b.span, b.rule.name, &b.message)));
    diagnostics.dedup();
}

/// The longest word, in characters, that is compared with others: a comparison takes time in the square of the length.
const LONGEST: usize = 64;

/// How many names [`NameIndex`] compares with a word on each side of its position in a sorted list.
const BESIDE: usize = 16;

/// Many names that are searched repeatedly for the one nearest to a word. The time for a search hardly depends on the
/// number of names. A typing error leaves the beginning or the end of a word intact, so a search compares the word only
/// with its neighbours in two sorted lists: one of the names, one of the names spelled backwards.
#[derive(Debug, Default)]
pub struct NameIndex {
    by_start: Vec<Box<str>>,
    /// The same names, spelled backwards.
    by_end: Vec<Box<str>>,
}

impl NameIndex {
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> NameIndex {
        let mut by_start: Vec<Box<str>> = names.map(Box::from).collect();
        by_start.sort_unstable();
        by_start.dedup();
        let mut by_end: Vec<Box<str>> = by_start.iter().map(|name| backwards(name)).collect();
        by_end.sort_unstable();
        NameIndex { by_start, by_end }
    }

    /// The name nearest to `word`, by the rules of [`nearest`].
    pub fn nearest(&self, word: &str) -> Option<&str> {
        nearest(word, self.neighbours(word))
    }

    /// The name nearest to `word`, if no other name is near.
    pub fn only_near(&self, word: &str) -> Option<&str> {
        let mut near = self.neighbours(word).into_iter().filter(|name| nearest(word, [*name]).is_some());
        let found = near.next()?;
        near.all(|other| other == found).then_some(found)
    }

    /// The names beside `word` in both lists, some of them twice.
    fn neighbours(&self, word: &str) -> Vec<&str> {
        // A character has at most four bytes, so this word has more than `LONGEST` characters.
        if word.len() > LONGEST * 4 {
            return Vec::new();
        }
        let ends: Vec<Box<str>> =
            beside(&self.by_end, &backwards(word)).iter().map(|n| backwards(n)).collect();
        let found = |name: &str| self.by_start.binary_search_by(|known| (**known).cmp(name)).ok();
        let by_end = ends.iter().filter_map(|name| found(name)).map(|at| &*self.by_start[at]);
        beside(&self.by_start, word).iter().map(|name| &**name).chain(by_end).collect()
    }
}

fn backwards(name: &str) -> Box<str> {
    name.chars().rev().collect::<String>().into()
}

/// The names around the position of `word` in a sorted list.
fn beside<'a>(names: &'a [Box<str>], word: &str) -> &'a [Box<str>] {
    let at = names.partition_point(|name| **name < *word);
    &names[at.saturating_sub(BESIDE)..names.len().min(at + BESIDE)]
}

/// The candidate nearest to `word`, for "did you mean". At most a third of the characters of the longer word may
/// differ, by Damerau-Levenshtein distance. Of equally near candidates it is the first in byte order.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let near = |candidate: &'a str| {
        let other = candidate.chars().count();
        let most = length.max(other).div_ceil(3);
        // Cheap lower bounds of the distance come first: most candidates have little in common with the word.
        if length.max(other) > LONGEST
            || other.abs_diff(length) > most
            || missing(word, candidate) > most
            || missing(candidate, word) > most
        {
            return None;
        }
        let distance = strsim::damerau_levenshtein(word, candidate);
        // At a distance of the whole length every character may differ, as in `a` and `b`.
        (distance <= most && distance < length).then_some((distance, candidate))
    };
    candidates.into_iter().filter_map(near).min().map(|(_, candidate)| candidate)
}

/// The number of characters of `word` that `other` does not contain. Each of them takes at least one edit, so the
/// number is a lower bound of the distance.
pub fn missing(word: &str, other: &str) -> usize {
    word.chars().filter(|letter| !other.contains(*letter)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_offered_only_when_it_is_near() {
        assert_eq!(nearest("instal", ["install", "usage"]), Some("install"));
        assert_eq!(nearest("visiblity", ["visibility", "title"]), Some("visibility"));
        assert_eq!(nearest("abc", ["xyz", "description"]), None);
    }

    #[test]
    fn among_many_names_the_nearest_is_found_by_its_beginning_or_its_end() {
        let numbered: Vec<String> = (0..5000).map(|number| format!("page-{number:04}")).collect();
        let others = ["install-the-program", "upgrade-the-program"];
        let names = NameIndex::new(numbered.iter().map(String::as_str).chain(others));
        assert_eq!(names.nearest("instal-the-program"), Some("install-the-program"));
        assert_eq!(names.nearest("xinstall-the-program"), Some("install-the-program"));
        assert_eq!(names.nearest("page-123"), nearest("page-123", numbered.iter().map(String::as_str)));
        assert_eq!(names.nearest(&"x".repeat(100_000)), None);
        let few = NameIndex::new(["install", "usage"].into_iter());
        assert_eq!(few.only_near("instal"), Some("install"));
        assert_eq!(names.only_near("page-12345"), None);
    }

    #[test]
    fn long_words_are_not_compared() {
        let (long, longer) = ("x".repeat(LONGEST), "x".repeat(LONGEST + 1));
        assert_eq!(nearest(&long[1..], [long.as_str()]), Some(long.as_str()));
        assert_eq!(nearest(&long, [longer.as_str()]), None);
    }
}
