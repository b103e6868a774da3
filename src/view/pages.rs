//! Which HTML pages there are, and what each shows.
//!
//! Owns the way from the assembled site to views: content pages, tags, the search page, the page for what is
//! not found. Must not know templates beyond their names.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::contents::contents;
use super::nav::{Here, branch};
use super::{CardView, ChangeView, LinkView, OutlineView, PageView, SiteView};
use super::{advisory, incident, moments};
use crate::markdown::Heading;
use crate::memo::{Digest, Memo};
use crate::page::revisions;
use crate::path::{UrlPath, encode};
use crate::site::{Change, PageId, Section, Site, SitePage, Target, Term};

/// At most this many backlinks are shown.
const MOST_BACKLINKS: usize = 50;

/// What of the outside world a page shows.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Theme assets: `style.css` → `assets/style.3f2a….css`.
    pub assets: BTreeMap<String, String>,
    /// Whether this is a preview by `opsbook serve`.
    pub preview: bool,
}

/// An HTML page to be rendered.
#[derive(Debug)]
pub struct Job {
    /// The file in the output.
    pub path: String,
    pub template: &'static str,
    pub view: PageView,
    /// The content, where the page has any.
    pub page: Option<PageId>,
    /// Where each link of the content leads, relative to this page.
    pub hrefs: Vec<Href>,
    /// The digest of all of it, and of the content.
    pub digest: Digest,
}

/// A resolved link as the page writes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Href {
    To { url: String, size: Option<(u32, u32)> },
    Broken,
}

/// What every page shows.
pub fn site_view(site: &Site, settings: &Settings) -> SiteView {
    let config = &site.config;
    SiteView {
        title: config.title.clone(),
        description: config.description.clone(),
        language: config.language.clone(),
        base_url: config.base_url.clone(),
        repository: config.repository.as_ref().map(|repository| repository.url.clone()),
        license: config.license.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        preview: settings.preview,
        assets: settings.assets.clone(),
    }
}

/// What an HTML page is about.
#[derive(Debug, Clone, Copy)]
enum Subject<'a> {
    Content(PageId),
    AllTags,
    Tag(&'a Term),
    Search,
    NotFound,
}

/// Every HTML page of the site. `memo` spares the views of pages around which nothing has changed.
pub fn views(site: &Site, memo: &mut Memo<Job>) -> Vec<Arc<Job>> {
    let mut subjects: Vec<Subject<'_>> = site.ids().map(|(id, _)| Subject::Content(id)).collect();
    if !site.tags.is_empty() {
        subjects.push(Subject::AllTags);
        subjects.extend(site.tags.iter().map(Subject::Tag));
    }
    subjects.extend([Subject::Search, Subject::NotFound]);
    memo.map(&subjects, |subject| key(site, *subject), |subject| job(site, *subject))
}

/// The digest of everything that the view of a subject shows.
fn key(site: &Site, subject: Subject<'_>) -> Digest {
    let structure = site.digest;
    match subject {
        Subject::Content(id) => {
            let page = site.page(id);
            let own = (id, page.page.digest, page.resolved.digest, &page.backlinks, &page.change);
            Digest::of_value(&(structure, own, site.registers.about(id)))
        }
        Subject::AllTags => Digest::of_value(&(structure, "tags")),
        Subject::Tag(term) => Digest::of_value(&(structure, "tag", &term.url)),
        Subject::Search => Digest::of_value(&(structure, "search")),
        Subject::NotFound => Digest::of_value(&(structure, "not found")),
    }
}

fn job(site: &Site, subject: Subject<'_>) -> Job {
    let mut job = match subject {
        Subject::Content(id) => content(site, id),
        Subject::AllTags => all_tags(site),
        Subject::Tag(term) => tag(site, term),
        Subject::Search => search(site),
        Subject::NotFound => not_found(site),
    };
    let page = job.page.map(|id| site.page(id).page.digest);
    job.digest = Digest::of_value(&(job.template, &job.view, page, &job.hrefs));
    job
}

