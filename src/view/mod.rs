//! What a template may see: plain data, nothing that can reach into the site.
//!
//! Owns the view types, which HTML pages exist and what each shows. A view's hash, with the body's, is the
//! whole list of what a rendered page depends on. Must not know templates.

mod advisory;
mod all_pages;
mod backlinks;
mod bundle;
mod cards;
mod error_pages;
mod feedback;
mod fields;
mod home;
mod href;
mod incident;
mod minutes;
mod nav;
mod pages;
mod preview;
mod print;
mod registers;
mod relations;
mod runbook;
mod times;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

pub use crate::site::registers::table::Tone;
pub use advisory::{AdvisoryView, AffectedView, PatchView};
pub use backlinks::BacklinksView;
pub use bundle::BundleView;
pub use cards::CardView;
pub use fields::{FactView, PictureView, ValueView};
pub use home::{HomeAreaView, HomeEntryView, HomeKindView, HomeView};
pub use href::Href;
pub use incident::{DeadlineView, IncidentView, PlannedView, PointView, SimilarView};
pub use minutes::{MinutesEntryView, MinutesView};
pub use pages::{PageJob, ViewSettings, site_view, views};
pub use preview::PreviewView;
pub use print::{PrintedPage, PrintedView};
pub use registers::{CellView, GroupView, RegisterView, StatView};
pub use runbook::{RunbookView, VariableView};
pub use times::{DurationView, RevisionView, TimeView};

/// What every page shows of the handbook. Paths are relative to the site's root: put `page.root` before them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct SiteView {
    pub title: String,
    pub description: String,
    /// A BCP 47 tag, for `<html lang>`.
    pub language: String,
    /// Absolute, ending with `/`, where `base_url` is set.
    pub base_url: Option<String>,
    /// Where the sources live, for readers.
    pub repository: Option<String>,
    /// SPDX expression of the content's licence.
    pub license: Option<String>,
    /// Opsbook's own version.
    pub version: String,
    /// Whether this build is a preview by `opsbook serve` (adds the reload script).
    pub preview: bool,
    /// For whom the site is, where not everybody may see it: `Internal`.
    pub audience: Option<String>,
    /// Theme assets: `style.css` → `assets/style.3f2a….css`.
    pub assets: BTreeMap<String, String>,
    /// The page of all registers, from the root; absent where there are none.
    pub registers: Option<String>,
    /// The search page, from the root.
    pub search: String,
    /// On pages that are opened as files, without a server.
    pub bundle: Option<BundleView>,
    /// The program by which a browser keeps pages, from the root, where the handbook wants that.
    pub worker: Option<String>,
    /// What a browser may do with a page.
    pub policy: String,
    /// The same of pages for printing, which are not kept.
    pub print_policy: String,
}

