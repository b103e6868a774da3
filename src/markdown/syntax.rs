//! How a text is read: the one place that says which Markdown a text is written in.
//!
//! Owns the extensions that are on, and the masks in front of the parser. Whoever needs the events of a text takes them
//! from here, so that what is hidden is decided on the same events from which the page is written.

use pulldown_cmark::{Options, Parser};

use super::directives::{self, Dialect, Masked};
use super::notes::{self, Flavor};

/// The extensions of Markdown that are always read.
pub(super) const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST);

/// The extensions that a handbook chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extensions {
    pub math: bool,
    pub smart_punctuation: bool,
}

/// How one text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syntax {
    pub dialect: Dialect,
    pub flavor: Flavor,
    pub extensions: Extensions,
}

impl Syntax {
    /// What the parser gets to see of a text, and what it does not know.
    pub fn mask(self, text: &str) -> Masked<'_> {
        notes::mask(directives::mask(text, self.dialect), self.flavor)
    }

    /// The parser of a masked text.
    pub fn parser(self, masked: &str) -> Parser<'_> {
        let mut options = EXTENSIONS;
        options.set(Options::ENABLE_MATH, self.extensions.math);
        options.set(Options::ENABLE_SMART_PUNCTUATION, self.extensions.smart_punctuation);
        Parser::new_ext(masked, options)
    }
}
