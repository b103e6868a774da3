//! Blocks: what a text says, without mark-up, for those who read facts out of it.
//!
//! Owns [`Block`] and how the walk fills it: the body's own text in order, with included texts, without code
//! blocks, footnotes, comments and alternative texts. Knows nothing of what a text means.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Heading;
use super::inline::urls;
use super::url::{Reference, classify};
use super::writer::Writer;
use crate::source::Span;

/// Whether blocks are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Blocks {
    #[default]
    Leave,
    Collect,
}

/// One heading, paragraph, list item or cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Block {
    pub shape: Shape,
    /// Plain, without blanks at its ends; line breaks of the source as `\n`. An item's text ends where the first
    /// block in it ends.
    pub text: String,
    /// Where code stands in the text.
    pub code: Vec<Range<u32>>,
    /// The absolute destinations of its links, in order.
    pub urls: Vec<String>,
    /// The destinations of its other links, as written, in order.
    pub paths: Vec<String>,
    /// Where the text is struck through.
    pub struck: Vec<Range<u32>>,
    pub span: Span,
}

impl Block {
    /// Whether all of the text is struck through.
    pub fn is_struck(&self) -> bool {
        let struck: usize = self.struck.iter().map(|range| solid(&self.text[place(range)])).sum();
        struck > 0 && struck == solid(&self.text)
    }

    /// What is struck through where a line of the text begins, and what follows it in the line.
    pub fn struck_beginning(&self, line: Range<usize>) -> Option<(&str, &str)> {
        let within = |struck: &Range<usize>| line.start <= struck.start && struck.end <= line.end;
        let first = self.struck.iter().map(place).find(within)?;
        let begins = !self.text[line.start..first.start].contains(char::is_alphanumeric);
        begins.then(|| (&self.text[first.clone()], &self.text[first.end..line.end]))
    }
}

/// A place in a block's text.
fn place(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// What sort of block it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Shape {
    Heading {
        level: u8,
        id: String,
    },
    Paragraph {
        /// Lists around it; 0 is none.
        depth: u8,
    },
    Item {
        /// 1 is the outermost list.
        depth: u8,
        /// Whether its box is ticked, if it has one.
        task: Option<bool>,
    },
    Cell {
        /// Counts the page's tables from 0.
        table: u32,
        /// 0 is the head.
        row: u32,
        column: u32,
    },
}

/// The blocks so far, and the one that is being read.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub blocks: Vec<Block>,
    current: Option<Reading>,
    /// How many tables have begun; row and column of the cell that is being read.
    table: (u32, u32, u32),
    /// Strikethroughs that are open.
    struck: u32,
}

#[derive(Debug)]
struct Reading {
    block: Block,
}

impl Reading {
    fn finish(self) -> Option<Block> {
        let mut block = self.block;
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
        if matches!(&block.shape, Shape::Heading { id, .. } if id.is_empty()) {
            block.shape = Shape::Paragraph { depth: 0 };
        }
        Some(block)
    }
}

/// How many bytes of a text are no blanks.
fn solid(text: &str) -> usize {
    text.split_whitespace().map(str::len).sum()
}

impl Gathered {
    fn flush(&mut self) {
        self.blocks.extend(self.current.take().and_then(Reading::finish));
    }

    fn begin(&mut self, shape: Shape, span: Span) {
        self.flush();
        let block = Block {
            shape,
            text: String::new(),
            code: Vec::new(),
            urls: Vec::new(),
            paths: Vec::new(),
            struck: Vec::new(),
            span: Span { end: span.start, ..span },
        };
        self.current = Some(Reading { block });
    }

    /// Whether an item has begun that has no text yet: the paragraph that follows is its text.
    fn awaits_text(&self) -> bool {
        self.current.as_ref().is_some_and(|reading| {
            matches!(reading.block.shape, Shape::Item { .. }) && reading.block.text.is_empty()
        })
    }

    fn push(&mut self, text: &str, end: u32) {
        let struck = self.struck > 0;
        if let Some(reading) = &mut self.current {
            reading.block.text.push_str(text);
            reading.block.span.end = end.max(reading.block.span.end);
            let end = reading.block.text.len() as u32;
            let start = end - text.len() as u32;
            match reading.block.struck.last_mut() {
                Some(last) if struck && last.end == start => last.end = end,
                _ if struck => reading.block.struck.push(start..end),
                _ => {}
            }
        }
    }

