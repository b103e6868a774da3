//! Problems of content and of finished sites, as data.
//!
//! Owns [`Diagnostic`]; the rules they belong to are the table in [`crate::rules`]. How a diagnostic is
//! shown is `report`'s business, which level it has in this handbook is decided in `check` and `audit`.

use std::fmt;
use std::sync::Arc;

use crate::rules::{Level, Rule};
use crate::source::{Position, Span};

/// One problem with its place. Cheap to clone: each build shows those of all pages.
/// Several sort by file, offset and rule, so output is the same on each run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub rule: &'static Rule,
    /// The rule's own level until `check::levels` applies the handbook's settings.
    pub level: Level,
    /// Where it was written. Where an audit does not know that, a finished file, as the first of `published`.
    pub span: Span,
    /// One sentence without a full stop.
    pub message: Arc<str>,
    /// Further places that explain the problem.
    pub labels: Vec<Label>,
    /// The way out, as an imperative sentence.
    pub help: Option<Arc<str>>,
    /// Where an audit has found it in the finished site, the nearest place to what was written first.
    pub published: Vec<PublishedPlace>,
}

/// A place in a finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPlace {
    pub path: String,
    pub at: Position,
    /// What the text was decoded from, the first step first.
    pub decoded: Vec<&'static str>,
}

impl fmt::Display for PublishedPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}{}", self.path, self.at.line, self.at.column, self.decoded_from())
    }
}

impl PublishedPlace {
    /// How it was decoded, as the end of a sentence; empty for what stands there as it is.
    pub fn decoded_from(&self) -> String {
        if self.decoded.is_empty() {
            String::new()
        } else {
            format!(", decoded from {}", self.decoded.join(" in "))
        }
    }
}

/// A second place that belongs to a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

impl Diagnostic {
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<Arc<str>>) -> Diagnostic {
        let (level, message) = (rule.level, message.into());
        Diagnostic { rule, level, span, message, labels: Vec::new(), help: None, published: Vec::new() }
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<Arc<str>>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }
}

/// Sorts by place, then rule, then message, and drops exact repeats.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (&a.span, a.rule.name, &a.message).cmp(&(&b.span, b.rule.name, &b.message)));
    diagnostics.dedup();
}

/// The longest word for which the nearest one is looked for, in characters: comparing takes the square of it.
const LONGEST: usize = 64;

/// How many names on each side of a word are compared with it, where there are many.
const BESIDE: usize = 16;

/// Many names among which the nearest to a word is looked for, again and again. It takes about the same time however
/// many there are: a slip leaves the beginning or the end of a word as it is, so only names that stand near it by their
/// beginnings or their ends are compared.
#[derive(Debug, Default)]
pub struct Names {
    by_start: Vec<Box<str>>,
    /// Backwards.
    by_end: Vec<Box<str>>,
}

impl Names {
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Names {
        let mut by_start: Vec<Box<str>> = names.map(Box::from).collect();
        by_start.sort_unstable();
        by_start.dedup();
        let mut by_end: Vec<Box<str>> = by_start.iter().map(|name| backwards(name)).collect();
        by_end.sort_unstable();
        Names { by_start, by_end }
    }

    /// The name nearest to `word`, as by [`nearest`].
    pub fn nearest(&self, word: &str) -> Option<&str> {
        if word.len() > LONGEST * 4 {
            return None;
        }
        let ends: Vec<Box<str>> =
            beside(&self.by_end, &backwards(word)).iter().map(|n| backwards(n)).collect();
        let found = |name: &str| self.by_start.binary_search_by(|known| (**known).cmp(name)).ok();
        let by_end = ends.iter().filter_map(|name| found(name)).map(|at| &*self.by_start[at]);
        nearest(word, beside(&self.by_start, word).iter().map(|name| &**name).chain(by_end))
    }
}

fn backwards(name: &str) -> Box<str> {
    name.chars().rev().collect::<String>().into()
}

/// The names around the place of `word` in a sorted list.
fn beside<'a>(names: &'a [Box<str>], word: &str) -> &'a [Box<str>] {
    let at = names.partition_point(|name| **name < *word);
    &names[at.saturating_sub(BESIDE)..names.len().min(at + BESIDE)]
}

/// The candidate nearest to `word`, for "did you mean": at most a third of the longer word may differ.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let near = |candidate: &'a str| {
        let other = candidate.chars().count();
        let most = length.max(other).div_ceil(3);
        // Cheap lower bounds first: most candidates are other words altogether.
        if length.max(other) > LONGEST
            || other.abs_diff(length) > most
            || missing(word, candidate) > most
            || missing(candidate, word) > most
        {
            return None;
        }
        let distance = strsim::damerau_levenshtein(word, candidate);
        (distance <= most && distance < length).then_some((distance, candidate))
    };
    candidates.into_iter().filter_map(near).min().map(|(_, candidate)| candidate)
}

/// How many letters of a word another one does not have: each is at least one slip, so this is never more than their
/// distance.
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
        let names = Names::new(numbered.iter().map(String::as_str).chain(others));
        assert_eq!(names.nearest("instal-the-program"), Some("install-the-program"));
        assert_eq!(names.nearest("xinstall-the-program"), Some("install-the-program"));
        assert_eq!(names.nearest("page-123"), nearest("page-123", numbered.iter().map(String::as_str)));
        assert_eq!(names.nearest(&"x".repeat(100_000)), None);
    }

    #[test]
    fn long_words_are_not_compared() {
        let (long, longer) = ("x".repeat(LONGEST), "x".repeat(LONGEST + 1));
        assert_eq!(nearest(&long[1..], [long.as_str()]), Some(long.as_str()));
        assert_eq!(nearest(&long, [longer.as_str()]), None);
    }
}
