//! Which pages should be read again, and by whom.
//!
//! Owns [`Reviews`]: the state of every page that has an interval, its own or its kind's. An incident in which a
//! runbook was used says more about it than the calendar: such a runbook is due at once, and comes first. Knows no
//! template.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Book, PageId, References};
use crate::diagnostic::Diagnostic;
use crate::kinds::Period;
use crate::markdown::Role;
use crate::page::Page;
use crate::rules::{REVIEW_FUTURE, REVIEW_OVERDUE};
use crate::site::links::Index;

/// A review is due this many days before it runs out, or a quarter of its interval, whichever is less.
const NOTICE_DAYS: i32 = 30;

/// The state of every page that is to be reviewed.
#[derive(Debug, Default, Hash)]
pub struct Reviews {
    /// The most urgent first.
    pub rows: Vec<Review>,
    /// The same by owner, in alphabetical order; pages without one come last.
    pub owners: Vec<OwnerReviews>,
    /// Index into `rows`.
    by_page: BTreeMap<PageId, usize>,
}

/// What one owner has to look after.
#[derive(Debug, Hash)]
pub struct OwnerReviews {
    pub owner: Option<String>,
    /// Indexes into [`Reviews::rows`], the most urgent first.
    pub rows: Vec<usize>,
}

/// The review of one page.
#[derive(Debug, Hash)]
pub struct Review {
    pub page: PageId,
    pub owner: Option<String>,
    pub reviewed: Option<Date>,
    /// The page's own interval, else its kind's.
    pub every: Period,
    /// The last day on which the review holds; `None` where there was none.
    pub until: Option<Date>,
    pub state: ReviewState,
    /// Of a runbook: incidents in which it was used since the last review, the newest first.
    pub incidents: Vec<PageId>,
}

/// How a review stands. The order is the order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewState {
    Overdue,
    /// Nobody has reviewed the page yet.
    Never,
    /// It runs out soon, or the page was used in an incident since.
    Due,
    Fresh,
}

impl ReviewState {
    /// As in data: `overdue`.
    pub fn name(self) -> &'static str {
        match self {
            ReviewState::Overdue => "overdue",
            ReviewState::Never => "never",
            ReviewState::Due => "due",
            ReviewState::Fresh => "fresh",
        }
    }
}

impl Reviews {
    /// The review of a page; `None` where it has no interval.
    pub fn of(&self, page: PageId) -> Option<&Review> {
        self.by_page.get(&page).map(|row| &self.rows[*row])
    }

    /// How many pages are in a state.
    pub fn count(&self, state: ReviewState) -> usize {
        self.rows.iter().filter(|row| row.state == state).count()
    }
}

/// Finds the state of every page's review.
pub(super) fn of(book: &Book<'_>, references: &References, diagnostics: &mut Vec<Diagnostic>) -> Reviews {
    let used = used(book, references);
    let mut rows: Vec<Review> = Vec::new();
    for (id, page) in book.pages() {
        let Some(row) = review(id, page, &used, book.parts.today) else { continue };
        diagnostics.extend(problem(page, &row, book.parts.today));
        rows.push(row);
    }
    rows.sort_by_key(|row| (row.incidents.is_empty(), row.state, row.until, row.page));
    let by_page = rows.iter().enumerate().map(|(number, row)| (row.page, number)).collect();
    Reviews { owners: owners(&rows), rows, by_page }
}

fn review(id: PageId, page: &Page, used: &Used, today: Date) -> Option<Review> {
    let data = &page.front.data;
    let every = data.period("review_every").or(page.front.kind.review_every)?;
    if data.text("status") == Some("archived") {
        return None;
    }
    let reviewed = data.date("reviewed");
    let until = reviewed.map(|day| every.after(day));
    let since = |(day, _): &&(Date, PageId)| reviewed.is_none_or(|reviewed| *day > reviewed);
    let incidents: Vec<PageId> =
        used.get(&id).into_iter().flatten().filter(since).map(|(_, page)| *page).collect();
    let state = match (reviewed, until) {
        (Some(_), Some(until)) if until < today => ReviewState::Overdue,
        (Some(reviewed), Some(until)) if !incidents.is_empty() || is_soon(reviewed, until, today) => {
            ReviewState::Due
        }
        (Some(_), Some(_)) => ReviewState::Fresh,
        _ => ReviewState::Never,
    };
    Some(Review { page: id, owner: page.front.owner.clone(), reviewed, every, until, state, incidents })
}

