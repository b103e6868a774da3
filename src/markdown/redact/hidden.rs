//! Computes everything that is hidden in a text: the ranges that marks hide, and what follows from them.
//!
//! Owns this closure. A node with only hidden content is hidden too, as an author who deletes the only words of an item
//! deletes the item. Footnotes and link definitions are hidden if only hidden text refers to them. Must not know the
//! syntax of marks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::marks::LevelMark;
use super::nodes::{DefinitionTarget, Node, NodeKind, NodeTree};
use crate::diagnostic::Diagnostic;
use crate::markdown::directive_names::LAYOUT_DIRECTIVES;
use crate::markdown::directives::DirectiveLine;
use crate::visibility::{Audience, Level, WithheldPart};

/// The most rounds in which hidden text may hide other text: a footnote, for example, then a paragraph that only refers
/// to it.
const MOST_ROUNDS: usize = 4;

/// A hidden node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HiddenNode {
    pub range: Range<usize>,
    pub what: WithheldPart,
    pub level: Level,
    pub cause: HiddenBy,
}

/// The reason why a node is hidden. It decides whether anything replaces the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HiddenBy {
    /// A mark.
    Mark,
    /// All of its content is hidden.
    Emptied,
    /// Only hidden text refers to it. Nothing replaces it.
    Unused,
}

/// Hidden ranges with their levels. No two of them touch.
#[derive(Debug, Default)]
pub(super) struct HiddenRanges(BTreeMap<usize, (usize, Level)>);

impl HiddenRanges {
    pub fn of_nodes(hidden: &[HiddenNode]) -> HiddenRanges {
        let mut cover = HiddenRanges::default();
        for one in hidden {
            cover.add(&one.range, one.level);
        }
        cover
    }

    pub fn add(&mut self, range: &Range<usize>, level: Level) {
        if range.is_empty() {
            return;
        }
        let (mut start, mut end, mut level) = (range.start, range.end, level);
        while let Some((&from, &(to, other))) =
            self.0.range(..=end).next_back().filter(|(_, (to, _))| *to >= start)
        {
            (start, end, level) = (start.min(from), end.max(to), level.max(other));
            self.0.remove(&from);
        }
        self.0.insert(start, (end, level));
    }

    /// The hidden range that contains an offset: its end and level.
    pub fn at(&self, offset: usize) -> Option<(usize, Level)> {
        self.0.range(..=offset).next_back().map(|(_, found)| *found).filter(|(end, _)| offset < *end)
    }

    /// The level of the range that hides a whole range.
    fn level(&self, range: &Range<usize>) -> Option<Level> {
        self.at(range.start).filter(|(end, _)| *end >= range.end).map(|(_, level)| level)
    }

    /// The parts of a range that are not hidden.
    pub fn gaps(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut gaps = Vec::new();
        let mut at = self.at(range.start).map_or(range.start, |(end, _)| end);
        for (&start, &(end, _)) in self.0.range(range.start..range.end) {
            if start > at {
                gaps.push(at..start);
            }
            at = at.max(end);
        }
        if at < range.end {
            gaps.push(at..range.end);
        }
        gaps
    }
}

/// Finds what an audience must not see of a text, outer ranges before inner ones, and the problems with it.
pub(super) fn find(
    document: &NodeTree<'_>,
    marks: &[LevelMark],
    audience: Audience,
) -> (Vec<HiddenNode>, Vec<Diagnostic>) {
    let mut hidden = Vec::new();
    for mark in marks.iter().filter(|mark| !audience.sees(mark.level)) {
        let LevelMark { level, what, ref hides, .. } = *mark;
        hidden.push(HiddenNode { range: hides.clone(), what, level, cause: HiddenBy::Mark });
    }
    if hidden.is_empty() {
        return (hidden, Vec::new());
    }
    for _ in 0..MOST_ROUNDS {
        let mut cover = HiddenRanges::of_nodes(&hidden);
        hidden.extend(emptied(document, &mut cover));
        let unused = unused(document, &cover);
        if unused.is_empty() {
            break;
        }
        hidden.extend(unused);
    }
    // `outermost` needs outer ranges before inner ones.
    hidden.sort_by_key(|one| (one.range.start, std::cmp::Reverse(one.range.end)));
    let problems = unclear(document, &HiddenRanges::of_nodes(&hidden));
    (hidden, problems)
}

