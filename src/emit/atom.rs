//! `atom.xml`: the latest changes of pages, newest first. Needs `base_url`.
//!
//! An entry's id is the page's absolute URL, so it stays the same however often the page changes.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::later;
use super::text::{absolute, timestamp, xml};
use crate::output::Output;
use crate::site::{Site, SitePage};

/// The most entries.
const ENTRIES: usize = 50;

/// What stands for "never": a handbook without history still has a valid feed.
const NEVER: &str = "1970-01-01T00:00:00Z";

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    let feed = |base: &String| {
        let base = base.clone();
        later(site, "atom.xml", move |site| feed(site, &base))
    };
    site.config.base_url.iter().map(feed).collect()
}

fn feed(site: &Site, base: &str) -> String {
    let entries = latest(site);
    let updated = entries.first().map_or(NEVER, |(time, _)| time.as_str());
    let title = xml(&site.config.title);
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
        <title>{title}</title>\n",
        xml(&site.config.language)
    );
    if !site.config.description.is_empty() {
        feed.push_str(&format!("<subtitle>{}</subtitle>\n", xml(&site.config.description)));
    }
    let base = xml(base);
    feed.push_str(&format!(
        "<id>{base}</id>\n\
        <link rel=\"alternate\" type=\"text/html\" href=\"{base}\"/>\n\
        <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}atom.xml\"/>\n\
        <updated>{updated}</updated>\n\
        <author><name>{title}</name></author>\n\
        <generator>Opsbook</generator>\n"
    ));
    feed.extend(entries.iter().map(|(time, page)| entry(site, time, page)));
    feed.push_str("</feed>\n");
    feed
}

/// The pages that changed last, with the time.
fn latest(site: &Site) -> Vec<(String, &SitePage)> {
    let pages = site.pages.iter().filter(|page| !page.page.front.draft);
    let mut pages: Vec<(i64, &SitePage)> = pages.filter_map(|page| Some((seconds(page)?, page))).collect();
    pages.sort_by_key(|(seconds, page)| (Reverse(*seconds), page.url.clone()));
    pages.truncate(ENTRIES);
    pages.into_iter().filter_map(|(seconds, page)| Some((timestamp(seconds)?, page))).collect()
}

/// When the page last changed; without history the beginning (UTC) of the day in its front matter.
fn seconds(page: &SitePage) -> Option<i64> {
    let day =
        |date: jiff::civil::Date| date.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp().as_second());
    page.change.as_ref().map(|change| change.seconds).or_else(|| page.page.front.date.and_then(day))
}

fn entry(site: &Site, time: &str, page: &SitePage) -> String {
    let url = xml(&absolute(site, &page.url).expect("a feed is made only where there is a base URL"));
    let mut entry = format!(
        "<entry>\n<title>{}</title>\n<id>{url}</id>\n<link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>\n\
        <updated>{time}</updated>\n",
        xml(&page.page.title)
    );
    if let Some(author) = page.change.as_ref().and_then(|change| change.author.as_ref()) {
        entry.push_str(&format!("<author><name>{}</name></author>\n", xml(author)));
    }
    for tag in &page.page.front.tags {
        entry.push_str(&format!("<category term=\"{}\"/>\n", xml(tag)));
    }
    if !page.page.description.is_empty() {
        entry.push_str(&format!("<summary>{}</summary>\n", xml(&page.page.description)));
    }
    entry.push_str("</entry>\n");
    entry
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_newest_change_comes_first() {
        let files =
            [("content/a.md", "# A & B\n\nText <b>.\n"), ("content/b.md", "---\ntags: [x]\n---\n# B\n")];
        let feed = fixture::text(&emit(&fixture::site(&files, Some("https://example.org/"))), "atom.xml");
        let (b, a) = (feed.find("<title>B</title>").unwrap(), feed.find("<title>A &amp; B</title>").unwrap());
        assert!(b < a, "{feed}");
        assert!(feed.contains("<id>https://example.org/b/</id>") && feed.contains("<category term=\"x\"/>"));
        let head = feed.split("<entry>").next().unwrap();
        assert!(head.contains("<updated>1970-01-02T00:00:00Z</updated>"), "{head}");
        assert_eq!(feed.matches("<entry>").count(), 2, "a listing has no history");
    }

    #[test]
    fn a_large_site_has_a_short_feed() {
        let names: Vec<String> = (0..60).map(|n| format!("content/p{n}.md")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x\n")).collect();
        let feed = fixture::text(&emit(&fixture::site(&files, Some("https://example.org/"))), "atom.xml");
        assert_eq!(feed.matches("<entry>").count(), ENTRIES);
        assert!(emit(&fixture::site(&files, None)).is_empty());
    }
}
