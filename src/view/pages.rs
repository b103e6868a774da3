//! The list of HTML pages, and the content of each.
//!
//! This module owns the conversion of the assembled site to views: content pages, registers, tags, the search page,
//! the error pages. It must not know templates beyond their names.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::all_pages::contents;
use super::backlinks::backlinks;
use super::fields::facts;
use super::glossary::term_links;
use super::href::href;
use super::minutes::minutes;
use super::nav::{PageLinks, SharedSidebars, branch, outline};
use super::page_frame::{at_home, frame};
use super::page_job::{PageJob, PagePath};
use super::preview::preview;
use super::registers::{self, RegisterPages};
use super::{
    CardView, ContentView, FactView, HomePageView, LinkView, PageBody, PageView, SidebarView, SiteView,
    StateView,
};
use super::{
    advisory, brand, bundle, cards, error_pages, feedback, file_pages, home, incident, print, relations,
    responder, runbook, state, times,
};
use crate::headers::{self, Worker};
use crate::kinds::Kind;
use crate::memo::{Digest, Memo};
use crate::page::{Page, incidents, revisions};
use crate::path::UrlPath;
use crate::site::registers::table::{ROOT, RegisterPage};
use crate::site::{FilePage, FolderRole, OfflineSite, PageId, Site, SitePage, TagPages};
use crate::strings::Strings;
use crate::visibility::Level;

/// The most registers in the sidebar of their pages. The overview lists them all.
const MOST_REGISTERS: usize = 40;

/// Settings of views that do not come from the site.
#[derive(Debug, Clone)]
pub struct ViewSettings {
    /// Theme assets: `base.css` → `assets/base.3f2a….css`.
    pub assets: BTreeMap<String, String>,
    /// The accent on light pages.
    pub accent: Option<String>,
    /// Whether this is a preview by `opsbook serve`.
    pub preview: bool,
}

/// The data that every page shows.
pub fn site_view(site: &Site, settings: &ViewSettings) -> SiteView {
    let config = &site.config;
    let worker = error_pages::worker(site).filter(|_| !settings.preview);
    SiteView {
        title: config.title.clone(),
        description: config.description.clone(),
        language: config.language.clone(),
        base_url: config.base_url.clone(),
        repository: config.repository.as_ref().map(|repository| repository.url.clone()),
        license: config.license.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        preview: settings.preview,
        noindex: config.noindex,
        audience: level(site, site.words(), config.visibility.audience.level()),
        assets: settings.assets.clone(),
        registers: (site.is_whole() && !RegisterPages::new(site).pages.is_empty())
            .then(|| site.path_of(ROOT)),
        banner: state::banner(site),
        brand: brand::view(site, settings.accent.as_deref()),
        search: site.path_of("search/"),
        bundle: bundle::bundle(site),
        policy: headers::policy(if worker.is_some() { Worker::Allowed } else { Worker::Absent }),
        print_policy: headers::policy(Worker::Absent),
        worker,
    }
}

/// The subject of an HTML page.
#[derive(Debug, Clone, Copy)]
enum PageSubject<'a> {
    Content(PageId),
    Registers,
    /// A page of the register with this index.
    Register(usize, &'a RegisterPage),
    AllTags,
    Tag(&'a TagPages),
    Search,
    /// A published file, shown as text.
    File(&'a FilePage),
    NotFound,
    /// What a browser without a network shows for a page that it has not kept.
    NotKept,
    /// The long page of the section with this page.
    Print(PageId),
}

/// The inputs that views are made from.
struct ViewContext<'a> {
    site: &'a Site,
    registers: RegisterPages<'a>,
    /// The digest of each register, computed on first use.
    digests: OnceLock<Vec<Digest>>,
    /// The state of the handbook as its home page shows it, computed on first use.
    state: OnceLock<Option<StateView>>,
    sidebars: SharedSidebars<'a>,
}

/// Every HTML page of the site. `memo` returns the pages whose inputs have not changed.
pub fn views(site: &Site, memo: &mut Memo<PageJob>) -> Vec<Arc<PageJob>> {
    let book = ViewContext {
        site,
        registers: RegisterPages::new(site),
        digests: OnceLock::new(),
        state: OnceLock::new(),
        sidebars: SharedSidebars::default(),
    };
    let subjects = subjects(site, &book.registers);
    memo.map(&subjects, |subject| book.key(*subject), |subject| book.job(*subject))
}

/// The files of all HTML pages, in the order of [`views`].
pub fn page_paths(site: &Site) -> Vec<PagePath> {
    let registers = RegisterPages::new(site);
    subjects(site, &registers).into_iter().map(|subject| subject.file(site)).collect()
}

fn subjects<'a>(site: &'a Site, registers: &'a RegisterPages<'_>) -> Vec<PageSubject<'a>> {
    let held = site.ids().filter(|(_, page)| site.holds(&page.encoded));
    let mut subjects: Vec<PageSubject<'_>> = held.map(|(id, _)| PageSubject::Content(id)).collect();
    if site.is_whole() && !registers.pages.is_empty() {
        subjects.push(PageSubject::Registers);
        let pages = registers.pages.iter();
        subjects.extend(pages.map(|(register, page)| PageSubject::Register(*register, page)));
    }
    if site.is_whole() && !site.tags.is_empty() {
        subjects.push(PageSubject::AllTags);
        subjects.extend(site.tags.iter().map(PageSubject::Tag));
    }
    subjects.extend(print::sections(site).into_iter().map(PageSubject::Print));
    // A bundle of some sections has only the files that its own pages link.
    let shown = site.file_pages.iter().filter(|page| site.is_whole() || site.links(&page.file));
    subjects.extend(shown.map(PageSubject::File));
    subjects.push(PageSubject::Search);
    if site.bundle.is_none() {
        subjects.push(PageSubject::NotFound);
    }
    if site.offline.is_some() {
        subjects.push(PageSubject::NotKept);
    }
    subjects
}

