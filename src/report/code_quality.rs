//! Problems as GitLab's report of code quality, which GitLab shows in a merge request.
//!
//! Owns the mapping to GitLab's fields and severities: `critical` for what could show something to the wrong readers,
//! `major` for other errors, `minor` for warnings.

use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;
use crate::rules::Severity;

use super::ProblemReport;
use super::escape::escape;
use super::fingerprint::Fingerprints;
use super::places::SpanPositions;

/// Renders the whole document, with a line end.
pub fn render(report: &ProblemReport<'_, '_>) -> String {
    let mut places = SpanPositions::new(report.lookup);
    let mut fingerprints = Fingerprints::default();
    let problems: Vec<Value> = report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let (start, end) = places.positions(&diagnostic.span);
            json!({
                "description": escape(&diagnostic.sentence()),
                "check_name": diagnostic.rule.name,
                "fingerprint": fingerprints.next(diagnostic, &mut places),
                "severity": severity(diagnostic),
                "location": {
                    "path": report.path(&diagnostic.span.file),
                    "lines": {"begin": start.line, "end": end.line},
                },
            })
        })
        .collect();
    format!("{:#}\n", Value::Array(problems))
}

fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error if diagnostic.rule.guards() || diagnostic.rule.conceals => "critical",
        Severity::Error => "major",
        Severity::Warn => "minor",
        Severity::Off => "info",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{hostile, with_report};
    use super::*;
    use crate::rules::VISIBILITY_STRAY;

    #[test]
    fn every_field_of_gitlab_is_in_the_document() {
        let (mut problems, source) = hostile();
        let value: Value = serde_json::from_str(&with_report(&problems, &source, render)).unwrap();
        let mut first = value[0].clone();
        let fingerprint = first["fingerprint"].take();
        assert!(fingerprint.as_str().is_some_and(|text| text.len() == 32));
        let want = json!({
            "description": "no 100% \\n::error::x; see `<b>` & \"]]>",
            "check_name": "link.anchor",
            "fingerprint": null,
            "severity": "major",
            "location": {"path": "docs/100 %,/content/a::b,\u{1b}💥.md", "lines": {"begin": 2, "end": 2}},
        });
        assert_eq!(first, want);
        assert_eq!(value[1]["severity"], "minor");
        problems[0].rule = &VISIBILITY_STRAY;
        let value: Value = serde_json::from_str(&with_report(&problems, &source, render)).unwrap();
        assert_eq!(value[0]["severity"], "critical");
        assert_eq!(with_report(&[], &source, render), "[]\n");
    }
}
