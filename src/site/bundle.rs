//! What a bundle holds: the handbook, or some of its sections, as files that open without a server.
//!
//! Owns which pages are in it, how old it is, how an address is written where no server makes a folder's page of it, and
//! which scripts bring the search index along. Knows nothing of archives.

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

use super::{Hidden, PageId, Section, Site, SitePage, Target};
use crate::config::{Offline, Sections};
use crate::diagnostic::{Diagnostic, nearest};
use crate::form::Form;
use crate::path::{FilePath, UrlPath};
use crate::rules::CONFIG_INVALID;

/// The page of the search is in every bundle.
const SEARCH: &str = "search/";
/// Texts for excerpts come in files of so many pages …
const PAGES_PER_FILE: usize = 64;
/// … and in no more files than this: each page names them all.
const MOST_FILES: usize = 16;

/// What is special about a site that is a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bundle {
    /// The sections that it is limited to; none: all of the handbook.
    pub sections: Vec<PageId>,
    /// Their URLs, percent-encoded.
    urls: Vec<String>,
    /// The day of its newest content.
    pub date: Date,
    /// Sections that were asked for and do not exist, each with the nearest that does.
    pub unknown: Vec<(String, Option<String>)>,
}

impl Bundle {
    /// What a bundle of these pages holds; nothing where the form is a site.
    pub(super) fn of(form: &Form, pages: &[SitePage], today: Date) -> Option<Bundle> {
        let Form::Bundle { sections: wanted } = form else { return None };
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

    /// Whether it is all of the handbook.
    pub fn is_whole(&self) -> bool {
        self.sections.is_empty() && self.unknown.is_empty()
    }

    /// Whether it holds the page at a percent-encoded URL.
    pub fn holds(&self, encoded: &str) -> bool {
        let inside = |url: &String| encoded.starts_with(url.as_str());
        self.is_whole() || encoded.is_empty() || encoded == SEARCH || self.urls.iter().any(inside)
    }
}

/// The section with a URL as people type it: `runbooks`, `/runbooks/`.
pub(super) fn section(name: &str, pages: &[SitePage]) -> Option<PageId> {
    let name = name.trim_matches('/');
    let is_it = |page: &SitePage| page.url.as_str().trim_matches('/') == name && !name.is_empty();
    (0..)
        .map(PageId)
        .zip(pages)
        .find(|(_, page)| page.section != Section::No && is_it(page))
        .map(|(id, _)| id)
}

/// What settings name as a section, and is none. A section that this audience must not see is one.
pub(super) fn no_sections(site: &Site, hidden: &Hidden) -> Vec<Diagnostic> {
    let kept = match &site.config.offline {
        Some(Offline::Sections(sections)) => Some(sections),
        _ => None,
    };
    let named =
        site.config.print.iter().chain(kept).flat_map(|all| all.names.iter().map(move |name| (all, name)));
    let is_hidden = |name: &str| {
        let folder = FilePath::new(&format!("{}/{}", site.config.content, name.trim_matches('/')));
        folder.is_some_and(|folder| hidden.is_section(&folder, &site.config.content))
    };
    let unknown = named.filter(|(_, name)| section(name, &site.pages).is_none() && !is_hidden(name));
    unknown.map(|(all, name)| no_section(all, name, &site.pages)).collect()
}

fn no_section(named: &Sections, name: &str, pages: &[SitePage]) -> Diagnostic {
    let [table, key] = named.setting;
    let message = format!("`{table}.{key}` names `{name}`, which is no section");
    let mut problem = Diagnostic::new(&CONFIG_INVALID, named.at.clone(), message);
    problem.help = near(name, pages).map(|near| format!("did you mean `{near}`?").into());
    problem
}

fn near(name: &str, pages: &[SitePage]) -> Option<String> {
    let sections = pages.iter().filter(|page| page.section != Section::No && page.parent.is_some());
    nearest(name.trim_matches('/'), sections.map(|page| page.url.as_str().trim_matches('/')))
        .map(str::to_owned)
}

/// The day of the newest of the pages: when one was changed last, else when one is dated, else the day of the build.
pub(super) fn newest<'a>(pages: impl Iterator<Item = &'a SitePage> + Clone, today: Date) -> Date {
    let day = |seconds| Timestamp::from_second(seconds).map(|time| time.to_zoned(TimeZone::UTC).date()).ok();
    let changed =
        pages.clone().filter_map(|page| page.change.as_ref().and_then(|change| day(change.seconds)));
    let dated = || pages.clone().filter_map(|page| page.page.front.date).filter(|date| *date <= today);
    changed.max().or_else(|| dated().max()).unwrap_or(today)
}

