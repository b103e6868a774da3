//! Collects the text of one block as readers see it, with the source position of each part.
//!
//! Owns [`BlockText`]. The walk adds each event of a block; the result is the author's text without code, raw tags,
//! formulas and destinations. Must not know any foreign mark-up: that belongs to `foreign`.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::foreign;
use super::notes::Flavor;
use super::writer::{HtmlWriter, OpenElement};
use crate::bounds::NESTING_LEVELS;

/// Replaces content that is shown but is not text, such as code.
pub(super) const GAP: char = '\u{FFFC}';

/// Raw elements whose text is shown verbatim.
const VERBATIM: &[&str] = &["code", "kbd", "pre", "samp", "tt"];

/// The text of the block that is currently read.
#[derive(Debug, Default)]
pub(super) struct BlockText {
    pub text: String,
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
    pub fn in_source(&self, range: Range<usize>) -> Range<usize> {
        let place = |at: usize| {
            let part = self.places.partition_point(|(start, _)| *start <= at).saturating_sub(1);
            self.places.get(part).map_or(0, |(start, source)| source + at.saturating_sub(*start))
        };
        let start = place(range.start);
        start..place(range.end.max(1) - 1).max(start) + 1
    }
}

impl HtmlWriter<'_> {
    /// Adds the text of an event to the block. Call it before the event is written.
    pub(super) fn show(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Text(_) if self.is_verbatim() => self.block_text.gap(),
            Event::Text(_) => self.block_text.push(self.current.origin.text, range.clone()),
            // The parser takes the middle of `{{<name>}}` for a tag.
            Event::InlineHtml(_) if self.block_text.text.ends_with("{{") => {
                self.block_text.push(self.current.origin.text, range.clone());
            }
            Event::SoftBreak | Event::HardBreak => self.block_text.line_break(),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::InlineHtml(_) => {
                self.block_text.gap();
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => self.block_text.gap(),
            Event::Start(tag) => match tag {
                Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
                Tag::Link { .. } | Tag::Image { .. } => self.block_text.gap(),
                _ => self.end_shown(),
            },
            Event::End(tag) => match tag {
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
                TagEnd::Superscript | TagEnd::Subscript => {}
                TagEnd::Link | TagEnd::Image => self.block_text.gap(),
                _ => self.end_shown(),
            },
            Event::Rule => self.end_shown(),
            Event::Html(_) => {}
        }
    }

    /// Adds text from a block of raw HTML.
    pub(super) fn show_raw(&mut self, range: Range<usize>) {
        if !self.is_verbatim() {
            self.block_text.push(self.current.origin.text, range);
        }
    }

    /// Whether text is shown verbatim, or not shown as text at all.
    fn is_verbatim(&self) -> bool {
        let raw = |open: &OpenElement| matches!(open, OpenElement::Raw { name, .. } if VERBATIM.contains(&name.as_str()));
        // Elements with mark-up are never opened deeper than this. Text may nest as deep as it is long, so a search of
        // all open elements could take quadratic time.
        let mut marked_up = self.open.iter().take(NESTING_LEVELS.most);
        self.verbatim.is_some()
            || self.inline.dropping.is_some()
            || self.inline.images > 0
            || marked_up.any(raw)
    }

    /// Searches the text of a finished block for foreign mark-up.
    pub(super) fn end_shown(&mut self) {
        if self.block_text.text.is_empty() {
            return;
        }
        let shown = std::mem::take(&mut self.block_text);
        let codes = match self.environment.flavor {
            Flavor::Plain => foreign::Emoji::AsText,
            Flavor::Notes | Flavor::Slides => foreign::Emoji::AsSigns,
        };
        for found in foreign::find(&shown.text, codes) {
            let span = self.span(shown.in_source(found.range.clone()));
            self.current.foreign.add(found, span);
        }
        if let Some(table) = foreign::table(&shown.text, |at| self.line_of_source(&shown, at)) {
            let span = self.span(shown.in_source(table.range.clone()));
            self.current.foreign.add(table, span);
        }
    }

    /// The rest of the source line that contains an offset of a block's text.
    fn line_of_source(&self, shown: &BlockText, at: usize) -> &str {
        let rest = self.current.origin.text.get(shown.in_source(at..at + 1).start..).unwrap_or_default();
        rest.split('\n').next().unwrap_or_default()
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
