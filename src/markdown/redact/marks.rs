//! The marks of levels in a text: `:::internal`, `{.internal}`.
//!
//! Owns the four forms and what each hides. A mark that stands nowhere where it hides something is left in the text: the
//! writer reports it (`markdown::closed_world`), as it does all that only looks like a mark.

use std::ops::Range;

use super::document::{Document, Kind, Node};
use crate::markdown::closed_world::Stray;
use crate::markdown::directives::{Mark as DirectiveMark, holds};
use crate::rules::{Rule, VISIBILITY_STRAY, VISIBILITY_UNCLOSED, VISIBILITY_UNKNOWN};
use crate::visibility::{Level, Levels, What};

/// A mark, and what it hides.
#[derive(Debug)]
pub(super) struct LevelMark {
    pub level: Level,
    pub what: What,
    pub hides: Range<usize>,
    /// What goes for those who see the rest: the mark itself, and the brackets around words.
    pub signs: Vec<Range<usize>>,
}

/// Why it cannot be said what a mark hides.
#[derive(Debug)]
pub(super) struct Problem {
    pub rule: &'static Rule,
    pub range: Range<usize>,
    pub message: String,
    pub help: String,
}

/// A hidden section at the end of a text: where the text is included, it goes on to the next heading of its rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenSection {
    pub rank: u8,
    pub level: Level,
}

/// The hidden sections that whoever includes a text goes on with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenSections {
    /// At the end of the text.
    pub at_end: Vec<OpenSection>,
    /// At the end of a part of it, which may be included by its id.
    pub in_parts: Vec<OpenSection>,
}

impl OpenSections {
    pub fn is_empty(&self) -> bool {
        self.at_end.is_empty() && self.in_parts.is_empty()
    }
}

/// Says for the reference of an include with which hidden sections the included text ends.
pub type Included<'a> = &'a (dyn Fn(&str) -> OpenSections + Sync);

#[derive(Debug, Default)]
pub(super) struct Marks {
    pub found: Vec<LevelMark>,
    pub open_sections: OpenSections,
    pub problems: Vec<Problem>,
    /// Where a level is named first that not everybody sees.
    pub named: Option<Range<usize>>,
}

/// Finds the marks of a text.
pub(super) fn find(document: &Document<'_>, levels: &Levels, included: Included<'_>) -> Marks {
    let mut finding = Finding { document, levels, marks: Marks::default() };
    for (number, node) in document.nodes.iter().enumerate() {
        match &node.kind {
            Kind::Directive { name, opening, .. } => finding.directive(node, name, opening),
            Kind::Heading { classes, .. } => {
                finding.heading(number, classes);
                finding.words(number);
            }
            Kind::Code { fenced: true } => finding.code(node),
            Kind::Line => finding.include(number, included),
            kind if kind.holds_marks() => finding.words(number),
            _ => {}
        }
    }
    finding.unread();
    finding.marks
}

struct Finding<'a> {
    document: &'a Document<'a>,
    levels: &'a Levels,
    marks: Marks,
}

