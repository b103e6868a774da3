//! Entries of registers that files define, such as open questions.
//!
//! This module owns how the words of a definition are compared: without case, numbers and remarks.

use super::sections::{self, SectionIndex};
use super::statements::{self, Statement, StatementType};
use crate::lexicon::{EntryWords, Lexicon};

/// An entry of a register.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TextEntry {
    /// The name of the register.
    pub register: String,
    pub statement: Statement,
}

/// The entries in a text, register by register. `all` are the words of every register.
pub(super) fn read(sections: SectionIndex<'_>, all: &[EntryWords]) -> Vec<TextEntry> {
    let mut entries = Vec::new();
    for words in all.iter().filter(|words| words.reads(&sections.kind.name)) {
        for statement in statements::read(sections, words) {
            entries.push(TextEntry { register: words.register.clone(), statement });
        }
    }
    entries
}

impl StatementType for EntryWords {
    fn is_section(&self, sections: SectionIndex<'_>, heading: usize) -> bool {
        let label = sections::label(&sections.blocks[heading].text);
        self.headings.contains(&label)
    }

    fn is_label(&self, label: &str) -> bool {
        self.labels.iter().any(|known| known == label)
    }

    /// A definition has no such words.
    fn is_beginning(&self, _: &str) -> bool {
        false
    }

    fn is_void(&self, text: &str) -> bool {
        Lexicon::all().nothing.decisions.contains(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{blocks, minutes};
    use super::super::sections::topics;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let words = EntryWords {
            register: "questions".to_owned(),
            headings: vec!["open questions".to_owned()],
            labels: vec!["question".to_owned()],
            ..EntryWords::default()
        };
        let blocks = blocks(text);
        let entries = read(SectionIndex::new(&blocks, &topics(&blocks, minutes()), minutes()), &[words]);
        entries.into_iter().map(|entry| entry.statement.text).collect()
    }

    #[test]
    fn entries_stand_below_a_heading_or_after_a_label() {
        let text = "## 3. Open Questions (of today)\n\n- Who pays?\n- none\n\n### Storage\n\n- How long?\n\n## Topics\n\n- Disks\n- Question: which ones?\n";
        assert_eq!(found(text), ["Who pays?", "How long?", "which ones?"]);
    }

    #[test]
    fn pages_of_other_kinds_are_not_read() {
        let words = EntryWords { kinds: vec!["rca".to_owned()], ..EntryWords::default() };
        assert!(words.reads("rca") && !words.reads("minutes"));
        assert!(EntryWords::default().reads("minutes"), "no kind means all kinds");
    }
}
