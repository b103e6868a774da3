//! All that is hidden of a text: what marks hide, and what goes with it.
//!
//! Owns the closure: what holds nothing but what is hidden goes with it, as an author who deletes the only words of an
//! item deletes the item; footnotes and destinations of links follow those who refer to them. Knows no marks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::document::{Document, Kind, Target};
use super::marks::{LevelMark, Problem};
use crate::markdown::parts::PARTS;
use crate::rules::VISIBILITY_STRAY;
use crate::visibility::{Audience, Level, What};

/// How often what is hidden may hide something else: a footnote, then the paragraph that only refers to it.
const MOST_ROUNDS: usize = 4;

/// Something that is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hidden {
    pub range: Range<usize>,
    pub what: What,
    pub level: Level,
    pub cause: Cause,
}

/// Why something is hidden, which decides what tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// A mark.
    Mark,
    /// It holds nothing but what is hidden.
    Emptied,
    /// Only hidden text needs it: nothing stands in its place.
    Unused,
}

/// Ranges that are hidden, with their levels; none touch.
#[derive(Debug, Default)]
pub(super) struct Cover(BTreeMap<usize, (usize, Level)>);

impl Cover {
    pub fn of_ranges(hidden: &[Hidden]) -> Cover {
        let mut cover = Cover::default();
        for one in hidden {
            cover.add(&one.range, one.level);
        }
        cover
    }

    fn add(&mut self, range: &Range<usize>, level: Level) {
        let (mut start, mut end, mut level) = (range.start, range.end, level);
        while let Some((&from, &(to, other))) =
            self.0.range(..=end).next_back().filter(|(_, (to, _))| *to >= start)
        {
            (start, end, level) = (start.min(from), end.max(to), level.max(other));
            self.0.remove(&from);
        }
        self.0.insert(start, (end, level));
    }

    /// The hidden range that holds an offset: its end and level.
    pub fn at(&self, offset: usize) -> Option<(usize, Level)> {
        self.0.range(..=offset).next_back().map(|(_, found)| *found).filter(|(end, _)| offset < *end)
    }

    /// The level of what hides a whole range.
    fn level(&self, range: &Range<usize>) -> Option<Level> {
        self.at(range.start).filter(|(end, _)| *end >= range.end).map(|(_, level)| level)
    }

    /// What of a range is not hidden.
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

/// What an audience may not see of a text, outer ranges before inner ones, and what is wrong with it.
pub(super) fn find(
    document: &Document<'_>,
    marks: &[LevelMark],
    audience: Audience,
) -> (Vec<Hidden>, Vec<Problem>) {
    let unseen = marks.iter().filter(|mark| !audience.sees(mark.level));
    let mut hidden: Vec<Hidden> = unseen
        .map(|mark| Hidden {
            range: mark.hides.clone(),
            what: mark.what,
            level: mark.level,
            cause: Cause::Mark,
        })
        .collect();
    for _ in 0..MOST_ROUNDS {
        if hidden.is_empty() {
            break;
        }
        let mut cover = Cover::of_ranges(&hidden);
        hidden.extend(emptied(document, &mut cover));
        let unused = unused(document, &cover);
        if unused.is_empty() {
            break;
        }
        hidden.extend(unused);
    }
    hidden.sort_by_key(|one| (one.range.start, std::cmp::Reverse(one.range.end)));
    let problems = if hidden.is_empty() { Vec::new() } else { unclear(document, &Cover::of_ranges(&hidden)) };
    (hidden, problems)
}

/// Of several ranges in one another, in order, only the outer ones.
pub(super) fn outermost(hidden: &[Hidden]) -> Vec<&Hidden> {
    let mut outer: Vec<&Hidden> = Vec::new();
    for one in hidden {
        if outer.last().is_none_or(|last| last.range.end < one.range.end) {
            outer.push(one);
        }
    }
    outer
}

/// What is left of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    /// There was nothing to see, and there is nothing.
    Blank,
    Visible,
    /// All that was to be seen is hidden.
    Gone(Level),
}

/// Nodes that hold nothing but what is hidden.
fn emptied(document: &Document<'_>, cover: &mut Cover) -> Vec<Hidden> {
    let (nodes, mut found) = (&document.nodes, Vec::new());
    let mut left = vec![Left::Blank; nodes.len()];
    // Inner nodes come before those that they stand in.
    for number in (1..nodes.len()).rev() {
        let node = &nodes[number];
        if let Some(level) = cover.level(&node.range) {
            left[number] = Left::Gone(level);
            continue;
        }
        left[number] = match node.kind {
            Kind::Blank => Left::Blank,
            Kind::Text => text_left(document.text, &node.range, cover),
            _ => children_left(document, number, &left),
        };
        let Left::Gone(level) = left[number] else { continue };
        let what = match &node.kind {
            Kind::Paragraph => What::Paragraph,
            Kind::Row => What::Row,
            Kind::Item { .. } | Kind::Detail => What::Item,
            Kind::Quote | Kind::Footnote => What::Block,
            Kind::Emphasis | Kind::Link => What::Inline,
            Kind::Directive { name, closed: true, .. } if PARTS.contains(&name.as_str()) => What::Block,
            // Nothing is written for these beside what is in them.
            Kind::List | Kind::Cell | Kind::Text => continue,
            _ => {
                left[number] = Left::Visible;
                continue;
            }
        };
        cover.add(&node.range, level);
        found.push(Hidden { range: node.range.clone(), what, level, cause: Cause::Emptied });
    }
    found
}

