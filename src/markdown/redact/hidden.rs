//! Computes everything that is hidden in a text: the ranges that marks hide, and what follows from them.
//!
//! Owns this closure. A node with only hidden content is hidden too, as an author who deletes the only words of an item
//! deletes the item. Footnotes and link definitions are hidden if only hidden text refers to them. Must not know the
//! syntax of marks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::marks::{LevelMark, MarkProblem};
use super::nodes::{DefinitionTarget, NodeKind, NodeTree};
use crate::markdown::directive_names::LAYOUT_DIRECTIVES;
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
) -> (Vec<HiddenNode>, Vec<MarkProblem>) {
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

/// The remainder of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NodeRemainder {
    /// The node had no visible content.
    Blank,
    Visible,
    /// All visible content is hidden.
    Gone(Level),
}

/// Finds nodes with only hidden content.
fn emptied(document: &NodeTree<'_>, cover: &mut HiddenRanges) -> Vec<HiddenNode> {
    let (nodes, mut found) = (&document.nodes, Vec::new());
    let mut remainders = vec![NodeRemainder::Blank; nodes.len()];
    // Inner nodes are examined before the nodes that contain them.
    for number in (1..nodes.len()).rev() {
        let node = &nodes[number];
        if let Some(level) = cover.level(&node.range) {
            remainders[number] = NodeRemainder::Gone(level);
            continue;
        }
        remainders[number] = match node.kind {
            NodeKind::Blank => NodeRemainder::Blank,
            NodeKind::Text => remainder_of_text(document.text, &node.range, cover),
            _ => remainder_of_children(document, number, &remainders),
        };
        let NodeRemainder::Gone(level) = remainders[number] else { continue };
        let what = match &node.kind {
            NodeKind::Paragraph => WithheldPart::Paragraph,
            NodeKind::Row => WithheldPart::Row,
            NodeKind::Item { .. } | NodeKind::DefinitionBody => WithheldPart::Item,
            NodeKind::Quote | NodeKind::Footnote => WithheldPart::Block,
            NodeKind::Emphasis | NodeKind::Link => WithheldPart::Inline,
            NodeKind::Directive { name, closed: true, .. } if LAYOUT_DIRECTIVES.contains(&name.as_str()) => {
                WithheldPart::Block
            }
            // These have no text or HTML of their own that could be removed.
            NodeKind::List | NodeKind::Cell | NodeKind::Text => continue,
            _ => {
                remainders[number] = NodeRemainder::Visible;
                continue;
            }
        };
        cover.add(&node.range, level);
        found.push(HiddenNode { range: node.range.clone(), what, level, cause: HiddenBy::Emptied });
    }
    found
}

fn remainder_of_text(text: &str, range: &Range<usize>, cover: &HiddenRanges) -> NodeRemainder {
    let gaps = cover.gaps(range.clone());
    if gaps.iter().any(|gap| !text[gap.clone()].trim().is_empty()) {
        return NodeRemainder::Visible;
    }
    match cover.0.range(..range.end).next_back() {
        Some((_, &(end, level))) if end > range.start => NodeRemainder::Gone(level),
        _ => NodeRemainder::Blank,
    }
}

fn remainder_of_children(
    document: &NodeTree<'_>,
    number: usize,
    remainders: &[NodeRemainder],
) -> NodeRemainder {
    // A node without children, such as a horizontal rule, is visible itself. An empty cell is not.
    if document.children(number).next().is_none() && document.nodes[number].kind != NodeKind::Cell {
        return NodeRemainder::Visible;
    }
    let mut gone: Option<Level> = None;
    for child in document.children(number) {
        match remainders[child] {
            NodeRemainder::Visible => return NodeRemainder::Visible,
            NodeRemainder::Gone(level) => gone = gone.max(Some(level)),
            NodeRemainder::Blank => {}
        }
    }
    gone.map_or(NodeRemainder::Blank, NodeRemainder::Gone)
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
    let hidden = referred_to_by_hidden_text(document, cover);
    for (target, range) in &document.definitions {
        if let Some(level) = hidden.get(target) {
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

/// The targets that only hidden text refers to, directly or through footnotes.
fn referred_to_by_hidden_text<'d>(
    document: &'d NodeTree<'_>,
    cover: &HiddenRanges,
) -> HashMap<&'d DefinitionTarget, Level> {
    let mut notes: Vec<(&Range<usize>, &DefinitionTarget)> = Vec::new();
    for (target, range) in &document.definitions {
        if matches!(target, DefinitionTarget::Footnote(_)) {
            notes.push((range, target));
        }
    }
    notes.sort_by_key(|(range, _)| range.start);
    let used: HashSet<&DefinitionTarget> = document.references.iter().map(|(target, _)| target).collect();
    let (mut seen, mut hidden) = (HashMap::new(), HashMap::new());
    let mut within: HashMap<&DefinitionTarget, Vec<&DefinitionTarget>> = HashMap::new();
    for (target, range) in &document.references {
        let behind = notes.partition_point(|(note, _)| note.start <= range.start);
        let note = behind.checked_sub(1).map(|last| notes[last]).filter(|(note, _)| range.start < note.end);
        match (cover.at(range.start), note) {
            (Some((_, level)), _) => {
                let known = hidden.entry(target).or_insert(level);
                *known = level.max(*known);
            }
            // The references of a footnote are visible if the footnote is.
            (None, Some((_, note))) if used.contains(note) => within.entry(note).or_default().push(target),
            (None, _) => _ = seen.insert(target, Level::default()),
        }
    }
    spread(&mut seen, &within);
    spread(&mut hidden, &within);
    hidden.retain(|target, _| !seen.contains_key(target));
    hidden
}

/// Adds the targets that known targets refer to.
fn spread<'d>(
    from: &mut HashMap<&'d DefinitionTarget, Level>,
    within: &HashMap<&DefinitionTarget, Vec<&'d DefinitionTarget>>,
) {
    let mut next: Vec<(&DefinitionTarget, Level)> =
        from.iter().map(|(target, level)| (*target, *level)).collect();
    while let Some((target, level)) = next.pop() {
        for other in within.get(target).into_iter().flatten() {
            if !from.contains_key(other) {
                from.insert(other, level);
                next.push((other, level));
            }
        }
    }
}

/// Problems that the author must resolve: a heading without words, a link whose destination is hidden.
fn unclear(document: &NodeTree<'_>, cover: &HiddenRanges) -> Vec<MarkProblem> {
    let mut problems = Vec::new();
    for node in &document.nodes {
        if matches!(node.kind, NodeKind::Heading { .. })
            && !node.inside.is_empty()
            && cover.level(&node.range).is_none()
            && remainder_of_text(document.text, &node.inside, cover) != NodeRemainder::Visible
        {
            problems.push(MarkProblem::stray(
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
            problems.push(MarkProblem::stray(
                range.clone(),
                "where this link leads to is defined in text that is hidden",
                "move the definition out of the hidden text, or hide the link as well",
            ));
        }
    }
    problems
}
