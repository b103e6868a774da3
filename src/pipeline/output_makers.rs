//! Finds what an author wrote that gave an output its path.
//!
//! Owns the way from the path of an output back to its source: a file name, a slug, a tag, an alias, the group of a
//! meeting, or the id of a framework. Problems of paths are reported there.

use std::collections::HashMap;

use crate::check::OutputMaker;
use crate::path::segment;
use crate::registers::FieldRegister;
use crate::site::registers::MeetingEntry;
use crate::site::{PageId, Site};
use crate::source::Span;
use crate::view::PagePath;

/// Looks up the makers of outputs.
pub(super) struct OutputMakers<'a> {
    site: &'a Site,
    /// Where problems are reported for outputs whose path no author wrote.
    settings: Span,
    /// Pages, by URL.
    pages: HashMap<&'a str, PageId>,
    /// The first page of each group that meets, by the URL segment of the group.
    groups: HashMap<String, PageId>,
    /// Where each framework is defined, by the URL segment of the framework.
    frameworks: HashMap<String, &'a Span>,
}

impl<'a> OutputMakers<'a> {
    pub fn new(site: &'a Site, settings: Span) -> OutputMakers<'a> {
        let pages = (0..).map(PageId).zip(&site.pages).map(|(id, page)| (page.url.as_str(), id)).collect();
        // In reverse, because `collect` keeps the last page of a group and the first one is wanted.
        let meetings = site.registers.meetings.meetings.iter().rev();
        let group = |meeting: &MeetingEntry| Some((segment(meeting.group.as_ref()?), meeting.page));
        let frameworks = site.registers.controls.frameworks.iter().map(|covered| &covered.framework);
        let defined = frameworks.map(|framework| (framework.segment(), &framework.span));
        OutputMakers {
            site,
            settings,
            pages,
            groups: meetings.filter_map(group).collect(),
            frameworks: defined.collect(),
        }
    }

    /// The maker of an HTML page: a content page, the page of a tag, or the page of a register.
    pub fn of_page(&self, file: &PagePath) -> OutputMaker {
        let own = file.page.map(|page| self.slug(page));
        self.maker(own.or_else(|| self.tag(&file.path)).or_else(|| self.register(&file.path)))
    }

    /// The maker of an output that is not a page. `format` is the name of its emission.
    pub fn of_output(&self, format: &str, path: &str) -> OutputMaker {
        self.maker(match format {
            "assets" => self.site.assets.get(path).map(|asset| Span::start_of(&asset.file)),
            "static" => self.site.static_files.get(path).map(|asset| Span::start_of(&asset.file)),
            "redirects" => self.alias(path),
            "registers" => self.register(path),
            "markdown" => self.beside_page(path),
            _ => None,
        })
    }

    fn maker(&self, place: Option<Span>) -> OutputMaker {
        let itself = || OutputMaker::Opsbook { settings: self.settings.clone() };
        place.map_or_else(itself, OutputMaker::Author)
    }

    /// The span of a page's slug, or the start of the page if it has none.
    fn slug(&self, page: PageId) -> Span {
        let page = &self.site.page(page).page;
        page.front.span(&page.file, "slug")
    }

    /// The page that a Markdown file is beside.
    fn beside_page(&self, path: &str) -> Option<Span> {
        let page = format!("{}.html", path.strip_suffix(".md")?);
        let page = self.pages.get(&*self.site.addresses().page_path(&page))?;
        Some(self.slug(*page))
    }

    /// The aliases of the page that an output redirects to.
    fn alias(&self, path: &str) -> Option<Span> {
        let redirects = &self.site.redirects;
        let page = redirects.get(path).or_else(|| redirects.get(&self.site.addresses().page_path(path)))?;
        let page = &self.site.page(*page).page;
        Some(page.front.span(&page.file, "aliases"))
    }

    /// The tags of the first page with the tag that an output lists.
    fn tag(&self, path: &str) -> Option<Span> {
        let url = self.site.addresses().page_path(path);
        let slug = url.trim_end_matches('/').rsplit('/').next()?;
        let at = self.site.tags.binary_search_by(|term| term.slug.as_str().cmp(slug)).ok()?;
        let term = self.site.tags.get(at).filter(|term| term.url.as_str() == url)?;
        let page = &self.site.page(*term.pages.first()?).page;
        Some(page.front.span(&page.file, "tags"))
    }

    /// For the page or data file of a register: its definition, the framework, or the first page of the group that it
    /// is about.
    fn register(&self, path: &str) -> Option<Span> {
        let mut names = path.strip_prefix("registers/")?.split('/');
        let register = names.next()?;
        let own = |known: &&FieldRegister| Some(known.name.as_str()) == register.split('.').next();
        if let Some(defined) = self.site.field_registers.list.iter().find(own) {
            return defined.span.clone();
        }
        let name = names.next()?;
        match register {
            "controls" => {
                let name = name.strip_suffix(".csv").or_else(|| name.strip_suffix(".json")).unwrap_or(name);
                self.frameworks.get(name).map(|place| (*place).clone())
            }
            "meetings" => {
                let page = &self.site.page(*self.groups.get(name)?).page;
                Some(page.front.span(&page.file, "group"))
            }
            _ => None,
        }
    }
}
