//! Diagrams in a text: which blocks are diagrams, and where they stand in the page.
//!
//! Owns the figure around a drawing, its identifiers, its links and what is reported. How a diagram is drawn is the
//! business of [`crate::diagrams`]. Knows no disk.

use std::ops::Range;

use super::code::FenceInfo;
use super::escape::escape_text;
use super::headings::Ids;
use super::html::Html;
use super::url::{Reference, classify};
use super::writer::{Verbatim, Writer};
use super::{Fill, Link, Role};
use crate::bounds::{DIAGRAMS, DIAGRAMS_BYTES};
use crate::diagnostic::Diagnostic;
use crate::diagrams::{Drawing, Piece, Problem, pieces};
use crate::rules::DIAGRAM_SYNTAX;
use crate::source::Span;

/// What a link in a drawing became.
#[derive(Clone, Copy)]
enum Way {
    Inside(u32),
    Outside,
    Nowhere,
}

impl Writer<'_> {
    /// Writes a drawing in place of a block of code, if that is the source of one that can be drawn.
    pub(super) fn drawn(&mut self, fence: &FenceInfo, block: &Verbatim, range: &Range<usize>) -> bool {
        if fence.language != "mermaid" || !self.admits_diagram(&block.text, range.clone()) {
            return false;
        }
        let lines = Lines::of(block, self.origin.text, self.origin.base);
        self.diagram(&block.text, fence.title.as_deref(), &|range| lines.range(range))
    }

    /// Whether the page may have one more diagram. One too many is shown as code.
    pub(super) fn admits_diagram(&mut self, source: &str, place: Range<usize>) -> bool {
        let (number, bytes) = (self.held.diagrams, self.held.diagram_bytes);
        (self.held.diagrams, self.held.diagram_bytes) = (number + 1, bytes + source.len());
        self.admits(&DIAGRAMS, number..number + 1, || place.clone())
            && self.admits(&DIAGRAMS_BYTES, bytes..bytes + source.len(), || place.clone())
    }

    /// Writes a drawing; `false` where diagrams are not wanted or there is a problem, which is reported.
    /// `place` gives the range in the file.
    pub(super) fn diagram(
        &mut self,
        source: &str,
        title: Option<&str>,
        place: &dyn Fn(Range<usize>) -> Range<usize>,
    ) -> bool {
        let Some(draw) = self.environment.diagrams else { return false };
        let span = |range: Range<usize>, file| Span::new(file, place(range));
        match draw(source) {
            Ok(drawing) => {
                let at = |range: Range<usize>| span(range, self.origin.file);
                let spans: Vec<Span> =
                    drawing.links.iter().map(|link| at(destination(source, link))).collect();
                self.drawing(&drawing, title, &spans);
                self.check_destinations(source, place);
                true
            }
            Err(Problem { position, message, help }) => {
                let problem = Diagnostic::new(&DIAGRAM_SYNTAX, span(position, self.origin.file), message);
                self.diagnostics.push(problem.help(help));
                false
            }
        }
    }

    /// Reports what the engine has left out: it follows no destination that could run something.
    fn check_destinations(&mut self, source: &str, place: &dyn Fn(Range<usize>) -> Range<usize>) {
        let mut start = 0;
        for line in source.split_inclusive('\n') {
            let (before, quoted) = (line.split('"').next().unwrap_or(""), line.split('"').nth(1));
            let quoted = quoted.filter(|_| leads(before));
            let at = start + line.find('"').unwrap_or(0) + 1;
            start += line.len();
            if let Some(destination) = quoted
                && destination.contains(':')
                && matches!(classify(destination), Reference::Refused)
            {
                let range = place(at..at + destination.len());
                self.report_refused(
                    destination,
                    range.start - self.origin.base..range.end - self.origin.base,
                );
            }
        }
    }

    fn drawing(&mut self, drawing: &Drawing, title: Option<&str>, spans: &[Span]) {
        let id = identifiers(&mut self.ids, drawing.markers());
        let ways: Vec<Way> =
            drawing.links.iter().zip(spans).map(|(link, span)| self.way(link, span)).collect();
        self.diagrams += 1;
        let out = self.out();
        out.raw(&format!(
            "<figure class=\"diagram\"><div class=\"diagram-frame\" role=\"group\" tabindex=\"0\" aria-labelledby=\"{id}-title\">"
        ));
        for piece in pieces(drawing, &id) {
            match piece {
                Piece::Html(html) => out.raw(&html),
                Piece::Open(link) => open(out, ways[link], &drawing.links[link]),
                Piece::Close(link) => close(out, ways[link]),
            }
        }
        out.raw("</div>");
        if let Some(title) = title {
            out.raw(&format!("<figcaption>{}</figcaption>", escape_text(title)));
        }
        out.raw("</figure>\n");
    }

    /// Checks where a link leads, like every other link.
    fn way(&mut self, destination: &str, span: &Span) -> Way {
        match classify(destination) {
            Reference::Outside(_) => Way::Outside,
            Reference::Inside(path) => {
                // The copy in Markdown keeps the block as it was written: no hole is left there.
                self.links.push(Link {
                    destination: path.into_owned(),
                    span: span.clone(),
                    role: Role::Point,
                });
                Way::Inside(u32::try_from(self.links.len() - 1).expect("a page has far fewer links"))
            }
            Reference::Refused => Way::Nowhere,
        }
    }
}

