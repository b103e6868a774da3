//! What a change of a handbook does to its readers.
//!
//! Owns [`HandbookChange`], the comparison of two states for one audience: pages that it gains and loses, pages that are
//! new, changed, moved or removed, problems, links and addresses. `comment` writes it as Markdown. Both states were built
//! for the audience, so that nothing hidden from it can be said.

mod comment;
mod markdown_text;
mod page_difference;
mod site_state;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::check::ProblemChanges;
use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::renames::Renames;
use crate::rules::{
    INCLUDE_MISSING, LINK_ANCHOR, LINK_HIDDEN, LINK_MISSING, LINK_UNPUBLISHED, REFERENCE_UNKNOWN, Rule,
    Severity,
};
use crate::source::Source;

pub use comment::{ChangeComment, MOST_CHARACTERS};
use page_difference::PageDifference;
pub use site_state::{PageState, SiteState};

/// One state of a handbook.
pub struct ComparedState<'a> {
    /// The sites of the audiences, that of the largest audience last. The others show what single levels gain and lose.
    pub sites: Vec<AudienceSite>,
    /// The texts, also those that are hidden.
    pub sources: &'a BTreeMap<FilePath, Source>,
}

impl ComparedState<'_> {
    /// The site of the largest audience; an empty one for a handbook that does not exist.
    fn site(&self) -> &SiteState {
        self.sites.last().map_or(SiteState::empty(), |site| &site.site)
    }
}

/// The site of one audience.
pub struct AudienceSite {
    /// The name of its level.
    pub audience: String,
    pub site: SiteState,
}

/// A page that both states have.
pub struct PagePair<'a> {
    pub before: &'a PageState,
    pub after: &'a PageState,
    pub difference: PageDifference,
    pub is_moved: bool,
}

impl PagePair<'_> {
    /// Whether readers see something else on the page.
    pub fn is_changed(&self) -> bool {
        !self.difference.is_empty()
    }
}

/// The pages that the readers of a level gain or lose because their visibility changes.
pub struct LevelChange<'a> {
    pub audience: &'a str,
    pub gained: Vec<&'a PageState>,
    pub lost: Vec<&'a PageState>,
}

/// A problem with its position, as far as the audience may know it.
pub struct ShownProblem {
    pub rule: &'static Rule,
    pub severity: Severity,
    pub file: FilePath,
    /// `None` if the audience does not see every part of the file: the number would tell how many lines are hidden above.
    pub line: Option<usize>,
    pub message: String,
}

/// An address that ended.
pub struct EndedAddress<'a> {
    pub url: &'a str,
    /// The page that had it.
    pub title: &'a str,
}

/// A page whose review is over soon, or already.
pub struct DueReview<'a> {
    pub page: &'a PageState,
    /// The last day on which the review is valid.
    pub until: Date,
}

/// Two states of a handbook, compared for one audience.
pub struct HandbookChange<'a> {
    pub audience: &'a str,
    /// From the lowest level; only those with a change.
    pub levels: Vec<LevelChange<'a>>,
    pub added: Vec<&'a PageState>,
    pub removed: Vec<&'a PageState>,
    /// Pages that changed or moved.
    pub pairs: Vec<PagePair<'a>>,
    /// Without [`HandbookChange::broken_elsewhere`].
    pub new_problems: Vec<ShownProblem>,
    /// Links that broke in files that did not change.
    pub broken_elsewhere: Vec<ShownProblem>,
    pub ended_problems: Vec<ShownProblem>,
    pub ended_addresses: Vec<EndedAddress<'a>>,
    /// Pages of this change whose review is over by the given day, the earliest first.
    pub due_reviews: Vec<DueReview<'a>>,
}

/// Rules about what a text names.
const LINK_RULES: [&Rule; 6] =
    [&INCLUDE_MISSING, &LINK_ANCHOR, &LINK_HIDDEN, &LINK_MISSING, &LINK_UNPUBLISHED, &REFERENCE_UNKNOWN];

