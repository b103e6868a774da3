//! The index of all pages.
//!
//! Owns what a reader without scripts finds on the search page. It is the only view whose size depends on the
//! number of pages, so it has a limit.

use super::NavView;
use super::nav::PageLinks;
use crate::site::{FolderRole, PageId};

/// Of a larger handbook only the sections are listed.
const MOST_PAGES: usize = 2_000;
/// Pages deeper than this are listed one below the other.
const DEEPEST: usize = 6;

/// Everything beneath the home page as a tree, in reading order.
pub(super) fn contents(here: &PageLinks<'_>) -> Vec<NavView> {
    let pages = if here.site.pages.len() > MOST_PAGES { ListedPages::Sections } else { ListedPages::All };
    ContentsTree { here, pages }.beneath(PageId(0), 1)
}

/// The same of sections, each with all that lies beneath it; without any that of all.
pub(super) fn of_sections(here: &PageLinks<'_>, sections: &[PageId]) -> Vec<NavView> {
    if sections.is_empty() {
        return contents(here);
    }
    let tree = ContentsTree { here, pages: ListedPages::All };
    let entry = |id: &PageId| NavView { children: tree.beneath(*id, 2), ..here.entry(*id, &[]) };
    sections.iter().map(entry).collect()
}

/// Which pages are listed.
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
