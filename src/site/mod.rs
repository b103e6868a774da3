//! The assembled handbook: its pages with their URLs and order, and the targets of all links.
//!
//! This module owns [`Site`] and [`assemble`]. Assembling is a series of linear passes over small structs. It must
//! not know the theme, nor any output format.

mod address_book;
mod assets;
mod brand;
mod bundle;
mod cards;
mod file_pages;
mod glossary;
mod hidden_names;
mod link_fixes;
mod link_index;
mod links;
mod list_names;
mod offline;
mod published_addresses;
mod redirects;
pub mod registers;
mod section_groups;
mod static_files;
mod structure;
mod taxonomy;
mod tree;
mod unlinked;
mod urls;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::build_target::BuildTarget;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::kinds::{Kinds, PageOrder};
use crate::memo::{Digest, Memo, Retention};
use crate::page::Page;
use crate::path::{FilePath, UrlPath};
use crate::people::PeopleNames;
use crate::registers::FieldRegisters;
use crate::source::Source;
use crate::strings::{Languages, Strings};

pub use address_book::{AddressBook, AddressForm, FieldAddress, ReadAddress};
pub use brand::{BrandPicture, LinkTarget, SiteBrand, SiteLink};
pub use bundle::Bundle;
pub use cards::{CARD_HEIGHT, CARD_WIDTH};
pub use file_pages::FilePage;
pub use glossary::{FoundTerm, Glossary, GlossaryTerm, PageTermNames};
pub use hidden_names::HiddenNames;
pub use link_index::AddressBase;
pub use links::ResolvedLinks;
pub use list_names::ListName;
pub use offline::OfflineSite;
pub use published_addresses::{PublishedAddress, PublishedAddresses};
pub use redirects::old_url;
pub use section_groups::SectionGroup;
pub use structure::Structure;

use registers::{AlertRuleFile, DataFiles, HealthDataFile, Registers};

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
    pub tags: Arc<[TagPages]>,
    /// The pictures and links of `[brand]`.
    pub brand: SiteBrand,
    /// Assets that a published page or the settings link, by URL.
    pub assets: BTreeMap<UrlPath, Asset>,
    /// The pages that show assets, in the order of their URLs.
    pub file_pages: Vec<FilePage>,
    /// The files of the static folder that are published, whether a page links them or not.
    pub static_files: BTreeMap<UrlPath, Asset>,
    /// Old URLs (decoded, without leading slash) and the page that each redirects to.
    pub redirects: Arc<BTreeMap<String, PageId>>,
    /// The terms that pages link.
    pub glossary: Arc<Glossary>,
    /// The registers over all pages: actions, reviews, controls, …
    pub registers: Arc<Registers>,
    /// The kinds of pages.
    pub kinds: Arc<Kinds>,
    /// Registers that are tables of fields.
    pub field_registers: Arc<FieldRegisters>,
    /// The texts of the program for readers.
    pub strings: Arc<Languages>,
    /// The day of the build, UTC.
    pub today: Date,
    /// The bundle that this site is; `None` for a site on a web server.
    pub bundle: Option<Bundle>,
    /// The part that browsers keep for reading offline; `None` for a bundle, which is offline as a whole.
    pub offline: Option<OfflineSite>,
}

/// A page with its position in the site.
#[derive(Debug, Clone)]
pub struct SitePage {
    /// The parsed page. A folder without a page of its own has an empty one.
    pub page: Arc<Page>,
    pub url: UrlPath,
    /// The URL percent-encoded. It is stored because every page with this one in its sidebar writes it.
    pub encoded: Arc<str>,
    pub parent: Option<PageId>,
    /// The name of the page in lists.
    pub name: ListName,
    /// Sorted by weight, then by `order`, then by title.
    pub children: Arc<[PageId]>,
    /// How the children are sorted.
    pub order: PageOrder,
    /// The day that decides its position among its siblings.
    pub day: Option<Date>,
    /// The number of pages in its folder and in all folders within. Folders without a page of their own do not count.
    pub descendants: usize,
    /// Whether the page stands for a folder, and whether the folder has a source for it.
    pub section: FolderRole,
    /// The last change of the page's file.
    pub change: Option<Change>,
    /// Pages that link here, in reading order, without repeats.
    pub backlinks: Vec<PageId>,
    /// Where the page's links lead.
    pub resolved: Arc<ResolvedLinks>,
}

