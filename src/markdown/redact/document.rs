//! One text as the parser reads it: its events, and the tree that they draw.
//!
//! Owns [`Document`] and [`Node`]. The events are those from which the page is written; directives (`:::name`) are nodes
//! of their own, closed by the writer's rule. Knows no levels.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, RefDefs, Tag, TagEnd};
use unicase::UniCase;

use crate::markdown::directives::{Mark, Masked};
use crate::markdown::syntax::Syntax;

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// The whole text; always the first node.
    Root,
    /// `:::name` … `:::`. `opening` is its first line from the first colon on.
    Directive {
        name: String,
        opening: Range<usize>,
        colons: usize,
        closed: bool,
    },
    List,
    /// `ordered` where it begins with a number.
    Item {
        ordered: bool,
    },
    Quote,
    /// A quote with a title of its own: `> [!NOTE]`.
    Alert,
    Footnote,
    /// What is said of a term.
    Detail,
    Paragraph,
    Term,
    Heading {
        rank: u8,
        classes: Vec<String>,
    },
    /// A block of code. `fenced` where it is written with a fence.
    Code {
        fenced: bool,
    },
    Html,
    Table,
    TableHead,
    Row,
    Cell,
    Link,
    Image,
    /// Bold, italic, struck through.
    Emphasis,
    Text,
    /// The end of a line, the box of a task, a comment: nothing that a reader could miss.
    Blank,
    /// Code or a formula in a line, a reference to a footnote.
    Element,
    /// A tag in a line.
    Tag,
    /// A horizontal line, an include, a line of raw HTML.
    Line,
}

impl Kind {
    /// Whether the node is text of a block: nothing but inline nodes stands in it.
    pub fn is_text_block(&self) -> bool {
        matches!(self, Kind::Paragraph | Kind::Term | Kind::Heading { .. } | Kind::Cell)
    }

    /// Whether marks are read in the node's own text.
    pub fn holds_marks(&self) -> bool {
        self.is_text_block() || matches!(self, Kind::Link | Kind::Image | Kind::Emphasis)
    }

    /// Whether the node's lines begin with an indent or a sign that belongs to it.
    pub fn is_container(&self) -> bool {
        matches!(
            self,
            Kind::Root | Kind::Item { .. } | Kind::Quote | Kind::Alert | Kind::Footnote | Kind::Detail
        )
    }
}

/// A node. Nodes stand in the order of their beginnings, each before those in it.
#[derive(Debug)]
pub(super) struct Node {
    pub kind: Kind,
    pub range: Range<usize>,
    pub parent: usize,
    /// From the first to the last thing in it; empty at its beginning where nothing is in it.
    pub inside: Range<usize>,
    /// The number of the first node that no longer lies in this one.
    pub end: usize,
}

/// What is defined at one place and referred to from others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Target {
    Footnote(UniCase<String>),
    /// The destination of links that is defined at this offset.
    Link(usize),
}

/// A text as it is read.
pub(super) struct Document<'t> {
    pub text: &'t str,
    pub events: Vec<(Event<'t>, Range<usize>)>,
    pub marks: &'t BTreeMap<usize, Mark>,
    /// Comments that the parser does not know, in order.
    pub comments: &'t [Range<usize>],
    pub nodes: Vec<Node>,
    /// Footnotes and destinations of links, with their places.
    pub definitions: Vec<(Target, Range<usize>)>,
    /// What refers to them, in order.
    pub references: Vec<(Target, Range<usize>)>,
}

