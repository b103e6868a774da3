//! What holds nothing but what is hidden, and goes with it.
//!
//! Owns which signs are no content: those of emphasis, items and quotes. An author who deletes the only words of an item
//! deletes the item.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::found::{Hidden, Sign};
use super::outline::{Kind, Leaf, Outline, Sort};
use super::pairs::Pair;
use crate::markdown::parts::PARTS;
use crate::visibility::{Level, What};

/// So many blanks are looked at. In bytes.
const MOST_BLANKS: usize = 512;

/// Ranges that are hidden: none touch. `None` is stricter than any level.
#[derive(Debug, Default)]
pub(super) struct Cover(BTreeMap<usize, (usize, Option<Level>)>);

impl Cover {
    pub fn of(hidden: &[Hidden]) -> Cover {
        let mut cover = Cover::default();
        hidden.iter().for_each(|one| cover.add(one.range.clone(), one.level));
        cover
    }

    fn add(&mut self, range: Range<usize>, level: Option<Level>) {
        let (mut start, mut end, mut level) = (range.start, range.end, level);
        while let Some((&from, &(to, other))) =
            self.0.range(..=end).next_back().filter(|(_, (to, _))| *to >= start)
        {
            (start, end) = (start.min(from), end.max(to));
            level = level.zip(other).map(|(one, other)| one.max(other));
            self.0.remove(&from);
        }
        self.0.insert(start, (end, level));
    }

    /// The hidden range that holds an offset: its end and level.
    pub fn holder(&self, at: usize) -> Option<(usize, Option<Level>)> {
        self.0.range(..=at).next_back().map(|(_, found)| *found).filter(|(end, _)| at < *end)
    }

    /// The level of what is hidden in a range that holds nothing else but blanks.
    fn fills(&self, text: &str, range: Range<usize>, blanks: &[u8]) -> Option<Option<Level>> {
        let (mut at, mut found, mut steps) = (range.start, None, 0);
        while at < range.end {
            if let Some((end, level)) = self.holder(at) {
                found =
                    Some(found.map_or(level, |known: Option<Level>| known.zip(level).map(|(a, b)| a.max(b))));
                at = end;
                continue;
            }
            steps += 1;
            if !blanks.contains(&text.as_bytes()[at]) || steps > MOST_BLANKS {
                return None;
            }
            at += 1;
        }
        found
    }
}

/// Headings of which no words are left, with their numbers.
pub(super) fn headings(text: &str, outline: &Outline, hidden: &[Hidden]) -> Vec<usize> {
    let cover = Cover::of(hidden);
    let is_heading = |leaf: &Leaf| matches!(leaf.sort, Sort::Heading(_) | Sort::Doubtful);
    let is_hollow = |number: &usize| {
        let leaf = &outline.leaves[*number];
        let whole = cover.holder(leaf.range.start).is_some_and(|(end, _)| end >= leaf.range.end);
        is_heading(leaf) && !whole && cover.fills(text, leaf.range.clone(), b" \t\n>#=-").is_some()
    };
    touched(outline, hidden).into_iter().filter(is_hollow).collect()
}

/// Adds what holds nothing else: elements in lines, blocks of text, containers; inner ones first.
pub(super) fn fill(text: &str, outline: &Outline, hidden: &mut Vec<Hidden>) {
    let mut cover = Cover::of(hidden);
    let mut add = |range: &Range<usize>, what: What, level: Option<Level>, cover: &mut Cover| {
        cover.add(range.clone(), level);
        hidden.push(Hidden { range: range.clone(), what, level, sign: Sign::Emptied });
    };
    for element in &outline.elements {
        if element.inside.is_empty() || covers(&cover, &element.range) {
            continue;
        }
        if let Some(level) = cover.fills(text, element.inside.clone(), b" \t\n>") {
            add(&element.range, What::Inline, level, &mut cover);
        }
    }
    for number in touched_by(outline, &cover) {
        let leaf = &outline.leaves[number];
        let (blanks, what): (&[u8], _) = match leaf.sort {
            Sort::Paragraph => (b" \t\n>", What::Paragraph),
            Sort::Term => (b" \t\n>", What::Item),
            Sort::Row => (b" \t\n|>", What::Row),
            _ => continue,
        };
        let level = cover.fills(text, leaf.range.clone(), blanks).filter(|_| !covers(&cover, &leaf.whole));
        level.into_iter().for_each(|level| add(&leaf.whole, what, level, &mut cover));
    }
    for container in outline.containers[1..].iter().rev() {
        let what = match container.kind {
            Kind::Item | Kind::Detail => What::Item,
            Kind::Quote | Kind::Footnote => What::Block,
            Kind::Alert | Kind::Text => continue,
        };
        let start = container.range.start + sign(&text[container.range.clone()], container.kind);
        let level = cover.fills(text, start..container.range.end, b" \t\n>");
        let level = level.filter(|_| !covers(&cover, &container.range));
        level.into_iter().for_each(|level| add(&container.range, what, level, &mut cover));
    }
}

