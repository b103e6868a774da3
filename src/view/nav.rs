//! Navigation: the page's own branch of the tree.
//!
//! This module owns the content of the sidebar, the breadcrumbs and the menu. They never show the whole tree, so
//! the size of a page does not depend on the number of pages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{LinkView, NavView, OutlineView, SidebarView, bundle};
use crate::kinds::{Kind, KindWording};
use crate::markdown::Heading;
use crate::path::{UrlPath, encode};
use crate::site::{FolderRole, PageId, Site, SitePage};
use crate::strings::Strings;

/// The most children of one section that the sidebar shows.
const MOST_CHILDREN: usize = 40;
/// The step of the window in larger sections. Neighbouring pages show the same window, so that they can share a
/// sidebar.
const STEP: usize = MOST_CHILDREN / 2;
/// The most sections that the menu shows.
const MOST_MENU: usize = 8;

/// Writes URLs and texts for one page.
pub(super) struct PageLinks<'a> {
    pub site: &'a Site,
    /// The path from the page to the site's root: `../../`, or empty on the home page.
    pub up: String,
    /// The texts of the program on the page.
    pub t: &'a Strings,
    /// The language of the frame: of everything around the page's content.
    pub frame: &'a str,
}

impl PageLinks<'_> {
    /// For a page that no author wrote, in the handbook's language.
    pub fn new<'a>(site: &'a Site, url: &UrlPath) -> PageLinks<'a> {
        PageLinks::in_language(site, url, &site.config.language)
    }

    /// For a page of content, in its own language.
    pub fn for_page(site: &Site, page: PageId) -> PageLinks<'_> {
        let page = site.page(page);
        PageLinks::in_language(site, &page.url, site.language(page))
    }

    fn in_language<'a>(site: &'a Site, url: &UrlPath, language: &'a str) -> PageLinks<'a> {
        let up = "../".repeat(url.written(site.addresses()).as_str().matches('/').count());
        PageLinks { site, up, t: site.strings.for_language(language), frame: site.strings.frame(language) }
    }

    /// The language of a page, if it differs from that of the frame and must be marked.
    pub fn lang(&self, page: &SitePage) -> Option<String> {
        let language = self.site.language(page);
        (!language.eq_ignore_ascii_case(self.frame)).then(|| language.to_owned())
    }

    /// The names of a kind, its fields and their values.
    pub fn wording<'a>(&'a self, kind: &'a Kind) -> KindWording<'a> {
        self.site.kinds.wording(kind, &self.t.language)
    }

    /// The relative URL of anything in the site.
    pub fn url(&self, target: &UrlPath) -> String {
        self.site.address(&self.up, &target.encoded())
    }

    /// The address of a page as it writes it itself.
    pub fn own(&self, url: &UrlPath) -> String {
        self.site.relative(url, url)
    }

    /// The address of the Markdown beside a page, as the page writes it.
    pub fn markdown(&self, url: &UrlPath) -> String {
        self.site.relative(url, &self.site.addresses().markdown_file(url))
    }

    /// The relative URL of a page.
    pub fn page(&self, page: &SitePage) -> String {
        self.site.address(&self.up, &page.encoded)
    }

    pub fn link(&self, id: PageId) -> LinkView {
        let page = self.site.page(id);
        LinkView { title: page.name.full.to_string(), url: self.page(page), lang: self.lang(page) }
    }

    /// The breadcrumbs of a branch, from the home page to this page, with the names of the sidebar.
    pub fn breadcrumbs(&self, branch: &[PageId]) -> Vec<LinkView> {
        let crumb =
            |id: &PageId| LinkView { title: self.site.page(*id).name.short.to_string(), ..self.link(*id) };
        branch.iter().map(crumb).collect()
    }

    /// The sidebar: the children of the home page, and those of every page on the branch.
    pub fn sidebar(&self, branch: &[PageId]) -> SidebarView {
        let (pages, more) = match branch.split_first() {
            Some((home, beneath)) => self.level(*home, beneath, branch),
            None => (Vec::new(), 0),
        };
        SidebarView {
            pages,
            more,
            menu: self.menu(branch),
            start: bundle::start(self),
            root: self.up.clone(),
            frame: self.frame.to_owned(),
            registers: Vec::new(),
        }
    }

    /// The sections of the home page.
    fn menu(&self, branch: &[PageId]) -> Vec<NavView> {
        let Some(home) = self.site.pages.first() else { return Vec::new() };
        let children = self.site.listed_children(home);
        let sections = children.iter().filter(|id| self.site.page(**id).section != FolderRole::No);
        sections.take(MOST_MENU).map(|id| self.entry(*id, branch)).collect()
    }

    fn level(&self, parent: PageId, beneath: &[PageId], branch: &[PageId]) -> (Vec<NavView>, usize) {
        let children = &self.site.listed_children(self.site.page(parent));
        let first = beneath.first().map_or(0, |next| first_shown(children, *next));
        let shown = &children[first..children.len().min(first + MOST_CHILDREN)];
        let entry = |id: &PageId| {
            let mut entry = self.entry(*id, branch);
            if beneath.first() == Some(id) {
                (entry.children, entry.more) = self.level(*id, &beneath[1..], branch);
            }
            entry
        };
        (shown.iter().map(entry).collect(), children.len() - shown.len())
    }

    /// The entry of a page without its children; `branch` leads to the page that shows it.
    pub fn entry(&self, id: PageId, branch: &[PageId]) -> NavView {
        let page = self.site.page(id);
        // An entry of a shared sidebar must not depend on which of its pages is the current one.
        let own = branch.last() == Some(&id);
        NavView {
            title: page.name.short.to_string(),
            date: page.name.has_namesake.then(|| shown_date(page)).flatten(),
            url: self.page(page),
            lang: self.lang(page),
            open: branch.contains(&id) && !own,
            section: !page.children.is_empty() && !own,
            children: Vec::new(),
            more: 0,
        }
    }
}

