//! A page's own branch of the tree.
//!
//! Owns what the sidebar, the breadcrumbs and the menu hold. The whole tree is never shown: a page's size
//! does not depend on the number of pages.

use super::{LinkView, NavView, OutlineView};
use crate::kinds::{Kind, Wording};
use crate::markdown::Heading;
use crate::path::{UrlPath, encode};
use crate::site::{PageId, Section, Site, SitePage};
use crate::strings::Strings;

/// At most this many children of one section are shown in the sidebar.
const MOST_CHILDREN: usize = 40;
/// At most this many sections are shown in the menu.
const MOST_MENU: usize = 8;

/// URLs and words as one page writes them.
pub(super) struct Here<'a> {
    pub site: &'a Site,
    /// From the page to the site's root: `../../`, or empty on the home page.
    pub up: String,
    /// What the program says on the page.
    pub t: &'a Strings,
    /// The language of what stands around the page's content.
    pub frame: &'a str,
}

impl Here<'_> {
    /// A page that no author wrote, in the handbook's language.
    pub fn new<'a>(site: &'a Site, url: &UrlPath) -> Here<'a> {
        Here::within(site, url, &site.config.language)
    }

    /// A page of content, in its own language.
    pub fn on(site: &Site, page: PageId) -> Here<'_> {
        let page = site.page(page);
        Here::within(site, &page.url, site.language(page))
    }

    fn within<'a>(site: &'a Site, url: &UrlPath, language: &'a str) -> Here<'a> {
        let up = "../".repeat(url.as_str().matches('/').count());
        Here { site, up, t: site.strings.of(language), frame: site.strings.frame(language) }
    }

    /// The language of a page, where what is said of it must be marked as in another one.
    pub fn lang(&self, page: &SitePage) -> Option<String> {
        let language = self.site.language(page);
        (!language.eq_ignore_ascii_case(self.frame)).then(|| language.to_owned())
    }

    /// What a kind of page is called, with its fields and their values.
    pub fn wording<'a>(&'a self, kind: &'a Kind) -> Wording<'a> {
        self.site.kinds.wording(kind, &self.t.language)
    }

    /// The relative URL of anything in the site.
    pub fn url(&self, target: &UrlPath) -> String {
        self.site.address(&self.up, &target.encoded())
    }

    /// The relative URL of a page.
    pub fn page(&self, page: &SitePage) -> String {
        self.site.address(&self.up, &page.encoded)
    }

    pub fn link(&self, id: PageId) -> LinkView {
        let page = self.site.page(id);
        LinkView { title: page.page.title.clone(), url: self.page(page), lang: self.lang(page) }
    }

    /// Home first, this page last.
    pub fn breadcrumbs(&self, branch: &[PageId]) -> Vec<LinkView> {
        branch.iter().map(|id| self.link(*id)).collect()
    }

    /// The sections of the home page.
    pub fn menu(&self, branch: &[PageId]) -> Vec<NavView> {
        let Some(home) = self.site.pages.first() else { return Vec::new() };
        let sections = home.children.iter().filter(|id| self.site.page(**id).section != Section::No);
        sections.take(MOST_MENU).map(|id| self.entry(*id, branch)).collect()
    }

    /// The children of the home page, and beneath them those of every page on the branch.
    /// With it comes how many children of the home page are left out.
    pub fn nav(&self, branch: &[PageId]) -> (Vec<NavView>, usize) {
        let Some((home, beneath)) = branch.split_first() else { return (Vec::new(), 0) };
        self.level(*home, beneath, branch)
    }

    fn level(&self, parent: PageId, beneath: &[PageId], branch: &[PageId]) -> (Vec<NavView>, usize) {
        let children = &self.site.page(parent).children;
        let open = beneath.first().and_then(|next| children.iter().position(|id| id == next));
        let first = open
            .map_or(0, |at| at.saturating_sub(MOST_CHILDREN / 2))
            .min(children.len().saturating_sub(MOST_CHILDREN));
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

    /// A page with nothing beneath it; `branch` leads to the page that shows it.
    pub fn entry(&self, id: PageId, branch: &[PageId]) -> NavView {
        let page = self.site.page(id);
        NavView {
            title: short_title(page).to_owned(),
            url: self.page(page),
            lang: self.lang(page),
            current: branch.last() == Some(&id),
            open: branch.contains(&id),
            section: !page.children.is_empty(),
            children: Vec::new(),
            more: 0,
        }
    }
}

/// Headings of level 2, with those of level 3 beneath them.
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

/// The page and the sections above it, home first.
pub(super) fn branch(site: &Site, id: PageId) -> Vec<PageId> {
    let mut branch = vec![id];
    while let Some(parent) = site.page(branch[branch.len() - 1]).parent {
        branch.push(parent);
    }
    branch.reverse();
    branch
}

fn short_title(page: &SitePage) -> &str {
    page.page.front.nav_title.as_deref().unwrap_or(&page.page.title)
}
