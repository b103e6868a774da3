//! Which pages should be read again, and by whom.
//!
//! Owns the order: runbooks that an incident has put to the test come before those that the calendar names; fresh
//! pages are only counted.

use super::build::{self, Groups, Head, date, downloads, links, stat_of, state, text};
use super::{COMPUTED, CellView, Register, RegisterView, Sheet};
use crate::memo::Digest;
use crate::site::Site;
use crate::site::registers::{Review, ReviewState};
use crate::view::State;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

const LEAD: &str = "Pages that somebody should read again, by owner: first runbooks that were used in an incident \
    since their last review, then what has run out.";

fn digest(site: &Site) -> Digest {
    Digest::of_value(&site.registers.reviews)
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let reviews = &site.registers.reviews;
    if reviews.rows.is_empty() {
        return Vec::new();
    }
    let of = |state: ReviewState| (reviews.count(state), state.name());
    let states =
        [of(ReviewState::Overdue), of(ReviewState::Due), of(ReviewState::Never), of(ReviewState::Fresh)];
    let (number, name) = states.into_iter().find(|(number, _)| *number > 0).unwrap_or((0, "fresh"));
    let count = if name == "never" { format!("{number} never reviewed") } else { format!("{number} {name}") };
    let state = match name {
        "overdue" => State::Bad,
        "fresh" => State::Good,
        _ => State::Warn,
    };
    vec![Sheet::new("reviews/", "Reviews").entry(COMPUTED, count, LEAD).state(state)]
}

/// How a review stands, for readers.
pub(in crate::view) fn words(state: ReviewState) -> (&'static str, State) {
    match state {
        ReviewState::Overdue => ("overdue", State::Bad),
        ReviewState::Never => ("never reviewed", State::Warn),
        ReviewState::Due => ("due", State::Warn),
        ReviewState::Fresh => ("fresh", State::Good),
    }
}

/// How a review stands, as a cell.
pub(super) fn state_cell(review: ReviewState) -> CellView {
    let (words, tone) = words(review);
    state(words, Some(tone))
}

fn show(here: &Here<'_>, _: &Sheet) -> RegisterView {
    let reviews = &here.site.registers.reviews;
    let mut groups = Groups::default();
    let used: Vec<&Review> = reviews.rows.iter().filter(|row| !row.incidents.is_empty()).collect();
    let head = Head {
        title: "Used in an incident since the last review",
        note: "What was learned there may not be in the runbook yet.",
        columns: &["Page", "Owner", "Review", "Reviewed", "Used in"],
    };
    groups.add(head, &used, |row| {
        let incidents = row.incidents.iter().map(|id| here.link(*id));
        let owner = text(row.owner.clone().unwrap_or_default());
        vec![build::page(here, row.page), owner, state_cell(row.state), date(row.reviewed), links(incidents)]
    });
    for owner in &reviews.owners {
        let rows = owner.rows.iter().map(|number| &reviews.rows[*number]);
        let rest: Vec<&Review> = rows.filter(|row| row.incidents.is_empty()).collect();
        let (fresh, open): (Vec<&Review>, Vec<&Review>) =
            rest.into_iter().partition(|row| row.state == ReviewState::Fresh);
        let note = if fresh.is_empty() { String::new() } else { format!("{} more are fresh", fresh.len()) };
        let title = owner.owner.as_deref().unwrap_or("Without an owner");
        let head =
            Head { title, note: &note, columns: &["Page", "Review", "Reviewed", "Holds until", "Every"] };
        groups.add(head, &open, |row| row_of(here, row));
    }
    let of = |state: ReviewState, label: &str| {
        let (_, tone) = words(state);
        stat_of(reviews.count(state), label, tone)
    };
    RegisterView {
        lead: LEAD.to_owned(),
        stats: vec![
            of(ReviewState::Overdue, "overdue"),
            of(ReviewState::Due, "due"),
            of(ReviewState::Never, "never reviewed"),
            of(ReviewState::Fresh, "fresh"),
        ],
        groups: groups.finish(),
        downloads: downloads(here, &["reviews.json"]),
        ..RegisterView::default()
    }
}

fn row_of(here: &Here<'_>, row: &Review) -> Vec<CellView> {
    let every = text(row.every.to_string());
    vec![build::page(here, row.page), state_cell(row.state), date(row.reviewed), date(row.until), every]
}
