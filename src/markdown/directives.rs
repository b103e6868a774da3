//! Finds directives (`:::note`), includes (`::include`) and MDX imports, line by line, before the parser runs.
//!
//! Owns the syntax of these lines. In the text that the parser sees, each is replaced by a horizontal rule of the same
//! length. A rule ends a paragraph or list exactly where the directive's line does, and all offsets stay the same. The
//! writer then finds the [`DirectiveLine`] at the rule. Must not write HTML.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::events::{Events, code_ranges, holds, ranges};
use crate::dialect::Dialect;

/// The whitespace that is allowed between the parts of such a line and at its end.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// A line with a meaning other than text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DirectiveLine {
    /// `:::name title`.
    Open { colons: usize, name: String, title: Range<usize> },
    /// `:::`.
    Close { colons: usize },
    /// `::include reference`.
    Include { reference: Range<usize> },
    /// An MDX line that consists of one component tag. Markdown goes on in the next line.
    Component { tag: Range<usize> },
    /// An MDX comment beside text. The parser sees a tag.
    Comment,
}

/// A line that may be a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DirectiveCandidate {
    /// From the first colon, or the first character of a tag, to the end of the line without trailing whitespace.
    pub range: Range<usize>,
    /// `None` for an MDX import, which is removed.
    pub directive: Option<DirectiveLine>,
}

impl DirectiveCandidate {
    /// The ASCII character that masks the line. A horizontal rule ends a paragraph or list exactly where a directive
    /// does.
    pub fn fill(&self) -> u8 {
        if self.directive.is_some() { b'_' } else { b' ' }
    }
}

/// Candidates, grouped by what the parser made of them.
pub(super) struct ClassifiedLines {
    /// Directives, and imports that are removed.
    pub directives: Vec<DirectiveCandidate>,
    /// Lines of raw HTML, which are text.
    pub swallowed: Vec<DirectiveCandidate>,
    /// Whether all candidates are directives or code. The others are text, which must not be masked.
    pub is_settled: bool,
}

/// Decides which candidates are directives, from the events of the text in which all of them are masked.
pub(super) fn classify(candidates: Vec<DirectiveCandidate>, events: &Events<'_>) -> ClassifiedLines {
    let mut lines = ClassifiedLines { directives: Vec::new(), swallowed: Vec::new(), is_settled: true };
    if candidates.is_empty() {
        return lines;
    }
    let code = code_ranges(events);
    // A directive that the parser does not see as a rule (in a deep indent, for example) is text.
    let rules = ranges(events, |event| matches!(event, Event::Rule));
    let mut text = Vec::new();
    for candidate in candidates {
        let start = candidate.range.start;
        if holds(&code, start) {
            continue;
        }
        if candidate.directive.is_none() || holds(&rules, start) {
            lines.directives.push(candidate);
        } else {
            text.push(candidate);
        }
    }
    if !text.is_empty() {
        let html = ranges(events, |event| matches!(event, Event::Start(Tag::HtmlBlock)));
        lines.is_settled = false;
        lines.swallowed = text.into_iter().filter(|line| holds(&html, line.range.start)).collect();
    }
    lines
}

/// The references of all lines that look like an include, including those that turn out to be text.
pub(super) fn include_references(text: &str) -> impl Iterator<Item = &str> {
    let lines = candidates(text, Dialect::Handbook).into_iter();
    lines.filter_map(|line| match line.directive {
        Some(DirectiveLine::Include { reference }) => Some(&text[reference]),
        _ => None,
    })
}

/// Finds all lines that may be directives, in order.
pub(super) fn candidates(text: &str, dialect: Dialect) -> Vec<DirectiveCandidate> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // Only whitespace that Markdown knows is removed. Any other character is text and must not turn the line into
        // another directive.
        let content = line.trim_end_matches(BLANKS);
        let end = start + content.len();
        match (read(content, start), dialect) {
            (Some((at, directive)), _) => {
                found.push(DirectiveCandidate { range: at..end, directive: Some(directive) });
            }
            (None, Dialect::Handbook) => {}
            (None, Dialect::Mdx) => {
                if let Some(tag) = component(content, start) {
                    let range = tag.start..end;
                    found.push(DirectiveCandidate {
                        range,
                        directive: Some(DirectiveLine::Component { tag }),
                    });
                } else if is_import(line) {
                    found.push(DirectiveCandidate { range: start..end, directive: None });
                }
            }
        }
        start += line.len();
    }
    found
}

fn is_import(line: &str) -> bool {
    let quoted = |line: &str| line.trim_end().trim_end_matches(';').ends_with(['"', '\'']);
    line.starts_with("import ") && quoted(line)
}

/// The range of a component tag in a line that contains nothing else.
fn component(line: &str, start: usize) -> Option<Range<usize>> {
    let tag = line.trim_start_matches([' ', '\t', '>']);
    let name = tag.strip_prefix('<')?;
    let named = name.strip_prefix('/').unwrap_or(name).starts_with(|c: char| c.is_ascii_uppercase());
    let alone = super::html_pieces::tag_end(tag) == Some(tag.len());
    (named && alone).then_some(start + line.len() - tag.len()..start + line.len())
}

