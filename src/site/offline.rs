//! The part of a site that browsers keep, so that it can be read when the server is down.
//!
//! This module owns the choice of pages and the date of a copy. It knows neither the worker that stores them nor
//! what the pages load.

use jiff::civil::Date;

use super::bundle::{newest, section};
use super::{PageId, SitePage};
use crate::config::Offline;

/// URLs that are always kept, because they lead to the rest: the home page, search and the replacement page.
const ALWAYS: [&str; 3] = ["", "search/", OfflineSite::NOT_KEPT_PAGE];

/// What a browser keeps of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineSite {
    /// The sections to keep. If empty, all pages are kept.
    pub sections: Vec<PageId>,
    /// The URLs of the sections, decoded.
    urls: Vec<String>,
    /// The day of the newest of its pages.
    pub date: Date,
}

impl OfflineSite {
    /// The page that replaces one that is not kept.
    pub const NOT_KEPT_PAGE: &str = "offline.html";

    /// The part of these pages that the settings select.
    pub(super) fn of(wanted: &Offline, pages: &[SitePage], today: Date) -> Option<OfflineSite> {
        let sections: Vec<PageId> = match wanted {
            Offline::Nothing => return None,
            Offline::All => Vec::new(),
            Offline::Sections(sections) => {
                sections.names.iter().filter_map(|name| section(name, pages)).collect()
            }
        };
        // Where this audience sees none of the sections, there is nothing to keep.
        if sections.is_empty() && *wanted != Offline::All {
            return None;
        }
        let urls = sections.iter().map(|PageId(id)| pages[*id as usize].url.to_string()).collect();
        let kept = OfflineSite { sections, urls, date: today };
        let inside = pages.iter().filter(|page| kept.has(page.url.as_str()));
        Some(OfflineSite { date: newest(inside, today), ..kept })
    }

    /// Whether the page at a decoded URL is kept.
    pub fn has(&self, url: &str) -> bool {
        let inside = |section: &String| url.starts_with(section.as_str());
        self.sections.is_empty() || ALWAYS.contains(&url) || self.urls.iter().any(inside)
    }
}
