//! Everything that a link can lead to, and every way to write its path.
//!
//! Owns [`LinkIndex`], which finds the page of a path: relative to the file or to the page's URL, with or without extension,
//! from the root, by an old address. Reports nothing; `links` and `link_fixes` use it.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError};

use super::structure::Structure;
use super::{PageId, SiteInputs};
use crate::diagnostic::NameIndex;
use crate::dialect::MARKDOWN;
use crate::page::Page;
use crate::path::{FilePath, UrlPath, decode, segment};

/// Everything that a link can lead to.
pub(super) struct LinkIndex<'a> {
    pub inputs: &'a SiteInputs<'a>,
    pub structure: &'a Structure,
    names: LinkNames<'a>,
}

/// Names for suggestions. Each list is made when it is needed for the first time.
#[derive(Default)]
struct LinkNames<'a> {
    /// The last segments of the URLs of a folder's pages, by the folder's page.
    pages: Lists<PageId>,
    /// The files in a folder.
    files: Lists<&'a str>,
    /// The anchors of a page.
    anchors: Lists<PageId>,
}

type Lists<K> = Mutex<HashMap<K, Arc<NameIndex>>>;

/// The list of a key, which is made once.
fn list<'n, K: Eq + Hash, I: Iterator<Item = &'n str>>(
    lists: &Lists<K>,
    key: K,
    make: impl FnOnce() -> I,
) -> Arc<NameIndex> {
    let mut lists = lists.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(lists.entry(key).or_insert_with(|| Arc::new(NameIndex::new(make()))))
}

/// A link split into path and anchor.
pub(super) struct ParsedLink<'a> {
    pub path: &'a str,
    pub anchor: Option<String>,
}

/// What the path of an address is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressBase {
    /// The content folder, with a slash at the beginning.
    Root,
    /// The folder of the file that the address is written in.
    File,
    /// The URL of the page that shows the file.
    Url,
    /// The content folder, without a slash at the beginning.
    Content,
}

/// The place of a reading that there is not.
const NO_READING: (AddressBase, Option<FilePath>) = (AddressBase::Content, None);

impl<'a> LinkIndex<'a> {
    pub fn new(inputs: &'a SiteInputs<'a>, structure: &'a Structure) -> LinkIndex<'a> {
        LinkIndex { inputs, structure, names: LinkNames::default() }
    }

    pub fn page_of(&self, PageId(id): PageId) -> &'a Page {
        self.structure.places[id as usize].origin.page(self.inputs)
    }

    /// The anchors of a page, for suggestions. `names` makes them when they are needed for the first time.
    pub fn anchor_names<'n, I: Iterator<Item = &'n str>>(
        &self,
        page: PageId,
        names: impl FnOnce() -> I,
    ) -> Arc<NameIndex> {
        list(&self.names.anchors, page, names)
    }

