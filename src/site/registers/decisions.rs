//! Decisions: one log over all pages.
//!
//! Owns its order: the latest first, and which pages are decisions as a whole. What a page says is read by
//! `page::facts`.

use jiff::civil::Date;

use super::Book;
use crate::kinds::Kind;
use crate::page::Page;
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
    /// Whether the page is this decision, and does not only tell of it.
    pub whole: bool,
    /// What it is about: the heading that it stands beneath.
    pub about: Option<String>,
    pub date: Option<Date>,
    pub group: Option<String>,
    /// Who answers for it, where the page itself is the decision.
    pub owner: Option<String>,
    /// How far it has come, where the page itself is the decision.
    pub status: Option<String>,
    pub page: PageId,
    pub anchor: Option<String>,
}

pub(super) fn of(book: &Book<'_>) -> Decisions {
    let mut entries = Vec::new();
    for (id, page) in book.pages() {
        match is_decision(&page.front.kind) {
            true => entries.push(of_page(id, page)),
            false => entries.extend(of_text(id, page)),
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.date));
    Decisions { entries }
}

/// Whether each page of a kind is one decision. Minutes and reports tell of decisions, and are none.
fn is_decision(kind: &Kind) -> bool {
    kind.feeds("decisions") && !kind.feeds("meetings") && !kind.feeds("incidents")
}

fn of_page(id: PageId, page: &Page) -> DecisionEntry {
    let front = &page.front;
    DecisionEntry {
        text: page.title.clone(),
        whole: true,
        about: None,
        date: front.date,
        group: None,
        owner: front.owner.clone(),
        status: front.data.text("status").map(str::to_owned),
        page: id,
        anchor: None,
    }
}

fn of_text(id: PageId, page: &Page) -> impl Iterator<Item = DecisionEntry> {
    page.facts.decisions.iter().map(move |decision| DecisionEntry {
        text: decision.text.clone(),
        whole: false,
        about: decision.about.clone(),
        date: decision.said,
        group: page.facts.group.clone(),
        owner: None,
        status: None,
        page: id,
        anchor: decision.anchor.clone(),
    })
}