/// The index of the first child that the sidebar shows where the child `open` is on the branch.
fn first_shown(children: &[PageId], open: PageId) -> usize {
    let at = children.iter().position(|id| *id == open).unwrap_or(0);
    let first = (at / STEP * STEP).saturating_sub(STEP / 2);
    first.min(children.len().saturating_sub(MOST_CHILDREN))
}

/// Sidebars that many pages share, each made once.
#[derive(Default)]
pub(super) struct SharedSidebars<'a> {
    known: Mutex<HashMap<SidebarKey<'a>, Arc<SidebarView>>>,
}

/// Everything that the sidebar of a page without children depends on.
#[derive(PartialEq, Eq, Hash)]
struct SidebarKey<'a> {
    parent: PageId,
    first: usize,
    /// The length of the path to the root, which all URLs begin with.
    up: usize,
    frame: &'a str,
}

impl<'a> SharedSidebars<'a> {
    /// The sidebar of the page that the branch leads to.
    pub fn sidebar(&self, here: &PageLinks<'a>, branch: &[PageId]) -> Arc<SidebarView> {
        let [.., parent, page] = branch else { return Arc::new(here.sidebar(branch)) };
        if !here.site.page(*page).children.is_empty() {
            return Arc::new(here.sidebar(branch));
        }
        let first = first_shown(&here.site.listed_children(here.site.page(*parent)), *page);
        let place = SidebarKey { parent: *parent, first, up: here.up.len(), frame: here.frame };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(place).or_insert_with(|| Arc::new(here.sidebar(branch))))
    }
}

/// The headings of level 2, each with those of level 3 below it.
pub(super) fn outline(headings: &[Heading], lang: Option<&str>) -> Vec<OutlineView> {
    let mut outline: Vec<OutlineView> = Vec::new();
    for heading in
        headings.iter().filter(|heading| matches!(heading.level, 2 | 3) && !heading.text.is_empty())
    {
        let url = format!("#{}", encode(&heading.id));
        let entry = OutlineView { title: heading.text.clone(), url, lang: None, children: Vec::new() };
        match outline.last_mut() {
            Some(last) if heading.level == 3 => last.children.push(entry),
            _ => outline.push(OutlineView { lang: lang.map(str::to_owned), ..entry }),
        }
    }
    outline
}

/// The page and the sections above it, the home page first.
pub(super) fn branch(site: &Site, id: PageId) -> Vec<PageId> {
    let mut branch = vec![id];
    while let Some(parent) = site.page(branch[branch.len() - 1]).parent {
        branch.push(parent);
    }
    branch.reverse();
    branch
}

/// The date of the page, such as `2026-11-21`.
pub(super) fn shown_date(page: &SitePage) -> Option<String> {
    page.page.front.date.map(|date| date.to_string())
}
