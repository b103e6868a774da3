//! Problems for people: the line in question, a mark under it, and the help.
//!
//! Owns the choice of the text that is shown and of the number of problems. `annotate-snippets` does the
//! drawing; all text from content is escaped or masked before it gets there.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Heading, Origin, Renderer, Snippet};

use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::rules::Severity;
use crate::source::Span;

use super::escape::{escape, mask};
use super::places::{LineIndex, SpanPositions};
use super::{Lookup, Summary};

/// The style of a report.
#[derive(Debug, Clone, Copy)]
pub struct ReportStyle {
    pub colour: ColourChoice,
    /// The width of the terminal, in columns.
    pub width: usize,
    /// The largest number of problems that are shown.
    pub most: usize,
}

/// Whether escape sequences for colour are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourChoice {
    Never,
    Always,
}

/// The longest excerpt around a problem, in bytes. If it would be longer, only its position is shown.
const LONGEST_EXCERPT: usize = 16 * 1024;
/// The number of positions in the published site that are shown for one problem.
const MOST_PLACES: usize = 3;
/// The largest number of lines that are marked as a whole. A longer span is marked at its first line.
const MOST_LINES: usize = 6;

/// Renders the problems up to the limit, and the summary.
pub fn render(
    diagnostics: &[Diagnostic],
    lookup: Lookup<'_, '_>,
    look: ReportStyle,
    summary: Summary,
) -> String {
    format!("{}{summary}\n", problems(diagnostics, lookup, look, "opsbook check"))
}

/// A line that names the explanation of the first error, or else of the first problem; empty if there is none.
pub fn explanation_hint(diagnostics: &[Diagnostic]) -> String {
    let error = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    match error.or(diagnostics.first()) {
        Some(problem) => format!("explained, with examples: `opsbook explain {}`\n", problem.rule.name),
        None => String::new(),
    }
}

/// Renders the problems up to the limit. `command` is the command that lists all of them.
pub(super) fn problems(
    diagnostics: &[Diagnostic],
    lookup: Lookup<'_, '_>,
    look: ReportStyle,
    command: &str,
) -> String {
    let renderer = match look.colour {
        ColourChoice::Never => Renderer::plain(),
        ColourChoice::Always => Renderer::styled(),
    };
    let renderer = renderer.term_width(look.width);
    let mut places = SpanPositions::new(lookup);
    let mut out = String::new();
    for diagnostic in chosen(diagnostics, look.most) {
        out.push_str(&renderer.render(&[group(diagnostic, &mut places)]));
        out.push_str("\n\n");
    }
    if let Some(more) = diagnostics.len().checked_sub(look.most).filter(|more| *more > 0) {
        out.push_str(&format!("… and {more} more; `{command} --format short` lists all of them\n"));
        out.push_str(&format!("in all: {}\n\n", by_rule(diagnostics)));
    }
    out
}

/// The number of problems of each rule, the most frequent first. With hundreds of problems this shows where to
/// begin.
fn by_rule(diagnostics: &[Diagnostic]) -> String {
    let mut counts = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts.entry(diagnostic.rule.name).or_insert(0) += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let named: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
    named.join(", ")
}

/// The problems to show, in their order. If there are too many, errors come before warnings.
fn chosen(diagnostics: &[Diagnostic], most: usize) -> impl Iterator<Item = &Diagnostic> {
    let crowded = diagnostics.len() > most;
    let rest = diagnostics.iter().filter(move |d| crowded && d.severity != Severity::Error);
    diagnostics.iter().filter(move |d| !crowded || d.severity == Severity::Error).chain(rest).take(most)
}

fn group<'d, 'a: 'd>(diagnostic: &'d Diagnostic, places: &mut SpanPositions<'_, 'a>) -> Group<'d> {
    let heading = match diagnostic.severity {
        Severity::Error => Heading::ERROR,
        Severity::Warn | Severity::Off => Heading::WARNING,
    };
    let title = heading.primary_title(escape(&diagnostic.message)).id(diagnostic.rule.name);
    let mut group = excerpt(Group::with_title(title), diagnostic, places);
    // If the source is unknown, the excerpt has shown the first published file already.
    let is_place = places.is_published(diagnostic);
    let published = &diagnostic.published[usize::from(is_place)..];
    for place in published.iter().take(MOST_PLACES) {
        group = group.element(Heading::NOTE.message(escape(&format!("in {place}")).into_owned()));
    }
    if let Some(more) = published.len().checked_sub(MOST_PLACES).filter(|more| *more > 0) {
        group = group.element(Heading::NOTE.message(format!("and in {more} more files")));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Heading::HELP.message(escape(help)));
    }
    group
}

