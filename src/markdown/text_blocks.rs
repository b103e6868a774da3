//! Collects the text blocks of a page, without mark-up, for code that extracts facts from them.
//!
//! Owns [`Block`] and how the walk fills it: the body's own text in order, with included texts, without code blocks,
//! footnotes, comments and alternative texts. Must not interpret the text.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Heading;
use super::bare_urls::urls;
use super::event_sink::{EventPlace, EventSink};
use super::url::{Reference, classify};
use crate::source::Span;

/// Whether text blocks are collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Blocks {
    #[default]
    Leave,
    Collect,
}

/// One heading, paragraph, list item or table cell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Block {
    /// The number of the block in its document. [`RowPlace`](super::RowPlace) names the block by it.
    pub number: u32,
    pub shape: TextBlockType,
    /// The text without mark-up and without whitespace at its ends. A line break of the source is `\n`. The text of an
    /// item ends where the first block in it ends.
    pub text: String,
    /// The byte ranges of code in the text.
    pub code: Vec<Range<u32>>,
    /// The absolute destinations of the links, in order.
    pub urls: Vec<String>,
    /// The destinations of the other links, as written, in order.
    pub paths: Vec<String>,
    /// The byte ranges of the text that are struck through.
    pub struck: Vec<Range<u32>>,
    pub span: Span,
}

impl Block {
    /// Whether all of the text is struck through.
    pub fn is_struck(&self) -> bool {
        let struck: usize = self.struck.iter().map(|range| solid(&self.text[place(range)])).sum();
        struck > 0 && struck == solid(&self.text)
    }

    /// The struck-through text at the beginning of a line of the text, and the rest of the line. `line` is a byte
    /// range.
    pub fn struck_beginning(&self, line: Range<usize>) -> Option<(&str, &str)> {
        let within = |struck: &Range<usize>| line.start <= struck.start && struck.end <= line.end;
        let first = self.struck.iter().map(place).find(within)?;
        let begins = !self.text[line.start..first.start].contains(char::is_alphanumeric);
        begins.then(|| (&self.text[first.clone()], &self.text[first.end..line.end]))
    }
}

/// A byte range in a block's text.
fn place(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// The type of a text block.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TextBlockType {
    Heading {
        level: u8,
        id: String,
    },
    Paragraph {
        /// The number of lists around it; 0 means none.
        depth: u8,
    },
    Item {
        /// 1 is the outermost list.
        depth: u8,
        /// Whether its checkbox is ticked, if it has one.
        task: Option<bool>,
    },
    Cell {
        /// The index of the table in the page, from 0.
        table: u32,
        /// 0 is the header row.
        row: u32,
        column: u32,
    },
}

/// The finished blocks, and the current one.
#[derive(Debug, Default)]
pub(super) struct TextBlockCollector {
    blocks: Vec<Block>,
    current: Option<Block>,
    /// The number of blocks that have begun.
    begun: u32,
    cell: CellPosition,
    /// The number of open strikethroughs.
    struck: u32,
}

/// The position of the current table cell.
#[derive(Debug, Default)]
struct CellPosition {
    /// The number of tables so far, with the current one.
    tables: u32,
    row: u32,
    column: u32,
}

/// The finished block: without whitespace at the ends of its text. `None` if it has neither text nor links.
fn finished(mut block: Block) -> Option<Block> {
    let text = block.text.trim();
    if text.is_empty() && block.urls.is_empty() && block.paths.is_empty() {
        return None;
    }
    if text.len() != block.text.len() {
        let before = (block.text.len() - block.text.trim_start().len()) as u32;
        let shift = |at: u32| at.saturating_sub(before).min(text.len() as u32);
        let places = block.code.iter_mut().chain(&mut block.struck);
        places.for_each(|place| *place = shift(place.start)..shift(place.end));
        block.text = text.to_owned();
    }
    // A heading without an id did not end as a heading, so it is a paragraph.
    if matches!(&block.shape, TextBlockType::Heading { id, .. } if id.is_empty()) {
        block.shape = TextBlockType::Paragraph { depth: 0 };
    }
    Some(block)
}

/// The number of bytes of a text that are not whitespace.
fn solid(text: &str) -> usize {
    text.split_whitespace().map(str::len).sum()
}

impl TextBlockCollector {
    fn flush(&mut self) {
        self.blocks.extend(self.current.take().and_then(finished));
    }

    fn begin(&mut self, shape: TextBlockType, span: Span) {
        self.flush();
        self.begun += 1;
        let block = Block {
            number: self.begun,
            shape,
            text: String::new(),
            code: Vec::new(),
            urls: Vec::new(),
            paths: Vec::new(),
            struck: Vec::new(),
            span: Span { end: span.start, ..span },
        };
        self.current = Some(block);
    }

