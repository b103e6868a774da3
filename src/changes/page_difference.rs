//! What a change does to one page.
//!
//! Owns the comparison of fields, of lines, of the words of lines that changed, and of the targets of links. What did not
//! change is not part of the result.

use std::collections::BTreeSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::site_state::{PageState, TextLine, TextLink, TextTarget};
use crate::renames::Renames;

/// What readers see changed on a page.
#[derive(Debug, Default)]
pub struct PageDifference {
    /// Sorted by name; the title first.
    pub(super) fields: Vec<FieldChange>,
    /// The first changed lines, in order. At most [`MOST_LINES`].
    pub(super) lines: Vec<ChangedLine>,
    /// The number of all changed lines.
    pub(super) line_count: usize,
}

/// A field with another value.
#[derive(Debug)]
pub(super) struct FieldChange {
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A piece of a changed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Same(String),
    Deleted(String),
    Inserted(String),
}

/// A line of the text with a change.
pub(super) type ChangedLine = Vec<Piece>;

/// The most changed lines of a page that a report shows. Further ones are counted only.
pub(super) const MOST_LINES: usize = 40;

/// The most words of a changed line, before and after, that are compared one by one. The time grows with the square.
const MOST_WORDS: usize = 400;

/// The most changed lines for which the nearest match is looked for. The time grows with the square.
const MOST_COMPARED_LINES: usize = 4_000;

/// The words around a change that are shown.
const CONTEXT: usize = 8;

impl PageDifference {
    /// Compares two states of a page. `renames` leads from the first to the second: a link that follows a renamed file is
    /// no change.
    pub(super) fn between(before: &PageState, after: &PageState, renames: &Renames) -> PageDifference {
        let mut difference = PageDifference { fields: changed_fields(before, after), ..Default::default() };
        difference.compare_lines(&before.lines, &after.lines, renames);
        difference
    }

    /// Whether readers see the same page.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.line_count == 0
    }

    fn compare_lines(&mut self, old: &[TextLine], new: &[TextLine], renames: &Renames) {
        // What both begin and end with needs no search.
        let start = old.iter().zip(new).take_while(|(old, new)| old.text == new.text).count();
        let (old_rest, new_rest) = (&old[start..], &new[start..]);
        let end = old_rest.iter().rev().zip(new_rest.iter().rev());
        let end = end.take_while(|(old, new)| old.text == new.text).count();
        let (old_middle, new_middle) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
        for (old, new) in old[..start].iter().zip(new) {
            self.push_links(old, new, renames);
        }
        self.compare_middle(old_middle, new_middle, renames);
        for (old, new) in old_rest[old_middle.len()..].iter().zip(&new_rest[new_middle.len()..]) {
            self.push_links(old, new, renames);
        }
    }

    fn compare_middle(&mut self, old: &[TextLine], new: &[TextLine], renames: &Renames) {
        if old.len() + new.len() > MOST_COMPARED_LINES {
            return self.replace(old, new, renames);
        }
        let texts = |lines: &[TextLine]| lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>();
        for op in capture_diff_slices(Algorithm::Patience, &texts(old), &texts(new)) {
            let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
            if matches!(op, DiffOp::Equal { .. }) {
                for (old, new) in old.iter().zip(new) {
                    self.push_links(old, new, renames);
                }
            } else {
                self.replace(old, new, renames);
            }
        }
    }

    /// Lines in place of others: the first with the first, and so on.
    fn replace(&mut self, old: &[TextLine], new: &[TextLine], renames: &Renames) {
        let pairs = old.len().min(new.len());
        for (old, new) in old.iter().zip(new) {
            if old.text != new.text {
                self.push(|| changed_words(&old.text, &new.text));
            }
            self.push_links(old, new, renames);
        }
        for line in &old[pairs..] {
            self.push(|| vec![Piece::Deleted(line.text.clone())]);
        }
        for line in &new[pairs..] {
            self.push(|| vec![Piece::Inserted(line.text.clone())]);
        }
    }

    fn push_links(&mut self, old: &TextLine, new: &TextLine, renames: &Renames) {
        if let Some(line) = changed_links(old, new, renames) {
            self.push(|| line);
        }
    }

    fn push(&mut self, line: impl FnOnce() -> ChangedLine) {
        self.line_count += 1;
        if self.lines.len() < MOST_LINES {
            self.lines.push(line());
        }
    }
}

