//! Problems as one JSON document, for programs.
//!
//! Owns the form of the document. Its `version` grows when a field changes its meaning or is removed; new
//! fields may be added without that. Lines and columns count from 1, columns count characters, and the end of a
//! range is the position after it.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, FixCertainty};
use crate::rules::Severity;
use crate::source::{Position, Span};
use crate::visibility::{Withheld, WithheldReason};

use super::audit::Audited;
use super::places::SpanPositions;
use super::{Lookup, Summary, level_name};

#[derive(Serialize)]
struct ReportDocument<'a> {
    version: u32,
    diagnostics: Vec<DiagnosticJson<'a>>,
    summary: CountsJson,
}

#[derive(Serialize)]
struct DiagnosticJson<'a> {
    rule: &'a str,
    /// `error` or `warning`.
    level: &'static str,
    #[serde(flatten)]
    place: JsonSpan<'a>,
    message: &'a str,
    /// The help, or null.
    help: Option<&'a str>,
    /// Further positions that explain the problem.
    labels: Vec<NoteJson<'a>>,
    fix: Option<FixJson<'a>>,
    /// The positions in the published site where an audit has found the problem. If its source is unknown,
    /// `file` is the first of them.
    published: Vec<PublishedJson<'a>>,
}

#[derive(Serialize)]
struct PublishedJson<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    /// The decoding steps, in order.
    decoded: &'a [&'static str],
}

/// The document of audits. Its version is 2 since its diagnostics have the same form as those of `check`.
#[derive(Serialize)]
struct Audits<'a> {
    version: u32,
    audits: Vec<AuditJson<'a>>,
}

#[derive(Serialize)]
struct AuditJson<'a> {
    audience: &'a str,
    withheld: Vec<WithheldJson<'a>>,
    diagnostics: Vec<DiagnosticJson<'a>>,
    /// A warning about the limits of redaction, or null.
    note: Option<String>,
    summary: AuditCounts,
}

#[derive(Serialize)]
struct WithheldJson<'a> {
    /// `page`, `file`, `field`, `block`, `section`, `paragraph`, `item`, `row` or `inline`.
    what: &'static str,
    file: &'a str,
    line: u32,
    column: u32,
    /// `level`, `clearance`, `embargo` or `unclear`.
    reason: &'static str,
    /// The level, the clearance, the end of the embargo, or null.
    value: Option<String>,
}

#[derive(Serialize)]
struct AuditCounts {
    files: usize,
    errors: usize,
    warnings: usize,
    withheld: usize,
    content_errors: usize,
}

/// A change that solves the problem.
#[derive(Serialize)]
struct FixJson<'a> {
    /// What is replaced.
    #[serde(flatten)]
    place: JsonSpan<'a>,
    text: &'a str,
    /// Whether `opsbook check --fix` applies it.
    certain: bool,
}

#[derive(Serialize)]
struct NoteJson<'a> {
    #[serde(flatten)]
    place: JsonSpan<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonSpan<'a> {
    /// Relative to the handbook's root.
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct CountsJson {
    errors: usize,
    warnings: usize,
    pages: usize,
}

/// Renders the whole document, with a line end.
pub fn render(diagnostics: &[Diagnostic], lookup: Lookup<'_, '_>, summary: Summary) -> String {
    let mut places = SpanPositions::new(lookup);
    let Summary { errors, warnings, pages } = summary;
    let document = ReportDocument {
        version: 1,
        diagnostics: diagnostics.iter().map(|diagnostic| entry(diagnostic, &mut places)).collect(),
        summary: CountsJson { errors, warnings, pages },
    };
    text(&document)
}

/// Renders the document of audits, with a line end.
pub fn render_audits(audits: &[Audited], lookup: Lookup<'_, '_>) -> String {
    let mut places = SpanPositions::new(lookup);
    let audits = audits.iter().map(|audited| audit(audited, &mut places)).collect();
    text(&Audits { version: 2, audits })
}

fn text(document: &impl Serialize) -> String {
    serde_json::to_string_pretty(document).expect("strings and numbers are always JSON") + "\n"
}

fn audit<'a>(audited: &'a Audited, places: &mut SpanPositions<'_, '_>) -> AuditJson<'a> {
    let summary = AuditCounts {
        files: audited.files,
        errors: audited.count(Severity::Error),
        warnings: audited.count(Severity::Warn),
        withheld: audited.withheld.len(),
        content_errors: audited.errors,
    };
    AuditJson {
        audience: &audited.audience,
        withheld: audited.withheld.iter().map(|withheld| hidden(withheld, audited, places)).collect(),
        diagnostics: audited.diagnostics.iter().map(|diagnostic| entry(diagnostic, places)).collect(),
        note: audited.caution(),
        summary,
    }
}

