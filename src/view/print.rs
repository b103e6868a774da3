//! A section as one long page, for paper and for those who must read all of it.
//!
//! Owns which pages stand on it and where their links lead: to a place on the same page where that page is on it. Ids are
//! made unique by `render`, by the prefix that each part has.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::fields::{FactView, facts};
use super::href::{Href, href};
use super::nav::PageLinks;
use super::{ChangeView, LinkView, OutlineView, PageView};
use crate::memo::Digest;
use crate::path::{UrlPath, encode, heading_id};
use crate::site::{FolderRole, PageId, Site, SitePage, Target};

/// One page on the long one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PrintedPage {
    pub page: PageId,
    /// The id of its title, and the prefix of all ids in it.
    pub id: String,
    pub hrefs: Vec<Href>,
    content: Digest,
}

/// What is shown of a page besides its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PrintedView {
    pub id: String,
    pub title: String,
    /// The language of the page, where it is not that of the frame.
    pub lang: Option<String>,
    /// What it says of itself: owner, version, approval.
    pub facts: Vec<FactView>,
    pub changed: Option<ChangeView>,
}

/// The sections that the handbook wants to be printed and this site has.
pub(super) fn sections(site: &Site) -> Vec<PageId> {
    site.ids().filter(|(_, page)| is_printed(site, page)).map(|(id, _)| id).collect()
}

fn is_printed(site: &Site, page: &SitePage) -> bool {
    let url = page.url.as_str().trim_matches('/');
    let settings = site.config.print.iter().flat_map(|sections| &sections.names);
    let named = || settings.clone().chain(&site.config.print_too);
    let wanted = || named().any(|name| name.trim_matches('/') == url);
    page.section != FolderRole::No && page.parent.is_some() && wanted() && site.holds(&page.encoded)
}

/// The address of the long page of a section.
pub(super) fn url(site: &Site, section: PageId) -> UrlPath {
    UrlPath::new(format!("{}print/", site.page(section).url.as_str()))
}

/// The way from a page to its long form, where it has one.
pub(super) fn link(here: &PageLinks<'_>, id: PageId) -> Option<String> {
    is_printed(here.site, here.site.page(id)).then(|| here.url(&url(here.site, id)))
}

/// The pages of a section, in reading order.
pub(super) fn parts(site: &Site, section: PageId) -> Vec<PrintedPage> {
    let top = site.page(section).url.as_str();
    let pages: Vec<(PageId, &SitePage)> =
        site.ids().filter(|(_, page)| page.url.as_str().starts_with(top)).collect();
    let mut taken = BTreeSet::new();
    let mut names = BTreeMap::new();
    for (id, page) in &pages {
        names.insert(*id, name(page, top, &mut taken));
    }
    let from = url(site, section);
    let part = |(id, page): &(PageId, &SitePage)| PrintedPage {
        page: *id,
        id: names[id].clone(),
        hrefs: page.resolved.targets.iter().map(|target| lead(site, &from, &names, target)).collect(),
        content: page.page.digest,
    };
    pages.iter().map(part).collect()
}

/// `page-ceph-osd-down`: without two hyphens in a row, which part a page's name from an id in it.
fn name(page: &SitePage, top: &str, taken: &mut BTreeSet<String>) -> String {
    let way = page.url.as_str().strip_prefix(top).unwrap_or_default().replace('/', " ");
    let own = if way.trim().is_empty() { page.url.last_segment() } else { way.trim() };
    let words = heading_id(own);
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    let wanted = format!("page-{}", words.join("-"));
    let numbered = (2..).map(|number| format!("{wanted}-{number}"));
    let free = std::iter::once(wanted.clone()).chain(numbered).find(|name| !taken.contains(name));
    let free = free.expect("there are more numbers than pages");
    taken.insert(free.clone());
    free
}

/// Where a link leads: with `#/` to a place on the long page.
fn lead(site: &Site, from: &UrlPath, names: &BTreeMap<PageId, String>, target: &Target) -> Href {
    let Target::Page { page, anchor } = target else { return href(site, from, target) };
    let Some(name) = names.get(page) else { return href(site, from, target) };
    let title = site.page(*page).page.document.title.as_ref().map(|heading| heading.id.as_str());
    let anchor = anchor.as_deref().filter(|anchor| Some(*anchor) != title);
    let place = anchor.map(|anchor| format!("--{}", encode(anchor))).unwrap_or_default();
    Href::To { url: format!("#/{}{place}", encode(name)), size: None }
}

/// Fills a view with the pages of a section.
pub(super) fn fill(here: &PageLinks<'_>, section: PageId, parts: &[PrintedPage], view: PageView) -> PageView {
    let site = here.site;
    let page = |part: &PrintedPage| site.page(part.page);
    let shown = |part: &PrintedPage| PrintedView {
        id: part.id.clone(),
        title: page(part).page.title.clone(),
        lang: here.lang(page(part)),
        facts: facts(here, part.page),
        changed: page(part).change.as_ref().map(super::pages::change),
    };
    let back = here.link(section);
    PageView {
        canonical: None,
        description: site.page(section).page.description.clone(),
        breadcrumbs: vec![here.link(PageId(0)), back.clone(), LinkView::new(here.t.say("print.all"), "./")],
        outline: parts.iter().map(|part| outline(here, part, page(part))).collect(),
        diagrams: parts.iter().any(|part| page(part).page.document.diagrams > 0),
        tabs: parts.iter().any(|part| page(part).page.document.tabs > 0),
        printed: parts.iter().map(shown).collect(),
        print: Some(back.url),
        ..view
    }
}

fn outline(here: &PageLinks<'_>, part: &PrintedPage, page: &SitePage) -> OutlineView {
    let second =
        page.page.document.outline.iter().filter(|heading| heading.level == 2 && !heading.text.is_empty());
    let entry = |title: &str, place: &str| OutlineView {
        title: title.to_owned(),
        url: format!("#{}{place}", encode(&part.id)),
        lang: None,
        children: Vec::new(),
    };
    let children =
        second.map(|heading| entry(&heading.text, &format!("--{}", encode(&heading.id)))).collect();
    OutlineView { children, lang: here.lang(page), ..entry(&page.page.title, "") }
}
