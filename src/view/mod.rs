//! Views: the plain data that a template may see, without access to the site.
//!
//! This module owns the view types, the list of HTML pages and the content of each. The digest of a view together
//! with that of the body covers everything that a rendered page depends on. It must not know templates.

mod advisory;
mod all_pages;
mod backlinks;
mod brand;
mod bundle;
mod cards;
mod error_pages;
mod feedback;
mod fields;
mod file_pages;
mod glossary;
mod home;
mod href;
mod incident;
mod minutes;
mod nav;
mod page_frame;
mod page_job;
mod pages;
mod preview;
mod print;
mod registers;
mod relations;
mod responder;
mod runbook;
mod state;
mod timeline_rows;
mod times;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Serialize;

pub use crate::site::registers::table::Tone;
pub use advisory::{AdvisoryView, AffectedView, PatchView};
pub use backlinks::BacklinksView;
pub use brand::{BrandLinkView, BrandView, IconView, LogoView};
pub use bundle::BundleView;
pub use cards::CardView;
pub use fields::{FactView, PictureView, ValueView};
pub use glossary::TermLink;
pub use home::{HomeAreaView, HomeEntryView, HomeKindView, HomeView};
pub use href::Href;
pub use incident::{DeadlineView, IncidentView, PlannedView, PointView, SimilarView};
pub use minutes::{MinutesEntryView, MinutesView};
pub use page_job::{PageJob, PagePath};
pub use pages::{ViewSettings, page_paths, site_view, views};
pub use preview::{CardSizeView, PreviewView};
pub use print::{PrintedPage, PrintedView};
pub use registers::{
    CellView, ColumnView, FacetOptionView, FacetView, GroupView, PlotView, RegisterView, StatView,
    ToolbarView,
};
pub use responder::{RecordView, ResponderView, UseView};
pub use runbook::{RunbookView, VariableView};
pub use state::{BannerView, StateView, TileView};
pub use timeline_rows::{RowLinkView, TimelineRowView};
pub use times::{DurationView, RevisionView, TimeView};

/// The facts about the handbook that every page shows. Paths are relative to the site's root: put `page.root`
/// before them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct SiteView {
    pub title: String,
    pub description: String,
    /// A BCP 47 tag, for `<html lang>`.
    pub language: String,
    /// The base URL, absolute and ending with `/`, where `base_url` is set.
    pub base_url: Option<String>,
    /// The address of the sources for readers.
    pub repository: Option<String>,
    /// The SPDX expression of the content's licence.
    pub license: Option<String>,
    /// The version of Opsbook.
    pub version: String,
    /// Whether this build is a preview by `opsbook serve` (adds the reload script).
    pub preview: bool,
    /// Whether search engines are asked to leave the site out.
    pub noindex: bool,
    /// The audience of the site, such as `Internal`, where not everybody may see it.
    pub audience: Option<String>,
    /// Theme assets: `base.css` → `assets/base.3f2a….css`.
    pub assets: BTreeMap<String, String>,
    /// The page of all registers, from the root; absent where there are none.
    pub registers: Option<String>,
    /// The announcement on every page.
    pub banner: Option<BannerView>,
    /// The pictures, the colour and the links of the organisation.
    pub brand: BrandView,
    /// The search page, from the root.
    pub search: String,
    /// Set in a bundle, whose pages are opened as files without a server.
    pub bundle: Option<BundleView>,
    /// The service worker that keeps pages for reading offline, from the root, where the settings enable it.
    pub worker: Option<String>,
    /// The content security policy of pages.
    pub policy: String,
    /// The same for pages for printing, which are not available offline.
    pub print_policy: String,
}

/// One HTML page: what all pages have, and the content of its type. Every URL in it is relative to the page,
/// percent-encoded and ready for `href`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PageView {
    pub title: String,
    /// One or two sentences without mark-up; may be empty.
    pub description: String,
    pub kind: String,
    /// The area of the home page that the page belongs to: `broken`, `work`, `learned`, `agreed`, `who`; empty
    /// where it belongs to none.
    pub place: String,
    pub language: String,
    /// The language of everything around the page's content, for `<html lang>`: the page's own where the program
    /// has its texts.
    pub frame: String,
    /// The theme's asset with the script of every page, and its texts in that language.
    pub script: String,
    /// The same for search.
    pub search_script: String,
    /// The page's language, where it is not that of the frame.
    pub lang: Option<String>,
    /// `../../` from this page to the site's root; `./` on the home page.
    pub root: String,
    /// The URL of the home page.
    pub start: String,
    /// The absolute URL of the page, where `base_url` is set: for `<link rel="canonical">`.
    pub canonical: Option<String>,
    /// The home page first, this page last.
    pub breadcrumbs: Vec<LinkView>,
    /// The sidebar. Templates get it separately from the page, because many pages share it.
    #[serde(skip)]
    pub nav: Arc<SidebarView>,
    /// The URL of this page as the sidebar writes it; empty on pages that are not in the sidebar.
    #[serde(skip)]
    pub here: String,
    /// Headings of level 2 and 3.
    pub outline: Vec<OutlineView>,
    /// The feeds that hold the page, or of the pages that it lists.
    pub feeds: Vec<LinkView>,
    /// Whether the page contains a diagram.
    pub diagrams: bool,
    /// Whether the page has tabs.
    pub tabs: bool,
    #[serde(flatten)]
    pub body: PageBody,
}

