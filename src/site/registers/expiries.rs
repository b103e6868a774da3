//! What holds until a day: exceptions to a rule, contracts, whatever a definition says that it expires.
//!
//! Owns [`Expiries`]: every such day of every page and how near it is. A day that is past is reported and shown; it
//! never keeps a site from being published. Knows no field by name but that of an owner.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use super::{Book, PageId};
use crate::diagnostic::Diagnostic;
use crate::kinds::{Field, Found, Typed};
use crate::page::Page;
use crate::rules::FIELD_EXPIRED;

/// Readers are told this many days before something ends.
const NOTICE_DAYS: i32 = 30;

/// Everything that ends on a day.
#[derive(Debug, Default, Hash)]
pub struct Expiries {
    /// By page, in reading order.
    list: Vec<Expiry>,
    by_page: BTreeMap<PageId, Range<usize>>,
}

/// One thing that ends on a day.
#[derive(Debug, Clone, Hash)]
pub struct Expiry {
    pub page: PageId,
    /// The field's name: `exceptions.until`.
    pub field: String,
    /// What ends: the texts beside the day, such as an id and a reason.
    pub what: Vec<String>,
    /// Who answers for it, else who answers for the page.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub until: Date,
    pub term: Term,
}

/// How near the end is. The order is the order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    Expired,
    /// It ends within the next days.
    Soon,
    Running,
}

impl Term {
    /// As in data: `expired`.
    pub fn name(self) -> &'static str {
        match self {
            Term::Expired => "expired",
            Term::Soon => "soon",
            Term::Running => "running",
        }
    }

    /// How near a day is.
    pub fn of(until: Date, today: Date) -> Term {
        let left = today.until(until).map_or(i32::MAX, |span| span.get_days());
        match left {
            ..0 => Term::Expired,
            0..=NOTICE_DAYS => Term::Soon,
            _ => Term::Running,
        }
    }
}

impl Expiries {
    /// What ends on a page.
    pub fn of(&self, page: PageId) -> &[Expiry] {
        self.by_page.get(&page).map_or(&[], |range| &self.list[range.clone()])
    }

    /// Everything, the most urgent first.
    pub fn by_urgency(&self) -> Vec<&Expiry> {
        let mut all: Vec<&Expiry> = self.list.iter().collect();
        all.sort_by_key(|expiry| (expiry.until, expiry.page));
        all
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many are past their day.
    pub fn expired(&self) -> usize {
        self.list.iter().filter(|expiry| expiry.term == Term::Expired).count()
    }
}

pub(super) fn collect(book: &Book<'_>, diagnostics: &mut Vec<Diagnostic>) -> Expiries {
    let mut expiries = Expiries::default();
    let ends = |field: &Field| field.expires;
    for (id, page) in book.pages().filter(|(_, page)| page.front.data.text("status") != Some("archived")) {
        let first = expiries.list.len();
        for found in book.parts.kinds.values_of(&page.front.kind, &page.front.data, ends) {
            let Some(expiry) = expiry(id, page, &found, book.parts.today) else { continue };
            if expiry.term == Term::Expired && !page.front.draft {
                diagnostics.push(problem(page, &expiry, &found.path));
            }
            expiries.list.push(expiry);
        }
        if first < expiries.list.len() {
            expiries.by_page.insert(id, first..expiries.list.len());
        }
    }
    expiries
}

fn expiry(id: PageId, page: &Page, found: &Found<'_>, today: Date) -> Option<Expiry> {
    let Typed::Date(until) = found.value else { return None };
    let within = found.name.contains('.');
    let beside = found.fields.iter().filter(|field| within && field.name != "owner");
    let texts = beside.filter_map(|field| Some(found.record.get(&field.name)?.text()?.to_owned()));
    let owner = found.record.text("owner").map(str::to_owned).or_else(|| page.front.owner.clone());
    let (field, term) = (found.name.clone(), Term::of(*until, today));
    Some(Expiry { page: id, field, what: texts.collect(), owner, until: *until, term })
}

fn problem(page: &Page, expiry: &Expiry, path: &str) -> Diagnostic {
    let what = expiry.what.first().map(|what| format!(" of `{what}`")).unwrap_or_default();
    let name = expiry.field.rsplit('.').next().unwrap_or(&expiry.field);
    let message = format!("`{name}`{what} is past: it was {}", expiry.until);
    let problem = Diagnostic::new(&FIELD_EXPIRED, page.front.span(&page.file, path), message);
    problem.help("take the entry out, or have it approved again and set the new day")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::fixture;

    const PROCESS: &str = "---\nkind: process\nowner: Ops\nexceptions:\n- {id: E-1, reason: Old disks, owner: Storage, until: 2026-11-20}\n\
                           - {id: E-2, reason: Tests, until: 2026-11-21}\n- {id: E-3, reason: Later, until: 2026-12-22}\n---\n## Purpose\n\nP\n";

    #[test]
    fn the_last_day_still_holds() {
        let site = fixture::site(&[("content/p.md", PROCESS)], None);
        let expiries = &site.registers.expiries;
        let row = |expiry: &&Expiry| {
            let owner = expiry.owner.as_deref().unwrap_or("-");
            format!("{} {} {owner} {}", expiry.what.join(" / "), expiry.until, expiry.term.name())
        };
        let rows: Vec<String> = expiries.by_urgency().iter().map(row).collect();
        assert_eq!(
            rows,
            [
                "E-1 / Old disks 2026-11-20 Storage expired",
                "E-2 / Tests 2026-11-21 Ops soon",
                "E-3 / Later 2026-12-22 Ops running"
            ]
        );
        assert_eq!((expiries.expired(), expiries.of(PageId(99)).len()), (1, 0));
    }

    #[test]
    fn what_has_expired_is_reported_at_its_day() {
        let files = [("content/p.md", PROCESS)];
        let (_, found) = fixture::assembled(&files, None);
        let found = fixture::problems(&files, &found, "field.expired");
        assert_eq!(
            found,
            [
                "content/p.md:5:48 `until` of `E-1` is past: it was 2026-11-20 (take the entry out, or have it approved \
              again and set the new day)"
            ]
        );
        let archived = PROCESS.replace("owner: Ops", "status: archived");
        let files = [("content/p.md", archived.as_str())];
        let (_, found) = fixture::assembled(&files, None);
        assert!(fixture::problems(&files, &found, "field.expired").is_empty());
    }
}
