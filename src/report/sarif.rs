//! Problems as a SARIF 2.1.0 log, which code scanners and editors read.
//!
//! Owns the mapping to SARIF. Columns count UTF-16 code units, the end of a region is the column after it, and files are
//! relative to the root of the repository.

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Fix};
use crate::path::{FilePath, encode};
use crate::rules::{Rule, Severity};
use crate::source::Span;

use super::ProblemReport;
use super::escape::escape;
use super::explain;
use super::fingerprint::Fingerprints;
use super::places::SpanPositions;

/// The name of the root of the repository. Its address is not part of the log, so that the same handbook makes the same
/// log in any folder.
const ROOT: &str = "%SRCROOT%";

/// Renders the whole document, with a line end.
pub fn render(report: &ProblemReport<'_, '_>) -> String {
    let mut rules: Vec<&'static Rule> = report.diagnostics.iter().map(|diagnostic| diagnostic.rule).collect();
    rules.sort_by_key(|rule| rule.name);
    rules.dedup();
    let mut results = SarifResults {
        report,
        rules: &rules,
        places: SpanPositions::in_utf16(report.lookup),
        fingerprints: Fingerprints::default(),
    };
    let results: Vec<Value> =
        report.diagnostics.iter().map(|diagnostic| results.result(diagnostic)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Opsbook",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// What the log says of a rule.
fn descriptor(rule: &Rule) -> Value {
    let explanation = rule.explanation();
    json!({
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": explain::without_links(explanation.text)},
        "help": {
            "text": explain::for_terminal(rule, usize::MAX),
            "markdown": explain::markdown(rule, explain::without_links),
        },
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": [rule.family().name]},
    })
}

/// Makes the results of one log.
struct SarifResults<'r, 'l, 'a> {
    report: &'r ProblemReport<'l, 'a>,
    /// Sorted by name.
    rules: &'r [&'static Rule],
    places: SpanPositions<'l, 'a>,
    fingerprints: Fingerprints,
}

impl SarifResults<'_, '_, '_> {
    fn result(&mut self, diagnostic: &Diagnostic) -> Value {
        let rule = self.rules.binary_search_by_key(&diagnostic.rule.name, |rule| rule.name);
        let related: Vec<Value> = diagnostic
            .labels
            .iter()
            .enumerate()
            .map(|(number, label)| {
                let mut place = self.location(&label.span);
                place["id"] = json!(number);
                place["message"] = json!({"text": message(&label.text)});
                place
            })
            .collect();
        let mut result = json!({
            "ruleId": diagnostic.rule.name,
            "ruleIndex": rule.expect("the rule of each problem is listed"),
            "level": level(diagnostic.severity),
            "message": {"text": message(&diagnostic.sentence())},
            "locations": [self.location(&diagnostic.span)],
            "partialFingerprints": {
                "opsbook/v1": self.fingerprints.next(diagnostic, &mut self.places),
            },
        });
        if !related.is_empty() {
            result["relatedLocations"] = Value::Array(related);
        }
        if let Some(fix) = &diagnostic.fix {
            result["fixes"] = json!([self.fix(fix)]);
        }
        result
    }

    fn location(&mut self, span: &Span) -> Value {
        let (start, end) = self.places.positions(span);
        json!({"physicalLocation": {
            "artifactLocation": {"uri": self.uri(&span.file), "uriBaseId": ROOT},
            "region": {
                "startLine": start.line, "startColumn": start.column,
                "endLine": end.line, "endColumn": end.column,
            },
        }})
    }

    fn fix(&mut self, fix: &Fix) -> Value {
        let place = self.location(&fix.span);
        json!({
            "description": {"text": message(&format!("write `{}`", fix.text))},
            "artifactChanges": [{
                "artifactLocation": place["physicalLocation"]["artifactLocation"],
                "replacements": [{
                    "deletedRegion": place["physicalLocation"]["region"],
                    "insertedContent": {"text": fix.text},
                }],
            }],
        })
    }

    /// The path from the root of the repository as a relative URI.
    fn uri(&self, file: &FilePath) -> String {
        let path = self.report.path(file);
        let segments: Vec<_> = path.split('/').map(encode).collect();
        segments.join("/")
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Off => "none",
    }
}

/// A plain-text message, in which SARIF finds no link, as in `[text](target)`, and no placeholder, as in `{0}`.
fn message(text: &str) -> String {
    let text = escape(text).replace("](", "\\](");
    let mut pieces = text.split('{');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once('}') {
            Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                out += &format!("{{{{{number}}}}}{rest}");
            }
            _ => out += &format!("{{{piece}"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::{hostile, with_report};
    use super::*;
    use crate::diagnostic::FixCertainty;

    #[test]
    fn a_fix_names_what_is_replaced() {
        let (mut problems, source) = hostile();
        let span = Span::new(&problems[0].span.file, 8..12);
        let fix = Fix { span, text: "x{0}".to_owned(), certainty: FixCertainty::Certain };
        problems[0].fix = Some(Box::new(fix));
        let log: Value = serde_json::from_str(&with_report(&problems, &source, render)).unwrap();
        let change = &log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
        let replacement = &change["replacements"][0];
        let region = json!({"startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 6});
        assert_eq!(
            (&replacement["deletedRegion"], &replacement["insertedContent"]["text"]),
            (&region, &json!("x{0}"))
        );
        assert!(change["artifactLocation"]["uri"].as_str().unwrap().starts_with("docs/"));
        assert!(log["runs"][0]["results"][1].get("fixes").is_none());
    }

    #[test]
    fn a_region_counts_utf_16_and_names_are_uris() {
        let (problems, source) = hostile();
        let log: Value = serde_json::from_str(&with_report(&problems, &source, render)).unwrap();
        let run = &log["runs"][0];
        assert_eq!((&run["columnKind"], &log["version"]), (&json!("utf16CodeUnits"), &json!("2.1.0")));
        let result = &run["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "docs/100%20%25,/content/a%3A%3Ab,%1B%F0%9F%92%A5.md");
        let region = json!({"startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 7});
        assert_eq!(place["region"], region);
        assert_eq!(run["tool"]["driver"]["rules"][1]["id"], result["ruleId"]);
        assert_eq!(result["ruleIndex"], 1);
        let help = run["tool"]["driver"]["rules"][1]["help"]["markdown"].as_str().unwrap();
        assert!(help.contains("**Fix:** use the suggested anchor"), "{help}");
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "the {{0}} [page\\](1)");
        assert_eq!(run["results"][1]["level"], "warning");
    }
}
