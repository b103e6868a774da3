//! The names of pages in lists: in the sidebar, on cards, in breadcrumbs.
//!
//! This module owns [`ListName`], and the rule when a folder's name replaces the title of its page. It must not
//! know where names are shown.

use std::collections::HashMap;
use std::sync::Arc;

use super::urls::{PlacedPage, title_of_folder};
use super::{FolderRole, SiteInputs};
use crate::lexicon::Lexicon;

/// The name of a page in lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListName {
    /// The page's title, or the folder's name where the title is not distinctive.
    pub full: Arc<str>,
    /// The short title from front matter, else the same as `full`.
    pub short: Arc<str>,
    /// Whether a sibling has the same short name.
    pub has_namesake: bool,
}

/// The names of sibling pages.
pub(super) fn names(siblings: &[PlacedPage], inputs: &SiteInputs<'_>) -> Vec<ListName> {
    let mut names: Vec<ListName> = siblings.iter().map(|page| titled(page, inputs)).collect();
    let titles = SiblingCounts::of(names.iter().map(|name| &name.full));
    for (name, page) in names.iter_mut().zip(siblings).filter(|(_, page)| page.section != FolderRole::No) {
        if titles.is_shared(&name.full) || is_generic(&name.full) {
            *name = of_folder(page, inputs);
        }
    }
    let shown = SiblingCounts::of(names.iter().map(|name| &name.short));
    for name in names.iter_mut().filter(|name| shown.is_shared(&name.short)) {
        name.has_namesake = true;
    }
    names
}

/// Whether a title describes a text and not the content of its folder, such as `Introduction`.
fn is_generic(title: &str) -> bool {
    Lexicon::all().titles.generic.contains(&title.to_lowercase())
}

/// How many siblings have each name, ignoring case.
struct SiblingCounts(HashMap<String, usize>);

impl SiblingCounts {
    fn of<'a>(names: impl Iterator<Item = &'a Arc<str>>) -> SiblingCounts {
        let mut counts = HashMap::new();
        for name in names {
            *counts.entry(name.to_lowercase()).or_default() += 1;
        }
        SiblingCounts(counts)
    }

    fn is_shared(&self, name: &str) -> bool {
        self.0.get(&name.to_lowercase()).is_some_and(|count| *count > 1)
    }
}

fn titled(page: &PlacedPage, inputs: &SiteInputs<'_>) -> ListName {
    let page = page.origin.page(inputs);
    let full: Arc<str> = page.title.as_str().into();
    let short = page.front.nav_title.as_deref().map_or_else(|| Arc::clone(&full), Arc::from);
    ListName { full, short, has_namesake: false }
}

/// The short title of the folder's page, else the folder's name.
fn of_folder(page: &PlacedPage, inputs: &SiteInputs<'_>) -> ListName {
    let page = page.origin.page(inputs);
    let own = page.front.nav_title.clone();
    let name: Arc<str> = own.unwrap_or_else(|| title_of_folder(&page.file, inputs)).into();
    ListName { full: Arc::clone(&name), short: name, has_namesake: false }
}
