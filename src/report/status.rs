//! What needs somebody: reviews, promises, actions, alerts, drafts, ends, pages without owner.
//!
//! Owns which entries of the registers are in the list, and its two forms. Computes no state: days and urgencies are those
//! of the registers.

use jiff::civil::Date;
use serde::Serialize;

use super::escape::escape;
use super::owners::{self, OwnersListing};
use super::{ColourChoice, counted};
use crate::diagnostic::nearest;
use crate::path::FilePath;
use crate::site::registers::{ActionItem, Progress, REVIEWS, ReviewState};
use crate::site::{FolderRole, PageId, Site, SitePage};
use crate::utc::day_of;

/// The most columns of a line.
const WIDTH: usize = 80;

/// The most entries of a list for people.
const MOST: usize = 20;

/// The fewest columns in which a text is still worth a place after a path.
const FEWEST_COLUMNS: usize = 24;

/// What the list is about.
pub struct StatusQuestion<'a> {
    pub site: &'a Site,
    /// The number of days that count as soon.
    pub days: i32,
    /// Only what these owners must do; empty for all.
    pub owners: &'a [String],
    /// The owners of a file in `CODEOWNERS`.
    pub code_owners: &'a dyn Fn(&FilePath) -> Vec<String>,
}

/// What needs somebody.
#[derive(Debug, Serialize)]
pub struct StatusReport {
    version: u32,
    /// The day of the report.
    today: Date,
    /// The number of days that count as soon.
    days: i32,
    sections: Vec<StatusSection>,
}

/// The entries of one type, the most urgent first.
#[derive(Debug, Serialize)]
struct StatusSection {
    /// `reviews`, `promises`, `actions`, `alerts`, `drafts`, `ends` or `without-owner`.
    name: &'static str,
    #[serde(skip)]
    title: &'static str,
    overdue: usize,
    entries: Vec<StatusEntry>,
}

/// Something that somebody must do.
#[derive(Debug, Clone, Serialize)]
struct StatusEntry {
    file: FilePath,
    text: String,
    owners: Vec<String>,
    /// When it is due or ends.
    date: Option<Date>,
    /// The days until then; negative if they are over.
    days: Option<i32>,
    /// A state without a day: `never` for a page that was never reviewed, `used` for a runbook that was used since.
    state: Option<&'static str>,
}

