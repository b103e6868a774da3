//! The entries of a list of people, classified together with what is nested in them.
//!
//! Owns [`WeighedItem`] and [`EntryTally`]. The caller's classifier says what a single text means. Must not know where
//! a list begins or ends.

use std::ops::Range;

use super::blocks::ListItem;
use super::{ParticipantClassifier, PersonEntry};

/// The classification of an item together with its nested items.
#[derive(Debug, Clone, Copy)]
pub(super) struct WeighedItem {
    pub entry: PersonEntry,
    /// The number of items directly below it that are not empty.
    pub entries: usize,
    pub people: usize,
    pub notes: usize,
}

/// Classifies each item. Nested items follow their parent, so the items are classified from last to first.
pub(super) fn weigh(items: &[ListItem], classifier: ParticipantClassifier<'_>) -> Vec<WeighedItem> {
    let nothing = WeighedItem { entry: PersonEntry::Empty, entries: 0, people: 0, notes: 0 };
    let mut weighed = vec![nothing; items.len()];
    for (at, item) in items.iter().enumerate().rev() {
        let beneath = weighed[at];
        let entry = with_beneath((classifier.entry)(&item.text), beneath);
        weighed[at].entry = entry;
        if let Some(above) = item.parent.map(|parent| &mut weighed[parent]) {
            above.entries += usize::from(entry != PersonEntry::Empty);
            above.people += usize::from(entry.is_person() || entry == PersonEntry::Mixed);
            above.notes += usize::from(entry == PersonEntry::Notes);
        }
    }
    weighed
}

/// The classification of an entry that has people, notes or both below it.
fn with_beneath(own: PersonEntry, beneath: WeighedItem) -> PersonEntry {
    let (people, notes) = (beneath.people > 0, beneath.notes > 0);
    match own {
        PersonEntry::Notes if people => PersonEntry::Mixed,
        PersonEntry::Handle | PersonEntry::Name | PersonEntry::Remark if notes => PersonEntry::Mixed,
        PersonEntry::Word | PersonEntry::Unclear | PersonEntry::Empty if notes && !people => {
            PersonEntry::Notes
        }
        PersonEntry::Word | PersonEntry::Unclear | PersonEntry::Empty if notes => PersonEntry::Mixed,
        PersonEntry::Unclear | PersonEntry::Empty if people => PersonEntry::Remark,
        own => own,
    }
}

/// The classification of the entries of a section.
#[derive(Debug, Default)]
pub(super) struct EntryTally {
    pub people: usize,
    pub entries: usize,
    /// Withheld with the people, and reported.
    pub mixed: Vec<Range<usize>>,
    pub notes: Vec<Range<usize>>,
}

impl EntryTally {
    pub fn add(&mut self, entry: PersonEntry, text: &str, range: Range<usize>) {
        self.entries += usize::from(entry != PersonEntry::Empty);
        match entry {
            PersonEntry::Notes => self.notes.push(range),
            PersonEntry::Mixed => self.mixed.push(range),
            PersonEntry::Unclear if text.split_whitespace().count() > 4 => self.mixed.push(range),
            _ => self.people += usize::from(entry.is_person()),
        }
    }
}
