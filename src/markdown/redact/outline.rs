//! Which blocks a text has, and where they stand.
//!
//! Owns one walk over the parser's events, with directives masked as the writer will see them: so both agree about what
//! is code. Knows no levels.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag, TagEnd};

use crate::markdown::directives::{self, Dialect, Mark};
use crate::markdown::notes::{self, Flavor};
use crate::markdown::pieces::{Piece, pieces};
use crate::markdown::writer::EXTENSIONS;

/// A block that holds text of its own.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub sort: Sort,
    /// The text's place: of an item, its first text.
    pub range: Range<usize>,
    /// The place of all that goes with it: an item, a row.
    pub whole: Range<usize>,
    /// The container that it stands in, as a number in [`Outline::containers`].
    pub container: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Paragraph,
    /// Of a list, or what is said of a term.
    Item,
    Heading(u8),
    /// A line of dashes makes it a heading, which it may not be in notes.
    Doubtful,
    /// The head of a table goes with the whole table.
    Row,
    /// With all that is said of it.
    Term,
    /// Between fences.
    Fence,
    /// Code by its indent.
    Indented,
    /// Raw HTML.
    Html,
}

/// Something that holds blocks.
#[derive(Debug, Clone)]
pub(super) struct Container {
    pub kind: Kind,
    pub range: Range<usize>,
    pub parent: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Item,
    Quote,
    /// A quote with a title of its own: `> [!NOTE]`.
    Alert,
    Footnote,
    /// What is said of a term.
    Detail,
}

/// A link, an image, emphasis or code in a line.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub range: Range<usize>,
    /// What stands between its signs, where words may be hidden in it.
    pub inside: Range<usize>,
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
    /// Elements in lines: where each ends, and where it begins. Of several with one end, the outermost.
    pub inline: BTreeMap<usize, usize>,
    /// Those that hold text, inner ones before outer ones.
    pub elements: Vec<Element>,
    /// Where nothing is a mark: code.
    pub code: Vec<Range<usize>>,
    /// Tags.
    pub html: Vec<Range<usize>>,
    /// What is never published.
    pub comments: Vec<Range<usize>>,
    /// Code by its indent, or because a fence is not closed: a mark in it was perhaps meant.
    pub accidental: Vec<Range<usize>>,
    /// Lines that are directives, with the container that each stands in.
    pub marks: BTreeMap<usize, (Mark, usize)>,
    /// Each before those in it; the first is the whole text.
    pub containers: Vec<Container>,
    /// Items of numbered lists, by list.
    pub numbered: Vec<Vec<Range<usize>>>,
    /// Footnotes and the destinations of links by label, with their places.
    pub definitions: Vec<(Label, Range<usize>)>,
    /// What refers to them, in order.
    pub references: Vec<(Label, Range<usize>)>,
}

impl Outline {
    /// The innermost container that holds all of a range, and more than it.
    pub fn around(&self, range: &Range<usize>) -> usize {
        let behind = self.containers.partition_point(|one| one.range.start <= range.start);
        let mut at = behind - 1;
        let holds = |one: &Container| one.range.end >= range.end && one.range != *range;
        while at != 0 && !holds(&self.containers[at]) {
            at = self.containers[at].parent;
        }
        at
    }

    /// The block whose own text holds an offset, as a number in `leaves`.
    pub fn leaf(&self, at: usize) -> Option<usize> {
        let behind = self.leaves.partition_point(|leaf| leaf.range.start <= at);
        behind.checked_sub(1).filter(|last| at < self.leaves[*last].range.end)
    }
}

/// Reads the blocks of a text; `flavor` is what it may be, as the page's kind is not known.
pub(super) fn of(text: &str, dialect: Dialect, flavor: Flavor) -> Outline {
    let mut masked = directives::mask(text, dialect);
    let doubtful = notes::dividers(&masked.text, flavor);
    masked.text = notes::without_sizes(masked.text);
    let whole = Container { kind: Kind::Text, range: 0..text.len(), parent: 0 };
    let outline = Outline { containers: vec![whole], comments: masked.hidden, ..Outline::default() };
    let mut reading = Reading::new(text, outline, masked.marks, doubtful);
    let parser = Parser::new_ext(&masked.text, EXTENSIONS);
    for (label, definition) in parser.reference_definitions().iter() {
        reading.outline.definitions.push((Label::link(label), definition.span.clone()));
    }
    for (event, range) in parser.into_offset_iter() {
        reading.event(&event, range);
    }
    let mut outline = reading.outline;
    for ranges in [&mut outline.code, &mut outline.html, &mut outline.comments] {
        ranges.sort_by_key(|range| range.start);
    }
    outline.leaves.sort_by_key(|leaf| (leaf.range.start, std::cmp::Reverse(leaf.range.end)));
    outline
}

