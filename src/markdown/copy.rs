//! The Markdown beside a page: what the author wrote, as readers may have it.
//!
//! Owns [`struct@Copy`]: the text without comments, with included texts in their places and a hole at the destination of
//! each link inside the handbook. Where links lead is not known here; `emit` fills the holes.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use super::writer::Writer;

/// Markdown with holes.
#[derive(Debug, Default)]
pub struct Copy {
    pub text: String,
    /// Destinations in the text, in order, each with an index into [`Document::links`](super::Document::links).
    pub holes: Vec<(Range<usize>, u32)>,
}

/// A text whose copy is being made.
pub(super) struct Draft<'a> {
    text: &'a str,
    /// What of it is copied.
    part: Range<usize>,
    patches: Vec<(Range<usize>, Patch)>,
    definitions: OnceCell<HashMap<&'a str, Range<usize>>>,
}

/// What the copy holds in place of a range.
pub(super) enum Patch {
    Nothing,
    /// The destination of a link.
    Link(u32),
    Text(Copy),
}

impl<'a> Draft<'a> {
    pub fn new(text: &'a str, part: Option<Range<usize>>) -> Draft<'a> {
        let start = text.len() - text.trim_start_matches('\n').len();
        let part = part.unwrap_or(start..text.len());
        Draft { text, part, patches: Vec::new(), definitions: OnceCell::new() }
    }

    pub fn patch(&mut self, range: Range<usize>, patch: Patch) {
        self.patches.push((range, patch));
    }

    /// Where a destination stands in a link, or in the definition that the link refers to.
    fn destination(&self, link: Range<usize>, destination: &str) -> Option<Range<usize>> {
        let written = self.text.get(link.clone())?;
        let at = match written.starts_with('<') {
            true => ["=\"", "='"]
                .iter()
                .find_map(|quote| written.find(&format!("{quote}{destination}")).map(|at| at + 1)),
            false => written.rfind("](").map(|at| at + 1),
        };
        let Some(at) = at else {
            return self.definitions.get_or_init(|| definitions(self.text)).get(destination).cloned();
        };
        let after = written[at + 1..].trim_start().trim_start_matches('<');
        let start = link.start + written.len() - after.len();
        after.starts_with(destination).then_some(start..start + destination.len())
    }

    pub fn finish(mut self) -> Copy {
        self.patches.sort_by_key(|(range, _)| range.start);
        let (mut copy, mut at) = (Copy::default(), self.part.start);
        for (range, patch) in self.patches {
            if range.start < at || range.end > self.part.end {
                continue;
            }
            copy.text.push_str(&self.text[at..range.start]);
            at = range.end;
            match patch {
                Patch::Nothing => {}
                Patch::Link(link) => copy.push_hole(&self.text[range], link),
                Patch::Text(inner) => copy.push_copy(inner, &indent(&self.text[..range.start])),
            }
        }
        copy.text.push_str(&self.text[at..self.part.end]);
        copy
    }
}

impl Copy {
    /// A text as a block of code.
    pub(super) fn code(language: &str, text: &str) -> Copy {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let text = format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'));
        Copy { text, holes: Vec::new() }
    }

    fn push_hole(&mut self, written: &str, link: u32) {
        let start = self.text.len();
        self.text.push_str(written);
        self.holes.push((start..self.text.len(), link));
    }