fn content(site: &Site, id: PageId) -> Job {
    let page = site.page(id);
    let here = Here::new(site, &page.url);
    let branch = branch(site, id);
    let (nav, nav_more) = here.nav(&branch);
    let front = &page.page.front;
    let view = PageView {
        anchor: page.page.document.title.as_ref().map(|heading| heading.id.clone()),
        kind: front.kind().to_owned(),
        language: site.language(page).to_owned(),
        owner: front.owner.clone(),
        draft: front.draft,
        breadcrumbs: here.breadcrumbs(&branch),
        nav,
        nav_more,
        menu: here.menu(&branch),
        outline: outline(&page.page.document.outline),
        tags: tags(site, &here, page),
        previous: id.0.checked_sub(1).map(|before| here.link(PageId(before))),
        next: (id.0 as usize + 1 < site.pages.len()).then(|| here.link(PageId(id.0 + 1))),
        listing: page.children.iter().map(|child| card(&here, *child)).collect(),
        backlinks: page.backlinks.iter().take(MOST_BACKLINKS).map(|id| here.link(*id)).collect(),
        more_backlinks: page.backlinks.len().saturating_sub(MOST_BACKLINKS),
        incident: incident::view(&here, id),
        advisory: advisory::view(&here, id),
        revisions: moments::revisions(&revisions::of(&front.data)),
        edit_url: edit_url(site, page),
        changed: page.change.as_ref().map(change),
        markdown_url: (!page.page.document.markdown.text.is_empty()).then(|| "index.md".to_owned()),
        source: (page.section != Section::Listing).then(|| page.page.file.to_string()),
        ..empty(site, &here, &page.page.title, &page.url)
    };
    Job {
        path: page.url.output_file(),
        template: if page.url.as_str().is_empty() { "home.html" } else { "page.html" },
        view: PageView { description: page.page.description.clone(), ..view },
        page: Some(id),
        hrefs: page.resolved.targets.iter().map(|target| href(site, &page.url, target)).collect(),
        digest: Digest::default(),
    }
}

/// A view that shows nothing but its title.
fn empty(site: &Site, here: &Here<'_>, title: &str, url: &UrlPath) -> PageView {
    let (nav, nav_more) = here.nav(&[PageId(0)]);
    PageView {
        title: title.to_owned(),
        anchor: None,
        description: String::new(),
        kind: "page".to_owned(),
        language: site.config.language.clone(),
        owner: None,
        draft: false,
        root: if here.up.is_empty() { "./".to_owned() } else { here.up.clone() },
        canonical: site.config.base_url.as_ref().map(|base| format!("{base}{}", url.encoded())),
        breadcrumbs: Vec::new(),
        nav,
        nav_more,
        menu: here.menu(&[PageId(0)]),
        outline: Vec::new(),
        tags: Vec::new(),
        previous: None,
        next: None,
        listing: Vec::new(),
        contents: Vec::new(),
        backlinks: Vec::new(),
        more_backlinks: 0,
        incident: None,
        advisory: None,
        revisions: Vec::new(),
        edit_url: None,
        changed: None,
        markdown_url: None,
        source: None,
    }
}

fn href(site: &Site, from: &UrlPath, target: &Target) -> Href {
    let with_anchor = |url: String, anchor: &Option<String>| match anchor {
        Some(anchor) if url == "./" => format!("#{}", encode(anchor)),
        Some(anchor) => format!("{url}#{}", encode(anchor)),
        None => url,
    };
    match target {
        Target::Page { page, anchor } => {
            Href::To { url: with_anchor(from.relative(&site.page(*page).url), anchor), size: None }
        }
        Target::Asset { url, size, anchor } => {
            Href::To { url: with_anchor(from.relative(url), anchor), size: *size }
        }
        Target::Broken => Href::Broken,
    }
}

/// Headings of level 2, with those of level 3 beneath them.
fn outline(headings: &[Heading]) -> Vec<OutlineView> {
    let mut outline: Vec<OutlineView> = Vec::new();
    for heading in
        headings.iter().filter(|heading| matches!(heading.level, 2 | 3) && !heading.text.is_empty())
    {
        let url = format!("#{}", encode(&heading.id));
        let entry = OutlineView { title: heading.text.clone(), url, children: Vec::new() };
        match outline.last_mut() {
            Some(last) if heading.level == 3 => last.children.push(entry),
            _ => outline.push(entry),
        }
    }
    outline
}

