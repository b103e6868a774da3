//! Finds the marks of levels in a text: `:::internal`, `{.internal}`.
//!
//! Owns the four forms of marks and what each hides. A mark in a position where it hides nothing stays in the text. The
//! writer reports it (`markdown::closed_world`), like everything that only looks like a mark.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::nodes::{Node, NodeKind, NodeTree};
use crate::bounds::MARKS;
use crate::diagnostic::Diagnostic;
use crate::markdown::directives::DirectiveLine;
use crate::markdown::events::holds;
use crate::rules::{Rule, VISIBILITY_UNCLOSED, VISIBILITY_UNKNOWN};
use crate::visibility::{Level, Levels, WithheldPart};

/// The message and help for a mark that hides nothing in its position.
pub(in crate::markdown) struct StrayMarkMessage {
    pub message: String,
    pub help: &'static str,
}

impl StrayMarkMessage {
    pub fn new(written: &str) -> StrayMarkMessage {
        let message = format!("`{written}` has no effect here");
        let help = "put words into brackets, `[these words]{.LEVEL}`, set `{.LEVEL}` at the end of a paragraph, item or row, or write `:::LEVEL` on a line of its own";
        StrayMarkMessage { message, help }
    }
}

/// A mark and the range that it hides.
#[derive(Debug)]
pub(super) struct LevelMark {
    pub level: Level,
    pub what: WithheldPart,
    pub hides: Range<usize>,
    /// The ranges that are removed for those who see the content: the mark itself and the brackets around words.
    pub delimiters: Vec<Range<usize>>,
    /// The range that names the level.
    pub named: Range<usize>,
}

/// A hidden section at the end of a text, or at the end of a part of it that can be included by its id. Where it is
/// included, the section continues to the next heading of its rank or a higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenSection {
    pub rank: u8,
    pub level: Level,
    /// Whether the section is open at the end of the whole text.
    pub ends_text: bool,
}

/// Returns the open sections of an included text, for the reference of the include.
pub type IncludeEnds<'a> = &'a (dyn Fn(&str) -> Vec<OpenSection> + Sync);

#[derive(Debug, Default)]
pub(super) struct Marks {
    pub found: Vec<LevelMark>,
    pub open_sections: Vec<OpenSection>,
    pub problems: Vec<Diagnostic>,
}

impl Marks {
    pub fn is_empty(&self) -> bool {
        self.found.is_empty() && self.problems.is_empty() && self.open_sections.is_empty()
    }
}

/// Finds the marks of a text.
pub(super) fn find(document: &NodeTree<'_>, levels: &Levels, included: IncludeEnds<'_>) -> Marks {
    let mut finding = MarkFinding { document, levels, marks: Marks::default() };
    for (number, node) in document.nodes.iter().enumerate() {
        match node.kind {
            NodeKind::Directive { .. } => finding.directive(node),
            NodeKind::Heading { rank } => {
                finding.heading(number, rank);
                finding.words(number);
            }
            NodeKind::Code { fenced: true } => finding.code(node),
            NodeKind::Line => finding.include(number, included),
            kind if kind.is_text_block() || kind.is_inline() => finding.words(number),
            _ => {}
        }
        // Nothing of a text with too many marks is published, so the others need no memory.
        if MARKS.is_exceeded(finding.marks.found.len()) {
            break;
        }
    }
    finding.unread();
    finding.limit();
    finding.marks
}

struct MarkFinding<'a> {
    document: &'a NodeTree<'a>,
    levels: &'a Levels,
    marks: Marks,
}

