//! What readers' browsers keep of a site, so that it can be read when the host is gone.
//!
//! Owns which pages these are and of which day a copy is. Knows neither the worker that keeps them nor what the pages load.

use jiff::civil::Date;

use super::bundle::{newest, section};
use super::{PageId, SitePage};
use crate::config::Offline;

/// Kept whatever is chosen: the ways to what is kept.
const ALWAYS: [&str; 3] = ["", "search/", Kept::ELSEWHERE];

/// What a browser keeps of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The sections; none: all pages.
    pub sections: Vec<PageId>,
    /// Their URLs, decoded.
    urls: Vec<String>,
    /// The day of the newest of its pages.
    pub date: Date,
}

impl Kept {
    /// The page that a reader finds in the place of one that is not kept.
    pub const ELSEWHERE: &str = "offline.html";

    /// What the settings want to be kept of these pages.
    pub(super) fn of(wanted: &Offline, pages: &[SitePage], today: Date) -> Option<Kept> {
        let sections: Vec<PageId> = match wanted {
            Offline::Nothing => return None,
            Offline::All => Vec::new(),
            Offline::Sections(sections) => {
                sections.names.iter().filter_map(|name| section(name, pages)).collect()
            }
        };
        // Where no section is left for this audience, there is nothing to keep.
        if sections.is_empty() && *wanted != Offline::All {
            return None;
        }
        let urls = sections.iter().map(|PageId(id)| pages[*id as usize].url.to_string()).collect();
        let kept = Kept { sections, urls, date: today };
        let inside = pages.iter().filter(|page| kept.has(page.url.as_str()));
        Some(Kept { date: newest(inside, today), ..kept })
    }

    /// Whether the page at a URL, which is decoded, is kept.
    pub fn has(&self, url: &str) -> bool {
        let inside = |section: &String| url.starts_with(section.as_str());
        self.sections.is_empty() || ALWAYS.contains(&url) || self.urls.iter().any(inside)
    }
}