/// The ranges that are not inside another one. `hidden` is sorted by start.
pub(super) fn outermost(hidden: &[HiddenNode]) -> Vec<&HiddenNode> {
    let mut outer: Vec<&HiddenNode> = Vec::new();
    for one in hidden {
        if outer.last().is_none_or(|last| last.range.end < one.range.end) {
            outer.push(one);
        }
    }
    outer
}

/// The remainder of a node: the greatest of those of its children.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NodeRemainder {
    /// The node had no visible content.
    Blank,
    /// All visible content is hidden.
    Gone(Level),
    Visible,
}

/// Finds nodes with only hidden content.
fn emptied(document: &NodeTree<'_>, cover: &mut HiddenRanges) -> Vec<HiddenNode> {
    let (nodes, mut found) = (&document.nodes, Vec::new());
    let mut left = vec![NodeRemainder::Blank; nodes.len()];
    // Inner nodes are examined before the nodes that contain them.
    for number in (1..nodes.len()).rev() {
        let node = &nodes[number];
        if let Some(level) = cover.level(&node.range) {
            left[number] = NodeRemainder::Gone(level);
            continue;
        }
        let children = document.children(number).map(|child| left[child]).max();
        left[number] = match node.kind {
            NodeKind::Text => text_left(document.text, &node.range, cover),
            NodeKind::Blank | NodeKind::Cell => children.unwrap_or(NodeRemainder::Blank),
            // A node without children, such as a horizontal rule, is visible itself.
            _ => children.unwrap_or(NodeRemainder::Visible),
        };
        let NodeRemainder::Gone(level) = left[number] else { continue };
        let what = match node.kind {
            NodeKind::Paragraph => WithheldPart::Paragraph,
            NodeKind::Row => WithheldPart::Row,
            NodeKind::Item { .. } | NodeKind::DefinitionBody => WithheldPart::Item,
            NodeKind::Quote | NodeKind::Footnote => WithheldPart::Block,
            NodeKind::Emphasis | NodeKind::Link => WithheldPart::Inline,
            NodeKind::Directive { closed: true } if is_layout(document, node) => WithheldPart::Block,
            // These have no text or HTML of their own that could be removed.
            NodeKind::List | NodeKind::Cell | NodeKind::Text => continue,
            _ => {
                left[number] = NodeRemainder::Visible;
                continue;
            }
        };
        cover.add(&node.range, level);
        found.push(HiddenNode { range: node.range.clone(), what, level, cause: HiddenBy::Emptied });
    }
    found
}

/// Whether a node is a directive that only arranges its content.
fn is_layout(document: &NodeTree<'_>, node: &Node) -> bool {
    matches!(document.directive(node), Some(DirectiveLine::Open { name, .. }) if LAYOUT_DIRECTIVES.contains(&name.as_str()))
}

fn text_left(text: &str, range: &Range<usize>, cover: &HiddenRanges) -> NodeRemainder {
    let gaps = cover.gaps(range.clone());
    if gaps.iter().any(|gap| !text[gap.clone()].trim().is_empty()) {
        return NodeRemainder::Visible;
    }
    match cover.0.range(..range.end).next_back() {
        Some((_, &(end, level))) if end > range.start => NodeRemainder::Gone(level),
        _ => NodeRemainder::Blank,
    }
}

