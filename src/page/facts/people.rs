//! The people of a meeting.
//!
//! This module owns how they are counted and named. It must not know whether readers may see them; `privacy` knows.

use std::collections::HashSet;

use super::note_words::{bare, handles};
use super::sections::{SectionIndex, Topic, is_participants, is_short_label};
use crate::lexicon::Lexicon;
use crate::markdown::{Block, TextBlockType};
use crate::source::Span;

/// The participants of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct People {
    pub count: u32,
    /// Each once, with `@`. People without a handle are only counted.
    pub handles: Vec<String>,
    /// The span of their names.
    pub span: Option<Span>,
}

/// The people in the sections that list them.
pub(super) fn read(sections: SectionIndex<'_>) -> People {
    let mut counter = PeopleCounter::default();
    let mut inside = false;
    for (at, block) in sections.blocks.iter().enumerate() {
        match block.shape {
            TextBlockType::Heading { .. } => {
                inside = sections.topic(at) == Topic::Participants && !is_excused(&block.text);
            }
            _ if inside => counter.add(block),
            _ => {}
        }
    }
    counter.people
}

/// The people in the blocks of such sections.
pub(super) fn of_section(blocks: &[Block]) -> People {
    let mut counter = PeopleCounter::default();
    let mut inside = true;
    for block in blocks {
        match block.shape {
            TextBlockType::Heading { .. } => inside = !is_excused(&block.text),
            _ if inside => counter.add(block),
            _ => {}
        }
    }
    counter.people
}

/// Whether a heading stands above the people who were absent.
fn is_excused(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    Lexicon::all().people.excused.iter().any(|word| lower.contains(word))
}

/// The people of a meeting, block by block.
#[derive(Default)]
struct PeopleCounter {
    people: People,
    /// The handles in lower case. A page may list some hundred thousand.
    known: HashSet<String>,
}

impl PeopleCounter {
    fn add(&mut self, block: &Block) {
        let text = bare(&block.text);
        let text = text
            .split_once(':')
            .filter(|(label, _)| is_participants(label))
            .map_or(text, |(_, rest)| rest.trim());
        if text.is_empty() || is_participants(text) || is_short_label(text) {
            return;
        }
        let people = &mut self.people;
        // Where a list has handles, the words beside them are remarks and no more people.
        let named = handles(text);
        if named.is_empty() {
            let several = text.split([',', ';', '\n']).filter(|name| !name.trim().is_empty()).count();
            people.count += u32::try_from(several).unwrap_or(u32::MAX);
        }
        for handle in named {
            if self.known.insert(handle.to_ascii_lowercase()) {
                people.count += 1;
                people.handles.push(handle);
            }
        }
        let span = people.span.get_or_insert_with(|| block.span.clone());
        span.end = block.span.end.max(span.end);
    }
}
