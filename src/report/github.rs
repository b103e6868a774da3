//! Problems as commands of GitHub's runner, which shows each at its line in the request.
//!
//! Owns the escaping of these commands. GitHub shows the first ten errors and warnings of a step; the log has all.

use std::fmt::Write;

use super::escape::escape;
use super::places::SpanPositions;
use super::{ProblemReport, level_name};

/// Renders a command for each problem, and the summary as a line of the log.
pub fn render(report: &ProblemReport<'_, '_>) -> String {
    let mut places = SpanPositions::new(report.lookup);
    let mut out = String::new();
    for diagnostic in report.diagnostics {
        let (start, end) = places.positions(&diagnostic.span);
        let file = report.path(&diagnostic.span.file);
        let mut place = format!("file={},line={},endLine={}", property(&file), start.line, end.line);
        // GitHub takes columns only within one line.
        if start.line == end.line {
            place += &format!(",col={},endColumn={}", start.column, end.column);
        }
        // The log shows nothing but the message, so the message begins with its place.
        let mut message =
            format!("{}:{}:{}: {}", escape(&file), start.line, start.column, escape(&diagnostic.message));
        if let Some(help) = &diagnostic.help {
            message += &format!("\n{}", escape(help));
        }
        let (level, rule) = (level_name(diagnostic.severity), property(diagnostic.rule.name));
        writeln!(out, "::{level} {place},title={rule}::{}", data(&message))
            .expect("writing to a String cannot fail");
    }
    out + &format!("{}\n", report.summary)
}

/// The message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(&escape(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{hostile, with_report};
    use super::*;

    #[test]
    fn a_name_or_a_message_cannot_end_the_command() {
        let (problems, source) = hostile();
        let text = with_report(&problems, &source, render);
        let want = "::error file=docs/100 %25%2C/content/a%3A%3Ab%2C\\u{1b}💥.md,line=2,endLine=2,col=3,endColumn=5,\
                    title=link.anchor::docs/100 %25,/content/a::b,\\u{1b}💥.md:2:3: no 100%25 \\n::error::x\
                    %0Asee `<b>` & \"]]>";
        assert_eq!(text.lines().next(), Some(want));
        assert!(text.ends_with("\n1 error, 1 warning in 3 pages\n"), "{text}");
        assert_eq!(text.lines().count(), 3);
    }
}
