//! Pages in a bundle: its age, and the removal of links that lead nowhere.
//!
//! This module owns which entries of a view are removed where a bundle contains only a part of the handbook.
//! Navigation is removed together with the pages that it leads to. Other links stay where the page is on the web,
//! and become text where it is not.

use std::sync::Arc;

use serde::Serialize;

use super::nav::PageLinks;
use super::{
    BacklinksView, CardView, ContentView, FactView, HomePageView, HomeView, LinkView, NavGroupView, NavView,
    PageBody, PageView, SidebarView, ValueView,
};
use crate::path::UrlPath;
use crate::site::Site;

/// The data that only pages of a bundle have.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BundleView {
    /// The day of its newest content, such as `2026-11-20`.
    pub date: String,
    /// The address of the handbook on the web.
    pub web: Option<String>,
    /// The scripts that search loads on first use, from the root: the engine, the index, the texts.
    pub scripts: Vec<String>,
}

pub(super) fn bundle(site: &Site) -> Option<BundleView> {
    let bundle = site.bundle.as_ref()?;
    let web = site.config.base_url.clone();
    Some(BundleView { date: bundle.date.to_string(), web, scripts: site.search_scripts() })
}

/// The home page of a bundle of some sections, with a card for each of them.
pub(super) fn sections(here: &PageLinks<'_>) -> HomeView {
    let bundle = here.site.bundle.as_ref();
    let sections = bundle.iter().flat_map(|bundle| &bundle.sections);
    HomeView {
        lead: String::new(),
        places: Vec::new(),
        rest: sections.map(|id| super::cards::card(here, *id)).collect(),
    }
}

/// The view without links that lead nowhere in this site.
pub(super) fn trimmed(site: &Site, view: PageView) -> PageView {
    if site.is_whole() {
        return view;
    }
    let inside = BundleBase(site.config.base_url.as_deref());
    PageView {
        nav: Arc::new(inside.sidebar(&view.nav)),
        breadcrumbs: view.breadcrumbs.into_iter().filter(|link| inside.has(&link.url)).collect(),
        body: inside.body(view.body),
        ..view
    }
}

/// The base URL of the handbook. An address that begins with it leads out of the bundle; those inside are relative.
struct BundleBase<'a>(Option<&'a str>);

impl BundleBase<'_> {
    fn has(&self, url: &str) -> bool {
        !url.is_empty() && self.0.is_none_or(|base| !url.starts_with(base))
    }

    fn body(&self, body: PageBody) -> PageBody {
        match body {
            PageBody::Content(content) => PageBody::Content(Box::new(self.content(*content))),
            // A bundle of some sections has no registers.
            PageBody::Home(page) => {
                let content = self.content(page.content);
                PageBody::Home(Box::new(HomePageView { content, register: None, ..*page }))
            }
            PageBody::Tags { listing } => PageBody::Tags { listing: self.cards(listing) },
            PageBody::Contents { contents } => PageBody::Contents { contents: self.entries(contents) },
            PageBody::Register { .. }
            | PageBody::Print { .. }
            | PageBody::File { .. }
            | PageBody::NotFound => body,
        }
    }

    fn content(&self, content: ContentView) -> ContentView {
        let facts = |facts: Vec<FactView>| facts.into_iter().map(fact).collect();
        ContentView {
            previous: content.previous.filter(|link| self.has(&link.url)),
            next: content.next.filter(|link| self.has(&link.url)),
            listing: self.cards(content.listing),
            tags: leading(content.tags),
            backlinks: content.backlinks.into_iter().filter_map(backlinks).collect(),
            strip: facts(content.strip),
            facts: facts(content.facts),
            relations: facts(content.relations),
            tables: facts(content.tables),
            responder: content.responder.map(|mut responder| {
                responder.line = facts(responder.line);
                if let Some(record) = &mut responder.record {
                    record.incidents.retain(|found| !found.link.url.is_empty());
                }
                responder
            }),
            incident: content.incident.map(|mut incident| {
                incident.before.retain(|seen| !seen.url.is_empty());
                incident.again.retain(|seen| !seen.url.is_empty());
                incident
            }),
            ..content
        }
    }

    fn cards(&self, cards: Vec<CardView>) -> Vec<CardView> {
        cards.into_iter().filter(|card| self.has(&card.url)).collect()
    }

    fn sidebar(&self, sidebar: &SidebarView) -> SidebarView {
        let (pages, menu) = (self.entries(sidebar.pages.clone()), self.entries(sidebar.menu.clone()));
        let groups = self.groups(sidebar.groups.clone());
        SidebarView { pages, groups, menu, more: 0, ..sidebar.clone() }
    }

    fn entries(&self, entries: Vec<NavView>) -> Vec<NavView> {
        let kept = entries.into_iter().filter(|entry| self.has(&entry.url));
        let entry = |entry: NavView| NavView {
            children: self.entries(entry.children),
            groups: self.groups(entry.groups),
            ..entry
        };
        kept.map(entry).collect()
    }

    fn groups(&self, groups: Vec<NavGroupView>) -> Vec<NavGroupView> {
        let mut kept = Vec::new();
        for group in groups {
            let pages = self.entries(group.pages);
            if !pages.is_empty() {
                kept.push(NavGroupView { count: pages.len() + group.more, pages, ..group });
            }
        }
        kept
    }
}

fn leading(links: Vec<LinkView>) -> Vec<LinkView> {
    links.into_iter().filter(|link| !link.url.is_empty()).collect()
}

fn backlinks(view: BacklinksView) -> Option<BacklinksView> {
    let links = leading(view.links);
    (!links.is_empty()).then_some(BacklinksView { links, ..view })
}

/// The same values, without empty links.
fn fact(fact: FactView) -> FactView {
    let plain = |value: ValueView| ValueView { url: value.url.filter(|url| !url.is_empty()), ..value };
    let plain = |values: Vec<ValueView>| values.into_iter().map(plain).collect::<Vec<_>>();
    FactView {
        values: plain(fact.values),
        rows: fact.rows.into_iter().map(|row| row.into_iter().map(plain).collect()).collect(),
        ..fact
    }
}

/// The URL of the home page.
pub(super) fn start(here: &PageLinks<'_>) -> String {
    here.url(&UrlPath::new(""))
}
