//! Atom feeds: `atom.xml` with the latest changes of all pages, `registers/incidents.xml` with those of incidents and
//! advisories, `status/atom.xml` with those of incidents and planned work. All have the newest entry first and need
//! `base_url`. Registers with `feed = true` have feeds of the pages that they list.
//!
//! The id of an entry is the absolute URL of its page, so it stays the same when the page changes. A page that lists
//! its revisions has one entry for each revision instead: the entry says what changed, and older entries stay as they
//! were.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::civil::Date;

use super::text::{absolute, timestamp, xml};
use super::{later, status};
use crate::output::Output;
use crate::page::Page;
use crate::page::incidents::EXERCISE;
use crate::page::revisions::{self, Revision};
use crate::path::encode;
use crate::site::{PageId, Site, SitePage};
use crate::utc;

/// The maximum number of entries in a feed.
const ENTRIES: usize = 50;

/// The `updated` time of a feed without entries: a handbook without history still has a valid feed.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// The head of a feed.
struct FeedHead<'a> {
    path: &'a str,
    /// The path of the page with the same content.
    page: &'a str,
    title: String,
}

/// A feed of the whole handbook, and the pages that it covers.
struct FeedScope {
    path: &'static str,
    /// The path of the page with the same content.
    page: &'static str,
    title: fn(&Site) -> String,
    holds: fn(&Site, &Page) -> bool,
}

const ALL: FeedScope =
    FeedScope { path: "atom.xml", page: "", title: |site| site.config.title.clone(), holds: |_, _| true };

const INCIDENTS: FeedScope = FeedScope {
    path: "registers/incidents.xml",
    page: "",
    title: |site| format!("{}: {}", site.config.title, site.words().say("feed.incidents")),
    holds: |_, page| ["incidents", "advisories"].iter().any(|register| page.front.kind.feeds(register)),
};

const STATUS: FeedScope = FeedScope {
    path: status::FEED,
    page: status::PAGE,
    title: status::status_title,
    holds: |site, page| {
        let is_work = status::maintenances(site).is_some_and(|register| register.lists(page, site.today));
        page.front.kind.feeds("incidents") && !page.front.data.flag(EXERCISE) || is_work
    },
};

/// The feeds, where `base_url` is set.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    let Some(base) = &site.config.base_url else { return Vec::new() };
    let registers = &site.registers;
    let some = !registers.incidents.list.is_empty() || !registers.advisories.list.is_empty();
    let scopes = [Some(&ALL), some.then_some(&INCIDENTS), site.config.status.as_ref().map(|_| &STATUS)];
    let feed = |scope: &'static FeedScope| {
        let base = base.clone();
        later(site, scope.path, move |site| feed(site, &base, scope))
    };
    scopes.into_iter().flatten().map(feed).collect()
}

fn feed(site: &Site, base: &str, scope: &FeedScope) -> String {
    let pages = site.pages.iter().filter(|page| (scope.holds)(site, &page.page));
    let head = FeedHead { path: scope.path, page: scope.page, title: (scope.title)(site) };
    document(site, base, &head, pages)
}

/// The feed of some pages of a register. `path` is that of the feed, `page` that of the register's page.
pub(super) fn of_pages(site: &Site, path: &str, title: &str, pages: &[PageId], page: &str) -> String {
    let base = site.config.base_url.as_deref().unwrap_or_default();
    let head = FeedHead { path, page, title: format!("{}: {title}", site.config.title) };
    document(site, base, &head, pages.iter().map(|id| site.page(*id)))
}

fn document<'a>(
    site: &'a Site,
    base: &str,
    head: &FeedHead<'_>,
    pages: impl Iterator<Item = &'a SitePage>,
) -> String {
    let entries = latest(pages);
    let updated = entries.first().map_or(NEVER, |(time, _)| time.as_str());
    let name = xml(&site.config.title);
    let title = xml(&head.title);
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
    let path = head.path;
    let page = site.config.addresses.written(head.page);
    // Two feeds must not have the same id. The feed of all pages has the base URL.
    let id = if path == ALL.path { base.clone() } else { format!("{base}{path}") };
    feed.push_str(&format!(
        "<id>{id}</id>\n\
        <link rel=\"alternate\" type=\"text/html\" href=\"{base}{page}\"/>\n\
        <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}{path}\"/>\n\
        <updated>{updated}</updated>\n\
        <author><name>{name}</name></author>\n\
        <generator>Opsbook</generator>\n"
    ));
    feed.extend(entries.iter().map(|(time, entry)| write(site, time, entry)));
    feed.push_str("</feed>\n");
    feed
}

/// A page, or one of its revisions.
struct FeedEntry<'a> {
    page: &'a SitePage,
    /// `None` if the page lists no revisions: the entry is then its last change.
    revision: Option<Revision>,
}

