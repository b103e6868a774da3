//! Statements in a text: what stands after a label such as `Decision:`, and the entries of a section.
//!
//! This module owns where a statement stands, what belongs to it, and what it is about. A [`StatementType`] knows the
//! words: `decisions` those of the lexicon, `entries` those of a register that a file defines.

use jiff::civil::Date;

use super::note_words::bare;
use super::sections::{SectionIndex, Topic};
use crate::markdown::{Block, TextBlockType};
use crate::source::Span;

/// A statement, such as a decision.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Statement {
    pub text: String,
    /// The heading above it.
    pub about: Option<String>,
    /// The day of the meeting or of the page.
    pub said: Option<Date>,
    /// The id of the nearest heading.
    pub anchor: Option<String>,
    pub span: Span,
}

/// What makes a text a statement of one type.
pub(super) trait StatementType {
    /// Whether the items below a heading are statements.
    fn is_section(&self, sections: SectionIndex<'_>, heading: usize) -> bool;

    /// Whether what follows a label is a statement. The label is in lower case.
    fn is_label(&self, label: &str) -> bool;

    /// Whether an item of a list is a statement by its first words.
    fn is_beginning(&self, text: &str) -> bool;

    /// Whether a text says that there is no statement. The text is in lower case, without a full stop at its end.
    fn is_void(&self, text: &str) -> bool;
}

/// The statements of one type in a text, in order.
pub(super) fn read(sections: SectionIndex<'_>, words: &dyn StatementType) -> Vec<Statement> {
    let mut reader = StatementReader {
        sections,
        blocks: sections.blocks,
        words,
        section: None,
        is_among_people: false,
        heading: None,
        listed: Vec::new(),
        found: Vec::new(),
    };
    for index in 0..sections.blocks.len() {
        reader.block(index);
    }
    reader.found
}

struct StatementReader<'b> {
    sections: SectionIndex<'b>,
    blocks: &'b [Block],
    words: &'b dyn StatementType,
    /// The level of the heading whose items are statements.
    section: Option<u8>,
    /// Whether the blocks are participants of a meeting.
    is_among_people: bool,
    heading: Option<&'b Block>,
    /// The items below a label that stands alone, by their indexes.
    listed: Vec<usize>,
    found: Vec<Statement>,
}

impl<'b> StatementReader<'b> {
    fn block(&mut self, index: usize) {
        let block = &self.blocks[index];
        match block.shape {
            TextBlockType::Heading { level, .. } => self.heading(index, level),
            // A name with a colon behind it could look like a label.
            TextBlockType::Paragraph { .. } | TextBlockType::Item { .. } if self.is_among_people => {}
            TextBlockType::Paragraph { .. } => self.labelled(index),
            TextBlockType::Item { depth, .. } => {
                let before = self.found.len();
                self.labelled(index);
                let is_listed = self.listed.contains(&index) || self.section.is_some() && depth == 1;
                // An item with a label has been added without the label.
                if is_listed && self.found.len() == before && !self.is_label(index) {
                    self.add(block, &block.text);
                }
            }
            TextBlockType::Cell { .. } => {}
        }
    }

    fn heading(&mut self, index: usize, level: u8) {
        let (block, topic) = (&self.blocks[index], self.sections.topic(index));
        let is_section = self.words.is_section(self.sections, index);
        // A heading without a meaning of its own groups the statements above which it stands.
        let is_within =
            !is_section && topic == Topic::Other && self.section.is_some_and(|outer| level > outer);
        if !is_within {
            self.section = is_section.then_some(level);
            self.is_among_people = topic == Topic::Participants;
        }
        if !is_section && let Some(text) = self.after_label(&block.text) {
            self.heading = Some(block);
            self.add(block, text);
        }
        self.heading = Some(block);
    }

    fn is_label(&self, index: usize) -> bool {
        self.after_label(&self.blocks[index].text).is_some_and(str::is_empty)
    }

    /// Reads the lines with a label. The items below a label without text are statements.
    fn labelled(&mut self, index: usize) {
        let block = &self.blocks[index];
        let lines: Vec<&str> = block.text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some(text) = self.after_label(line).or_else(|| self.beginning(line, block)) else { continue };
            let mut whole = text.to_owned();
            // Lines below belong to the statement, up to the next label or remark.
            for rest in &lines[number + 1..] {
                if self.after_label(rest).is_some() || rest.trim_start().starts_with(['=', '-']) {
                    break;
                }
                whole.push(' ');
                whole.push_str(rest);
            }
            match whole.trim() {
                "" => self.listed.extend(beneath(self.blocks, index)),
                whole => self.add(block, whole),
            }
        }
    }

    fn add(&mut self, block: &Block, text: &str) {
        let text = bare(text).split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = text.trim_end_matches(['.', '!']).to_lowercase();
        if matches!(plain.as_str(), "" | "…" | "-") || self.words.is_void(&plain) || block.is_struck() {
            return;
        }
        let anchor = self.heading.and_then(|heading| match &heading.shape {
            TextBlockType::Heading { id, .. } => Some(id.clone()),
            _ => None,
        });
        let about =
            self.heading.filter(|heading| heading.span != block.span).map(|heading| heading.text.clone());
        self.found.push(Statement { text, about, said: None, anchor, span: block.span.clone() });
    }

    /// The text after a label at the beginning of a line: `Decision: …`, also `Decision (2026-03-01): …`.
    fn after_label<'t>(&self, line: &'t str) -> Option<&'t str> {
        // Most lines have neither a colon nor the first byte of the full-width colon.
        if !line.bytes().any(|byte| matches!(byte, b':' | 0xef)) {
            return None;
        }
        let line = bare(line).trim_start_matches(['✅', '☑', '✔', ' ']);
        let (label, text) = line.split_once([':', '：'])?;
        let label =
            label.split(['(', '[']).next().unwrap_or(label).trim_matches([' ', '*', '_']).to_lowercase();
        // `Decision 2: …`
        let numbered = label.rsplit_once(' ').filter(|(_, last)| last.bytes().all(|b| b.is_ascii_digit()));
        let label = numbered.map_or(label.as_str(), |(label, _)| label);
        self.words.is_label(label).then(|| bare(text))
    }

    /// `Decided to …` as an item of its own.
    fn beginning<'t>(&self, line: &'t str, block: &Block) -> Option<&'t str> {
        let text = bare(line);
        // Prose may begin with the same words; an item, or a line that begins with a bullet or an arrow, is a note.
        let is_item = matches!(block.shape, TextBlockType::Item { .. }) || text.len() < line.trim().len();
        (is_item && self.words.is_beginning(text)).then_some(text)
    }
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
