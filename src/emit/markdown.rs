//! The Markdown beside each page: what readers may have of it, beginning with its title.
//!
//! Comments and front matter were left out when the page was parsed; nothing here decides what is shown.

use std::sync::Arc;

use super::text::markdown_url;
use crate::output::Output;
use crate::page::Page;
use crate::site::{Site, SitePage};

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    let output = |page: &SitePage| {
        let (url, page) = (markdown_url(page)?, Arc::clone(&page.page));
        Some(Output::later(url.output_file(), move || text(&page)))
    };
    site.pages.iter().filter_map(output).collect()
}

fn text(page: &Page) -> Arc<str> {
    if page.document.title.is_some() {
        return page.markdown.clone();
    }
    format!("# {}\n\n{}", page.title, page.markdown.trim_start_matches('\n')).into()
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn a_page_without_a_heading_gets_its_title() {
        let files = [
            ("content/_index.md", "# Home\n"),
            ("content/a.md", "---\ntitle: A title\n---\n\nText <!-- hidden -->.\n"),
            ("content/s/x.md", "x\n"),
        ];
        let outputs = emit(&fixture::site(&files, None));
        assert_eq!(fixture::text(&outputs, "index.md"), "# Home\n");
        let page = fixture::text(&outputs, "a/index.md");
        assert!(page.starts_with("# A title\n\nText ") && !page.contains("hidden"), "{page}");
        assert!(outputs.iter().all(|output| output.path != "s/index.md"), "a listing has no Markdown");
    }
}
