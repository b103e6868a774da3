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
    let distance = |candidate: &&str| strsim::damerau_levenshtein(word, candidate);
    let near = |candidate: &&str| {
        let longer = word.chars().count().max(candidate.chars().count());
        candidate.chars().count().abs_diff(word.chars().count()) <= longer.div_ceil(3)
    };
    let best = candidates.into_iter().filter(near).map(|c| (distance(&c), c)).min()?;
    let longer = word.chars().count().max(best.1.chars().count());
    (best.0 <= longer.div_ceil(3) && best.0 < word.chars().count()).then_some(best.1)
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
