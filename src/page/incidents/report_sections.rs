//! The sections of a report.
//!
//! This module owns how sections are found by the headings of the page's kind, and [`ReportSections`]: the known facts
//! and the open questions, which the page shows above its text.

use super::timeline_points::TimelineEvent;
use super::{Report, timeline_points};
use crate::kinds::Kind;
use crate::markdown::{Block, TextBlockType};

/// The largest number of facts, or of questions, above the text.
const MOST: usize = 6;

/// The headings of the sections in the definition of the kind.
pub const KNOWN: &str = "What we know";
pub const UNKNOWN: &str = "What we do not know yet";

/// The known facts, the open questions and the events of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ReportSections {
    pub known: Vec<String>,
    pub unknown: Vec<String>,
    /// The rows of the timeline that have a time, in their order.
    pub events: Vec<TimelineEvent>,
}

pub(super) fn read(report: &Report<'_>) -> ReportSections {
    let points =
        |name: &str| report.sections(name).next().map(|part| points(part.blocks)).unwrap_or_default();
    ReportSections { known: points(KNOWN), unknown: points(UNKNOWN), events: timeline_points::events(report) }
}

/// A section of the page.
#[derive(Clone, Copy)]
pub(super) struct IncidentSection<'a> {
    /// Its name in the definition of the kind.
    pub name: &'a str,
    pub heading: &'a Block,
    /// The blocks below the heading.
    pub blocks: &'a [Block],
}

/// The sections of a text that the kind defines. Each ends before the next heading of its own level or a higher one.
pub(super) fn parts<'a>(blocks: &'a [Block], kind: &'a Kind) -> Vec<IncidentSection<'a>> {
    let part = |(at, heading): (usize, &'a Block)| {
        let level = level(heading)?;
        let section = kind.section(&heading.text)?;
        let beneath = &blocks[at + 1..];
        let ends = |block: &Block| self::level(block).is_some_and(|next| next <= level);
        let end = beneath.iter().position(ends).unwrap_or(beneath.len());
        Some(IncidentSection { name: &section.heading, heading, blocks: &beneath[..end] })
    };
    blocks.iter().enumerate().filter_map(part).collect()
}

pub(super) fn level(block: &Block) -> Option<u8> {
    match block.shape {
        TextBlockType::Heading { level, .. } => Some(level),
        _ => None,
    }
}

/// The outermost items of lists, or the paragraphs if there are no lists.
fn points(blocks: &[Block]) -> Vec<String> {
    let texts = |wanted: fn(&TextBlockType) -> bool| -> Vec<String> {
        let found = blocks.iter().filter(|block| wanted(&block.shape) && !block.text.is_empty());
        found.take(MOST).map(|block| block.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let items = texts(|shape| matches!(shape, TextBlockType::Item { depth: 1, .. }));
    if items.is_empty() {
        texts(|shape| matches!(shape, TextBlockType::Paragraph { depth: 0 }))
    } else {
        items
    }
}
