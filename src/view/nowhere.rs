//! What is shown where there is no page: none at this address, or none without the host.
//!
//! Owns these two pages, and whether the site has a program that keeps pages in the browser. What that program does is none
//! of its business.

use super::PageView;
use super::contents::of_sections;
use super::nav::Here;
use super::pages::{Job, at_home, empty, made};
use crate::path::UrlPath;
use crate::site::{Kept, Site};

/// The program that keeps pages in the browser, from the root.
pub(super) fn worker(site: &Site) -> Option<String> {
    site.kept.as_ref().map(|_| "worker.js".to_owned())
}

/// The page for what is not found is shown at any depth, so its URLs begin at the host's root.
pub(super) fn not_found(site: &Site) -> Job {
    let base = site.config.base_url.as_deref().and_then(|base| base.splitn(4, '/').nth(3));
    let url = UrlPath::new("404.html");
    let here = Here { up: format!("/{}", base.unwrap_or("")), ..Here::new(site, &url) };
    let view = empty(&here, at_home(&here), here.t.say("not_found.title"), &url);
    made("404.html".to_owned(), "404.html", PageView { canonical: None, ..view })
}

/// What a reader finds without the host, where a page is not among those that the browser keeps: those that are.
pub(super) fn not_kept(site: &Site) -> Job {
    let url = UrlPath::new(Kept::ELSEWHERE);
    let here = Here::new(site, &url);
    let view = empty(&here, at_home(&here), here.t.say("offline.title"), &url);
    let sections = site.kept.as_ref().map_or(&[][..], |kept| &kept.sections);
    let view = PageView { canonical: None, contents: of_sections(&here, sections), ..view };
    made(url.output_file(), "offline.html", view)
}
