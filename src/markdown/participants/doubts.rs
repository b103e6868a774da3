//! What authors are told where it is unclear which words name people.
//!
//! Owns [`Doubt`] and its messages. Must not decide what is withheld.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::rules::PEOPLE_UNCLEAR;
use crate::source::Span;

/// A range in which it is unclear what names people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    pub(super) why: DoubtReason,
    pub(super) count: usize,
    pub range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DoubtReason {
    /// Withheld, but possibly not people.
    Hidden,
    /// Shown, although it is in a list of people.
    Shown,
    /// A list without a label was taken for a list of people.
    Guessed,
    /// A list that looks like people is shown.
    Remains,
}

impl Doubt {
    /// The problem to report at `span`, which is that of [`Doubt::range`].
    pub fn diagnostic(&self, span: Span) -> Diagnostic {
        Diagnostic::new(&PEOPLE_UNCLEAR, span, self.message()).help(self.help())
    }

    fn message(&self) -> String {
        let count = self.count;
        let (entries, are) = if count == 1 { ("entry", "is") } else { ("entries", "are") };
        match self.why {
            DoubtReason::Hidden => {
                format!("{count} {entries} of a list of people {are} hidden, and may say more than names")
            }
            DoubtReason::Shown => {
                format!("{count} {entries} of a list of people {are} shown: this reads like notes")
            }
            DoubtReason::Guessed => {
                format!("a list of {count} {entries} was taken for people, and is hidden")
            }
            DoubtReason::Remains => format!("a list of {count} {entries} looks like people, and is shown"),
        }
    }

    fn help(&self) -> &'static str {
        match self.why {
            DoubtReason::Hidden => "put what was said beneath a heading of its own, such as `## Notes`",
            DoubtReason::Shown => {
                "put it beneath a heading of its own, such as `## Notes`; remove names that should stay inside"
            }
            DoubtReason::Guessed => "write `## Participants` above it, or `## Agenda` if these are topics",
            DoubtReason::Remains => {
                "write `## Participants` above it to hide it, or `## Agenda` if these are topics"
            }
        }
    }
}
