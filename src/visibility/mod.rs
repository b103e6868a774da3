//! Levels of visibility, and the audience that a site is built for.
//!
//! Owns levels and audiences ([`Levels`], [`Level`], [`Audience`]), patterns that give levels to files ([`Patterns`]),
//! the record of withheld parts ([`Withheld`]), and the map from redacted text back to the written text ([`Cuts`]). The
//! code that finds levels in Markdown and front matter is in `markdown` and `page`.

mod cuts;
mod levels;
mod patterns;

use crate::source::Span;

pub use cuts::Cuts;
pub use levels::{Audience, Level, Levels};
pub use patterns::{PathGlob, Pattern, Patterns, folded};

/// A part of the inputs that is withheld from the audience of a build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Withheld {
    /// Where it is in the text that the author wrote.
    pub span: Span,
    pub what: WithheldPart,
    pub why: WithheldReason,
}

/// The type of a withheld part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WithheldPart {
    Page,
    /// An asset, a data file, or a text for includes.
    File,
    /// A field of front matter, or an item of a list in a field.
    Field,
    /// `:::internal` … `:::`, or a code block.
    Block,
    /// A heading with the content below it.
    Section,
    Paragraph,
    /// A list item with its content.
    Item,
    /// A row of a table.
    Row,
    /// Words within a line.
    Inline,
}

/// Why something was withheld.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WithheldReason {
    /// The audience does not see this level.
    Level(Level),
    /// The page was not cleared for publication. Holds the state of its clearance.
    Clearance(&'static str),
    /// The page is under embargo until this time, as it was written.
    Embargo(String),
    /// The visibility cannot be read; a diagnostic says why.
    Unclear,
}

impl WithheldPart {
    /// The name of the type in reports.
    pub fn name(self) -> &'static str {
        match self {
            WithheldPart::Page => "page",
            WithheldPart::File => "file",
            WithheldPart::Field => "field",
            WithheldPart::Block => "block",
            WithheldPart::Section => "section",
            WithheldPart::Paragraph => "paragraph",
            WithheldPart::Item => "item",
            WithheldPart::Row => "row",
            WithheldPart::Inline => "inline",
        }
    }
}
