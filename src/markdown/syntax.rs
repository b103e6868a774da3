//! Parses a text with its dialect, flavor and extensions.
//!
//! Owns [`Syntax`] and [`ParsedText`]. Pages, redaction and participants all read the events from [`Syntax::parse`].
//! What is hidden is therefore decided on the same events that the page is written from.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};
use unicase::UniCase;

use super::comments::{self, CommentPosition};
use super::directives::{self, ClassifiedLines, DirectiveCandidate, DirectiveLine};
use super::events::{self, EXTENSIONS, Events, cover_with, holds};
use super::notes::{self, Flavor, ImageSize};
use crate::bounds::PAGE_PARTS;
use crate::dialect::Dialect;

/// The Markdown extensions that a handbook can turn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extensions {
    pub math: bool,
    pub smart_punctuation: bool,
}

/// How one text is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syntax {
    pub dialect: Dialect,
    pub flavor: Flavor,
    pub extensions: Extensions,
}

/// The text has more parts than [`PAGE_PARTS`] allows. A half of its events is of no use, because what it hides may be in the
/// other half.
#[derive(Debug)]
pub(super) struct TooManyParts {
    /// The range of the first part beyond the bound.
    pub first: Range<usize>,
}

/// The result of parsing a text.
pub(super) struct ParsedText<'e> {
    /// The text that the parser saw. It has the length of the original text; everything that is not Markdown is masked.
    pub masked: &'e str,
    pub events: Events<'e>,
    pub definitions: LinkDefinitions,
    pub extras: Extras,
    /// The text before masking. The content of code blocks is read from here.
    written: &'e str,
    /// Whether the first parse decided which lines are directives.
    is_settled: bool,
    /// Masked ranges, in order.
    covered: &'e [Range<usize>],
}

/// The reference definitions of a text (`[label]: destination`), by their labels.
pub(super) type LinkDefinitions = HashMap<UniCase<String>, LinkDefinition>;

/// A reference definition.
pub(super) struct LinkDefinition {
    pub destination: String,
    /// The whole definition.
    pub span: Range<usize>,
}

/// Parts of a text that are not Markdown, by the byte offset where they begin.
#[derive(Debug, Clone, Default)]
pub(super) struct Extras {
    pub directives: BTreeMap<usize, DirectiveLine>,
    /// Lines that would be directives if they were not part of raw HTML. They are shown as text.
    pub swallowed: BTreeMap<usize, DirectiveLine>,
    /// Sizes of images.
    pub sizes: BTreeMap<usize, ImageSize>,
    /// Comments that the parser does not know, in order. Only MDX has them.
    pub comments: Vec<Range<usize>>,
}

/// A text in which everything that is not Markdown is masked.
struct Mask<'t> {
    text: Cow<'t, str>,
    /// Masked ranges, in order.
    covered: Vec<Range<usize>>,
    sizes: Vec<(Range<usize>, ImageSize)>,
}