/// The fields with another value. A title is the same whether a field or a heading says it.
fn changed_fields(before: &PageState, after: &PageState) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    if before.title != after.title {
        let (before, after) = (Some(before.title.clone()), Some(after.title.clone()));
        changes.push(FieldChange { name: "title".to_owned(), before, after });
    }
    let names: BTreeSet<&String> = before.fields.keys().chain(after.fields.keys()).collect();
    for name in names {
        let (before, after) = (before.fields.get(name), after.fields.get(name));
        if before != after {
            let (before, after) = (before.cloned(), after.cloned());
            changes.push(FieldChange { name: name.clone(), before, after });
        }
    }
    changes
}

/// The links of a line that lead elsewhere than before: the label, then the old and the new target.
fn changed_links(old: &TextLine, new: &TextLine, renames: &Renames) -> Option<ChangedLine> {
    // Where words changed, the label may be one of them, and the words are shown.
    let may_be_renamed = old.text != new.text;
    let is_same = |old: &TextLink, new: &TextLink| {
        (may_be_renamed || old.label == new.label) && leads_to_same(&old.target, &new.target, renames)
    };
    let mut old_links: Vec<&TextLink> =
        old.links.iter().filter(|link| link.target != TextTarget::Broken).collect();
    old_links.retain(|old| !new.links.iter().any(|new| is_same(old, new)));
    let mut new_links: Vec<&TextLink> =
        new.links.iter().filter(|link| link.target != TextTarget::Broken).collect();
    new_links.retain(|new| !old.links.iter().any(|old| is_same(old, new)));
    let mut line = Vec::new();
    for link in old_links {
        line.push(Piece::Same(link.label.clone()));
        line.push(Piece::Deleted(link.target.to_string()));
        if let Some(index) = new_links.iter().position(|new| new.label == link.label) {
            line.push(Piece::Inserted(new_links.remove(index).target.to_string()));
        }
    }
    for link in new_links {
        line.push(Piece::Same(link.label.clone()));
        line.push(Piece::Inserted(link.target.to_string()));
    }
    (!line.is_empty()).then_some(line)
}

/// A link that broke, or no longer does, is a problem of its own and no change of the page.
fn leads_to_same(old: &TextTarget, new: &TextTarget, renames: &Renames) -> bool {
    match (old, new) {
        (TextTarget::Broken, _) | (_, TextTarget::Broken) => true,
        (TextTarget::File { file, anchor }, TextTarget::File { file: new_file, anchor: new_anchor }) => {
            renames.after(file) == *new_file && anchor == new_anchor
        }
        (TextTarget::Web(old), TextTarget::Web(new)) => old == new,
        (TextTarget::File { .. }, TextTarget::Web(_)) | (TextTarget::Web(_), TextTarget::File { .. }) => {
            false
        }
    }
}

