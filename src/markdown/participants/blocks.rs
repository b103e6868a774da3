//! The blocks of a text in which lists of people are searched.
//!
//! Owns [`ParticipantBlocks`] and how they are read from the parser's events. They own their text, so they can be
//! searched after the events are gone. Must not decide what a text means.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::events::Events;

/// The top-level blocks of a text, with the items of its lists and the rows of its tables.
#[derive(Debug, Clone, Default)]
pub struct ParticipantBlocks {
    /// The text that the parser saw. All ranges refer to it.
    pub(super) text: String,
    pub(super) tops: Vec<TopBlock>,
    pub(super) items: Vec<ListItem>,
}

/// A top-level block of a text.
#[derive(Debug, Clone)]
pub(super) struct TopBlock {
    pub shape: TopBlockType,
    pub text: String,
    pub range: Range<usize>,
    /// The indexes of the items of a list, or of the rows of a table.
    pub items: Range<usize>,
}

impl TopBlock {
    fn new(shape: TopBlockType, range: Range<usize>) -> TopBlock {
        TopBlock { shape, text: String::new(), range, items: 0..0 }
    }
}

/// An item of a list, or a row of a table with the text of its first cell.
#[derive(Debug, Clone)]
pub(super) struct ListItem {
    /// The text before the first block in the item that is not a paragraph.
    pub text: String,
    pub range: Range<usize>,
    /// The index of the item that contains this one.
    pub parent: Option<usize>,
    pub holds_list: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TopBlockType {
    Heading,
    Paragraph,
    List,
    Table,
    /// A block of raw HTML, such as `<details><summary>…</summary>`.
    Html,
    Rule,
    Other,
}

impl ParticipantBlocks {
    /// Reads the blocks of a text. `masked` is the text that the parser saw.
    pub(in crate::markdown) fn read(masked: &str, events: &Events<'_>) -> ParticipantBlocks {
        let mut reader = ParticipantReader::default();
        for (event, range) in events {
            reader.event(event, range.clone());
        }
        reader.blocks.text = masked.to_owned();
        reader.blocks
    }
}

/// The walk over the events of a text.
#[derive(Default)]
struct ParticipantReader {
    blocks: ParticipantBlocks,
    /// The open items: the index of each, and whether its text is complete.
    open: Vec<(usize, bool)>,
    depth: usize,
}

impl ParticipantReader {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(end) => {
                self.depth -= 1;
                match end {
                    TagEnd::Item | TagEnd::TableRow => self.close_item(),
                    TagEnd::TableCell => self.complete(),
                    _ => {}
                }
            }
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(text)
            }
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            Event::Rule if self.depth == 0 => self.blocks.tops.push(TopBlock::new(TopBlockType::Rule, range)),
            // Raw HTML at the top level may be a label, such as a `<summary>`.
            Event::Html(html) if self.depth == 1 => self.text(&without_tags(html)),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let shape = match tag {
            Tag::Heading { .. } => TopBlockType::Heading,
            Tag::Paragraph => TopBlockType::Paragraph,
            Tag::List(_) => TopBlockType::List,
            Tag::Table(_) => TopBlockType::Table,
            Tag::HtmlBlock => TopBlockType::Html,
            _ => TopBlockType::Other,
        };
        match tag {
            Tag::Item | Tag::TableRow => {
                let parent = self.open.last().map(|(item, _)| *item);
                self.open.push((self.blocks.items.len(), false));
                self.blocks.items.push(ListItem { text: String::new(), range, parent, holds_list: false });
            }
            _ if self.depth == 0 => {
                let items = self.blocks.items.len()..self.blocks.items.len();
                self.blocks.tops.push(TopBlock { items, ..TopBlock::new(shape, range) });
            }
            Tag::List(_) | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Table(_) => {
                if let Some((item, _)) = self.open.last() {
                    self.blocks.items[*item].holds_list |= shape == TopBlockType::List;
                }
                self.complete();
            }
            _ => {}
        }
        self.depth += 1;
    }

    /// Marks the text of the innermost item as complete.
    fn complete(&mut self) {
        if let Some((_, complete)) = self.open.last_mut() {
            *complete = true;
        }
    }

    fn text(&mut self, text: &str) {
        match self.open.last() {
            Some((item, false)) => self.blocks.items[*item].text.push_str(text),
            Some(_) => {}
            None => {
                if let Some(top) = self.blocks.tops.last_mut() {
                    top.text.push_str(text);
                }
            }
        }
    }

    fn close_item(&mut self) {
        self.open.pop();
        if let Some(top) = self.blocks.tops.last_mut() {
            top.items.end = self.blocks.items.len();
        }
    }
}

fn without_tags(html: &str) -> String {
    let pieces = html.split('<').enumerate();
    let text = |(number, piece): (usize, &str)| match (number, piece.split_once('>')) {
        (0, _) => piece.to_owned(),
        (_, Some((_, text))) => text.to_owned(),
        (_, None) => String::new(),
    };
    pieces.map(text).collect()
}
