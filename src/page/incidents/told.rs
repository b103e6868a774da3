//! What a report says in which section.
//!
//! Owns how sections are found by the headings of the page's kind, and [`Told`]: the facts so far, and the open
//! questions, as the page itself shows them above its text.

use super::Report;
use crate::kinds::Kind;
use crate::markdown::{Block, Shape};

/// The most facts, or questions, that are shown above the text.
const MOST: usize = 6;

/// The sections, as the definition of the kind names them.
pub const KNOWN: &str = "What we know";
pub const UNKNOWN: &str = "What we do not know yet";

/// What is known, and what is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Told {
    pub known: Vec<String>,
    pub unknown: Vec<String>,
}

pub(super) fn read(report: &Report<'_>) -> Told {
    let points = |heading: &str| {
        let sections = sections(report.blocks, &report.front.kind, heading);
        sections.into_iter().next().map(|(_, blocks)| points(blocks)).unwrap_or_default()
    };
    Told { known: points(KNOWN), unknown: points(UNKNOWN) }
}

/// A heading, and the blocks beneath it.
pub(super) type Part<'a> = (&'a Block, &'a [Block]);

/// The parts of a text that a section of the kind stands for: each ends before the next heading of its own level or
/// a higher one.
pub(super) fn sections<'a>(blocks: &'a [Block], kind: &Kind, heading: &str) -> Vec<Part<'a>> {
    let Some(section) = kind.sections.iter().find(|section| section.heading == heading) else {
        return Vec::new();
    };
    let part = |(at, block): (usize, &'a Block)| {
        let level = level(block).filter(|_| section.is(&block.text))?;
        let beneath = &blocks[at + 1..];
        let ends = |block: &Block| self::level(block).is_some_and(|next| next <= level);
        let end = beneath.iter().position(ends).unwrap_or(beneath.len());
        Some((block, &beneath[..end]))
    };
    blocks.iter().enumerate().filter_map(part).collect()
}

pub(super) fn level(block: &Block) -> Option<u8> {
    match block.shape {
        Shape::Heading { level, .. } => Some(level),
        _ => None,
    }
}

/// The outermost items of lists; where there are none, the paragraphs.
fn points(blocks: &[Block]) -> Vec<String> {
    let texts = |wanted: fn(&Shape) -> bool| -> Vec<String> {
        let found = blocks.iter().filter(|block| wanted(&block.shape) && !block.text.is_empty());
        found.take(MOST).map(|block| block.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let items = texts(|shape| matches!(shape, Shape::Item { depth: 1, .. }));
    if items.is_empty() { texts(|shape| matches!(shape, Shape::Paragraph { depth: 0 })) } else { items }
}