/// Whether the last quarter of the interval, or its last days, have begun.
fn is_soon(reviewed: Date, until: Date, today: Date) -> bool {
    let days = |from: Date, to: Date| from.until(to).map_or(i32::MAX, |span| span.get_days());
    days(today, until) <= NOTICE_DAYS.min(days(reviewed, until) / 4)
}

/// For each runbook the incidents whose page leads to it, with their days, the newest first.
type Used = BTreeMap<PageId, Vec<(Date, PageId)>>;

fn used(book: &Book<'_>, references: &References) -> Used {
    let mut used = Used::new();
    for (id, page) in book.pages().filter(|(_, page)| page.front.kind.feeds("incidents")) {
        let Some(day) = day_of(page) else { continue };
        let named = references.from(id).iter().map(|reference| reference.page);
        for runbook in linked(book, id, page).chain(named).filter(|page| is_runbook(book, *page)) {
            let incidents = used.entry(runbook).or_default();
            if !incidents.contains(&(day, id)) {
                incidents.push((day, id));
            }
        }
    }
    used.values_mut().for_each(|incidents| incidents.sort_by_key(|(day, id)| (Reverse(*day), *id)));
    used
}

/// The pages that a page links.
fn linked<'a>(book: &Book<'a>, id: PageId, page: &'a Page) -> impl Iterator<Item = PageId> {
    let index = Index::new(book.parts, book.structure);
    let links = page.document.links.iter().filter(|link| matches!(link.role, Role::Follow | Role::Point));
    links.filter_map(move |link| index.page_of_link(id, &link.span.file, &link.destination))
}

fn is_runbook(book: &Book<'_>, page: PageId) -> bool {
    book.page(page).front.kind.feeds("alerts")
}

/// The day of an incident, UTC.
pub(super) fn day_of(page: &Page) -> Option<Date> {
    let data = &page.front.data;
    let time = ["started", "detected"].iter().find_map(|name| data.time(name));
    let day = time.map(|moment| moment.timestamp.to_zoned(jiff::tz::TimeZone::UTC).date());
    day.or(page.front.date)
}

fn owners(rows: &[Review]) -> Vec<OwnerReviews> {
    let mut owners: BTreeMap<(bool, String), OwnerReviews> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        let key = (row.owner.is_none(), row.owner.as_deref().unwrap_or("").to_lowercase());
        let empty = || OwnerReviews { owner: row.owner.clone(), rows: Vec::new() };
        owners.entry(key).or_insert_with(empty).rows.push(number);
    }
    owners.into_values().collect()
}

