//! Converts Markdown to HTML with holes, in one walk over the parser's events.
//!
//! Owns everything between the author's Markdown and the HTML of the body: directives, includes, raw HTML, headings and
//! ids, code, footnotes. Must not know pages or the site: the target of a link inside the handbook is left open in a
//! [`Hole`], which `render` fills.
//!
//! # One walk
//!
//! `Syntax::parse` gives the events of a text. `participants` finds the lists of people in them that readers may not
//! see; where there is one, the text is parsed once more without it. Then `writer` walks over the events once. It passes
//! each event to the sinks (`event_sink`): the collector of text blocks, the search of each block's text, the Markdown
//! export. After them it writes the HTML of the event. Its state is in `writer` and `open_elements`; each type
//! of content has a file that writes it: `blocks`, `inline`, `headings`, `footnote_html`, `commands`, `raw_html`, ….
//! These files know the writer. The sinks, and everything that only computes, do not.
//!
//! # Raw HTML
//!
//! Raw HTML is cut into pieces. html5ever's tokenizer reads each tag, the tables in `tags` decide what happens to it,
//! and the tag is written again from its parts. A sanitiser that runs over the finished HTML would lose the positions
//! of problems, could not turn links into holes, and could not balance tags that open in one block and close in
//! another. Unknown tags are shown as text, scripts and styles are left out, and frames become links; each of these
//! gives a diagnostic.
//!
//! # Directives
//!
//! The lines `:::note`, `:::` and `::include x` are found before the parser runs. Each is replaced by a horizontal rule
//! of the same length in bytes. When the writer meets a rule, it looks up which directive begins at that offset. A rule
//! ends a paragraph exactly where the line of the directive does, offsets do not change, and a directive in a code
//! block stays text.
//!
//! # The Markdown export
//!
//! The Markdown file beside each page is made in the same walk. Only text that events of the parser cover is copied, so
//! comments and reference definitions are left out. Every address goes through `address`: an address inside the
//! handbook is a hole.

mod address;
mod addresses;
mod bare_urls;
mod block_search;
mod blocks;
mod closed_world;
pub mod code;
mod commands;
mod comments;
mod corrections;
mod diagrams;
mod directive_names;
mod directives;
mod emoji;
mod event_sink;
mod events;
mod export;
mod field_comments;
#[cfg(test)]
pub mod fixture;
mod footnote_html;
mod footnotes;
mod foreign;
pub mod front;
mod headings;
mod html;
mod html_pieces;
mod ids;
mod include;
mod inline;
mod layout_directives;
mod link_tags;
pub mod math;
mod mathml;
mod notes;
mod open_elements;
mod participants;
mod prose;
mod prose_words;
mod public_addresses;
mod quotes;
mod raw_html;
pub mod redact;
mod regions;
mod syntax;
mod tags;
mod terms;
mod text_blocks;
mod text_origin;
mod transcript;
mod url;
mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagrams::{DiagramProblem, Drawing};
use crate::dialect::Dialect;
use crate::path::FilePath;
use crate::source::{Source, Span};
use crate::strings::Strings;

pub use addresses::{AddressSyntax, WrittenAddress, address_of_link, addresses};
pub use closed_world::ClosedWorld;
use code::FigureContext;
pub use commands::Commands;
pub use corrections::{Corrections, TranscriptSettings};
pub use directive_names::directive_names;
pub use export::MarkdownExport;
pub use field_comments::without_comments;
pub use include::{IncludeSections, included, references};
pub use link_tags::LinkTags;
pub use notes::Flavor;
pub use participants::{
    HeadingMeaning, ParticipantBlocks, ParticipantClassifier, ParticipantPolicy, PersonEntry,
    WithheldParticipants, find_people,
};
use redact::Redactions;
pub use regions::{TextRegions, regions};
pub use syntax::Extensions;
use syntax::Syntax;
#[cfg(test)]
pub use syntax::parses;
pub use text_blocks::{Block, Blocks, TextBlockType};
pub use url::{Reference, classify};

/// The result of one Markdown text.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The body's HTML, with a hole at each of `holes`.
    pub html: String,
    /// Sorted by offset.
    pub holes: Vec<Hole>,
    pub links: Vec<Link>,
    /// Headings in the order of the text, without the one that became the title.
    pub outline: Vec<Heading>,
    /// Every id in the body, sorted.
    pub anchors: Vec<String>,
    /// The heading of level 1 at the beginning of the text. It is not part of the body.
    pub title: Option<Heading>,
    /// The text of the first paragraph.
    pub first_paragraph: String,
    /// The Markdown for readers: without front matter and comments, with included texts in place.
    pub markdown: MarkdownExport,
    /// The text blocks of the body; empty unless [`MarkdownContext::blocks`] asks for them.
    pub blocks: Vec<Block>,
    /// The blocks in which lists of people can be found, for [`ParticipantPolicy::ShowAndCollect`]. `None` also where
    /// the text would be parsed differently as notes of a meeting: see [`participant_blocks`].
    pub participants: Option<ParticipantBlocks>,
    /// The text blocks of withheld sections. They are counted and never shown to readers.
    pub withheld: Vec<Block>,
    /// The commands and steps of the text.
    pub commands: Commands,
    /// The number of diagrams that were drawn.
    pub diagrams: usize,
    /// The number of tab sets.
    pub tabs: usize,
    pub diagnostics: Vec<Diagnostic>,
}

