//! What readers may see of the people of a meeting.
//!
//! Owns which setting counts and which texts are lists of people. What is withheld vanishes while the page is parsed;
//! the setting is the handbook's, a page of minutes may have its own.

use super::markers::{Strictness, may_hold_orders, orders};
use super::people::People;
use super::sections::Topic;
use super::words::leading_handles;
use crate::config::Participants;
use crate::kinds::Kind;
use crate::markdown::{Blocks, Verdict};
use crate::page::FrontMatter;

/// What readers see of the people of a page; nothing is withheld of pages that are no minutes.
pub fn participants(front: &FrontMatter, handbook: Participants) -> Participants {
    if !front.kind.feeds("meetings") {
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

/// Whether a text begins, goes on with or ends a list of people.
pub fn judge(text: &str, kind: &Kind) -> Verdict {
    match Topic::of(text, kind) {
        Topic::Participants => Verdict::Begins,
        Topic::Agenda | Topic::Actions | Topic::Review | Topic::Decisions => Verdict::Ends,
        Topic::Other if is_people(text) => Verdict::Belongs,
        Topic::Other if asks(text) => Verdict::Ends,
        Topic::Other => Verdict::Neither,
    }
}

/// Whether a text asks somebody to do something.
fn asks(text: &str) -> bool {
    may_hold_orders(text) && !orders(text, Strictness::OwnerNeeded).is_empty()
}

/// Whether a text is handles, perhaps with a remark.
fn is_people(text: &str) -> bool {
    let (handles, rest) = leading_handles(text.trim());
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
    !handles.is_empty() && rest.split_whitespace().count() <= 3
}

/// What of the people readers may know.
pub(super) fn known(people: People, shown: Participants) -> People {
    match shown {
        Participants::Show => people,
        Participants::Count => People { count: people.count, ..People::default() },
        Participants::Hide => People::default(),
    }
}
