//! The pages that show published files as text.
//!
//! Owns the HTML of their text: tokens of its language where there is one, and no markup from the file.

use super::nav::PageLinks;
use super::page_frame::{at_home, frame};
use super::{FileView, LinkView, PageBody, PageJob, PageView};
use crate::html_escape::escape_text;
use crate::markdown::code;
use crate::site::{FilePage, PageId, Site};

/// The page of one file.
pub(super) fn job(site: &Site, page: &FilePage) -> PageJob {
    let here = PageLinks::new(site, &page.url);
    let language = page.path.extension();
    let text = &*page.source.text;
    let file = FileView {
        html: code::highlight(&language, text).unwrap_or_else(|| escape_text(text)),
        language,
        download: here.url(&page.file),
    };
    let title = page.path.name();
    let mut breadcrumbs = here.breadcrumbs(&[PageId(0)]);
    breadcrumbs.push(LinkView::new(title, here.url(&page.url)));
    let view = frame(&here, at_home(&here), title, &page.url, PageBody::File { file });
    PageJob::from_view(site.output_file(&page.url), "file.html", PageView { breadcrumbs, ..view })
}
