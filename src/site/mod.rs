//! The handbook as a whole: which pages there are, at which URLs, in which order, and what links where.
//!
//! Owns [`Site`] and [`assemble`]. Everything here is a linear pass over small structs. Must not know the
//! theme, nor any output format.

mod assets;
mod bundle;
mod hidden;
mod links;
mod names;
mod offline;
mod redirects;
pub mod registers;
mod structure;
mod taxonomy;
mod tree;
mod urls;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::form::Form;
use crate::kinds::{Kinds, Order};
use crate::memo::{Digest, Keep, Memo};
use crate::page::Page;
use crate::path::{FilePath, UrlPath};
use crate::registers::FieldRegisters;
use crate::source::Source;
use crate::strings::{Languages, Strings};

pub use bundle::Bundle;
pub use hidden::Hidden;
pub use links::Resolved;
pub use names::{Among, Name};
pub use offline::Kept;

use registers::{Book, Registers, RuleFile};
use structure::Structure;
use tree::Place;

pub use crate::asset::{Asset, Change};

/// An index into [`Site::pages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub u32);

/// The assembled handbook. Immutable.
#[derive(Debug, Clone)]
pub struct Site {
    pub config: Arc<Config>,
    /// In reading order: the home page first, each section before its children.
    pub pages: Vec<SitePage>,
    /// The digest of what pages show of each other: titles, descriptions, URLs, order, tags, settings.
    pub digest: Digest,
    /// Tags in alphabetical order with their pages in reading order.
    pub tags: Arc<[Term]>,
    /// Assets that a published page links, by URL.
    pub assets: BTreeMap<UrlPath, Asset>,
    /// Old URLs (decoded, without leading slash) and the page that each leads to.
    pub redirects: Arc<BTreeMap<String, PageId>>,
    /// What all pages together say: actions, reviews, controls, …
    pub registers: Arc<Registers>,
    /// The kinds of pages.
    pub kinds: Arc<Kinds>,
    /// Registers that are tables of fields.
    pub field_registers: Arc<FieldRegisters>,
    /// What the program itself says to readers.
    pub strings: Arc<Languages>,
    /// The day of the build, UTC.
    pub today: Date,
    /// Where this is no site for a web server, but a bundle of files.
    pub bundle: Option<Bundle>,
    /// What readers' browsers keep of it. Whoever has a bundle keeps it as a whole.
    pub kept: Option<Kept>,
}

/// A page with its place in the site.
#[derive(Debug, Clone)]
pub struct SitePage {
    /// What the page is made of. A folder without a page of its own has an empty one.
    pub page: Arc<Page>,
    pub url: UrlPath,
    /// The URL percent-encoded: every page that shows this one in its sidebar writes it.
    pub encoded: Arc<str>,
    pub parent: Option<PageId>,
    /// What it is called in lists.
    pub name: Name,
    /// Sorted by weight, then as `order` says, then by title.
    pub children: Arc<[PageId]>,
    /// How the children are sorted.
    pub order: Order,
    /// The day that decides where it stands among its siblings.
    pub day: Option<Date>,
    /// How many pages lie beneath it, in the folder and in all folders within. A folder without a page is none.
    pub beneath: usize,
    /// Whether the page stands for a folder, and whether the folder has a source for it.
    pub section: Section,
    /// The last change of the page's file.
    pub change: Option<Change>,
    /// Pages that link here, in reading order, without repeats.
    pub backlinks: Vec<PageId>,
    /// Where the page's links lead.
    pub resolved: Arc<Resolved>,
}

/// Whether a page stands for a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    /// An ordinary page.
    No,
    /// The folder's own page.
    Written,
    /// A folder without a page: only its listing is shown, and there is no source to edit.
    Listing,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A page, and an anchor in it.
    Page { page: PageId, anchor: Option<String> },
    /// A published asset.
    Asset { url: UrlPath, size: Option<(u32, u32)>, anchor: Option<String> },
    /// Nothing: shown as text.
    Broken,
}

/// A tag and what carries it.
#[derive(Debug)]
pub struct Term {
    /// As first written.
    pub name: String,
    /// Tags are sorted by it.
    pub slug: String,
    pub url: UrlPath,
    pub pages: Vec<PageId>,
}

