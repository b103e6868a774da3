//! Decisions in minutes and reports.
//!
//! This module owns where a text is a decision: after a label of the lexicon, or in a section of decisions. A sentence
//! that contains "decided" is not enough.

use jiff::civil::Date;

use super::action_state;
use super::note_words::bare;
use super::sections::{SectionIndex, Topic};
use crate::lexicon::Lexicon;
use crate::markdown::{Block, TextBlockType};
use crate::source::Span;

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decision {
    pub text: String,
    /// The heading above it.
    pub about: Option<String>,
    /// The day of the meeting.
    pub said: Option<Date>,
    /// The id of the nearest heading.
    pub anchor: Option<String>,
    pub span: Span,
}

/// The decisions in a text, in order.
pub(super) fn read(sections: SectionIndex<'_>) -> Vec<Decision> {
    let mut reading = DecisionReader {
        sections,
        blocks: sections.blocks,
        topic: Topic::Other,
        level: 0,
        heading: None,
        listed: Vec::new(),
        found: Vec::new(),
    };
    for at in 0..sections.blocks.len() {
        reading.block(at);
    }
    reading.found
}

struct DecisionReader<'b> {
    sections: SectionIndex<'b>,
    blocks: &'b [Block],
    topic: Topic,
    level: u8,
    heading: Option<&'b Block>,
    /// The items below a label that stands alone, by their indexes.
    listed: Vec<usize>,
    found: Vec<Decision>,
}

impl<'b> DecisionReader<'b> {
    fn block(&mut self, at: usize) {
        let block = &self.blocks[at];
        match block.shape {
            TextBlockType::Heading { level, .. } => self.heading(at, level),
            TextBlockType::Paragraph { .. } | TextBlockType::Item { .. }
                if self.topic == Topic::Participants => {}
            TextBlockType::Paragraph { .. } => self.labelled(at),
            TextBlockType::Item { depth, .. } => {
                let before = self.found.len();
                self.labelled(at);
                let listed = self.listed.contains(&at) || self.topic == Topic::Decisions && depth == 1;
                if listed && self.found.len() == before && !self.is_label(at) {
                    self.add(block, &block.text);
                }
            }
            TextBlockType::Cell { .. } => {}
        }
    }

    fn heading(&mut self, at: usize, level: u8) {
        let (block, topic) = (&self.blocks[at], self.sections.topic(at));
        // A heading without a meaning of its own groups the decisions above which it stands.
        let within = self.topic == Topic::Decisions && level > self.level && topic == Topic::Other;
        if !within {
            (self.topic, self.level) = (topic, level);
        }
        if topic != Topic::Decisions
            && let Some(text) = after_label(&block.text)
        {
            self.heading = Some(block);
            self.add(block, text);
        }
        self.heading = Some(block);
    }

    fn is_label(&self, at: usize) -> bool {
        after_label(&self.blocks[at].text).is_some_and(str::is_empty)
    }

    /// Reads the lines with a label. The items below a label without text are decisions.
    fn labelled(&mut self, at: usize) {
        let block = &self.blocks[at];
        let lines: Vec<&str> = block.text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some(text) = after_label(line).or_else(|| beginning(line, block)) else { continue };
            let goes_on =
                |line: &&&str| after_label(line).is_none() && !line.trim_start().starts_with(['=', '-']);
            // Lines below belong to the decision, up to the next label or remark.
            let rest: Vec<&str> = lines[number + 1..].iter().take_while(goes_on).copied().collect();
            let whole = format!("{text} {}", rest.join(" "));
            match whole.trim() {
                "" => self.listed.extend(beneath(self.blocks, at)),
                whole => self.add(block, whole),
            }
        }
    }

    fn add(&mut self, block: &Block, text: &str) {
        let text = bare(text).split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = text.trim_end_matches(['.', '!']).to_lowercase();
        let none =
            matches!(plain.as_str(), "" | "…" | "-") || Lexicon::all().nothing.decisions.contains(&plain);
        let open = none || plain.ends_with('?') || action_state::whole(&plain).is_some();
        if open || block.is_struck() {
            return;
        }
        let anchor = self.heading.and_then(|heading| match &heading.shape {
            TextBlockType::Heading { id, .. } => Some(id.clone()),
            _ => None,
        });
        let about =
            self.heading.filter(|heading| heading.span != block.span).map(|heading| heading.text.clone());
        self.found.push(Decision { text, about, said: None, anchor, span: block.span.clone() });
    }
}

/// The text after a label at the beginning of a line: `Decision: …`, also `Decision (2026-03-01): …`.
fn after_label(line: &str) -> Option<&str> {
    // Most lines have neither a colon nor the first byte of the full-width colon.
    if !line.bytes().any(|byte| matches!(byte, b':' | 0xef)) {
        return None;
    }
    let line = bare(line).trim_start_matches(['✅', '☑', '✔', ' ']);
    let (label, text) = line.split_once([':', '：'])?;
    let label = label.split(['(', '[']).next().unwrap_or(label).trim_matches([' ', '*', '_']).to_lowercase();
    // `Decision 2: …`
    let numbered = label.rsplit_once(' ').filter(|(_, last)| last.bytes().all(|b| b.is_ascii_digit()));
    let label = numbered.map_or(label.as_str(), |(label, _)| label);
    Lexicon::all().decisions.labels.contains(label).then(|| bare(text))
}

/// `Decided to …` as an item of its own.
fn beginning<'t>(line: &'t str, block: &Block) -> Option<&'t str> {
    let text = bare(line);
    let beginnings = &Lexicon::all().decisions.beginnings;
    let item = matches!(block.shape, TextBlockType::Item { .. }) || text.len() < line.trim().len();
    let ends = |beginning: &str| text[beginning.len()..].starts_with(' ');
    (item && beginnings.beginning_in_any_case(text).any(ends)).then_some(text)
}

/// The indexes of the items directly below an item, or of the list directly after a paragraph.
fn beneath(blocks: &[Block], at: usize) -> Vec<usize> {
    let outer = match blocks[at].shape {
        TextBlockType::Item { depth, .. } | TextBlockType::Paragraph { depth } => depth,
        _ => return Vec::new(),
    };
    let depth = |at: usize| match blocks[at].shape {
        TextBlockType::Item { depth, .. } => depth,
        _ => 0,
    };
    (at + 1..blocks.len()).take_while(|at| depth(*at) > outer).filter(|at| depth(*at) == outer + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{blocks, minutes};
    use super::super::sections::topics;
    use super::*;

    fn read_in(text: &str) -> Vec<Decision> {
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