fn text_left(text: &str, range: &Range<usize>, cover: &Cover) -> Left {
    let gaps = cover.gaps(range.clone());
    if gaps.iter().any(|gap| !text[gap.clone()].trim().is_empty()) {
        return Left::Visible;
    }
    let hidden = cover.0.range(..range.end).next_back().filter(|(_, (end, _))| *end > range.start);
    hidden.map_or(Left::Blank, |(_, (_, level))| Left::Gone(*level))
}

fn children_left(document: &Document<'_>, number: usize, left: &[Left]) -> Left {
    let mut all = Left::Blank;
    let mut any = false;
    for child in document.children(number) {
        any = true;
        all = match (all, left[child]) {
            (_, Left::Visible) => return Left::Visible,
            (Left::Gone(one), Left::Gone(other)) => Left::Gone(one.max(other)),
            (_, Left::Gone(level)) => Left::Gone(level),
            (known, Left::Blank) => known,
        };
    }
    // What has nothing in it shows itself, but for a cell.
    let shows_itself = !any && document.nodes[number].kind != Kind::Cell;
    if shows_itself { Left::Visible } else { all }
}

/// Definitions that only hidden text refers to, and references to hidden footnotes.
fn unused(document: &Document<'_>, cover: &Cover) -> Vec<Hidden> {
    let mut found = Vec::new();
    let mut gone: HashMap<&Target, Option<Level>> = HashMap::new();
    for (target, range) in &document.definitions {
        let level = cover.at(range.start).map(|(_, level)| level);
        // Of two definitions of one name the first one counts.
        gone.entry(target).or_insert(level);
    }
    for (target, range) in &document.references {
        if let (Target::Footnote(_), Some(Some(level))) = (target, gone.get(target))
            && cover.at(range.start).is_none()
        {
            let range = range.clone();
            found.push(Hidden { range, what: What::Inline, level: *level, cause: Cause::Unused });
        }
    }
    let hidden = referred_to_by_hidden_text(document, cover);
    for (target, range) in &document.definitions {
        if let Some(level) = hidden.get(target)
            && cover.at(range.start).is_none()
        {
            let range = range.clone();
            found.push(Hidden { range, what: What::Block, level: *level, cause: Cause::Unused });
        }
    }
    found
}

/// What hidden text refers to, directly or by footnotes, and nothing else does.
fn referred_to_by_hidden_text<'d>(document: &'d Document<'_>, cover: &Cover) -> HashMap<&'d Target, Level> {
    let mut notes: Vec<(&Range<usize>, &Target)> = Vec::new();
    for (target, range) in &document.definitions {
        if matches!(target, Target::Footnote(_)) {
            notes.push((range, target));
        }
    }
    notes.sort_by_key(|(range, _)| range.start);
    let used: HashSet<&Target> = document.references.iter().map(|(target, _)| target).collect();
    let (mut seen, mut hidden) = (HashMap::new(), HashMap::new());
    let mut within: HashMap<&Target, Vec<&Target>> = HashMap::new();
    for (target, range) in &document.references {
        let behind = notes.partition_point(|(note, _)| note.start <= range.start);
        let note = behind.checked_sub(1).map(|last| notes[last]).filter(|(note, _)| range.start < note.end);
        match (cover.at(range.start), note) {
            (Some((_, level)), _) => {
                let known = hidden.entry(target).or_insert(level);
                *known = level.max(*known);
            }
            // What a footnote refers to is seen if the footnote is.
            (None, Some((_, note))) if used.contains(note) => within.entry(note).or_default().push(target),
            (None, _) => _ = seen.insert(target, Level::default()),
        }
    }
    spread(&mut seen, &within);
    spread(&mut hidden, &within);
    hidden.retain(|target, _| !seen.contains_key(target));
    hidden
}

/// Adds what is referred to by what is there.
fn spread<'d>(from: &mut HashMap<&'d Target, Level>, within: &HashMap<&Target, Vec<&'d Target>>) {
    let mut next: Vec<(&Target, Level)> = from.iter().map(|(target, level)| (*target, *level)).collect();
    while let Some((target, level)) = next.pop() {
        for other in within.get(target).into_iter().flatten() {
            if !from.contains_key(other) {
                from.insert(other, level);
                next.push((other, level));
            }
        }
    }
}

/// What an author has to decide: a heading without words, a link whose destination is hidden.
fn unclear(document: &Document<'_>, cover: &Cover) -> Vec<Problem> {
    let mut problems = Vec::new();
    for node in &document.nodes {
        let touched = !node.inside.is_empty()
            && !cover
                .gaps(node.inside.clone())
                .iter()
                .any(|gap| !document.text[gap.clone()].trim().is_empty());
        if matches!(node.kind, Kind::Heading { .. }) && touched && cover.level(&node.range).is_none() {
            problems.push(Problem {
                rule: &VISIBILITY_STRAY,
                range: node.range.start..node.inside.end,
                message: "nothing is left of this heading, but its section stays".to_owned(),
                help: "to hide the section, set ` {.LEVEL}` at the end of the heading".to_owned(),
            });
        }
    }
    let gone: HashSet<&Target> = document
        .definitions
        .iter()
        .filter(|(target, range)| matches!(target, Target::Link(_)) && cover.at(range.start).is_some())
        .map(|(target, _)| target)
        .collect();
    for (target, range) in &document.references {
        if gone.contains(target) && cover.at(range.start).is_none() {
            problems.push(Problem {
                rule: &VISIBILITY_STRAY,
                range: range.clone(),
                message: "where this link leads to is defined in text that is hidden".to_owned(),
                help: "move the definition out of the hidden text, or hide the link as well".to_owned(),
            });
        }
    }
    problems
}
