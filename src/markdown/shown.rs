//! The text of one block as readers see it, with the place of each part in the source.
//!
//! Owns [`Shown`]: the walk adds each event of a block, and what is left is the text outside code, raw tags,
//! formulas and destinations, as the author wrote it. Knows no form of markup; that is the business of `foreign`.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::foreign;
use super::notes::Flavor;
use super::writer::{Open, Writer};
use crate::bounds::NESTING_LEVELS;

/// Stands for what is shown but is no text, such as code.
pub(super) const GAP: char = '\u{FFFC}';

/// Raw elements whose text is taken as it is.
const VERBATIM: &[&str] = &["code", "kbd", "pre", "samp", "tt"];

/// The text of the block that is being read.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub text: String,
    /// Pairs of an offset in `text` and the offset in the source that it came from.
    places: Vec<(usize, usize)>,
    /// Where the last part ended in the source, if the next one may follow it in the same line.
    end: Option<usize>,
}

impl Shown {
    /// Adds a part of the source that is shown as text.
    fn push(&mut self, source: &str, range: Range<usize>) {
        let Some(written) = source.get(range.clone()) else { return self.gap() };
        let from = self.end.unwrap_or(range.start - usize::from(source[..range.start].ends_with('\\')));
        let between = source.get(from..range.start).unwrap_or_default();
        if between.bytes().all(|byte| b"*_~\\".contains(&byte)) {
            // Marks of emphasis are part of `[[_TOC_]]`, and a backslash says that the author means text.
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

    /// Where a range of the text stands in the source.
    pub fn in_source(&self, range: Range<usize>) -> Range<usize> {
        let place = |at: usize| {
            let part = self.places.partition_point(|(start, _)| *start <= at).saturating_sub(1);
            self.places.get(part).map_or(0, |(start, source)| source + at.saturating_sub(*start))
        };
        let start = place(range.start);
        start..place(range.end.max(1) - 1).max(start) + 1
    }
}

impl Writer<'_> {
    /// Takes what an event shows; called before the event is written.
    pub(super) fn show(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Text(_) if self.is_verbatim() => self.shown.gap(),
            Event::Text(_) => self.shown.push(self.origin.text, range.clone()),
            // `{{<name>}}` looks like a tag.
            Event::InlineHtml(_) if self.shown.text.ends_with("{{") => {
                self.shown.push(self.origin.text, range.clone());
            }
            Event::SoftBreak | Event::HardBreak => self.shown.line_break(),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::InlineHtml(_) => {
                self.shown.gap();
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => self.shown.gap(),
            Event::Start(tag) => match tag {
                Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
                Tag::Link { .. } | Tag::Image { .. } => self.shown.gap(),
                _ => self.end_shown(),
            },
            Event::End(tag) => match tag {
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
                TagEnd::Superscript | TagEnd::Subscript => {}
                TagEnd::Link | TagEnd::Image => self.shown.gap(),
                _ => self.end_shown(),
            },
            Event::Rule => self.end_shown(),
            Event::Html(_) => {}
        }
    }

    /// Takes text that stands in a block of raw HTML.
    pub(super) fn show_raw(&mut self, range: Range<usize>) {
        if !self.is_verbatim() {
            self.shown.push(self.origin.text, range);
        }
    }

    /// Whether text is taken as it is, or not shown as text at all.
    fn is_verbatim(&self) -> bool {
        let raw = |open: &Open| matches!(open, Open::Raw { name, .. } if VERBATIM.contains(&name.as_str()));
        // Nothing with mark-up is opened deeper, and text may nest as deep as it is long.
        let mut marked_up = self.open.iter().take(NESTING_LEVELS.most);
        self.verbatim.is_some() || self.dropping.is_some() || self.images > 0 || marked_up.any(raw)
    }

    /// A block has ended: looks at its text.
    pub(super) fn end_shown(&mut self) {
        if self.shown.text.is_empty() {
            return;
        }
        let shown = std::mem::take(&mut self.shown);
        let codes = match self.environment.flavor {
            Flavor::Plain => foreign::Emoji::AsText,
            Flavor::Notes | Flavor::Slides => foreign::Emoji::AsSigns,
        };
        for found in foreign::find(&shown.text, codes) {
            let span = self.span(shown.in_source(found.range.clone()));
            self.foreign.add(found, span);
        }
        if let Some(table) = foreign::table(&shown.text, |at| self.line_of_source(&shown, at)) {
            let span = self.span(shown.in_source(table.range.clone()));
            self.foreign.add(table, span);
        }
    }

    /// The rest of the source's line at an offset of a block's text.
    fn line_of_source(&self, shown: &Shown, at: usize) -> &str {
        let rest = self.origin.text.get(shown.in_source(at..at + 1).start..).unwrap_or_default();
        rest.split('\n').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_with_its_places() {
        let source = "> a `b` *c*\n> d \\{";
        let mut shown = Shown::default();
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
