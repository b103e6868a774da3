//! Reviews: which pages must be read again, and by whom.
//!
//! This module owns [`Reviews`]: the state of every page with a review interval, its own or that of its kind. A
//! runbook that was used in an incident is due at once and comes first, whatever its interval. The module knows no
//! template.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::plot_rows::{FEWEST_OF_PLOT, largest_rows};
use super::table::{
    Cell, CellLabel, CellValue, Column, FileContent, FileRows, Layout, Register, RegisterContent,
    RegisterFigure, RegisterPage, RegisterPlot, RegisterTask, RowList, Tables, Tone,
};
use super::{
    CollectedRegister, Expiries, Expiry, PageId, RegisterInputs, RunbookUse, RunbookUses, Urgency, expiries,
    uses,
};
use crate::diagnostic::Diagnostic;
use crate::kinds::Period;
use crate::memo::Digest;
use crate::page::Page;
use crate::plot::{AgeRow, Ages, Ink, Look, Plot, SquareGroup, Texture, Treemap};
use crate::rules::{REVIEW_FUTURE, REVIEW_OVERDUE};
use crate::site::{FolderRole, Site};

pub const NAME: &str = "reviews";

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: NAME,
    is_fed_by_kinds: false,
    is_shown_on_pages: true,
    collect: |inputs, made| {
        // A use makes the review of a runbook due.
        made.uses = uses::collect(inputs.pages, inputs.references, &made.incidents);
        made.reviews = collect(inputs.pages, &made.uses, &mut made.diagnostics);
        made.expiries = expiries::collect(inputs.pages, &mut made.diagnostics);
    },
    register: |made| Box::new(ReviewRegister { reviews: &made.reviews, expiries: &made.expiries }),
};

/// A review is due this many days before it expires, or a quarter of its interval, whichever is less.
const NOTICE_DAYS: i32 = 30;

/// The state of every page that needs reviews.
#[derive(Debug, Default, Hash)]
pub struct Reviews {
    /// The most urgent first.
    pub rows: Vec<Review>,
    /// The same by owner, in alphabetical order. Pages without an owner come last.
    pub owners: Vec<OwnerReviews>,
    /// Indexes into `rows`.
    by_page: BTreeMap<PageId, usize>,
}

/// The reviews of one owner.
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
    /// The page's own interval, else that of its kind.
    pub every: Period,
    /// The last day on which the review is valid; `None` if there was no review.
    pub until: Option<Date>,
    pub state: ReviewState,
    /// For a runbook: the incidents in which it was used since the last review, the newest first.
    pub incidents: Vec<PageId>,
}

/// The state of a review. The order is that of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewState {
    Overdue,
    /// The page was never reviewed.
    Never,
    /// It expires soon, or the page was used in an incident since.
    Due,
    Fresh,
}

impl ReviewState {
    /// The name in data files, such as `overdue`.
    pub fn name(self) -> &'static str {
        match self {
            ReviewState::Overdue => "overdue",
            ReviewState::Never => "never",
            ReviewState::Due => "due",
            ReviewState::Fresh => "fresh",
        }
    }
}

impl ReviewState {
    /// The key of the text for readers.
    pub fn word(self) -> &'static str {
        match self {
            ReviewState::Overdue => "review.overdue",
            ReviewState::Never => "review.never",
            ReviewState::Due => "review.due",
            ReviewState::Fresh => "review.fresh",
        }
    }

    pub fn tone(self) -> Tone {
        match self {
            ReviewState::Overdue => Tone::Bad,
            ReviewState::Never | ReviewState::Due => Tone::Warn,
            ReviewState::Fresh => Tone::Good,
        }
    }

    /// The state as a cell.
    pub(super) fn cell(self, site: &Site) -> Cell<'static> {
        Cell::new(self.name()).label(site.words().say(self.word()).to_owned()).tone(self.tone())
    }
}

impl Review {
    /// The days since the review in per cent of its interval, rounded up; `None` where there was no review.
    fn percent(&self, today: Date) -> Option<u32> {
        let reviewed = self.reviewed?;
        let age = i64::from((today - reviewed).get_days()).max(0);
        let limit = i64::from((self.until? - reviewed).get_days()).max(1);
        u32::try_from((age * 100 + limit - 1) / limit).ok()
    }
}

