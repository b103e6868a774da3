//! The self-check of open operations: how much of it a handbook can show from its own data.
//!
//! Owns the table of [`CRITERIA`], the total, and the two forms of the report. A criterion is a share: how many of some
//! pages, alerts, actions or meetings meet it. Computes no state: reviews, alerts and actions are those of the registers.

use jiff::civil::Date;
use serde::Serialize;

use super::status::Paint;
use super::{ColourChoice, owners};
use crate::page::facts::ActionState;
use crate::path::FilePath;
use crate::site::registers::{ALERTS, ActionItem, ReviewState};
use crate::site::{FolderRole, PageId, Site, SitePage};
use crate::utc;
use crate::visibility::Audience;

/// A test of a runbook counts for this many days.
const TEST_DAYS: i32 = 365;

/// What a criterion is about: a principle of the Open Operations Manifesto.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Principle {
    Community,
    Knowledge,
    Incidents,
    Processes,
}

impl Principle {
    const ALL: [Principle; 4] =
        [Principle::Knowledge, Principle::Incidents, Principle::Processes, Principle::Community];

    pub fn title(self) -> &'static str {
        match self {
            Principle::Community => "Community",
            Principle::Knowledge => "Knowledge",
            Principle::Incidents => "Incidents",
            Principle::Processes => "Processes",
        }
    }
}

/// What it means that a handbook has nothing of what a criterion counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// The handbook lacks something: the share is 0 percent.
    Zero,
    /// Nothing has happened yet that could be counted: the criterion is not part of the total.
    Uncounted,
}

/// A criterion of the self-check.
pub struct Criterion {
    /// The permanent name, in JSON and as the anchor in the guide.
    pub id: &'static str,
    pub principle: Principle,
    /// What meets the criterion, as a plural.
    pub what: &'static str,
    /// How to raise the share, in the imperative.
    pub improve: &'static str,
    pub absence: Absence,
    count: fn(&SelfCheck<'_>) -> Share,
}

/// Every criterion, in the order of the report.
pub const CRITERIA: [Criterion; 13] = [
    Criterion {
        id: "runbooks-reviewed",
        principle: Principle::Knowledge,
        what: "Runbooks with a valid review",
        improve: "Read the runbooks that `opsbook status` lists, and set `reviewed`.",
        absence: Absence::Zero,
        count: |check| check.runbooks_reviewed(),
    },
    Criterion {
        id: "runbooks-tested",
        principle: Principle::Knowledge,
        what: "Runbooks tested within a year",
        improve: "Follow a runbook to its end in a lab, and set `tested.on`.",
        absence: Absence::Zero,
        count: |check| check.runbooks_tested(),
    },
    Criterion {
        id: "alerts-covered",
        principle: Principle::Knowledge,
        what: "Alerts with a runbook",
        improve: "Name each alert of your rule files in `alerts` of a runbook.",
        absence: Absence::Zero,
        count: |check| check.alerts_covered(),
    },
    Criterion {
        id: "pages-owned",
        principle: Principle::Knowledge,
        what: "Pages with an owner",
        improve: "Set `owner` on the pages that `opsbook owners` lists last.",
        absence: Absence::Zero,
        count: |check| check.pages_owned(),
    },
    Criterion {
        id: "reviews-valid",
        principle: Principle::Knowledge,
        what: "Reviews that are valid",
        improve: "Hold a review day for the pages that `opsbook status` lists.",
        absence: Absence::Zero,
        count: |check| check.reviews_valid(),
    },
    Criterion {
        id: "pages-public",
        principle: Principle::Knowledge,
        what: "Pages that everybody may read",
        improve: "Look through what `opsbook audit` lists as withheld, and clear it.",
        absence: Absence::Zero,
        count: |check| check.pages_public(),
    },
    Criterion {
        id: "analyses-public",
        principle: Principle::Incidents,
        what: "Analyses that everybody may read",
        improve: "Clear an analysis; mark its internal parts instead of the page.",
        absence: Absence::Uncounted,
        count: |check| check.analyses_public(),
    },
    Criterion {
        id: "analyses-final",
        principle: Principle::Incidents,
        what: "Analyses that are final",
        improve: "Finish the analyses that the register of incidents shows as open.",
        absence: Absence::Uncounted,
        count: |check| check.analyses_final(),
    },
    Criterion {
        id: "actions-in-time",
        principle: Principle::Incidents,
        what: "Due actions that were done in time",
        improve: "Do the late actions that `opsbook status` lists, or agree on new days.",
        absence: Absence::Uncounted,
        count: |check| check.actions_in_time(),
    },
    Criterion {
        id: "processes-owned",
        principle: Principle::Processes,
        what: "Processes with an owner",
        improve: "Set `owner` on each process: a role or a team.",
        absence: Absence::Zero,
        count: |check| check.processes_owned(),
    },
    Criterion {
        id: "processes-approved",
        principle: Principle::Processes,
        what: "Processes with a version and an approval",
        improve: "Approve each process, and set `version` and `approved_on`.",
        absence: Absence::Zero,
        count: |check| check.processes_approved(),
    },
    Criterion {
        id: "meetings-public",
        principle: Principle::Community,
        what: "Meetings with minutes that everybody may read",
        improve: "Publish the minutes of one regular meeting.",
        absence: Absence::Zero,
        count: |check| check.meetings_public(),
    },
    Criterion {
        id: "manifesto-signed",
        principle: Principle::Community,
        what: "Manifestos that somebody has signed",
        improve: "Add a page of the kind `manifesto`, and sign it in `signatories`.",
        absence: Absence::Zero,
        count: |check| check.manifestos_signed(),
    },
];

/// What the self-check reads.
pub struct SelfCheck<'a> {
    pub site: &'a Site,
    /// The owners of a file in `CODEOWNERS`.
    pub code_owners: &'a dyn Fn(&FilePath) -> Vec<String>,
}