impl StatusQuestion<'_> {
    /// Takes the list from the registers.
    pub fn answer(&self) -> StatusReport {
        let has_reviews = self.site.config.has_register(REVIEWS);
        let reviews = if has_reviews { self.reviews() } else { Vec::new() };
        let ends = if has_reviews { self.expiries() } else { Vec::new() };
        let (dated, open) = self.actions();
        let promises = self.incidents().into_iter().chain(dated).collect();
        let ends = ends.into_iter().chain(self.embargoes()).collect();
        let sections = vec![
            self.section("reviews", "Reviews", reviews),
            self.section("promises", "Promises", promises),
            self.section("actions", "Open actions", open),
            self.section("alerts", "Alerts without runbook", self.alerts()),
            self.section("drafts", "Drafts", self.drafts()),
            self.section("ends", "Ends soon", ends),
            self.section("without-owner", "Pages without owner", self.without_owner()),
        ];
        StatusReport { version: 1, today: self.site.today, days: self.days, sections }
    }

    /// A sentence for each wanted owner that no page and no action names: it may be misspelt.
    pub fn unknown_owners(&self) -> Vec<String> {
        let registers = &self.site.registers;
        let listing = OwnersListing::new(self.site, self.code_owners);
        let of_actions = registers.actions.items.iter().flat_map(|item| &item.owners);
        let known: Vec<&str> = listing.names().chain(of_actions.map(String::as_str)).collect();
        let mut sentences = Vec::new();
        for wanted in self.owners {
            if known.iter().any(|owner| registers.people.is_same(owner, wanted)) {
                continue;
            }
            let near = nearest(wanted, known.iter().copied());
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            sentences.push(format!("no page and no action has the owner `{wanted}`{hint}"));
        }
        sentences
    }

    fn section(
        &self,
        name: &'static str,
        title: &'static str,
        mut entries: Vec<StatusEntry>,
    ) -> StatusSection {
        let people = &self.site.registers.people;
        entries.retain(|entry| {
            let is_wanted = |wanted| entry.owners.iter().any(|owner| people.is_same(owner, wanted));
            self.owners.is_empty() || self.owners.iter().any(|wanted| is_wanted(wanted.as_str()))
        });
        entries.sort_by_key(|entry| (entry.date.is_none(), entry.date));
        let overdue = entries.iter().filter(|entry| entry.days.is_some_and(|days| days < 0)).count();
        StatusSection { name, title, overdue, entries }
    }

    /// An entry about a page, with the page's owners.
    fn entry(&self, page: PageId, text: &str, date: Option<Date>) -> StatusEntry {
        let page = self.site.page(page);
        StatusEntry {
            file: page.page.file.clone(),
            text: text.to_owned(),
            owners: self.owners_of(page),
            date,
            days: date.map(|date| self.days_until(date)),
            state: None,
        }
    }

    fn owners_of(&self, page: &SitePage) -> Vec<String> {
        let code_owners = (self.code_owners)(&page.page.file);
        owners::of_page(&page.page.front, code_owners, &self.site.registers.people).0
    }

    fn days_until(&self, date: Date) -> i32 {
        self.site.today.until(date).map_or(i32::MAX, |span| span.get_days())
    }

    fn is_soon(&self, date: Date) -> bool {
        self.days_until(date) <= self.days
    }

    fn named(&self, names: Vec<String>) -> Vec<String> {
        names.iter().map(|name| self.site.registers.people.name(name).to_owned()).collect()
    }

    fn title(&self, page: PageId) -> String {
        self.site.page(page).name.full.to_string()
    }

    fn reviews(&self) -> Vec<StatusEntry> {
        let mut entries = Vec::new();
        for review in &self.site.registers.reviews.rows {
            let is_used = !review.incidents.is_empty();
            if !is_used && review.until.is_some_and(|until| !self.is_soon(until)) {
                continue;
            }
            let mut entry = self.entry(review.page, &self.title(review.page), review.until);
            match review.state {
                ReviewState::Never => entry.state = Some("never"),
                // A runbook that was used is due now, whatever its interval.
                _ if is_used => entry.state = Some("used"),
                ReviewState::Overdue | ReviewState::Due | ReviewState::Fresh => {}
            }
            entries.push(entry);
        }
        entries
    }

    /// Updates and notifications that reports promise.
    fn incidents(&self) -> Vec<StatusEntry> {
        let mut entries = Vec::new();
        for incident in self.site.registers.incidents.list.iter().filter(|incident| !incident.is_exercise) {
            let title = self.title(incident.page);
            if let Some(next) = incident.next_update.as_ref().filter(|next| self.is_soon(next.day())) {
                entries.push(self.entry(incident.page, &format!("next update: {title}"), Some(next.day())));
            }
            for deadline in &incident.deadlines {
                let is_open = matches!(deadline.progress, Progress::Due | Progress::Overdue);
                if let Some(day) = deadline.due.map(day_of).filter(|day| is_open && self.is_soon(*day)) {
                    let to = deadline.authority.as_deref().unwrap_or(deadline.duty);
                    entries.push(self.entry(incident.page, &format!("notify {to}: {title}"), Some(day)));
                }
            }
        }
        entries
    }

    /// Open actions: those that are due soon, and the others.
    fn actions(&self) -> (Vec<StatusEntry>, Vec<StatusEntry>) {
        let entry = |item: &ActionItem| {
            let page = item.occurrences.last()?.page;
            let owners = self.named(item.owners.clone());
            Some(StatusEntry { owners, ..self.entry(page, &item.text, item.due) })
        };
        let open = self.site.registers.actions.open().filter_map(entry);
        open.partition(|entry| entry.date.is_some_and(|date| self.is_soon(date)))
    }

    fn alerts(&self) -> Vec<StatusEntry> {
        let uncovered = self.site.registers.alerts.rows.iter().filter(|row| !row.covered);
        let entry = |row: &crate::site::registers::AlertRow| StatusEntry {
            file: row.alert.span.file.clone(),
            text: row.alert.name.to_string(),
            owners: row.runbook.map(|page| self.owners_of(self.site.page(page))).unwrap_or_default(),
            date: None,
            days: None,
            state: None,
        };
        uncovered.map(entry).collect()
    }

    fn drafts(&self) -> Vec<StatusEntry> {
        let drafts = self.site.ids().filter(|(_, page)| page.page.front.draft);
        drafts.map(|(id, _)| self.entry(id, &self.title(id), None)).collect()
    }

    fn expiries(&self) -> Vec<StatusEntry> {
        let mut entries = Vec::new();
        for expiry in self.site.registers.expiries.by_urgency() {
            if self.is_soon(expiry.until) {
                let text =
                    if expiry.what.is_empty() { self.title(expiry.page) } else { expiry.what.join(": ") };
                let mut entry = self.entry(expiry.page, &text, Some(expiry.until));
                if let Some(owner) = &expiry.owner {
                    entry.owners = self.named(vec![owner.clone()]);
                }
                entries.push(entry);
            }
        }
        entries
    }

    /// Embargoes that are not over.
    fn embargoes(&self) -> Vec<StatusEntry> {
        let mut entries = Vec::new();
        for (id, page) in self.site.ids() {
            let Some(embargo) = &page.page.front.visibility.access.embargo else { continue };
            let day = day_of(embargo.until);
            if day >= self.site.today && self.is_soon(day) {
                entries.push(self.entry(id, &format!("embargo: {}", self.title(id)), Some(day)));
            }
        }
        entries
    }

    fn without_owner(&self) -> Vec<StatusEntry> {
        let pages = self.site.ids().filter(|(_, page)| page.section != FolderRole::Listing);
        let orphans = pages.filter(|(_, page)| self.owners_of(page).is_empty());
        orphans.map(|(id, _)| self.entry(id, &self.title(id), None)).collect()
    }
}