    /// Puts another text in place of a line; `indent` stands before each of its further lines.
    fn push_copy(&mut self, inner: Copy, indent: &str) {
        let mut at = inner.text.len() - inner.text.trim_start_matches('\n').len();
        let lines = |text: &str| text.replace('\n', &format!("\n{indent}"));
        for (range, link) in inner.holes {
            self.text.push_str(&lines(&inner.text[at..range.start]));
            at = range.end;
            self.push_hole(&inner.text[range], link);
        }
        self.text.push_str(&lines(inner.text[at..].trim_end()));
    }
}

/// What stands before the last line's end in a text: marks of quotes as they are, those of items as blanks.
fn indent(before: &str) -> String {
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.chars().map(|c| if c == '>' || c.is_whitespace() { c } else { ' ' }).collect()
}

/// The destinations of `[label]: destination` lines.
fn definitions(text: &str) -> HashMap<&str, Range<usize>> {
    let mut found = HashMap::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let definition = line.trim_start().strip_prefix('[').filter(|rest| !rest.starts_with('^'));
        if let Some((_, rest)) = definition.and_then(|rest| rest.split_once("]:")) {
            let rest = rest.trim_start().trim_start_matches('<');
            let destination = rest.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or(rest);
            let at = start + line.len() - rest.len();
            found.entry(destination).or_insert(at..at + destination.len());
        }
        start += line.len();
    }
    found
}

impl Writer<'_> {
    /// Changes the copy of the text that is being walked.
    pub(super) fn patch(&mut self, range: Range<usize>, patch: Patch) {
        if let Some(draft) = self.drafts.last_mut() {
            draft.patch(range, patch);
        }
    }

    /// Leaves a hole where a link's destination stands as it was read.
    pub(super) fn patch_link(&mut self, link: u32) {
        let Some(draft) = self.drafts.last_mut() else { return };
        let Some(known) = self.links.get(link as usize) else { return };
        let place = |offset: u32| (offset as usize).checked_sub(self.origin.base);
        let (Some(start), Some(end)) = (place(known.span.start), place(known.span.end)) else { return };
        if let Some(range) = draft.destination(start..end, &known.destination) {
            draft.patch(range, Patch::Link(link));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(text: &str, links: &[(&str, &str)]) -> String {
        let mut draft = Draft::new(text, None);
        for (number, (link, destination)) in (0..).zip(links) {
            let start = text.find(link).unwrap();
            let range = draft.destination(start..start + link.len(), destination).unwrap();
            draft.patch(range, Patch::Link(number));
        }
        let copy = draft.finish();
        let mut text = copy.text;
        for (range, link) in copy.holes.into_iter().rev() {
            text.replace_range(range, &format!("{link}"));
        }
        text
    }

    #[test]
    fn destinations_are_found_in_every_spelling_of_a_link() {
        assert_eq!(copy("[a](b.md \"T\")", &[("[a](b.md \"T\")", "b.md")]), "[a](0 \"T\")");
        assert_eq!(copy("[a]( <b c.md>)", &[("[a]( <b c.md>)", "b c.md")]), "[a]( <0>)");
        let nested = "[![x](a.png)](b.md)";
        assert_eq!(copy(nested, &[(nested, "b.md"), ("![x](a.png)", "a.png")]), "[![x](1)](0)");
        assert_eq!(copy("<a href='b.md'>", &[("<a href='b.md'>", "b.md")]), "<a href='0'>");
        assert_eq!(
            copy("[a][r] [r]\n\n[r]: b.md\n", &[("[a][r]", "b.md"), ("[r]", "b.md")]),
            "[a][r] [r]\n\n[r]: 0\n"
        );
    }

    #[test]
    fn an_included_text_is_indented_like_the_line_that_it_replaces() {
        let text = "- a\n  - ::include x\n> ::include x\n";
        let mut draft = Draft::new(text, None);
        for (at, _) in text.match_indices("::include x") {
            let inner = Copy { text: "\nb\n[c](d)\n".to_owned(), holes: vec![(7..8, 7)] };
            draft.patch(at..at + "::include x".len(), Patch::Text(inner));
        }
        let copy = draft.finish();
        assert_eq!(copy.text, "- a\n  - b\n    [c](d)\n> b\n> [c](d)\n");
        assert!(copy.holes.iter().all(|(range, _)| &copy.text[range.clone()] == "d"), "{copy:?}");
    }

    #[test]
    fn code_gets_a_fence_that_it_does_not_hold() {
        assert_eq!(Copy::code("sh", "a\n").text, "```sh\na\n```");
        assert_eq!(Copy::code("md", "````\n").text, "`````md\n````\n`````");
    }
}
