//! Footnotes and destinations of links that go with what refers to them, and the other way round.
//!
//! Owns who refers to whom. What only hidden text refers to is hidden; who refers to a hidden footnote loses its number.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::ops::Range;

use super::found::{Hidden, Sign};
use super::hollow::Cover;
use super::outline::{Label, Outline};
use crate::visibility::{Level, What};

/// What goes with what is hidden.
pub(super) fn follow(outline: &Outline, hidden: &[Hidden]) -> Vec<Hidden> {
    let cover = Cover::of(hidden);
    let mut found = references(outline, &cover);
    found.extend(definitions(outline, &cover));
    found
}

/// References to footnotes that an author has hidden.
fn references(outline: &Outline, cover: &Cover) -> Vec<Hidden> {
    let mut gone: HashMap<&Label, Option<Option<Level>>> = HashMap::new();
    for (label, range) in &outline.definitions {
        let level = cover.holder(range.start).map(|(_, level)| level);
        let known = gone.entry(label).or_insert(level);
        *known = known.and(level);
    }
    let hidden = |(label, range): &(Label, Range<usize>)| {
        let level = gone.get(label).copied().flatten().filter(|_| matches!(label, Label::Footnote(_)))?;
        let visible = cover.holder(range.start).is_none();
        visible.then(|| Hidden { range: range.clone(), what: What::Inline, level, sign: Sign::Silent })
    };
    outline.references.iter().filter_map(hidden).collect()
}

/// Definitions that only hidden text refers to, directly or by others.
fn definitions(outline: &Outline, cover: &Cover) -> Vec<Hidden> {
    let mut notes: Vec<(&Range<usize>, &Label)> = outline
        .definitions
        .iter()
        .filter(|(label, _)| matches!(label, Label::Footnote(_)))
        .map(|(label, range)| (range, label))
        .collect();
    notes.sort_by_key(|(range, _)| range.start);
    let around = |at: usize| {
        let behind = notes.partition_point(|(range, _)| range.start <= at);
        behind.checked_sub(1).map(|last| notes[last]).filter(|(range, _)| at < range.end)
    };
    let used: HashSet<&Label> = outline.references.iter().map(|(label, _)| label).collect();
    let (mut seen, mut hidden) = (HashSet::new(), HashMap::new());
    let mut within: HashMap<&Label, Vec<&Label>> = HashMap::new();
    for (label, range) in &outline.references {
        match (cover.holder(range.start), around(range.start)) {
            (Some((_, level)), _) => _ = hidden.insert(label, level),
            (None, Some((_, note))) if used.contains(note) => within.entry(note).or_default().push(label),
            (None, _) => _ = seen.insert(label),
        }
    }
    reach(&mut seen, &within);
    let mut gone: HashSet<&Label> = hidden.keys().copied().collect();
    reach(&mut gone, &within);
    let highest = hidden.values().copied().max_by_key(|level| (level.is_none(), *level)).flatten();
    let goes = |(label, range): &(Label, Range<usize>)| {
        let goes = gone.contains(label) && !seen.contains(label) && cover.holder(range.start).is_none();
        let level = hidden.get(label).copied().unwrap_or(highest);
        goes.then(|| Hidden { range: range.clone(), what: What::Block, level, sign: Sign::Silent })
    };
    outline.definitions.iter().filter_map(goes).collect()
}

/// Adds what is referred to by what is there.
fn reach<'l, T: Eq + Hash + ?Sized>(from: &mut HashSet<&'l T>, within: &HashMap<&'l T, Vec<&'l T>>) {
    let mut next: Vec<&T> = from.iter().copied().collect();
    while let Some(label) = next.pop() {
        for other in within.get(label).into_iter().flatten() {
            if from.insert(other) {
                next.push(other);
            }
        }
    }
}
