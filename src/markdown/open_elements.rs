//! What is open while a text is written.
//!
//! Owns the types of the writer's state: elements that must be closed, the current table, item and quote, and text that
//! is taken verbatim. Must not write HTML.

use std::collections::BTreeSet;
use std::ops::Range;

use super::address::Address;
use crate::source::Span;
use crate::visibility::Level;

/// An element that must be closed.
pub(super) enum OpenElement {
    /// A Markdown container. The parser closes it.
    Block(Close),
    /// A raw tag. Its end tag closes it, or the end of its container.
    Raw { name: String, end: RawEnd, span: Span },
    /// A directive. Its closing line closes it.
    Directive { colons: usize, close: &'static str, span: Span, part: OpenPart },
}

/// The end of a raw element.
pub(super) enum RawEnd {
    /// The end tag of this element, whose name may differ from the author's.
    Tag(String),
    /// The end of a table and of the frame around it.
    Table {
        /// The start tag.
        span: Span,
        /// Whether it needs no header cells, or has one.
        has_header: bool,
    },
    Link(Address),
    Nothing,
}

/// What to do at the end of a Markdown container.
#[derive(Clone)]
pub(super) enum Close {
    Html(&'static str),
    Paragraph,
    /// A paragraph that a block of raw HTML has already ended.
    EndedParagraph,
    Heading {
        level: u8,
        id: Option<String>,
        classes: Vec<String>,
        start: usize,
        span: Span,
    },
    /// The term of a definition list.
    Term {
        /// The offset in the HTML where the id goes.
        start: usize,
    },
    Code(CodeBlock),
    Cell {
        /// The offset in the HTML where the class goes.
        start: usize,
        end: &'static str,
        /// The number of the block that begins a row.
        row: Option<u32>,
    },
    Row,
    Link(Address),
    Image {
        destination: String,
        title: String,
        span: Span,
    },
    Footnote(String),
    RawBlock,
    Quiet,
}

impl Close {
    /// Whether the container is part of a line of text.
    pub fn is_inline(&self) -> bool {
        let inline = |html: &str| matches!(html, "</em>" | "</strong>" | "</del>" | "</sup>" | "</sub>");
        matches!(self, Close::Html(html) if inline(html))
            || matches!(self, Close::Link(_) | Close::Image { .. })
    }

    /// Whether the container may contain blocks, not only text.
    pub fn holds_blocks(&self) -> bool {
        match self {
            Close::Html(html) => !self.is_inline() && *html != "</dt>\n",
            Close::EndedParagraph | Close::Cell { .. } | Close::Footnote(_) | Close::RawBlock => true,
            Close::Paragraph | Close::Heading { .. } | Close::Term { .. } | Close::Link(_) => false,
            Close::Image { .. } | Close::Code(_) | Close::Row | Close::Quiet => false,
        }
    }
}

/// A code block.
#[derive(Clone)]
pub(super) struct CodeBlock {
    /// The text after the opening fence.
    pub info: String,
    pub fenced: bool,
    pub range: Range<usize>,
}

/// The meaning of an open directive for its content and for its end.
pub(super) enum OpenPart {
    /// A frame around any text.
    Frame,
    /// The number of tabs so far, their names in lower case, and the level of their headings.
    Tabs { count: usize, names: BTreeSet<String>, level: u8 },
    /// A level around tabs.
    Level(Level),
    /// One tab: its name, and the offset of its text in the HTML.
    Tab { name: String, start: usize },
    /// A list, and its offset in the HTML.
    List { list: ListPart, start: usize },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ListPart {
    Steps,
    Cards,
}

/// The role of a list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemRole {
    /// An item of an ordered list that is not inside another list.
    Numbered,
    Other,
}

/// The state of a task list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    Open,
    Done,
}

/// The progress in reading the beginning of a quote.
#[derive(Debug, Default)]
pub(super) enum QuoteProgress {
    #[default]
    Elsewhere,
    /// A quote has begun: the offset of its HTML, and its end in the source.
    Begun { at: usize, end: usize },
    /// The title line of an alert has been read.
    Titled,
}

/// The current table.
#[derive(Default)]
pub(super) struct OpenTable {
    /// The class of each column, for its alignment.
    pub classes: Vec<&'static str>,
    pub is_head: bool,
    /// Whether a cell of the header says something.
    pub has_header: bool,
    /// The range of the header in the text.
    pub head: Range<usize>,
    /// The number of cells in the row so far.
    pub column: usize,
    /// The range of the row in the text. `cells_end` is the end of its last cell.
    pub row: Range<usize>,
    pub cells_end: usize,
}

/// Text that is taken verbatim, such as code.
#[derive(Default)]
pub(super) struct VerbatimText {
    pub text: String,
    /// Pairs of an offset in `text` and the offset in the file that it came from, in bytes.
    pub places: Vec<(usize, usize)>,
}

impl VerbatimText {
    /// Adds a line that begins at byte `place` of its file.
    pub fn push(&mut self, text: &str, place: usize) {
        self.places.push((self.text.len(), place));
        self.text.push_str(text);
    }

    /// The offset in the file of an offset in the text.
    pub fn place(&self, offset: usize) -> usize {
        let line = self.places.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
        self.places.get(line).map_or(0, |(start, place)| place + (offset - start))
    }
}
