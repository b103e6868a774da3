//! Bundles: the handbook, or some of its sections, as files that open without a server.
//!
//! This module owns which pages a bundle contains, the date of its content, the form of addresses without a server,
//! and the scripts that bring the search index. It knows nothing of archives.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{FolderRole, HiddenNames, PageId, Site, SitePage, Target};
use crate::build_target::BuildTarget;
use crate::config::{Offline, SectionList};
use crate::diagnostic::{Diagnostic, nearest};
use crate::path::{FilePath, PageAddresses, UrlPath};
use crate::rules::CONFIG_INVALID;
use crate::utc;

/// The search page, which every bundle contains.
const SEARCH: &str = "search/";
/// The least number of pages whose texts for excerpts share one file.
const PAGES_PER_FILE: usize = 64;
/// The most files with texts. The limit exists because each page names them all.
const MOST_FILES: usize = 16;

/// The properties of a site that is a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bundle {
    /// The sections that it is limited to. If empty, it contains the whole handbook.
    pub sections: Vec<PageId>,
    /// The URLs of the sections, percent-encoded.
    urls: Vec<String>,
    /// The day of its newest content.
    pub date: Date,
    /// Requested sections that do not exist, each with the nearest name that does.
    pub unknown: Vec<(String, Option<String>)>,
}

impl Bundle {
    /// The bundle of these pages; `None` where the target is a site.
    pub(super) fn of(form: &BuildTarget, pages: &[SitePage], today: Date) -> Option<Bundle> {
        let BuildTarget::Bundle { sections: wanted } = form else { return None };
        let mut bundle = Bundle { sections: Vec::new(), urls: Vec::new(), date: today, unknown: Vec::new() };
        for name in wanted {
            match section(name, pages) {
                Some(id) => bundle.sections.push(id),
                None => bundle.unknown.push((name.clone(), near(name, pages))),
            }
        }
        bundle.urls = bundle.sections.iter().map(|id| pages[id.0 as usize].encoded.to_string()).collect();
        bundle.date = newest(pages.iter().filter(|page| bundle.holds(&page.encoded)), today);
        Some(bundle)
    }

    /// Whether it contains the whole handbook. A request that names only unknown sections does not select the whole
    /// handbook.
    pub fn is_whole(&self) -> bool {
        self.sections.is_empty() && self.unknown.is_empty()
    }

    /// Whether it contains the page at a percent-encoded URL.
    pub fn holds(&self, encoded: &str) -> bool {
        // Readers reach the sections from the home page and the search, so each bundle has both.
        if self.is_whole() || encoded.is_empty() || encoded == SEARCH {
            return true;
        }
        self.urls.iter().any(|url| encoded.starts_with(url.as_str()))
    }
}

/// The section with a URL as people type it: `runbooks`, `/runbooks/`.
pub(super) fn section(name: &str, pages: &[SitePage]) -> Option<PageId> {
    let name = name.trim_matches('/');
    // The empty name would be the home page, whose section is the whole handbook.
    if name.is_empty() {
        return None;
    }
    for (id, page) in (0..).map(PageId).zip(pages) {
        if page.section != FolderRole::No && page.url.as_str().trim_matches('/') == name {
            return Some(id);
        }
    }
    None
}

/// Reports names in the settings that are not sections. A section that is hidden from this audience is not
/// reported.
pub(super) fn no_sections(site: &Site, hidden: &HiddenNames) -> Vec<Diagnostic> {
    let kept = match &site.config.offline {
        Some(Offline::Sections(sections)) => Some(sections),
        _ => None,
    };
    let content = &site.config.content;
    let mut problems = Vec::new();
    for list in site.config.print.iter().chain(kept) {
        for name in &list.names {
            let folder = FilePath::in_folder(content, name.trim_matches('/'));
            // The message would tell this audience that the section exists for others.
            let is_hidden = folder.is_some_and(|folder| hidden.hides_in_section(&folder, content));
            if section(name, &site.pages).is_none() && !is_hidden {
                problems.push(no_section(list, name, &site.pages));
            }
        }
    }
    problems
}

fn no_section(named: &SectionList, name: &str, pages: &[SitePage]) -> Diagnostic {
    let [table, key] = named.setting;
    let message = format!("`{table}.{key}` names `{name}`, which is not a section");
    let mut problem = Diagnostic::new(&CONFIG_INVALID, named.at.clone(), message);
    problem.help = near(name, pages).map(|near| format!("did you mean `{near}`?").into());
    problem
}

fn near(name: &str, pages: &[SitePage]) -> Option<String> {
    let sections = pages.iter().filter(|page| page.section != FolderRole::No && page.parent.is_some());
    nearest(name.trim_matches('/'), sections.map(|page| page.url.as_str().trim_matches('/')))
        .map(str::to_owned)
}

