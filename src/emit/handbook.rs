//! `handbook.json`: the whole handbook for programs. It has every page with its parent, fields and outline.
//!
//! URLs are relative to the file itself, so the data works wherever the site is hosted.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::later;
use super::text::{changed, id, markdown_url};
use crate::kinds::{Record, TypedValue};
use crate::output::Output;
use crate::site::{FolderRole, PageId, Site, SitePage};

/// The version of the format. It is raised when a field changes its meaning or is removed, not when one is added.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct HandbookHead<'a> {
    format: u32,
    title: &'a str,
    description: &'a str,
    language: &'a str,
    license: Option<&'a str>,
    base_url: Option<&'a str>,
}

#[derive(Serialize)]
struct PageJson<'a> {
    id: &'a str,
    /// Relative to this file, percent-encoded.
    url: String,
    title: &'a str,
    description: &'a str,
    kind: &'a str,
    owner: Option<&'a str>,
    tags: &'a [String],
    language: &'a str,
    /// `YYYY-MM-DD`, from front matter.
    date: Option<String>,
    status: Option<&'a str>,
    /// `YYYY-MM-DD`, from front matter.
    reviewed: Option<String>,
    /// All other fields of the page's kind and of all kinds, including a permanent `id`.
    fields: BTreeMap<&'a str, FieldJson<'a>>,
    /// The id of the section that the page belongs to.
    parent: Option<&'a str>,
    section: bool,
    /// The path of the source file, relative to the handbook's root. `None` for a listing, which has no file.
    source: Option<&'a str>,
    markdown: Option<String>,
    /// The time of the last change, as RFC 3339 in UTC.
    changed: Option<String>,
    outline: Vec<HeadingJson<'a>>,
}

/// The value of a field. Times are RFC 3339 in UTC, numbers are texts as written.
#[derive(Serialize)]
#[serde(untagged)]
enum FieldJson<'a> {
    Text(&'a str),
    Made(String),
    Flag(bool),
    List(Vec<FieldJson<'a>>),
    Record(BTreeMap<&'a str, FieldJson<'a>>),
}

/// Fields that are not in `fields`: they have a key of their own in the entry, or only the engine reads them.
const ELSEWHERE: &[&str] = &[
    "title",
    "nav_title",
    "description",
    "kind",
    "owner",
    "tags",
    "weight",
    "order",
    "slug",
    "aliases",
    "date",
    "draft",
    "language",
    "rules",
    "cascade",
    "status",
    "reviewed",
];

fn value(typed: &TypedValue) -> FieldJson<'_> {
    match typed {
        TypedValue::Text(text) | TypedValue::Number(text) => FieldJson::Text(text),
        TypedValue::Flag(flag) => FieldJson::Flag(*flag),
        TypedValue::Date(date) => FieldJson::Made(date.to_string()),
        TypedValue::Time(moment) => FieldJson::Made(moment.timestamp.to_string()),
        TypedValue::Period(period) => FieldJson::Made(period.written()),
        TypedValue::List(items) => FieldJson::List(items.iter().map(value).collect()),
        TypedValue::Record(record) => FieldJson::Record(fields(record, &[])),
    }
}

fn fields<'a>(record: &'a Record, without: &[&str]) -> BTreeMap<&'a str, FieldJson<'a>> {
    let known = record.iter().filter(|(name, _)| !without.contains(name));
    known.map(|(name, typed)| (name, value(typed))).collect()
}

#[derive(Serialize)]
struct HeadingJson<'a> {
    level: u8,
    id: &'a str,
    text: &'a str,
}

/// The description of all pages.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    vec![later(site, "handbook.json", text)]
}