/// How many of how many things meet a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Share {
    met: usize,
    of: usize,
}

impl Share {
    fn of<T>(things: impl IntoIterator<Item = T>, meets: impl Fn(T) -> bool) -> Share {
        let mut share = Share::default();
        for thing in things {
            share.of += 1;
            share.met += usize::from(meets(thing));
        }
        share
    }

    /// The whole percent, rounded down: 100 means all.
    fn percent(self, absence: Absence) -> Option<usize> {
        match (self.of, absence) {
            (0, Absence::Zero) => Some(0),
            (0, Absence::Uncounted) => None,
            (of, _) => Some(self.met * 100 / of),
        }
    }
}

/// The result of the self-check.
#[derive(Debug, Serialize)]
pub struct MaturityReport {
    version: u32,
    /// The day of the report.
    today: Date,
    total: MaturityTotal,
    criteria: Vec<CriterionResult>,
}

/// The mean of all shares that count.
#[derive(Debug, Serialize)]
struct MaturityTotal {
    percent: usize,
    /// The number of criteria that count.
    counted: usize,
    explanation: &'static str,
}

/// A row of the report.
#[derive(Debug, Serialize)]
struct CriterionResult {
    id: &'static str,
    principle: Principle,
    what: &'static str,
    value: usize,
    of: usize,
    /// `None` if there is nothing to count.
    percent: Option<usize>,
    improve: &'static str,
}

