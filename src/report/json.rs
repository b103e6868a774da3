//! Problems as one JSON document, for programs.
//!
//! Owns the form of the document. Its `version` grows when a field changes its meaning or goes away; new
//! fields may come without that. Lines and columns count from 1, columns count characters, and the end of
//! a range is the place just behind it.

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::source::Span;

use super::places::Places;
use super::{Lookup, Summary, level_name};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    diagnostics: Vec<Entry<'a>>,
    summary: Counts,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    /// `error` or `warning`.
    level: &'static str,
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
    /// The way out, or null.
    help: Option<&'a str>,
    /// Further places that explain the problem.
    labels: Vec<Note<'a>>,
}

#[derive(Serialize)]
struct Note<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    /// Relative to the handbook's root.
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Counts {
    errors: usize,
    warnings: usize,
    pages: usize,
}

/// The whole document, with a line end.
pub fn render(diagnostics: &[Diagnostic], lookup: Lookup<'_, '_>, summary: Summary) -> String {
    let mut places = Places::new(lookup);
    let Summary { errors, warnings, pages } = summary;
    let document = Document {
        version: 1,
        diagnostics: diagnostics.iter().map(|diagnostic| entry(diagnostic, &mut places)).collect(),
        summary: Counts { errors, warnings, pages },
    };
    let text = serde_json::to_string_pretty(&document).expect("strings and numbers are always JSON");
    text + "\n"
}

fn entry<'a>(diagnostic: &'a Diagnostic, places: &mut Places<'_, '_>) -> Entry<'a> {
    Entry {
        rule: diagnostic.rule.name,
        level: level_name(diagnostic.level),
        place: place(&diagnostic.span, places),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| Note { place: place(&label.span, places), text: &label.text })
            .collect(),
    }
}

fn place<'a>(span: &'a Span, places: &mut Places<'_, '_>) -> Place<'a> {
    let (start, end) = places.of(span);
    Place {
        file: span.file.as_str(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;
    use crate::rules::LINK_ANCHOR;
    use crate::source::Source;

    #[test]
    fn every_field_is_in_the_document() {
        let file = FilePath::new("content/a.md").unwrap();
        let source = Source::new(file.clone(), "# A\nSee [b](b.md#x).\n");
        let problem = Diagnostic::new(&LINK_ANCHOR, Span::new(&file, 8..11), "no anchor \"x\"")
            .label(Span::new(&file, 0..3), "the page");
        let lookup = |path: &FilePath| (*path == file).then_some(&source);
        let summary = Summary::of(std::slice::from_ref(&problem), 1);
        let value: serde_json::Value = serde_json::from_str(&render(&[problem], &lookup, summary)).unwrap();
        let want = serde_json::json!({
            "version": 1,
            "diagnostics": [{
                "rule": "link.anchor", "level": "error", "file": "content/a.md",
                "line": 2, "column": 5, "end_line": 2, "end_column": 8,
                "message": "no anchor \"x\"", "help": null,
                "labels": [{
                    "file": "content/a.md", "line": 1, "column": 1, "end_line": 1, "end_column": 4,
                    "text": "the page",
                }],
            }],
            "summary": { "errors": 1, "warnings": 0, "pages": 1 },
        });
        assert_eq!(value, want);
    }
}
