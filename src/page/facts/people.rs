//! The people of a meeting.
//!
//! This module owns how they are counted and named. It must not know whether readers may see them; `privacy` knows.

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
    let mut people = People::default();
    let mut inside = false;
    for (at, block) in sections.blocks.iter().enumerate() {
        match block.shape {
            TextBlockType::Heading { .. } => {
                inside = sections.topic(at) == Topic::Participants && !is_excused(&block.text);
            }
            _ if inside => count(&mut people, block),
            _ => {}
        }
    }
    people
}

/// The people in the blocks of such sections.
pub(super) fn of_section(blocks: &[Block]) -> People {
    let mut people = People::default();
    let mut inside = true;
    for block in blocks {
        match block.shape {
            TextBlockType::Heading { .. } => inside = !is_excused(&block.text),
            _ if inside => count(&mut people, block),
            _ => {}
        }
    }
    people
}

/// Whether a heading stands above the people who were absent.
fn is_excused(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    Lexicon::all().people.excused.iter().any(|word| lower.contains(word))
}

fn count(people: &mut People, block: &Block) {
    let text = bare(&block.text);
    let text = text
        .split_once(':')
        .filter(|(label, _)| is_participants(label))
        .map_or(text, |(_, rest)| rest.trim());
    if text.is_empty() || is_participants(text) || is_short_label(text) {
        return;
    }
    // Where a list has handles, the words beside them are remarks and no more people.
    let named = handles(text);
    let several = text.split([',', ';', '\n']).filter(|name| !name.trim().is_empty()).count();
    let new =
        named.iter().filter(|handle| !people.handles.iter().any(|known| known.eq_ignore_ascii_case(handle)));
    let new: Vec<String> = new.cloned().collect();
    people.count += match named.len() {
        0 => u32::try_from(several).unwrap_or(u32::MAX),
        _ => u32::try_from(new.len()).unwrap_or(u32::MAX),
    };
    people.handles.extend(new);
    let span = people.span.get_or_insert_with(|| block.span.clone());
    span.end = block.span.end.max(span.end);
}
