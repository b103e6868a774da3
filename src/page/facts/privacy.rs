//! The privacy of the people of a meeting: what readers may see of them.
//!
//! This module owns which setting applies, that of the handbook or that of the page, and which labels stand above lists
//! of people. `person_names` classifies their entries. `markdown` withholds them while it parses the page.

use super::action_markers::{Strictness, may_hold_orders, orders};
use super::people::People;
use super::sections::{Topic, may_name_participants};
use super::{dates, person_names};
use crate::config::Participants;
use crate::kinds::Kind;
use crate::markdown::{HeadingMeaning, PersonEntry};
use crate::page::visibility::AccessTable;
use crate::page::{FrontMatter, front_matter};
use crate::path::FilePath;

/// The setting for the people of a page. Pages that are neither minutes nor an analysis show everything.
pub fn participants(front: &FrontMatter, handbook: Participants) -> Participants {
    participants_of_kind(&front.kind, front.data.text("participants"), handbook)
}

/// The same for a page whose text is not read.
pub fn participants_of_file(file: &FilePath, table: &AccessTable<'_>) -> Participants {
    let written = front_matter::text_of_field(file, table, "participants");
    participants_of_kind(
        front_matter::kind_of(file, table),
        written.as_deref(),
        table.context().config.participants,
    )
}

fn participants_of_kind(kind: &Kind, written: Option<&str>, handbook: Participants) -> Participants {
    if !kind.feeds("meetings") && !kind.feeds("incidents") {
        return Participants::Show;
    }
    written.and_then(Participants::named).unwrap_or(handbook)
}

/// The fields that name people of a meeting. They are withheld together with the participants.
const NAMES: [&str; 2] = ["scribe", "moderator"];

/// Removes the scribe and the moderator from the fields of a page if people are not shown.
pub fn withhold_names(front: &mut FrontMatter, participants: Participants) {
    if participants != Participants::Show {
        NAMES.iter().for_each(|name| front.data.record.remove(name));
    }
}

/// The meaning of a text as a heading, or as the label of a list.
pub fn label(text: &str, kind: &Kind) -> HeadingMeaning {
    match Topic::from_heading(text, kind) {
        Topic::Participants => HeadingMeaning::People,
        Topic::Agenda | Topic::Actions | Topic::Review | Topic::Decisions => HeadingMeaning::Other,
        Topic::Other if may_name_participants(text) => HeadingMeaning::Perhaps,
        Topic::Other if asks(text) => HeadingMeaning::Other,
        Topic::Other => HeadingMeaning::Nothing,
    }
}

/// The meaning of a text as an entry of a list of people.
pub fn entry(text: &str) -> PersonEntry {
    if asks(text) { PersonEntry::Notes } else { person_names::entry(text) }
}

/// Whether a heading contains a date.
pub fn dated(heading: &str) -> bool {
    dates::first(heading).is_some()
}

/// Whether a text is an action item of somebody.
fn asks(text: &str) -> bool {
    may_hold_orders(text) && !orders(text, Strictness::OwnerNeeded).is_empty()
}

/// The part of the people that readers may know.
pub(super) fn known(people: People, shown: Participants) -> People {
    match shown {
        Participants::Show => people,
        Participants::Count => People { count: people.count, ..People::default() },
        Participants::Hide => People::default(),
    }
}
