//! `index.md` beside each page: its Markdown for the audience of the site, with the title first.
//!
//! Comments and front matter were removed when the page was parsed; this file does not decide what an audience sees.
//! Links lead to the pages of the site.

use std::sync::Arc;

use super::later;
use super::text::{markdown_url, target};
use crate::output::Output;
use crate::site::{PageId, Site, SitePage};

/// The Markdown beside each page.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    let output = |(id, page): (PageId, &SitePage)| {
        let url = markdown_url(site, page)?;
        Some(later(site, url.to_string(), move |site| text(site, site.page(id))))
    };
    site.ids().filter_map(output).collect()
}

/// The Markdown of a page, with the URLs of its links filled in.
fn text(site: &Site, page: &SitePage) -> String {
    let document = &page.page.document;
    let mut text = String::with_capacity(document.markdown.text.len() + 256);
    if document.title.is_none() {
        text.push_str(&format!("# {}\n\n", page.page.title));
    }
    let mut at = 0;
    for (place, link) in &document.markdown.holes {
        let url = target(site, page, &page.resolved.targets[*link as usize]);
        // A link that is broken for this audience becomes `#`, so that it does not reveal where it leads for others.
        // A bare parenthesis would end the link.
        let url = url.map_or("#".to_owned(), |url| url.replace('(', "%28").replace(')', "%29"));
        text.push_str(&document.markdown.text[at..*place]);
        text.push_str(&url);
        at = *place;
    }
    text.push_str(&document.markdown.text[at..]);
    text
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