impl MarkFinding<'_> {
    fn report(&mut self, rule: &'static Rule, range: Range<usize>, message: &str, help: &str) {
        let span = self.document.origin.span(range);
        self.marks.problems.push(Diagnostic::new(rule, span, message).help(help));
    }

    fn report_stray(&mut self, range: Range<usize>, message: &str, help: &str) {
        self.marks.problems.push(self.document.stray(range, message, help));
    }

    /// Reports a mark that hides nothing in its position.
    fn report_without_effect(&mut self, mark: Range<usize>) {
        let StrayMarkMessage { message, help } = StrayMarkMessage::new(&self.document.text[mark.clone()]);
        self.report_stray(mark, &message, help);
    }

    /// Reports the first mark that is too many.
    fn limit(&mut self) {
        if let Some(mark) = self.marks.found.get(MARKS.most) {
            let message = format!("this text has more than {MARKS} of levels");
            let help = "hide whole blocks, or divide the text into several files";
            self.report(MARKS.rule, mark.named.clone(), &message, help);
        }
    }

    /// Reports marks outside any text. The parser leaves them out, like the text after a directive's title or after the
    /// last column of a table, so nothing else checks them.
    fn unread(&mut self) {
        let text = self.document.text;
        for (at, _) in text.match_indices("{.") {
            let Some((_, length)) = mark(&text[at..], self.levels) else { continue };
            let range = at..at + length;
            let node = &self.document.nodes[self.document.innermost(&range, |_| true)];
            let is_read = match node.kind {
                NodeKind::Text | NodeKind::Blank | NodeKind::Tag | NodeKind::Line | NodeKind::Html => true,
                // A fence that begins no block, because of the text above it, becomes code within the paragraph. A mark
                // in it was meant for a block.
                NodeKind::Element => {
                    !(text[node.range.start..].starts_with('`') && text[node.range.clone()].contains('\n'))
                }
                // The attributes of these nodes are read with them.
                NodeKind::Heading { .. } | NodeKind::Code { .. } | NodeKind::Link | NodeKind::Image => true,
                _ => text[..at].ends_with('\\') || holds(self.document.comments, at),
            };
            if !is_read {
                self.report_without_effect(range);
            }
        }
    }

    fn directive(&mut self, node: &Node) {
        let Some(DirectiveLine::Open { name, .. }) = self.document.directive(node) else { return };
        let Some(level) = self.levels.find(name) else { return };
        let (text, start) = (self.document.text, node.range.start);
        let opening = start..start + text[start..line_end(text, start)].trim_end().len();
        let written = text[opening.clone()].trim_start_matches([':', ' ', '\t']);
        if !written.starts_with(name) {
            let message = format!("there is no level `{}`", &written[..name.len()]);
            self.report(
                &VISIBILITY_UNKNOWN,
                opening.clone(),
                &message,
                &format!("did you mean `:::{name}`?"),
            );
        }
        if node.kind == (NodeKind::Directive { closed: false }) {
            let message = format!("`:::{name}` is not closed");
            let help = "close it with as many colons, in the same list item or quote";
            self.report(&VISIBILITY_UNCLOSED, opening.clone(), &message, help);
        }
        let (what, hides) = (WithheldPart::Block, node.range.clone());
        self.marks.found.push(LevelMark { level, what, hides, delimiters: Vec::new(), named: opening });
    }

    /// A heading hides its section: up to the next heading of its rank or a higher one in the same container.
    fn heading(&mut self, number: usize, rank: u8) {
        let node = &self.document.nodes[number];
        let Event::Start(Tag::Heading { classes, .. }) = &self.document.events[node.event].0 else { return };
        if !classes.iter().any(|class| self.levels.find(class).is_some()) {
            return;
        }
        // The parser has removed the braces from the heading's text, which they follow.
        let Some(Attributes { level, delimiters, braces: named }) =
            self.attributes(node.inside.end..node.range.end)
        else {
            let help = "set ` {.LEVEL}` at the end of the heading";
            return self.report_stray(node.range.clone(), "the level of this heading is unclear", help);
        };
        let hides = node.range.start..self.section_end(number, rank);
        self.leave_open(number, hides.end, rank, level);
        self.marks.found.push(LevelMark { level, what: WithheldPart::Section, hides, delimiters, named });
    }

    /// Records a hidden section that ends a part of the text: the section ends at the end of the text or at a heading
    /// of a higher rank.
    fn leave_open(&mut self, node: usize, end: usize, rank: u8, level: Level) {
        let nodes = &self.document.nodes;
        let next = nodes.get(nodes.partition_point(|next| next.range.start < end));
        let ends_part = match next.map(|next| &next.kind) {
            Some(NodeKind::Heading { rank: next }) => *next < rank,
            next => next.is_none(),
        };
        if nodes[node].parent == 0 && ends_part {
            let ends_text = end == self.document.text.len();
            self.marks.open_sections.push(OpenSection { rank, level, ends_text });
        }
    }

    /// Continues a hidden section at the end of an included text after the include, as if the text were in place.
    fn include(&mut self, number: usize, included: IncludeEnds<'_>) {
        let node = &self.document.nodes[number];
        let Some(DirectiveLine::Include { reference }) = self.document.directive(node) else { return };
        let written = &self.document.text[reference.clone()];
        let is_part = written.contains('#');
        for OpenSection { rank, level, ends_text } in included(written) {
            let end = self.section_end(number, rank);
            let next = self.document.nodes.get(node.end).filter(|next| next.range.start < end);
            if is_part && next.is_some() {
                let message = "the included part may end in a hidden section, and it is unclear whether that goes on here";
                let help = "put a heading below this line, or include the whole file";
                return self.report_stray(node.range.clone(), message, help);
            }
            if is_part || !ends_text {
                continue;
            }
            self.leave_open(number, end, rank, level);
            if let Some(next) = next {
                let (what, hides, named) = (WithheldPart::Section, next.range.start..end, reference.clone());
                self.marks.found.push(LevelMark { level, what, hides, delimiters: Vec::new(), named });
            }
        }
    }

    /// The end of the section that begins with a node: before the next heading of its rank or a higher one in the same
    /// container.
    fn section_end(&self, first: usize, rank: u8) -> usize {
        let nodes = &self.document.nodes;
        let parent = nodes[first].parent;
        let mut next = nodes[first].end;
        while next < nodes[parent].end {
            if matches!(nodes[next].kind, NodeKind::Heading { rank: other } if other <= rank) {
                return nodes[next].range.start;
            }
            next = nodes[next].end;
        }
        let end = nodes[parent].range.end;
        match nodes[parent].kind {
            NodeKind::Directive { closed: true } => line_start(self.document.text, end),
            _ => end,
        }
    }

    fn code(&mut self, node: &Node) {
        let text = self.document.text;
        let opening = node.range.start..line_end(text, node.range.start).min(node.range.end);
        let Some(Attributes { level, delimiters, braces: named }) = self.attributes(opening.clone()) else {
            return;
        };
        // The closing fence is not part of the text in the block.
        let rest = node.inside.end.max(opening.end)..node.range.end;
        if !text[rest].contains(['`', '~']) {
            let message = "this block of code is not closed, so what it hides is unclear";
            let help = "close it with as many backticks, in the same list item or quote";
            self.report(&VISIBILITY_UNCLOSED, opening, message, help);
        }
        let (what, hides) = (WithheldPart::Block, node.range.clone());
        self.marks.found.push(LevelMark { level, what, hides, delimiters, named });
    }

    /// The levels among attributes in braces, as headings and fences have them.
    fn attributes(&self, region: Range<usize>) -> Option<Attributes> {
        let text = self.document.text;
        let mut found: Option<Attributes> = None;
        let mut at = region.start;
        while let Some(open) = text[at..region.end].find('{').map(|length| at + length) {
            let close = open + text[open..region.end].find('}')?;
            at = close + 1;
            let inner = open + 1..close;
            let words: Vec<Range<usize>> = words(text, inner.clone()).collect();
            let level = |word: &Range<usize>| self.levels.find(text[word.clone()].strip_prefix('.')?);
            let named: Vec<Range<usize>> =
                words.iter().filter(|word| level(word).is_some()).cloned().collect();
            let Some(strictest) = named.iter().filter_map(level).max() else { continue };
            // Braces that contain only levels are removed as a whole; otherwise the other attributes stay.
            let delimiters = match named.len() == words.len() {
                true => vec![with_whitespace(text, open..close + 1)],
                false => named.iter().map(|word| with_blanks_within(text, &inner, word)).collect(),
            };
            let known = found.get_or_insert(Attributes {
                level: strictest,
                delimiters: Vec::new(),
                braces: open..at,
            });
            known.level = known.level.max(strictest);
            known.delimiters.extend(delimiters);
        }
        found
    }

    /// Finds the marks in the text of a paragraph, a cell or a link: after words in brackets, after an element, or at
    /// the end of the block.
    fn words(&mut self, holder: usize) {
        let document = self.document;
        let mut brackets: Vec<usize> = Vec::new();
        let mut before = TextBefore::default();
        for child in document.children(holder) {
            let node = &document.nodes[child];
            match node.kind {
                NodeKind::Text => self.text(holder, node.range.clone(), &mut brackets, &mut before),
                NodeKind::Blank => {}
                NodeKind::Link | NodeKind::Image | NodeKind::Emphasis | NodeKind::Element => {
                    before = TextBefore { element: Some(node.range.clone()), visible: true, ..before };
                }
                _ => before.visible = true,
            }
            before.end = node.range.end;
        }
    }

    fn text(
        &mut self,
        holder: usize,
        range: Range<usize>,
        brackets: &mut Vec<usize>,
        before: &mut TextBefore,
    ) {
        let text = self.document.text;
        // The parser leaves out the backslash of `\{`, so a gap between two texts shows that the next character is
        // plain text.
        let escaped = before.end != range.start && text[..range.start].ends_with('\\');
        let mut skip_to = range.start;
        for (offset, sign) in text[range.clone()].match_indices(['[', ']', '{']) {
            let at = range.start + offset;
            if at < skip_to || escaped && offset == 0 {
                continue;
            }
            match sign {
                "[" => brackets.push(at),
                "]" => {
                    if let Some(open) = brackets.pop() {
                        before.words = Some(open..at + 1);
                    }
                }
                _ => {
                    let Some((level, length)) = mark(&text[at..range.end], self.levels) else { continue };
                    before.visible |= !text[skip_to..at].trim().is_empty();
                    skip_to = at + length;
                    self.mark(holder, level, &(at..skip_to), before);
                }
            }
        }
        before.visible |= !text[skip_to.min(range.end)..range.end].trim().is_empty();
    }

    /// Adds the range that one mark hides, according to what precedes the mark.
    fn mark(&mut self, holder: usize, level: Level, mark: &Range<usize>, before: &TextBefore) {
        let text = self.document.text;
        if let Some(words) = before.words.clone().filter(|words| words.end == mark.start) {
            if self.is_sign(holder, &words) {
                return;
            }
            if text[..words.start].ends_with(']') {
                return self.report_label(words.start..mark.end);
            }
            // In `[words]{.internal}(address)` the address would stay.
            if text[mark.end..].starts_with('(') {
                return self.report_without_effect(mark.clone());
            }
            let delimiters = vec![words.start..words.start + 1, words.end - 1..mark.end];
            return self.add_words(level, words.start, delimiters, mark);
        }
        if let Some(element) = before.element.clone().filter(|element| element.end == mark.start) {
            // In `[words][^1]{.internal}` the mark follows a footnote number, but it may be meant for the words.
            if text[..element.start].ends_with(']') {
                return self.report_label(element.start..mark.end);
            }
            return self.add_words(level, element.start, vec![mark.clone()], mark);
        }
        let behind_blank = text[..mark.start].ends_with([' ', '\t', '\n', '>']);
        let rest = &text[mark.end..self.document.nodes[holder].inside.end.max(mark.end)];
        if !behind_blank || !before.visible || !rest.trim_matches([' ', '\t', '\n', '>']).is_empty() {
            return;
        }
        if let Some(look) = self.absorbed_block(holder, mark) {
            let message = format!("this line looks like {look} but belongs to the block above it");
            let help = "begin a heading with `#`, and put an empty line above anything else";
            return self.report_stray(mark.clone(), &message, help);
        }
        if let Some((what, hides)) = self.block(holder) {
            let (delimiters, named) = (vec![with_whitespace(text, mark.clone())], mark.clone());
            self.marks.found.push(LevelMark { level, what, hides, delimiters, named });
        }
    }

    /// Adds a mark that hides what is between `start` and its end.
    fn add_words(&mut self, level: Level, start: usize, delimiters: Vec<Range<usize>>, mark: &Range<usize>) {
        let (what, hides, named) = (WithheldPart::Inline, start..mark.end, mark.clone());
        self.marks.found.push(LevelMark { level, what, hides, delimiters, named });
    }

    /// Reports a mark after something that looks like a link label and is not one, because the words before it would
    /// stay.
    fn report_label(&mut self, range: Range<usize>) {
        let label = &self.document.text[range.clone()];
        let message = format!("`{label}` follows words in brackets, and it is unclear whether it hides them");
        let help = "define the label, or set the mark behind the words: `[these words]{.LEVEL}`";
        self.report_stray(range, &message, help);
    }

    /// What the last line of a block looks like, if the block above has taken that line: the mark would then hide less or
    /// more than it seems to.
    fn absorbed_block(&self, holder: usize, mark: &Range<usize>) -> Option<&'static str> {
        let text = self.document.text;
        let node = &self.document.nodes[holder];
        if matches!(node.kind, NodeKind::Cell) {
            // Below a table each line is a row, also one without bars.
            let row = line_start(text, mark.start)..line_end(text, mark.end);
            return (!text[row].contains('|')).then_some("a paragraph");
        }
        let next = text[mark.end..].lines().nth(1).unwrap_or_default().trim_matches([' ', '\t', '>']);
        // The line of dashes is a rule where the line above it belongs to an item or a quote, and in slides.
        if !next.is_empty() && next.bytes().all(|byte| byte == b'-') {
            return Some("a heading");
        }
        let start = line_start(text, mark.start);
        // In the first line of the block the number is text on purpose: an item would have begun a list.
        let is_first = start <= node.range.start;
        (!is_first && begins_like_item(&text[start..mark.start])).then_some("an item of a list")
    }

    /// The node that a mark at the end of a block's own text hides.
    fn block(&self, holder: usize) -> Option<(WithheldPart, Range<usize>)> {
        let nodes = &self.document.nodes;
        let node = &nodes[holder];
        let parent = &nodes[node.parent];
        match (&node.kind, &parent.kind) {
            // The first paragraph of an item is the item's own text.
            (NodeKind::Paragraph, NodeKind::Item { .. } | NodeKind::DefinitionBody)
                if holder == node.parent + 1 =>
            {
                Some((WithheldPart::Item, parent.range.clone()))
            }
            // `##Names {.internal}` is not a heading, nor is one after an invisible character. As a paragraph, it would
            // leave its section visible.
            (NodeKind::Paragraph, _) if looks_like_heading(&self.document.text[node.range.clone()]) => None,
            (NodeKind::Paragraph, _) => Some((WithheldPart::Paragraph, node.range.clone())),
            (NodeKind::Cell, NodeKind::Row | NodeKind::TableHead) => {
                let mut later = self.document.children(node.parent).filter(|cell| *cell > holder);
                if later.any(|cell| !nodes[cell].inside.is_empty()) {
                    return None;
                }
                match parent.kind {
                    NodeKind::Row => Some((WithheldPart::Row, parent.range.clone())),
                    _ => Some((WithheldPart::Block, nodes[parent.parent].range.clone())),
                }
            }
            _ => None,
        }
    }

    /// Whether the brackets have a meaning of their own, such as a task's checkbox or a reference to an undefined
    /// footnote.
    fn is_sign(&self, holder: usize, words: &Range<usize>) -> bool {
        let inner = &self.document.text[words.start + 1..words.end - 1];
        let begins = self.document.nodes[holder].inside.start == words.start;
        inner.starts_with(['!', '^']) || inner.trim().is_empty() || begins && matches!(inner, "x" | "X")
    }
}