/// Rules whose messages name what is hidden, such as a draft.
const HIDING_RULES: [&Rule; 3] = [&LINK_HIDDEN, &LINK_UNPUBLISHED, &REFERENCE_UNKNOWN];

impl<'a> HandbookChange<'a> {
    /// Compares two states for the largest audience of both. Reviews that are over by `last_day` are due.
    pub fn between(
        before: &'a ComparedState<'_>,
        after: &'a ComparedState<'_>,
        renames: &Renames,
        last_day: Date,
    ) -> HandbookChange<'a> {
        let audience = &after.sites.last().expect("a state has the site of an audience").audience;
        let (old, new) = (before.site(), after.site());
        let old_pages = old.by_file_after(renames);
        let existed: BTreeSet<FilePath> = before.sources.keys().map(|file| renames.after(file)).collect();
        let mut change = HandbookChange {
            audience,
            levels: level_changes(before, after, renames, &existed),
            added: Vec::new(),
            removed: Vec::new(),
            pairs: Vec::new(),
            new_problems: Vec::new(),
            broken_elsewhere: Vec::new(),
            ended_problems: Vec::new(),
            ended_addresses: Vec::new(),
            due_reviews: Vec::new(),
        };
        for (file, page) in &new.pages {
            match old_pages.get(file) {
                Some(before) => {
                    let difference = PageDifference::between(before, page, renames);
                    let is_moved = before.url != page.url;
                    let pair = PagePair { before, after: page, difference, is_moved };
                    if pair.is_changed() || pair.is_moved {
                        change.pairs.push(pair);
                    }
                }
                // A page that existed but was hidden from this audience is in `levels`.
                None if !existed.contains(file) => change.added.push(page),
                None => {}
            }
        }
        for (file, page) in &old_pages {
            if !new.pages.contains_key(file) && !after.sources.contains_key(file) {
                change.removed.push(page);
            }
        }
        change.compare_problems(before, after, renames);
        for (key, address) in &old.addresses {
            if address.is_written && !new.addresses.contains_key(key) {
                let url = address.written.as_str();
                let title = old.pages.get(&address.file).map_or("", |page| page.title.as_str());
                change.ended_addresses.push(EndedAddress { url, title });
            }
        }
        let reviews =
            change.touched().filter_map(|page| Some(DueReview { page, until: page.reviewed_until? }));
        let mut due_reviews: Vec<DueReview<'_>> = reviews.filter(|review| review.until <= last_day).collect();
        due_reviews.sort_by_key(|review| (review.until, &review.page.url));
        change.due_reviews = due_reviews;
        change
    }

    /// Whether there is nothing to say. Due reviews are not counted: they are of pages in other lists.
    pub fn is_empty(&self) -> bool {
        let lists = [
            self.levels.len(),
            self.added.len(),
            self.removed.len(),
            self.pairs.len(),
            self.new_problems.len(),
            self.broken_elsewhere.len(),
            self.ended_problems.len(),
            self.ended_addresses.len(),
        ];
        lists.iter().all(|length| *length == 0)
    }

    /// The pages of the later state that the change touches.
    fn touched(&self) -> impl Iterator<Item = &'a PageState> {
        let gained = self.levels.iter().filter(|level| level.audience == self.audience);
        let gained = gained.flat_map(|level| level.gained.iter().copied());
        gained.chain(self.added.iter().copied()).chain(self.pairs.iter().map(|pair| pair.after))
    }

    /// The owners of all pages that the change touches, now and before, each with its pages.
    pub fn owners(&self) -> BTreeMap<&'a str, Vec<&'a PageState>> {
        let lost = self.levels.iter().filter(|level| level.audience == self.audience);
        let lost = lost.flat_map(|level| level.lost.iter().copied());
        let mut owners: BTreeMap<&'a str, Vec<&'a PageState>> = BTreeMap::new();
        for page in self.touched().chain(lost).chain(self.removed.iter().copied()) {
            for owner in &page.owners {
                owners.entry(owner).or_default().push(page);
            }
        }
        for pair in &self.pairs {
            for owner in pair.before.owners.iter().filter(|owner| !pair.after.owners.contains(owner)) {
                owners.entry(owner).or_default().push(pair.after);
            }
        }
        owners
    }

    fn compare_problems(&mut self, before: &ComparedState<'_>, after: &ComparedState<'_>, renames: &Renames) {
        let (old, new) = (before.site(), after.site());
        let found = ProblemChanges::between(&old.problems, &new.problems, renames);
        for problem in &found.new {
            let Some(shown) = shown(problem, new, after.sources) else { continue };
            let file = &problem.span.file;
            if LINK_RULES.contains(&problem.rule) && !self.changes_file(file, before, after) {
                self.broken_elsewhere.push(shown);
            } else {
                self.new_problems.push(shown);
            }
        }
        self.ended_problems =
            found.ended.iter().filter_map(|problem| shown(problem, old, before.sources)).collect();
        for list in [&mut self.new_problems, &mut self.broken_elsewhere, &mut self.ended_problems] {
            list.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        }
    }

    /// Whether the audience may know that this change touches a file. If parts of the file are hidden, a change of its text
    /// says nothing: only a change of the page as the audience sees it counts.
    fn changes_file(&self, file: &FilePath, before: &ComparedState<'_>, after: &ComparedState<'_>) -> bool {
        if before.site().cut_files.contains(file) || after.site().cut_files.contains(file) {
            return self.pairs.iter().any(|pair| pair.after.file == *file);
        }
        let [old, new] = [before, after].map(|state| state.sources.get(file).map(|source| source.digest));
        old != new
    }
}

