//! The changes that repair links.
//!
//! Owns when a repair is certain, and how the new address is written: in the style of its author, in the bytes of the
//! address alone. `links` finds the problems.

use super::PageId;
use super::link_index::{LinkIndex, ParsedLink};
use crate::diagnostic::{Fix, FixCertainty};
use crate::dialect::MARKDOWN;
use crate::markdown::{Link, WrittenAddress, address_of_link};
use crate::path::{FilePath, decode, encode, relative};
use crate::source::Span;

/// The most characters in which a certain anchor may differ from the wanted one.
const MOST_SLIPS: usize = 2;

/// An anchor that does not exist, with the nearest one that does.
pub(super) struct AnchorFix<'a> {
    pub wanted: &'a str,
    pub near: &'a str,
    /// The only anchor that is near; `None` if there are several.
    pub only_near: Option<&'a str>,
}

impl AnchorFix<'_> {
    /// The change of the link. `anchors` are all anchors of the page.
    pub fn find<'n>(
        &self,
        index: &LinkIndex<'_>,
        link: &Link,
        anchors: impl Iterator<Item = &'n str>,
    ) -> Option<Fix> {
        let address = written_address(index, link)?;
        let written = written(index, &address, &link.span.file)?;
        let start = written.find('#')? + 1;
        if decode(&written[start..]) != self.wanted {
            return None;
        }
        let respelled = respelled(self.wanted, anchors);
        let certainty =
            if respelled.is_some() || self.is_slip() { FixCertainty::Certain } else { FixCertainty::Likely };
        let text = address.syntax.written(respelled.unwrap_or(self.near));
        let span = Span::new(&link.span.file, address.range.start + start..address.range.end);
        Some(Fix { span, text, certainty })
    }

    /// Whether the anchors differ by a slip of the finger: in few characters, and in no number.
    fn is_slip(&self) -> bool {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let most = MOST_SLIPS.min(self.wanted.chars().count() / 4);
        self.only_near == Some(self.near)
            && digits(self.wanted) == digits(self.near)
            && strsim::damerau_levenshtein(self.wanted, self.near) <= most
    }
}

/// The only anchor that has the same letters and digits: `Step_1:-Look` for `step-1-look`.
fn respelled<'n>(wanted: &str, anchors: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let same = wanted.chars().filter(|character| character.is_alphanumeric()).count();
    let plain = |text: &str| -> String {
        text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(wanted);
    let mut found = anchors.filter(|anchor| same > 0 && plain(anchor) == wanted);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// The change of a link that leads to a page by an old address.
pub(super) fn present_address(index: &LinkIndex<'_>, from: PageId, link: &Link, to: PageId) -> Option<Fix> {
    let path =
        path_to(index, from, link, index.file(to)).filter(|path| leads_to(index, from, link, path, to))?;
    replaced_path(index, link, &path, FixCertainty::Certain)
}

/// The change of a link whose path leads nowhere.
pub(super) fn path_fix(index: &LinkIndex<'_>, from: PageId, link: &Link) -> Option<Fix> {
    let wanted = decode(ParsedLink::read(&link.destination).path).into_owned();
    for path in without_slips(&wanted) {
        let candidates = index.candidates(from, &link.span.file, &path);
        let is_there = |path: &FilePath| {
            index.present_page_at(path.as_str()).is_some() || index.inputs.assets.contains_key(path.as_str())
        };
        if candidates.iter().any(is_there) {
            return replaced_path(index, link, &path, FixCertainty::Certain);
        }
    }
    let candidates = index.candidates(from, &link.span.file, &wanted);
    let similar = index.similar(&wanted, &candidates)?;
    let path = path_to(index, from, link, &similar)?;
    replaced_path(index, link, &path, FixCertainty::Likely)
}

/// The path without what was typed or pasted too much: whitespace and full stops at the end, the extension twice.
fn without_slips(path: &str) -> Vec<String> {
    let trimmed = path.trim().trim_end_matches(['.', ',', ';', ':', ' ']);
    let mut found = vec![trimmed.to_owned()];
    for (extension, _) in MARKDOWN {
        let twice = format!(".{extension}.{extension}");
        if let Some(stem) = trimmed.strip_suffix(&twice) {
            found.push(format!("{stem}.{extension}"));
        }
    }
    found.retain(|found| found != path && !found.is_empty());
    found
}

/// The path to a file of the content, from the root or relative, with or without extension, as the link has it.
fn path_to(index: &LinkIndex<'_>, from: PageId, link: &Link, file: &str) -> Option<String> {
    let old = decode(ParsedLink::read(&link.destination).path).into_owned();
    let has_extension =
        |path: &str| MARKDOWN.iter().any(|(extension, _)| path.ends_with(&format!(".{extension}")));
    let named = if has_extension(&old) || !has_extension(file) {
        file.to_owned()
    } else {
        let page = index.present_page_at(file)?;
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_section =
            index.structure.folders.contains_key(folder) && index.present_page_at(folder) == Some(page);
        let slash = if old.ends_with('/') { "/" } else { "" };
        format!("{}{slash}", if is_section { folder } else { stem })
    };
    let path = if old.starts_with('/') {
        format!("/{}", named.strip_prefix(index.inputs.config.content.as_str())?.trim_start_matches('/'))
    } else {
        relative(link.span.file.folder(), &named)
    };
    let candidates = index.candidates(from, &link.span.file, &path);
    let leads = candidates.iter().find_map(|path| index.present_page_at(path.as_str()));
    let wanted = index.present_page_at(file);
    (wanted.is_none() || leads == wanted).then_some(path)
}

/// Whether a path leads to a page by its present address.
fn leads_to(index: &LinkIndex<'_>, from: PageId, link: &Link, path: &str, to: PageId) -> bool {
    let candidates = index.candidates(from, &link.span.file, path);
    candidates.iter().find_map(|path| index.present_page_at(path.as_str())) == Some(to)
}

/// The change of the path of a link. Its query and its anchor stay.
fn replaced_path(index: &LinkIndex<'_>, link: &Link, path: &str, certainty: FixCertainty) -> Option<Fix> {
    let address = written_address(index, link)?;
    let written = written(index, &address, &link.span.file)?;
    let end = written.find(['#', '?']).unwrap_or(written.len());
    if decode(&written[..end]) != decode(ParsedLink::read(&link.destination).path) {
        return None;
    }
    let needs_encoding =
        |name: &str| name.contains(['%', '#', '?', ':']) || name.contains(char::is_whitespace);
    let names = path
        .split('/')
        .map(|name| if needs_encoding(name) { encode(name).into_owned() } else { name.to_owned() });
    let text = address.syntax.written(&names.collect::<Vec<_>>().join("/"));
    let span = Span::new(&link.span.file, address.range.start..address.range.start + end);
    Some(Fix { span, text, certainty })
}

fn written_address(index: &LinkIndex<'_>, link: &Link) -> Option<WrittenAddress> {
    let source = index.inputs.sources.get(&link.span.file)?;
    address_of_link(source, link.span.range(&source.text), &link.destination)
}

/// The text of an address.
fn written<'a>(index: &LinkIndex<'a>, address: &WrittenAddress, file: &FilePath) -> Option<&'a str> {
    index.inputs.sources.get(file)?.text.get(address.range.clone())
}
