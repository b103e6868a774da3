//! Which closing line belongs to which directive.
//!
//! Owns the pairs, by the same rule as the writer's: the innermost one with as many colons in the same container.

use std::collections::HashMap;
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

/// What a closing line must have in common with the opening one: colons and container.
type Key = (usize, usize);

#[derive(Default)]
struct Open {
    /// Keys and numbers, the innermost last.
    stack: Vec<(Key, usize)>,
    /// Places in the stack by key: a text may be full of lines that open something.
    places: HashMap<Key, Vec<usize>>,
}

impl Open {
    fn push(&mut self, key: Key, number: usize) {
        self.places.entry(key).or_default().push(self.stack.len());
        self.stack.push((key, number));
    }

    fn pop(&mut self) -> Option<usize> {
        let (key, number) = self.stack.pop()?;
        self.places.get_mut(&key).and_then(Vec::pop);
        Some(number)
    }

    /// The place of the innermost one with this key.
    fn find(&self, key: Key) -> Option<usize> {
        self.places.get(&key).and_then(|places| places.last().copied())
    }
}

/// The directives of a text, in the order of their beginnings.
pub(super) fn of(text: &str, outline: &Outline) -> Vec<Pair> {
    let (mut pairs, mut open): (Vec<Pair>, Open) = (Vec::new(), Open::default());
    let end = |container: usize| outline.containers[container].range.end;
    for (at, (mark, container)) in &outline.marks {
        let line = *at..line_end(text, *at);
        // Whatever stood in a container that has ended is not closed.
        while open.stack.last().is_some_and(|((_, container), _)| end(*container) <= *at) {
            open.pop();
        }
        match mark {
            Mark::Open { colons, name, .. } => {
                open.push((*colons, *container), pairs.len());
                let whole = *at..end(*container);
                pairs.push(Pair { name: name.clone(), opening: line, whole, closed: false });
            }
            Mark::Close { colons } => {
                let Some(place) = open.find((*colons, *container)) else { continue };
                // The writer closes what is still open in it, too.
                while open.stack.len() > place + 1 {
                    open.pop().into_iter().for_each(|inner| pairs[inner].whole.end = *at);
                }
                let number = open.pop().expect("a directive was found");
                (pairs[number].whole.end, pairs[number].closed) = (line.end, true);
            }
            Mark::Include { .. } | Mark::Component { .. } | Mark::Comment => {}
        }
    }
    pairs
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |line| line + 1)
}

pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length)
}