impl Finding<'_> {
    fn add(&mut self, mark: LevelMark, named: &Range<usize>) {
        let first = self.marks.named.as_ref().is_none_or(|known| named.start < known.start);
        if first && mark.level > self.levels.lowest() {
            self.marks.named = Some(named.clone());
        }
        self.marks.found.push(mark);
    }

    fn report(&mut self, rule: &'static Rule, range: Range<usize>, message: String, help: String) {
        self.marks.problems.push(Problem { rule, range, message, help });
    }

    /// Reports marks that stand in no text: the parser leaves them out, as what follows the title of a directive or the
    /// last column of a table, so nothing else looks at them.
    fn unread(&mut self) {
        let text = self.document.text;
        for (at, _) in text.match_indices("{.") {
            let Some((_, length)) = mark(&text[at..], self.levels) else { continue };
            let range = at..at + length;
            let node = &self.document.nodes[self.document.innermost(&range, |_| true)];
            let is_read = match node.kind {
                Kind::Text | Kind::Blank | Kind::Element | Kind::Tag | Kind::Line | Kind::Html => true,
                // Their attributes are read with them.
                Kind::Heading { .. } | Kind::Code { .. } | Kind::Link | Kind::Image => true,
                _ => text[..at].ends_with('\\') || holds(self.document.comments, at),
            };
            if !is_read {
                let Stray { message, help } = Stray::new(&text[range.clone()]);
                self.report(&VISIBILITY_STRAY, range, message, help.to_owned());
            }
        }
    }

    fn directive(&mut self, node: &Node, name: &str, opening: &Range<usize>) {
        let Some(level) = self.levels.find(name) else { return };
        let written = self.document.text[opening.clone()].trim_start_matches([':', ' ', '\t']);
        if !written.starts_with(name) {
            let message = format!("there is no level `{}`", &written[..name.len()]);
            self.report(&VISIBILITY_UNKNOWN, opening.clone(), message, format!("did you mean `:::{name}`?"));
        }
        if matches!(node.kind, Kind::Directive { closed: false, .. }) {
            let message = format!("`:::{name}` is not closed");
            let help = "close it with as many colons, in the same list item or quote".to_owned();
            self.report(&VISIBILITY_UNCLOSED, opening.clone(), message, help);
        }
        let hides = node.range.clone();
        self.add(LevelMark { level, what: What::Block, hides, signs: Vec::new() }, opening);
    }

    /// A heading hides its section: up to the next heading of its rank or a higher one beside it.
    fn heading(&mut self, number: usize, classes: &[String]) {
        if !classes.iter().any(|class| self.levels.find(class).is_some()) {
            return;
        }
        let node = &self.document.nodes[number];
        // The parser has taken the braces from the text: they stand behind it.
        let Some(attributes) = self.attributes(node.inside.end..node.range.end) else {
            let help = "set ` {.LEVEL}` at the end of the heading".to_owned();
            let message = "it cannot be told which level this heading names".to_owned();
            return self.report(&VISIBILITY_STRAY, node.range.clone(), message, help);
        };
        let Kind::Heading { rank, .. } = node.kind else { return };
        let hides = node.range.start..self.section_end(number, rank);
        let open = OpenSection { rank, level: attributes.level };
        self.leave_open(number, hides.end, open);
        let mark = LevelMark { level: attributes.level, what: What::Section, hides, signs: attributes.signs };
        self.add(mark, &attributes.braces);
    }

    /// Notes a hidden section with which a part of the text ends, if it is one: what ends it is the end of the text, or a
    /// heading of a higher rank.
    fn leave_open(&mut self, node: usize, end: usize, open: OpenSection) {
        let nodes = &self.document.nodes;
        if nodes[node].parent != 0 {
            return;
        }
        if end == self.document.text.len() {
            self.marks.open_sections.at_end.push(open);
        }
        let next = nodes.partition_point(|next| next.range.start < end);
        if nodes
            .get(next)
            .is_none_or(|next| matches!(next.kind, Kind::Heading { rank, .. } if rank < open.rank))
        {
            self.marks.open_sections.in_parts.push(open);
        }
    }

    /// A hidden section at the end of an included text goes on behind the include, as it would in place.
    fn include(&mut self, number: usize, included: Included<'_>) {
        let node = &self.document.nodes[number];
        let Some(DirectiveMark::Include { reference }) = self.document.marks.get(&node.range.start) else {
            return;
        };
        let written = &self.document.text[reference.clone()];
        let sections = included(written);
        let is_part = written.contains('#');
        for open in if is_part { sections.in_parts } else { sections.at_end } {
            let end = self.section_end(number, open.rank);
            let next = node.end;
            let follows = self.document.nodes.get(next).filter(|next| next.range.start < end);
            if !is_part {
                self.leave_open(number, end, open);
            }
            let Some(start) = follows.map(|next| next.range.start) else { continue };
            if is_part {
                let message = "the included part may end in a hidden section, and it is unclear whether that goes on here";
                let help = "put a heading below this line, or include the whole file".to_owned();
                self.report(&VISIBILITY_STRAY, node.range.clone(), message.to_owned(), help);
                return;
            }
            let mark =
                LevelMark { level: open.level, what: What::Section, hides: start..end, signs: Vec::new() };
            self.add(mark, reference);
        }
    }

    /// Where the section ends that begins with a node: before the next heading of its rank or a higher one beside it.
    fn section_end(&self, first: usize, rank: u8) -> usize {
        let nodes = &self.document.nodes;
        let parent = nodes[first].parent;
        let mut next = nodes[first].end;
        while next < nodes[parent].end {
            if matches!(nodes[next].kind, Kind::Heading { rank: other, .. } if other <= rank) {
                return nodes[next].range.start;
            }
            next = nodes[next].end;
        }
        let end = nodes[parent].range.end;
        match nodes[parent].kind {
            Kind::Directive { closed: true, .. } => line_start(self.document.text, end),
            _ => end,
        }
    }

    fn code(&mut self, node: &Node) {
        let text = self.document.text;
        let opening = node.range.start..line_end(text, node.range.start).min(node.range.end);
        let Some(attributes) = self.attributes(opening.clone()) else { return };
        // The fence that closes a block is no part of the text in it.
        let rest = node.inside.end.max(opening.end)..node.range.end;
        if !text[rest].contains(['`', '~']) {
            let message = "this block of code is not closed, so what it hides is unclear".to_owned();
            let help = "close it with as many backticks, in the same list item or quote".to_owned();
            self.report(&VISIBILITY_UNCLOSED, opening, message, help);
        }
        let (hides, signs) = (node.range.clone(), attributes.signs);
        self.add(LevelMark { level: attributes.level, what: What::Block, hides, signs }, &attributes.braces);
    }

    /// The levels among the attributes in braces, as headings and fences have them.
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
            let signs = match named.len() == words.len() {
                true => vec![with_blanks(text, open..close + 1)],
                false => named.iter().map(|word| with_blanks_within(text, &inner, word)).collect(),
            };
            let known =
                found.get_or_insert(Attributes { level: strictest, signs: Vec::new(), braces: open..at });
            known.level = known.level.max(strictest);
            known.signs.extend(signs);
        }
        found
    }

    /// Marks in the text of a paragraph, a cell, a link: of words in brackets, of an element, of the block.
    fn words(&mut self, holder: usize) {
        let document = self.document;
        let mut brackets: Vec<usize> = Vec::new();
        let mut before = Before::default();
        for child in document.children(holder) {
            let node = &document.nodes[child];
            match node.kind {
                Kind::Text => self.text(holder, node.range.clone(), &mut brackets, &mut before),
                Kind::Blank => {}
                Kind::Link | Kind::Image | Kind::Emphasis | Kind::Element => {
                    before = Before { element: Some(node.range.clone()), visible: true, ..before };
                }
                _ => before.visible = true,
            }
            before.end = node.range.end;
        }
    }

    fn text(&mut self, holder: usize, range: Range<usize>, brackets: &mut Vec<usize>, before: &mut Before) {
        let text = self.document.text;
        // The parser leaves out the backslash of `\{`: what follows the gap is plain.
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

    /// What one mark hides, by what it follows.
    fn mark(&mut self, holder: usize, level: Level, mark: &Range<usize>, before: &Before) {
        let text = self.document.text;
        if let Some(words) = before.words.clone().filter(|words| words.end == mark.start) {
            if self.is_sign(holder, &words) {
                return;
            }
            if text[..words.start].ends_with(']') {
                return self.report_label(words.start..mark.end);
            }
            // `[words]{.internal}(address)`: the address would stay.
            if text[mark.end..].starts_with('(') {
                let Stray { message, help } = Stray::new(&text[mark.clone()]);
                return self.report(&VISIBILITY_STRAY, mark.clone(), message, help.to_owned());
            }
            let signs = vec![words.start..words.start + 1, words.end - 1..mark.end];
            let hides = words.start..mark.end;
            return self.add(LevelMark { level, what: What::Inline, hides, signs }, mark);
        }
        if let Some(element) = before.element.clone().filter(|element| element.end == mark.start) {
            // `[words][^1]{.internal}`: the mark follows a number, and is perhaps meant for the words.
            if text[..element.start].ends_with(']') {
                return self.report_label(element.start..mark.end);
            }
            let (hides, signs) = (element.start..mark.end, vec![mark.clone()]);
            return self.add(LevelMark { level, what: What::Inline, hides, signs }, mark);
        }
        let behind_blank = text[..mark.start].ends_with([' ', '\t', '\n', '>']);
        let rest = &text[mark.end..self.document.nodes[holder].inside.end.max(mark.end)];
        if !behind_blank || !before.visible || !rest.trim_matches([' ', '\t', '\n', '>']).is_empty() {
            return;
        }
        if let Some((what, hides)) = self.block(holder) {
            let signs = vec![with_blanks(text, mark.clone())];
            self.add(LevelMark { level, what, hides, signs }, mark);
        }
    }

    /// Reports a mark behind what looks like the label of a link and is none: the words before it would stay.
    fn report_label(&mut self, range: Range<usize>) {
        let label = &self.document.text[range.clone()];
        let message = format!("`{label}` follows words in brackets, and it is unclear whether it hides them");
        let help = "define the label, or set the mark behind the words: `[these words]{.LEVEL}`".to_owned();
        self.report(&VISIBILITY_STRAY, range, message, help);
    }

    /// What a mark at the end of a block's own text hides.
    fn block(&self, holder: usize) -> Option<(What, Range<usize>)> {
        let nodes = &self.document.nodes;
        let node = &nodes[holder];
        let parent = &nodes[node.parent];
        match (&node.kind, &parent.kind) {
            // The first text of an item is the item's own.
            (Kind::Paragraph, Kind::Item { .. } | Kind::Detail) if holder == node.parent + 1 => {
                Some((What::Item, parent.range.clone()))
            }
            // `##Names {.internal}` is no heading, nor is one behind a character that nobody sees: its section would stay.
            (Kind::Paragraph, _) if looks_like_heading(&self.document.text[node.range.clone()]) => None,
            (Kind::Paragraph, _) => Some((What::Paragraph, node.range.clone())),
            (Kind::Cell, Kind::Row | Kind::TableHead) => {
                let mut later = self.document.children(node.parent).filter(|cell| *cell > holder);
                if later.any(|cell| !nodes[cell].inside.is_empty()) {
                    return None;
                }
                match parent.kind {
                    Kind::Row => Some((What::Row, parent.range.clone())),
                    _ => Some((What::Block, nodes[parent.parent].range.clone())),
                }
            }
            _ => None,
        }
    }

    /// Whether what stands in brackets is a sign of its own, such as the box of a task or the number of a footnote that
    /// is not there.
    fn is_sign(&self, holder: usize, words: &Range<usize>) -> bool {
        let inner = &self.document.text[words.start + 1..words.end - 1];
        let begins = self.document.nodes[holder].inside.start == words.start;
        inner.starts_with(['!', '^']) || inner.trim().is_empty() || begins && matches!(inner, "x" | "X")
    }
}