impl PageView {
    /// The rows of the timeline in the page's text.
    pub fn timeline_rows(&self) -> &[TimelineRowView] {
        let incident = match &self.body {
            PageBody::Content(content) => content.incident.as_ref(),
            _ => None,
        };
        incident.map(|incident| incident.rows.as_slice()).unwrap_or_default()
    }
}

/// The content of a page by its type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PageBody {
    /// The text of an author, or the listing of a folder.
    Content(Box<ContentView>),
    /// The home page.
    Home(Box<HomePageView>),
    /// A page of a register, or the overview of all registers.
    Register { register: Box<RegisterView> },
    /// The pages with a tag, or all tags.
    Tags { listing: Vec<CardView> },
    /// The search page and the offline page: the tree of all pages, or of all sections where there are more than 2,000
    /// pages.
    Contents { contents: Vec<NavView> },
    /// The long page of a section. The texts of its pages are in `bodies`, in the same order; `print` is the URL of the
    /// section.
    Print { printed: Vec<PrintedView>, print: String },
    /// A published file, shown as text.
    File { file: FileView },
    /// The page for an unknown address.
    NotFound,
}

/// A published file on a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct FileView {
    /// The text with its tokens marked.
    pub html: String,
    /// The extension.
    pub language: String,
    /// The URL of the file itself.
    pub download: String,
}

/// The content of any page as templates read it: `page.listing`, `page.register`. Every page has every field, because a
/// theme may use any of them in what all pages share.
#[derive(Serialize)]
struct BodyFields<'a> {
    #[serde(flatten)]
    content: &'a ContentView,
    home: Option<&'a HomeView>,
    state: Option<&'a StateView>,
    register: Option<&'a RegisterView>,
    listing: &'a [CardView],
    contents: &'a [NavView],
    printed: &'a [PrintedView],
    print: Option<&'a str>,
    file: Option<&'a FileView>,
}

impl<'a> BodyFields<'a> {
    fn new(content: &'a ContentView) -> BodyFields<'a> {
        BodyFields {
            content,
            home: None,
            state: None,
            register: None,
            listing: &content.listing,
            contents: &[],
            printed: &[],
            print: content.print.as_deref(),
            file: None,
        }
    }
}

impl Serialize for PageBody {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        static NOTHING: LazyLock<ContentView> = LazyLock::new(ContentView::default);
        let nothing = BodyFields::new(&NOTHING);
        let fields = match self {
            PageBody::Content(content) => BodyFields::new(content),
            PageBody::Home(page) => BodyFields {
                home: Some(&page.home),
                state: page.state.as_ref(),
                register: page.register.as_ref(),
                ..BodyFields::new(&page.content)
            },
            PageBody::Register { register } => BodyFields { register: Some(register), ..nothing },
            PageBody::Tags { listing } => BodyFields { listing, ..nothing },
            PageBody::Contents { contents } => BodyFields { contents, ..nothing },
            PageBody::Print { printed, print } => BodyFields { printed, print: Some(print), ..nothing },
            PageBody::File { file } => BodyFields { file: Some(file), ..nothing },
            PageBody::NotFound => nothing,
        };
        fields.serialize(serializer)
    }
}

/// The home page: its text, and the other pages by area.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HomePageView {
    pub content: ContentView,
    pub home: HomeView,
    /// Figures about the whole handbook; absent where it has no data for them.
    pub state: Option<StateView>,
    /// The overview of all registers; absent where there are none.
    pub register: Option<RegisterView>,
}