/// Where each line of a block begins: in its text, and in its file.
struct Lines(Vec<(usize, usize)>);

impl Lines {
    /// The lines of a block that stands in `text`. Each is the end of a line there: what is before it is the indent, or
    /// the signs of quotes.
    fn of(block: &Verbatim, text: &str, base: usize) -> Lines {
        let first = block.places.first().map_or(0, |(_, place)| place - base);
        let (mut at, mut start, mut all) = (first, 0, Vec::new());
        for line in block.text.split_inclusive('\n') {
            let written = text[at..].split_inclusive('\n').next().unwrap_or("");
            all.push((start, base + at + written.len().saturating_sub(line.len())));
            start += line.len();
            at += written.len();
        }
        Lines(all)
    }

    /// Where a range of the block's text stands in the file.
    fn range(&self, range: Range<usize>) -> Range<usize> {
        let place = |offset: usize| {
            let line = self.0.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
            self.0.get(line).map_or(0, |(start, place)| place + offset.saturating_sub(*start))
        };
        let start = place(range.start);
        start..place(range.end).max(start)
    }
}

fn open(out: &mut Html, way: Way, destination: &str) {
    match (way, classify(destination)) {
        (Way::Inside(link), _) => out.hole(Fill::Open(link)),
        (Way::Outside, Reference::Outside(url)) => {
            out.raw("<a");
            out.attribute("href", &url);
        }
        _ => out.raw("<g"),
    }
}

fn close(out: &mut Html, way: Way) {
    match way {
        Way::Inside(link) => out.hole(Fill::Close(link)),
        Way::Outside => out.raw("</a>"),
        Way::Nowhere => out.raw("</g>"),
    }
}

/// Whether what stands before a quoted text says that it is a destination: `click NODE` or `click NODE href`.
fn leads(before: &str) -> bool {
    let mut words = before.split_whitespace();
    words.next() == Some("click") && words.next().is_some() && matches!(words.next(), None | Some("href"))
}

/// Where a destination stands in the source.
fn destination(source: &str, link: &str) -> Range<usize> {
    source.find(link).map_or(0..0, |at| at..at + link.len())
}

/// An identifier that is free, also with what a drawing puts behind it.
fn identifiers(ids: &mut Ids, markers: usize) -> String {
    loop {
        let id = ids.take("ob-diagram");
        let marks = (0..markers).map(|number| format!("{id}-m{number}"));
        let all: Vec<String> = marks.chain([format!("{id}-title"), format!("{id}-text")]).collect();
        if all.iter().all(|name| !ids.holds(name)) {
            all.iter().for_each(|name| drop(ids.take(name)));
            return id;
        }
    }
}
