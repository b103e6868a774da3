//! Which blocks a text has, and where they stand.
//!
//! Owns one walk over the parser's events, with directives masked as the writer will see them: so both agree about what
//! is code. Knows no levels.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::markdown::directives::{self, Dialect, Mark};
use crate::markdown::writer::EXTENSIONS;

/// A block that holds text of its own.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub sort: Sort,
    /// The text's place: of an item, up to the first block in it.
    pub range: Range<usize>,
    /// The place of all that goes with it: an item, a row.
    pub whole: Range<usize>,
    /// The container that it stands in, as a number in [`Outline::containers`].
    pub container: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Paragraph,
    Item,
    Heading(u8),
    /// The head of a table goes with the whole table.
    Row,
    /// Between fences.
    Fence,
}

/// What a definition is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Label {
    Footnote(String),
    Link(String),
}

impl Label {
    fn footnote(name: &str) -> Label {
        Label::Footnote(name.to_lowercase())
    }

    fn link(name: &str) -> Label {
        Label::Link(name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase())
    }
}

/// What stands in a text.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// In the order of their beginnings.
    pub leaves: Vec<Leaf>,
    /// Elements in lines (links, images, emphasis, code): where each ends, and where it begins.
    pub inline: BTreeMap<usize, usize>,
    /// Where nothing is a mark: code, formulas and raw HTML.
    pub verbatim: Vec<Range<usize>>,
    /// Lines that are directives, with the container that each stands in.
    pub marks: BTreeMap<usize, (Mark, usize)>,
    /// Ranges of lists' items, quotes and the like; the first is the whole text.
    pub containers: Vec<Range<usize>>,
    /// Indented code: a mark in it hides nothing.
    pub indented: Vec<Range<usize>>,
    /// Footnotes and the destinations of links by label, with their places.
    pub definitions: Vec<(Label, Range<usize>)>,
    /// What refers to them.
    pub references: Vec<(Label, usize)>,
}

/// Reads the blocks of a text.
pub(super) fn of(text: &str, dialect: Dialect) -> Outline {
    let masked = directives::mask(text, dialect);
    let mut reading = Reading {
        outline: Outline {
            containers: Vec::from([Range { start: 0, end: text.len() }]),
            ..Outline::default()
        },
        marks: masked.marks,
        open: vec![0],
        items: Vec::new(),
        table: 0..0,
    };
    let parser = Parser::new_ext(&masked.text, EXTENSIONS);
    for (label, definition) in parser.reference_definitions().iter() {
        reading.outline.definitions.push((Label::link(label), definition.span.clone()));
    }
    for (event, range) in parser.into_offset_iter() {
        reading.event(&event, range);
    }
    let mut outline = reading.outline;
    outline.verbatim.sort_by_key(|range| range.start);
    outline.leaves.sort_by_key(|leaf| (leaf.range.start, std::cmp::Reverse(leaf.range.end)));
    outline
}

struct Reading {
    outline: Outline,
    marks: BTreeMap<usize, Mark>,
    /// Containers that are open.
    open: Vec<usize>,
    /// Items that are open: the number of the leaf, and whether its own text is complete.
    items: Vec<(usize, bool)>,
    table: Range<usize>,
}

impl Reading {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(end) => self.end(*end),
            Event::Code(_) => {
                self.outline.verbatim.push(range.clone());
                self.inline(&range);
            }
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::Html(_) | Event::InlineHtml(_) => {
                self.outline.verbatim.push(range);
            }
            Event::FootnoteReference(label) => {
                self.outline.references.push((Label::footnote(label), range.start));
            }
            Event::Rule => {
                self.ends_item_text(range.start);
                if let Some((at, mark)) = self.marks.range(range).next() {
                    self.outline.marks.insert(*at, (mark.clone(), self.container()));
                }
            }
            _ => {}
        }
    }

    /// Of several elements with one end the outermost counts.
    fn inline(&mut self, range: &Range<usize>) {
        let start = self.outline.inline.entry(range.end).or_insert(range.start);
        *start = range.start.min(*start);
    }

    fn container(&self) -> usize {
        *self.open.last().expect("the text itself is never closed")
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Item => {
                self.ends_item_text(range.start);
                let leaf = self.leaf(Sort::Item, range.clone(), range.clone());
                self.items.push((leaf, false));
                self.hold(range);
            }
            Tag::BlockQuote(_) | Tag::DefinitionListDefinition => {
                self.ends_item_text(range.start);
                self.hold(range);
            }
            Tag::FootnoteDefinition(label) => {
                self.outline.definitions.push((Label::footnote(label), range.clone()));
                self.hold(range);
            }
            Tag::Paragraph => self.paragraph(range),
            Tag::Heading { level, .. } => {
                self.ends_item_text(range.start);
                self.leaf(Sort::Heading(*level as u8), range.clone(), range);
            }
            Tag::CodeBlock(kind) => {
                self.ends_item_text(range.start);
                self.outline.verbatim.push(range.clone());
                match kind {
                    pulldown_cmark::CodeBlockKind::Fenced(_) => {
                        self.leaf(Sort::Fence, range.clone(), range);
                    }
                    pulldown_cmark::CodeBlockKind::Indented => self.outline.indented.push(range),
                }
            }
            Tag::Table(_) => {
                self.ends_item_text(range.start);
                self.table = range;
            }
            Tag::TableHead => {
                let table = self.table.clone();
                self.leaf(Sort::Row, range, table);
            }
            Tag::TableRow => {
                self.leaf(Sort::Row, range.clone(), range);
            }
            Tag::List(_) | Tag::HtmlBlock => self.ends_item_text(range.start),
            Tag::Link { id, .. } | Tag::Image { id, .. } => {
                if !id.is_empty() {
                    self.outline.references.push((Label::link(id), range.start));
                }
                self.inline(&range);
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => self.inline(&range),
            _ => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Item => {
                self.items.pop();
                self.open.pop();
            }
            TagEnd::BlockQuote(_) | TagEnd::DefinitionListDefinition | TagEnd::FootnoteDefinition => {
                self.open.pop();
            }
            _ => {}
        }
    }

    fn hold(&mut self, range: Range<usize>) {
        self.outline.containers.push(range);
        self.open.push(self.outline.containers.len() - 1);
    }

    /// The first paragraph of an item is the item's own text.
    fn paragraph(&mut self, range: Range<usize>) {
        let of_item = self.items.last().is_some_and(|(leaf, complete)| {
            !complete && self.outline.leaves[*leaf].whole == self.outline.containers[self.container()]
        });
        match self.items.last_mut().filter(|_| of_item) {
            Some((leaf, complete)) => {
                self.outline.leaves[*leaf].range.end = range.end;
                *complete = true;
            }
            None => {
                self.leaf(Sort::Paragraph, range.clone(), range);
            }
        }
    }

    /// A block in an item ends the item's own text.
    fn ends_item_text(&mut self, at: usize) {
        if let Some((leaf, complete)) = self.items.last_mut().filter(|(_, complete)| !*complete) {
            self.outline.leaves[*leaf].range.end = at.max(self.outline.leaves[*leaf].range.start);
            *complete = true;
        }
    }

    fn leaf(&mut self, sort: Sort, range: Range<usize>, whole: Range<usize>) -> usize {
        let container = self.container();
        self.outline.leaves.push(Leaf { sort, range, whole, container });
        self.outline.leaves.len() - 1
    }
}