impl Reviews {
    /// The review of a page; `None` where it has no interval.
    pub fn for_page(&self, page: PageId) -> Option<&Review> {
        self.by_page.get(&page).map(|row| &self.rows[*row])
    }

    /// The number of pages in a state.
    pub fn count(&self, state: ReviewState) -> usize {
        self.rows.iter().filter(|row| row.state == state).count()
    }
}

/// The register's content: the reviews and the expiries.
pub(super) struct ReviewRegister<'a> {
    pub reviews: &'a Reviews,
    pub expiries: &'a Expiries,
}

static COLUMNS: &[Column<Review>] = &[
    Column::new("page", |_, review| Cell::page(review.page)),
    Column::new("owner", |_, review| Cell::new(review.owner.as_deref())),
    Column::new("state", |site, review| review.state.cell(site)),
    Column::new("reviewed", |_, review| Cell::new(review.reviewed)),
    // Readers see `6 months`.
    Column::new("every", |_, review| Cell {
        label: CellLabel::Period(review.every),
        ..Cell::new(review.every.to_string())
    }),
    // The last day on which the review is valid.
    Column::new("until", |_, review| Cell::new(review.until)),
    // For a runbook: the incidents since the last review in which it was used.
    Column::new("incidents", |_, review| Cell::new(CellValue::pages(&review.incidents))),
];

static USED: Layout<Review> = Layout {
    columns: COLUMNS,
    shown: &[
        ("page", "column.page"),
        ("owner", "column.owner"),
        ("state", "column.review"),
        ("reviewed", "column.reviewed"),
        ("incidents", "column.used_in"),
    ],
};

pub(super) static OTHERS: Layout<Review> = Layout {
    columns: COLUMNS,
    shown: &[
        ("page", "column.page"),
        ("state", "column.review"),
        ("owner", "column.owner"),
        ("until", "column.holds_until"),
        ("reviewed", "column.reviewed"),
        ("every", "column.every"),
    ],
};

static EXPIRY_COLUMNS: &[Column<Expiry>] = &[
    Column::new("page", |_, expiry| Cell::page(expiry.page)),
    Column::new("field", |_, expiry| Cell::new(expiry.field.as_str())),
    // Named by the texts of the entry or, where it has none, by the label of its field.
    Column::new("what", |site, expiry| {
        let (first, rest) = match expiry.what.split_first() {
            Some((first, rest)) => (first.clone(), rest.join(", ")),
            None => (site.name_of_field(expiry.page, &expiry.field).to_owned(), String::new()),
        };
        Cell::texts(&expiry.what).label(first).note(rest)
    }),
    Column::new("owner", |_, expiry| Cell::new(expiry.owner.as_deref())),
    Column::new("state", |_, expiry| Cell::new(expiry.urgency.name())),
    Column::new("until", |site, expiry| {
        let (key, tone) = match expiry.urgency {
            Urgency::Expired => ("expiry.expired", Some(Tone::Bad)),
            Urgency::Soon => ("expiry.soon", Some(Tone::Warn)),
            Urgency::Running => ("expiry.running", None),
        };
        Cell::new(expiry.until).label(site.words().fill(key, &[("day", &expiry.until)])).tone(tone)
    }),
];

static EXPIRIES: Layout<Expiry> = Layout {
    columns: EXPIRY_COLUMNS,
    shown: &[
        ("what", "column.entry"),
        ("until", "column.holds_until"),
        ("owner", "column.owner"),
        ("page", "column.page"),
    ],
};

const CALENDAR: &str = "reviews.ics";

/// The most owners with a row of their own in a plot.
const MOST_OWNERS: usize = 14;

/// The states of pages with a review, as a plot shows them.
const AGE_STATES: [(ReviewState, Look); 3] = [
    (ReviewState::Fresh, Look::new(Ink::Green, Texture::Outlined)),
    (ReviewState::Due, Look::new(Ink::Amber, Texture::Hatched)),
    (ReviewState::Overdue, Look::new(Ink::Red, Texture::Solid)),
];

/// The most sections with an area of their own.
const MOST_SECTIONS: usize = 20;

