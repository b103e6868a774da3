//! Problems as results of tests in the XML of JUnit, which most CI servers read.
//!
//! Owns the mapping: a file is a test, which fails where the file has errors. Warnings are the output of a test that
//! passes, unless they are denied.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::html_escape::{escape_attribute, escape_text, is_xml_character};
use crate::path::FilePath;

use super::escape::escape;
use super::places::SpanPositions;
use super::{ProblemReport, Summary, WarningPolicy, level_name};

/// Renders the whole document. `files` are the checked files; files with problems are added to them. `day` is the day
/// of the check, as `2026-11-21`.
pub fn render<'r>(
    report: &'r ProblemReport<'_, '_>,
    files: impl IntoIterator<Item = &'r FilePath>,
    warnings: WarningPolicy,
    day: &str,
) -> String {
    let mut tests: BTreeMap<&FilePath, Vec<&Diagnostic>> =
        files.into_iter().map(|file| (file, Vec::new())).collect();
    for diagnostic in report.diagnostics {
        tests.entry(&diagnostic.span.file).or_default().push(diagnostic);
    }
    let mut places = SpanPositions::new(report.lookup);
    let (mut cases, mut failures) = (String::new(), 0_usize);
    for (file, problems) in &tests {
        let name = xml_attribute(&report.path(file));
        let lines: Vec<String> = problems.iter().map(|problem| line(problem, &mut places)).collect();
        let failure = problems.iter().find(|problem| warnings.is_failure(problem.severity));
        let body = match failure {
            Some(failure) => {
                failures += 1;
                let message = xml_attribute(&Summary::new(problems, 0).problems());
                let kind = failure.rule.name;
                format!("<failure type=\"{kind}\" message=\"{message}\">{}</failure>", xml_text(&lines))
            }
            None if problems.is_empty() => String::new(),
            None => format!("<system-out>{}</system-out>", xml_text(&lines)),
        };
        cases += &format!(
            "    <testcase name=\"{name}\" classname=\"opsbook.check\" time=\"0\">{body}</testcase>\n"
        );
    }
    let (tests, version) = (tests.len(), env!("CARGO_PKG_VERSION"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites>\n  \
           <testsuite name=\"opsbook check\" package=\"opsbook\" id=\"0\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" \
           time=\"0\" timestamp=\"{day}T00:00:00\" hostname=\"localhost\">\n    \
             <properties><property name=\"opsbook\" value=\"{version}\"/></properties>\n\
         {cases}    <system-out/>\n    <system-err/>\n  </testsuite>\n</testsuites>\n"
    )
}

fn line(problem: &Diagnostic, places: &mut SpanPositions<'_, '_>) -> String {
    let at = places.positions(&problem.span).0;
    let (level, rule) = (level_name(problem.severity), problem.rule.name);
    format!("{}:{}: {level}[{rule}]: {}", at.line, at.column, problem.sentence())
}

fn xml_attribute(text: &str) -> String {
    escape_attribute(&visible(text))
}

fn xml_text(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escape_text(&visible(line))).collect();
    lines.join("\n")
}

/// The text without characters that XML 1.0 does not have, not even as references.
fn visible(text: &str) -> String {
    let mut out = String::new();
    for c in escape(text).chars() {
        if is_xml_character(c) { out.push(c) } else { out.extend(c.escape_unicode()) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::{hostile, with_report};
    use super::*;

    fn parsed(warnings: WarningPolicy) -> Vec<(String, String, Option<String>)> {
        let (problems, source) = hostile();
        let whole = FilePath::new("content/whole.md").unwrap();
        let text = with_report(&problems, &source, |report| render(report, [&whole], warnings, "2026-11-21"));
        let document = roxmltree::Document::parse(&text).unwrap();
        let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
        assert_eq!(suite.attribute("tests"), Some("3"));
        let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
        let failures = cases.iter().filter(|case| case.children().any(|child| child.has_tag_name("failure")));
        assert_eq!(suite.attribute("failures"), Some(failures.count().to_string().as_str()));
        cases
            .iter()
            .map(|case| {
                let child = case.first_element_child();
                let text = child.and_then(|child| child.text()).map(str::to_owned);
                let tag = child.map_or(String::new(), |child| child.tag_name().name().to_owned());
                (case.attribute("name").unwrap().to_owned(), tag, text)
            })
            .collect()
    }

    #[test]
    fn a_file_is_a_test_that_fails_where_it_has_an_error() {
        let cases = parsed(WarningPolicy::Allow);
        let hostile = "docs/100 %,/content/a::b,\\u{1b}💥.md".to_owned();
        let error = "2:3: error[link.anchor]: no 100% \\n::error::x; see `<b>` & \"]]>".to_owned();
        assert_eq!(cases[0], (hostile, "failure".to_owned(), Some(error)));
        let warning = "1:1: warning[html.dropped]: w\\u{ffff}\\u{8}".to_owned();
        assert_eq!(
            cases[1],
            ("docs/100 %,/content/gone.md".to_owned(), "system-out".to_owned(), Some(warning))
        );
        assert_eq!(cases[2], ("docs/100 %,/content/whole.md".to_owned(), String::new(), None));
    }

    #[test]
    fn a_denied_warning_is_a_failure() {
        let tags: Vec<String> = parsed(WarningPolicy::Deny).into_iter().map(|(_, tag, _)| tag).collect();
        assert_eq!(tags, ["failure", "failure", ""]);
    }
}