    fn url(&self, PageId(id): PageId) -> &'a UrlPath {
        &self.structure.places[id as usize].url
    }

    /// The page that a path in a field names. `file` contains the field; an anchor is ignored.
    ///
    /// # Errors
    /// The nearest name, if there is one.
    pub fn named(&self, from: PageId, file: &FilePath, path: &str) -> Result<PageId, Option<String>> {
        let path = decode(ParsedLink::read(path).path);
        let candidates = self.candidates(from, file, &path);
        let page = candidates.iter().find_map(|path| self.page_at(path.as_str()));
        page.filter(|_| !path.is_empty()).ok_or_else(|| self.similar(&path, &candidates))
    }

    /// The hidden file or page that a path in a field names, if any; the arguments are those of
    /// [`LinkIndex::named`].
    pub fn hidden(&self, from: PageId, file: &FilePath, path: &str) -> Option<String> {
        let path = decode(ParsedLink::read(path).path);
        self.inputs.hidden.find(&self.candidates(from, file, &path), &self.inputs.config.content)
    }

    /// The page that a destination leads to, as written in `file` on the page `from`.
    pub fn page_of_link(&self, from: PageId, file: &FilePath, destination: &str) -> Option<PageId> {
        let path = decode(ParsedLink::read(destination).path);
        self.candidates(from, file, &path).iter().find_map(|path| self.page_at(path.as_str()))
    }

    /// The paths from the root that a destination may mean, the nearest first. All are inside the content folder.
    pub fn candidates(&self, from: PageId, file: &FilePath, path: &str) -> Vec<FilePath> {
        self.readings(Some(self.url(from)), file, path).into_iter().map(|(_, path)| path).collect()
    }

    /// The same, with what each is relative to. `url` is that of the page that shows `file`, if any does.
    pub fn readings(
        &self,
        url: Option<&UrlPath>,
        file: &FilePath,
        path: &str,
    ) -> Vec<(AddressBase, FilePath)> {
        let content = &self.inputs.config.content;
        let from_root = |path: &str| FilePath::in_folder(content, path);
        let found = match path.strip_prefix('/') {
            Some(absolute) => [(AddressBase::Root, from_root(absolute)), NO_READING, NO_READING],
            // Authors write paths relative to the file, to the URL of the page, or to the content folder without a
            // slash.
            None => [
                (AddressBase::File, file.join(path)),
                (AddressBase::Url, url.and_then(|url| from_root(&format!("{url}{path}")))),
                (AddressBase::Content, from_root(path).filter(|_| !path.starts_with('.'))),
            ],
        };
        let beneath = |path: &FilePath| path.as_str() == content || path.beneath(content).is_some();
        let named = found.into_iter().filter_map(|(base, path)| Some((base, path.filter(beneath)?)));
        named.collect()
    }

    /// The page at a path from the root: a file, with or without extension, a folder, or a URL.
    pub fn page_at(&self, path: &str) -> Option<PageId> {
        self.present_page_at(path).or_else(|| self.structure.redirects.get(&self.url_at(path)?).copied())
    }

    /// The same without old addresses.
    pub fn present_page_at(&self, path: &str) -> Option<PageId> {
        let file = |path: &str| self.structure.files.get(path).copied();
        let named = || MARKDOWN.iter().find_map(|(extension, _)| file(&format!("{path}.{extension}")));
        file(path).or_else(named).or_else(|| self.structure.urls.get(self.url_at(path)?.as_str()).copied())
    }

    /// The URL that a path from the root names as a URL, or as a folder.
    fn url_at(&self, path: &str) -> Option<String> {
        if let Some(folder) = self.structure.folders.get(path) {
            return Some(folder.url.as_str().to_owned());
        }
        let beneath = path.strip_prefix(self.inputs.config.content.as_str())?.trim_matches('/');
        let (folder, name) = beneath.rsplit_once('/').unwrap_or(("", beneath));
        let page = |(_, extension): &(&str, &str)| {
            *extension == "html" || MARKDOWN.iter().any(|(markdown, _)| markdown == extension)
        };
        let stem = name.rsplit_once('.').filter(page).map(|(stem, _)| stem);
        let name = match stem {
            Some("index" | "_index" | "README" | "readme") => "",
            Some(stem) => stem,
            None => name,
        };
        Some(url_of(folder, name))
    }

    /// The name to suggest: a page with the same name elsewhere, else the nearest name in the same folder.
    pub fn similar(&self, path: &str, candidates: &[FilePath]) -> Option<String> {
        let stem = last_segment(path.trim_end_matches('/'));
        let stem = segment(stem.strip_suffix(".md").unwrap_or(stem));
        if let Some([one]) = self.structure.names.get(stem.as_str()).map(Vec::as_slice) {
            return Some(self.file(*one).to_owned());
        }
        let wanted = candidates.first()?.as_str();
        let (folder, name) = wanted.rsplit_once('/')?;
        self.similar_page(folder, &stem).or_else(|| self.similar_asset(folder, name))
    }

    fn similar_page(&self, folder: &str, name: &str) -> Option<String> {
        let section = self.structure.urls.get(self.structure.folders.get(folder)?.url.as_str())?;
        let siblings = &self.structure.places[section.0 as usize].children;
        let own = |id: &PageId| self.url(*id).last_segment();
        let names = list(&self.names.pages, *section, || siblings.iter().map(own));
        let near = names.nearest(name)?;
        siblings.iter().find(|id| own(id) == near).map(|id| self.file(*id).to_owned())
    }

    fn similar_asset(&self, folder: &str, name: &str) -> Option<String> {
        let from = format!("{folder}/");
        let after = self.inputs.assets.range::<str, _>((Bound::Included(from.as_str()), Bound::Unbounded));
        let beneath = after.map(|(file, _)| file).take_while(|file| file.as_str().starts_with(&from));
        // The key of the list must live as long as the handbook, so it is taken from the path of a file.
        let folder = beneath.clone().find_map(|file| file.as_str().get(..folder.len()))?;
        let beside = || beneath.filter(|file| file.folder() == folder).map(FilePath::name);
        let names = list(&self.names.files, folder, beside);
        names.nearest(name).map(|near| format!("{folder}/{near}"))
    }

    pub fn file(&self, id: PageId) -> &'a str {
        self.page_of(id).file.as_str()
    }
}

impl ParsedLink<'_> {
    pub fn read(destination: &str) -> ParsedLink<'_> {
        let (path, anchor) = match destination.split_once('#') {
            Some((path, anchor)) => (path, Some(decode(anchor).into_owned())),
            None => (destination, None),
        };
        ParsedLink { path: path.split('?').next().unwrap_or(path), anchor }
    }
}

/// The URL of a page with this name in this folder.
pub(super) fn url_of(folder: &str, name: &str) -> String {
    let segments = folder.split('/').chain([name]).map(segment).filter(|segment| !segment.is_empty());
    segments.map(|segment| format!("{segment}/")).collect()
}

fn last_segment(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}