/// How the parts of an area look, by the state of the review.
const MAP_STATES: [(ReviewState, Look); 4] = [
    (ReviewState::Fresh, Look::new(Ink::Green, Texture::Solid)),
    (ReviewState::Due, Look::new(Ink::Amber, Texture::Hatched)),
    (ReviewState::Overdue, Look::new(Ink::Red, Texture::Solid)),
    (ReviewState::Never, Look::new(Ink::Amber, Texture::Dotted)),
];

/// The states in the order of the figures.
const STATES: [ReviewState; 4] =
    [ReviewState::Overdue, ReviewState::Due, ReviewState::Never, ReviewState::Fresh];

impl Register for ReviewRegister<'_> {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        let ReviewRegister { reviews, expiries } = self;
        if reviews.rows.is_empty() && expiries.is_empty() {
            return Vec::new();
        }
        let t = site.words();
        let mut files = vec!["reviews.json", "reviews.csv"];
        if reviews.rows.iter().any(|review| review.until.is_some()) {
            files.push(CALENDAR);
        }
        let (count, tone) = self.summary(site);
        let page = RegisterPage::new("reviews/", t.say("reviews.title"))
            .entry(t.say("register.computed"), count, t.say("reviews.lead"))
            .tone(tone)
            .files(files);
        vec![page]
    }

    fn content(&self, site: &Site, _: &RegisterPage) -> RegisterContent<'_> {
        let t = site.words();
        let reviews = self.reviews;
        let mut tables = Tables::new(site, 1);
        let used: Vec<&Review> = reviews.rows.iter().filter(|row| !row.incidents.is_empty()).collect();
        tables.add(t.say("reviews.used"), t.say("reviews.used_note"), &USED, &used);
        let expiries = self.expiries.by_urgency();
        tables.add(t.say("reviews.terms"), t.say("reviews.terms_note"), &EXPIRIES, &expiries);
        // By urgency, as the rows are.
        let others: Vec<&Review> = reviews.rows.iter().filter(|row| row.incidents.is_empty()).collect();
        tables.add(t.say("reviews.title"), "", &OTHERS, &others);
        let figure = |state: ReviewState| {
            RegisterFigure::toned(reviews.count(state), t.say(state.word()), state.tone())
                .filter("state", state.name())
        };
        RegisterContent {
            lead: t.say("reviews.lead").to_owned(),
            figures: STATES.map(figure).into(),
            plots: self.plot(site).into_iter().chain(self.sections_plot(site)).collect(),
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    fn data(&self, site: &Site, file: &str) -> FileContent<'_> {
        if file == CALENDAR {
            return FileContent::Tasks(self.tasks(site));
        }
        let mut head = vec![("today", site.today.into())];
        for state in [ReviewState::Overdue, ReviewState::Never, ReviewState::Due, ReviewState::Fresh] {
            head.push((state.name(), self.reviews.count(state).into()));
        }
        let rows = RowList::new("rows", COLUMNS, site, &self.reviews.rows);
        let expiries = RowList::new("terms", EXPIRY_COLUMNS, site, self.expiries.by_urgency());
        FileContent::Rows(FileRows { head, lists: vec![rows, expiries] })
    }

    /// The plots show ages on the day of the build, and all pages by section.
    fn digest(&self, site: &Site) -> Digest {
        Digest::of_value(&(self.reviews, self.expiries, site.today, self.counts_by_section(site)))
    }
}

impl<'a> ReviewRegister<'a> {
    /// A short summary: the worst state and the number of pages in it.
    fn summary(&self, site: &Site) -> (String, Tone) {
        let (t, reviews, expired) = (site.words(), self.reviews, self.expiries.expired());
        if reviews.count(ReviewState::Overdue) == 0 && expired > 0 {
            return (t.fill("reviews.count_expired", &[("count", &expired)]), Tone::Bad);
        }
        if reviews.rows.is_empty() {
            return (t.counted("unit.ending", self.expiries.by_urgency().len()), Tone::Good);
        }
        let worst = STATES.into_iter().find(|state| reviews.count(*state) > 0).unwrap_or(ReviewState::Fresh);
        let key = match worst {
            ReviewState::Overdue => "reviews.count_overdue",
            ReviewState::Due => "reviews.count_due",
            ReviewState::Never => "reviews.count_never",
            ReviewState::Fresh => "reviews.count_fresh",
        };
        (t.fill(key, &[("count", &reviews.count(worst))]), worst.tone())
    }