impl<'t> Document<'t> {
    /// Reads a text; `masked` is the same text masked by the same syntax.
    pub fn read(text: &'t str, masked: &'t Masked<'_>, syntax: Syntax) -> Document<'t> {
        let mut parser = syntax.parser(&masked.text).into_offset_iter();
        let events: Vec<_> = parser.by_ref().collect();
        let links = parser.reference_definitions();
        let mut definitions: Vec<_> =
            links.iter().map(|(_, link)| (Target::Link(link.span.start), link.span.clone())).collect();
        definitions.sort_by_key(|(_, range)| range.start);
        let root = Node { kind: Kind::Root, range: 0..text.len(), parent: 0, inside: 0..0, end: 0 };
        let mut building = Building {
            document: Document {
                text,
                events: Vec::new(),
                marks: &masked.marks,
                comments: &masked.hidden,
                nodes: vec![root],
                definitions,
                references: Vec::new(),
            },
            open: vec![Open { node: 0, tag: true }],
            links,
        };
        for (event, range) in &events {
            building.event(event, range.clone());
        }
        while !building.open.is_empty() {
            building.close(text.len());
        }
        let document = building.document;
        Document { events, ..document }
    }

    /// The numbers of the nodes directly in a node.
    pub fn children(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[node].end;
        let first = Some(node + 1).filter(|first| *first < end);
        std::iter::successors(first, move |child| Some(self.nodes[*child].end).filter(|next| *next < end))
    }

    /// The innermost node that holds a range and fits.
    pub fn innermost(&self, range: &Range<usize>, fits: impl Fn(&Node) -> bool) -> usize {
        let mut at = self.nodes.partition_point(|node| node.range.start <= range.start).saturating_sub(1);
        while at != 0 && !(self.nodes[at].range.end >= range.end && fits(&self.nodes[at])) {
            at = self.nodes[at].parent;
        }
        at
    }

    /// The container around a range: an item, a quote, the text itself.
    pub fn container(&self, range: &Range<usize>) -> &Node {
        &self.nodes[self.innermost(range, |node| node.kind.is_container() && node.range != *range)]
    }
}

/// A node that is being read.
struct Open {
    node: usize,
    /// Whether the parser tells of its end.
    tag: bool,
}

struct Building<'t, 'p> {
    document: Document<'t>,
    open: Vec<Open>,
    links: &'p RefDefs<'p>,
}

impl Building<'_, '_> {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(end) => self.end(end, range.end),
            Event::Rule => self.rule(range),
            Event::Html(_) => self.leaf(Kind::Line, range),
            Event::Text(_) => self.inline(Kind::Text, range),
            Event::SoftBreak | Event::HardBreak | Event::TaskListMarker(_) => self.inline(Kind::Blank, range),
            Event::InlineHtml(html) if html.starts_with("<!--") => self.inline(Kind::Blank, range),
            Event::FootnoteReference(label) => {
                let target = Target::Footnote(UniCase::new(label.to_string()));
                self.document.references.push((target, range.clone()));
                self.inline(Kind::Element, range);
            }
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                self.inline(Kind::Element, range);
            }
            Event::InlineHtml(_) => self.inline(Kind::Tag, range),
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let kind = match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, classes, .. } => Kind::Heading {
                rank: *level as u8,
                classes: classes.iter().map(ToString::to_string).collect(),
            },
            Tag::BlockQuote(None) => Kind::Quote,
            Tag::BlockQuote(Some(_)) => Kind::Alert,
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => Kind::Code { fenced: true },
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Code { fenced: false },
            Tag::HtmlBlock | Tag::MetadataBlock(_) => Kind::Html,
            Tag::List(_) | Tag::DefinitionList => Kind::List,
            Tag::Item => Kind::Item {
                ordered: self.document.text[range.start..].starts_with(|c: char| c.is_ascii_digit()),
            },
            Tag::FootnoteDefinition(label) => {
                let target = Target::Footnote(UniCase::new(label.to_string()));
                self.document.definitions.push((target, range.clone()));
                Kind::Footnote
            }
            Tag::DefinitionListTitle => Kind::Term,
            Tag::DefinitionListDefinition => Kind::Detail,
            Tag::Table(_) => Kind::Table,
            Tag::TableHead => Kind::TableHead,
            Tag::TableRow => Kind::Row,
            Tag::TableCell => Kind::Cell,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {
                Kind::Emphasis
            }
            Tag::Link { .. } => Kind::Link,
            Tag::Image { .. } => Kind::Image,
        };
        match tag {
            Tag::Link { id, .. } | Tag::Image { id, .. } => {
                self.begin_text(range.start);
                let range = self.reference(id, range);
                self.push(kind, range);
            }
            _ if kind == Kind::Emphasis => {
                self.begin_text(range.start);
                self.push(kind, range);
            }
            _ => {
                self.end_text();
                self.push(kind, range);
            }
        }
    }

    /// Notes what a link refers to. Returns its range: of `[a][]` the parser gives that of `[a]`.
    fn reference(&mut self, id: &str, range: Range<usize>) -> Range<usize> {
        let Some(link) = self.links.get(id).filter(|_| !id.is_empty()) else { return range };
        let text = self.document.text;
        let collapsed = text[range.end..].starts_with("[]") && !text[range.clone()].ends_with("[]");
        let range = if collapsed { range.start..range.end + 2 } else { range };
        self.document.references.push((Target::Link(link.span.start), range.clone()));
        range
    }

    fn end(&mut self, end: &TagEnd, at: usize) {
        if !matches!(
            end,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Superscript
                | TagEnd::Subscript
                | TagEnd::Link
                | TagEnd::Image
        ) {
            self.end_text();
        }
        // Directives that are still open end with the container that they stand in.
        while self.open.last().is_some_and(|open| !open.tag) {
            self.close(at);
        }
        self.close(at);
    }

    /// A horizontal line, or the line of a directive in whose place the parser sees one.
    fn rule(&mut self, range: Range<usize>) {
        self.end_text();
        let Some((&at, mark)) = self.document.marks.range(range.clone()).next() else {
            return self.leaf(Kind::Line, range);
        };
        let line_end = at + self.document.text[at..range.end].trim_end().len();
        match mark {
            Mark::Open { colons, name, .. } => {
                let opening = at..line_end;
                let kind = Kind::Directive { name: name.clone(), opening, colons: *colons, closed: false };
                self.push_untold(kind, at..line_end);
            }
            Mark::Close { colons } => self.close_directive(*colons, at, line_end),
            Mark::Include { .. } | Mark::Component { .. } | Mark::Comment => {
                self.leaf(Kind::Line, at..line_end);
            }
        }
    }

    /// Closes the innermost directive with as many colons, of those that stand in the same container.
    fn close_directive(&mut self, wanted: usize, at: usize, line_end: usize) {
        let fits = |open: &Open| matches!(self.document.nodes[open.node].kind, Kind::Directive { colons, .. } if colons == wanted);
        let here = self.open.iter().rposition(|open| open.tag).map_or(0, |at| at + 1);
        let Some(found) = self.open[here..].iter().rposition(fits) else { return };
        while self.open.len() > here + found + 1 {
            self.close(at);
        }
        if let Some(open) = self.open.last()
            && let Kind::Directive { closed, .. } = &mut self.document.nodes[open.node].kind
        {
            *closed = true;
        }
        self.close(line_end);
    }

    fn inline(&mut self, kind: Kind, range: Range<usize>) {
        self.begin_text(range.start);
        self.leaf(kind, range);
    }

    /// The text of a tight item, and of what else holds text without a paragraph, is a paragraph of its own.
    fn begin_text(&mut self, at: usize) {
        let parent = &self.document.nodes[self.open.last().map_or(0, |open| open.node)].kind;
        if parent.is_container() || matches!(parent, Kind::Directive { .. }) {
            self.push_untold(Kind::Paragraph, at..at);
        }
    }

    /// Ends such a paragraph.
    fn end_text(&mut self) {
        let Some(open) = self.open.last().filter(|open| !open.tag) else { return };
        let node = &self.document.nodes[open.node];
        if node.kind == Kind::Paragraph {
            self.close(node.inside.end);
        }
    }

    fn leaf(&mut self, kind: Kind, range: Range<usize>) {
        let end = range.end;
        self.push_untold(kind, range);
        self.close(end);
    }

    fn push(&mut self, kind: Kind, range: Range<usize>) {
        let parent = self.open.last().map_or(0, |open| open.node);
        let inside = range.start..range.start;
        self.open.push(Open { node: self.document.nodes.len(), tag: true });
        self.document.nodes.push(Node { kind, range, parent, inside, end: 0 });
    }

    /// Pushes a node of whose end the parser does not tell.
    fn push_untold(&mut self, kind: Kind, range: Range<usize>) {
        self.push(kind, range);
        if let Some(open) = self.open.last_mut() {
            open.tag = false;
        }
    }

    /// Closes the innermost node; the parser has told the range of most of them already.
    fn close(&mut self, at: usize) {
        let Some(open) = self.open.pop() else { return };
        let end = self.document.nodes.len();
        let node = &mut self.document.nodes[open.node];
        node.end = end;
        if !open.tag {
            node.range.end = at;
        }
        let (range, parent) = (node.range.clone(), node.parent);
        if let Some(outer) = self.open.last().map(|_| &mut self.document.nodes[parent]) {
            let first = outer.inside.is_empty();
            let start = if first { range.start } else { outer.inside.start };
            outer.inside = start..range.end.max(outer.inside.end);
        }
    }
}