impl Syntax {
    /// Parses a text and passes the result to `read`.
    ///
    /// The text is usually parsed once. Whether a line is a directive depends on the blocks around it, so every line
    /// that looks like one is masked before the parser runs, and the events decide: a masked line in a code block gets
    /// its text back. A masked line that another block swallows (mostly raw HTML) may change where that block ends.
    /// Only then is the text parsed again, with that line unmasked.
    ///
    /// # Errors
    ///
    /// The text has more parts than a page may have.
    pub fn parse<R>(self, text: &str, read: impl FnOnce(ParsedText<'_>) -> R) -> Result<R, TooManyParts> {
        let comments = match self.dialect {
            Dialect::Handbook => Vec::new(),
            Dialect::Mdx => comments::find(text, |text| self.code(text)),
        };
        let written = comments::cover(text, &comments);
        let candidates = directives::candidates(&written, self.dialect);
        let mask = self.mask(&written, &candidates);
        let (events, definitions) = self.events(&mask.text)?;
        let lines = directives::classify(candidates, &events);
        if lines.is_settled {
            let parsed = mask.parsed(&written, events, definitions, Extras::new(lines, comments));
            return Ok(read(ParsedText { is_settled: true, ..parsed }));
        }
        // What the first parse has made is gone before the second one begins.
        drop((events, definitions));
        let mask = self.mask(&written, &lines.directives);
        let (events, definitions) = self.events(&mask.text)?;
        Ok(read(mask.parsed(&written, events, definitions, Extras::new(lines, comments))))
    }

    /// The events of a masked text and its reference definitions. The parser's tree, which takes half as much memory as
    /// its events, does not outlive this function.
    fn events(self, masked: &str) -> Result<(Events<'_>, LinkDefinitions), TooManyParts> {
        let mut parser = self.parser(masked).into_offset_iter();
        let mut events: Events<'_> = Vec::new();
        for (event, range) in parser.by_ref() {
            // The parser ends a text at each character that might have a meaning. An event takes about 100 bytes, so
            // pieces of one text become one event again.
            if let (Some((Event::Text(before), before_range)), Event::Text(text)) =
                (events.last_mut(), &event)
                && before_range.end == range.start
                && is_slice(before, before_range, masked)
                && is_slice(text, &range, masked)
            {
                before_range.end = range.end;
                *before = CowStr::Borrowed(&masked[before_range.clone()]);
                continue;
            }
            if PAGE_PARTS.is_exceeded(events.len() + 1) {
                return Err(TooManyParts { first: range });
            }
            events.push((event, range));
        }
        let mut definitions = LinkDefinitions::new();
        for (label, link) in parser.reference_definitions().iter() {
            let (destination, span) = (link.dest.to_string(), link.span.clone());
            definitions.insert(UniCase::new(label.to_owned()), LinkDefinition { destination, span });
        }
        Ok((events, definitions))
    }

    /// Masks the given lines and the syntax that only the flavor knows.
    fn mask<'t>(self, text: &'t str, lines: &[DirectiveCandidate]) -> Mask<'t> {
        let mut changes: Vec<_> = lines.iter().map(|line| (line.range.clone(), line.fill())).collect();
        let masked = cover_with(text, &changes);
        if self.flavor == Flavor::Plain {
            return Mask { text: masked, covered: ranges(&changes), sizes: Vec::new() };
        }
        // Sizes and dividers are searched for in the masked text, so that none is found in a directive line.
        let (sizes, dividers) = (notes::sizes(&masked), notes::dividers(&masked, self.flavor));
        changes.extend(sizes.iter().map(|(range, _)| (range.clone(), b' ')));
        changes.extend(dividers.into_iter().map(|range| (range, b'_')));
        changes.sort_by_key(|(range, _)| range.start);
        Mask { text: cover_with(text, &changes), covered: ranges(&changes), sizes }
    }

    /// The ranges of code blocks and inline code, in order.
    pub fn code(self, masked: &str) -> Vec<Range<usize>> {
        let is_code = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_));
        let events = self.parser(masked).into_offset_iter();
        events.filter_map(|(event, range)| is_code(&event).then_some(range)).collect()
    }

    fn parser(self, masked: &str) -> Parser<'_> {
        let mut options = EXTENSIONS;
        options.set(Options::ENABLE_MATH, self.extensions.math);
        options.set(Options::ENABLE_SMART_PUNCTUATION, self.extensions.smart_punctuation);
        #[cfg(test)]
        PARSES.set(PARSES.get() + 1);
        Parser::new_ext(masked, options)
    }
}

