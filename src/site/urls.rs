//! URLs of folders and pages.
//!
//! This module owns the URL of every file, the choice of the file that stands for its folder, and the rule that no
//! two pages share a URL. It knows no order and no links.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{FolderRole, SiteInputs};
use crate::diagnostic::Diagnostic;
use crate::markdown::Document;
use crate::memo::Digest;
use crate::page::{FrontMatter, Page, section_rank, title_of_name};
use crate::path::{self, FilePath, UrlPath, segment};
use crate::rules::{INPUT_NAME, URL_CONFLICT};
use crate::source::Span;

/// A folder of the content: its URL, and the page that stands for it.
#[derive(Debug)]
pub(super) struct ContentFolder {
    pub url: UrlPath,
    /// Its index into the parsed pages.
    page: Option<usize>,
}

/// Folders by path relative to the root.
pub(super) type ContentFolders = BTreeMap<String, ContentFolder>;

/// The source of a page of the site.
#[derive(Debug)]
pub(super) enum PageOrigin {
    /// An index into the parsed pages.
    Parsed(usize),
    /// A generated page, for a folder without one of its own.
    Listing(Arc<Page>),
}

impl PageOrigin {
    pub fn page<'a>(&'a self, inputs: &'a SiteInputs<'_>) -> &'a Arc<Page> {
        match self {
            PageOrigin::Parsed(number) => &inputs.pages[*number],
            PageOrigin::Listing(page) => page,
        }
    }
}

/// A page with its URL.
pub(super) struct PlacedPage {
    pub origin: PageOrigin,
    pub url: UrlPath,
    /// The URL of the section that it belongs to.
    pub parent: Option<UrlPath>,
    pub section: FolderRole,
    /// Pages sort by this number, then by title; infinite where no weight is given.
    pub weight: f64,
}