fn problem(page: &Page, row: &Review, today: Date) -> Option<Diagnostic> {
    let (reviewed, until) = row.reviewed.zip(row.until)?;
    let place = page.front.span(&page.file, "reviewed");
    // A day that has begun somewhere is no mistake.
    if reviewed > today.tomorrow().unwrap_or(today) {
        let message = format!("this page was reviewed on {reviewed}, a day that is still to come");
        return Some(Diagnostic::new(&REVIEW_FUTURE, place, message));
    }
    let message = format!("the review of this page ran out on {until}: a review holds {}", row.every);
    let problem = Diagnostic::new(&REVIEW_OVERDUE, place, message);
    let help = "read the page, mend what is wrong, and set `reviewed` to that day";
    (row.state == ReviewState::Overdue).then(|| problem.help(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::fixture;

    fn reviews(files: &[(&str, &str)]) -> Vec<String> {
        let site = fixture::site(files, None);
        let row = |row: &Review| {
            let until = row.until.map_or("-".to_owned(), |day| day.to_string());
            let incidents: Vec<_> = row.incidents.iter().map(|id| site.page(*id).url.as_str()).collect();
            format!("{} {} {until} {}", site.page(row.page).url, row.state.name(), incidents.join(","))
        };
        site.registers.reviews.rows.iter().map(row).map(|row| row.trim_end().to_owned()).collect()
    }

    fn runbook(fields: &str) -> String {
        format!("---\nkind: runbook\n{fields}\n---\n# R\n")
    }

    #[test]
    fn the_state_follows_from_the_day_and_the_interval() {
        // The day is 2026-11-21; a runbook's review holds six months.
        for (fields, expected) in [
            ("reviewed: 2026-11-21", "a/ fresh 2027-05-21"),
            ("reviewed: 2026-06-22", "a/ fresh 2026-12-22"),
            ("reviewed: 2026-06-21", "a/ due 2026-12-21"),
            ("reviewed: 2026-05-21", "a/ due 2026-11-21"),
            ("reviewed: 2026-05-20", "a/ overdue 2026-11-20"),
            ("reviewed: 2026-11-10\nreview_every: 2w", "a/ due 2026-11-24"),
            ("reviewed: 2026-11-11\nreview_every: 2w", "a/ fresh 2026-11-25"),
            ("reviewed: 2024-02-29\nreview_every: 1y", "a/ overdue 2025-02-28"),
            ("owner: Ops", "a/ never -"),
        ] {
            assert_eq!(reviews(&[("content/a.md", &runbook(fields))]), [expected], "{fields}");
        }
    }

    #[test]
    fn pages_without_an_interval_and_archived_ones_need_no_review() {
        let archived = runbook("status: archived\nreviewed: 2020-01-01");
        let plain = "---\nreviewed: 2020-01-01\n---\n# P\n";
        let own = "---\nreviewed: 2026-11-01\nreview_every: 1y\n---\n# O\n";
        let found = reviews(&[("content/a.md", &archived), ("content/b.md", plain), ("content/o.md", own)]);
        assert_eq!(found, ["o/ fresh 2027-11-01"]);
    }

    #[test]
    fn a_runbook_is_due_after_an_incident_that_used_it_and_comes_first() {
        let fresh = runbook("id: RB-1\nreviewed: 2026-10-01");
        let overdue = runbook("reviewed: 2025-01-01");
        let rca = |day: &str, text: &str| {
            format!("---\nkind: rca\nstarted: {day}T22:30:00-04:00\n---\n# I\n\n{text}\n")
        };
        let before = rca("2026-09-01", "[R](../runbooks/used.md)");
        let after =
            rca("2026-10-01", "See [the runbook](../runbooks/used.md#verify), [again](/runbooks/used/).");
        let later = "---\nkind: rca\ndate: 2026-11-01\nrelated: [RB-1]\n---\n# I\n";
        let elsewhere = rca("2026-10-05", "[R](../runbooks/missing.md) ![x](../runbooks/used.md)");
        let files = [
            ("content/runbooks/late.md", overdue.as_str()),
            ("content/runbooks/used.md", &fresh),
            ("content/rcas/a.md", &before),
            ("content/rcas/b.md", &after),
            ("content/rcas/c.md", later),
            ("content/rcas/d.md", &elsewhere),
        ];
        let expected = ["runbooks/used/ due 2027-04-01 rcas/c/,rcas/b/", "runbooks/late/ overdue 2025-07-01"];
        assert_eq!(reviews(&files), expected);
    }

    #[test]
    fn owners_see_their_pages_by_urgency() {
        let files = [
            ("content/a.md", runbook("owner: storage\nreviewed: 2026-11-01")),
            ("content/b.md", runbook("owner: Network")),
            ("content/c.md", runbook("reviewed: 2020-01-01")),
            ("content/d.md", runbook("owner: Storage\nreviewed: 2020-01-01")),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let site = fixture::site(&files, None);
        let reviews = &site.registers.reviews;
        let pages = |group: &OwnerReviews| -> Vec<&str> {
            group.rows.iter().map(|row| site.page(reviews.rows[*row].page).url.as_str()).collect()
        };
        let groups: Vec<_> =
            reviews.owners.iter().map(|group| (group.owner.as_deref(), pages(group))).collect();
        assert_eq!(
            groups,
            [(Some("Network"), vec!["b/"]), (Some("Storage"), vec!["d/", "a/"]), (None, vec!["c/"])]
        );
        assert_eq!(reviews.count(ReviewState::Overdue), 2);
        assert_eq!(reviews.of(PageId(99)).map(|row| row.state), None);
    }

    #[test]
    fn what_ran_out_is_reported_at_the_day() {
        let late = runbook("owner: Ops\nreviewed: 2026-01-31");
        let future = runbook("reviewed: 2062-01-31");
        let tomorrow = runbook("reviewed: 2026-11-22");
        let files = [("content/a.md", late.as_str()), ("content/b.md", &future), ("content/c.md", &tomorrow)];
        let (_, found) = fixture::assembled(&files, None);
        assert_eq!(
            fixture::problems(&files, &found, "review.overdue"),
            [
                "content/a.md:4:1 the review of this page ran out on 2026-07-31: a review holds 6 months (read the page, \
              mend what is wrong, and set `reviewed` to that day)"
            ]
        );
        assert_eq!(
            fixture::problems(&files, &found, "review.future"),
            ["content/b.md:3:1 this page was reviewed on 2062-01-31, a day that is still to come"]
        );
        assert_eq!(found.len(), 2);
    }
}
