//! Navigation: the page's own branch of the tree.
//!
//! This module owns the content of the sidebar, the breadcrumbs and the menu. They never show the whole tree, so
//! the size of a page does not depend on the number of pages.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::{LinkView, NavGroupView, NavView, OutlineView, SidebarView, bundle};
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
/// The most pages of a group that does not contain the current page.
const MOST_FOLDED: usize = 12;
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

    /// The URL of an owner's page, by any spelling of the name; none where the site has no register of owners.
    pub fn owner(&self, name: &str) -> Option<String> {
        let registers = &self.site.registers;
        let url = registers.owners.page_of(&registers.people, name).filter(|_| self.site.is_whole())?;
        Some(self.url(&url))
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
        let level = match branch.split_first() {
            Some((home, beneath)) => self.level(*home, beneath, branch),
            None => NavLevel::default(),
        };
        SidebarView {
            pages: level.pages,
            groups: level.groups,
            more: level.more,
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

    fn level(&self, parent: PageId, beneath: &[PageId], branch: &[PageId]) -> NavLevel {
        let section = self.site.page(parent);
        let open = beneath.first().copied();
        let groups = self.site.groups(section, &self.t.language);
        if groups.is_empty() {
            let children = self.site.listed_children(section);
            let shown = window(&children, open);
            let pages = self.entries(&children[shown.clone()], beneath, branch);
            return NavLevel { pages, groups: Vec::new(), more: children.len() - shown.len() };
        }
        let mut level = NavLevel::default();
        for group in groups {
            let is_open = open.is_some_and(|open| group.pages.contains(&open));
            let shown = if is_open || group.title.is_empty() {
                window(&group.pages, open)
            } else {
                0..group.pages.len().min(MOST_FOLDED)
            };
            let pages = self.entries(&group.pages[shown.clone()], beneath, branch);
            let (count, more) = (group.pages.len(), group.pages.len() - shown.len());
            if group.title.is_empty() {
                level.pages = pages;
                level.more = more;
            } else {
                level.groups.push(NavGroupView { title: group.title, open: is_open, count, pages, more });
            }
        }
        level
    }

    /// The entries of pages, with the children of the one on the branch.
    fn entries(&self, pages: &[PageId], beneath: &[PageId], branch: &[PageId]) -> Vec<NavView> {
        let mut entries = Vec::new();
        for id in pages {
            let mut entry = self.entry(*id, branch);
            if beneath.first() == Some(id) {
                let level = self.level(*id, &beneath[1..], branch);
                (entry.children, entry.groups, entry.more) = (level.pages, level.groups, level.more);
            }
            entries.push(entry);
        }
        entries
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
            pages: page.descendants,
            kind: self.kind_of_section(page),
            children: Vec::new(),
            groups: Vec::new(),
            more: 0,
        }
    }
}

impl PageLinks<'_> {
    /// The kind of a child of the home page, or of its first page where its own is a plain one.
    fn kind_of_section(&self, page: &SitePage) -> String {
        if page.parent != Some(PageId(0)) {
            return String::new();
        }
        let plain = &self.site.kinds.plain().name;
        let first = page.children.first().map(|first| self.site.page(*first).page.front.kind());
        let own = page.page.front.kind();
        if own == plain { first.unwrap_or(own) } else { own }.to_owned()
    }
}

/// The children of a section in the sidebar.
#[derive(Default)]
struct NavLevel {
    /// Those in no group.
    pages: Vec<NavView>,
    groups: Vec<NavGroupView>,
    /// The number of those in no group that are not shown.
    more: usize,
}

/// The children that the sidebar shows where the child `open` is on the branch.
fn window(children: &[PageId], open: Option<PageId>) -> Range<usize> {
    let index = open.and_then(|open| children.iter().position(|id| *id == open)).unwrap_or(0);
    let first =
        (index / STEP * STEP).saturating_sub(STEP / 2).min(children.len().saturating_sub(MOST_CHILDREN));
    first..children.len().min(first + MOST_CHILDREN)
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
    /// The index of the open group.
    group: Option<usize>,
    /// The index of the first page that is shown, in the open group or among all children.
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
        let section = here.site.page(*parent);
        let groups = here.site.groups(section, &here.t.language);
        let group = groups.iter().position(|group| group.pages.contains(page));
        let first = match group {
            Some(group) => window(&groups[group].pages, Some(*page)).start,
            None => window(&here.site.listed_children(section), Some(*page)).start,
        };
        let place = SidebarKey { parent: *parent, group, first, up: here.up.len(), frame: here.frame };
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
