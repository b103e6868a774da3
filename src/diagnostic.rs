//! Problems of content, as data.
//!
//! Owns [`Diagnostic`]; the rules they belong to are the table in [`crate::rules`]. How a diagnostic is
//! shown is `report`'s business, which level it has in this handbook is decided in `check`.

use std::sync::Arc;

use crate::rules::{Level, Rule};
use crate::source::Span;

/// One problem with its place. Cheap to clone: each build shows those of all pages.
/// Several sort by file, offset and rule, so output is the same on each run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub rule: &'static Rule,
    /// The rule's own level until `check::levels` applies the handbook's settings.
    pub level: Level,
    pub span: Span,
    /// One sentence without a full stop.
    pub message: Arc<str>,
    /// Further places that explain the problem.
    pub labels: Vec<Label>,
    /// The way out, as an imperative sentence.
    pub help: Option<Arc<str>>,
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
        Diagnostic { rule, level, span, message, labels: Vec::new(), help: None }
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

/// The candidate nearest to `word`, for "did you mean": at most a third of the longer word may differ.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let near = |candidate: &'a str| {
        let other = candidate.chars().count();
        let most = length.max(other).div_ceil(3);
        // Cheap lower bounds first: most candidates are other words altogether.
        if other.abs_diff(length) > most || missing(word, candidate) > most || missing(candidate, word) > most
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
}