/// What one HTML page shows. Every URL in it is relative to the page, percent-encoded and ready for `href`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PageView {
    pub title: String,
    /// The id of the title's heading, where the text began with it: links may lead to it.
    pub anchor: Option<String>,
    /// One or two sentences without mark-up; empty where there is nothing to say.
    pub description: String,
    pub kind: String,
    /// Where the page stands on the home page: `broken`, `work`, `learned`, `agreed`, `who`; empty where it does not.
    pub place: String,
    /// On the home page: the others by what readers want.
    pub home: Option<HomeView>,
    /// What the kind is called, and the page of all its pages; absent for a plain page.
    pub kind_link: Option<LinkView>,
    /// The fields that the kind's definition puts first, with the owner and how the review stands.
    pub strip: Vec<FactView>,
    /// The other fields that the definition shows.
    pub facts: Vec<FactView>,
    /// Fields of records, and those whose emptiness says something; shown after the text.
    pub tables: Vec<FactView>,
    /// What the page is to others: what it replaces, what belongs to it, which controls it is evidence for.
    pub relations: Vec<FactView>,
    pub language: String,
    /// Of what stands around the page's content, for `<html lang>`: the page's own where the program speaks it.
    pub frame: String,
    /// The theme's asset with what scripts say in that language.
    pub texts: String,
    /// The page's language, where it is not that of the frame.
    pub lang: Option<String>,
    pub owner: Option<String>,
    pub draft: bool,
    /// Who may see the page, where not everybody may: `Internal`.
    pub level: Option<String>,
    /// `../../` from this page to the site's root; `./` on the home page.
    pub root: String,
    /// The way to the site's first page.
    pub start: String,
    /// Absolute, where `base_url` is set: for `<link rel="canonical">`.
    pub canonical: Option<String>,
    /// What other programs show of a link to the page; only of pages that an author wrote.
    pub preview: Option<PreviewView>,
    /// Home first, this page last.
    pub breadcrumbs: Vec<LinkView>,
    /// What stands at the side. Templates get it beside the page: many pages share it.
    #[serde(skip)]
    pub nav: Arc<SidebarView>,
    /// How the sidebar writes the address of this page; empty on pages that do not stand there.
    #[serde(skip)]
    pub here: String,
    /// Headings of level 2 and 3.
    pub outline: Vec<OutlineView>,
    pub tags: Vec<LinkView>,
    pub previous: Option<LinkView>,
    pub next: Option<LinkView>,
    /// Pages of this section (or with this term), in reading order; empty on pages that are no section.
    pub listing: Vec<CardView>,
    /// The tree of all pages, or of all sections where there are more than 2,000 pages; on the search page only.
    pub contents: Vec<NavView>,
    /// Pages that link here, by their kind; at most 20 of each.
    pub backlinks: Vec<BacklinksView>,
    /// Whether the page shows a diagram.
    pub diagrams: bool,
    /// Whether the page has tabs.
    pub tabs: bool,
    /// On a page of minutes: what was found in them.
    pub minutes: Option<MinutesView>,
    /// On a page about an incident.
    pub incident: Option<IncidentView>,
    /// On an advisory.
    pub advisory: Option<AdvisoryView>,
    /// On a page with values to fill in, steps to tick, or commands that say what they do.
    pub runbook: Option<RunbookView>,
    /// What changed on the page, where its front matter says so; the oldest first.
    pub revisions: Vec<RevisionView>,
    /// On the page of a register: what it shows; on the home page the overview of all registers.
    pub register: Option<RegisterView>,
    /// On the long page of a section: the pages on it. Their texts are in `bodies`, in the same order.
    pub printed: Vec<PrintedView>,
    /// From a section to its long page, and back.
    pub print: Option<String>,
    /// Opens the page's source in an editor.
    pub edit_url: Option<String>,
    /// Opens a form or a letter in which the reader says what is wrong here, where the handbook wants that.
    pub feedback_url: Option<String>,
    pub changed: Option<ChangeView>,
    /// The page's Markdown beside it.
    pub markdown_url: Option<String>,
    /// The page's source file, relative to the root.
    pub source: Option<String>,
}

/// A link with its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct LinkView {
    pub title: String,
    pub url: String,
    /// The language of the title, where it is not that of the frame.
    pub lang: Option<String>,
}

impl LinkView {
    /// A link whose title is in the language of the frame.
    pub fn new(title: impl Into<String>, url: impl Into<String>) -> LinkView {
        LinkView { title: title.into(), url: url.into(), lang: None }
    }
}

/// What stands at the side of a page, and of all others in its folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct SidebarView {
    /// A branch of the tree: sections that are open, with their children.
    pub pages: Vec<NavView>,
    /// Children of the home page that are left out of `pages`; the home page lists them all.
    pub more: usize,
    /// The main sections: the home page's children (at most eight).
    pub menu: Vec<NavView>,
    /// The way to the site's first page.
    pub start: String,
}

/// One entry of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct NavView {
    pub title: String,
    pub url: String,
    /// `2026-11-21`, where others beside it have the same title.
    pub date: Option<String>,
    /// The language of the title, where it is not that of the frame.
    pub lang: Option<String>,
    /// Whether it is a section above the page.
    pub open: bool,
    /// Whether there are pages beneath it; not on its own page.
    pub section: bool,
    pub children: Vec<NavView>,
    /// Children left out because the section is large; its page lists them all.
    pub more: usize,
}

/// One heading in the table of contents.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct OutlineView {
    pub title: String,
    pub url: String,
    /// The language of the title and of those beneath it, where it is not that of the frame.
    pub lang: Option<String>,
    pub children: Vec<OutlineView>,
}

/// When a page last changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ChangeView {
    /// `2026-11-21`.
    pub date: String,
    /// The author's name, only where `book.toml` asks for it.
    pub author: Option<String>,
}