    /// The last bytes of the text are code.
    fn mark_code(&mut self, length: usize) {
        if let Some(reading) = &mut self.current {
            let end = reading.block.text.len();
            reading.block.code.push(end.saturating_sub(length) as u32..end as u32);
        }
    }

    fn push_link(&mut self, destination: &str) {
        let Some(reading) = &mut self.current else { return };
        match classify(destination) {
            Reference::Outside(url) => reading.block.urls.push(url.into_owned()),
            Reference::Inside(path) => reading.block.paths.push(path.into_owned()),
            Reference::Refused => {}
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
            Tag::Table(_) => self.table.0 += 1,
            Tag::TableHead => (self.table.1, self.table.2) = (0, 0),
            _ => (self.table.1, self.table.2) = (self.table.1 + 1, 0),
        }
    }

    fn cell(&self) -> Shape {
        let (table, row, column) = self.table;
        Shape::Cell { table: table.saturating_sub(1), row, column }
    }
}

impl Writer<'_> {
    /// Takes what an event says; called before the event is written.
    pub(super) fn gather(&mut self, event: &Event<'_>, range: &Range<usize>) {
        // Footnotes have HTML of their own.
        if self.html.len() > 1 {
            return;
        }
        match event {
            Event::Start(tag) => self.gather_start(tag, range),
            Event::End(end) => self.gather_end(*end),
            Event::Text(text) if self.verbatim.is_none() && self.dropping.is_none() && self.images == 0 => {
                self.gather_text(text, range.clone());
                if self.anchors == 0 && (text.contains("://") || text.contains("www.")) {
                    self.gathered().push_bare_urls(text);
                }
            }
            Event::Code(text) | Event::InlineMath(text) if self.dropping.is_none() && self.images == 0 => {
                self.gather_text(text, range.clone());
                self.gathered().mark_code(text.len());
            }
            Event::SoftBreak | Event::HardBreak if self.images == 0 => {
                self.gathered().push("\n", 0);
            }
            Event::TaskListMarker(done) => {
                if let Some(reading) = &mut self.gathered().current
                    && let Shape::Item { task, .. } = &mut reading.block.shape
                {
                    *task = Some(*done);
                }
            }
            Event::Rule => self.gathered().flush(),
            _ => {}
        }
    }

    fn gathered(&mut self) -> &mut Gathered {
        self.gathered.get_or_insert_default()
    }

    fn gather_start(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        let depth = self.depth();
        let written = self.origin.text.get(range.clone()).unwrap_or_default();
        // An item's range begins in the indent.
        let start = range.start + written.len() - written.trim_start().len();
        let span = self.span(start..range.end);
        match tag {
            Tag::Paragraph if self.gathered().awaits_text() => {}
            Tag::Paragraph => self.gathered().begin(Shape::Paragraph { depth }, span),
            Tag::Item => {
                self.gathered().begin(Shape::Item { depth: depth.saturating_add(1), task: None }, span);
            }
            Tag::Heading { level, .. } => {
                let shape = Shape::Heading { level: *level as u8, id: String::new() };
                self.gathered().begin(shape, span);
            }
            Tag::Table(_) | Tag::TableHead | Tag::TableRow => self.gathered().start_cells(tag),
            Tag::TableCell => {
                let shape = self.gathered().cell();
                self.gathered().begin(shape, span);
            }
            Tag::Link { dest_url, .. } if self.images == 0 => self.gathered().push_link(dest_url),
            Tag::Strikethrough => self.gathered().struck += 1,
            Tag::Image { .. } | Tag::Link { .. } | Tag::Emphasis | Tag::Strong => {}
            Tag::Superscript | Tag::Subscript => {}
            _ => self.gathered().flush(),
        }
    }

    fn gather_end(&mut self, end: TagEnd) {
        let gathered = self.gathered();
        match end {
            TagEnd::Strikethrough => gathered.struck = gathered.struck.saturating_sub(1),
            TagEnd::TableCell => {
                gathered.flush();
                gathered.table.2 += 1;
            }
            TagEnd::Paragraph | TagEnd::Item | TagEnd::DefinitionListTitle => gathered.flush(),
            TagEnd::DefinitionListDefinition | TagEnd::TableHead => gathered.flush(),
            _ => {}
        }
    }

    /// Adds text to the block that is being read. Where there is none, as in raw HTML, one begins.
    pub(super) fn gather_text(&mut self, text: &str, range: Range<usize>) {
        let span = self.span(range);
        let depth = self.depth();
        let gathered = self.gathered();
        if gathered.current.is_none() && !text.trim().is_empty() {
            gathered.begin(Shape::Paragraph { depth }, span.clone());
        }
        gathered.push(text, span.end);
    }

    /// Adds a piece of raw HTML that is shown as text.
    pub(super) fn gather_raw(&mut self, text: &str, span: &Span) {
        if self.gathered.is_some() && self.html.len() == 1 {
            let place = |offset: u32| (offset as usize).saturating_sub(self.origin.base);
            self.gather_text(text, place(span.start)..place(span.end));
        }
    }

    /// Adds the destination of a link in raw HTML.
    pub(super) fn gather_link(&mut self, destination: &str) {
        if let Some(gathered) = &mut self.gathered
            && self.html.len() == 1
            && !destination.is_empty()
        {
            gathered.push_link(destination);
        }
    }

    /// The heading whose text has been read is complete.
    pub(super) fn gather_heading(&mut self, heading: &Heading) {
        if self.html.len() == 1
            && let Some(gathered) = &mut self.gathered
        {
            if let Some(reading) = &mut gathered.current {
                reading.block.shape = Shape::Heading { level: heading.level, id: heading.id.clone() };
                reading.block.span = heading.span.clone();
            }
            gathered.flush();
        }
    }

    /// Ends the block that is being read, and returns all.
    pub(super) fn take_blocks(&mut self) -> Vec<Block> {
        let mut gathered = self.gathered.take().unwrap_or_default();
        gathered.flush();
        gathered.blocks
    }

    /// How many lists are open.
    fn depth(&self) -> u8 {
        u8::try_from(self.items.len()).unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::markdown::{self, Environment};
    use crate::path::FilePath;
    use crate::source::Source;

    fn blocks(text: &str) -> Vec<Block> {
        let part = Source::new(FilePath::new("content/_part.md").unwrap(), "- included\n");
        let sources = BTreeMap::from([(part.path.clone(), part)]);
        let environment = Environment {
            extensions: markdown::Extensions { math: false, smart_punctuation: false },
            strings: crate::strings::Languages::built_in().of("en"),
            flavor: markdown::Flavor::Plain,
            blocks: Blocks::Collect,
            withhold: None,
            closed_world: markdown::ClosedWorld {
                levels: &crate::visibility::Levels::default(),
                audience: crate::visibility::Audience::of(crate::visibility::Levels::default().lowest()),
                used: false,
                classes: &[],
            },
            hides: &|_| None,
            content: "content",
            sources: &sources,
            sections: &markdown::Sections::default(),
            checklist: markdown::Checklist::Leave,
            code: markdown::code::Setting::PLAIN,
            diagrams: None,
        };
        let source = Source::new(FilePath::new("content/a.md").unwrap(), text);
        let blocks = markdown::parse(&source, 0, None, &environment).blocks;
        let written = |block: &Block| text.get(block.span.range(text)).unwrap().trim().to_owned();
        for block in blocks.iter().filter(|block| block.span.file == source.path) {
            assert!(!written(block).is_empty(), "{block:?}");
        }
        blocks
    }

    fn said(text: &str) -> Vec<String> {
        let shape = |block: &Block| match &block.shape {
            Shape::Heading { level, id } => format!("h{level} #{id}"),
            Shape::Paragraph { depth } => format!("p{depth}"),
            Shape::Item { depth, task } => match task {
                None => format!("i{depth}"),
                Some(done) => format!("i{depth} {}", if *done { "x" } else { "o" }),
            },
            Shape::Cell { table, row, column } => format!("c{table},{row},{column}"),
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