/// A page of content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct ContentView {
    /// The id of the heading that the title comes from, because links may lead to it.
    pub anchor: Option<String>,
    /// The name of the kind, with a link to all its pages; absent for a plain page.
    pub kind_link: Option<LinkView>,
    /// The fields that the kind's definition puts first, with the owner and the state of the review.
    pub strip: Vec<FactView>,
    /// The other fields that the definition shows.
    pub facts: Vec<FactView>,
    /// Fields of records, and fields with a text for an empty value; shown after the text.
    pub tables: Vec<FactView>,
    /// Whether one of them is also a board.
    pub board: bool,
    /// The relations of the page: the pages that it replaces, related pages, the controls that it is evidence for.
    pub relations: Vec<FactView>,
    pub owner: Option<String>,
    pub draft: bool,
    /// Whether the page is about something that is invented or was practised.
    pub exercise: bool,
    /// The level of the page, such as `Internal`, where not everybody may see it.
    pub level: Option<String>,
    /// The link preview.
    pub preview: Option<PreviewView>,
    pub tags: Vec<LinkView>,
    pub previous: Option<LinkView>,
    pub next: Option<LinkView>,
    /// The pages of this section, in reading order; empty on pages that are not a section.
    #[serde(skip)]
    pub listing: Vec<CardView>,
    /// Pages that link here, by their kind; at most 20 of each.
    pub backlinks: Vec<BacklinksView>,
    /// On a page of minutes: the facts found in them.
    pub minutes: Option<MinutesView>,
    /// On a page about an incident.
    pub incident: Option<IncidentView>,
    /// On an advisory.
    pub advisory: Option<AdvisoryView>,
    /// On a page with values to fill in, steps to tick, or commands with a marked effect.
    pub runbook: Option<RunbookView>,
    /// The head of a page that alerts lead to. Its `strip` and `facts` are then shown after the text.
    pub responder: Option<ResponderView>,
    /// The revisions in front matter, the oldest first.
    pub revisions: Vec<RevisionView>,
    /// The URL of the section's long page.
    #[serde(skip)]
    pub print: Option<String>,
    /// The URL that opens the page's source in an editor.
    pub edit_url: Option<String>,
    /// The URL of a form or a letter for feedback about this page, where the settings enable it.
    pub feedback_url: Option<String>,
    pub changed: Option<ChangeView>,
    /// The URL of the page's Markdown, next to the page.
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

/// The sidebar of a page, shared by other pages in its folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct SidebarView {
    /// A branch of the tree: open sections with their children.
    pub pages: Vec<NavView>,
    /// Groups of the home page's children.
    pub groups: Vec<NavGroupView>,
    /// The number of the home page's children that are not in `pages`. The home page lists them all.
    pub more: usize,
    /// The main sections: the home page's children (at most eight).
    pub menu: Vec<NavView>,
    /// The URL of the home page.
    pub start: String,
    /// The path from the page to the site's root: `../../`, or empty on the home page.
    pub root: String,
    /// The language of the frame.
    pub frame: String,
    /// On pages of registers: the registers.
    pub registers: Vec<LinkView>,
}

/// One entry of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct NavView {
    pub title: String,
    pub url: String,
    /// The date, such as `2026-11-21`, where siblings have the same title.
    pub date: Option<String>,
    /// The language of the title, where it is not that of the frame.
    pub lang: Option<String>,
    /// Whether it is a section above the page.
    pub open: bool,
    /// Whether it has children; false for the page itself.
    pub section: bool,
    /// The number of pages below it.
    pub pages: usize,
    /// The kind of a main section: that of its page, or else of its first page.
    pub kind: String,
    /// The children that are in no group.
    pub children: Vec<NavView>,
    /// The groups of the other children.
    pub groups: Vec<NavGroupView>,
    /// The number of children that are not shown because the section is large. Its page lists them all.
    pub more: usize,
}

/// Pages of a section that are folded under one heading in the sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct NavGroupView {
    pub title: String,
    /// Whether the page that shows the sidebar is in the group, or on its branch.
    pub open: bool,
    /// The number of pages, shown or not.
    pub count: usize,
    pub pages: Vec<NavView>,
    /// The number of pages that are not shown.
    pub more: usize,
}

/// One heading in the table of contents.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct OutlineView {
    pub title: String,
    pub url: String,
    /// The language of the title and of its children, where it is not that of the frame.
    pub lang: Option<String>,
    pub children: Vec<OutlineView>,
}

/// The last change of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ChangeView {
    /// `2026-11-21`.
    pub date: String,
    /// The author's name, only where `book.toml` asks for it.
    pub author: Option<String>,
    /// The day of the first version.
    pub first: Option<String>,
    /// The number of changes.
    pub count: Option<u32>,
    /// The names of all authors, only where `book.toml` asks for them.
    pub contributors: Vec<String>,
}
