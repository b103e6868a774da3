//! The structure that headings give a page: levels, names and text below them.
//!
//! Owns the rules about headings. `filled_sections` checks the sections that a kind defines.

use std::collections::BTreeMap;

use super::FrontMatter;
use super::filled_sections::{SectionText, says_nothing};
use crate::diagnostic::Diagnostic;
use crate::markdown::Heading;
use crate::path::{FilePath, heading_id};
use crate::rules::{HEADING_EMPTY, HEADING_LEVEL, HEADING_REPEATED};
use crate::source::Span;

/// The problems of a page's headings. Those of included files count for the order, and are reported nowhere: another page
/// may include them below another heading.
pub fn check(text: &SectionText<'_>, front: &FrontMatter) -> Vec<Diagnostic> {
    let mut problems = skipped_levels(&text.source.path, text.outline);
    problems.extend(repeated(&text.source.path, text.outline));
    // Templates of minutes are full of sections that a meeting did not need.
    if !front.kind.feeds("meetings") {
        problems.extend(empty(text, front));
    }
    problems
}

/// Headings that are more than one level below the one before. The title has level 1.
fn skipped_levels(file: &FilePath, outline: &[Heading]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut before = 1;
    for heading in outline {
        if heading.level > before + 1 && heading.span.file == *file {
            let message =
                format!("this heading has level {}, and the one before it level {before}", heading.level);
            let help = format!("write it with `{}`", "#".repeat(usize::from(before) + 1));
            problems.push(Diagnostic::new(&HEADING_LEVEL, heading.span.clone(), message).help(help));
        }
        before = heading.level;
    }
    problems
}

/// Headings with the text of another one in the same section.
fn repeated(file: &FilePath, outline: &[Heading]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    // The names that the open sections have so far, by the level of their headings.
    let mut open: Vec<(u8, BTreeMap<&str, &Span>)> = Vec::new();
    for heading in outline.iter().filter(|heading| !heading.text.is_empty()) {
        open.retain(|(level, _)| *level <= heading.level);
        if open.last().is_none_or(|(level, _)| *level < heading.level) {
            open.push((heading.level, BTreeMap::new()));
        }
        let Some((_, names)) = open.last_mut() else { continue };
        match names.get(heading.text.as_str()) {
            // An author who gives the second one an id has solved it.
            Some(first)
                if heading.span.file == *file && heading.id.starts_with(&heading_id(&heading.text)) =>
            {
                let message = format!("this section already has a heading `{}`", heading.text);
                let problem = Diagnostic::new(&HEADING_REPEATED, heading.span.clone(), message);
                let help =
                    "give each a name of its own; a link to the second one changes when the first one goes";
                problems.push(problem.label((*first).clone(), "here first").help(help));
            }
            Some(_) => {}
            None => {
                names.insert(&heading.text, &heading.span);
            }
        }
    }
    problems
}

/// Headings without any text below them, up to the next heading that does not belong to their section.
fn empty(text: &SectionText<'_>, front: &FrontMatter) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let own: Vec<&Heading> =
        text.outline.iter().filter(|heading| heading.span.file == text.source.path).collect();
    for (index, heading) in own.iter().enumerate() {
        let next = own.get(index + 1);
        let has_parts = next.is_some_and(|next| written_level(text, next) > written_level(text, heading));
        let end = next.map_or(text.written.len(), |next| next.span.start as usize);
        let body = text.written.get(heading.span.end as usize..end).unwrap_or_default();
        let is_of_kind = front.kind.sections.iter().any(|section| section.is(&heading.text));
        if !has_parts && !is_of_kind && says_nothing(body) && !leads_on(text, heading) {
            let message = format!("there is no text below the heading `{}`", heading.text);
            let problem = Diagnostic::new(&HEADING_EMPTY, heading.span.clone(), message);
            problems.push(problem.help("write the section, or delete its heading"));
        }
    }
    problems
}

/// The level of a heading as its author wrote it. In the outline only the title has level 1.
fn written_level(text: &SectionText<'_>, heading: &Heading) -> u8 {
    let written = source_of(text, heading);
    let is_first = if written.starts_with('#') { !written.starts_with("##") } else { written.ends_with('=') };
    if is_first { 1 } else { heading.level }
}

/// Whether a heading is a link: the text is at its end.
fn leads_on(text: &SectionText<'_>, heading: &Heading) -> bool {
    source_of(text, heading).contains("](")
}

/// A heading as its author wrote it.
fn source_of<'a>(text: &SectionText<'a>, heading: &Heading) -> &'a str {
    text.source.text.get(heading.span.start as usize..heading.span.end as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(headings: &[(u8, &str)]) -> Vec<Heading> {
        let file = FilePath::new("a.md").unwrap();
        let mut list = Vec::new();
        for (offset, (level, text)) in headings.iter().enumerate() {
            let span = Span::new(&file, offset..offset + 1);
            list.push(Heading { level: *level, id: heading_id(text), text: (*text).to_owned(), span });
        }
        list
    }

    fn offsets(problems: &[Diagnostic]) -> Vec<u32> {
        problems.iter().map(|problem| problem.span.start).collect()
    }

    #[test]
    fn a_level_is_skipped_downwards_only() {
        let file = FilePath::new("a.md").unwrap();
        let levels = outline(&[(2, "a"), (3, "b"), (5, "c"), (5, "d"), (2, "e"), (4, "f"), (6, "g")]);
        assert_eq!(offsets(&skipped_levels(&file, &levels)), [2, 5, 6]);
        assert_eq!(offsets(&skipped_levels(&file, &outline(&[(3, "a")]))), [0], "the title has level 1");
    }

    #[test]
    fn names_are_repeated_within_one_section() {
        let file = FilePath::new("a.md").unwrap();
        let names = outline(&[
            (2, "1.0"),
            (3, "Added"),
            (2, "1.1"),
            (3, "Added"),
            (3, "Fixed"),
            (3, "Added"),
            (2, "1.0"),
            (2, ""),
            (2, ""),
        ]);
        assert_eq!(offsets(&repeated(&file, &names)), [5, 6]);
    }
}