impl Site {
    /// Whether everything of the handbook is in this site.
    pub fn is_whole(&self) -> bool {
        self.bundle.as_ref().is_none_or(Bundle::is_whole)
    }

    /// Whether the site has what lies at a percent-encoded URL.
    pub fn holds(&self, encoded: &str) -> bool {
        self.bundle.as_ref().is_none_or(|bundle| bundle.holds(encoded))
    }

    /// Sections that the command line names and that this audience has not, each with the nearest that it has.
    pub fn unknown_sections(&self) -> Vec<(String, Option<String>)> {
        let bundled = self.bundle.iter().flat_map(|bundle| bundle.unknown.iter().cloned());
        let unknown = |name: &&String| section(name, &self.pages).is_none();
        let printed = self.config.print_too.iter().filter(unknown);
        bundled.chain(printed.map(|name| (name.clone(), near(name, &self.pages)))).collect()
    }

    /// How a page writes the address of something in the handbook, by its percent-encoded URL; `up` leads to the root. What
    /// a bundle does not hold is on the web, or nowhere: then the address is empty.
    pub fn address(&self, up: &str, encoded: &str) -> String {
        if !self.holds(encoded) {
            return self.on_the_web(encoded).unwrap_or_default();
        }
        let url = [up, encoded].concat();
        match self.bundle {
            None if url.is_empty() => "./".to_owned(),
            Some(_) if url.is_empty() => "index.html".to_owned(),
            _ => self.file_of(url),
        }
    }

    /// The address as it is opened: without a server a folder's page has a name.
    pub fn file_of(&self, mut url: String) -> String {
        if self.bundle.is_some() && url.ends_with('/') {
            url.push_str("index.html");
        }
        url
    }

    /// The absolute address of what is not in this bundle.
    pub fn on_the_web(&self, encoded: &str) -> Option<String> {
        self.config.base_url.as_ref().map(|base| format!("{base}{encoded}"))
    }

    /// Whether a page that the site has links a file.
    pub fn links(&self, asset: &UrlPath) -> bool {
        let leads = |target: &Target| matches!(target, Target::Asset { url, .. } if url == asset);
        self.pages
            .iter()
            .filter(|page| self.holds(&page.encoded))
            .any(|page| page.resolved.targets.iter().any(leads))
    }

    /// The site as its search index should see it: with those pages only that it has.
    pub fn held(&self) -> Site {
        let mut site = self.clone();
        site.pages.retain(|page| self.holds(&page.encoded));
        site
    }

    /// How many pages of a bundle have their texts in one file.
    pub fn pages_per_file(&self) -> usize {
        self.held_pages().div_ceil(MOST_FILES).max(PAGES_PER_FILE)
    }

    /// The scripts that search needs in a bundle, from the root: the engine, the index, then the texts of pages.
    pub fn search_scripts(&self) -> Vec<String> {
        let texts =
            (0..self.held_pages().div_ceil(self.pages_per_file())).map(|at| format!("search/text-{at}.js"));
        ["search/search.js", "search/index.js"].map(str::to_owned).into_iter().chain(texts).collect()
    }

    fn held_pages(&self) -> usize {
        self.pages.iter().filter(|page| self.holds(&page.encoded)).count()
    }
}
