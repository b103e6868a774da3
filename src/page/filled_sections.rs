//! Sections that are empty or still hold the text of a new page.
//!
//! This module owns the definition of an empty section and of placeholder text: the lines that the definition of
//! the kind puts into a new page. `kinds` checks whether a section exists at all.

use std::ops::Range;

use super::FrontMatter;
use crate::diagnostic::Diagnostic;
use crate::kinds::{KindSection, Required};
use crate::markdown::Heading;
use crate::rules::{PLACEHOLDER_LEFT, SECTION_EMPTY};
use crate::source::{Source, Span};

/// Whether every section that the page's kind requires is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FilledSections {
    Yes,
    NotYet,
}

/// A text with its headings, in which only what sections say is left.
pub struct SectionText<'a> {
    pub source: &'a Source,
    pub outline: &'a [Heading],
    /// The text with spaces in place of comments and headings. Its offsets are those of the source.
    pub written: String,
}

impl<'a> SectionText<'a> {
    pub fn new(source: &'a Source, outline: &'a [Heading]) -> SectionText<'a> {
        // Included headings have spans in other files; their offsets mean nothing in this text.
        let own = outline.iter().filter(|heading| heading.span.file == source.path);
        let headings = own.map(|heading| heading.span.start as usize..heading.span.end as usize);
        let written = without_comments(&source.text, headings);
        SectionText { source, outline, written }
    }
}

/// Reports sections that are empty or hold the text of a new page.
pub fn check(whole: &SectionText<'_>, front: &FrontMatter) -> (FilledSections, Vec<Diagnostic>) {
    let SectionText { source, written: text, .. } = whole;
    let mut written = FilledSections::Yes;
    let mut problems = Vec::new();
    for section in &front.kind.sections {
        let places = places(section, whole);
        let needed = section.required.holds(&front.data);
        let empty = !places.is_empty() && places.iter().all(|(_, body)| says_nothing(&text[body.clone()]));
        let left = places.iter().find_map(|(_, body)| placeholder(section, text, body.clone()));
        if needed && (empty || left.is_some()) {
            written = FilledSections::NotYet;
        }
        if let Some(place) = left {
            problems.push(placeholder_problem(section, Span::new(&source.path, place)));
        } else if let Some((heading, _)) =
            places.first().filter(|_| empty && (needed || is_expected(section)))
        {
            problems.push(empty_problem(section, heading));
        }
    }
    (written, problems)
}

/// Whether a section is expected to have text wherever it appears.
fn is_expected(section: &KindSection) -> bool {
    section.offered || section.required != Required::Never
}

/// The headings of a section, each with the range of its body in bytes: up to the next heading of the same or a
/// higher level.
fn places<'h>(section: &KindSection, text: &SectionText<'h>) -> Vec<(&'h Heading, Range<usize>)> {
    let SectionText { source, outline, written } = text;
    let own = |heading: &Heading| heading.span.file == source.path;
    let place = |(at, heading): (usize, &'h Heading)| {
        let end = outline[at + 1..].iter().find(|next| own(next) && next.level <= heading.level);
        let end = end.map_or(written.len(), |next| next.span.start as usize);
        let start = (heading.span.end as usize).min(end);
        (own(heading) && section.is(&heading.text)).then_some((heading, start..end))
    };
    outline.iter().enumerate().filter_map(place).collect()
}

/// Whether a text has neither letters nor digits.
pub fn says_nothing(text: &str) -> bool {
    !text.contains(char::is_alphanumeric)
}

/// The span of the first line in a section that comes from a new page.
fn placeholder(section: &KindSection, text: &str, body: Range<usize>) -> Option<Range<usize>> {
    if section.text.is_empty() {
        return None;
    }
    let known: Vec<&str> = placeholders(&section.text).collect();
    let mut at = body.start;
    for line in text[body].split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        if known.contains(&line.trim()) {
            return Some(start..start + line.trim().len());
        }
    }
    None
}

/// The lines of a new page's text that authors replace. Headings, labels, header rows of tables and single words
/// may stay.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_head = |at: usize| lines.get(at + 1).is_some_and(|next| next.starts_with("| -"));
    let is_label = |line: &str| line.starts_with("**") && line.ends_with("**");
    let words =
        |line: &str| line.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    let left = |at: &usize| {
        let line = lines[*at];
        words(line) > 1 && !line.starts_with('#') && !is_label(line) && !is_head(*at)
    };
    let left: Vec<&str> = (0..lines.len()).filter(left).map(|at| lines[at]).collect();
    left.into_iter()
}

/// A text of the same length with spaces in place of comments and headings, so that offsets stay valid.
fn without_comments(text: &str, headings: impl Iterator<Item = Range<usize>>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut blank = |range: Range<usize>| {
        let bytes = bytes.get_mut(range).unwrap_or_default();
        bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    };
    headings.for_each(&mut blank);
    for (open, close) in [("<!--", "-->"), ("{/*", "*/}")] {
        let mut from = 0;
        while let Some(start) = text[from..].find(open).map(|at| from + at) {
            let Some(length) = text[start..].find(close) else { break };
            from = start + length + close.len();
            blank(start..from);
        }
    }
    String::from_utf8(bytes).expect("whole characters became ASCII")
}

fn empty_problem(section: &KindSection, heading: &Heading) -> Diagnostic {
    let message = format!("the section `{}` is empty", heading.text);
    let problem = Diagnostic::new(&SECTION_EMPTY, heading.span.clone(), message);
    let what = section.help.trim_end_matches('.');
    let say = if what.is_empty() { String::new() } else { format!(" ({what})") };
    problem.help(format!("write it{say}, or set `draft: true`"))
}

fn placeholder_problem(section: &KindSection, place: Span) -> Diagnostic {
    let message = format!("the section `{}` still has the text of a new page", section.heading);
    Diagnostic::new(&PLACEHOLDER_LEFT, place, message).help("replace it, or set `draft: true`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_heads_of_tables_may_stay() {
        let text = "### A b\n\n**What set it off.**\n\n| A b | C |\n| --- | --- |\n| | c d |\n\n-\n```console\nwhat it prints";
        assert_eq!(placeholders(text).collect::<Vec<_>>(), ["| | c d |", "what it prints"]);
    }

    #[test]
    fn comments_are_blank() {
        let blank = without_comments("# A\n<!-- ü -->b\n{/* c */}<!-- d\n", std::iter::once(0..3));
        assert_eq!(blank, "   \n           b\n         <!-- d\n");
    }
}