    /// The age of each page's last review in per cent of its interval, by owner.
    fn plot(&self, site: &Site) -> Option<RegisterPlot<'a>> {
        let t = site.words();
        let rows = &self.reviews.rows;
        if rows.len() < FEWEST_OF_PLOT {
            return None;
        }
        let mut owners: Vec<AgeRow> = Vec::new();
        for owner in &self.reviews.owners {
            let name = owner.owner.as_deref().unwrap_or_else(|| t.say("register.without_owner")).to_owned();
            let mut row = AgeRow { name, ages: Vec::new(), never: 0 };
            for review in owner.rows.iter().map(|number| &rows[*number]) {
                let sort = AGE_STATES.iter().position(|(state, _)| *state == review.state);
                match review.percent(site.today).zip(sort) {
                    Some(age) => row.ages.push(age),
                    None => row.never += 1,
                }
            }
            owners.push(row);
        }
        // Those with the most pages have a row of their own.
        let size = |row: &AgeRow| row.ages.len() + row.never;
        let owners = largest_rows(owners, MOST_OWNERS, size, |others| {
            let never = others.iter().map(|row| row.never).sum();
            let ages = others.into_iter().flat_map(|row| row.ages).collect();
            AgeRow { name: t.say("register.others").to_owned(), ages, never }
        });
        let sorts = AGE_STATES.map(|(state, look)| (t.say(state.word()).to_owned(), look));
        let mut headings = vec![t.say("column.owner").to_owned()];
        headings.extend(sorts.iter().map(|(name, _)| name.clone()));
        headings.extend(t.each(["review.never", "plots.oldest"]).map(str::to_owned));
        let row = |row: &AgeRow| {
            let count = |sort: usize| row.ages.iter().filter(|(_, known)| *known == sort).count();
            let mut cells = vec![Cell::new(row.name.clone())];
            cells.extend((0..AGE_STATES.len()).map(|sort| Cell::new(count(sort))));
            cells.push(Cell::new(row.never));
            let oldest = row.ages.iter().map(|(percent, _)| *percent).max();
            cells.push(oldest.map(|percent| Cell::new(format!("{percent} %"))).unwrap_or_default());
            cells
        };
        let data = owners.iter().map(row).collect();
        let chart = Plot::Ages(Ages {
            sorts: sorts.into(),
            rows: owners,
            limit: t.say("plots.limit").to_owned(),
            never: t.say("plots.never").to_owned(),
        });
        let mut plot = RegisterPlot::new(site, "plots.reviews", vec![chart], headings, data);
        plot.note = t.say("plots.reviews_note").to_owned();
        Some(plot)
    }

    /// The number of pages in each section of the home page, by the state of their review: those of [`MAP_STATES`], then
    /// the pages without an interval. Pages that are in no section count as one.
    fn counts_by_section(&self, site: &Site) -> Vec<(PageId, Vec<usize>)> {
        let mut sections: BTreeMap<PageId, Vec<usize>> = BTreeMap::new();
        for (id, _) in site.ids().filter(|(_, page)| page.section != FolderRole::Listing) {
            let mut section = id;
            while let Some(parent) = site.page(section).parent.filter(|parent| parent.0 > 0) {
                section = parent;
            }
            if site.page(section).section == FolderRole::No {
                section = PageId(0);
            }
            let state = self.reviews.for_page(id).map(|review| review.state);
            let known = MAP_STATES.iter().position(|(known, _)| Some(*known) == state);
            let sort = known.unwrap_or(MAP_STATES.len());
            sections.entry(section).or_insert_with(|| vec![0; MAP_STATES.len() + 1])[sort] += 1;
        }
        sections.into_iter().collect()
    }

    /// All pages of the handbook, by section and the state of their review.
    fn sections_plot(&self, site: &Site) -> Option<RegisterPlot<'a>> {
        let t = site.words();
        let sections = self.counts_by_section(site);
        if sections.len() < 2 || self.reviews.rows.len() < FEWEST_OF_PLOT {
            return None;
        }
        let mut groups = Vec::new();
        for (section, counts) in sections {
            groups.push(SquareGroup { name: site.page(section).name.full.to_string(), counts });
        }
        let groups = largest_rows(groups, MOST_SECTIONS, SquareGroup::total, |others| {
            let sum = |sort: usize| others.iter().map(|group| group.counts[sort]).sum();
            let counts = (0..=MAP_STATES.len()).map(sum).collect();
            SquareGroup { name: t.say("register.others").to_owned(), counts }
        });
        let mut sorts: Vec<(String, Look)> =
            MAP_STATES.map(|(state, look)| (t.say(state.word()).to_owned(), look)).into();
        sorts.push((t.say("plots.no_interval").to_owned(), Look::new(Ink::Grey, Texture::Outlined)));
        let treemap = Treemap { sorts, groups };
        let mut plot = RegisterPlot::of_treemap(site, "plots.sections", treemap, "column.section");
        plot.note = t.say("plots.sections_note").to_owned();
        Some(plot)
    }

    /// A task for each page with the last day of its review.
    fn tasks(&self, site: &Site) -> Vec<RegisterTask<'a>> {
        let task = |review: &'a Review| {
            let due = review.until?;
            let title = &site.page(review.page).page.title;
            Some(RegisterTask {
                uid: format!("review-{}", site.page(review.page).url).into(),
                summary: site.words().fill("feed.review", &[("page", title)]).into(),
                due,
                changed: review.reviewed.unwrap_or(due),
                is_begun: false,
                owners: review.owner.iter().cloned().collect(),
                page: Some(review.page),
                anchor: None,
            })
        };
        self.reviews.rows.iter().filter_map(task).collect()
    }
}

