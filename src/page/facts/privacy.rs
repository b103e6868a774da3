//! What readers may see of the people of a meeting.
//!
//! Owns which setting counts and which labels stand above lists of people; what names somebody is in `names`. What is withheld vanishes while the page is parsed;
//! the setting is the handbook's, a page of minutes may have its own.

use super::action_markers::{Strictness, may_hold_orders, orders};
use super::people::People;
use super::sections::{Topic, may_name_participants};
use super::{dates, person_names};
use crate::config::Participants;
use crate::kinds::Kind;
use crate::markdown::{Blocks, HeadingMeaning, PersonEntry};
use crate::page::FrontMatter;

/// What readers see of the people of a page; nothing is withheld of pages that are neither minutes nor an analysis.
pub fn participants(front: &FrontMatter, handbook: Participants) -> Participants {
    if !front.kind.feeds("meetings") && !front.kind.feeds("incidents") {
        return Participants::Show;
    }
    front.data.text("participants").and_then(Participants::named).unwrap_or(handbook)
}

/// Fields that name people of a meeting: who they are is told where the others are, too.
const NAMES: [&str; 2] = ["scribe", "moderator"];

/// Takes out of a page's fields who wrote the minutes and who led the meeting, where people are not shown.
pub fn withhold_names(front: &mut FrontMatter, participants: Participants) {
    if participants != Participants::Show {
        NAMES.iter().for_each(|name| front.data.record.remove(name));
    }
}

/// Whether the people of a page are counted where they are not shown.
pub fn counted(participants: Participants) -> Blocks {
    if participants == Participants::Count { Blocks::Collect } else { Blocks::Leave }
}

/// What a text means as a heading, or as the label of a list.
pub fn label(text: &str, kind: &Kind) -> HeadingMeaning {
    match Topic::from_heading(text, kind) {
        Topic::Participants => HeadingMeaning::People,
        Topic::Agenda | Topic::Actions | Topic::Review | Topic::Decisions => HeadingMeaning::Other,
        Topic::Other if may_name_participants(text) => HeadingMeaning::Perhaps,
        Topic::Other if asks(text) => HeadingMeaning::Other,
        Topic::Other => HeadingMeaning::Nothing,
    }
}

/// What a text means as an entry of a list of people.
pub fn entry(text: &str) -> PersonEntry {
    if asks(text) { PersonEntry::Notes } else { person_names::entry(text) }
}

/// Whether a heading begins or ends with a date.
pub fn dated(heading: &str) -> bool {
    dates::first(heading).is_some()
}

/// Whether a text asks somebody to do something.
fn asks(text: &str) -> bool {
    may_hold_orders(text) && !orders(text, Strictness::OwnerNeeded).is_empty()
}

/// What of the people readers may know.
pub(super) fn known(people: People, shown: Participants) -> People {
    match shown {
        Participants::Show => people,
        Participants::Count => People { count: people.count, ..People::default() },
        Participants::Hide => People::default(),
    }
}