/// Reads one line that starts at byte `start`. Returns the offset of the first colon and the directive.
fn read(line: &str, start: usize) -> Option<(usize, DirectiveLine)> {
    let content = line.trim_start_matches([' ', '\t', '>']);
    let indent = line.len() - content.len();
    let colons = content.len() - content.trim_start_matches(':').len();
    let rest = &content[colons..];
    let at = start + indent;
    let mark = match colons {
        0 | 1 => return None,
        2 => {
            let reference = rest.strip_prefix("include ")?.trim_matches(BLANKS);
            let from = at + content.len() - reference.len();
            DirectiveLine::Include { reference: from..from + reference.len() }
        }
        _ if rest.trim_matches(BLANKS).is_empty() => DirectiveLine::Close { colons },
        _ => open(rest, colons, at + colons)?,
    };
    Some((at, mark))
}

/// Reads `name Title`, `name[Title]` or `name {attributes} Title`. Spaces after the colons are allowed.
fn open(rest: &str, colons: usize, at: usize) -> Option<DirectiveLine> {
    let trimmed = rest.trim_start_matches(BLANKS);
    let name_len =
        trimmed.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(trimmed.len());
    let name = &trimmed[..name_len];
    let after = &trimmed[name_len..];
    if name.is_empty()
        || !name.starts_with(|c: char| c.is_ascii_alphabetic())
        || !after.starts_with([' ', '\t', '[', '{']) && !after.is_empty()
    {
        return None;
    }
    let title = title(after);
    let from = at + rest.len() - after.len();
    Some(DirectiveLine::Open {
        colons,
        name: name.to_ascii_lowercase(),
        title: from + title.start..from + title.end,
    })
}

/// The range of the title in the text after the name.
fn title(after: &str) -> Range<usize> {
    let after_attributes =
        match after.trim_start_matches(BLANKS).strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((_, rest)) => rest,
            None => after,
        };
    let trimmed = after_attributes.trim_matches(BLANKS);
    let start = after.len() - after_attributes.trim_start_matches(BLANKS).len();
    if trimmed.is_empty() {
        return after.len()..after.len();
    }
    match trimmed.strip_prefix('[').and_then(|rest| rest.rfind(']')) {
        Some(end) => start + 1..start + 1 + end,
        None => start..start + trimmed.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::notes::Flavor;
    use super::super::syntax::{Extensions, ParsedText, Syntax};
    use super::*;

    fn parse<R>(text: &str, read: impl FnOnce(ParsedText<'_>) -> R) -> R {
        let extensions = Extensions { math: false, smart_punctuation: false };
        let syntax = Syntax { dialect: Dialect::Handbook, flavor: Flavor::Plain, extensions };
        syntax.parse(text, read).expect("the text is short")
    }

    fn marks(text: &str) -> Vec<(String, String)> {
        let say = |directive: &DirectiveLine| match directive {
            DirectiveLine::Open { name, title, .. } => (name.clone(), text[title.clone()].to_owned()),
            DirectiveLine::Close { colons } => ("close".to_owned(), colons.to_string()),
            DirectiveLine::Include { reference } => {
                ("include".to_owned(), text[reference.clone()].to_owned())
            }
            DirectiveLine::Component { tag } => ("component".to_owned(), text[tag.clone()].to_owned()),
            DirectiveLine::Comment => ("comment".to_owned(), String::new()),
        };
        parse(text, |parsed| {
            assert_eq!(parsed.masked.len(), text.len());
            parsed.extras.directives.values().map(say).collect()
        })
    }

    #[test]
    fn every_spelling_is_read() {
        let pair = |name: &str, title: &str| vec![(name.to_owned(), title.to_owned())];
        assert_eq!(marks(":::note"), pair("note", ""));
        assert_eq!(marks("::: warning Mind the gap\n"), pair("warning", "Mind the gap"));
        assert_eq!(marks(":::tip[A *title*]"), pair("tip", "A *title*"));
        assert_eq!(marks("  :::note{.x} Title"), pair("note", "Title"));
        assert_eq!(marks("::::danger"), pair("danger", ""));
        assert_eq!(marks(":::"), pair("close", "3"));
        assert_eq!(marks("> :::"), pair("close", "3"));
        assert_eq!(marks("::include a/b.md#c "), pair("include", "a/b.md#c"));
    }

    #[test]
    fn other_blanks_than_those_of_markdown_make_no_directive() {
        for blank in ['\u{b}', '\u{c}', '\u{85}', '\u{a0}', '\u{2003}', '\u{2028}', '\u{3000}'] {
            assert_eq!(marks(&format!(":::{blank}note\n")), vec![], "{blank:?}");
            assert_eq!(marks(&format!(":::note{blank}\n")), vec![], "{blank:?}");
            assert_eq!(marks(&format!(":::{blank}\n")), vec![], "{blank:?}");
        }
    }

    #[test]
    fn code_and_prose_are_left_alone() {
        assert_eq!(marks("```\n:::note\n```\n"), vec![]);
        assert_eq!(marks("a ::: b\nstd::include x\n"), vec![]);
        assert_eq!(marks("    :::note\n"), vec![]);
    }

    #[test]
    fn a_line_right_below_raw_html_is_part_of_it() {
        let text = ":::note\n\n<table>\n</table>\n:::\n";
        let extras = parse(text, |parsed| parsed.extras);
        assert_eq!(extras.directives.keys().collect::<Vec<_>>(), [&0]);
        assert_eq!(
            extras.swallowed.into_iter().collect::<Vec<_>>(),
            [(26, DirectiveLine::Close { colons: 3 })]
        );
    }
}
