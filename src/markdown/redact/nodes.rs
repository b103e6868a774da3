//! Builds the tree of a text from the parser's events.
//!
//! Owns [`NodeTree`] and [`Node`]. The page is written from the same events. Directives (`:::name`) are nodes of their
//! own, closed by the same rule as in the writer. Must not know levels.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};
use unicase::UniCase;

use crate::diagnostic::Diagnostic;
use crate::markdown::directives::DirectiveLine;
use crate::markdown::syntax::{LinkDefinition, LinkDefinitions, ParsedText};
use crate::markdown::text_origin::TextOrigin;
use crate::rules::VISIBILITY_STRAY;

/// The type of a node. A page may have a million nodes, so what the event or the directive that begins a node says is
/// read there, and not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// The whole text. It is always the first node.
    Root,
    /// `:::name` … `:::`.
    Directive {
        closed: bool,
    },
    List,
    /// `ordered` if it begins with a number.
    Item {
        ordered: bool,
    },
    Quote,
    /// A quote with a title of its own: `> [!NOTE]`.
    Alert,
    Footnote,
    /// The definition of a term.
    DefinitionBody,
    Paragraph,
    Term,
    Heading {
        rank: u8,
    },
    /// A code block. `fenced` if it has a fence.
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
    /// A line end, a task's checkbox or a comment: nothing that readers see.
    Blank,
    /// Inline code, a formula or a reference to a footnote.
    Element,
    /// An inline raw tag.
    Tag,
    /// A horizontal rule, an include, `:::` without a beginning, or a line of raw HTML.
    Line,
}

impl NodeKind {
    /// Whether the node is the text of a block, with only inline nodes in it.
    pub fn is_text_block(self) -> bool {
        matches!(self, NodeKind::Paragraph | NodeKind::Term | NodeKind::Heading { .. } | NodeKind::Cell)
    }

    /// Whether the node has inline nodes in it and is one itself.
    pub fn is_inline(self) -> bool {
        matches!(self, NodeKind::Link | NodeKind::Image | NodeKind::Emphasis)
    }

    /// Whether the node's lines begin with an indent or a marker that belongs to it.
    pub fn is_container(self) -> bool {
        matches!(
            self,
            NodeKind::Root
                | NodeKind::Item { .. }
                | NodeKind::Quote
                | NodeKind::Alert
                | NodeKind::Footnote
                | NodeKind::DefinitionBody
        )
    }
}

/// A node. Nodes are sorted by their start, and each precedes the nodes inside it.
#[derive(Debug)]
pub(super) struct Node {
    pub kind: NodeKind,
    pub range: Range<usize>,
    pub parent: usize,
    /// From the first to the last child. Empty, at the node's start, if it has no children.
    pub inside: Range<usize>,
    /// The index of the first node after this one that is not inside it.
    pub end: usize,
    /// The index of the event that begins it.
    pub event: usize,
}

/// The target of references: a definition somewhere in the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum DefinitionTarget {
    Footnote(UniCase<String>),
    /// The link definition at this offset.
    Link(usize),
}

/// A parsed text as a tree.
pub(super) struct NodeTree<'t> {
    pub origin: &'t TextOrigin<'t>,
    pub text: &'t str,
    pub events: &'t [(Event<'t>, Range<usize>)],
    directives: &'t BTreeMap<usize, DirectiveLine>,
    /// Comments that the parser does not know, in order.
    pub comments: &'t [Range<usize>],
    pub nodes: Vec<Node>,
    /// Footnotes and link definitions, with their ranges.
    pub definitions: Vec<(DefinitionTarget, Range<usize>)>,
    /// The references to them, in order.
    pub references: Vec<(DefinitionTarget, Range<usize>)>,
}

