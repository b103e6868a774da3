//! Who decides at which path an output stands.
//!
//! Owns the way from the path of an output back to the words of an author that it was made of: a file's name, a slug, a
//! tag, an alias, the group of a meeting, the id of a framework. Problems of paths are reported there.

use std::collections::HashMap;

use crate::check::OutputMaker;
use crate::path::segment;
use crate::registers::FieldRegister;
use crate::site::registers::MeetingEntry;
use crate::site::{PageId, Site};
use crate::source::Span;
use crate::view::PageJob;

/// Looks up makers.
pub(super) struct OutputMakers<'a> {
    site: &'a Site,
    /// Where problems of outputs belong that no author has named.
    settings: Span,
    /// Pages by their URLs.
    pages: HashMap<&'a str, PageId>,
    /// The first page of each group that meets, by the group's segment in URLs.
    groups: HashMap<String, PageId>,
    /// Where frameworks are defined, by their segments in URLs.
    frameworks: HashMap<String, &'a Span>,
}

impl<'a> OutputMakers<'a> {
    pub fn new(site: &'a Site, settings: Span) -> OutputMakers<'a> {
        let pages = (0..).map(PageId).zip(&site.pages).map(|(id, page)| (page.url.as_str(), id)).collect();
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

    /// The maker of an HTML page.
    pub fn of_job(&self, job: &PageJob) -> OutputMaker {
        let own = job.page.map(|page| self.slug(page));
        self.maker(own.or_else(|| self.tag(&job.path)).or_else(|| self.register(&job.path)))
    }

    /// The maker of another output of a format.
    pub fn of_output(&self, format: &str, path: &str) -> OutputMaker {
        self.maker(match format {
            "assets" => self.site.assets.get(path).map(|asset| Span::start_of(&asset.file)),
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

    /// A page's slug, or the page where it has none.
    fn slug(&self, page: PageId) -> Span {
        let page = &self.site.page(page).page;
        page.front.span(&page.file, "slug")
    }

    /// The page in whose folder an output lies.
    fn beside_page(&self, path: &str) -> Option<Span> {
        let (folder, _) = path.rsplit_once('/')?;
        let page = self.pages.get(path.get(..folder.len() + "/".len())?)?;
        Some(self.slug(*page))
    }

    /// The alias at which an output stands.
    fn alias(&self, path: &str) -> Option<Span> {
        let url = path.strip_suffix("index.html").unwrap_or(path);
        let page = &self.site.page(*self.site.redirects.get(url)?).page;
        Some(page.front.span(&page.file, "aliases"))
    }

    /// The first page that carries the tag whose page an output is.
    fn tag(&self, path: &str) -> Option<Span> {
        let url = path.strip_suffix("index.html")?;
        let slug = url.trim_end_matches('/').rsplit('/').next()?;
        let at = self.site.tags.binary_search_by(|term| term.slug.as_str().cmp(slug)).ok()?;
        let term = self.site.tags.get(at).filter(|term| term.url.as_str() == url)?;
        let page = &self.site.page(*term.pages.first()?).page;
        Some(page.front.span(&page.file, "tags"))
    }

    /// The definition, the framework, or the first page with the group, that the page or the table of a register is
    /// about.
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
