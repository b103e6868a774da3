//! Decisions in minutes and reports.
//!
//! This module owns the words of decisions: labels and sections of the lexicon. A sentence that contains "decided" is
//! not enough.

use super::action_state;
use super::sections::{SectionIndex, Topic};
use super::statements::{self, Statement, StatementType};
use crate::lexicon::Lexicon;

/// The decisions in a text, in order.
pub(super) fn read(sections: SectionIndex<'_>) -> Vec<Statement> {
    statements::read(sections, &DecisionStatements)
}

struct DecisionStatements;

impl StatementType for DecisionStatements {
    fn is_section(&self, sections: SectionIndex<'_>, heading: usize) -> bool {
        sections.topic(heading) == Topic::Decisions
    }

    fn is_label(&self, label: &str) -> bool {
        Lexicon::all().decisions.labels.contains(label)
    }

    fn is_beginning(&self, text: &str) -> bool {
        let mut beginnings = Lexicon::all().decisions.beginnings.beginning_in_any_case(text);
        beginnings.any(|beginning| text[beginning.len()..].starts_with(' '))
    }

    /// Also what is still to be decided: a question, or a state such as `open`.
    fn is_void(&self, text: &str) -> bool {
        Lexicon::all().nothing.decisions.contains(text)
            || text.ends_with('?')
            || action_state::whole(text).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{blocks, minutes};
    use super::super::sections::topics;
    use super::*;

    fn read_in(text: &str) -> Vec<Statement> {
        let blocks = blocks(text);
        read(SectionIndex::new(&blocks, &topics(&blocks, minutes()), minutes()))
    }

    fn found(text: &str) -> Vec<String> {
        read_in(text).into_iter().map(|decision| decision.text).collect()
    }

    #[test]
    fn labels_mark_decisions() {
        let text = "- **Decision**: use x\n- Decision: use\n  y\n- Beschluss (2026-03-01): z\n\nWe talked.\n=> Decided: w\n\nEntscheidung: v\n\n### Decision: u\n\n- Decided to do t\n- Consensus: s\n";
        assert_eq!(found(text), ["use x", "use y", "z", "w", "v", "u", "Decided to do t", "s"]);
    }

    #[test]
    fn decisions_are_listed_beneath_a_label_or_heading() {
        assert_eq!(found("- Decisions:\n  - a\n    - note\n  - b\n- c\n"), ["a", "b"]);
        assert_eq!(found("**Decisions:**\n\n1. a\n2. b\n\nc\n"), ["a", "b"]);
        assert_eq!(
            found("## Decisions\n\n- a\n  - note\n- Decision: b\n- none\n\n## Else\n\n- c\n"),
            ["a", "b"]
        );
    }

    #[test]
    fn prose_questions_and_open_ones_are_no_decisions() {
        let text = "We decided to go. The decision: hard.\n\n- Decision: tbd\n- Decision: x?\n- Decision needed: y\n- It was decided: no\n- Decision record: z\n- ~~Decision: w~~\n";
        assert_eq!(found(text), Vec::<String>::new());
    }

    #[test]
    fn a_decision_knows_what_it_is_about() {
        let found = read_in("## Backups\n\nDecision: weekly\n");
        assert_eq!(found[0].about.as_deref(), Some("Backups"));
        assert_eq!(found[0].anchor.as_deref(), Some("backups"));
    }
}
