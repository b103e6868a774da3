//! Who may see what: levels of visibility, and the audience that a site is built for.
//!
//! Owns the words ([`Levels`], [`Level`], [`Audience`]), the record of what was withheld ([`Withheld`]), and the map from
//! redacted text back to the written one ([`Cuts`]). Knows neither Markdown nor front matter: who reads levels there,
//! asks here.

mod cuts;
mod levels;
mod patterns;

use crate::source::Span;

pub use cuts::Cuts;
pub use levels::{Audience, Level, Levels};
pub use patterns::{Pattern, Patterns};

/// Something that the audience of a build does not get.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Withheld {
    /// Where it stands, in the text as it was written.
    pub span: Span,
    pub what: What,
    pub why: Why,
}

/// What was withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    Page,
    /// An asset, a data file, or a text for includes.
    File,
    /// A field of front matter, or an entry of a list in one.
    Field,
    /// `:::internal` … `:::`, or a block of code.
    Block,
    /// A heading with what stands beneath.
    Section,
    Paragraph,
    /// An item of a list with all that is in it.
    Item,
    /// A row of a table.
    Row,
    /// Words in a line.
    Inline,
}

/// Why something was withheld.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Only those may see it who see this level.
    Level(Level),
    /// It was not cleared for publication: the state it is in.
    Clearance(&'static str),
    /// Not before this time, as it was written.
    Embargo(String),
    /// Its visibility cannot be read; see the diagnostics.
    Unclear,
}

impl What {
    /// For reports.
    pub fn name(self) -> &'static str {
        match self {
            What::Page => "page",
            What::File => "file",
            What::Field => "field",
            What::Block => "block",
            What::Section => "section",
            What::Paragraph => "paragraph",
            What::Item => "item",
            What::Row => "row",
            What::Inline => "inline",
        }
    }
}
