//! The level that a handbook, a folder or a page sets for a rule, with the day on which it ends.
//!
//! Owns what a level means before and after that day. `fields` reads levels.

use jiff::civil::Date;

use super::Severity;
use crate::source::Span;

/// The level of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RuleLevel {
    pub severity: Severity,
    /// `None` for a level without end.
    pub end: Option<LevelEnd>,
}

/// The end of a level.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LevelEnd {
    /// The last day, in UTC.
    pub day: Date,
    /// The name of the rule where the level is set.
    pub at: Span,
}

impl RuleLevel {
    /// Whether the last day is past.
    pub fn is_over(&self, today: Date) -> bool {
        self.end.as_ref().is_some_and(|end| end.day < today)
    }

    /// The severity on a day. After the last one it is `otherwise`, but no error where this level was none: a handbook
    /// must not fail because a day has passed.
    pub fn on(&self, today: Date, otherwise: Severity) -> Severity {
        if self.is_over(today) { otherwise.min(self.severity.max(Severity::Warn)) } else { self.severity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    #[test]
    fn after_its_last_day_a_level_makes_no_error_of_what_was_none() {
        let at = Span::start_of(&FilePath::new("book.toml").unwrap());
        let day = |text: &str| text.parse::<Date>().unwrap();
        let level =
            |severity| RuleLevel { severity, end: Some(LevelEnd { day: day("2026-11-21"), at: at.clone() }) };
        let (last, next) = (day("2026-11-21"), day("2026-11-22"));
        assert_eq!(level(Severity::Off).on(last, Severity::Error), Severity::Off, "the last day counts");
        assert_eq!(level(Severity::Off).on(next, Severity::Error), Severity::Warn);
        assert_eq!(level(Severity::Off).on(next, Severity::Off), Severity::Off);
        assert_eq!(level(Severity::Error).on(next, Severity::Error), Severity::Error);
        assert_eq!(level(Severity::Error).on(next, Severity::Warn), Severity::Warn);
    }
}
