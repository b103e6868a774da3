//! Decisions: one log over all pages.
//!
//! Owns its order: the latest first. What a page says is read by `page::facts`.

use jiff::civil::Date;

use super::Book;
use crate::site::PageId;

/// Every decision, the latest first; those without a day last.
#[derive(Debug, Default, Hash)]
pub struct Decisions {
    pub entries: Vec<DecisionEntry>,
}

/// Something that was decided.
#[derive(Debug, Clone, Hash)]
pub struct DecisionEntry {
    pub text: String,
    /// What it is about: the heading that it stands beneath.
    pub about: Option<String>,
    pub date: Option<Date>,
    pub group: Option<String>,
    pub page: PageId,
    pub anchor: Option<String>,
}

pub(super) fn of(book: &Book<'_>) -> Decisions {
    let mut entries = Vec::new();
    for (id, page) in book.pages() {
        entries.extend(page.facts.decisions.iter().map(|decision| DecisionEntry {
            text: decision.text.clone(),
            about: decision.about.clone(),
            date: decision.said,
            group: page.facts.group.clone(),
            page: id,
            anchor: decision.anchor.clone(),
        }));
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.date));
    Decisions { entries }
}