/// The latest entries, newest first, each with its time as RFC 3339.
fn latest<'a>(pages: impl Iterator<Item = &'a SitePage>) -> Vec<(String, FeedEntry<'a>)> {
    let pages = pages.filter(|page| !page.page.front.draft);
    let mut entries: Vec<(i64, FeedEntry<'_>)> = pages.flat_map(entries).collect();
    entries.sort_by_key(|(seconds, entry)| (Reverse(*seconds), entry.page.url.clone()));
    entries.truncate(ENTRIES);
    entries.into_iter().filter_map(|(seconds, entry)| Some((timestamp(seconds)?, entry))).collect()
}

/// The entries of a page, each with its time in seconds since 1970.
fn entries(page: &SitePage) -> Vec<(i64, FeedEntry<'_>)> {
    let revisions = revisions::read_revisions(&page.page.front.data);
    if revisions.is_empty() {
        let change = seconds(page).map(|seconds| (seconds, FeedEntry { page, revision: None }));
        return change.into_iter().collect();
    }
    let days: Vec<Date> = revisions.iter().map(|revision| revision.date).collect();
    let entry = |(at, revision): (usize, Revision)| {
        // A revision has only a day. Revisions of the same day are a second apart, so that no two entries of the page
        // have the same time.
        let earlier = days[..at].iter().filter(|day| **day == revision.date).count();
        let seconds = beginning(revision.date)? + earlier as i64;
        Some((seconds, FeedEntry { page, revision: Some(revision) }))
    };
    revisions.into_iter().enumerate().filter_map(entry).collect()
}

/// The time of the last change in seconds since 1970. Without history it is the start (UTC) of the `date` in the
/// front matter.
fn seconds(page: &SitePage) -> Option<i64> {
    let change = page.change.as_ref().map(|change| change.seconds);
    change.or_else(|| page.page.front.date.and_then(beginning))
}

/// The start of the day in UTC, in seconds since 1970.
fn beginning(day: Date) -> Option<i64> {
    utc::midnight(day).map(|midnight| midnight.as_second())
}

fn write(site: &Site, time: &str, FeedEntry { page, revision }: &FeedEntry<'_>) -> String {
    let url = absolute(site, &page.url).expect("a feed is made only where there is a base URL");
    let (title, id, summary) = match revision {
        Some(revision) => revision_texts(site, page, revision, &url),
        None => (page.page.title.clone(), url.clone(), page.page.description.clone()),
    };
    // Readers of a list of incidents must not take an exercise for one.
    let title = if page.page.front.data.flag(EXERCISE) {
        let t = site.strings.for_language(site.language(page));
        format!("{}: {title}", t.say("incident.exercise"))
    } else {
        title
    };
    let url = xml(&url);
    let mut entry = format!(
        "<entry>\n<title>{}</title>\n<id>{}</id>\n<link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>\n\
        <updated>{time}</updated>\n",
        xml(&title),
        xml(&id)
    );
    // The author of the last change may not be the author of this revision.
    let author = page.change.as_ref().and_then(|change| change.author.as_ref());
    if let Some(author) = author.filter(|_| revision.is_none()) {
        entry.push_str(&format!("<author><name>{}</name></author>\n", xml(author)));
    }
    for tag in &page.page.front.tags {
        entry.push_str(&format!("<category term=\"{}\"/>\n", xml(tag)));
    }
    if !summary.is_empty() {
        entry.push_str(&format!("<summary>{}</summary>\n", xml(&summary)));
    }
    entry.push_str("</entry>\n");
    entry
}

/// Title, id and summary of a revision. The id contains the permanent name of the page, so that the page may move. A
/// page without such a name has its URL in the id.
fn revision_texts(site: &Site, page: &SitePage, revision: &Revision, url: &str) -> (String, String, String) {
    let data = &page.page.front.data;
    // The title is in the language of the page, which may differ from that of the handbook.
    let t = site.strings.for_language(site.language(page));
    let wording = site.kinds.wording(&page.page.front.kind, &t.language);
    let (title, version) = (&page.page.title, &revision.version);
    let title = match &revision.state {
        Some(state) => {
            let state = wording.value("revisions.state", state);
            t.fill("feed.revision_state", &[("title", title), ("version", version), ("state", &state)])
        }
        None => t.fill("feed.revision", &[("title", title), ("version", version)]),
    };
    let version = encode(&revision.version);
    let id = match data.text("incident").or_else(|| data.text("id")) {
        Some(name) => {
            let base = url.strip_suffix(&*site.config.web_path(&page.url)).unwrap_or(url);
            format!("{base}#{}/{version}", encode(name))
        }
        None => format!("{url}#revision-{version}"),
    };
    (title, id, revision.summary.clone())
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
    fn each_revision_is_an_entry_of_its_own() {
        let text = "---\nincident: INC-1\nkind: rca\nreport_state: interim\nrevisions:\n\
            - {version: 1, date: 2026-11-20, state: preliminary, summary: First facts}\n\
            - {version: 2, date: 2026-11-20, state: interim, summary: A cause}\n---\n# Down\n";
        let site = |path| fixture::site(&[(path, text)], Some("https://example.org/x/"));
        let feed = fixture::text(&emit(&site("content/a.md")), "atom.xml");
        assert_eq!(feed.matches("<entry>").count(), 2, "{feed}");
        for wanted in [
            "<id>https://example.org/x/#INC-1/1</id>",
            "<id>https://example.org/x/#INC-1/2</id>",
            "<updated>2026-11-20T00:00:00Z</updated>",
            "<updated>2026-11-20T00:00:01Z</updated>",
            "<title>Down (revision 2, interim)</title>",
            "<summary>First facts</summary>",
        ] {
            assert!(feed.contains(wanted), "{wanted} in {feed}");
        }
        let own = fixture::text(&emit(&site("content/a.md")), "registers/incidents.xml");
        assert!(own.contains("<title>Handbook: incidents and advisories</title>"), "{own}");
        assert_eq!(own.matches("<entry>").count(), 2, "{own}");
        let moved = fixture::text(&emit(&site("content/b.md")), "atom.xml");
        assert!(moved.contains("<id>https://example.org/x/#INC-1/1</id>"), "a page may move: {moved}");
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
