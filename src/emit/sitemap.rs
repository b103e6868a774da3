//! `sitemap.xml`: every published page with its absolute URL and last change. Needs `base_url`.
//!
//! A sitemap holds at most 50,000 pages. A larger site has several, and `sitemap.xml` is their index.

use std::sync::Arc;

use super::later;
use super::text::{absolute, changed, xml};
use crate::output::Output;
use crate::site::{Site, SitePage};

/// The maximum number of pages in one sitemap, set by the protocol of sitemaps.org.
const PAGES: usize = 50_000;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";

/// The sitemap, where `base_url` is set.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    // A sitemap asks search engines to take the site in.
    let base = site.config.base_url.as_ref().filter(|_| !site.config.noindex);
    let Some(base) = base else { return Vec::new() };
    let maps = published(site).count().div_ceil(PAGES);
    if maps <= 1 {
        return vec![later(site, "sitemap.xml", |site| map(site, 0))];
    }
    let names: Vec<String> = (1..=maps).map(|number| format!("sitemap-{number}.xml")).collect();
    let index = Output::text("sitemap.xml", index(base, &names));
    let parts = (0..).zip(names).map(|(part, name)| later(site, name, move |site| map(site, part)));
    std::iter::once(index).chain(parts).collect()
}

/// The pages in the sitemap: all but drafts.
fn published(site: &Site) -> impl Iterator<Item = &SitePage> {
    site.pages.iter().filter(|page| !page.page.front.draft)
}

fn index(base: &str, names: &[String]) -> String {
    let entry = |name: &String| format!("<sitemap><loc>{}</loc></sitemap>\n", xml(&format!("{base}{name}")));
    let entries: String = names.iter().map(entry).collect();
    format!("{HEAD}<sitemapindex {NAMESPACE}>\n{entries}</sitemapindex>\n")
}

/// The sitemap with the number `part`, counted from 0.
fn map(site: &Site, part: usize) -> String {
    let pages = published(site).skip(part * PAGES).take(PAGES);
    let entries: String = pages.filter_map(|page| entry(site, page)).collect();
    format!("{HEAD}<urlset {NAMESPACE}>\n{entries}</urlset>\n")
}

fn entry(site: &Site, page: &SitePage) -> Option<String> {
    let url = absolute(site, &page.url)?;
    let change = changed(page).map_or(String::new(), |time| format!("<lastmod>{time}</lastmod>"));
    Some(format!("<url><loc>{}</loc>{change}</url>\n", xml(&url)))
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