/// Finds definitions that only hidden text refers to, and references to hidden footnotes.
fn unused(document: &NodeTree<'_>, cover: &HiddenRanges) -> Vec<HiddenNode> {
    let mut found = Vec::new();
    let mut add = |range: &Range<usize>, what: WithheldPart, level: Level| {
        if cover.at(range.start).is_none() {
            found.push(HiddenNode { range: range.clone(), what, level, cause: HiddenBy::Unused });
        }
    };
    let gone = hidden_definitions(document, cover);
    for (target, range) in &document.references {
        if let (DefinitionTarget::Footnote(_), Some(level)) = (target, gone.get(target)) {
            add(range, WithheldPart::Inline, *level);
        }
    }
    let levels = levels_of_references(document, cover);
    for (target, range) in &document.definitions {
        if let Some(Some(level)) = levels.get(target) {
            add(range, WithheldPart::Block, *level);
        }
    }
    found
}

/// The definitions in hidden text. If a name is defined twice, the first definition counts.
fn hidden_definitions<'d>(
    document: &'d NodeTree<'_>,
    cover: &HiddenRanges,
) -> HashMap<&'d DefinitionTarget, Level> {
    let (mut defined, mut gone) = (HashSet::new(), HashMap::new());
    for (target, range) in &document.definitions {
        if defined.insert(target)
            && let Some((_, level)) = cover.at(range.start)
        {
            gone.insert(target, level);
        }
    }
    gone
}

/// For each definition the lowest level of the texts that refer to it; `None` if visible text does. A footnote that
/// something refers to passes its level on to the definitions that it refers to.
fn levels_of_references<'d>(
    document: &'d NodeTree<'_>,
    cover: &HiddenRanges,
) -> HashMap<&'d DefinitionTarget, Option<Level>> {
    let mut notes: Vec<&(DefinitionTarget, Range<usize>)> = document.definitions.iter().collect();
    notes.retain(|(target, _)| matches!(target, DefinitionTarget::Footnote(_)));
    notes.sort_by_key(|(_, range)| range.start);
    let used: HashSet<&DefinitionTarget> = document.references.iter().map(|(target, _)| target).collect();
    let mut within: HashMap<&DefinitionTarget, Vec<&DefinitionTarget>> = HashMap::new();
    let mut next: Vec<(&DefinitionTarget, Option<Level>)> = Vec::new();
    for (target, range) in &document.references {
        let behind = notes.partition_point(|(_, note)| note.start <= range.start);
        let note =
            notes[..behind].last().filter(|(name, note)| range.start < note.end && used.contains(name));
        match (cover.at(range.start), note) {
            (Some((_, level)), _) => next.push((target, Some(level))),
            (None, Some((note, _))) => within.entry(note).or_default().push(target),
            (None, None) => next.push((target, None)),
        }
    }
    let mut levels = HashMap::new();
    while let Some((target, level)) = next.pop() {
        if levels.get(target).is_some_and(|known| *known <= level) {
            continue;
        }
        levels.insert(target, level);
        next.extend(within.get(target).into_iter().flatten().map(|inner| (*inner, level)));
    }
    levels
}

/// Problems that the author must resolve: a heading without words, a link whose destination is hidden.
fn unclear(document: &NodeTree<'_>, cover: &HiddenRanges) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for node in &document.nodes {
        if matches!(node.kind, NodeKind::Heading { .. })
            && !node.inside.is_empty()
            && cover.level(&node.range).is_none()
            && text_left(document.text, &node.inside, cover) != NodeRemainder::Visible
        {
            problems.push(document.stray(
                node.range.start..node.inside.end,
                "the whole heading is hidden, but its section is not",
                "to hide the section, set ` {.LEVEL}` at the end of the heading",
            ));
        }
    }
    let gone = hidden_definitions(document, cover);
    for (target, range) in &document.references {
        if matches!(target, DefinitionTarget::Link(_))
            && gone.contains_key(target)
            && cover.at(range.start).is_none()
        {
            problems.push(document.stray(
                range.clone(),
                "where this link leads to is defined in text that is hidden",
                "move the definition out of the hidden text, or hide the link as well",
            ));
        }
    }
    problems
}