impl SelfCheck<'_> {
    pub fn answer(&self) -> MaturityReport {
        let mut criteria = Vec::new();
        for criterion in &CRITERIA {
            let share = (criterion.count)(self);
            criteria.push(CriterionResult {
                id: criterion.id,
                principle: criterion.principle,
                what: criterion.what,
                value: share.met,
                of: share.of,
                percent: share.percent(criterion.absence),
                improve: criterion.improve,
            });
        }
        let percents: Vec<usize> = criteria.iter().filter_map(|row| row.percent).collect();
        let total = MaturityTotal {
            percent: percents.iter().sum::<usize>() / percents.len().max(1),
            counted: percents.len(),
            explanation: "the mean of the percentages; a criterion with nothing to count is left out",
        };
        MaturityReport { version: 1, today: self.site.today, total, criteria }
    }

    /// Pages that somebody wrote, without drafts.
    fn pages(&self) -> impl Iterator<Item = &SitePage> {
        let written = |page: &&SitePage| page.section != FolderRole::Listing && !page.page.front.draft;
        self.site.pages.iter().filter(written)
    }

    /// Pages of the kinds that feed a register, without archived ones.
    fn pages_of(&self, register: &str) -> impl Iterator<Item = &SitePage> {
        self.pages().filter(move |page| {
            let front = &page.page.front;
            front.kind.feeds(register) && front.data.text("status") != Some("archived")
        })
    }

    /// Pages of the kinds that have a field, whether they fill it in or not.
    fn pages_with_field(&self, field: &'static str) -> impl Iterator<Item = &SitePage> {
        self.pages().filter(move |page| page.page.front.kind.field(&[], field).is_some())
    }

    /// Whether the lowest level may see the page today.
    fn is_public(&self, page: &SitePage) -> bool {
        let public = Audience::from_level(self.site.config.visibility.levels.lowest());
        let access = &page.page.front.visibility.access;
        utc::midnight(self.site.today).is_some_and(|now| access.why_hidden(public, now).is_none())
    }

    fn is_owned(&self, page: &SitePage) -> bool {
        let code_owners = (self.code_owners)(&page.page.file);
        !owners::of_page(&page.page.front, code_owners, &self.site.registers.people).0.is_empty()
    }

    fn was_tested(&self, page: &SitePage) -> bool {
        let records = page.page.front.data.records("tested");
        // A test with a scope has left out the rest.
        let whole = records.iter().filter(|test| test.get("scope").is_none());
        let mut days = whole.filter_map(|test| test.date("on"));
        days.any(|day| {
            day.until(self.site.today).is_ok_and(|span| (0..=TEST_DAYS).contains(&span.get_days()))
        })
    }

    fn runbooks_reviewed(&self) -> Share {
        let is_runbook = |page: PageId| {
            let front = &self.site.page(page).page.front;
            front.kind.feeds(ALERTS) && !front.draft
        };
        let reviews = self.site.registers.reviews.rows.iter().filter(|review| is_runbook(review.page));
        Share::of(reviews, |review| is_valid(review.state))
    }

    fn runbooks_tested(&self) -> Share {
        Share::of(self.pages_of(ALERTS), |page| self.was_tested(page))
    }

    fn alerts_covered(&self) -> Share {
        Share::of(&self.site.registers.alerts.rows, |alert| alert.covered)
    }

    fn pages_owned(&self) -> Share {
        Share::of(self.pages(), |page| self.is_owned(page))
    }

    fn reviews_valid(&self) -> Share {
        let reviews = &self.site.registers.reviews.rows;
        let written = reviews.iter().filter(|review| !self.site.page(review.page).page.front.draft);
        Share::of(written, |review| is_valid(review.state))
    }

    fn pages_public(&self) -> Share {
        Share::of(self.pages(), |page| self.is_public(page))
    }

    fn analyses_public(&self) -> Share {
        let incidents = self.site.registers.incidents.real();
        Share::of(incidents, |incident| self.is_public(self.site.page(incident.page)))
    }

    fn analyses_final(&self) -> Share {
        let incidents = self.site.registers.incidents.real();
        Share::of(incidents, |incident| incident.state.is_some_and(|state| !state.is_open()))
    }

    /// Done actions with a day, and those that are late. Dropped ones were decided on, and exercises are invented.
    fn actions_in_time(&self) -> Share {
        let is_real = |item: &ActionItem| {
            let incidents = &self.site.registers.incidents;
            let is_exercise = |page| incidents.for_page(page).is_some_and(|incident| incident.is_exercise);
            !item.occurrences.iter().all(|occurrence| is_exercise(occurrence.page))
        };
        let counts = |item: &&ActionItem| {
            let is_judged = item.overdue || item.state == ActionState::Done;
            item.due.is_some() && is_judged && is_real(item)
        };
        Share::of(self.site.registers.actions.items.iter().filter(counts), |item| {
            item.closed_on().zip(item.due).is_some_and(|(closed, due)| closed <= due)
        })
    }

    fn processes_owned(&self) -> Share {
        Share::of(self.pages_with_field("approved_on"), |page| self.is_owned(page))
    }

    fn processes_approved(&self) -> Share {
        Share::of(self.pages_with_field("approved_on"), |page| {
            let data = &page.page.front.data;
            data.text("version").is_some() && data.date("approved_on").is_some()
        })
    }

    fn meetings_public(&self) -> Share {
        let meetings = &self.site.registers.meetings.meetings;
        Share::of(meetings, |meeting| self.is_public(self.site.page(meeting.page)))
    }

    fn manifestos_signed(&self) -> Share {
        Share::of(self.pages_with_field("signatories"), |page| {
            !page.page.front.data.records("signatories").is_empty()
        })
    }
}

fn is_valid(state: ReviewState) -> bool {
    match state {
        ReviewState::Fresh | ReviewState::Due => true,
        ReviewState::Never | ReviewState::Overdue => false,
    }
}

impl CriterionResult {
    fn percentage(&self) -> String {
        self.percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
    }

    fn share(&self) -> String {
        if self.of == 0 { "none".to_owned() } else { format!("{} of {}", self.value, self.of) }
    }

    /// Whether something is left to do.
    fn is_short(&self) -> bool {
        self.percent.is_some_and(|percent| percent < 100)
    }
}

impl MaturityReport {
    /// The report as JSON, with a line end.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers are always JSON") + "\n"
    }

    /// The report for people: the total, the shares by principle, and what to do about the lowest first.
    pub fn text(&self, colour: ColourChoice) -> String {
        let paint = Paint { colour };
        let mut text = format!(
            "{}\nThe mean of {} percentages. What has nothing to count is left out.\n",
            paint.heading(&format!("Open operations: {} %", self.total.percent)),
            self.total.counted
        );
        let width = self.criteria.iter().map(|row| row.share().len()).max().unwrap_or(0);
        for principle in Principle::ALL {
            text.push_str(&format!("\n{}\n", paint.heading(principle.title())));
            for row in self.criteria.iter().filter(|row| row.principle == principle) {
                let (percentage, share) = (row.percentage(), row.share());
                text.push_str(&format!("  {percentage:>5}  {share:>width$}  {}\n", row.what));
            }
        }
        let mut short: Vec<&CriterionResult> = self.criteria.iter().filter(|row| row.is_short()).collect();
        if short.is_empty() {
            return text;
        }
        short.sort_by_key(|row| row.percent);
        text.push_str(&format!("\n{}\n", paint.heading("To improve, the lowest first")));
        for row in short {
            text.push_str(&format!("  {}\n    {}\n", row.id, row.improve));
        }
        text
    }
}
