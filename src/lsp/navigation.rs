//! Where links lead, and what leads to a page or a heading.
//!
//! Owns definition, references, links of a document and titles of the workspace.

use std::collections::BTreeSet;

use gen_lsp_types as lsp;

use super::analysis::{Analysis, NamedFile};
use super::client_view::{AskedPlace, ClientView, SpanRanges};
use super::outline::heading_at;
use crate::path::{FilePath, encode};
use crate::site::FolderRole;
use crate::source::Span;

/// The most titles in an answer.
const MOST_TITLES: usize = 500;

/// The address at the cursor.
pub fn address_at(place: &AskedPlace<'_>) -> Option<NamedFile> {
    let found = place.analysis.addresses(place.source).into_iter();
    found
        .into_iter()
        .find(|named| (named.address.range.start..=named.address.range.end).contains(&place.offset))
}

/// The place that an address names: a heading, or the start of a file. `None` if there is no such file.
fn target(analysis: &Analysis, named: &NamedFile) -> Option<Span> {
    let file = named.file.as_ref()?;
    // The listing of a folder has no file.
    let inputs = analysis.inputs();
    let is_there = analysis.source(file).is_some()
        || inputs.assets.contains_key(file)
        || inputs.static_files.contains_key(file)
        || inputs.others.contains(file);
    if !is_there {
        return None;
    }
    let heading = named.anchor.as_ref().and_then(|anchor| analysis.heading(file, anchor));
    Some(heading.map_or_else(|| Span::start_of(file), |heading| heading.span.clone()))
}

/// Where the link, the include or the field at the cursor leads.
pub fn definition(place: &AskedPlace<'_>) -> Option<lsp::Location> {
    let named = address_at(place)?;
    let span = target(place.analysis, &named)?;
    Some(SpanRanges::new(place.client, place.analysis).location(&span))
}

/// The addresses that lead to what is at the cursor: the target of a link, a heading, or the page.
pub fn references(place: &AskedPlace<'_>) -> Vec<lsp::Location> {
    let (file, anchor) = match address_at(place) {
        Some(NamedFile { file: Some(file), anchor, .. }) => (file, anchor),
        Some(_) => return Vec::new(),
        None => {
            let heading = heading_at(place).map(|(_, heading)| heading);
            // The title stands for the page.
            let heading = heading.filter(|heading| heading.level > 1);
            (place.source.path.clone(), heading.map(|heading| heading.id.clone()))
        }
    };
    let mut ranges = SpanRanges::new(place.client, place.analysis);
    let spans = addresses_of(place.analysis, &file, anchor.as_deref());
    spans.iter().map(|span| ranges.location(span)).collect()
}

/// The addresses that name a file, or an anchor in it.
fn addresses_of(analysis: &Analysis, file: &FilePath, anchor: Option<&str>) -> BTreeSet<Span> {
    let mut found = BTreeSet::new();
    for candidate in texts_that_may_name(analysis, file, anchor) {
        let Some(source) = analysis.source(&candidate) else { continue };
        for named in analysis.addresses(source) {
            let is_anchor = anchor.is_none() || named.anchor.as_deref() == anchor;
            if named.file.as_ref() == Some(file) && is_anchor {
                found.insert(Span::new(&candidate, named.address.range));
            }
        }
    }
    found
}

/// The texts to look into. Only these are parsed.
fn texts_that_may_name(analysis: &Analysis, file: &FilePath, anchor: Option<&str>) -> BTreeSet<FilePath> {
    let mut texts = BTreeSet::new();
    if let Some(anchor) = anchor {
        let plain = format!("#{anchor}");
        let encoded = format!("#{}", encode(anchor));
        for source in analysis.inputs().sources.values() {
            if source.text.contains(&plain) || source.text.contains(&encoded) {
                texts.insert(source.path.clone());
            }
        }
        return texts;
    }
    if let Some((id, page)) = analysis.page(file) {
        let site = &analysis.handbook.site;
        for from in page.backlinks.iter().chain([&id]) {
            let from = &site.page(*from).page;
            texts.insert(from.file.clone());
            texts.extend(from.document.links.iter().map(|link| link.span.file.clone()));
        }
        analysis.handbook.with_addresses(|book| {
            for (other, _) in book.pages() {
                texts.extend(book.fields(other).into_iter().map(|field| field.span.file));
            }
        });
    }
    // Includes and assets are named by their file.
    let name = file.name();
    let named = analysis.inputs().sources.values().filter(|source| source.text.contains(name));
    texts.extend(named.map(|source| source.path.clone()));
    texts
}

/// The addresses of a document that lead to files.
pub fn links(place: &AskedPlace<'_>) -> Vec<lsp::DocumentLink> {
    let lines = place.client.lines(&place.source.path, &place.source.text);
    let mut found = Vec::new();
    for named in place.analysis.addresses(place.source) {
        let Some(span) = target(place.analysis, &named) else { continue };
        let title = place.analysis.page(&span.file).map(|(_, page)| page.page.title.clone());
        found.push(lsp::DocumentLink {
            range: lines.range(named.address.range),
            target: Some(place.client.uri(&span.file)),
            tooltip: title,
            data: None,
        });
    }
    found
}

/// The pages whose titles hold the characters of the query in their order.
pub fn titles(client: &ClientView, analysis: &Analysis, query: &str) -> Vec<lsp::WorkspaceSymbol> {
    let mut ranges = SpanRanges::new(client, analysis);
    let written = analysis.handbook.site.pages.iter().filter(|page| page.section != FolderRole::Listing);
    let mut found = Vec::new();
    for page in written.filter(|page| holds_in_order(&page.page.title, query)).take(MOST_TITLES) {
        let page = &page.page;
        let heading = page.document.title.as_ref().map(|heading| &heading.span);
        let span = heading.filter(|span| span.file == page.file).cloned();
        let location = ranges.location(&span.unwrap_or_else(|| Span::start_of(&page.file)));
        found.push(lsp::WorkspaceSymbol {
            location: location.into(),
            data: None,
            base_symbol_information: lsp::BaseSymbolInformation {
                name: page.title.clone(),
                kind: lsp::SymbolKind::File,
                tags: None,
                container_name: Some(page.front.kind.title.clone()),
            },
        });
    }
    found
}

/// Whether a text holds the characters of another in their order, whatever their case.
pub fn holds_in_order(text: &str, wanted: &str) -> bool {
    let mut characters = text.chars().flat_map(char::to_lowercase);
    wanted.chars().flat_map(char::to_lowercase).all(|character| characters.any(|c| c == character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_matches_characters_in_their_order() {
        assert!(holds_in_order("A disk is full", "DSKf"));
        assert!(!holds_in_order("A disk is full", "fd"));
        assert!(holds_in_order("x", ""));
    }
}