fn text(site: &Site) -> String {
    let config = &site.config;
    let head = HandbookHead {
        format: FORMAT,
        title: &config.title,
        description: &config.description,
        language: &config.language,
        license: config.license.as_deref(),
        base_url: config.base_url.as_deref(),
    };
    let numbered: Vec<(PageId, &SitePage)> = site.ids().collect();
    let pages: Vec<String> = numbered.par_iter().map(|(id, page)| json(&entry(site, *id, page))).collect();
    // The pages are serialized in parallel, so their texts are appended to the object here, one on each line.
    let head = json(&head);
    let head = head.strip_suffix('}').unwrap_or(&head);
    format!("{head},\"pages\":[{}]}}\n", pages.join(",\n"))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings, numbers and lists are always JSON")
}

fn entry<'a>(site: &'a Site, number: PageId, page: &'a SitePage) -> PageJson<'a> {
    let front = &page.page.front;
    let heading = |heading: &'a crate::markdown::Heading| HeadingJson {
        level: heading.level,
        id: &heading.id,
        text: &heading.text,
    };
    PageJson {
        id: id(&page.url),
        url: site.config.web_path(&page.url),
        title: &page.page.title,
        description: &page.page.description,
        kind: front.kind(),
        owner: front.owner.as_deref(),
        tags: &front.tags,
        language: site.language(page),
        date: front.date.map(|date| date.to_string()),
        status: front.data.text("status"),
        reviewed: front.data.date("reviewed").map(|date| date.to_string()),
        fields: fields(&site.page(number).page.front.data, ELSEWHERE),
        parent: page.parent.map(|parent| id(&site.page(parent).url)),
        section: page.section != FolderRole::No,
        source: (page.section != FolderRole::Listing).then(|| page.page.file.as_str()),
        markdown: markdown_url(site, page).map(|url| url.encoded()),
        changed: changed(page),
        outline: page.page.document.outline.iter().map(heading).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn fields_of_the_kind_are_data() {
        let text = "---\nkind: rca\nid: INC-7\nstatus: stable\nseverity: SEV2\nstarted: 2026-01-02T03:00+01:00\n\
            services: [A, B]\nactions: [{text: Do, due: 2026-02-03}]\nreview_every: 6m\n---\n";
        let site = fixture::site(&[("content/a.md", text)], None);
        let json: serde_json::Value =
            serde_json::from_str(&fixture::text(&emit(&site), "handbook.json")).unwrap();
        let page = &json["pages"][1];
        assert_eq!(page["status"], "stable");
        let want = serde_json::json!({
            "id": "INC-7", "severity": "SEV2", "started": "2026-01-02T02:00:00Z", "services": ["A", "B"],
            "actions": [{"text": "Do", "due": "2026-02-03"}], "review_every": "6m", "exercise": false, "trigger": "incident",
        });
        assert_eq!(page["fields"], want);
    }

    #[test]
    fn every_page_is_there_with_its_fields_and_outline() {
        let text = "---\nkind: runbook\nowner: Storage\ntags: [ceph]\ndate: 2026-01-02\n---\n# Title\n\nLead.\n\n## Sub\n";
        let site = fixture::site(&[("content/a/b.md", text)], None);
        let json: serde_json::Value =
            serde_json::from_str(&fixture::text(&emit(&site), "handbook.json")).unwrap();
        let pages = json["pages"].as_array().unwrap();
        let ids: Vec<&str> = pages.iter().map(|page| page["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["home", "a", "a/b"]);
        let page = &pages[2];
        assert_eq!((&page["url"], &page["parent"]), (&"a/b/".into(), &"a".into()));
        assert_eq!(
            (&page["kind"], &page["owner"], &page["date"]),
            (&"runbook".into(), &"Storage".into(), &"2026-01-02".into())
        );
        assert_eq!(page["outline"], serde_json::json!([{"level": 2, "id": "sub", "text": "Sub"}]));
        assert_eq!(
            (&page["source"], &page["changed"]),
            (&"content/a/b.md".into(), &"1970-01-01T00:00:00Z".into())
        );
        assert_eq!((&pages[1]["source"], &pages[1]["section"]), (&serde_json::Value::Null, &true.into()));
    }
}