impl PageSubject<'_> {
    /// The file of the page.
    fn file(self, site: &Site) -> PagePath {
        let path = match self {
            PageSubject::Content(id) => {
                let is_start = id == PageId(0) && !site.is_whole();
                let url = if is_start { UrlPath::new("") } else { site.page(id).url.clone() };
                return PagePath { path: site.output_file(&url), page: Some(id).filter(|_| !is_start) };
            }
            PageSubject::Registers => site.output_file(&UrlPath::new(ROOT)),
            PageSubject::Register(_, page) => site.output_file(&page.url),
            PageSubject::AllTags => site.output_file(&UrlPath::new("tags/")),
            PageSubject::Tag(tag) => site.output_file(&tag.url),
            PageSubject::Search => site.output_file(&UrlPath::new("search/")),
            PageSubject::File(page) => site.output_file(&page.url),
            PageSubject::NotFound => "404.html".to_owned(),
            PageSubject::NotKept => site.output_file(&UrlPath::new(OfflineSite::NOT_KEPT_PAGE)),
            PageSubject::Print(id) => site.output_file(&print::url(site, id)),
        };
        PagePath { path, page: None }
    }
}

impl ViewContext<'_> {
    /// The state of the handbook for its home page.
    fn state(&self, home: &PageLinks<'_>) -> &Option<StateView> {
        self.state.get_or_init(|| state::view(home))
    }

    /// The digest of everything that the view of a subject depends on.
    fn key(&self, subject: PageSubject<'_>) -> Digest {
        let structure = self.site.digest;
        match subject {
            PageSubject::Content(id) => {
                let page = self.site.page(id);
                let own = (id, page.page.digest, page.resolved.digest, &page.backlinks, &page.change);
                // Only the home page shows the overview of registers and the state of the handbook.
                let home = || (self.entries(), self.state(&PageLinks::for_page(self.site, id)));
                let registers = page.url.as_str().is_empty().then(home);
                let (registers_here, glossary) =
                    (self.site.registers.digest_for_page(id), self.site.glossary.digest);
                Digest::of_value(&(structure, own, registers, registers_here, glossary))
            }
            PageSubject::Registers => Digest::of_value(&(structure, "registers", self.entries())),
            PageSubject::Register(register, page) => {
                let digests = self.digests.get_or_init(|| self.registers.digests(self.site));
                let shown = digests[register];
                Digest::of_value(&(structure, "register", &page.url, &page.title, &page.files, shown))
            }
            PageSubject::AllTags => Digest::of_value(&(structure, "tags")),
            PageSubject::Tag(tag) => Digest::of_value(&(structure, "tag", &tag.url)),
            PageSubject::Search => Digest::of_value(&(structure, "search")),
            PageSubject::File(page) => {
                Digest::of_value(&(structure, "file", &page.url, &page.path, page.source.digest))
            }
            PageSubject::NotFound => Digest::of_value(&(structure, "not found")),
            PageSubject::NotKept => Digest::of_value(&(structure, "offline")),
            PageSubject::Print(id) => {
                let changes: Vec<_> = self.site.pages.iter().map(|page| &page.change).collect();
                Digest::of_value(&(structure, "print", id, print::printed_pages(self.site, id), changes))
            }
        }
    }

    /// The digest of the overview of registers.
    fn entries(&self) -> Digest {
        let pages = self.registers.pages.iter();
        let entries = pages.map(|(_, page)| (&page.url, &page.title, &page.entry));
        Digest::of_value(&entries.collect::<Vec<_>>())
    }

    fn job(&self, subject: PageSubject<'_>) -> PageJob {
        let mut job = self.untrimmed_job(subject);
        job.view = bundle::trimmed(self.site, job.view);
        debug_assert_eq!(job.file(), subject.file(self.site));
        job
    }

    /// The page with all its links. In a bundle some of them lead nowhere, and are removed afterwards.
    fn untrimmed_job(&self, subject: PageSubject<'_>) -> PageJob {
        let site = self.site;
        match subject {
            PageSubject::Content(PageId(0)) if !site.is_whole() => home_of_bundle(site),
            PageSubject::Content(id) => content(self, id),
            PageSubject::Registers => all_registers(site, &self.registers),
            PageSubject::Register(register, page) => self.register(register, page),
            PageSubject::AllTags => all_tags(site),
            PageSubject::Tag(tag) => pages_with_tag(site, tag),
            PageSubject::Search => search(site),
            PageSubject::File(page) => file_pages::job(site, page),
            PageSubject::NotFound => error_pages::not_found(site),
            PageSubject::NotKept => error_pages::not_kept(site),
            PageSubject::Print(id) => printed(site, id),
        }
    }
}

