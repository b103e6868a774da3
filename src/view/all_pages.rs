//! The index of all pages.
//!
//! This module owns the content of the search page for readers without scripts. It is the only view whose size
//! depends on the number of pages, so it has a limit.

use super::NavView;
use super::nav::PageLinks;
use crate::site::{FolderRole, PageId};

/// The most pages of a handbook that are all listed. Of a larger one only the sections are.
const MOST_PAGES: usize = 2_000;
/// The deepest level of the tree. Deeper pages are added to its last level.
const DEEPEST: usize = 6;

/// Everything below the home page as a tree, in reading order.
pub(super) fn contents(here: &PageLinks<'_>) -> Vec<NavView> {
    let pages = if here.site.pages.len() > MOST_PAGES { ListedPages::Sections } else { ListedPages::All };
    ContentsTree { here, pages }.beneath(PageId(0), 1)
}

/// The same for some sections, each with everything below it; for the whole handbook if there are none.
pub(super) fn of_sections(here: &PageLinks<'_>, sections: &[PageId]) -> Vec<NavView> {
    if sections.is_empty() {
        return contents(here);
    }
    let tree = ContentsTree { here, pages: ListedPages::All };
    let entry = |id: &PageId| NavView { children: tree.beneath(*id, 2), ..here.entry(*id, &[]) };
    sections.iter().map(entry).collect()
}

/// The pages to list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ListedPages {
    All,
    Sections,
}

struct ContentsTree<'a> {
    here: &'a PageLinks<'a>,
    pages: ListedPages,
}

impl ContentsTree<'_> {
    fn beneath(&self, parent: PageId, depth: usize) -> Vec<NavView> {
        let Some(parent) = self.here.site.pages.get(parent.0 as usize) else { return Vec::new() };
        let mut entries = Vec::new();
        for child in parent.children.iter().filter(|child| self.lists(**child)) {
            let mut entry = self.here.entry(*child, &[]);
            let children = self.beneath(*child, depth + 1);
            entry.more = self.left_out(*child);
            if depth < DEEPEST {
                entry.children = children;
                entries.push(entry);
            } else {
                entries.push(entry);
                entries.extend(children);
            }
        }
        entries
    }

    fn lists(&self, id: PageId) -> bool {
        self.pages == ListedPages::All || self.here.site.page(id).section != FolderRole::No
    }

    fn left_out(&self, id: PageId) -> usize {
        let children = &self.here.site.page(id).children;
        children.iter().filter(|child| !self.lists(**child)).count()
    }
}