/// What a site is assembled from.
pub struct Parts<'a> {
    pub config: &'a Arc<Config>,
    pub pages: &'a [Arc<Page>],
    pub assets: &'a BTreeMap<FilePath, Asset>,
    /// Texts; those that are no pages are only for includes.
    pub sources: &'a BTreeMap<FilePath, Source>,
    /// Files of sorts that are not published.
    pub others: &'a BTreeSet<FilePath>,
    /// What is there, but not for the audience: for diagnostics only.
    pub hidden: &'a Hidden,
    pub history: &'a BTreeMap<FilePath, Change>,
    pub kinds: &'a Arc<Kinds>,
    pub field_registers: &'a Arc<FieldRegisters>,
    pub strings: &'a Arc<Languages>,
    /// Text files of the data folder.
    pub data: &'a BTreeMap<FilePath, Source>,
    pub today: Date,
    pub form: &'a Form,
}

impl Site {
    /// The page of that index.
    pub fn page(&self, id: PageId) -> &SitePage {
        &self.pages[id.0 as usize]
    }

    /// The language that a page is written in: its own, else the handbook's.
    pub fn language<'a>(&'a self, page: &'a SitePage) -> &'a str {
        page.page.front.language.as_deref().unwrap_or(&self.config.language)
    }

    /// What the program says on pages that no author wrote, in the handbook's language.
    pub fn words(&self) -> &Strings {
        self.strings.of(&self.config.language)
    }

    /// Every page with its index, in reading order.
    pub fn ids(&self) -> impl Iterator<Item = (PageId, &SitePage)> {
        (0..).map(PageId).zip(&self.pages)
    }
}

/// What spares a site that is assembled again what has not changed.
pub struct Memos {
    structure: Memo<Structure>,
    rules: Memo<RuleFile>,
    registers: Memo<Registers>,
    links: links::Memos,
}

impl Memos {
    pub fn new(keep: Keep) -> Memos {
        Memos {
            structure: Memo::new(keep),
            rules: Memo::new(keep),
            registers: Memo::new(keep),
            links: links::Memos::new(keep),
        }
    }
}

/// Assembles the handbook.
pub fn assemble(parts: &Parts<'_>, memos: &mut Memos) -> (Site, Vec<Diagnostic>) {
    let digest = structure::key(parts);
    let linked = || {
        let structure = memos.structure.one(digest, || structure::of(parts));
        let links = links::resolve(parts, &structure, digest, &mut memos.links);
        (structure, links)
    };
    let (rules, (structure, links)) = rayon::join(|| RuleFile::all(parts, &mut memos.rules), linked);
    let book = Book { parts, structure: &structure, rules: &rules };
    let registers = memos.registers.one(registers::key(parts, digest), || registers::collect(&book));
    let page = |(place, links): (&Place, &links::Linked)| {
        let page = place.origin.page(parts);
        SitePage {
            page: Arc::clone(page),
            url: place.url.clone(),
            encoded: Arc::clone(&place.encoded),
            parent: place.parent,
            name: place.name.clone(),
            children: Arc::clone(&place.children),
            order: place.order,
            day: place.day,
            beneath: place.beneath,
            section: place.section,
            change: parts.history.get(&page.file).cloned(),
            backlinks: links.from.clone(),
            resolved: Arc::clone(&links.to),
        }
    };
    let pages: Vec<SitePage> = structure.places.iter().zip(&links).map(page).collect();
    let bundle = Bundle::of(parts.form, &pages, parts.today);
    let offline = parts.config.offline.as_ref().filter(|_| bundle.is_none());
    let kept = offline.and_then(|wanted| Kept::of(wanted, &pages, parts.today));
    let site = Site {
        config: Arc::clone(parts.config),
        digest: bundle.as_ref().map_or(digest, |bundle| Digest::of_value(&(digest, bundle))),
        assets: links::published(&links),
        pages,
        tags: Arc::clone(&structure.tags),
        redirects: Arc::clone(&structure.redirects),
        registers: Arc::clone(&registers),
        kinds: Arc::clone(parts.kinds),
        field_registers: Arc::clone(parts.field_registers),
        strings: Arc::clone(parts.strings),
        today: parts.today,
        bundle,
        kept,
    };
    let found = site.pages.iter().flat_map(|page| page.resolved.diagnostics());
    let diagnostics = structure
        .diagnostics
        .iter()
        .chain(&registers.diagnostics)
        .chain(found)
        .cloned()
        .chain(bundle::no_sections(&site, parts.hidden))
        .collect();
    (site, diagnostics)
}
