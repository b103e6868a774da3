//! Collects the text of each block as readers see it, and has it searched: for the markup of other tools, and for what
//! prose should not say.
//!
//! Owns [`BlockSearch`], and the text of a block with the source position of each part: the author's text without
//! code, raw tags, formulas and destinations. Must not know what is searched for: that belongs to `foreign` and `prose`.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::event_sink::{EventPlace, EventSink};
use super::foreign::{self, ForeignFinds, GAP};
use super::prose::{self, WorkMarks};
use super::text_origin::TextOrigin;
use crate::diagnostic::Diagnostic;

/// The text of the block that is currently read.
#[derive(Debug, Default)]
struct BlockText {
    text: String,
    /// Pairs of an offset in `text` and the source offset that it came from, both in bytes.
    places: Vec<(usize, usize)>,
    /// The source offset where the last part ended, if the next part may follow it in the same line.
    end: Option<usize>,
}

impl BlockText {
    /// Adds a part of the source that is shown as text.
    fn push(&mut self, source: &str, range: Range<usize>) {
        let Some(written) = source.get(range.clone()) else { return self.gap() };
        let from = self.end.unwrap_or(range.start - usize::from(source[..range.start].ends_with('\\')));
        let between = source.get(from..range.start).unwrap_or_default();
        if between.bytes().all(|byte| b"*_~\\".contains(&byte)) {
            // Emphasis marks are part of `[[_TOC_]]`, and a backslash shows that the author means text.
            self.place(from);
            self.text.push_str(between);
        } else {
            self.gap();
            self.place(range.start);
        }
        self.text.push_str(written);
        self.end = Some(range.end);
    }

    fn place(&mut self, source: usize) {
        self.places.push((self.text.len(), source));
    }

    fn gap(&mut self) {
        if !self.text.ends_with(GAP) {
            self.text.push(GAP);
        }
        self.end = None;
    }

    fn line_break(&mut self) {
        self.text.push('\n');
        self.end = None;
    }

    /// Converts a range of the text to a range of the source.
    fn in_source(&self, range: Range<usize>) -> Range<usize> {
        let place = |at: usize| {
            let part = self.places.partition_point(|(start, _)| *start <= at).saturating_sub(1);
            self.places.get(part).map_or(0, |(start, source)| source + at.saturating_sub(*start))
        };
        let start = place(range.start);
        start..place(range.end.max(1) - 1).max(start) + 1
    }
}

/// Searches the text of each block.
#[derive(Debug)]
pub(super) struct BlockSearch {
    block: BlockText,
    /// What the codes of emoji mean in the text.
    codes: foreign::Emoji,
    /// Which marks of unfinished work are problems in the text.
    marks: WorkMarks,
    finds: ForeignFinds,
    /// The problems of the prose.
    problems: Vec<Diagnostic>,
}

impl EventSink for BlockSearch {
    fn event(&mut self, event: &Event<'_>, range: &Range<usize>, place: &EventPlace<'_>) {
        match event {
            Event::Text(_) if is_verbatim(place) => self.block.gap(),
            Event::Text(_) => self.block.push(place.origin.text, range.clone()),
            // The parser takes the middle of `{{<name>}}` for a tag.
            Event::InlineHtml(_) if self.block.text.ends_with("{{") => {
                self.block.push(place.origin.text, range.clone());
            }
            Event::SoftBreak | Event::HardBreak => self.block.line_break(),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::InlineHtml(_) => {
                self.block.gap();
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => self.block.gap(),
            Event::Start(tag) => match tag {
                Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
                Tag::Link { .. } | Tag::Image { .. } => self.block.gap(),
                _ => self.end_block(place.origin),
            },
            Event::End(tag) => match tag {
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
                TagEnd::Superscript | TagEnd::Subscript => {}
                TagEnd::Link | TagEnd::Image => self.block.gap(),
                _ => self.end_block(place.origin),
            },
            Event::Rule => self.end_block(place.origin),
            Event::Html(_) => {}
        }
    }
}

/// Whether text is shown verbatim, or not shown as text at all.
fn is_verbatim(place: &EventPlace<'_>) -> bool {
    place.in_verbatim || place.is_dropped || place.in_image || place.in_raw_verbatim
}

impl BlockSearch {
    pub fn new(codes: foreign::Emoji, marks: WorkMarks) -> BlockSearch {
        let (block, finds) = (BlockText::default(), ForeignFinds::default());
        BlockSearch { block, codes, marks, finds, problems: Vec::new() }
    }

    /// Adds text from a block of raw HTML.
    pub fn raw_text(&mut self, range: Range<usize>, place: &EventPlace<'_>) {
        if !is_verbatim(place) {
            self.block.push(place.origin.text, range);
        }
    }

    /// Ends the search with the text, and returns the problems.
    pub fn finish(mut self, origin: &TextOrigin<'_>) -> impl Iterator<Item = Diagnostic> {
        self.end_block(origin);
        self.finds.diagnostics().chain(self.problems)
    }

    /// Searches the text of a finished block.
    fn end_block(&mut self, origin: &TextOrigin<'_>) {
        if self.block.text.is_empty() {
            return;
        }
        let shown = std::mem::take(&mut self.block);
        for found in foreign::find(&shown.text, self.codes) {
            let span = origin.span(shown.in_source(found.range.clone()));
            self.finds.add(found, span);
        }
        // The rest of the source line that contains an offset of the block's text.
        let line_of_source = |at: usize| {
            let rest = origin.text.get(shown.in_source(at..at + 1).start..).unwrap_or_default();
            rest.split('\n').next().unwrap_or_default()
        };
        if let Some(table) = foreign::table(&shown.text, line_of_source) {
            let span = origin.span(shown.in_source(table.range.clone()));
            self.finds.add(table, span);
        }
        for found in prose::find(&shown.text, self.marks) {
            self.problems.push(found.diagnostic(origin.span(shown.in_source(found.range.clone()))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_with_its_places() {
        let source = "> a `b` *c*\n> d \\{";
        let mut shown = BlockText::default();
        shown.push(source, 2..4);
        shown.gap();
        shown.push(source, 7..8);
        shown.push(source, 9..10);
        shown.line_break();
        shown.push(source, 14..16);
        shown.push(source, 17..18);
        assert_eq!(shown.text, format!("a {GAP} *c\nd \\{{"));
        let at = shown.text.find('d').unwrap();
        assert_eq!(shown.in_source(at..at + 4), 14..18);
        assert_eq!(shown.in_source(0..1), 2..3);
    }
}