/// A position in the HTML that `render` fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// Byte offset in the HTML.
    pub at: u32,
    pub fill: HoleContent,
}

/// The content of a hole. A number is an index into [`Document::links`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoleContent {
    /// `<a href="…"`. Further attributes and `>` follow in the HTML.
    Open(u32),
    /// `</a>`.
    Close(u32),
    /// A whole `<img …>`.
    Image(u32),
    /// The text of a link that has no text of its own.
    Name(u32),
    /// A place in a list item or a table cell.
    Row(RowPlace),
}

/// A place in a list item of an outermost list, or in the first cell of a table row. The number is that of its
/// [`Block`]. `render` leaves it empty, unless the view of the page has something for that block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowPlace {
    /// In the start tag.
    Attributes(u32),
    /// Before the content.
    Start(u32),
    /// After the content of a cell; in an item directly after `Start`.
    End(u32),
}

impl RowPlace {
    /// The number of the block.
    pub fn block(self) -> u32 {
        let (RowPlace::Attributes(block) | RowPlace::Start(block) | RowPlace::End(block)) = self;
        block
    }
}

impl Document {
    /// Removes the places in rows that no view will fill.
    pub fn keep_rows(&mut self, wanted: &BTreeSet<u32>) {
        self.holes.retain(|hole| match hole.fill {
            HoleContent::Row(place) => wanted.contains(&place.block()),
            _ => true,
        });
    }
}

/// A link to something inside the handbook, as the author wrote it.
#[derive(Debug, Clone)]
pub struct Link {
    /// The destination, with entities and escapes decoded.
    pub destination: String,
    /// The span of the link. The destination is relative to the file of this span.
    pub span: Span,
    pub role: LinkRole,
}

/// The purpose of a link.
#[derive(Debug, Clone)]
pub enum LinkRole {
    /// The reader follows the link.
    Follow,
    /// The reader follows the link in a drawing.
    Point,
    /// The reader follows the link to the file that an element such as `video` would show.
    Play { element: String },
    /// An image is shown.
    Show { alt: String, title: String, width: Option<u32>, height: Option<u32> },
}

/// A heading of the text.
#[derive(Debug, Clone)]
pub struct Heading {
    /// From 1 to 6.
    pub level: u8,
    pub id: String,
    /// The text without mark-up.
    pub text: String,
    pub span: Span,
}

/// Whether list items become steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Checklist {
    #[default]
    Leave,
    Mark,
}

/// The inputs of the writer, apart from the text itself.
pub struct MarkdownContext<'a> {
    pub extensions: Extensions,
    /// The texts of the program, in the language of the page.
    pub strings: &'a Strings,
    /// The flavor of Markdown in which the text is written.
    pub flavor: Flavor,
    /// Whether [`Document::blocks`] is filled.
    pub blocks: Blocks,
    /// What happens to the people that the text lists.
    pub participants: ParticipantPolicy<'a>,
    /// Finds the people to withhold from an included file where the page withholds none: a text shows no more people
    /// elsewhere than on its own page.
    pub people_of_included: PeopleOfIncluded<'a>,
    /// The levels and the audience. A directive named after a level hides its content.
    pub closed_world: ClosedWorld<'a>,
    /// Returns the reason why the audience must not see a text. Such a text cannot be included.
    pub hides: &'a (dyn Fn(&Source) -> Option<&'static str> + Sync),
    /// The folder that included files lie in.
    pub content: &'a str,
    /// Every text file that may be included.
    pub sources: &'a BTreeMap<FilePath, Source>,
    /// The redactions of these files. What is written of a redacted text is compared with its proof.
    pub redactions: &'a Redactions,
    /// The known sections of the included files.
    pub sections: &'a IncludeSections,
    /// Whether readers can tick the steps of the text.
    pub checklist: Checklist,
    /// The settings that all code blocks share.
    pub code: FigureContext<'a>,
    /// Draws a diagram. `None` where diagrams are off.
    pub diagrams: Option<Draw<'a>>,
}

/// Finds the people to withhold from an included file, in the blocks of its text, which are read on demand.
pub type PeopleOfIncluded<'a> =
    &'a (dyn Fn(&FilePath, &dyn Fn() -> ParticipantBlocks) -> WithheldParticipants + Sync);

/// Draws a diagram from its source.
pub type Draw<'a> = &'a (dyn Fn(&str) -> Result<Arc<Drawing>, DiagramProblem> + Sync);

/// The blocks in which lists of people can be found, if the Markdown that begins at `body` (a byte offset) of a source
/// is read as notes of a meeting.
pub fn participant_blocks(source: &Source, body: usize, extensions: Extensions) -> ParticipantBlocks {
    let dialect = source.dialect.unwrap_or(Dialect::Handbook);
    let syntax = Syntax { dialect, flavor: Flavor::Notes, extensions };
    let blocks =
        syntax.parse(&source.text[body..], |parsed| ParticipantBlocks::read(parsed.masked, &parsed.events));
    // A text with too many parts has its problem when it is written, and nothing of it is shown.
    blocks.unwrap_or_default()
}

/// Converts the Markdown that begins at `body` (a byte offset) of a source into a document.
pub fn parse(source: &Source, body: usize, title: Option<&str>, context: &MarkdownContext<'_>) -> Document {
    writer::HtmlWriter::new(context, title).document(source, body)
}
