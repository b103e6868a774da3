//! Circles in a field of pages: a service that needs itself by way of others.
//!
//! This module owns the rule about them, for the fields that a register draws as a graph.

use std::collections::{BTreeMap, BTreeSet};

use super::{FieldReferences, RegisterInputs};
use crate::diagnostic::Diagnostic;
use crate::rules::REFERENCE_LOOP;
use crate::site::PageId;

/// Reports each circle at the field of its first page, in reading order.
pub(super) fn check(
    book: &RegisterInputs<'_>,
    references: &FieldReferences,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let fields: BTreeSet<&str> =
        book.inputs.field_registers.list.iter().filter_map(|register| register.graph.as_deref()).collect();
    for field in fields {
        for circle in circles(book, references, field) {
            diagnostics.push(problem(book, field, &circle));
        }
    }
}

/// How far the search has come with a page.
#[derive(PartialEq)]
enum SearchState {
    /// On the way from the first page to the current one.
    Entered,
    Left,
}

/// The circles that a search in depth finds, each from its first page on.
fn circles(book: &RegisterInputs<'_>, references: &FieldReferences, field: &str) -> Vec<Vec<PageId>> {
    let mut states: BTreeMap<PageId, SearchState> = BTreeMap::new();
    let mut found = Vec::new();
    for (first, _) in book.pages() {
        if states.contains_key(&first) || references.of(first, field).next().is_none() {
            continue;
        }
        // Each page of the way with the pages that it still leads to. A stack, because a way may be long.
        let mut way: Vec<(PageId, Vec<PageId>)> = vec![(first, references.of(first, field).collect())];
        states.insert(first, SearchState::Entered);
        while let Some((page, rest)) = way.last_mut() {
            let Some(next) = rest.pop() else {
                states.insert(*page, SearchState::Left);
                way.pop();
                continue;
            };
            match states.get(&next) {
                Some(SearchState::Left) => {}
                Some(SearchState::Entered) => {
                    let begin = way.iter().position(|(page, _)| *page == next).unwrap_or(0);
                    found.push(way[begin..].iter().map(|(page, _)| *page).collect());
                }
                None => {
                    states.insert(next, SearchState::Entered);
                    way.push((next, references.of(next, field).collect()));
                }
            }
        }
    }
    found
}

fn problem(book: &RegisterInputs<'_>, field: &str, circle: &[PageId]) -> Diagnostic {
    let first = book.page(circle[0]);
    let mut titles: Vec<&str> = circle.iter().map(|page| book.page(*page).title.as_str()).collect();
    titles.push(&first.title);
    let message = format!("`{field}` leads back to this page: {}", titles.join(" → "));
    let problem = Diagnostic::new(&REFERENCE_LOOP, first.front.span(&first.file, field), message);
    problem.help("take one of these pages out of the field of another")
}