fn tags(site: &Site, here: &Here<'_>, page: &SitePage) -> Vec<LinkView> {
    let term = |tag: &String| {
        let slug = crate::path::segment(tag);
        let known = site.tags.binary_search_by(|term| term.slug.cmp(&slug)).ok()?;
        Some(LinkView { title: site.tags[known].name.clone(), url: here.url(&site.tags[known].url) })
    };
    page.page.front.tags.iter().filter_map(term).collect()
}

fn card(here: &Here<'_>, id: PageId) -> CardView {
    let page = here.site.page(id);
    CardView {
        title: page.page.title.clone(),
        url: here.page(page),
        description: page.page.description.clone(),
        kind: page.page.front.kind().to_owned(),
        section: page.section != Section::No,
        pages: page.children.len(),
        date: page.page.front.date.map(|date| date.to_string()),
    }
}

fn edit_url(site: &Site, page: &SitePage) -> Option<String> {
    let repository = site.config.repository.as_ref()?;
    let path = page
        .page
        .file
        .as_str()
        .split('/')
        .map(|part| encode(part).into_owned())
        .collect::<Vec<_>>()
        .join("/");
    (page.section != Section::Listing).then(|| repository.edit.replace("{path}", &path))
}

fn change(change: &Change) -> ChangeView {
    let date =
        jiff::Timestamp::from_second(change.seconds).unwrap_or_default().strftime("%Y-%m-%d").to_string();
    ChangeView { date, author: change.author.clone() }
}

fn all_tags(site: &Site) -> Job {
    let url = UrlPath::new("tags/");
    let here = Here::new(site, &url);
    let card = |term: &Term| CardView {
        title: term.name.clone(),
        url: here.url(&term.url),
        description: String::new(),
        kind: "tag".to_owned(),
        section: true,
        pages: term.pages.len(),
        date: None,
    };
    let view =
        PageView { listing: site.tags.iter().map(card).collect(), ..term_view(site, &here, "Tags", &url) };
    Job {
        path: url.output_file(),
        template: "terms.html",
        view,
        page: None,
        hrefs: Vec::new(),
        digest: Digest::default(),
    }
}

fn tag(site: &Site, term: &Term) -> Job {
    let here = Here::new(site, &term.url);
    let listing = term.pages.iter().map(|id| card(&here, *id)).collect();
    let view = PageView { listing, ..term_view(site, &here, &term.name, &term.url) };
    Job {
        path: term.url.output_file(),
        template: "term.html",
        view,
        page: None,
        hrefs: Vec::new(),
        digest: Digest::default(),
    }
}

fn term_view(site: &Site, here: &Here<'_>, title: &str, url: &UrlPath) -> PageView {
    let mut view = empty(site, here, title, url);
    view.breadcrumbs = here.breadcrumbs(&[PageId(0)]);
    if url.as_str() != "tags/" {
        view.breadcrumbs.push(LinkView { title: "Tags".to_owned(), url: here.url(&UrlPath::new("tags/")) });
    }
    view.breadcrumbs.push(LinkView { title: title.to_owned(), url: "./".to_owned() });
    view
}

/// The search page lists what there is for readers without scripts, and for all others before they type.
fn search(site: &Site) -> Job {
    let url = UrlPath::new("search/");
    let here = Here::new(site, &url);
    let mut breadcrumbs = here.breadcrumbs(&[PageId(0)]);
    breadcrumbs.push(LinkView { title: "Search".to_owned(), url: "./".to_owned() });
    let view = empty(site, &here, "Search", &url);
    Job {
        path: url.output_file(),
        template: "search.html",
        view: PageView { breadcrumbs, contents: contents(&here), canonical: None, ..view },
        page: None,
        hrefs: Vec::new(),
        digest: Digest::default(),
    }
}

/// The page for what is not found is shown at any depth, so its URLs begin at the host's root.
fn not_found(site: &Site) -> Job {
    let base = site.config.base_url.as_deref().and_then(|base| base.splitn(4, '/').nth(3));
    let here = Here { site, up: format!("/{}", base.unwrap_or("")) };
    let view = empty(site, &here, "Page not found", &UrlPath::new("404.html"));
    Job {
        path: "404.html".to_owned(),
        template: "404.html",
        view: PageView { canonical: None, ..view },
        page: None,
        hrefs: Vec::new(),
        digest: Digest::default(),
    }
}
