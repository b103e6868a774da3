//! What all pages have around their content.
//!
//! Owns the empty frame of a page, which the files of each sort of page fill.

use std::sync::Arc;

use super::nav::PageLinks;
use super::{PageBody, PageView, SidebarView, bundle};
use crate::path::UrlPath;
use crate::site::PageId;

/// The sidebar of pages without a source file.
pub(super) fn at_home(here: &PageLinks<'_>) -> Arc<SidebarView> {
    Arc::new(here.sidebar(&[PageId(0)]))
}

/// A page with what all pages have.
pub(super) fn frame(
    here: &PageLinks<'_>,
    nav: Arc<SidebarView>,
    title: &str,
    url: &UrlPath,
    body: PageBody,
) -> PageView {
    let site = here.site;
    PageView {
        title: title.to_owned(),
        description: String::new(),
        kind: "page".to_owned(),
        place: String::new(),
        language: site.config.language.clone(),
        frame: here.frame.to_owned(),
        script: format!("page.{}.js", here.t.language),
        search_script: format!("search-shared.{}.js", here.t.language),
        lang: None,
        root: if here.up.is_empty() { "./".to_owned() } else { here.up.clone() },
        start: bundle::start(here),
        canonical: site.config.absolute(url),
        breadcrumbs: Vec::new(),
        nav,
        here: String::new(),
        outline: Vec::new(),
        feeds: Vec::new(),
        diagrams: false,
        tabs: false,
        body,
    }
}
