//! Pages by what others call them in their fields.
//!
//! Owns how the value of a field that names a page is read: the page's permanent id, or a path from the page that
//! says it, or from the content folder.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::path::FilePath;
use crate::site::{PageId, Site};

/// The names of all pages, looked up only where a field asks for one.
pub(super) struct Names<'a> {
    site: &'a Site,
    known: OnceLock<Known<'a>>,
}

struct Known<'a> {
    ids: HashMap<&'a str, PageId>,
    files: HashMap<&'a str, PageId>,
}

impl<'a> Names<'a> {
    pub fn new(site: &'a Site) -> Names<'a> {
        Names { site, known: OnceLock::new() }
    }

    /// The page that `name`, written in `from`, means.
    pub fn page(&self, from: &FilePath, name: &str) -> Option<PageId> {
        let known = self.known.get_or_init(|| known(self.site));
        if let Some(id) = known.ids.get(name) {
            return Some(*id);
        }
        let content = &self.site.config.content;
        let beneath = FilePath::new(&format!("{content}/{}", name.trim_start_matches('/')));
        let paths = [from.join(name), beneath, FilePath::new(name)];
        paths.into_iter().flatten().find_map(|path| known.file(&path))
    }
}

impl Known<'_> {
    /// Written with or without its extension.
    fn file(&self, path: &FilePath) -> Option<PageId> {
        let file = |path: &str| self.files.get(path).copied();
        file(path.as_str())
            .or_else(|| file(&format!("{path}.md")))
            .or_else(|| file(&format!("{path}/_index.md")))
    }
}

fn known(site: &Site) -> Known<'_> {
    let mut known = Known { ids: HashMap::new(), files: HashMap::with_capacity(site.pages.len()) };
    for (id, page) in site.ids() {
        known.files.insert(page.page.file.as_str(), id);
        if let Some(name) = page.page.front.data.text("id") {
            // Of two pages with one id the first is meant.
            known.ids.entry(name).or_insert(id);
        }
    }
    known
}
