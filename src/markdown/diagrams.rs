//! Finds the diagrams of a text and writes them into the page.
//!
//! Owns the figure around a drawing, its identifiers, its links and the diagnostics. [`crate::diagrams`] draws. Must
//! not read files.

use std::borrow::Cow;
use std::ops::Range;

use super::LinkRole;
use super::address::Address;
use super::code::FenceInfo;
use super::export::ExportPatch;
use super::ids::Ids;
use super::open_elements::VerbatimText;
use super::url::{Reference, classify};
use super::writer::HtmlWriter;
use crate::bounds::{DIAGRAMS, DIAGRAMS_BYTES};
use crate::diagnostic::Diagnostic;
use crate::diagrams::{DiagramProblem, Drawing, MarkupPiece, pieces};
use crate::html_escape::escape_text;
use crate::rules::DIAGRAM_SYNTAX;
use crate::source::Span;

impl HtmlWriter<'_> {
    /// Draws a code block if it is a diagram. Otherwise returns the text to show as code; for a diagram that cannot be
    /// drawn this is its source without comments and addresses.
    pub(super) fn drawn<'b>(
        &mut self,
        fence: &FenceInfo,
        block: &'b VerbatimText,
        range: &Range<usize>,
    ) -> Result<(), Cow<'b, str>> {
        let source = &block.text;
        let wanted = self.context.diagrams.is_some() && fence.language == "mermaid";
        if !wanted || !self.admits_diagram(source, range.clone()) {
            return Err(Cow::Borrowed(source));
        }
        let lines = BlockLines::of(block, self.current.origin.text, self.current.origin.base);
        let drawn = self.diagram(source, fence.title.as_deref(), &|range| lines.range(range));
        let unseen = drawn.clone().unwrap_or_else(|| unseen(source, &[]));
        let mut seen = String::new();
        let mut at = 0;
        for range in unseen {
            seen.push_str(&source[at..range.start]);
            at = range.end;
            // A line that begins with quote marks or an indent keeps its line end, because the next line's marks follow
            // it.
            let place = lines.range(range.start..range.start + source[range].trim_end().len());
            let (start, end) = (place.start - self.current.origin.base, place.end - self.current.origin.base);
            let whole = self.current.origin.text[..start].ends_with('\n');
            self.patch(start..end + usize::from(whole), ExportPatch::Nothing);
        }
        seen.push_str(&source[at..]);
        if drawn.is_some() { Ok(()) } else { Err(Cow::Owned(seen)) }
    }

    /// Whether the page may have one more diagram. A diagram beyond the bounds is shown as code.
    pub(super) fn admits_diagram(&mut self, source: &str, place: Range<usize>) -> bool {
        let (number, bytes) = (self.bounds_used.diagrams, self.bounds_used.diagram_bytes);
        (self.bounds_used.diagrams, self.bounds_used.diagram_bytes) = (number + 1, bytes + source.len());
        self.admits(&DIAGRAMS, number..number + 1, || place.clone())
            && self.admits(&DIAGRAMS_BYTES, bytes..bytes + source.len(), || place.clone())
    }

    /// Writes a drawing and returns the ranges of its source that must not be published. Returns `None` if diagrams are
    /// off or if there is a problem, which is reported. `place` converts a range of the source to a range of the file.
    pub(super) fn diagram(
        &mut self,
        source: &str,
        title: Option<&str>,
        place: &dyn Fn(Range<usize>) -> Range<usize>,
    ) -> Option<Vec<Range<usize>>> {
        let draw = self.context.diagrams?;
        let span = |range: Range<usize>, file| Span::new(file, place(range));
        match draw(source) {
            Ok(drawing) => {
                let at = |range: Range<usize>| span(range, self.current.origin.file);
                let spans: Vec<Span> =
                    drawing.links.iter().map(|link| at(destination(source, link))).collect();
                let inside = self.drawing(&drawing, title, &spans);
                self.check_destinations(source, place);
                Some(unseen(source, &inside))
            }
            Err(DiagramProblem { position, message, help }) => {
                let problem =
                    Diagnostic::new(&DIAGRAM_SYNTAX, span(position, self.current.origin.file), message);
                self.document.diagnostics.push(problem.help(help));
                None
            }
        }
    }

    /// Reports destinations that the engine has left out because they could run something.
    fn check_destinations(&mut self, source: &str, place: &dyn Fn(Range<usize>) -> Range<usize>) {
        for written in destinations(source) {
            let destination = &source[written.clone()];
            if destination.contains(':') && matches!(classify(destination), Reference::Refused) {
                let range = place(written);
                self.report_refused(
                    destination,
                    range.start - self.current.origin.base..range.end - self.current.origin.base,
                );
            }
        }
    }

    /// Writes the figure and returns the destinations inside the handbook.
    fn drawing<'d>(&mut self, drawing: &'d Drawing, title: Option<&str>, spans: &[Span]) -> Vec<&'d str> {
        let id = identifiers(&mut self.ids, drawing.markers());
        let mut addresses = Vec::new();
        for (link, span) in drawing.links.iter().zip(spans) {
            addresses.push(self.address(link, span.clone(), LinkRole::Point));
        }
        self.document.diagrams += 1;
        let out = self.out();
        out.raw(&format!(
            "<figure class=\"diagram\"><div class=\"diagram-frame\" role=\"group\" tabindex=\"0\" aria-labelledby=\"{id}-title\">"
        ));
        for piece in pieces(drawing, &id) {
            match piece {
                MarkupPiece::Html(html) => out.raw(&html),
                // A drawing may contain only elements that draw, so a refused link becomes a group.
                MarkupPiece::Open(link) if addresses[link] == Address::Refused => out.raw("<g"),
                MarkupPiece::Close(link) if addresses[link] == Address::Refused => out.raw("</g>"),
                MarkupPiece::Open(link) => drop(addresses[link].open(out)),
                MarkupPiece::Close(link) => addresses[link].close(out),
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

/// The first words of Mermaid lines that contain a destination.
const LEADING: &[&str] = &["callback", "click", "link", "links", "properties"];

/// The start of each line of a block: its offset in the block's text, and in the file.
struct BlockLines(Vec<(usize, usize)>);

impl BlockLines {
    /// The lines of a block in `text`. Each is the end of a line of `text`; before it are the indent or quote marks.
    fn of(block: &VerbatimText, text: &str, base: usize) -> BlockLines {
        let first = block.places.first().map_or(0, |(_, place)| place - base);
        let (mut at, mut start, mut all) = (first, 0, Vec::new());
        for line in block.text.split_inclusive('\n') {
            let written = text[at..].split_inclusive('\n').next().unwrap_or("");
            all.push((start, base + at + written.len().saturating_sub(line.len())));
            start += line.len();
            at += written.len();
        }
        BlockLines(all)
    }

    /// Converts a range of the block's text to a range of the file.
    fn range(&self, range: Range<usize>) -> Range<usize> {
        let place = |offset: usize| {
            let line = self.0.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
            self.0.get(line).map_or(0, |(start, place)| place + offset.saturating_sub(*start))
        };
        let start = place(range.start);
        start..place(range.end).max(start)
    }
}

/// The ranges of destinations in the source of a diagram: the first quoted string of each line with `click`.
pub(super) fn destinations(source: &str) -> Vec<Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    for line in source.split_inclusive('\n') {
        let (before, quoted) = (line.split('"').next().unwrap_or(""), line.split('"').nth(1));
        if let Some(destination) = quoted.filter(|_| leads(before)) {
            let at = start + before.len() + 1;
            found.push(at..at + destination.len());
        }
        start += line.len();
    }
    found
}

/// Whether the text before a quoted string shows that the string is a destination: `click NODE` or `click NODE href`.
fn leads(before: &str) -> bool {
    let mut words = before.split_whitespace();
    words.next() == Some("click") && words.next().is_some() && matches!(words.next(), None | Some("href"))
}

/// The range of a destination in the source, or `0..0`.
fn destination(source: &str, link: &str) -> Range<usize> {
    source.find(link).map_or(0..0, |at| at..at + link.len())
}

/// The ranges of a drawing's source that must not be published: comments, and lines with destinations. If a destination
/// inside the handbook also occurs elsewhere, the range is the whole source.
fn unseen(source: &str, inside: &[&str]) -> Vec<Range<usize>> {
    let (mut unseen, mut seen, mut start) = (Vec::new(), String::new(), 0);
    for line in source.split_inclusive('\n') {
        let words = line.trim_start();
        let comment = words.starts_with("%%") && !words.starts_with("%%{");
        let leads = LEADING.contains(&words.split_whitespace().next().unwrap_or_default())
            || words.to_ascii_lowercase().contains("href");
        // A line with a destination outside the handbook may be published.
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

/// Takes an identifier that is free together with all suffixes that a drawing appends to it.
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
