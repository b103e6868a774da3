//! Which pages should be read again, and by whom.
//!
//! Owns the order: runbooks that an incident has put to the test come before those that the calendar names; fresh
//! pages are only counted.

use super::build::{self, Groups, Head, date, downloads, links, stat_of, state, text};
use super::{CellView, Register, RegisterView, Sheet};
use crate::memo::Digest;
use crate::site::Site;
use crate::site::registers::{Expiry, Review, ReviewState, Term};
use crate::view::State;
use crate::view::moments::period;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

fn digest(site: &Site) -> Digest {
    Digest::of_value(&(&site.registers.reviews, &site.registers.expiries))
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let (reviews, expiries) = (&site.registers.reviews, &site.registers.expiries);
    if reviews.rows.is_empty() && expiries.is_empty() {
        return Vec::new();
    }
    let t = site.words();
    let sheet = Sheet::new("reviews/", t.say("reviews.title"));
    let entry = |count: String, state: State| {
        vec![sheet.clone().entry(t.say("register.computed"), count, t.say("reviews.lead")).state(state)]
    };
    let expired = expiries.expired();
    if reviews.count(ReviewState::Overdue) == 0 && expired > 0 {
        return entry(t.fill("reviews.count_expired", &[("count", &expired)]), State::Bad);
    }
    if reviews.rows.is_empty() {
        return entry(t.counted("unit.ending", expiries.by_urgency().len()), State::Good);
    }
    let of = |state: ReviewState| (reviews.count(state), state.name());
    let states =
        [of(ReviewState::Overdue), of(ReviewState::Due), of(ReviewState::Never), of(ReviewState::Fresh)];
    let (number, name) = states.into_iter().find(|(number, _)| *number > 0).unwrap_or((0, "fresh"));
    let key = match name {
        "overdue" => "reviews.count_overdue",
        "due" => "reviews.count_due",
        "never" => "reviews.count_never",
        _ => "reviews.count_fresh",
    };
    let count = t.fill(key, &[("count", &number)]);
    let state = match name {
        "overdue" => State::Bad,
        "fresh" => State::Good,
        _ => State::Warn,
    };
    entry(count, state)
}

/// The key of how a review stands, and how good that is.
pub(in crate::view) fn words(state: ReviewState) -> (&'static str, State) {
    match state {
        ReviewState::Overdue => ("review.overdue", State::Bad),
        ReviewState::Never => ("review.never", State::Warn),
        ReviewState::Due => ("review.due", State::Warn),
        ReviewState::Fresh => ("review.fresh", State::Good),
    }
}

/// How a review stands, as a cell.
pub(super) fn state_cell(here: &Here<'_>, review: ReviewState) -> CellView {
    let (words, tone) = words(review);
    state(here.t.say(words), Some(tone))
}

fn show(here: &Here<'_>, _: &Sheet) -> RegisterView {
    let (t, reviews) = (here.t, &here.site.registers.reviews);
    let mut groups = Groups::default();
    let used: Vec<&Review> = reviews.rows.iter().filter(|row| !row.incidents.is_empty()).collect();
    let head = Head {
        title: t.say("reviews.used"),
        note: t.say("reviews.used_note"),
        columns: &t.each([
            "column.page",
            "column.owner",
            "column.review",
            "column.reviewed",
            "column.used_in",
        ]),
    };
    groups.add(head, &used, |row| {
        let incidents = row.incidents.iter().map(|id| here.link(*id));
        let owner = text(row.owner.clone().unwrap_or_default());
        let state = state_cell(here, row.state);
        vec![build::page(here, row.page), owner, state, date(row.reviewed), links(here, incidents)]
    });
    let head = Head {
        title: t.say("reviews.terms"),
        note: t.say("reviews.terms_note"),
        columns: &t.each(["column.entry", "column.holds_until", "column.owner", "column.page"]),
    };
    groups.add(head, &here.site.registers.expiries.by_urgency(), |expiry| term_of(here, expiry));
    let columns =
        &t.each(["column.page", "column.review", "column.reviewed", "column.holds_until", "column.every"]);
    for owner in &reviews.owners {
        let rows = owner.rows.iter().map(|number| &reviews.rows[*number]);
        let rest: Vec<&Review> = rows.filter(|row| row.incidents.is_empty()).collect();
        let (fresh, open): (Vec<&Review>, Vec<&Review>) =
            rest.into_iter().partition(|row| row.state == ReviewState::Fresh);
        let fresh = fresh.len();
        let note = if fresh > 0 { t.fill("reviews.fresh", &[("count", &fresh)]) } else { String::new() };
        let title = owner.owner.as_deref().unwrap_or_else(|| t.say("register.without_owner"));
        groups.add(Head { title, note: &note, columns }, &open, |row| row_of(here, row));
    }
    let of = |state: ReviewState| {
        let (label, tone) = words(state);
        stat_of(reviews.count(state), t.say(label), tone)
    };
    let states = [ReviewState::Overdue, ReviewState::Due, ReviewState::Never, ReviewState::Fresh];
    RegisterView {
        lead: t.say("reviews.lead").to_owned(),
        stats: states.map(of).to_vec(),
        groups: groups.finish(here),
        downloads: downloads(here, &["reviews.json"]),
        ..RegisterView::default()
    }
}

/// Something that ends on a day: by its own words, or where it has none by the name of its field.
fn term_of(here: &Here<'_>, expiry: &Expiry) -> Vec<CellView> {
    let (first, rest) = expiry.what.split_first().unzip();
    let named = first.cloned().unwrap_or_else(|| label(here, expiry));
    let entry = CellView { note: rest.map(|rest| rest.join(", ")).unwrap_or_default(), ..text(named) };
    let (key, tone) = match expiry.term {
        Term::Expired => ("expiry.expired", Some(State::Bad)),
        Term::Soon => ("expiry.soon", Some(State::Warn)),
        Term::Running => ("expiry.running", None),
    };
    let until = state(here.t.fill(key, &[("day", &expiry.until)]), tone);
    vec![entry, until, text(expiry.owner.clone().unwrap_or_default()), build::page(here, expiry.page)]
}

/// What readers call the field.
fn label(here: &Here<'_>, expiry: &Expiry) -> String {
    let kind = &here.site.page(expiry.page).page.front.kind;
    let field = kind.field(&here.site.kinds.common, &expiry.field);
    field.map_or_else(String::new, |field| here.wording(kind).label(&expiry.field, field).to_owned())
}

fn row_of(here: &Here<'_>, row: &Review) -> Vec<CellView> {
    let every = CellView { sort: Some(row.every.days()), ..text(period(here.t, row.every)) };
    vec![build::page(here, row.page), state_cell(here, row.state), date(row.reviewed), date(row.until), every]
}