fn changed_words(old: &str, new: &str) -> ChangedLine {
    let (old_words, new_words): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
    let whole = || vec![Piece::Deleted(old.to_owned()), Piece::Inserted(new.to_owned())];
    if old_words.len() + new_words.len() > MOST_WORDS {
        return whole();
    }
    let ops = capture_diff_slices(Algorithm::Myers, &old_words, &new_words);
    let same: usize =
        ops.iter().map(|op| if matches!(op, DiffOp::Equal { .. }) { op.old_range().len() } else { 0 }).sum();
    // Two sentences with few words in common are two sentences.
    if same * 4 < old_words.len().min(new_words.len()) {
        return whole();
    }
    let mut line = Vec::new();
    let last = ops.len().saturating_sub(1);
    for (number, op) in ops.iter().enumerate() {
        let (deleted, inserted) = (&old_words[op.old_range()], &new_words[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            let begin = if number == 0 { 0 } else { CONTEXT };
            let end = if number == last { 0 } else { CONTEXT };
            line.push(Piece::Same(shortened(deleted, begin, end)));
            continue;
        }
        if !deleted.is_empty() {
            line.push(Piece::Deleted(deleted.join(" ")));
        }
        if !inserted.is_empty() {
            line.push(Piece::Inserted(inserted.join(" ")));
        }
    }
    line
}

/// The first and the last of unchanged words, or all of them where that is hardly more.
fn shortened(words: &[&str], begin: usize, end: usize) -> String {
    if words.len() <= begin + end + 1 {
        return words.join(" ");
    }
    let mut shown: Vec<&str> = words[..begin].to_vec();
    shown.push("…");
    shown.extend(&words[words.len() - end..]);
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;
    use crate::renames::Rename;

    fn lines(text: &str) -> Vec<TextLine> {
        text.lines().map(|line| TextLine { text: line.to_owned(), links: Vec::new() }).collect()
    }

    fn written(lines: &[ChangedLine]) -> Vec<String> {
        let piece = |piece: &Piece| match piece {
            Piece::Same(text) => text.clone(),
            Piece::Deleted(text) => format!("[-{text}-]"),
            Piece::Inserted(text) => format!("{{+{text}+}}"),
        };
        lines.iter().map(|line| line.iter().map(piece).collect::<Vec<_>>().join(" ")).collect()
    }

    fn marked(old: &str, new: &str) -> Vec<String> {
        let mut difference = PageDifference::default();
        difference.compare_lines(&lines(old), &lines(new), &Renames::default());
        written(&difference.lines)
    }

    #[test]
    fn single_words_change_in_their_lines() {
        assert_eq!(
            marked("Title\nCall the shift at 5 now.\nEnd", "Title\nCall the desk at 6 now.\nEnd"),
            ["Call the [-shift-] {+desk+} at [-5-] {+6+} now."]
        );
        assert_eq!(marked("a\nb", "a\nc\nb"), ["{+c+}"]);
        assert_eq!(marked("a\nb", "b"), ["[-a-]"]);
        assert_eq!(marked("one two three", "four five six"), ["[-one two three-] {+four five six+}"]);
        assert!(marked("same\nlines", "same\nlines").is_empty());
    }

    #[test]
    fn long_sentences_are_shown_around_their_changes() {
        let long: Vec<String> = (0..50).map(|n| n.to_string()).collect();
        let old = long.join(" ");
        assert_eq!(
            marked(&old, &old.replace(" 25 ", " X ")),
            ["… 17 18 19 20 21 22 23 24 [-25-] {+X+} 26 27 28 29 30 31 32 33 …"]
        );
    }
    fn file(path: &str) -> FilePath {
        FilePath::new(path).unwrap()
    }

    fn linked(targets: &[(&str, TextTarget)]) -> TextLine {
        let links = targets
            .iter()
            .map(|(label, target)| TextLink { label: (*label).to_owned(), target: target.clone() });
        TextLine { text: "one text".to_owned(), links: links.collect() }
    }

    #[test]
    fn a_link_that_leads_elsewhere_is_a_change() {
        let to =
            |path: &str, anchor: &str| TextTarget::File { file: file(path), anchor: Some(anchor.to_owned()) };
        let web = TextTarget::Web("https://example.com/".to_owned());
        let renames = Renames { list: vec![Rename { from: file("a.md"), to: file("b.md") }] };
        let old = linked(&[("x", to("a.md", "one")), ("y", web.clone()), ("z", to("c.md", "one"))]);
        let same = linked(&[("x", to("b.md", "one")), ("y", web.clone()), ("z", TextTarget::Broken)]);
        assert_eq!(changed_links(&old, &same, &renames), None);
        let new = linked(&[("x", to("b.md", "two")), ("z", to("c.md", "one")), ("n", web)]);
        let line = changed_links(&old, &new, &renames).unwrap();
        assert_eq!(
            written(&[line]),
            ["x [-a.md#one-] {+b.md#two+} y [-https://example.com/-] n {+https://example.com/+}"]
        );
    }

    #[test]
    fn further_changed_lines_are_counted() {
        let text = |word: &str| (0..30_000).map(|n| format!("{word} {n}")).collect::<Vec<_>>().join("\n");
        let (old, new) = (lines(&text("old")), lines(&text("new")));
        let mut difference = PageDifference::default();
        difference.compare_lines(&old, &new, &Renames::default());
        assert_eq!((difference.lines.len(), difference.line_count), (MOST_LINES, 30_000));
    }
}