/// The day of the newest page: of the last change of a file, else the latest date of a page, else the day of the
/// build.
pub(super) fn newest<'a>(pages: impl Iterator<Item = &'a SitePage>, today: Date) -> Date {
    let (mut last_change, mut last_date) = (None, None);
    for page in pages {
        if let Some(change) = &page.change {
            last_change = last_change.max(Timestamp::from_second(change.seconds).map(utc::day_of).ok());
        }
        // An announced event has a day that is still to come.
        last_date = last_date.max(page.page.front.date.filter(|date| *date <= today));
    }
    last_change.or(last_date).unwrap_or(today)
}

impl Site {
    /// Whether the site contains the whole handbook.
    pub fn is_whole(&self) -> bool {
        self.bundle.as_ref().is_none_or(Bundle::is_whole)
    }

    /// Whether the site contains the page at a percent-encoded URL.
    pub fn holds(&self, encoded: &str) -> bool {
        self.bundle.as_ref().is_none_or(|bundle| bundle.holds(encoded))
    }

    /// Sections named on the command line that this audience does not have, each with the nearest one that it has.
    pub fn unknown_sections(&self) -> Vec<(String, Option<String>)> {
        let mut unknown = match &self.bundle {
            Some(bundle) => bundle.unknown.clone(),
            None => Vec::new(),
        };
        for name in &self.config.print_too {
            if section(name, &self.pages).is_none() {
                unknown.push((name.clone(), near(name, &self.pages)));
            }
        }
        unknown
    }

    /// The address of a page or file of the handbook, as a page writes it. `encoded` is its percent-encoded URL,
    /// `up` the path to the root. A target outside a bundle has its address on the web, or an empty one without a
    /// base URL.
    pub fn address(&self, up: &str, encoded: &str) -> String {
        if !self.holds(encoded) {
            return self.on_the_web(encoded).unwrap_or_default();
        }
        let url = [up, &*self.addresses().written(encoded)].concat();
        if url.is_empty() { "./".to_owned() } else { url }
    }

    /// How pages are addressed. Without a server, the page of a folder needs its file name.
    pub fn addresses(&self) -> PageAddresses {
        match (self.config.addresses, &self.bundle) {
            (PageAddresses::Folders, Some(_)) => PageAddresses::IndexFiles,
            (addresses, _) => addresses,
        }
    }

    /// The percent-encoded path of a page or file, as pages of this site write it after the path to the root.
    pub fn path_of(&self, encoded: &str) -> String {
        self.addresses().written(encoded).into_owned()
    }

    /// The relative address from one page or file to another.
    pub fn relative(&self, from: &UrlPath, to: &UrlPath) -> String {
        from.written(self.addresses()).relative(&to.written(self.addresses()))
    }

    /// The file that holds a page, or any other file.
    pub fn output_file(&self, url: &UrlPath) -> String {
        url.output_file(self.addresses())
    }

    /// The absolute address on the web of a page or file that this bundle does not contain.
    pub fn on_the_web(&self, encoded: &str) -> Option<String> {
        let path = self.config.addresses.written(encoded);
        self.config.base_url.as_ref().map(|base| format!("{base}{path}"))
    }

    /// Whether a page in this site links the asset.
    pub fn links(&self, asset: &UrlPath) -> bool {
        let brand = &self.brand;
        if brand.pictures().map(|picture| &picture.url).chain(brand.files()).any(|url| url == asset) {
            return true;
        }
        for page in self.pages.iter().filter(|page| self.holds(&page.encoded)) {
            for target in &page.resolved.targets {
                if matches!(target, Target::Asset { url, .. } if url == asset) {
                    return true;
                }
            }
        }
        false
    }

    /// The site as its search index should see it: with the pages that it contains only.
    pub fn with_bundled_pages(&self) -> Site {
        let mut site = self.clone();
        site.pages.retain(|page| self.holds(&page.encoded));
        site
    }

    /// The number of pages whose texts share one file of a bundle.
    pub fn pages_per_file(&self) -> usize {
        self.held_pages().div_ceil(MOST_FILES).max(PAGES_PER_FILE)
    }

    /// The scripts that search needs in a bundle, as paths from the root: the engine, the index, then the texts of
    /// pages.
    pub fn search_scripts(&self) -> Vec<String> {
        let texts =
            (0..self.held_pages().div_ceil(self.pages_per_file())).map(|at| format!("search/text-{at}.js"));
        ["search/search.js", "search/index.js"].map(str::to_owned).into_iter().chain(texts).collect()
    }

    fn held_pages(&self) -> usize {
        self.pages.iter().filter(|page| self.holds(&page.encoded)).count()
    }
}
