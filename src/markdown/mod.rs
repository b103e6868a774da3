//! Markdown to HTML with holes: one walk over the events of one text.
//!
//! Owns everything between the author's Markdown and the body's HTML: directives, includes, raw HTML,
//! headings and ids, code, footnotes. Knows no page and no site: what a link leads to is left open in
//! [`Hole`]s that `render` fills.
//!
//! # Raw HTML
//!
//! Raw HTML is cut into pieces, html5ever's tokenizer reads each tag, tables in `tags` say what becomes of it, and the tag is
//! written anew from its parts. A sanitiser over the finished HTML would lose the places of problems, could not turn links
//! into holes, and could not balance tags that open in one block and close in another. Unknown tags are shown as text,
//! scripts and styles are left out, frames become links; each is a diagnostic.
//!
//! # Directives
//!
//! `:::note`, `:::` and `::include x` are found before the parser runs. Each is replaced by a horizontal rule of the same
//! length, and the writer looks up what the rule at that offset stands for. A rule ends a paragraph exactly where the line of
//! the directive does, offsets stay true, and in a code block the line is text.
//!
//! # The Markdown copy
//!
//! The Markdown beside each page is made in the same walk. Only what events of the parser cover is copied, so comments and
//! definitions of references are left out. Every address goes through `address`: inside the handbook it is a hole.

mod address;
mod blocks;
mod closed_world;
pub mod code;
mod commands;
mod comments;
mod copy;
mod diagrams;
mod directives;
mod emoji;
pub mod escape;
mod footnotes;
mod foreign;
pub mod front;
mod gather;
mod headings;
mod html;
mod include;
mod inline;
pub mod math;
mod mathml;
mod notes;
mod parts;
mod pieces;
mod quotes;
mod raw_html;
pub mod redact;
mod shown;
mod syntax;
mod tags;
mod url;
mod withhold;
mod writer;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagrams::{Drawing, Problem};
use crate::path::FilePath;
use crate::source::{Source, Span};
use crate::strings::Strings;

pub use closed_world::ClosedWorld;
use code::Setting;
pub use commands::{Checklist, Commands};
pub use copy::Copy;
pub use gather::{Block, Blocks, Shape};
pub use include::{Sections, included, references};
pub use notes::Flavor;
pub use syntax::Extensions;
pub use url::{Reference, classify};
pub use withhold::{Entry, Judge, Label, Withhold, lists_people};

/// What one Markdown text became.
#[derive(Debug, Default)]
pub struct Document {
    /// The body's HTML, with a hole at each of `holes`.
    pub html: String,
    /// Sorted by offset.
    pub holes: Vec<Hole>,
    pub links: Vec<Link>,
    /// Headings in order of the text, without the one that became the title.
    pub outline: Vec<Heading>,
    /// Every id in the body, sorted.
    pub anchors: Vec<String>,
    /// The heading of level 1 that the text begins with; it is not in the body.
    pub title: Option<Heading>,
    /// The text of the first paragraph.
    pub lead: String,
    /// The Markdown as readers may have it: no front matter, no comments, included texts in their places.
    pub markdown: Copy,
    /// What the body says; empty unless it was wanted.
    pub blocks: Vec<Block>,
    /// What the sections said that were withheld: for counting, never for readers.
    pub withheld: Vec<Block>,
    /// What it tells readers to do.
    pub commands: Commands,
    /// How many diagrams were drawn.
    pub diagrams: usize,
    /// How many sets of tabs there are.
    pub tabs: usize,
    pub diagnostics: Vec<Diagnostic>,
}

/// A place in the HTML that `render` fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// Byte offset in the HTML.
    pub at: u32,
    pub fill: Fill,
}

/// What goes into a hole; the number is an index into [`Document::links`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// `<a href="…"`; further attributes and `>` follow in the HTML.
    Open(u32),
    /// `</a>`.
    Close(u32),
    /// A whole `<img …>`.
    Image(u32),
    /// The text of a link that has none of its own.
    Name(u32),
}

/// A link to something inside the handbook, as written.
#[derive(Debug)]
pub struct Link {
    /// The destination, entities and escapes undone.
    pub destination: String,
    /// The link in the source; its file is the one that the destination is relative to.
    pub span: Span,
    pub role: Role,
}

/// What a link does.
#[derive(Debug)]
pub enum Role {
    /// The reader follows it.
    Follow,
    /// The reader follows it, in a drawing.
    Point,
    /// The reader follows it to what an element such as `video` would show.
    Play { element: String },
    /// An image is shown.
    Show { alt: String, title: String, width: Option<u32>, height: Option<u32> },
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

/// What the writer needs of the world.
pub struct Environment<'a> {
    pub extensions: Extensions,
    /// What the writer itself says, in the language of the page.
    pub strings: &'a Strings,
    /// How the text was written.
    pub flavor: Flavor,
    /// Whether [`Document::blocks`] is wanted.
    pub blocks: Blocks,
    /// Which sections are withheld, if any are.
    pub withhold: Option<Withhold<'a>>,
    /// Directives that are named like a level hide what is in them; here stands what the audience may see.
    pub closed_world: ClosedWorld<'a>,
    /// Whether a text is not for the audience: it cannot be included.
    pub hides: &'a (dyn Fn(&Source) -> Option<&'static str> + Sync),
    /// The folder beneath which includes lie.
    pub content: &'a str,
    /// Every text file that may be included.
    pub sources: &'a BTreeMap<FilePath, Source>,
    /// The sections of those that are included, as far as they are known.
    pub sections: &'a Sections,
    /// Whether readers tick the text's steps.
    pub checklist: Checklist,
    /// What all code blocks have in common.
    pub code: Setting<'a>,
    /// Draws a diagram, where diagrams are wanted.
    pub diagrams: Option<Draw<'a>>,
}

/// Makes a drawing of a diagram's source.
pub type Draw<'a> = &'a (dyn Fn(&str) -> Result<Arc<Drawing>, Problem> + Sync);

/// Turns the Markdown at `body` (a byte offset) of a source into a document.
pub fn parse(source: &Source, body: usize, title: Option<&str>, environment: &Environment<'_>) -> Document {
    writer::Writer::new(environment, title).document(source, body)
}
