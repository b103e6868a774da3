//! Directives (`:::note`), includes (`::include`) and MDX imports: found by line, before the parser.
//!
//! Owns the spelling of these lines. Each becomes a horizontal line of the same length in the text that the
//! parser sees: it ends a paragraph or list exactly where the directive's line does, and every offset
//! stays true. The writer then finds the [`Mark`] in place of the rule. Knows no HTML.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::comments;
use crate::path::FilePath;

/// What may stand between the parts of such a line, and at its end.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// A line that means more than text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// `:::name title`.
    Open { colons: usize, name: String, title: Range<usize> },
    /// `:::`.
    Close { colons: usize },
    /// `::include reference`.
    Include { reference: Range<usize> },
    /// A line of MDX that is one tag of a component: Markdown goes on in the next line.
    Component { tag: Range<usize> },
    /// A comment of MDX beside text; the parser sees a tag.
    Comment,
}

/// The sort of Markdown a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Plain,
    /// Lines that import components vanish, and comments.
    Mdx,
}

impl Dialect {
    pub fn of(file: &FilePath) -> Dialect {
        if file.extension() == "mdx" { Dialect::Mdx } else { Dialect::Plain }
    }
}

/// A text with its marks masked.
#[derive(Debug)]
pub(super) struct Masked<'a> {
    pub text: Cow<'a, str>,
    /// By the offset of the first colon, or of the comment.
    pub marks: BTreeMap<usize, Mark>,
    /// Lines that would be marks if they were no part of raw HTML; they are text.
    pub swallowed: BTreeMap<usize, Mark>,
    /// Sizes of images, by where each stood.
    pub sizes: BTreeMap<usize, super::notes::Size>,
    /// Comments that the parser does not know.
    pub hidden: Vec<Range<usize>>,
}

/// Masks the marks of a text.
pub(super) fn mask(text: &str, dialect: Dialect) -> Masked<'_> {
    let comments = if dialect == Dialect::Mdx { comments::find(text) } else { Vec::new() };
    let covered = comments::cover(text, &comments);
    let Lines { text, mut marks, swallowed } = lines(covered, dialect);
    let inline = comments.iter().filter(|(_, place)| *place == comments::Place::Inline);
    marks.extend(inline.map(|(comment, _)| (comment.start, Mark::Comment)));
    Masked {
        text,
        marks,
        swallowed,
        sizes: BTreeMap::new(),
        hidden: comments.into_iter().map(|(comment, _)| comment).collect(),
    }
}

/// A text whose lines that are marks are masked.
struct Lines<'t> {
    text: Cow<'t, str>,
    marks: BTreeMap<usize, Mark>,
    swallowed: BTreeMap<usize, Mark>,
}

/// Masks the lines that are marks.
fn lines(text: Cow<'_, str>, dialect: Dialect) -> Lines<'_> {
    let found = candidates(&text, dialect);
    if found.is_empty() {
        return Lines { text, marks: BTreeMap::new(), swallowed: BTreeMap::new() };
    }
    // Components must not hide the fences below them; what a fence holds does not matter to its end.
    let code = code_ranges(&cover(&text, &found));
    let outside = |line: &Range<usize>| !holds(&code, line.start);
    let found: Vec<_> = found.into_iter().filter(|(line, _)| outside(line)).collect();
    let covered = cover(&text, &found);
    let rules = rules(&covered);
    let is_rule = |line: &Range<usize>| holds(&rules, line.start);
    let (stands, buried): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(line, mark)| mark.is_none() || is_rule(line));
    let by_place = |lines: Vec<(Range<usize>, Option<Mark>)>| {
        lines.into_iter().filter_map(|(line, mark)| Some((line.start, mark?))).collect()
    };
    if buried.is_empty() {
        return Lines { text: Cow::Owned(covered), marks: by_place(stands), swallowed: BTreeMap::new() };
    }
    let html = ranges(&covered, |event| matches!(event, Event::Start(Tag::HtmlBlock)));
    let swallowed = buried.into_iter().filter(|(line, _)| holds(&html, line.start)).collect();
    let text = Cow::Owned(cover(&text, &stands));
    Lines { text, marks: by_place(stands), swallowed: by_place(swallowed) }
}

/// Whether one of several ranges, in order of the text, holds an offset.
pub(super) fn holds(ranges: &[Range<usize>], at: usize) -> bool {
    ranges.partition_point(|range| range.start <= at).checked_sub(1).is_some_and(|last| at < ranges[last].end)
}

