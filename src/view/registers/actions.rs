//! Action items: what is open by owner, since when and how often carried over, what nobody answers for, what is done.
//!
//! Owns the order and the words. Which sayings are one item, and how old it is, was found out by the register.

use super::build::{self, Groups, Head, date, downloads, stat, stat_of, state, text};
use super::{CellView, Register, RegisterView, Sheet};
use crate::memo::Digest;
use crate::site::Site;
use crate::site::registers::{ActionItem, Saying};
use crate::view::State;
use crate::view::minutes::tone;
use crate::view::nav::Here;

pub(super) const REGISTER: Register = Register { sheets, digest, show };

const COLUMNS: [&str; 5] = ["column.action", "column.state", "column.age", "column.named_in", "column.due"];

fn digest(site: &Site) -> Digest {
    Digest::of_value(&site.registers.actions)
}

fn sheets(site: &Site) -> Vec<Sheet> {
    let actions = &site.registers.actions;
    if actions.items.is_empty() {
        return Vec::new();
    }
    let (t, open, late) = (site.words(), actions.open().count(), overdue(actions.open()));
    let key = if late > 0 { "actions.open_overdue" } else { "actions.open" };
    let count = t.fill(key, &[("count", &open), ("overdue", &late)]);
    let tone = match (open, late) {
        (0, _) => State::Good,
        (_, 0) => State::Warn,
        _ => State::Bad,
    };
    let sheet = Sheet::new("actions/", t.say("actions.title"));
    vec![sheet.entry(t.say("register.computed"), count, t.say("actions.lead")).state(tone)]
}

fn overdue<'a>(items: impl Iterator<Item = &'a ActionItem>) -> usize {
    items.filter(|item| item.overdue).count()
}

fn show(here: &Here<'_>, _: &Sheet) -> RegisterView {
    let (t, actions) = (here.t, &here.site.registers.actions);
    let columns = &t.each(COLUMNS);
    let mut owners: Vec<(&str, Vec<&ActionItem>)> = actions.by_owner().into_iter().collect();
    owners.sort_by_key(|(name, _)| name.to_lowercase());
    let mut groups = Groups::sharing(owners.len() + 2);
    let orphans: Vec<&ActionItem> = actions.without_owner().collect();
    let head = Head { title: t.say("register.without_owner"), note: t.say("actions.no_owner"), columns };
    groups.add(head, &orphans, |item| open_row(here, item));
    for (owner, mut items) in owners {
        items.sort_by_key(|item| !item.overdue);
        let late = overdue(items.iter().copied());
        let note = if late > 0 { t.fill("actions.overdue", &[("count", &late)]) } else { String::new() };
        groups.add(Head { title: owner, note: &note, columns }, &items, |item| open_row(here, item));
    }
    let mut closed: Vec<&ActionItem> = actions.items.iter().filter(|item| item.state.is_closed()).collect();
    closed.sort_by_key(|item| std::cmp::Reverse(item.last()));
    let head = Head {
        title: t.say("actions.closed"),
        note: "",
        columns: &t.each(["column.action", "column.state", "column.took", "column.named_in", "column.owner"]),
    };
    groups.add(head, &closed, |item| closed_row(here, item));
    // Without a date there is no calendar.
    let dated = actions.open().any(|item| item.due.is_some());
    let files = if dated { &["actions.json", "actions.ics"][..] } else { &["actions.json"] };
    RegisterView {
        lead: t.say("actions.lead").to_owned(),
        stats: vec![
            stat(actions.open().count(), t.say("actions.figure_open")),
            stat_of(overdue(actions.open()), t.say("actions.figure_overdue"), State::Bad),
            stat_of(orphans.len(), t.say("actions.figure_no_owner"), State::Warn),
            stat(closed.len(), t.say("actions.figure_closed")),
        ],
        groups: groups.finish(here),
        downloads: downloads(here, files),
        ..RegisterView::default()
    }
}

fn open_row(here: &Here<'_>, item: &ActionItem) -> Vec<CellView> {
    let due = CellView { state: item.overdue.then_some(State::Bad), ..date(item.due) };
    vec![action(here, item), state_cell(here, item), age(here, item), named_in(here, item), due]
}

fn closed_row(here: &Here<'_>, item: &ActionItem) -> Vec<CellView> {
    let owners = text(item.owners.join(", "));
    vec![action(here, item), state_cell(here, item), age(here, item), named_in(here, item), owners]
}

/// The words of the item, which lead to where it was said last.
fn action(here: &Here<'_>, item: &ActionItem) -> CellView {
    let last = item.sayings.last();
    let note = [item.id.as_deref(), item.kind.as_deref()];
    CellView {
        text: item.text.clone(),
        url: last.map(|saying| place(here, saying)),
        note: note.into_iter().flatten().collect::<Vec<_>>().join(", "),
        ..CellView::default()
    }
}

fn place(here: &Here<'_>, saying: &Saying) -> String {
    build::anchored(here, saying.page, saying.anchor.as_deref())
}

fn state_cell(here: &Here<'_>, item: &ActionItem) -> CellView {
    let name = if item.overdue { "overdue" } else { item.state.name() };
    state(here.t.word("action", name), Some(if item.overdue { State::Bad } else { tone(item.state) }))
}

fn age(here: &Here<'_>, item: &ActionItem) -> CellView {
    let days = item.age.map(|days| here.t.counted("unit.day", days as usize));
    text(days.unwrap_or_default())
}

/// The first and the last page that name it, and how many there are.
fn named_in(here: &Here<'_>, item: &ActionItem) -> CellView {
    let mut ends: Vec<&Saying> = item.sayings.first().into_iter().chain(item.sayings.last()).collect();
    ends.dedup_by_key(|saying| (saying.page, saying.anchor.clone()));
    let link = |saying: &&Saying| {
        let mut link = here.link(saying.page);
        link.url = place(here, saying);
        link
    };
    let carried = item.carried();
    let note = || here.t.fill("actions.carried", &[("count", &carried), ("days", &item.span())]);
    let note = if carried > 1 { note() } else { String::new() };
    CellView { note, ..build::links(here, ends.iter().map(link)) }
}