impl<'t> NodeTree<'t> {
    /// Builds the tree of a parsed text.
    pub fn new(origin: &'t TextOrigin<'t>, parsed: &'t ParsedText<'t>) -> NodeTree<'t> {
        let text = origin.text;
        let link = |link: &LinkDefinition| (DefinitionTarget::Link(link.span.start), link.span.clone());
        let mut definitions: Vec<_> = parsed.definitions.values().map(link).collect();
        definitions.sort_by_key(|(_, range)| range.start);
        let root =
            Node { kind: NodeKind::Root, range: 0..text.len(), parent: 0, inside: 0..0, end: 0, event: 0 };
        let mut building = NodeTreeBuilder {
            document: NodeTree {
                origin,
                text,
                events: &parsed.events,
                directives: &parsed.extras.directives,
                comments: &parsed.extras.comments,
                nodes: vec![root],
                definitions,
                references: Vec::new(),
            },
            open: vec![OpenNode { node: 0, has_end_event: true }],
            event: 0,
            links: &parsed.definitions,
        };
        for (number, (event, range)) in parsed.events.iter().enumerate() {
            building.event = number;
            building.event(event, range.clone());
        }
        // The root and directives without an end are still open.
        while !building.open.is_empty() {
            building.close(text.len());
        }
        building.document
    }

    /// The directive on the line that a node begins with.
    pub fn directive(&self, node: &Node) -> Option<&'t DirectiveLine> {
        self.directives.get(&node.range.start)
    }

    /// The problem of a mark that hides too little or too much where it is.
    pub fn stray(&self, range: Range<usize>, message: &str, help: &str) -> Diagnostic {
        Diagnostic::new(&VISIBILITY_STRAY, self.origin.span(range), message).help(help)
    }

    /// The indexes of the direct children of a node.
    pub fn children(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[node].end;
        let first = Some(node + 1).filter(|first| *first < end);
        std::iter::successors(first, move |child| Some(self.nodes[*child].end).filter(|next| *next < end))
    }

    /// The innermost node that contains a range and satisfies `fits`.
    pub fn innermost(&self, range: &Range<usize>, fits: impl Fn(&Node) -> bool) -> usize {
        let mut at = self.nodes.partition_point(|node| node.range.start <= range.start).saturating_sub(1);
        while at != 0 && !(self.nodes[at].range.end >= range.end && fits(&self.nodes[at])) {
            at = self.nodes[at].parent;
        }
        at
    }

    /// The container around a range: an item, a quote or the text itself.
    pub fn container(&self, range: &Range<usize>) -> &Node {
        &self.nodes[self.innermost(range, |node| node.kind.is_container() && node.range != *range)]
    }
}

/// A node whose end has not been read.
struct OpenNode {
    node: usize,
    /// Whether the parser gives an event for its end.
    has_end_event: bool,
}

struct NodeTreeBuilder<'t> {
    document: NodeTree<'t>,
    open: Vec<OpenNode>,
    /// The index of the event that is read.
    event: usize,
    links: &'t LinkDefinitions,
}

