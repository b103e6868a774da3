//! What pages are called in lists: in the sidebar, on cards, in breadcrumbs.
//!
//! Owns [`Name`], and when the title of a folder's page says too little among those beside it. Must not know where names are
//! shown.

use std::collections::HashMap;
use std::sync::Arc;

use super::urls::{Placed, title_of_folder};
use super::{Parts, Section};

/// Titles that many folders' pages have: they say what the text is, and not what the folder holds.
const SAYS_NOTHING: &[&str] = &[
    "contents",
    "index",
    "introduction",
    "intro",
    "overview",
    "readme",
    "einführung",
    "einleitung",
    "inhalt",
    "inhaltsverzeichnis",
    "überblick",
    "übersicht",
];

/// What a page is called in lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The page's title, or the folder's name where the title tells too little.
    pub full: Arc<str>,
    /// The short title of the page's front matter, else the same.
    pub short: Arc<str>,
    pub among: Among,
}

/// Whether a page can be told from those beside it by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// No other is called the same.
    Alone,
    /// Others are called the same.
    Equals,
}

/// The names of pages that stand beside each other.
pub(super) fn names(siblings: &[Placed], parts: &Parts<'_>) -> Vec<Name> {
    let mut names: Vec<Name> = siblings.iter().map(|page| titled(page, parts)).collect();
    let titles = Counts::of(names.iter().map(|name| &name.full));
    for (name, page) in names.iter_mut().zip(siblings).filter(|(_, page)| page.section != Section::No) {
        if titles.is_shared(&name.full) || SAYS_NOTHING.contains(&name.full.to_lowercase().as_str()) {
            *name = of_folder(page, parts);
        }
    }
    let shown = Counts::of(names.iter().map(|name| &name.short));
    for name in names.iter_mut().filter(|name| shown.is_shared(&name.short)) {
        name.among = Among::Equals;
    }
    names
}

/// How often siblings have each name, without regard to case.
struct Counts(HashMap<String, usize>);

impl Counts {
    fn of<'a>(names: impl Iterator<Item = &'a Arc<str>>) -> Counts {
        let mut counts = HashMap::new();
        for name in names {
            *counts.entry(name.to_lowercase()).or_default() += 1;
        }
        Counts(counts)
    }

    fn is_shared(&self, name: &str) -> bool {
        self.0.get(&name.to_lowercase()).is_some_and(|count| *count > 1)
    }
}

fn titled(page: &Placed, parts: &Parts<'_>) -> Name {
    let page = page.origin.page(parts);
    let full: Arc<str> = page.title.as_str().into();
    let short = page.front.nav_title.as_deref().map_or_else(|| Arc::clone(&full), Arc::from);
    Name { full, short, among: Among::Alone }
}

/// The short title that somebody gave the folder's page, else the folder's name.
fn of_folder(page: &Placed, parts: &Parts<'_>) -> Name {
    let page = page.origin.page(parts);
    let own = page.front.nav_title.clone();
    let name: Arc<str> = own.unwrap_or_else(|| title_of_folder(&page.file, parts)).into();
    Name { full: Arc::clone(&name), short: name, among: Among::Alone }
}