/// Every folder that contains pages, directly or further below, with its URL.
pub(super) fn folders(inputs: &SiteInputs<'_>, diagnostics: &mut Vec<Diagnostic>) -> ContentFolders {
    let content = inputs.config.content.as_str();
    let mut paths: BTreeSet<&str> = BTreeSet::from([content]);
    for page in inputs.pages {
        let mut folder = page.file.folder();
        while folder.len() > content.len() && paths.insert(folder) {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    let mut sections = section_pages(inputs.pages);
    let mut folders = ContentFolders::new();
    for path in paths {
        let page = sections.remove(path);
        let own = page.map(|number| &*inputs.pages[number]);
        let url = folder_url(path, own, &folders, inputs, diagnostics);
        folders.insert(path.to_owned(), ContentFolder { url, page });
    }
    folders
}

/// The page that stands for each folder: `_index.md` wins over `index.md`, and that over `README.md`.
fn section_pages(pages: &[Arc<Page>]) -> HashMap<&str, usize> {
    let mut best: HashMap<&str, usize> = HashMap::new();
    let rank = |number: usize| section_rank(&pages[number].file).map(|rank| (rank, &pages[number].file));
    for (number, page) in pages.iter().enumerate().filter(|(number, _)| rank(*number).is_some()) {
        let first = best.entry(page.file.folder()).or_insert(number);
        if rank(number) < rank(*first) {
            *first = number;
        }
    }
    best
}

fn folder_url(
    path: &str,
    page: Option<&Page>,
    above: &ContentFolders,
    inputs: &SiteInputs<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> UrlPath {
    if path == inputs.config.content {
        return UrlPath::new("");
    }
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    let base = above.get(parent).map_or("", |folder| folder.url.as_str());
    let slug = page.and_then(|page| page.front.slug.as_deref());
    let last = segment(slug.unwrap_or_else(|| inputs.config.without_number(name)));
    if last.is_empty()
        && let Some(page) = inputs.pages.iter().find(|page| page.file.beneath(path).is_some())
    {
        diagnostics.push(nameless(&page.file, name));
    }
    UrlPath::new(format!("{base}{last}/"))
}

fn nameless(file: &FilePath, name: &str) -> Diagnostic {
    let message = format!("`{name}` has no letter or digit to make a URL of");
    Diagnostic::new(&INPUT_NAME, Span::start_of(file), message)
        .help("rename it, or set `slug` in the front matter")
}

/// Gives each page its URL. Where two pages have the same URL, the first by path gets it and the other is reported.
pub(super) fn place(
    inputs: &SiteInputs<'_>,
    folders: &ContentFolders,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<PlacedPage> {
    let mut placed: BTreeMap<UrlPath, PlacedPage> = BTreeMap::new();
    for (path, folder) in folders {
        let section = if folder.page.is_some() { FolderRole::Written } else { FolderRole::Listing };
        let listing = || PageOrigin::Listing(Arc::new(listing(path, inputs)));
        let origin = folder.page.map_or_else(listing, PageOrigin::Parsed);
        let weight = weight(origin.page(inputs), path.rsplit('/').next().unwrap_or(path), inputs);
        let (url, parent) = (folder.url.clone(), folder.url.parent());
        add(&mut placed, PlacedPage { origin, url, parent, section, weight }, inputs, diagnostics);
    }
    for (number, page) in inputs.pages.iter().enumerate() {
        let folder = &folders[page.file.folder()];
        if folder.page == Some(number) {
            continue;
        }
        let name = page.front.slug.as_deref();
        let last = segment(name.unwrap_or_else(|| inputs.config.without_number(page.file.stem())));
        if last.is_empty() {
            diagnostics.push(nameless(&page.file, page.file.name()));
            continue;
        }
        let url = UrlPath::new(format!("{}{last}/", folder.url));
        let parent = Some(folder.url.clone());
        let weight = weight(page, page.file.name(), inputs);
        let origin = PageOrigin::Parsed(number);
        add(
            &mut placed,
            PlacedPage { origin, url, parent, section: FolderRole::No, weight },
            inputs,
            diagnostics,
        );
    }
    placed.into_values().collect()
}

/// The weight in front matter, else the number before the name where the handbook numbers its files.
fn weight(page: &Page, name: &str, inputs: &SiteInputs<'_>) -> f64 {
    let numbered = || path::number(name).filter(|_| inputs.config.number_prefixes).map(|(number, _)| number);
    page.front.weight.or_else(numbered).unwrap_or(f64::INFINITY)
}

fn add(
    placed: &mut BTreeMap<UrlPath, PlacedPage>,
    new: PlacedPage,
    inputs: &SiteInputs<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(first) = placed.get_mut(&new.url) else {
        placed.insert(new.url.clone(), new);
        return;
    };
    // A generated page gives way to a written one.
    if new.section == FolderRole::Listing {
        return;
    }
    if first.section == FolderRole::Listing {
        // A page `a.md` next to a folder `a/` without a page of its own becomes that folder's page.
        let url = first.url.clone();
        *first = PlacedPage { section: FolderRole::Written, url, ..new };
        return;
    }
    let (other, page) = (&first.origin.page(inputs).file, new.origin.page(inputs));
    let message = format!("this page and {other} have the same URL `/{}`", new.url);
    let span = page.front.span(&page.file, "slug");
    let problem =
        Diagnostic::new(&URL_CONFLICT, span, message).label(Span::start_of(other), "the other page");
    diagnostics.push(problem.help("rename one of the files, or give one a `slug`"));
}

/// A title made from the name of the folder that a page stands for.
pub(super) fn title_of_folder(page: &FilePath, inputs: &SiteInputs<'_>) -> String {
    let folder = page.folder().rsplit('/').next().unwrap_or("");
    let name = if section_rank(page).is_some() { folder } else { page.stem() };
    let name = FilePath::new(&format!("{}/_index.md", inputs.config.without_number(name)));
    let t = inputs.strings.for_language(&inputs.config.language);
    title_of_name(name.as_ref().unwrap_or(page), t)
}

/// The generated page of a folder without one.
fn listing(folder: &str, inputs: &SiteInputs<'_>) -> Page {
    let content = inputs.config.content.as_str();
    let file = FilePath::in_folder(folder, "_index.md").expect("a folder of the content is a path");
    let title = if folder == content { inputs.config.title.clone() } else { title_of_folder(&file, inputs) };
    Page {
        digest: Digest::from_parts(&[b"listing", folder.as_bytes(), title.as_bytes()]),
        listing_digest: Digest::default(),
        registers_digest: Digest::default(),
        anchors_digest: Digest::default(),
        front: FrontMatter::default(),
        description: if folder == content { inputs.config.description.clone() } else { String::new() },
        title,
        document: Document::default(),
        facts: crate::page::Facts::default(),
        filled_sections: crate::page::FilledSections::Yes,
        report_sections: crate::page::incidents::ReportSections::default(),
        variables: Vec::new(),
        diagnostics: Vec::new(),
        file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_prefixes_are_order_and_dates_are_names() {
        let name = |name| path::number(name).map_or(name, |(_, rest)| rest);
        assert_eq!(name("01-getting-started"), "getting-started");
        assert_eq!(name("2024-06-14-outage"), "2024-06-14-outage");
        assert_eq!(name("20240614-outage"), "20240614-outage");
        assert_eq!(name("2.0"), "2.0");
    }
}
