//! One line for each problem, as editors and `grep` read it.
//!
//! Owns the form of the line. It stays one line, whatever the message contains.

use crate::diagnostic::Diagnostic;

use super::escape::escape;
use super::places::SpanPositions;
use super::{Lookup, level_name};

/// Renders `content/a.md:2:5: error[link.anchor]: message; help`, one line for each problem. A problem that an
/// audit has found gets one line for each position in the published site.
pub fn render(diagnostics: &[Diagnostic], lookup: Lookup<'_, '_>) -> String {
    let mut places = SpanPositions::new(lookup);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let (level, rule) = (level_name(diagnostic.severity), diagnostic.rule.name);
        let message = escape(&diagnostic.message);
        let (file, at) = places.start(diagnostic);
        let file = escape(file);
        let help = diagnostic.help.as_deref().map(|help| format!("; {}", escape(help))).unwrap_or_default();
        if diagnostic.published.is_empty() {
            out.push_str(&format!("{file}:{}:{}: {level}[{rule}]: {message}{help}\n", at.line, at.column));
        }
        let written = if places.is_published(diagnostic) {
            String::new()
        } else {
            format!("; written in {file}:{}:{}", at.line, at.column)
        };
        for place in &diagnostic.published {
            out.push_str(&format!(
                "{}:{}:{}: {level}[{rule}]: {message}{}{written}{help}\n",
                escape(&place.path),
                place.at.line,
                place.at.column,
                place.decoded_from()
            ));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;
    use crate::rules::LINK_ANCHOR;
    use crate::source::{Source, Span};

    #[test]
    fn a_problem_is_one_line_even_when_its_message_is_not() {
        let file = FilePath::new("content/a.md").unwrap();
        let source = Source::new(file.clone(), "# A\nSee [b](b.md#x).\n");
        let problem = Diagnostic::new(&LINK_ANCHOR, Span::new(&file, 8..11), "no anchor `x`\n\u{1b}[2J");
        let lookup = |path: &FilePath| (*path == file).then_some(&source);
        let text = render(&[problem.help("did you mean `y`?")], &lookup);
        let want = "content/a.md:2:5: error[link.anchor]: no anchor `x`\\n\\u{1b}[2J; did you mean `y`?\n";
        assert_eq!(text, want);
    }
}