impl NodeTreeBuilder<'_> {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(_) => self.end(range.end),
            Event::Rule => self.rule(range),
            Event::Html(_) => self.leaf(NodeKind::Line, range),
            Event::Text(_) => self.inline(NodeKind::Text, range),
            Event::SoftBreak | Event::HardBreak | Event::TaskListMarker(_) => {
                self.inline(NodeKind::Blank, range)
            }
            Event::InlineHtml(html) if html.starts_with("<!--") => self.inline(NodeKind::Blank, range),
            Event::FootnoteReference(label) => {
                let target = DefinitionTarget::Footnote(UniCase::new(label.to_string()));
                self.document.references.push((target, range.clone()));
                self.inline(NodeKind::Element, range);
            }
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                self.inline(NodeKind::Element, range);
            }
            Event::InlineHtml(_) => self.inline(NodeKind::Tag, range),
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let kind = match tag {
            Tag::Paragraph => NodeKind::Paragraph,
            Tag::Heading { level, .. } => NodeKind::Heading { rank: *level as u8 },
            Tag::BlockQuote(None) => NodeKind::Quote,
            Tag::BlockQuote(Some(_)) => NodeKind::Alert,
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => NodeKind::Code { fenced: true },
            Tag::CodeBlock(CodeBlockKind::Indented) => NodeKind::Code { fenced: false },
            Tag::HtmlBlock | Tag::MetadataBlock(_) => NodeKind::Html,
            Tag::List(_) | Tag::DefinitionList => NodeKind::List,
            Tag::Item => NodeKind::Item {
                ordered: self.document.text[range.start..].starts_with(|c: char| c.is_ascii_digit()),
            },
            Tag::FootnoteDefinition(label) => {
                let target = DefinitionTarget::Footnote(UniCase::new(label.to_string()));
                self.document.definitions.push((target, range.clone()));
                NodeKind::Footnote
            }
            Tag::DefinitionListTitle => NodeKind::Term,
            Tag::DefinitionListDefinition => NodeKind::DefinitionBody,
            Tag::Table(_) => NodeKind::Table,
            Tag::TableHead => NodeKind::TableHead,
            Tag::TableRow => NodeKind::Row,
            Tag::TableCell => NodeKind::Cell,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {
                NodeKind::Emphasis
            }
            Tag::Link { .. } => NodeKind::Link,
            Tag::Image { .. } => NodeKind::Image,
        };
        if kind.is_inline() {
            self.begin_text(range.start);
        } else {
            self.end_text();
        }
        let range = match tag {
            Tag::Link { id, .. } | Tag::Image { id, .. } => self.reference(id, range),
            _ => range,
        };
        self.push(kind, range);
    }

    /// Records the target of a link and returns its range. For `[a][]` the parser gives the range of `[a]`.
    fn reference(&mut self, id: &str, range: Range<usize>) -> Range<usize> {
        let Some(link) = self.links.get(&UniCase::new(id.to_owned())) else { return range };
        let text = self.document.text;
        let collapsed = text[range.end..].starts_with("[]") && !text[range.clone()].ends_with("[]");
        let range = if collapsed { range.start..range.end + 2 } else { range };
        self.document.references.push((DefinitionTarget::Link(link.span.start), range.clone()));
        range
    }

    fn end(&mut self, at: usize) {
        let ending = self.open.iter().rfind(|open| open.has_end_event).map_or(0, |open| open.node);
        if !self.document.nodes[ending].kind.is_inline() {
            self.end_text();
        }
        // Directives that are still open end with their container.
        while self.open.last().is_some_and(|open| !open.has_end_event) {
            self.close(at);
        }
        self.close(at);
    }

    /// Adds a horizontal rule, or the directive that was masked by it.
    fn rule(&mut self, range: Range<usize>) {
        self.end_text();
        let Some((&at, directive)) = self.document.directives.range(range.clone()).next() else {
            return self.leaf(NodeKind::Line, range);
        };
        let line = at..at + self.document.text[at..range.end].trim_end().len();
        match directive {
            DirectiveLine::Open { .. } => {
                self.push_without_end_event(NodeKind::Directive { closed: false }, line);
            }
            DirectiveLine::Close { colons } => self.close_directive(*colons, line),
            DirectiveLine::Include { .. } | DirectiveLine::Component { .. } | DirectiveLine::Comment => {
                self.leaf(NodeKind::Line, line);
            }
        }
    }

    /// Closes the innermost directive that has the same number of colons and is in the same container.
    fn close_directive(&mut self, wanted: usize, line: Range<usize>) {
        let here = self.open.iter().rposition(|open| open.has_end_event).map_or(0, |at| at + 1);
        for number in (here..self.open.len()).rev() {
            let node = &mut self.document.nodes[self.open[number].node];
            let opening = self.document.directives.get(&node.range.start);
            if matches!(opening, Some(DirectiveLine::Open { colons, .. }) if *colons == wanted) {
                node.kind = NodeKind::Directive { closed: true };
                while self.open.len() > number + 1 {
                    self.close(line.start);
                }
                return self.close(line.end);
            }
        }
        self.leaf(NodeKind::Line, line);
    }

    fn inline(&mut self, kind: NodeKind, range: Range<usize>) {
        self.begin_text(range.start);
        self.leaf(kind, range);
    }

    /// Begins a paragraph for text that the parser gives without one, as in a tight item.
    fn begin_text(&mut self, at: usize) {
        let parent = self.document.nodes[self.open.last().map_or(0, |open| open.node)].kind;
        if parent.is_container() || matches!(parent, NodeKind::Directive { .. }) {
            self.push_without_end_event(NodeKind::Paragraph, at..at);
        }
    }

    /// Ends such a paragraph.
    fn end_text(&mut self) {
        let Some(open) = self.open.last().filter(|open| !open.has_end_event) else { return };
        let node = &self.document.nodes[open.node];
        if node.kind == NodeKind::Paragraph {
            self.close(node.inside.end);
        }
    }

    fn leaf(&mut self, kind: NodeKind, range: Range<usize>) {
        let end = range.end;
        self.push_without_end_event(kind, range);
        self.close(end);
    }

    fn push(&mut self, kind: NodeKind, range: Range<usize>) {
        self.push_without_end_event(kind, range);
        if let Some(open) = self.open.last_mut() {
            open.has_end_event = true;
        }
    }

    fn push_without_end_event(&mut self, kind: NodeKind, range: Range<usize>) {
        let parent = self.open.last().map_or(0, |open| open.node);
        let (node, inside) = (self.document.nodes.len(), range.start..range.start);
        self.document.nodes.push(Node { kind, range, parent, inside, end: 0, event: self.event });
        self.open.push(OpenNode { node, has_end_event: false });
    }

    /// Closes the innermost node. The parser has already given the range of most nodes.
    fn close(&mut self, at: usize) {
        let Some(open) = self.open.pop() else { return };
        let end = self.document.nodes.len();
        let node = &mut self.document.nodes[open.node];
        node.end = end;
        if !open.has_end_event {
            node.range.end = at;
        }
        let range = node.range.clone();
        if let Some(outer) = self.open.last() {
            let outer = &mut self.document.nodes[outer.node];
            let start = if outer.inside.is_empty() { range.start } else { outer.inside.start };
            outer.inside = start..range.end.max(outer.inside.end);
        }
    }
}
