//! Diagrams in a text: which blocks are diagrams, and where they stand in the page.
//!
//! Owns the figure around a drawing, its identifiers, its links and what is reported. How a diagram is drawn is the
//! business of [`crate::diagrams`]. Knows no disk.

use std::borrow::Cow;
use std::ops::Range;

use super::Role;
use super::address::Address;
use super::code::FenceInfo;
use super::copy::Patch;
use super::escape::escape_text;
use super::headings::Ids;
use super::url::{Reference, classify};
use super::writer::{Verbatim, Writer};
use crate::bounds::{DIAGRAMS, DIAGRAMS_BYTES};
use crate::diagnostic::Diagnostic;
use crate::diagrams::{Drawing, Piece, Problem, pieces};
use crate::rules::DIAGRAM_SYNTAX;
use crate::source::Span;

impl Writer<'_> {
    /// Draws a block of code if it is a diagram; else gives what of it is shown as code. Of a diagram that cannot be drawn
    /// this is what the drawing would have said, without comments and addresses.
    pub(super) fn drawn<'b>(
        &mut self,
        fence: &FenceInfo,
        block: &'b Verbatim,
        range: &Range<usize>,
    ) -> Result<(), Cow<'b, str>> {
        let source = &block.text;
        let wanted = self.environment.diagrams.is_some() && fence.language == "mermaid";
        if !wanted || !self.admits_diagram(source, range.clone()) {
            return Err(Cow::Borrowed(source));
        }
        let lines = Lines::of(block, self.origin.text, self.origin.base);
        let drawn = self.diagram(source, fence.title.as_deref(), &|range| lines.range(range));
        let unseen = drawn.clone().unwrap_or_else(|| unseen(source, &[]));
        let mut seen = String::new();
        let mut at = 0;
        for range in unseen {
            seen.push_str(&source[at..range.start]);
            at = range.end;
            // Where a line begins with the marks of a quote or an indent, its end stays for the next one's.
            let place = lines.range(range.start..range.start + source[range].trim_end().len());
            let (start, end) = (place.start - self.origin.base, place.end - self.origin.base);
            let whole = self.origin.text[..start].ends_with('\n');
            self.patch(start..end + usize::from(whole), Patch::Nothing);
        }
        seen.push_str(&source[at..]);
        if drawn.is_some() { Ok(()) } else { Err(Cow::Owned(seen)) }
    }

    /// Whether the page may have one more diagram. One too many is shown as code.
    pub(super) fn admits_diagram(&mut self, source: &str, place: Range<usize>) -> bool {
        let (number, bytes) = (self.held.diagrams, self.held.diagram_bytes);
        (self.held.diagrams, self.held.diagram_bytes) = (number + 1, bytes + source.len());
        self.admits(&DIAGRAMS, number..number + 1, || place.clone())
            && self.admits(&DIAGRAMS_BYTES, bytes..bytes + source.len(), || place.clone())
    }

    /// Writes a drawing, and returns what of its source readers may not have; `None` where diagrams are not wanted or
    /// there is a problem, which is reported. `place` gives the range in the file.
    pub(super) fn diagram(
        &mut self,
        source: &str,
        title: Option<&str>,
        place: &dyn Fn(Range<usize>) -> Range<usize>,
    ) -> Option<Vec<Range<usize>>> {
        let draw = self.environment.diagrams?;
        let span = |range: Range<usize>, file| Span::new(file, place(range));
        match draw(source) {
            Ok(drawing) => {
                let at = |range: Range<usize>| span(range, self.origin.file);
                let spans: Vec<Span> =
                    drawing.links.iter().map(|link| at(destination(source, link))).collect();
                let inside = self.drawing(&drawing, title, &spans);
                self.check_destinations(source, place);
                Some(unseen(source, &inside))
            }
            Err(Problem { position, message, help }) => {
                let problem = Diagnostic::new(&DIAGRAM_SYNTAX, span(position, self.origin.file), message);
                self.diagnostics.push(problem.help(help));
                None
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

    /// Returns the destinations inside the handbook.
    fn drawing<'d>(&mut self, drawing: &'d Drawing, title: Option<&str>, spans: &[Span]) -> Vec<&'d str> {
        let id = identifiers(&mut self.ids, drawing.markers());
        let mut addresses = Vec::new();
        for (link, span) in drawing.links.iter().zip(spans) {
            addresses.push(self.address(link, span.clone(), Role::Point));
        }
        self.diagrams += 1;
        let out = self.out();
        out.raw(&format!(
            "<figure class=\"diagram\"><div class=\"diagram-frame\" role=\"group\" tabindex=\"0\" aria-labelledby=\"{id}-title\">"
        ));
        for piece in pieces(drawing, &id) {
            match piece {
                Piece::Html(html) => out.raw(&html),
                // In a drawing only what draws may stand.
                Piece::Open(link) if addresses[link] == Address::Refused => out.raw("<g"),
                Piece::Close(link) if addresses[link] == Address::Refused => out.raw("</g>"),
                Piece::Open(link) => drop(addresses[link].open(out)),
                Piece::Close(link) => addresses[link].close(out),
            }
        }
        out.raw("</div>");
        if let Some(title) = title {
            out.raw(&format!("<figcaption>{}</figcaption>", escape_text(title)));
        }
        out.raw("</figure>\n");
        let links = drawing.links.iter().zip(&addresses);
        let inside = links.filter(|(_, address)| matches!(address, Address::Inside(_)));
        inside.map(|(link, _)| link.as_str()).collect()
    }
}

/// The words that lines of Mermaid begin with which say where something leads.
const LEADING: &[&str] = &["callback", "click", "link", "links", "properties"];

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

/// Whether what stands before a quoted text says that it is a destination: `click NODE` or `click NODE href`.
fn leads(before: &str) -> bool {
    let mut words = before.split_whitespace();
    words.next() == Some("click") && words.next().is_some() && matches!(words.next(), None | Some("href"))
}

/// Where a destination stands in the source.
fn destination(source: &str, link: &str) -> Range<usize> {
    source.find(link).map_or(0..0, |at| at..at + link.len())
}

/// What of the source of a drawing is not to be seen in it: comments, and lines that say where something leads. Where a
/// destination inside the handbook stands elsewhere, too, it is all of the source.
fn unseen(source: &str, inside: &[&str]) -> Vec<Range<usize>> {
    let (mut unseen, mut seen, mut start) = (Vec::new(), String::new(), 0);
    for line in source.split_inclusive('\n') {
        let words = line.trim_start();
        let comment = words.starts_with("%%") && !words.starts_with("%%{");
        let leads = LEADING.contains(&words.split_whitespace().next().unwrap_or_default())
            || words.to_ascii_lowercase().contains("href");
        let outside = line.contains("://") && !inside.iter().any(|destination| line.contains(destination));
        if comment || leads && !outside {
            unseen.push(start..start + line.len());
        } else {
            seen.push_str(line);
        }
        start += line.len();
    }
    let told = |destination: &&str| {
        seen.contains(*destination)
            || !unseen.iter().any(|line: &Range<usize>| source[line.clone()].contains(*destination))
    };
    if inside.iter().any(told) {
        unseen.clear();
        unseen.push(0..source.len());
    }
    unseen
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