/// Adds the lines around the problem, then those around labels in other files.
fn excerpt<'d, 'a: 'd>(
    mut group: Group<'d>,
    diagnostic: &'d Diagnostic,
    places: &mut SpanPositions<'_, 'a>,
) -> Group<'d> {
    let mut files = vec![&diagnostic.span.file];
    for label in &diagnostic.labels {
        if !files.contains(&&label.span.file) {
            files.push(&label.span.file);
        }
    }
    for file in files {
        let marks = marks(diagnostic, file);
        // Reports are often public, so the text of a secret must not be quoted in them.
        let shown = !diagnostic.rule.conceals && diagnostic.published.is_empty();
        group = match places.lines(file).filter(|_| shown).and_then(|lines| snippet(lines, file, &marks)) {
            Some(snippet) => group.element(snippet),
            None => group.element(origin(diagnostic, marks[0].span, places)),
        };
    }
    group
}

/// A marked span.
struct MarkedSpan<'a> {
    span: &'a Span,
    kind: AnnotationKind,
    text: Option<&'a str>,
}

/// The marks in one file. There is at least one in each file that the diagnostic names.
fn marks<'a>(diagnostic: &'a Diagnostic, file: &FilePath) -> Vec<MarkedSpan<'a>> {
    let first = MarkedSpan { span: &diagnostic.span, kind: AnnotationKind::Primary, text: None };
    let further = diagnostic.labels.iter().map(|label| MarkedSpan {
        span: &label.span,
        kind: AnnotationKind::Context,
        text: Some(&label.text),
    });
    std::iter::once(first).chain(further).filter(|mark| mark.span.file == *file).collect()
}

/// The lines from the first mark to the last; `None` if they are empty or too long.
fn snippet<'d, 'a: 'd>(
    lines: &LineIndex<'a>,
    file: &'d FilePath,
    marks: &[MarkedSpan<'d>],
) -> Option<Snippet<'d, annotate_snippets::Annotation<'d>>> {
    let ranges: Vec<Range<usize>> = marks.iter().map(|mark| marked(lines, mark.span)).collect();
    let first = ranges.iter().map(|range| lines.line(range.start)).min()?;
    let last = ranges.iter().map(|range| lines.line(range.end)).max()?;
    let window = lines.range(first, last);
    if window.is_empty() || window.len() > LONGEST_EXCERPT {
        return None;
    }
    let annotations = marks.iter().zip(ranges).map(|(mark, range)| {
        let within = range.start - window.start..range.end.min(window.end) - window.start;
        mark.kind.span(within).label(mark.text.map(escape))
    });
    let snippet = Snippet::source(mask(&lines.text[window.clone()])).line_start(first + 1);
    Some(snippet.path(escape(file.as_str())).annotations(annotations))
}

/// The bytes to mark. A span of many lines is marked at its first one.
fn marked(lines: &LineIndex<'_>, span: &Span) -> Range<usize> {
    let range = span.range(lines.text);
    let (first, last) = (lines.line(range.start), lines.line(range.end));
    if last - first < MOST_LINES {
        return range;
    }
    range.start..lines.range(first, first).end.max(range.start)
}