struct Reading<'t> {
    text: &'t str,
    outline: Outline,
    marks: BTreeMap<usize, Mark>,
    /// Lines of dashes that notes do not take for the line beneath a heading.
    doubtful: Vec<Range<usize>>,
    /// Containers that are open, and whether each still waits for its own text.
    open: Vec<(usize, bool)>,
    /// Elements that are open, and what stands in them so far.
    elements: Vec<Element>,
    /// The numbers of open lists.
    lists: Vec<Option<usize>>,
    /// A text in a container without blank lines: the parser tells of no paragraph.
    tight: Option<usize>,
    /// Whether the parser has told in which block the text stands.
    told: bool,
    table: Range<usize>,
    /// The leaf of the last term.
    term: usize,
}

impl<'t> Reading<'t> {
    fn new(
        text: &'t str,
        outline: Outline,
        marks: BTreeMap<usize, Mark>,
        doubtful: Vec<Range<usize>>,
    ) -> Reading<'t> {
        Reading {
            text,
            outline,
            marks,
            doubtful,
            open: vec![(0, false)],
            elements: Vec::new(),
            lists: Vec::new(),
            tight: None,
            told: false,
            table: 0..0,
            term: 0,
        }
    }

    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(end) => self.end(*end),
            Event::Rule => {
                self.begin_block();
                if let Some((at, mark)) = self.marks.range(range).next() {
                    self.outline.marks.insert(*at, (mark.clone(), self.container()));
                }
            }
            Event::Html(_) => {}
            Event::TaskListMarker(_) => {}
            event => self.inline(event, range),
        }
    }

    /// Something in a line.
    fn inline(&mut self, event: &Event<'_>, range: Range<usize>) {
        self.text_at(&range);
        match event {
            Event::Code(_) => {
                self.outline.code.push(range.clone());
                self.element(Element { inside: range.clone(), range });
            }
            Event::InlineHtml(html) if html.starts_with("<!--") => self.outline.comments.push(range),
            Event::InlineHtml(_) => self.outline.html.push(range),
            Event::FootnoteReference(label) => {
                self.outline.references.push((Label::footnote(label), range.clone()));
                self.element(Element { inside: range.clone(), range });
            }
            _ => {}
        }
    }

    /// Notes where text stands: in elements, and in a block that the parser has not told of.
    fn text_at(&mut self, range: &Range<usize>) {
        self.widen(range);
        if self.told {
            return;
        }
        match self.tight {
            Some(leaf) => self.outline.leaves[leaf].range.end = range.end,
            None => {
                self.tight = Some(self.text_leaf(range.clone()));
            }
        }
    }

    /// What stands in an element reaches to its last text.
    fn widen(&mut self, range: &Range<usize>) {
        if let Some(Element { inside, .. }) = self.elements.last_mut() {
            *inside = if inside.start == inside.end { range.clone() } else { inside.start..range.end };
        }
    }

    /// The first text of an item is the item's own.
    fn text_leaf(&mut self, range: Range<usize>) -> usize {
        let container = self.container();
        let last = self.open.last_mut().expect("the text itself is never closed");
        match std::mem::take(&mut last.1) {
            true => {
                let whole = self.outline.containers[container].range.clone();
                self.leaf(Sort::Item, range, whole)
            }
            false => self.leaf(Sort::Paragraph, range.clone(), range),
        }
    }

    fn element(&mut self, element: Element) {
        let start = self.outline.inline.entry(element.range.end).or_insert(element.range.start);
        *start = element.range.start.min(*start);
    }

    fn container(&self) -> usize {
        self.open.last().expect("the text itself is never closed").0
    }

    /// A block ends the text before it.
    fn begin_block(&mut self) {
        self.tight = None;
        if let Some(last) = self.open.last_mut() {
            last.1 = false;
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::List(first) => {
                self.begin_block();
                self.lists.push(first.map(|_| self.outline.numbered.len()));
                self.outline.numbered.extend(first.map(|_| Vec::new()));
            }
            Tag::Item => {
                if let Some(list) = self.lists.last().copied().flatten() {
                    self.outline.numbered[list].push(range.clone());
                }
                self.hold(Kind::Item, range);
            }
            Tag::BlockQuote(None) => self.hold(Kind::Quote, range),
            Tag::BlockQuote(Some(_)) => self.hold(Kind::Alert, range),
            Tag::DefinitionListDefinition => {
                self.outline.leaves[self.term].whole.end = range.end;
                self.hold(Kind::Detail, range);
            }
            Tag::FootnoteDefinition(label) => {
                self.outline.definitions.push((Label::footnote(label), range.clone()));
                self.hold(Kind::Footnote, range);
            }
            Tag::Paragraph => {
                self.told = true;
                self.text_leaf(range);
            }
            Tag::Heading { level, .. } => self.heading(*level as u8, range),
            Tag::DefinitionListTitle => {
                self.told = true;
                self.term = self.block(Sort::Term, range);
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => {
                self.outline.code.push(range.clone());
                if !is_closed(&self.text[range.clone()]) {
                    self.outline.accidental.push(range.clone());
                }
                self.block(Sort::Fence, range);
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.outline.code.push(range.clone());
                self.outline.accidental.push(range.clone());
                self.block(Sort::Indented, range);
            }
            Tag::HtmlBlock => self.html(range),
            Tag::Table(_) | Tag::TableHead | Tag::TableRow => self.table(tag, range),
            _ => self.start_element(tag, range),
        }
        // What stands between a block's start and end is told of.
        self.told |= matches!(tag, Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_));
    }

    fn table(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        if let Tag::Table(_) = tag {
            self.begin_block();
            self.table = range;
            return;
        }
        self.told = true;
        let whole = if *tag == Tag::TableHead { self.table.clone() } else { range.clone() };
        self.leaf(Sort::Row, range, whole);
    }

    fn start_element(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let range = match tag {
            Tag::Link { link_type: LinkType::Collapsed, .. }
            | Tag::Image { link_type: LinkType::Collapsed, .. }
                if self.text[range.end..].starts_with("[]") =>
            {
                range.start..range.end + 2
            }
            Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::Strong | Tag::Strikethrough => range,
            _ => return,
        };
        if let Tag::Link { id, .. } | Tag::Image { id, .. } = tag
            && !id.is_empty()
        {
            self.outline.references.push((Label::link(id), range.clone()));
        }
        self.text_at(&range);
        let element = Element { inside: range.start..range.start, range };
        self.element(element.clone());
        self.elements.push(element);
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Item
            | TagEnd::BlockQuote(_)
            | TagEnd::DefinitionListDefinition
            | TagEnd::FootnoteDefinition => {
                self.tight = None;
                self.open.pop();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.tight = None;
            }
            TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                let element = self.elements.pop();
                element.iter().for_each(|element| self.widen(&element.range));
                self.outline.elements.extend(element);
            }
            // An image without a text is still one.
            TagEnd::Image => {
                let image = self.elements.pop();
                image.iter().for_each(|image| self.widen(&image.range));
            }
            TagEnd::TableCell | TagEnd::MetadataBlock(_) => {}
            _ => (self.told, self.tight) = (false, None),
        }
    }

    fn heading(&mut self, level: u8, range: Range<usize>) {
        self.told = true;
        let last = range.start + self.text[range.clone()].trim_end().len();
        let doubtful = self.doubtful.binary_search_by_key(&last, |line| line.end).is_ok();
        self.block(if doubtful { Sort::Doubtful } else { Sort::Heading(level) }, range);
    }

    fn html(&mut self, range: Range<usize>) {
        for (piece, part) in pieces(&self.text[range.clone()]) {
            if matches!(piece, Piece::Comment | Piece::Unclosed) {
                self.outline.comments.push(range.start + part.start..range.start + part.end);
            }
        }
        self.outline.html.push(range.clone());
        self.block(Sort::Html, range);
    }

    fn hold(&mut self, kind: Kind, range: Range<usize>) {
        self.begin_block();
        let parent = self.container();
        self.outline.containers.push(Container { kind, range, parent });
        let awaits = matches!(kind, Kind::Item | Kind::Detail);
        self.open.push((self.outline.containers.len() - 1, awaits));
    }

    fn block(&mut self, sort: Sort, range: Range<usize>) -> usize {
        self.begin_block();
        self.leaf(sort, range.clone(), range)
    }

    fn leaf(&mut self, sort: Sort, range: Range<usize>, whole: Range<usize>) -> usize {
        let container = self.container();
        self.outline.leaves.push(Leaf { sort, range, whole, container });
        self.outline.leaves.len() - 1
    }
}

/// Whether the last line of a block of code closes the fence of the first one.
fn is_closed(code: &str) -> bool {
    let Some((first, rest)) = code.trim_end().split_once('\n') else { return false };
    let last = rest.rsplit('\n').next().unwrap_or_default().trim_start_matches([' ', '\t', '>']);
    let run = |line: &str| line.len() - line.trim_start_matches(['`', '~']).len();
    run(last) >= run(first) && run(last) == last.len()
}