/// What a report for the audience of `site` says of a problem: nothing if it is in a file that the site does not show,
/// and only the rule if the message may name something hidden.
fn shown(
    problem: &Diagnostic,
    site: &SiteState,
    sources: &BTreeMap<FilePath, Source>,
) -> Option<ShownProblem> {
    let file = &problem.span.file;
    if !site.sees_all && !site.pages.contains_key(file) {
        return None;
    }
    let rule = problem.rule;
    let may_name_hidden = rule.guards() || HIDING_RULES.contains(&rule);
    let is_rule_only = rule.conceals || (!site.sees_all && may_name_hidden);
    let message = if is_rule_only {
        rule.summary.trim_end_matches('.').to_owned()
    } else {
        problem.message.to_string()
    };
    let source = sources.get(file).filter(|_| !site.cut_files.contains(file));
    let line =
        source.map(|source| crate::source::position(&source.text, problem.span.start as usize).line as usize);
    Some(ShownProblem { rule, severity: problem.severity, file: file.clone(), line, message })
}

/// What the readers of each level gain and lose. A page counts only if it exists in both states.
fn level_changes<'a>(
    before: &'a ComparedState<'_>,
    after: &'a ComparedState<'_>,
    renames: &Renames,
    existed: &BTreeSet<FilePath>,
) -> Vec<LevelChange<'a>> {
    let mut levels = Vec::new();
    for (number, AudienceSite { audience, site }) in after.sites.iter().enumerate() {
        let old = before.sites.get(number).map_or(SiteState::empty(), |site| &site.site);
        let old = old.by_file_after(renames);
        let gained =
            site.pages.iter().filter(|(file, _)| existed.contains(*file) && !old.contains_key(*file));
        let gained: Vec<&PageState> = gained.map(|(_, page)| page).collect();
        let lost = old
            .iter()
            .filter(|(file, _)| after.sources.contains_key(*file) && !site.pages.contains_key(*file));
        let lost: Vec<&PageState> = lost.map(|(_, page)| *page).collect();
        if !gained.is_empty() || !lost.is_empty() {
            levels.push(LevelChange { audience, gained, lost });
        }
    }
    levels
}