/// What stands before a place in a text.
#[derive(Default)]
struct Before {
    /// The last words in brackets.
    words: Option<Range<usize>>,
    /// The last link, image, code, bold text.
    element: Option<Range<usize>>,
    /// Whether there is anything that a reader sees.
    visible: bool,
    /// Where the last node ends.
    end: usize,
}

/// Levels among attributes.
struct Attributes {
    /// The strictest.
    level: Level,
    signs: Vec<Range<usize>>,
    braces: Range<usize>,
}

/// The mark that a text begins with, and its length.
pub(in crate::markdown) fn mark(text: &str, levels: &Levels) -> Option<(Level, usize)> {
    let inner = text.strip_prefix("{.")?;
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
    let level = levels.find(&inner[..end]).filter(|_| inner[end..].starts_with('}'))?;
    Some((level, end + "{.}".len()))
}

/// The words of a range, parted by whitespace.
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
    [paragraph, last].iter().any(|line| line.trim_start_matches(invisible).starts_with('#'))
}

/// A mark with the blanks before it, and with its line where nothing else stands there.
fn with_blanks(text: &str, mark: Range<usize>) -> Range<usize> {
    let start = text[..mark.start].trim_end_matches([' ', '\t']).len();
    let before = text[..mark.start].trim_end_matches([' ', '\t', '>']);
    let alone = before.ends_with('\n') && line_end(text, mark.end) == mark.end;
    if alone { before.len() - 1..mark.end } else { start..mark.end }
}

/// An attribute with the blanks before it, or behind it where it is the first.
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
