//! A section as one long page, for printing or for reading as a whole.
//!
//! This module owns the choice of pages and the targets of their links: a link to a page on the same long page
//! leads to its position there. `render` makes ids unique with the prefix of each part.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::fields::{FactView, facts};
use super::href::{Href, href};
use super::nav::PageLinks;
use super::page_frame::{at_home, frame};
use super::{ChangeView, LinkView, OutlineView, PageBody, PageView};
use crate::memo::Digest;
use crate::path::{UrlPath, encode, heading_id};
use crate::site::{FolderRole, PageId, Site, SitePage, Target};

/// One page on a long page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PrintedPage {
    pub page: PageId,
    /// The id of its title and the prefix of all ids in it.
    pub id: String,
    pub hrefs: Vec<Href>,
    content: Digest,
}

/// The data about a page on a long page, apart from its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PrintedView {
    pub id: String,
    pub title: String,
    /// The language of the page, where it is not that of the frame.
    pub lang: Option<String>,
    /// Its fields: owner, version, approval.
    pub facts: Vec<FactView>,
    pub changed: Option<ChangeView>,
}

/// The sections to print according to the settings, as far as this site has them.
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

/// The URL of the long page of a section.
pub(super) fn url(site: &Site, section: PageId) -> UrlPath {
    UrlPath::new(format!("{}print/", site.page(section).url.as_str()))
}

/// The URL of a page's long form, if it has one.
pub(super) fn link(here: &PageLinks<'_>, id: PageId) -> Option<String> {
    is_printed(here.site, here.site.page(id)).then(|| here.url(&url(here.site, id)))
}

/// The pages of a section, in reading order.
pub(super) fn printed_pages(site: &Site, section: PageId) -> Vec<PrintedPage> {
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

/// A unique id for a page, such as `page-ceph-osd-down`. It contains no double hyphen, because that separates it
/// from the ids within the page.
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

/// The target of a link. A position on the long page begins with `#/`.
fn lead(site: &Site, from: &UrlPath, names: &BTreeMap<PageId, String>, target: &Target) -> Href {
    let Target::Page { page, anchor } = target else { return href(site, from, target) };
    let Some(name) = names.get(page) else { return href(site, from, target) };
    let title = site.page(*page).page.document.title.as_ref().map(|heading| heading.id.as_str());
    let anchor = anchor.as_deref().filter(|anchor| Some(*anchor) != title);
    let place = anchor.map(|anchor| format!("--{}", encode(anchor))).unwrap_or_default();
    Href::To { url: format!("#/{}{place}", encode(name)), size: None }
}

/// The long page of a section.
pub(super) fn view(here: &PageLinks<'_>, section: PageId, parts: &[PrintedPage]) -> PageView {
    let site = here.site;
    let page = |part: &PrintedPage| site.page(part.page);
    let shown = |part: &PrintedPage| PrintedView {
        id: part.id.clone(),
        title: page(part).page.title.clone(),
        lang: here.lang(page(part)),
        facts: facts(here, part.page),
        changed: page(part).change.as_ref().map(super::times::change),
    };
    let back = here.link(section);
    let body = PageBody::Print { printed: parts.iter().map(shown).collect(), print: back.url.clone() };
    let (title, url) = (&site.page(section).page.title, url(site, section));
    PageView {
        canonical: None,
        description: site.page(section).page.description.clone(),
        breadcrumbs: vec![here.link(PageId(0)), back, LinkView::new(here.t.say("print.all"), "./")],
        outline: parts.iter().map(|part| outline(here, part, page(part))).collect(),
        diagrams: parts.iter().any(|part| page(part).page.document.diagrams > 0),
        tabs: parts.iter().any(|part| page(part).page.document.tabs > 0),
        ..frame(here, at_home(here), title, &url, body)
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