/// Whether a page stands for a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FolderRole {
    /// An ordinary page.
    No,
    /// The folder's own page.
    Written,
    /// A folder without a page of its own: only its listing is shown, and there is no source to edit.
    Listing,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A page, and an anchor in it.
    Page { page: PageId, anchor: Option<String> },
    /// A published asset, and the page that shows it if it has one.
    Asset { url: UrlPath, size: Option<(u32, u32)>, anchor: Option<String>, page: Option<UrlPath> },
    /// Nothing. The link is shown as text.
    Broken,
}

/// A tag and the pages that have it.
#[derive(Debug)]
pub struct TagPages {
    /// As first written.
    pub name: String,
    /// The segment of the URL. Tags are sorted by it.
    pub slug: String,
    pub url: UrlPath,
    pub pages: Vec<PageId>,
}

/// The inputs that a site is assembled from.
pub struct SiteInputs<'a> {
    pub config: &'a Arc<Config>,
    pub pages: &'a [Arc<Page>],
    pub assets: &'a BTreeMap<FilePath, Asset>,
    /// The files of the static folder.
    pub static_files: &'a BTreeMap<FilePath, Asset>,
    /// Texts. Those that are not pages serve only for includes.
    pub sources: &'a BTreeMap<FilePath, Source>,
    /// Files of types that are not published.
    pub others: &'a BTreeSet<FilePath>,
    /// The names of what is hidden from the audience, for diagnostics only.
    pub hidden: &'a HiddenNames,
    pub history: &'a BTreeMap<FilePath, Change>,
    pub kinds: &'a Arc<Kinds>,
    pub field_registers: &'a Arc<FieldRegisters>,
    pub strings: &'a Arc<Languages>,
    /// Text files of the data folder.
    pub data: &'a BTreeMap<FilePath, Source>,
    pub today: Date,
    pub target: &'a BuildTarget,
}

impl Site {
    /// The page with that index.
    pub fn page(&self, id: PageId) -> &SitePage {
        &self.pages[id.0 as usize]
    }

    /// The children of a page for menus and cards: all but legal pages, which the footer of every page links.
    pub fn listed_children<'a>(&self, page: &'a SitePage) -> Cow<'a, [PageId]> {
        let children: &[PageId] = &page.children;
        if self.brand.legal.is_empty() || !children.iter().any(|id| self.is_legal(self.page(*id))) {
            return Cow::Borrowed(children);
        }
        Cow::Owned(children.iter().copied().filter(|id| !self.is_legal(self.page(*id))).collect())
    }

    /// Whether a page is one of the legal pages in `[brand]`.
    pub fn is_legal(&self, page: &SitePage) -> bool {
        self.brand.legal.contains(&page.url)
    }

    /// The language that a page is written in: its own, else the handbook's.
    pub fn language<'a>(&'a self, page: &'a SitePage) -> &'a str {
        page.page.front.language.as_deref().unwrap_or(&self.config.language)
    }

    /// The texts of the program in the handbook's language, for pages that no author wrote.
    pub fn words(&self) -> &Strings {
        self.strings.for_language(&self.config.language)
    }

    /// Every page with its index, in reading order.
    pub fn ids(&self) -> impl Iterator<Item = (PageId, &SitePage)> {
        (0..).map(PageId).zip(&self.pages)
    }
}

/// Results that are reused when a site is assembled again.
pub struct SiteMemos {
    structure: Memo<Structure>,
    rules: Memo<AlertRuleFile>,
    health: Memo<HealthDataFile>,
    registers: Memo<Registers>,
    links: links::LinkMemos,
}

impl SiteMemos {
    pub fn new(keep: Retention) -> SiteMemos {
        SiteMemos {
            structure: Memo::new(keep),
            rules: Memo::new(keep),
            health: Memo::new(keep),
            registers: Memo::new(keep),
            links: links::LinkMemos::new(keep),
        }
    }
}

/// The places of the pages: those that [`assemble`] has computed, if it was called with the same arguments.
pub fn structure_of(inputs: &SiteInputs<'_>, memos: &mut SiteMemos) -> Arc<Structure> {
    memos.structure.get_or_compute(structure::key(inputs), || structure::build_structure(inputs))
}

/// The history of a page, with each name as `people.yaml` has it.
fn change_of(page: &Page, inputs: &SiteInputs<'_>, people: &PeopleNames) -> Option<Change> {
    let mut change = inputs.history.get(&page.file).cloned()?;
    // How often and by whom it was changed would tell of changes in the parts that are withheld.
    if inputs.hidden.is_cut(&page.file) {
        change = change.last_alone();
    }
    change.author = change.author.map(|author| people.name(&author).to_owned());
    change.contributors = people.names(&change.contributors);
    Some(change)
}