fn origin<'d>(diagnostic: &'d Diagnostic, span: &'d Span, places: &mut SpanPositions<'_, '_>) -> Origin<'d> {
    let (file, at) = if span == &diagnostic.span {
        places.start(diagnostic)
    } else {
        (span.file.as_str(), places.positions(span).0)
    };
    Origin::path(escape(file)).line(at.line as usize).char_column(at.column as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{HTML_DROPPED, LINK_ANCHOR};
    use crate::source::Source;

    const LOOK: ReportStyle = ReportStyle { colour: ColourChoice::Never, width: 100, most: 2 };

    fn shown(diagnostics: &[Diagnostic], sources: &[Source]) -> String {
        let lookup = |path: &FilePath| sources.iter().find(|source| source.path == *path);
        render(diagnostics, &lookup, LOOK, Summary::new(diagnostics, 14))
    }

    fn file(name: &str) -> FilePath {
        FilePath::new(name).unwrap()
    }

    #[test]
    fn the_line_is_shown_with_a_mark_and_the_way_out() {
        let path = file("content/a.md");
        let source = Source::new(path.clone(), "# A\nSee [b](b.md#instal).\nEnd\n");
        let problem = Diagnostic::new(&LINK_ANCHOR, Span::new(&path, 12..23), "no anchor `instal`")
            .help("did you mean `install`?");
        let want = "\
error[link.anchor]: no anchor `instal`
 --> content/a.md:2:9
  |
2 | See [b](b.md#instal).
  |         ^^^^^^^^^^^
  |
  = help: did you mean `install`?

1 error in 14 pages
";
        assert_eq!(shown(&[problem], &[source]), want);
    }

    #[test]
    fn a_label_in_another_file_is_shown_too() {
        let (a, b) = (file("content/a.md"), file("content/b.md"));
        let sources = [Source::new(a.clone(), "one\n"), Source::new(b.clone(), "x\ntwo\n")];
        let problem = Diagnostic::new(&LINK_ANCHOR, Span::new(&a, 0..3), "m")
            .label(Span::new(&b, 2..5), "defined here");
        let text = shown(&[problem], &sources);
        assert!(text.contains("::: content/b.md:2:1") && text.contains("--- defined here"), "{text}");
    }

    #[test]
    fn content_cannot_reach_the_terminal() {
        let path = file("content/\u{1b}]8;;x.md");
        let source = Source::new(path.clone(), "a \u{1b}[31m\u{9b}1m \r b\n");
        let problem = Diagnostic::new(&LINK_ANCHOR, Span::new(&path, 0..3), "bad \u{1b}[2J")
            .help("h\u{7}")
            .label(Span::new(&path, 3..4), "l\u{1b}");
        let text = shown(&[problem], &[source]);
        let active = |c: &char| c.is_control() && *c != '\n';
        assert_eq!(text.chars().find(active), None, "{text:?}");
    }

    #[test]
    fn a_problem_without_text_or_of_a_huge_line_shows_where_it_is() {
        let (gone, long) = (file("gone.md"), file("long.md"));
        let source = Source::new(long.clone(), "x".repeat(1 << 20));
        let problems = [
            Diagnostic::new(&LINK_ANCHOR, Span::start_of(&gone), "m"),
            Diagnostic::new(&LINK_ANCHOR, Span::new(&long, 70..80), "n"),
        ];
        let text = shown(&problems, &[source]);
        assert!(text.contains("--> gone.md:1:1\n") && text.contains("--> long.md:1:71\n"), "{text}");
        assert!(text.len() < 300);
    }

    #[test]
    fn when_there_are_too_many_errors_are_shown_first() {
        let path = file("a.md");
        let warn = |at| Diagnostic::new(&HTML_DROPPED, Span::new(&path, at..at + 1), "w");
        let error = Diagnostic::new(&LINK_ANCHOR, Span::new(&path, 3..4), "e");
        let problems = [warn(0), warn(1), warn(2), error];
        let text = shown(&problems, &[Source::new(path.clone(), "abcdef\n")]);
        assert!(text.starts_with("error[link.anchor]: e\n"), "{text}");
        assert!(text.contains("… and 2 more"), "{text}");
        assert!(text.contains("\nin all: 3 html.dropped, 1 link.anchor\n"), "{text}");
        assert!(text.ends_with("1 error, 3 warnings in 14 pages\n"), "{text}");
    }

    #[test]
    fn any_span_can_be_shown() {
        let path = file("a.md");
        let text = "é\n\n私私\n\nlast";
        let source = Source::new(path.clone(), text);
        for start in 0..=text.len() + 2 {
            for end in start..=text.len() + 2 {
                let problem = Diagnostic::new(&LINK_ANCHOR, Span::new(&path, start..end), "m");
                assert!(shown(&[problem], std::slice::from_ref(&source)).contains("a.md:"));
            }
        }
    }
}
