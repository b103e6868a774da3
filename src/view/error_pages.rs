//! The pages that are shown instead of a missing one: for an unknown address, and for a page that is not available
//! offline.
//!
//! This module owns these two pages and the address of the service worker. It does not know what the worker does.

use super::all_pages::of_sections;
use super::nav::PageLinks;
use super::page_frame::{at_home, frame};
use super::page_job::PageJob;
use super::{PageBody, PageView};
use crate::path::UrlPath;
use crate::site::{OfflineSite, Site};

/// The path of the service worker from the root, if the site has one.
pub(super) fn worker(site: &Site) -> Option<String> {
    site.offline.as_ref().map(|_| "worker.js".to_owned())
}

/// The page for an unknown address. It is shown at any depth, so its URLs begin at the root of the host.
pub(super) fn not_found(site: &Site) -> PageJob {
    let base = site.config.base_url.as_deref().and_then(|base| base.splitn(4, '/').nth(3));
    let url = UrlPath::new("404.html");
    let here = PageLinks { up: format!("/{}", base.unwrap_or("")), ..PageLinks::new(site, &url) };
    let view = frame(&here, at_home(&here), here.t.say("not_found.title"), &url, PageBody::NotFound);
    PageJob::from_view("404.html".to_owned(), "404.html", PageView { canonical: None, ..view })
}

/// The page that replaces one that is not available offline. It lists those that are.
pub(super) fn not_kept(site: &Site) -> PageJob {
    let url = UrlPath::new(OfflineSite::NOT_KEPT_PAGE);
    let here = PageLinks::new(site, &url);
    let sections = site.offline.as_ref().map_or(&[][..], |kept| &kept.sections);
    let body = PageBody::Contents { contents: of_sections(&here, sections) };
    let view = frame(&here, at_home(&here), here.t.say("offline.title"), &url, body);
    PageJob::from_view(site.output_file(&url), "offline.html", PageView { canonical: None, ..view })
}