/// Assembles the handbook.
pub fn assemble(inputs: &SiteInputs<'_>, memos: &mut SiteMemos) -> (Site, Vec<Diagnostic>) {
    let digest = structure::key(inputs);
    // Data files need no structure, so they are read in parallel with the resolution of links.
    let (files, (structure, links)) = rayon::join(
        || DataFiles {
            rules: AlertRuleFile::all(inputs, &mut memos.rules),
            health: HealthDataFile::all(inputs, &mut memos.health),
        },
        || {
            let structure = memos.structure.get_or_compute(digest, || structure::build_structure(inputs));
            let links = links::resolve(inputs, &structure, digest, &mut memos.links);
            (structure, links)
        },
    );
    // Before the pages: registers find the fields that name hidden pages, and such a page is replaced by one without
    // them.
    let registers = memos
        .registers
        .get_or_compute(registers::key(inputs, digest), || registers::collect(inputs, &structure, &files));
    let pages = placed_pages(inputs, &structure, &links, &registers);
    let bundle = Bundle::of(inputs.target, &pages, inputs.today);
    let offline = match &inputs.config.offline {
        Some(wanted) if bundle.is_none() => OfflineSite::of(wanted, &pages, inputs.today),
        _ => None,
    };
    let (static_files, refused) = static_files::published(inputs);
    let brand = brand::resolve(inputs, &structure);
    let mut assets = links::published(&links);
    assets.extend(brand.assets.iter().cloned());
    let glossary = Arc::new(Glossary::collect(inputs.config, &pages));
    let file_pages = file_pages::collect(&assets, inputs);
    let site = Site {
        config: Arc::clone(inputs.config),
        // The pages of a bundle write the addresses of pages outside it in another way, so its content is part of
        // the digest.
        digest: bundle.as_ref().map_or(digest, |bundle| Digest::of_value(&(digest, bundle))),
        brand,
        assets,
        file_pages,
        static_files,
        pages,
        tags: Arc::clone(&structure.tags),
        redirects: Arc::clone(&structure.redirects),
        glossary,
        registers: Arc::clone(&registers),
        kinds: Arc::clone(inputs.kinds),
        field_registers: Arc::clone(inputs.field_registers),
        strings: Arc::clone(inputs.strings),
        today: inputs.today,
        bundle,
        offline,
    };
    let mut problems = structure.diagnostics.clone();
    problems.extend(registers.diagnostics.iter().cloned());
    for page in &site.pages {
        problems.extend(page.resolved.diagnostics().iter().cloned());
    }
    problems.extend(refused);
    problems.extend(problems_of_site(&site, inputs));
    (site, problems)
}

/// The problems that only the finished site shows.
fn problems_of_site(site: &Site, inputs: &SiteInputs<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    problems.extend(site.brand.diagnostics.iter().cloned());
    problems.extend(bundle::no_sections(site, inputs.hidden));
    problems.extend(registers::check_names(inputs));
    problems.extend(glossary::unknown_pages(&site.config, &site.pages, inputs.hidden));
    problems.extend(glossary::unknown_terms(&site.glossary, &site.pages, inputs.hidden));
    problems.extend(unlinked::unlinked(inputs, site));
    problems
}

/// The pages with their places, links and last changes.
fn placed_pages(
    inputs: &SiteInputs<'_>,
    structure: &Structure,
    links: &[links::LinkedPage],
    registers: &Registers,
) -> Vec<SitePage> {
    let redacted = registers.references.redacted();
    let mut pages = Vec::with_capacity(structure.places.len());
    for ((id, place), links) in (0..).map(PageId).zip(&structure.places).zip(links) {
        // A page without the fields that name hidden pages stands for the parsed one.
        let page = redacted.get(&id).unwrap_or_else(|| place.origin.page(inputs));
        pages.push(SitePage {
            page: Arc::clone(page),
            url: place.url.clone(),
            encoded: Arc::clone(&place.encoded),
            parent: place.parent,
            name: place.name.clone(),
            children: Arc::clone(&place.children),
            order: place.order,
            day: place.day,
            descendants: place.descendants,
            section: place.section,
            change: change_of(page, inputs, &registers.people),
            backlinks: links.from.clone(),
            resolved: Arc::clone(&links.to),
        });
    }
    pages
}