    /// Whether the current item has no text yet, so that the next paragraph is its text.
    fn awaits_text(&self) -> bool {
        self.current
            .as_ref()
            .is_some_and(|block| matches!(block.shape, TextBlockType::Item { .. }) && block.text.is_empty())
    }

    fn push(&mut self, text: &str, end: u32) {
        let struck = self.struck > 0;
        if let Some(block) = &mut self.current {
            block.text.push_str(text);
            block.span.end = end.max(block.span.end);
            let end = block.text.len() as u32;
            let start = end - text.len() as u32;
            match block.struck.last_mut() {
                Some(last) if struck && last.end == start => last.end = end,
                _ if struck => block.struck.push(start..end),
                _ => {}
            }
        }
    }

    /// Marks the last `length` bytes of the text as code.
    fn mark_code(&mut self, length: usize) {
        if let Some(block) = &mut self.current {
            let end = block.text.len();
            block.code.push(end.saturating_sub(length) as u32..end as u32);
        }
    }

    fn push_bare_urls(&mut self, text: &str) {
        for range in urls(text) {
            let url = &text[range];
            let full = if url.starts_with("www.") { format!("https://{url}") } else { url.to_owned() };
            self.push_link(&full);
        }
    }

    fn start_cells(&mut self, tag: &Tag<'_>) {
        self.flush();
        match tag {
            Tag::Table(_) => self.cell.tables += 1,
            Tag::TableHead => (self.cell.row, self.cell.column) = (0, 0),
            _ => (self.cell.row, self.cell.column) = (self.cell.row + 1, 0),
        }
    }

    fn cell(&self) -> TextBlockType {
        let CellPosition { tables, row, column } = self.cell;
        TextBlockType::Cell { table: tables.saturating_sub(1), row, column }
    }
}

impl EventSink for TextBlockCollector {
    fn event(&mut self, event: &Event<'_>, range: &Range<usize>, place: &EventPlace<'_>) {
        if place.in_footnote {
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range, place),
            Event::End(end) => self.end(*end),
            Event::Text(text) if !place.in_verbatim && !place.is_dropped && !place.in_image => {
                self.text(text, place.origin.span(range.clone()), place.lists);
                if !place.in_link && (text.contains("://") || text.contains("www.")) {
                    self.push_bare_urls(text);
                }
            }
            Event::Code(text) | Event::InlineMath(text) if !place.is_dropped && !place.in_image => {
                self.text(text, place.origin.span(range.clone()), place.lists);
                self.mark_code(text.len());
            }
            Event::SoftBreak | Event::HardBreak if !place.in_image => self.push("\n", 0),
            Event::TaskListMarker(done) => {
                if let Some(block) = &mut self.current
                    && let TextBlockType::Item { task, .. } = &mut block.shape
                {
                    *task = Some(*done);
                }
            }
            Event::Rule => self.flush(),
            _ => {}
        }
    }
}