impl ViewContext<'_> {
    /// A page of the register with this index.
    fn register(&self, register: usize, page: &RegisterPage) -> PageJob {
        let here = PageLinks::new(self.site, &page.url);
        let view = self.registers.view(&here, register, page);
        let mut above = vec![(here.t.say("register.all").to_owned(), UrlPath::new(ROOT))];
        above.extend(page.above.iter().cloned());
        let place = RegisterPlace { title: &page.title, url: &page.url, above, all: &self.registers };
        register_page(&here, view, &place)
    }
}

/// The home page of a bundle of some sections. The handbook's own would link to pages that are not in the bundle.
fn home_of_bundle(site: &Site) -> PageJob {
    let url = UrlPath::new("");
    let here = PageLinks::new(site, &url);
    let home = bundle::sections(&here);
    let body = PageBody::Home(Box::new(HomePageView {
        content: ContentView::default(),
        home,
        state: None,
        register: None,
    }));
    let view = frame(&here, at_home(&here), &site.config.title, &url, body);
    PageJob::from_view(
        site.output_file(&url),
        "home.html",
        PageView { description: site.config.description.clone(), ..view },
    )
}

/// The long page of a section.
fn printed(site: &Site, id: PageId) -> PageJob {
    let (url, printed_pages) = (print::url(site, id), print::printed_pages(site, id));
    let here = PageLinks::new(site, &url);
    let view = print::view(&here, id, &printed_pages);
    PageJob { printed_pages, ..PageJob::from_view(site.output_file(&url), "print.html", view) }
}

fn content(context: &ViewContext<'_>, id: PageId) -> PageJob {
    let site = context.site;
    let page = site.page(id);
    let here = PageLinks::for_page(site, id);
    let branch = branch(site, id);
    let sidebar = context.sidebars.sidebar(&here, &branch);
    let is_home = page.url.as_str().is_empty();
    let content = content_view(&here, id, page);
    let body = if is_home {
        let any = !context.registers.pages.is_empty();
        let register = any.then(|| registers::overview(&here, &context.registers));
        PageBody::Home(Box::new(HomePageView {
            content,
            home: home::view(&here),
            state: context.state(&here).clone(),
            register,
        }))
    } else {
        PageBody::Content(Box::new(content))
    };
    let document = &page.page.document;
    let view = PageView {
        description: page.page.description.clone(),
        kind: page.page.front.kind().to_owned(),
        place: home::tab(site, &branch).to_owned(),
        language: site.language(page).to_owned(),
        lang: here.lang(page),
        breadcrumbs: here.breadcrumbs(&branch),
        here: here.page(page),
        outline: outline(&document.outline, here.lang(page).as_deref()),
        feeds: feeds(&here, &page.page),
        diagrams: document.diagrams > 0,
        tabs: document.tabs > 0,
        ..frame(&here, sidebar, &page.page.title, &page.url, body)
    };
    PageJob {
        own_template: page.page.front.kind.template.clone(),
        page: Some(id),
        content: Some(page.page.digest),
        terms: term_links(site, id),
        hrefs: page.resolved.targets.iter().map(|target| href(site, &page.url, target)).collect(),
        ..PageJob::from_view(
            site.output_file(&page.url),
            if is_home { "home.html" } else { "page.html" },
            view,
        )
    }
}