/// The text with each line made a horizontal line of the same length, or blank.
fn cover(text: &str, lines: &[(Range<usize>, Option<Mark>)]) -> String {
    let fill = |mark: &Option<Mark>| if mark.is_some() { b'_' } else { b' ' };
    cover_with(text, &lines.iter().map(|(line, mark)| (line.clone(), fill(mark))).collect::<Vec<_>>())
}

/// The text with each range filled with a character of ASCII.
pub(super) fn cover_with(text: &str, ranges: &[(Range<usize>, u8)]) -> String {
    let mut covered = text.as_bytes().to_vec();
    ranges.iter().for_each(|(range, fill)| covered[range.clone()].fill(*fill));
    String::from_utf8(covered).expect("whole characters became ASCII")
}

/// Where horizontal lines stand: a mark that the parser sees otherwise (in a deep indent, say) is text.
fn rules(text: &str) -> Vec<Range<usize>> {
    ranges(text, |event| matches!(event, Event::Rule))
}

/// Where code blocks stand: nothing in them is a mark.
pub(super) fn code_ranges(text: &str) -> Vec<Range<usize>> {
    ranges(text, |event| matches!(event, Event::Start(Tag::CodeBlock(_))))
}

fn ranges(text: &str, wanted: impl Fn(&Event<'_>) -> bool) -> Vec<Range<usize>> {
    let parser = Parser::new_ext(text, super::syntax::EXTENSIONS).into_offset_iter();
    parser.filter_map(|(event, range)| wanted(&event).then_some(range)).collect()
}

/// Lines that may be marks, from their first colon on; `None` stands for an import, which vanishes.
fn candidates(text: &str, dialect: Dialect) -> Vec<(Range<usize>, Option<Mark>)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // As for the parser: another blank than these is text, and may not make a name something else.
        let content = line.trim_end_matches(BLANKS);
        let end = start + content.len();
        if let Some((at, mark)) = read(content, start) {
            found.push((at..end, Some(mark)));
        } else if let Some(tag) = component(content, start).filter(|_| dialect == Dialect::Mdx) {
            found.push((tag.start..end, Some(Mark::Component { tag })));
        } else if dialect == Dialect::Mdx && is_import(line) {
            found.push((start..end, None));
        }
        start += line.len();
    }
    found
}
fn is_import(line: &str) -> bool {
    let quoted = |line: &str| line.trim_end().trim_end_matches(';').ends_with(['"', '\'']);
    line.starts_with("import ") && quoted(line)
}

/// Where the one tag of a component stands in a line that holds nothing else.
fn component(line: &str, start: usize) -> Option<Range<usize>> {
    let tag = line.trim_start_matches([' ', '\t', '>']);
    let name = tag.strip_prefix('<')?;
    let named = name.strip_prefix('/').unwrap_or(name).starts_with(|c: char| c.is_ascii_uppercase());
    let alone = super::pieces::tag_end(tag) == Some(tag.len());
    (named && alone).then_some(start + line.len() - tag.len()..start + line.len())
}

/// Reads one line that starts at byte `start`; the offset is that of the first colon.
fn read(line: &str, start: usize) -> Option<(usize, Mark)> {
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
            Mark::Include { reference: from..from + reference.len() }
        }
        _ if rest.trim_matches(BLANKS).is_empty() => Mark::Close { colons },
        _ => open(rest, colons, at + colons)?,
    };
    Some((at, mark))
}

/// `name Title`, `name[Title]`, `name {attributes} Title`; all may stand apart from the colons.
fn open(rest: &str, colons: usize, at: usize) -> Option<Mark> {
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
    Some(Mark::Open { colons, name: name.to_ascii_lowercase(), title: from + title.start..from + title.end })
}

/// Where the title stands in what follows the name.
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
    use super::*;

    fn marks(text: &str) -> Vec<(String, String)> {
        let masked = mask(text, Dialect::Plain);
        assert_eq!(masked.text.len(), text.len());
        let say = |mark: &Mark| match mark {
            Mark::Open { name, title, .. } => (name.clone(), text[title.clone()].to_owned()),
            Mark::Close { colons } => ("close".to_owned(), colons.to_string()),
            Mark::Include { reference } => ("include".to_owned(), text[reference.clone()].to_owned()),
            Mark::Component { tag } => ("component".to_owned(), text[tag.clone()].to_owned()),
            Mark::Comment => ("comment".to_owned(), String::new()),
        };
        masked.marks.values().map(say).collect()
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
        let masked = mask(":::note\n\n<table>\n</table>\n:::\n", Dialect::Plain);
        assert_eq!(masked.marks.keys().collect::<Vec<_>>(), [&0]);
        assert_eq!(masked.swallowed.into_iter().collect::<Vec<_>>(), [(26, Mark::Close { colons: 3 })]);
    }
}