/// Adds tabs, steps and cards that hold nothing else, inner ones first: nobody meant them to be empty.
pub(super) fn parts(text: &str, pairs: &[Pair], hidden: &mut Vec<Hidden>) {
    let mut cover = Cover::of(hidden);
    for pair in pairs.iter().rev().filter(|pair| pair.closed && PARTS.contains(&pair.name.as_str())) {
        let end = pair.whole.start + text[pair.whole.clone()].trim_end().trim_end_matches(':').len();
        let inside = pair.opening.end.min(end)..end;
        let level = cover.fills(text, inside, b" \t\n>").filter(|_| !covers(&cover, &pair.whole));
        if let Some(level) = level {
            cover.add(pair.whole.clone(), level);
            hidden.push(Hidden { range: pair.whole.clone(), what: What::Block, level, sign: Sign::Emptied });
        }
    }
}

fn covers(cover: &Cover, range: &Range<usize>) -> bool {
    cover.holder(range.start).is_some_and(|(end, _)| end >= range.end)
}

/// Blocks of text in which words are hidden.
fn touched(outline: &Outline, hidden: &[Hidden]) -> BTreeSet<usize> {
    let words = hidden.iter().filter(|one| one.what == What::Inline);
    words.filter_map(|one| outline.leaf(one.range.start)).collect()
}

fn touched_by(outline: &Outline, cover: &Cover) -> BTreeSet<usize> {
    cover.0.keys().filter_map(|at| outline.leaf(*at)).collect()
}

/// The length of what a container begins with.
fn sign(written: &str, kind: Kind) -> usize {
    match kind {
        Kind::Item => {
            let digits = written.len() - written.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let marker = (digits + 1).min(written.len());
            let rest = &written[marker..];
            let text = rest.trim_start();
            let boxed = ["[ ]", "[x]", "[X]"].iter().any(|sign| text.starts_with(sign));
            marker + if boxed { rest.len() - text.len() + 3 } else { 0 }
        }
        Kind::Detail => 1,
        Kind::Footnote => written.find("]:").map_or(0, |end| end + 2),
        Kind::Text | Kind::Quote | Kind::Alert => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(range: Range<usize>) -> Hidden {
        Hidden { range, what: What::Inline, level: None, sign: Sign::Own }
    }

    #[test]
    fn only_so_many_blanks_are_looked_at() {
        let text = " ".repeat(2 * MOST_BLANKS);
        let cover = Cover::of(&[hidden(0..1)]);
        assert_eq!(cover.fills(&text, 0..1 + MOST_BLANKS, b" "), Some(None));
        assert_eq!(cover.fills(&text, 0..2 + MOST_BLANKS, b" "), None);
        assert_eq!(cover.fills(&text, 1..9, b" "), None);
        assert_eq!(cover.fills(&text, 0..9, b""), None);
    }

    #[test]
    fn ranges_that_touch_are_one() {
        let cover = Cover::of(&[hidden(4..6), hidden(0..2), hidden(6..8), hidden(1..3), hidden(5..6)]);
        let found: Vec<_> = cover.0.iter().map(|(start, (end, _))| (*start, *end)).collect();
        assert_eq!(found, [(0, 3), (4, 8)]);
        assert_eq!(cover.holder(2), Some((3, None)));
        assert_eq!(cover.holder(3), None);
        assert!(covers(&cover, &(4..8)) && !covers(&cover, &(4..9)) && !covers(&cover, &(3..5)));
    }

    #[test]
    fn signs_are_as_long_as_they_are_written() {
        let length = |written: &str, kind: Kind| sign(written, kind);
        assert_eq!((length("- a", Kind::Item), length("12. a", Kind::Item)), (1, 3));
        assert_eq!((length("- [ ] a", Kind::Item), length("-  [x] a", Kind::Item)), (5, 6));
        assert_eq!((length("-", Kind::Item), length("- [a] b", Kind::Item)), (1, 1));
        assert_eq!((length("[^ab]: c", Kind::Footnote), length(": a", Kind::Detail)), (6, 1));
        assert_eq!((length("> a", Kind::Quote), length("[^a", Kind::Footnote)), (0, 0));
    }
}