fn content_view(here: &PageLinks<'_>, id: PageId, page: &SitePage) -> ContentView {
    let site = here.site;
    let front = &page.page.front;
    let (tables, facts) = facts(here, id).into_iter().partition::<Vec<_>, _>(FactView::is_table);
    let facts = facts.into_iter().chain(relations::computed(here, id)).collect();
    let (strip, facts) = strip(&front.kind, facts);
    let responder = responder::view(here, id, &strip);
    let pages = u32::try_from(site.pages.len()).unwrap_or(u32::MAX);
    let listed = |id: &PageId| !site.is_legal(site.page(*id));
    let has_markdown = site.bundle.is_none() && !page.page.document.markdown.text.is_empty();
    ContentView {
        anchor: page.page.document.title.as_ref().map(|heading| heading.id.clone()),
        kind_link: registers::kind(site, front.kind())
            .map(|url| LinkView::new(here.wording(&front.kind).title(), here.url(&url))),
        strip,
        facts,
        board: tables.iter().any(|table| !table.board.is_empty()),
        tables,
        relations: relations::relations(here, id),
        owner: front.owner.clone(),
        draft: front.draft,
        exercise: front.data.flag(incidents::EXERCISE),
        level: level(site, here.t, front.visibility.access.level),
        preview: preview(site, id),
        tags: tags(site, here, page),
        previous: (0..id.0).rev().map(PageId).find(listed).map(|id| here.link(id)),
        next: (id.0 + 1..pages).map(PageId).find(listed).map(|id| here.link(id)),
        listing: cards::section(here, page),
        backlinks: backlinks(here, id),
        minutes: minutes(here, page),
        incident: incident::view(here, id),
        advisory: advisory::view(here, id),
        runbook: runbook::view(&page.page, site.registers.value_sets.for_page(id)),
        responder,
        revisions: times::revisions(here, &front.kind, &revisions::read_revisions(&front.data)),
        print: print::link(here, id),
        edit_url: edit_url(site, page),
        feedback_url: feedback::link(here, page),
        changed: page.change.as_ref().map(times::change),
        markdown_url: has_markdown.then(|| here.markdown(&page.url)),
        source: (page.section != FolderRole::Listing).then(|| page.page.file.to_string()),
    }
}

/// Splits facts into those in the strip at the top and the rest. Owner and review, which all pages have, do not
/// make a strip by themselves. The strip of an incident is full of times and has no room for them.
fn strip(kind: &Kind, facts: Vec<FactView>) -> (Vec<FactView>, Vec<FactView>) {
    let is_common = |fact: &FactView| matches!(&*fact.name, "owner" | "review");
    if !facts.iter().any(|fact| fact.lead && !is_common(fact)) {
        return (Vec::new(), facts);
    }
    let is_incident = kind.feeds(incidents::REGISTER);
    facts.into_iter().partition(|fact| fact.lead && !(is_incident && is_common(fact)))
}

/// The name of a level for readers; `None` for the lowest one.
fn level(site: &Site, t: &Strings, level: Level) -> Option<String> {
    let levels = &site.config.visibility.levels;
    (level > levels.lowest()).then(|| t.level(levels.name(level), levels.title(level)))
}

fn tags(site: &Site, here: &PageLinks<'_>, page: &SitePage) -> Vec<LinkView> {
    let mut links = Vec::new();
    for written in &page.page.front.tags {
        let slug = crate::path::segment(written);
        // A tag of characters that no address can have has no page.
        if let Ok(index) = site.tags.binary_search_by(|tag| tag.slug.cmp(&slug)) {
            let tag = &site.tags[index];
            links.push(LinkView::new(&tag.name, here.url(&tag.url)));
        }
    }
    links
}

fn edit_url(site: &Site, page: &SitePage) -> Option<String> {
    let repository = site.config.repository.as_ref()?;
    (page.section != FolderRole::Listing).then(|| repository.edit_url(&page.page.file))
}

fn all_registers(site: &Site, registers: &RegisterPages<'_>) -> PageJob {
    let url = UrlPath::new(ROOT);
    let here = PageLinks::new(site, &url);
    let view = registers::overview(&here, registers);
    let title = here.t.say("register.all");
    register_page(&here, view, &RegisterPlace { title, url: &url, above: Vec::new(), all: registers })
}

