//! What a result shows of a page before the page itself is fetched: URL, title, kind.
//!
//! Owns the line of a page, and the files of lines.

use crate::site::{Site, SitePage};

/// Pages per file: some kilobytes.
pub const PER_FILE: usize = 512;

/// The line of each page: `["url","title","kind"]` as JSON; `page` is left out.
pub fn lines(site: &Site) -> Vec<String> {
    site.pages.iter().map(line).collect()
}

fn line(page: &SitePage) -> String {
    let kind = Some(page.page.front.kind()).filter(|kind| *kind != "page");
    match kind {
        Some(kind) => super::json(&(&page.encoded, &page.page.title, kind)),
        None => super::json(&(&page.encoded, &page.page.title)),
    }
}

/// The files, in the order of the pages.
pub fn files(lines: &[String]) -> Vec<String> {
    lines.chunks(PER_FILE).map(|lines| format!("[{}]", lines.join(",\n"))).collect()
}
