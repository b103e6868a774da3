//! Where the section of a heading ends.
//!
//! Owns the rule: at the next heading of its weight in the same container and the same directive, or with what the
//! heading stands in: a quote, an item, a directive, an element of raw HTML.

use std::collections::HashMap;
use std::ops::Range;

use super::outline::{Leaf, Outline, Sort};
use super::pairs::{Pair, line_start};
use crate::markdown::pieces::{Piece, pieces};

/// What a heading stands in: container and directive.
type Scope = (usize, Option<usize>);

/// Elements that have no end tag.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "source", "wbr"];
/// Tags nest no deeper.
const MOST_TAGS: usize = 64;

/// For each leaf that is a heading, where its section ends.
pub(super) fn ends(text: &str, outline: &Outline, pairs: &[Pair]) -> Vec<usize> {
    let scopes = scopes(outline, pairs);
    let mut next: HashMap<Scope, [usize; 7]> = HashMap::new();
    let mut ends = vec![0; outline.leaves.len()];
    for (number, leaf) in outline.leaves.iter().enumerate().rev() {
        let (depth, ends_others) = match leaf.sort {
            Sort::Heading(depth) => (usize::from(depth.min(6)), true),
            Sort::Doubtful => (2, false),
            _ => continue,
        };
        let known = next.entry(scopes[number]).or_insert([text.len(); 7]);
        let end = known[..=depth].iter().min().copied().unwrap_or(text.len());
        if ends_others {
            known[depth] = leaf.range.start;
        }
        let around = scopes[number].1.map_or(text.len(), |pair| inner_end(text, &pairs[pair]));
        let end = end.min(around).min(outline.containers[leaf.container].range.end);
        ends[number] = tag_end(text, outline, &scopes, number..outline.leaves.len(), end);
    }
    ends
}

/// The innermost directive around each leaf, beside its container.
fn scopes(outline: &Outline, pairs: &[Pair]) -> Vec<Scope> {
    let (mut open, mut next): (Vec<usize>, usize) = (Vec::new(), 0);
    let scope = |leaf: &Leaf| {
        let ended = |open: &mut Vec<usize>, at: usize| {
            while open.last().is_some_and(|pair| pairs[*pair].whole.end <= at) {
                open.pop();
            }
        };
        while next < pairs.len() && pairs[next].opening.start < leaf.range.start {
            ended(&mut open, pairs[next].opening.start);
            open.push(next);
            next += 1;
        }
        ended(&mut open, leaf.range.start);
        (leaf.container, open.last().copied())
    };
    outline.leaves.iter().map(scope).collect()
}

fn inner_end(text: &str, pair: &Pair) -> usize {
    if pair.closed { line_start(text, pair.whole.end) } else { pair.whole.end }
}

/// The end, or the tag before it that closes what was opened before the heading. `leaves` begin with the heading.
fn tag_end(text: &str, outline: &Outline, scopes: &[Scope], leaves: Range<usize>, end: usize) -> usize {
    let mut open: Vec<String> = Vec::new();
    let heading = leaves.start;
    for number in leaves {
        let leaf = &outline.leaves[number];
        if leaf.range.start >= end {
            break;
        }
        if leaf.sort != Sort::Html || scopes[number] != scopes[heading] {
            continue;
        }
        let written = &text[leaf.range.clone()];
        let tags = pieces(written).into_iter().filter(|(piece, _)| *piece == Piece::Tag);
        if tags.into_iter().any(|(_, tag)| !balances(&written[tag], &mut open)) {
            return line_start(text, leaf.range.start).max(outline.leaves[heading].range.end);
        }
    }
    end
}

/// Whether a tag closes nothing but what is open.
fn balances(tag: &str, open: &mut Vec<String>) -> bool {
    let inner = tag.trim_start_matches(['<', '/']);
    let name = inner.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    if tag.starts_with("</") {
        let place = open.iter().rposition(|other| *other == name);
        place.into_iter().for_each(|place| open.truncate(place));
        return place.is_some();
    }
    if !VOID.contains(&name.as_str()) && !tag.ends_with("/>") {
        open.push(name);
        open.drain(..open.len().saturating_sub(MOST_TAGS));
    }
    true
}