/// Finds the state of every page's review.
fn collect(book: &RegisterInputs<'_>, uses: &RunbookUses, diagnostics: &mut Vec<Diagnostic>) -> Reviews {
    let mut rows: Vec<Review> = Vec::new();
    for (id, page) in book.pages() {
        let Some(mut row) = review(id, page, uses.for_page(id), book.inputs.today) else { continue };
        row.owner = row.owner.map(|owner| book.people.name(&owner).to_owned());
        diagnostics.extend(problem(page, &row, book.inputs.today));
        rows.push(row);
    }
    // `false` sorts first: runbooks that were used in an incident.
    rows.sort_by_key(|row| (row.incidents.is_empty(), row.state, row.until, row.page));
    let by_page = rows.iter().enumerate().map(|(number, row)| (row.page, number)).collect();
    Reviews { owners: owners(&rows), rows, by_page }
}

fn review(id: PageId, page: &Page, uses: &[RunbookUse], today: Date) -> Option<Review> {
    let data = &page.front.data;
    let every = data.period("review_every").or(page.front.kind.review_every)?;
    if data.text("status") == Some("archived") {
        return None;
    }
    let reviewed = data.date("reviewed");
    let until = reviewed.map(|day| every.after(day));
    let since = uses.iter().filter(|found| reviewed.is_none_or(|reviewed| found.day > reviewed));
    let incidents: Vec<PageId> = since.map(|found| found.incident).collect();
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

/// Whether the review is in the last quarter of its interval, but no more than [`NOTICE_DAYS`] from its end.
fn is_soon(reviewed: Date, until: Date, today: Date) -> bool {
    let days = |from: Date, to: Date| from.until(to).map_or(i32::MAX, |span| span.get_days());
    days(today, until) <= NOTICE_DAYS.min(days(reviewed, until) / 4)
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
    // Tomorrow in UTC has begun in some time zones.
    if reviewed > today.tomorrow().unwrap_or(today) {
        let message = format!("this page was reviewed on {reviewed}, a day that is still to come");
        return Some(Diagnostic::new(&REVIEW_FUTURE, place, message));
    }
    let message = format!("the review of this page ran out on {until}: a review holds {}", row.every);
    let problem = Diagnostic::new(&REVIEW_OVERDUE, place, message);
    let help = "read the page, correct what is wrong, and set `reviewed` to that day";
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
        assert_eq!(reviews.for_page(PageId(99)).map(|row| row.state), None);
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
              correct what is wrong, and set `reviewed` to that day)"
            ]
        );
        assert_eq!(
            fixture::problems(&files, &found, "review.future"),
            ["content/b.md:3:1 this page was reviewed on 2062-01-31, a day that is still to come"]
        );
        assert_eq!(found.len(), 2);
    }
}
