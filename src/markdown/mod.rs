//! Markdown text to HTML with holes. Knows no page and no site.

pub mod code;
pub mod escape;
pub mod math;

use crate::source::Span;

/// What one Markdown text became.
#[derive(Debug, Default)]
pub struct Document {
    /// The body's HTML, with a hole at each of `holes`.
    pub html: String,
    /// Sorted by offset.
    pub holes: Vec<Hole>,
    pub links: Vec<Link>,
    /// Headings in order of the text.
    pub outline: Vec<Heading>,
    /// Every id in the body, sorted.
    pub anchors: Vec<String>,
    /// The text of the first paragraph.
    pub lead: String,
    /// Whether the body begins with a heading of level 1.
    pub has_title: bool,
}

/// A place in the HTML that `render` fills.
#[derive(Debug, Clone, Copy)]
pub struct Hole {
    /// Byte offset in the HTML.
    pub at: u32,
    pub fill: Fill,
}

/// What goes into a hole; the number is an index into [`Document::links`].
#[derive(Debug, Clone, Copy)]
pub enum Fill {
    /// `<a href="…"` without the closing `>`.
    LinkOpen(u32),
    /// `</a>`.
    LinkClose(u32),
    /// ` src="…"` with width and height.
    Image(u32),
}

/// A link to something inside the handbook, as written.
#[derive(Debug)]
pub struct Link {
    /// The destination, entities and escapes undone.
    pub destination: String,
    /// The destination in the source.
    pub span: Span,
    /// An image is shown, a link is followed.
    pub image: bool,
}

/// A heading.
#[derive(Debug)]
pub struct Heading {
    pub level: u8,
    pub id: String,
    /// Without mark-up.
    pub text: String,
    pub span: Span,
}

/// A part of a document.
#[derive(Debug)]
pub struct Fragment;