impl StatusReport {
    /// The report as JSON, with a line end.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers are always JSON") + "\n"
    }

    /// The report for people: figures, then lists. No line is longer than a terminal is wide, unless a path is.
    pub fn text(&self, colour: ColourChoice) -> String {
        if self.sections.iter().all(|section| section.entries.is_empty()) {
            return format!(
                "Nothing needs anybody: nothing is open, or due within {}.\n",
                counted_days(self.days)
            );
        }
        let paint = Paint { colour };
        let mut text = String::new();
        let widest = self.sections.iter().map(|section| section.title.len()).max().unwrap_or(0);
        for section in &self.sections {
            let count = section.entries.len();
            let late = match section.overdue {
                0 => String::new(),
                overdue => format!(", {}", paint.late(&format!("{overdue} late"))),
            };
            text.push_str(&format!("{:widest$}  {count:>4}{late}\n", section.title));
        }
        for section in self.sections.iter().filter(|section| !section.entries.is_empty()) {
            text.push_str(&format!("\n{}\n", paint.heading(section.title)));
            let shown = &section.entries[..section.entries.len().min(MOST)];
            let width = shown.iter().map(|entry| entry.when().len()).max().unwrap_or(0);
            for entry in shown {
                text.push_str(&entry.lines(width, &paint));
            }
            if let Some(more) = section.entries.len().checked_sub(MOST).filter(|more| *more > 0) {
                text.push_str(&format!("  … and {more} more; `opsbook status --json` lists all of them\n"));
            }
        }
        text
    }
}

impl StatusEntry {
    /// When it is due, in words.
    fn when(&self) -> String {
        match (self.state, self.days) {
            (Some("never"), _) => "never".to_owned(),
            (_, Some(days)) if days < 0 => format!("{} late", counted_days(-days)),
            (Some("used"), _) => "used since".to_owned(),
            (_, Some(0)) => "today".to_owned(),
            (_, Some(days)) => format!("in {}", counted_days(days)),
            (_, None) => String::new(),
        }
    }

    /// Its line; two if the text does not fit after the path.
    fn lines(&self, width: usize, paint: &Paint) -> String {
        let when = format!("{:width$}", self.when());
        let when = match self.days {
            Some(days) if days < 0 => paint.late(&when),
            _ if self.state.is_some() || self.days.is_some() => paint.soon(&when),
            _ => when,
        };
        let gap = if width == 0 { "" } else { "  " };
        let file = escape(self.file.as_str());
        let indent = 2 + width + gap.len();
        let used = indent + file.chars().count() + 2;
        let mut said = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !self.owners.is_empty() {
            said.push_str(&format!(" ({})", self.owners.join(", ")));
        }
        let said = escape(&said);
        let left = WIDTH.saturating_sub(used);
        if said.chars().count() <= left || left >= FEWEST_COLUMNS {
            return format!("  {when}{gap}{file}  {}\n", shortened(&said, left));
        }
        let below = WIDTH.saturating_sub(indent + 2);
        format!("  {when}{gap}{file}\n{:indent$}  {}\n", "", shortened(&said, below))
    }
}

/// Whether escape sequences for colour are written, and which.
pub(super) struct Paint {
    pub colour: ColourChoice,
}

impl Paint {
    fn late(&self, text: &str) -> String {
        self.with("1;91", text)
    }

    fn soon(&self, text: &str) -> String {
        self.with("33", text)
    }

    pub fn heading(&self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(&self, code: &str, text: &str) -> String {
        match self.colour {
            ColourChoice::Always => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            ColourChoice::Never => text.to_owned(),
        }
    }
}

fn counted_days(days: i32) -> String {
    counted(usize::try_from(days).unwrap_or(0), "day")
}

/// At most so many characters, with `…` for what is cut off.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