/// Where a page of a register stands.
struct RegisterPlace<'a> {
    title: &'a str,
    url: &'a UrlPath,
    /// The title and the URL of each page above it.
    above: Vec<(String, UrlPath)>,
    all: &'a RegisterPages<'a>,
}

fn register_page(
    here: &PageLinks<'_>,
    register: registers::RegisterView,
    place: &RegisterPlace<'_>,
) -> PageJob {
    let RegisterPlace { title, url, .. } = *place;
    let mut breadcrumbs = here.breadcrumbs(&[PageId(0)]);
    for (title, url) in &place.above {
        breadcrumbs.push(LinkView::new(title, here.url(url)));
    }
    breadcrumbs.push(LinkView::new(title, here.own(url)));
    let description = register.lead.clone();
    // The sidebar shows what the overview lists, not the pages of single values.
    let listed = place.all.pages.iter().map(|(_, page)| page).filter(|page| page.entry.is_some());
    let registers = listed
        .take(MOST_REGISTERS)
        .map(|page| LinkView::new(page.title.clone(), here.url(&page.url)))
        .collect();
    let nav = Arc::new(SidebarView { registers, ..here.sidebar(&[PageId(0)]) });
    let mut feeds = Vec::new();
    for file in register.downloads.iter().filter(|file| file.url.ends_with(".xml")) {
        // Feed readers show this title, and `decisions.xml` says less than the name of the register.
        feeds.push(LinkView { title: title.to_owned(), ..file.clone() });
    }
    let diagrams = !register.graph.is_empty();
    let view = frame(here, nav, title, url, PageBody::Register { register: Box::new(register) });
    let own = here.url(url);
    PageJob::from_view(
        here.site.output_file(url),
        "register.html",
        PageView { breadcrumbs, description, here: own, feeds, diagrams, ..view },
    )
}

/// The feeds of registers that hold a page.
fn feeds(here: &PageLinks<'_>, page: &Page) -> Vec<LinkView> {
    let site = here.site;
    let mut feeds = Vec::new();
    for register in &site.field_registers.list {
        if site.config.has_register(&register.name) {
            for (title, url) in register.feeds_with(site, page) {
                feeds.push(LinkView::new(title, here.url(&url)));
            }
        }
    }
    feeds
}

fn all_tags(site: &Site) -> PageJob {
    let url = UrlPath::new("tags/");
    let here = PageLinks::new(site, &url);
    let mut listing = Vec::new();
    for tag in site.tags.iter() {
        listing.push(CardView {
            title: tag.name.clone(),
            url: here.url(&tag.url),
            lang: None,
            description: String::new(),
            kind: "tag".to_owned(),
            kind_title: here.t.say("tags.one").to_owned(),
            section: true,
            pages: tag.pages.len(),
            date: None,
            heading: None,
        });
    }
    let view = tags_view(&here, here.t.say("tags.title"), &url, listing);
    PageJob::from_view(site.output_file(&url), "terms.html", view)
}

fn pages_with_tag(site: &Site, tag: &TagPages) -> PageJob {
    let here = PageLinks::new(site, &tag.url);
    let listing = tag.pages.iter().map(|id| cards::card(&here, *id)).collect();
    let view = tags_view(&here, &tag.name, &tag.url, listing);
    PageJob::from_view(site.output_file(&tag.url), "term.html", view)
}

fn tags_view(here: &PageLinks<'_>, title: &str, url: &UrlPath, listing: Vec<CardView>) -> PageView {
    let mut view = frame(here, at_home(here), title, url, PageBody::Tags { listing });
    view.breadcrumbs = here.breadcrumbs(&[PageId(0)]);
    if url.as_str() != "tags/" {
        view.breadcrumbs.push(LinkView::new(here.t.say("tags.title"), here.url(&UrlPath::new("tags/"))));
    }
    view.breadcrumbs.push(LinkView::new(title, here.own(url)));
    view
}

/// The search page. It lists all pages for readers without scripts, and for all others before they type.
fn search(site: &Site) -> PageJob {
    let url = UrlPath::new("search/");
    let here = PageLinks::new(site, &url);
    let title = here.t.say("search.title");
    let mut breadcrumbs = here.breadcrumbs(&[PageId(0)]);
    breadcrumbs.push(LinkView::new(title, here.own(&url)));
    let body = PageBody::Contents { contents: contents(&here) };
    let view = frame(&here, at_home(&here), title, &url, body);
    PageJob::from_view(
        site.output_file(&url),
        "search.html",
        PageView { breadcrumbs, canonical: None, ..view },
    )
}
