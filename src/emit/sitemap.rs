//! `sitemap.xml`: every published page with its absolute URL and last change. Needs `base_url`.
//!
//! A map holds at most 50,000 pages; a larger site has several and an index of them.

use super::text::{absolute, changed, xml};
use crate::output::Output;
use crate::site::Site;

/// The most pages in one map, by the protocol.
const PAGES: usize = 50_000;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";

pub fn emit(site: &Site) -> Vec<Output> {
    let Some(base) = &site.config.base_url else { return Vec::new() };
    let entries = entries(site);
    if entries.len() <= PAGES {
        return vec![Output::text("sitemap.xml", map(&entries))];
    }
    let maps = || {
        entries.chunks(PAGES).enumerate().map(|(index, part)| (format!("sitemap-{}.xml", index + 1), part))
    };
    let mut index = format!("{HEAD}<sitemapindex {NAMESPACE}>\n");
    for (name, _) in maps() {
        index.push_str(&format!("<sitemap><loc>{}</loc></sitemap>\n", xml(&format!("{base}{name}"))));
    }
    index.push_str("</sitemapindex>\n");
    let parts = maps().map(|(name, part)| Output::text(name, map(part)));
    std::iter::once(Output::text("sitemap.xml", index)).chain(parts).collect()
}

fn entries(site: &Site) -> Vec<String> {
    let mut entries = Vec::with_capacity(site.pages.len());
    for page in site.pages.iter().filter(|page| !page.page.front.draft) {
        let Some(url) = absolute(site, &page.url) else { continue };
        let change = changed(page).map_or(String::new(), |time| format!("<lastmod>{time}</lastmod>"));
        entries.push(format!("<url><loc>{}</loc>{change}</url>\n", xml(&url)));
    }
    entries
}

fn map(entries: &[String]) -> String {
    format!("{HEAD}<urlset {NAMESPACE}>\n{}</urlset>\n", entries.concat())
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn every_page_has_an_absolute_url_and_its_last_change() {
        let files = [
            ("content/_index.md", "# H\n"),
            ("content/ü b.md", "# U\n"),
            ("content/d.md", "---\ndraft: true\n---\n"),
        ];
        assert!(emit(&fixture::site(&files, None)).is_empty());
        let map = fixture::text(&emit(&fixture::site(&files, Some("https://example.org/x/"))), "sitemap.xml");
        let want = format!(
            "{HEAD}<urlset {NAMESPACE}>\n\
            <url><loc>https://example.org/x/</loc><lastmod>1970-01-01T00:00:00Z</lastmod></url>\n\
            <url><loc>https://example.org/x/%C3%BC-b/</loc><lastmod>1970-01-02T00:00:00Z</lastmod></url>\n\
            </urlset>\n"
        );
        assert_eq!(map, want);
    }
}
