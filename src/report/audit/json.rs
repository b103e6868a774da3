//! Audits as one JSON document, for programs.
//!
//! Owns the form of the document. Its `version` grows when a field changes its meaning or goes away; new fields may come
//! without that. Lines and columns count from 1.

use serde::Serialize;

use crate::audit::Find;
use crate::report::places::Places;
use crate::report::{Lookup, level_name};
use crate::rules::Level;
use crate::visibility::{Why, Withheld};

use super::Audited;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    audits: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    audience: &'a str,
    withheld: Vec<Gone<'a>>,
    finds: Vec<Found<'a>>,
    /// What redaction cannot do, or null.
    note: Option<String>,
    summary: Counts,
}

#[derive(Serialize)]
struct Gone<'a> {
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
struct Found<'a> {
    rule: &'a str,
    /// `error` or `warning`.
    level: &'static str,
    what: &'a str,
    excerpt: &'a str,
    /// Where it was written, or null.
    source: Option<Spot<'a>>,
    places: Vec<At<'a>>,
}

#[derive(Serialize)]
struct Spot<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct At<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    /// How it was decoded, the first step first.
    decoded: Vec<&'static str>,
}

#[derive(Serialize)]
struct Counts {
    files: usize,
    errors: usize,
    warnings: usize,
    withheld: usize,
    content_errors: usize,
}

/// The whole document, with a line end.
pub fn render(audits: &[Audited], lookup: Lookup<'_, '_>) -> String {
    let mut places = Places::new(lookup);
    let audits = audits.iter().map(|audited| entry(audited, &mut places)).collect();
    let text = serde_json::to_string_pretty(&Document { version: 1, audits });
    text.expect("strings and numbers are always JSON") + "\n"
}

fn entry<'a>(audited: &'a Audited, places: &mut Places<'_, '_>) -> Entry<'a> {
    let summary = Counts {
        files: audited.files,
        errors: audited.count(Level::Error),
        warnings: audited.count(Level::Warn),
        withheld: audited.withheld.len(),
        content_errors: audited.errors,
    };
    Entry {
        audience: &audited.audience,
        withheld: audited.withheld.iter().map(|withheld| gone(withheld, audited, places)).collect(),
        finds: audited.finds.iter().map(found).collect(),
        note: audited.caution(),
        summary,
    }
}

fn gone<'a>(withheld: &'a Withheld, audited: &Audited, places: &mut Places<'_, '_>) -> Gone<'a> {
    let at = places.of(&withheld.span).0;
    let (reason, value) = match &withheld.why {
        Why::Level(level) => ("level", Some(audited.levels.name(*level).to_owned())),
        Why::Clearance(state) => ("clearance", Some((*state).to_owned())),
        Why::Embargo(until) => ("embargo", Some(until.clone())),
        Why::Unclear => ("unclear", None),
    };
    let file = withheld.span.file.as_str();
    Gone { what: withheld.what.name(), file, line: at.line, column: at.column, reason, value }
}

fn found(find: &Find) -> Found<'_> {
    let source = find.origin.as_ref().map(|origin| Spot {
        file: origin.file.as_str(),
        line: origin.at.line,
        column: origin.at.column,
    });
    let places = find.places.iter().map(|place| At {
        path: &place.path,
        line: place.at.line,
        column: place.at.column,
        decoded: place.steps.iter().map(|step| step.name()).collect(),
    });
    Found {
        rule: find.rule.name,
        level: level_name(find.level),
        what: &find.what,
        excerpt: &find.excerpt,
        source,
        places: places.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    #[test]
    fn every_field_is_in_the_document() {
        let (audited, source) = crate::report::audit::tests::audited();
        let lookup = |path: &FilePath| (*path == source.path).then_some(&source);
        let note = audited.caution();
        let value: serde_json::Value = serde_json::from_str(&render(&[audited], &lookup)).unwrap();
        let place = |path: &str| serde_json::json!({"path": path, "line": 2, "column": 2, "decoded": ["HTML entities"]});
        let want = serde_json::json!({
            "version": 1,
            "audits": [{
                "audience": "public",
                "withheld": [{
                    "what": "block", "file": "content/a.md", "line": 2, "column": 1,
                    "reason": "level", "value": "internal",
                }],
                "finds": [{
                    "rule": "leak.email", "level": "warning", "what": "an e-mail address",
                    "excerpt": "anna… (12 characters)",
                    "source": {"file": "content/a.md", "line": 2, "column": 9},
                    "places": [place("a/index.html"), place("b.txt")],
                }],
                "note": note,
                "summary": {"files": 2, "errors": 0, "warnings": 1, "withheld": 1, "content_errors": 0},
            }],
        });
        assert_eq!(value, want);
    }
}
