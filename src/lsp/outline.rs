//! The headings of a text: symbols, folds, and which heading is at the cursor.
//!
//! Owns the tree of sections. The headings are those of the parsed page, so the text must be analysed.

use std::ops::Range;

use gen_lsp_types as lsp;

use super::client_view::AskedPlace;
use super::heading_rename::heading_text;
use crate::markdown::{self, Flavor, Heading, front};
use crate::page;

/// The heading whose lines hold the offset, with its index among the headings of the file.
pub fn heading_at<'a>(place: &AskedPlace<'a>) -> Option<(usize, &'a Heading)> {
    let text = &place.source.text;
    let headings = place.analysis.headings(&place.source.path).into_iter().enumerate();
    headings.into_iter().find(|(_, heading)| {
        let span = heading.span.range(text);
        let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        (line_start..=span.end).contains(&place.offset)
    })
}

/// The text of the heading at the cursor, to be renamed.
pub fn heading_to_rename(place: &AskedPlace<'_>) -> Option<lsp::PrepareRenamePlaceholder> {
    let (_, heading) = heading_at(place)?;
    let range = heading_text(&place.source.text, heading)?;
    let placeholder = place.source.text[range.clone()].to_owned();
    let lines = place.client.lines(&place.source.path, &place.source.text);
    Some(lsp::PrepareRenamePlaceholder { range: lines.range(range), placeholder })
}

/// A heading with the range of its section, which ends before the next heading of its level or a higher one.
struct OutlineSection<'a> {
    heading: &'a Heading,
    range: Range<usize>,
}

fn sections<'a>(place: &AskedPlace<'a>) -> Vec<OutlineSection<'a>> {
    let text = &place.source.text;
    let headings = place.analysis.headings(&place.source.path);
    let mut found = Vec::new();
    for (index, heading) in headings.iter().enumerate() {
        let next = headings[index + 1..].iter().find(|next| next.level <= heading.level);
        let end = next.map_or(text.len(), |next| next.span.range(text).start);
        found.push(OutlineSection { heading, range: heading.span.range(text).start..end });
    }
    found
}

/// The headings as a tree.
#[expect(deprecated, reason = "the literal has to name the old field")]
pub fn symbols(place: &AskedPlace<'_>) -> Vec<lsp::DocumentSymbol> {
    let lines = place.client.lines(&place.source.path, &place.source.text);
    let mut open: Vec<(u8, lsp::DocumentSymbol)> = Vec::new();
    let mut roots = Vec::new();
    for section in sections(place) {
        let heading = section.heading;
        let symbol = lsp::DocumentSymbol {
            // The protocol allows no empty name.
            name: if heading.text.trim().is_empty() {
                format!("#{}", heading.id)
            } else {
                heading.text.clone()
            },
            kind: lsp::SymbolKind::String,
            range: lines.range(section.range),
            selection_range: lines.range(heading.span.range(&place.source.text)),
            detail: None,
            tags: None,
            deprecated: None,
            children: None,
        };
        close(&mut open, &mut roots, heading.level);
        open.push((heading.level, symbol));
    }
    close(&mut open, &mut roots, 0);
    roots
}

/// Puts open symbols of this level and deeper ones into the symbols around them.
fn close(open: &mut Vec<(u8, lsp::DocumentSymbol)>, roots: &mut Vec<lsp::DocumentSymbol>, level: u8) {
    while open.last().is_some_and(|(last, _)| *last >= level) {
        let Some((_, symbol)) = open.pop() else { return };
        match open.last_mut() {
            Some((_, around)) => around.children.get_or_insert_default().push(symbol),
            None => roots.push(symbol),
        }
    }
}

/// Front matter, sections, directives and blocks of code.
pub fn folds(place: &AskedPlace<'_>) -> Vec<lsp::FoldingRange> {
    let source = place.source;
    let text = &place.source.text;
    let lines = place.client.lines(&source.path, text);
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let split = front::split(text);
    if let Some(yaml) = &split.yaml {
        let fence = text[..yaml.start].trim_end().rfind('\n').map_or(0, |at| at + 1);
        ranges.push(fence..split.body);
    }
    ranges.extend(sections(place).into_iter().map(|section| section.range));
    let is_notes =
        place.analysis.page(&source.path).is_some_and(|(_, page)| page.page.front.kind.feeds("meetings"));
    let flavor = if is_notes { Flavor::Notes } else { Flavor::Plain };
    let regions = markdown::regions(source, page::extensions(&place.analysis.inputs().config), flavor);
    ranges.extend(regions.directives.into_iter().chain(regions.code));
    let mut folds: Vec<lsp::FoldingRange> = Vec::new();
    for range in ranges {
        let content = text[range.clone()].trim_end();
        let first = lines.line_of(range.start);
        let last = lines.line_of(range.start + content.len());
        if first < last {
            let line = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            folds.push(lsp::FoldingRange {
                start_line: line(first),
                end_line: line(last),
                ..Default::default()
            });
        }
    }
    folds.sort_by_key(|fold| (fold.start_line, fold.end_line));
    folds.dedup();
    folds
}