#[cfg(test)]
thread_local! {
    static PARSES: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// The number of parses on this thread so far.
#[cfg(test)]
pub fn parses() -> usize {
    PARSES.get()
}

impl<'e> ParsedText<'e> {
    /// Whether a text that was parsed as plain Markdown has the same events when it is parsed as notes.
    ///
    /// Notes differ by what [`Syntax::mask`] masks only for them. A mask within the content of a code block changes
    /// nothing: the content is opaque to the parser, no mask looks like the end of a fence or empties a line, and the
    /// events of code show the text before masking.
    pub fn is_same_as_notes(&self) -> bool {
        if notes::is_as_plain(self.written) {
            return true;
        }
        // The masks of notes could also change which lines are directives.
        if !self.is_settled {
            return false;
        }
        let mut in_code = false;
        let mut content: Vec<Range<usize>> = Vec::new();
        for (event, range) in &self.events {
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => in_code = false,
                Event::Text(_) if in_code => content.push(range.clone()),
                _ => {}
            }
        }
        let sizes = notes::sizes(self.masked).into_iter().map(|(range, _)| range);
        let dividers = notes::dividers(self.masked, Flavor::Notes).into_iter();
        let mut masks = sizes.chain(dividers);
        masks.all(|mask| {
            let next = content.partition_point(|line| line.end <= mask.start);
            content.get(next).is_some_and(|line| line.start <= mask.start && mask.end <= line.end)
        })
    }

    /// Passes the events of the text without some ranges to `read`. The ranges are replaced by spaces and the text is
    /// parsed again, because the rest may have another meaning without them.
    pub fn without<R>(
        &self,
        ranges: &[Range<usize>],
        syntax: Syntax,
        read: impl FnOnce(Events<'_>) -> R,
    ) -> Result<R, TooManyParts> {
        let mut rest = self.masked.as_bytes().to_vec();
        // Line breaks stay, so the lines of the rest keep their offsets.
        for range in ranges {
            rest[range.clone()].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        }
        let rest = String::from_utf8(rest).expect("whole characters became ASCII");
        let (mut events, _) = syntax.events(&rest)?;
        restore_code(&mut events, &rest, self.written, self.covered);
        Ok(read(events))
    }
}

impl<'t> Mask<'t> {
    fn parsed<'e>(
        &'e self,
        written: &'e str,
        mut events: Events<'e>,
        definitions: LinkDefinitions,
        mut extras: Extras,
    ) -> ParsedText<'e> {
        restore_code(&mut events, &self.text, written, &self.covered);
        if !self.sizes.is_empty() {
            // A size in a code block is text of the code.
            let code = events::code_ranges(&events);
            let images = self.sizes.iter().filter(|(range, _)| !holds(&code, range.start));
            extras.sizes = images.map(|(range, size)| (range.start, *size)).collect();
        }
        ParsedText {
            masked: &self.text,
            events,
            definitions,
            extras,
            written,
            is_settled: false,
            covered: &self.covered,
        }
    }
}

impl Extras {
    fn new(lines: ClassifiedLines, comments: Vec<comments::Comment>) -> Extras {
        let by_start = |lines: Vec<DirectiveCandidate>| {
            lines.into_iter().filter_map(|line| Some((line.range.start, line.directive?))).collect()
        };
        let mut directives: BTreeMap<usize, DirectiveLine> = by_start(lines.directives);
        let inline = comments.iter().filter(|(_, position)| *position == CommentPosition::Inline);
        directives.extend(inline.map(|(comment, _)| (comment.start, DirectiveLine::Comment)));
        Extras {
            directives,
            swallowed: by_start(lines.swallowed),
            sizes: BTreeMap::new(),
            comments: comments.into_iter().map(|(comment, _)| comment).collect(),
        }
    }
}

/// Gives masked ranges in code blocks their text back, because nothing in code is a directive.
fn restore_code<'e>(events: &mut Events<'e>, masked: &str, written: &'e str, covered: &[Range<usize>]) {
    if covered.is_empty() {
        return;
    }
    let mut in_code = false;
    for (event, range) in events {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) if in_code => {
                let next = covered.partition_point(|masked| masked.end <= range.start);
                let touched = covered.get(next).is_some_and(|masked| masked.start < range.end);
                // Where a tab is only partly indentation, the text of the event is not the text of its range.
                if touched && masked[range.clone()] == **text {
                    *text = CowStr::Borrowed(&written[range.clone()]);
                }
            }
            _ => {}
        }
    }
}

/// Whether a text borrows its range of the masked text. Others are, for example, the text of an entity.
fn is_slice(text: &CowStr<'_>, range: &Range<usize>, masked: &str) -> bool {
    matches!(text, CowStr::Borrowed(text) if std::ptr::eq(*text, &raw const masked[range.clone()]))
}

fn ranges(changes: &[(Range<usize>, u8)]) -> Vec<Range<usize>> {
    changes.iter().map(|(range, _)| range.clone()).collect()
}
