//! Which closing line belongs to which directive.
//!
//! Owns the pairs, by the same rule as the writer's: the innermost one with as many colons in the same container.

use std::ops::Range;

use super::outline::Outline;
use crate::markdown::directives::Mark;

/// A directive with all that is in it.
#[derive(Debug)]
pub(super) struct Pair {
    pub name: String,
    /// From the first colon of the opening line to its end.
    pub opening: Range<usize>,
    /// To the end of the closing line; where there is none, of the container.
    pub whole: Range<usize>,
    pub closed: bool,
}

struct Open {
    colons: usize,
    container: usize,
    number: usize,
}

/// The directives of a text, in the order of their beginnings.
pub(super) fn of(text: &str, outline: &Outline) -> Vec<Pair> {
    let (mut pairs, mut open): (Vec<Pair>, Vec<Open>) = (Vec::new(), Vec::new());
    for (at, (mark, container)) in &outline.marks {
        let line = *at..line_end(text, *at);
        // Whatever stood in a container that has ended is not closed.
        open.retain(|one| outline.containers[one.container].end > *at);
        match mark {
            Mark::Open { colons, name, .. } => {
                let end = outline.containers[*container].end;
                open.push(Open { colons: *colons, container: *container, number: pairs.len() });
                pairs.push(Pair { name: name.clone(), opening: line, whole: *at..end, closed: false });
            }
            Mark::Close { colons } => {
                let fits = |one: &Open| one.colons == *colons && one.container == *container;
                let Some(place) = open.iter().rposition(fits) else { continue };
                // The writer closes what is still open in it, too.
                open[place + 1..].iter().for_each(|inner| pairs[inner.number].whole.end = *at);
                let pair = &mut pairs[open[place].number];
                (pair.whole.end, pair.closed) = (line.end, true);
                open.truncate(place);
            }
            Mark::Include { .. } | Mark::Component { .. } | Mark::Comment => {}
        }
    }
    pairs
}

pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length)
}