impl TextBlockCollector {
    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>, place: &EventPlace<'_>) {
        let written = place.origin.text.get(range.clone()).unwrap_or_default();
        // The range of an item begins with its indent.
        let start = range.start + written.len() - written.trim_start().len();
        let span = place.origin.span(start..range.end);
        match tag {
            Tag::Paragraph if self.awaits_text() => {}
            Tag::Paragraph => self.begin(TextBlockType::Paragraph { depth: place.lists }, span),
            Tag::Item => {
                self.begin(TextBlockType::Item { depth: place.lists.saturating_add(1), task: None }, span);
            }
            Tag::Heading { level, .. } => {
                self.begin(TextBlockType::Heading { level: *level as u8, id: String::new() }, span);
            }
            Tag::Table(_) | Tag::TableHead | Tag::TableRow => self.start_cells(tag),
            Tag::TableCell => {
                let shape = self.cell();
                self.begin(shape, span);
            }
            Tag::Link { dest_url, .. } if !place.in_image => self.push_link(dest_url),
            Tag::Strikethrough => self.struck += 1,
            Tag::Image { .. } | Tag::Link { .. } | Tag::Emphasis | Tag::Strong => {}
            Tag::Superscript | Tag::Subscript => {}
            _ => self.flush(),
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::TableCell => {
                self.flush();
                self.cell.column += 1;
            }
            TagEnd::Paragraph | TagEnd::Item | TagEnd::DefinitionListTitle => self.flush(),
            TagEnd::DefinitionListDefinition | TagEnd::TableHead => self.flush(),
            _ => {}
        }
    }

    /// Adds text to the current block. If there is none, as in raw HTML, a paragraph begins that lies in `lists` lists.
    pub fn text(&mut self, text: &str, span: Span, lists: u8) {
        let end = span.end;
        if self.current.is_none() && !text.trim().is_empty() {
            self.begin(TextBlockType::Paragraph { depth: lists }, span);
        }
        self.push(text, end);
    }

    /// Adds the destination of a link.
    pub fn push_link(&mut self, destination: &str) {
        let Some(block) = &mut self.current else { return };
        match classify(destination) {
            Reference::Outside(url) => block.urls.push(url.into_owned()),
            Reference::Inside(path) => block.paths.push(path.into_owned()),
            Reference::Refused => {}
        }
    }

    /// Completes the current block as a heading.
    pub fn complete_heading(&mut self, heading: &Heading) {
        if let Some(block) = &mut self.current {
            block.shape = TextBlockType::Heading { level: heading.level, id: heading.id.clone() };
            block.span = heading.span.clone();
        }
        self.flush();
    }

    /// The number of the block that the current list item or table cell begins, if it begins a row.
    pub fn row(&self) -> Option<u32> {
        let block = self.current.as_ref()?;
        let begins = match block.shape {
            TextBlockType::Item { depth, .. } => depth == 1,
            TextBlockType::Cell { row, column, .. } => row > 0 && column == 0,
            TextBlockType::Heading { .. } | TextBlockType::Paragraph { .. } => false,
        };
        begins.then_some(block.number)
    }

    /// Completes the current block and returns all blocks.
    pub fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::markdown::fixture::plain_context;
    use crate::markdown::{self, MarkdownContext};
    use crate::path::FilePath;
    use crate::source::Source;

    fn blocks(text: &str) -> Vec<Block> {
        let part = Source::new(FilePath::new("content/_part.md").unwrap(), "- included\n");
        let sources = BTreeMap::from([(part.path.clone(), part)]);
        let context = MarkdownContext { blocks: Blocks::Collect, sources: &sources, ..plain_context() };
        let source = Source::new(FilePath::new("content/a.md").unwrap(), text);
        let blocks = markdown::parse(&source, 0, None, &context).blocks;
        let written = |block: &Block| text.get(block.span.range(text)).unwrap().trim().to_owned();
        for block in blocks.iter().filter(|block| block.span.file == source.path) {
            assert!(!written(block).is_empty(), "{block:?}");
        }
        blocks
    }

    fn said(text: &str) -> Vec<String> {
        let shape = |block: &Block| match &block.shape {
            TextBlockType::Heading { level, id } => format!("h{level} #{id}"),
            TextBlockType::Paragraph { depth } => format!("p{depth}"),
            TextBlockType::Item { depth, task } => match task {
                None => format!("i{depth}"),
                Some(done) => format!("i{depth} {}", if *done { "x" } else { "o" }),
            },
            TextBlockType::Cell { table, row, column } => format!("c{table},{row},{column}"),
        };
        blocks(text).iter().map(|block| format!("{}: {}", shape(block), block.text)).collect()
    }

    #[test]
    fn every_sort_of_block_is_gathered_in_order() {
        let text = "# T *x*\n\nA `b`\nc [d](e.md)\n\n- f\n  - [x] g\n\n    h\n- [ ] i\n\n## U\n\n|j|k|\n|-|-|\n|l|m|\n";
        let want = [
            "h1 #t-x: T x",
            "p0: A b\nc d",
            "i1: f",
            "i2 x: g",
            "p2: h",
            "i1 o: i",
            "h2 #u: U",
            "c0,0,0: j",
            "c0,0,1: k",
            "c0,1,0: l",
            "c0,1,1: m",
        ];
        assert_eq!(said(text), want);
    }

    #[test]
    fn what_readers_may_not_see_and_code_are_no_blocks() {
        let text =
            "<!-- a -->\nb <!-- c --> d[^1]\n\n```\ne\n```\n\n![f](g.png)\n\n<style>h</style>\n\n[^1]: i\n";
        assert_eq!(said(text), ["p0: b  d"]);
    }

    #[test]
    fn included_texts_and_raw_html_are_gathered_where_they_stand() {
        let text = "- a\n\n::include _part.md\n\n<div>\nb <font color=\"red\">c</font>\n</div>\n\n<ID> d\n";
        assert_eq!(said(text), ["i1: a", "i1: included", "p0: b c", "p0: <ID> d"]);
    }

    #[test]
    fn code_is_known_in_a_text() {
        let block = &blocks(" a `b` c")[0];
        let code = block.code[0].start as usize..block.code[0].end as usize;
        assert_eq!((block.text.as_str(), &block.text[code]), ("a b c", "b"));
    }

    #[test]
    fn destinations_and_strikethrough_are_kept() {
        let text = "- ~~a~~ ~~b~~\n- ~~c~~ d\n- https://a.example/x, [e](../f.md) <https://b.example/>\n";
        let blocks = blocks(text);
        assert_eq!(blocks.iter().map(Block::is_struck).collect::<Vec<_>>(), [true, false, false]);
        assert_eq!(blocks[2].urls, ["https://a.example/x", "https://b.example/"]);
        assert_eq!(blocks[2].paths, ["../f.md"]);
    }
}
