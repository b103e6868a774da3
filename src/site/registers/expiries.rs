//! Expiries: exceptions to a rule, contracts, and every other field whose definition sets `expires`.
//!
//! This module owns [`Expiries`]: every such day on every page and how near it is. A day in the past is reported
//! and shown; it never prevents a build. The module knows no field by name except `owner` and `status`.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use super::{PageId, RegisterInputs};
use crate::diagnostic::Diagnostic;
use crate::kinds::{Field, FieldValue, TypedValue};
use crate::page::Page;
use crate::rules::FIELD_EXPIRED;

/// The number of days before the end from which readers are warned.
const NOTICE_DAYS: i32 = 30;

/// Every entry that ends on a day.
#[derive(Debug, Default, Hash)]
pub struct Expiries {
    /// By page, in reading order.
    list: Vec<Expiry>,
    by_page: BTreeMap<PageId, Range<usize>>,
}

/// An entry that ends on a day.
#[derive(Debug, Clone, Hash)]
pub struct Expiry {
    pub page: PageId,
    /// The name of the field, such as `exceptions.until`.
    pub field: String,
    /// The texts next to the day in the same record, such as an id and a reason.
    pub what: Vec<String>,
    /// The owner of the entry, else the owner of the page.
    pub owner: Option<String>,
    /// The last day on which it is valid.
    pub until: Date,
    pub urgency: Urgency,
}

/// How near the end is. The order is that of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    Expired,
    /// It ends within the notice period.
    Soon,
    Running,
}

impl Urgency {
    /// The name in data files, such as `expired`.
    pub fn name(self) -> &'static str {
        match self {
            Urgency::Expired => "expired",
            Urgency::Soon => "soon",
            Urgency::Running => "running",
        }
    }

    /// The urgency of a day.
    pub fn for_date(until: Date, today: Date) -> Urgency {
        let left = today.until(until).map_or(i32::MAX, |span| span.get_days());
        match left {
            ..0 => Urgency::Expired,
            0..=NOTICE_DAYS => Urgency::Soon,
            _ => Urgency::Running,
        }
    }
}

impl Expiries {
    /// The entries of a page.
    pub fn for_page(&self, page: PageId) -> &[Expiry] {
        self.by_page.get(&page).map_or(&[], |range| &self.list[range.clone()])
    }

    /// All entries, the most urgent first.
    pub fn by_urgency(&self) -> Vec<&Expiry> {
        let mut all: Vec<&Expiry> = self.list.iter().collect();
        all.sort_by_key(|expiry| (expiry.until, expiry.page));
        all
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The number of expired entries.
    pub fn expired(&self) -> usize {
        self.list.iter().filter(|expiry| expiry.urgency == Urgency::Expired).count()
    }
}

pub(super) fn collect(book: &RegisterInputs<'_>, diagnostics: &mut Vec<Diagnostic>) -> Expiries {
    let mut expiries = Expiries::default();
    let ends = |field: &Field| field.expires;
    for (id, page) in book.pages().filter(|(_, page)| page.front.data.text("status") != Some("archived")) {
        let first = expiries.list.len();
        for found in book.inputs.kinds.values_of(&page.front.kind, &page.front.data, ends) {
            let Some(expiry) = expiry(id, page, &found, book.inputs.today) else { continue };
            if expiry.urgency == Urgency::Expired && !page.front.draft {
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

fn expiry(id: PageId, page: &Page, found: &FieldValue<'_>, today: Date) -> Option<Expiry> {
    let TypedValue::Date(until) = found.value else { return None };
    // A field of the page itself has no record; the fields next to it say nothing about it.
    let within = found.name.contains('.');
    let beside = found.fields.iter().filter(|field| within && field.name != "owner");
    let texts = beside.filter_map(|field| Some(found.record.get(&field.name)?.text()?.to_owned()));
    let owner = found.record.text("owner").map(str::to_owned).or_else(|| page.front.owner.clone());
    let field = found.name.clone();
    let term = Urgency::for_date(*until, today);
    Some(Expiry { page: id, field, what: texts.collect(), owner, until: *until, urgency: term })
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
            format!("{} {} {owner} {}", expiry.what.join(" / "), expiry.until, expiry.urgency.name())
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
        assert_eq!((expiries.expired(), expiries.for_page(PageId(99)).len()), (1, 0));
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
