//! The rename of a heading, with the links to its anchor.
//!
//! Owns which part of a heading is its text, and which ids change with it. The ids are read from the page as it is with
//! the new heading: another heading of the same text changes its number, and a written id stays.

use std::ops::Range;

use super::analysis::{Analysis, NamedFile};
use super::edits::FileEdits;
use crate::input::Inputs;
use crate::input::text_edits::{TextEdit, apply};
use crate::markdown::Heading;
use crate::moves::AddressPlace;
use crate::path::{FilePath, encode};
use crate::pipeline::Engine;
use crate::source::Source;

/// A heading that gets another text.
#[derive(Debug, Clone)]
pub struct HeadingRename {
    pub file: FilePath,
    /// The index among the headings of the file.
    pub index: usize,
    pub name: String,
}

/// The range of a heading's text, without its marks and attributes; `None` for a heading of several lines.
pub fn heading_text(text: &str, heading: &Heading) -> Option<Range<usize>> {
    let span = heading.span.range(text);
    let whole = text[span.clone()].trim_end();
    let first = whole.lines().next()?;
    let is_marked = first.trim_start().starts_with('#');
    let lines = whole.lines().count();
    if lines > 2 || lines == 2 && is_marked {
        return None;
    }
    let start = first.len() - first.trim_start_matches([' ', '\t', '#']).len();
    let mut content = &first[start..];
    if is_marked {
        let without = content.trim_end().trim_end_matches('#');
        // Hashes end a heading only after a space.
        if without.is_empty() || without.ends_with([' ', '\t']) {
            content = without;
        }
    }
    let mut content = content.trim_end();
    if content.ends_with('}')
        && let Some(attributes) = content.rfind('{')
    {
        content = content[..attributes].trim_end();
    }
    let from = span.start + start;
    (!content.is_empty()).then(|| from..from + content.len())
}

/// The edits of a rename.
///
/// # Errors
/// The new text is not a heading, or the page has changed.
pub fn rename_heading(
    inputs: &Inputs,
    rename: &HeadingRename,
    engine: &mut Engine,
) -> Result<Vec<FileEdits>, String> {
    let HeadingRename { file, index, name } = rename;
    let name = name.trim();
    if name.is_empty() || name.contains(['\n', '\r']) {
        return Err("a heading is one line that is not empty".to_owned());
    }
    let gone = || "the heading has changed; try again".to_owned();
    let before = Analysis::new(0, inputs.clone(), engine);
    let source = before.source(file).ok_or_else(gone)?;
    let headings = before.headings(file);
    let heading = headings.get(*index).ok_or_else(gone)?;
    let range = heading_text(&source.text, heading)
        .ok_or("a heading of several lines cannot be renamed; change it by hand")?;
    // Ids depend on all headings of a page: of two equal ones, the second gets a number. So the page is analysed with
    // the new text, and both lists of ids are compared.
    let own_edit = TextEdit { range, text: name.to_owned() };
    let mut changed = inputs.clone();
    let text = apply(&source.text, std::slice::from_ref(&own_edit));
    changed.sources.insert(file.clone(), Source::new(file.clone(), text));
    let after = Analysis::new(0, changed, engine);
    let new_headings = after.headings(file);
    // A text such as `a #` or `` ` `` could end the heading, or make its line a part of another block.
    if new_headings.len() != headings.len() {
        return Err(format!("`{name}` would not be the text of one heading"));
    }
    let ids = headings.iter().zip(&new_headings).filter(|(old, new)| old.id != new.id);
    let ids: Vec<(&str, &str)> = ids.map(|(old, new)| (old.id.as_str(), new.id.as_str())).collect();
    let mut all = Vec::new();
    for other in before.inputs().sources.values() {
        let mut edits = links_to_ids(&before, other, file, &ids);
        if other.path == *file {
            edits.push(own_edit.clone());
        }
        if !edits.is_empty() {
            all.push(FileEdits::new(other, edits));
        }
    }
    Ok(all)
}

/// The edits of the addresses in `source` that name an old id in `file`.
fn links_to_ids(
    analysis: &Analysis,
    source: &Source,
    file: &FilePath,
    ids: &[(&str, &str)],
) -> Vec<TextEdit> {
    // Parsing every text would take long in a large handbook.
    let may_link = |id: &str| {
        source.text.contains(&format!("#{id}")) || source.text.contains(&format!("#{}", encode(id)))
    };
    if !ids.iter().any(|(old, _)| may_link(old)) {
        return Vec::new();
    }
    let mut edits = Vec::new();
    for named in analysis.addresses(source) {
        let NamedFile { address, file: Some(target), anchor: Some(anchor) } = named else { continue };
        let Some((_, new)) = ids.iter().find(|(old, _)| *old == anchor).filter(|_| target == *file) else {
            continue;
        };
        let written = &source.text[address.range.clone()];
        let Some(hash) = written.find('#') else { continue };
        let end = match address.place {
            AddressPlace::Text(crate::markdown::AddressSyntax::Unclear) => continue,
            AddressPlace::Text(_) => written.len(),
            AddressPlace::Field(_) => written.trim_end_matches(['"', '\'']).len(),
        };
        let is_encoded = written[hash..end].contains('%');
        let text = if is_encoded { encode(new).into_owned() } else { (*new).to_owned() };
        let start = address.range.start;
        edits.push(TextEdit { range: start + hash + 1..start + end, text });
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn text_of(text: &str) -> Option<&str> {
        let file = FilePath::new("a.md").unwrap();
        let span = Span::new(&file, 0..text.len());
        let heading = Heading { level: 1, id: String::new(), text: String::new(), span };
        heading_text(text, &heading).map(|range| &text[range])
    }

    #[test]
    fn marks_and_attributes_are_no_part_of_a_heading_s_text() {
        assert_eq!(text_of("## A *b*\n"), Some("A *b*"));
        assert_eq!(text_of("## A ##\n"), Some("A"));
        assert_eq!(text_of("# C#\n"), Some("C#"));
        assert_eq!(text_of("# A {#own .x}\n"), Some("A"));
        assert_eq!(text_of("A\n---\n"), Some("A"));
        assert_eq!(text_of("A\nb\n---\n"), None);
        assert_eq!(text_of("#\n"), None);
    }
}