fn hidden<'a>(
    withheld: &'a Withheld,
    audited: &Audited,
    places: &mut SpanPositions<'_, '_>,
) -> WithheldJson<'a> {
    let at = places.positions(&withheld.span).0;
    let (reason, value) = match &withheld.why {
        WithheldReason::Level(level) => ("level", Some(audited.levels.name(*level).to_owned())),
        WithheldReason::Clearance(state) => ("clearance", Some((*state).to_owned())),
        WithheldReason::Embargo(until) => ("embargo", Some(until.clone())),
        WithheldReason::Unclear => ("unclear", None),
    };
    let file = withheld.span.file.as_str();
    WithheldJson { what: withheld.what.name(), file, line: at.line, column: at.column, reason, value }
}

fn entry<'a>(diagnostic: &'a Diagnostic, places: &mut SpanPositions<'_, '_>) -> DiagnosticJson<'a> {
    DiagnosticJson {
        rule: diagnostic.rule.name,
        level: level_name(diagnostic.severity),
        place: main_place(diagnostic, places),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| NoteJson { place: place(&label.span, places), text: &label.text })
            .collect(),
        fix: diagnostic.fix.as_ref().map(|fix| FixJson {
            place: place(&fix.span, places),
            text: &fix.text,
            certain: fix.certainty == FixCertainty::Certain,
        }),
        published: diagnostic
            .published
            .iter()
            .map(|place| PublishedJson {
                path: &place.path,
                line: place.at.line,
                column: place.at.column,
                decoded: &place.decoded,
            })
            .collect(),
    }
}

/// The span of a diagnostic in its source, or its first position in the published site if the source is
/// unknown.
fn main_place<'a>(diagnostic: &'a Diagnostic, places: &mut SpanPositions<'_, '_>) -> JsonSpan<'a> {
    if !places.is_published(diagnostic) {
        return place(&diagnostic.span, places);
    }
    let (file, Position { line, column }) = places.start(diagnostic);
    JsonSpan { file, line, column, end_line: line, end_column: column }
}

fn place<'a>(span: &'a Span, places: &mut SpanPositions<'_, '_>) -> JsonSpan<'a> {
    let (start, end) = places.positions(span);
    JsonSpan {
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
    use crate::diagnostic::Fix;
    use crate::path::FilePath;
    use crate::rules::LINK_ANCHOR;
    use crate::source::Source;

    #[test]
    fn every_field_is_in_the_document() {
        let file = FilePath::new("content/a.md").unwrap();
        let source = Source::new(file.clone(), "# A\nSee [b](b.md#x).\n");
        let problem = Diagnostic::new(&LINK_ANCHOR, Span::new(&file, 8..11), "no anchor \"x\"")
            .label(Span::new(&file, 0..3), "the page")
            .fix(Some(Fix {
                span: Span::new(&file, 17..18),
                text: "y".to_owned(),
                certainty: FixCertainty::Likely,
            }));
        let lookup = |path: &FilePath| (*path == file).then_some(&source);
        let summary = Summary::new(std::slice::from_ref(&problem), 1);
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
                "fix": {
                    "file": "content/a.md", "line": 2, "column": 14, "end_line": 2, "end_column": 15,
                    "text": "y", "certain": false,
                },
                "published": [],
            }],
            "summary": { "errors": 1, "warnings": 0, "pages": 1 },
        });
        assert_eq!(value, want);
    }

    #[test]
    fn every_field_of_an_audit_is_in_the_document() {
        let (audited, source) = crate::report::audit::tests::audited();
        let lookup = |path: &FilePath| (*path == source.path).then_some(&source);
        let note = audited.caution();
        let value: serde_json::Value = serde_json::from_str(&render_audits(&[audited], &lookup)).unwrap();
        let place = |path: &str| serde_json::json!({"path": path, "line": 2, "column": 2, "decoded": ["HTML entities"]});
        let want = serde_json::json!({
            "version": 2,
            "audits": [{
                "audience": "public",
                "withheld": [{
                    "what": "block", "file": "content/a.md", "line": 2, "column": 1,
                    "reason": "level", "value": "internal",
                }],
                "diagnostics": [{
                    "rule": "leak.email", "level": "warning", "file": "content/a.md",
                    "line": 2, "column": 9, "end_line": 2, "end_column": 9,
                    "message": "an e-mail address: `anna… (12 characters)`",
                    "help": "take it out, or add it to `allow` of `[audit]` in book.toml",
                    "labels": [],
                    "fix": null,
                    "published": [place("a/index.html"), place("b.txt")],
                }],
                "note": note,
                "summary": {"files": 2, "errors": 0, "warnings": 1, "withheld": 1, "content_errors": 0},
            }],
        });
        assert_eq!(value, want);
    }
}