/// What precedes a position in a text.
#[derive(Default)]
struct TextBefore {
    /// The last words in brackets.
    words: Option<Range<usize>>,
    /// The last link, image, inline code or emphasis.
    element: Option<Range<usize>>,
    /// Whether anything before the position is visible to readers.
    visible: bool,
    /// The offset where the last node ends.
    end: usize,
}

/// The levels among attributes.
struct Attributes {
    /// The strictest level.
    level: Level,
    delimiters: Vec<Range<usize>>,
    braces: Range<usize>,
}

/// The mark that a text begins with, and its length in bytes.
pub(in crate::markdown) fn mark(text: &str, levels: &Levels) -> Option<(Level, usize)> {
    let inner = text.strip_prefix("{.")?;
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
    let level = levels.find(&inner[..end]).filter(|_| inner[end..].starts_with('}'))?;
    Some((level, end + "{.}".len()))
}

/// The ranges of the words in a range, separated by whitespace.
fn words(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    text[range.clone()].split_whitespace().map(move |word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        start..start + word.len()
    })
}

/// Whether the first or the last line of a paragraph looks like a heading.
fn looks_like_heading(paragraph: &str) -> bool {
    let last = paragraph.trim_end().rsplit('\n').next().unwrap_or_default();
    let invisible = |c: char| !c.is_alphanumeric() && !c.is_ascii_graphic();
    let begins = |line: &str| line.strip_prefix('\\').unwrap_or(line).starts_with(['#', '＃']);
    [paragraph, last].iter().any(|line| begins(line.trim_start_matches(|c| c != '＃' && invisible(c))))
}

/// Whether a line begins like an item of a numbered list. One that does not begin with 1 cannot interrupt a paragraph.
fn begins_like_item(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '>']);
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.strip_prefix(['.', ')']).is_some_and(|rest| rest.starts_with([' ', '\t']))
}

/// The range of a mark with the spaces before it, or with its line if nothing else is on the line.
fn with_whitespace(text: &str, mark: Range<usize>) -> Range<usize> {
    let start = text[..mark.start].trim_end_matches([' ', '\t']).len();
    let before = text[..mark.start].trim_end_matches([' ', '\t', '>']);
    let alone = before.ends_with('\n') && line_end(text, mark.end) == mark.end;
    if alone { before.len() - 1..mark.end } else { start..mark.end }
}

/// The range of an attribute with the spaces before it, or after it if it is the first one.
fn with_blanks_within(text: &str, inner: &Range<usize>, word: &Range<usize>) -> Range<usize> {
    let before = inner.start + text[inner.start..word.start].trim_end().len();
    if before > inner.start {
        return before..word.end;
    }
    let after = &text[word.end..inner.end];
    word.start..word.end + (after.len() - after.trim_start().len())
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |line| line + 1)
}

pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length)
}
