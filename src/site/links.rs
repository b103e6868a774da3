//! The targets of links.
//!
//! This module owns every way to write an internal link: relative to the file or to the page's URL, with or without
//! extension, from the root, with an anchor. A broken link is reported with the nearest match.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError};

use super::structure::Structure;
use super::{Asset, PageId, SiteInputs, Target, assets, static_files};
use crate::asset::Refusal;
use crate::diagnostic::{Diagnostic, NameIndex};
use crate::dialect::{Dialect, MARKDOWN};
use crate::kinds::{Field, FieldType};
use crate::markdown::{Link, LinkRole};
use crate::memo::{Digest, Memo, Retention};
use crate::page::Page;
use crate::path::{FilePath, UrlPath, decode, segment};
use crate::rules::{LINK_ANCHOR, LINK_HIDDEN, LINK_MISSING};
use crate::source::Span;

/// The number of problems on a page that come with a suggestion. More are not useful, and each search takes time.
const MOST_SUGGESTED: usize = 100;

/// Everything that a link can lead to.
pub(super) struct LinkIndex<'a> {
    pub parts: &'a SiteInputs<'a>,
    structure: &'a Structure,
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

/// The resolved links of a page.
#[derive(Debug, Default)]
pub struct ResolvedLinks {
    /// The target of each of the page's links, in their order.
    pub targets: Vec<Target>,
    /// The targets of the files in the page's fields, by the value as it is written.
    pub files: BTreeMap<String, Target>,
    /// The digest of the targets and the files.
    pub digest: Digest,
    diagnostics: Vec<Diagnostic>,
    /// Assets that the links lead to.
    published: Vec<(UrlPath, Asset)>,
}

impl ResolvedLinks {
    pub(super) fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    pub(super) fn published(&self) -> &[(UrlPath, Asset)] {
        &self.published
    }
}

/// The links from and to one page.
pub(super) struct LinkedPage {
    /// The targets of the page's own links.
    pub to: Arc<ResolvedLinks>,
    /// Other pages that link here, in reading order.
    pub from: Vec<PageId>,
}

/// Results of resolving links, reused while their targets are the same.
pub(super) struct LinkMemos {
    /// The page or asset of each link; anchors are as written.
    found: Memo<ResolvedLinks>,
    /// The same with existing anchors only.
    checked: Memo<ResolvedLinks>,
}

impl LinkMemos {
    pub fn new(keep: Retention) -> LinkMemos {
        LinkMemos { found: Memo::new(keep), checked: Memo::new(keep) }
    }
}

/// Resolves the links of all pages. `place` is the digest of the structure.
pub(super) fn resolve(
    parts: &SiteInputs<'_>,
    structure: &Structure,
    place: Digest,
    memos: &mut LinkMemos,
) -> Vec<LinkedPage> {
    let index = LinkIndex::new(parts, structure);
    let addresses = index.addresses(place);
    let ids: Vec<PageId> = (0..structure.places.len() as u32).map(PageId).collect();
    let key = |id: &PageId| Digest::of_value(&(addresses, id, index.page_of(*id).digest));
    // Only the second pass depends on the anchors of other pages, so a new heading does not resolve all links
    // again.
    let found = memos.found.map(&ids, key, |id| index.resolve(*id));
    let found: Vec<(PageId, Arc<ResolvedLinks>)> = ids.iter().copied().zip(found).collect();
    let checked =
        |(id, found): &(PageId, Arc<ResolvedLinks>)| Digest::of_value(&(key(id), index.anchors(found)));
    let resolved = memos.checked.map(&found, checked, |(id, found)| index.check(*id, found));
    let backlinks = backlinks(&resolved);
    resolved.into_iter().zip(backlinks).map(|(to, from)| LinkedPage { to, from }).collect()
}

/// The assets that links lead to.
pub(super) fn published(links: &[LinkedPage]) -> BTreeMap<UrlPath, Asset> {
    links.iter().flat_map(|links| links.to.published.iter().cloned()).collect()
}

/// For each page the other pages that link to it, in reading order.
fn backlinks(resolved: &[Arc<ResolvedLinks>]) -> Vec<Vec<PageId>> {
    let mut backlinks: Vec<Vec<PageId>> = vec![Vec::new(); resolved.len()];
    for (from, resolved) in (0..).map(PageId).zip(resolved) {
        for target in &resolved.targets {
            let Target::Page { page, .. } = target else { continue };
            let links = &mut backlinks[page.0 as usize];
            if *page != from && links.last() != Some(&from) {
                links.push(from);
            }
        }
    }
    backlinks
}

impl<'a> LinkIndex<'a> {
    pub fn new(parts: &'a SiteInputs<'a>, structure: &'a Structure) -> LinkIndex<'a> {
        LinkIndex { parts, structure, names: LinkNames::default() }
    }

    pub fn page_of(&self, PageId(id): PageId) -> &'a Page {
        self.structure.places[id as usize].origin.page(self.parts)
    }

    fn url(&self, PageId(id): PageId) -> &'a UrlPath {
        &self.structure.places[id as usize].url
    }

    fn resolve(&self, from: PageId) -> ResolvedLinks {
        let mut found = ResolvedLinks::default();
        for link in &self.page_of(from).document.links {
            let target = self.target(from, link, &mut found);
            found.targets.push(target);
        }
        self.files(from, &mut found);
        found
    }

    /// Resolves an address in the settings as a link of the home page, with its anchor.
    pub fn setting(&self, destination: &str, at: &Span) -> ResolvedLinks {
        let mut found = ResolvedLinks::default();
        let link = Link { destination: destination.to_owned(), span: at.clone(), role: LinkRole::Follow };
        let mut target = self.target(PageId(0), &link, &mut found);
        if let Target::Page { page, anchor: Some(anchor) } = &target
            && let Some(problem) = self.unknown_anchor(*page, anchor, &link, Suggest::Yes)
        {
            found.diagnostics.push(problem);
            target = Target::Page { page: *page, anchor: None };
        }
        found.targets.push(target);
        found
    }

    /// Resolves the files that the page's fields name.
    fn files(&self, from: PageId, found: &mut ResolvedLinks) {
        let page = self.page_of(from);
        let is_file = |field: &Field| field.field_type == FieldType::File;
        for named in self.parts.kinds.values_of(&page.front.kind, &page.front.data, is_file) {
            let Some(text) = named.value.text() else { continue };
            let (span, role) = (page.front.span(&page.file, &named.path), LinkRole::Follow);
            let link = Link { destination: text.to_owned(), span, role };
            let mut target = self.target(from, &link, found);
            if let Target::Page { page, .. } = target {
                let message = format!("`{}` names {}, which is a page", named.name, self.file(page));
                let problem = Diagnostic::new(&LINK_MISSING, link.span, message);
                found.diagnostics.push(problem.help("name a picture or another file"));
                target = Target::Broken;
            }
            found.files.insert(text.to_owned(), target);
        }
    }

    /// The digests of the anchors that a page's links depend on.
    fn anchors(&self, found: &ResolvedLinks) -> Vec<Digest> {
        let anchors = |target: &Target| match target {
            Target::Page { page, anchor: Some(_) } => Some(self.page_of(*page).anchors),
            _ => None,
        };
        found.targets.iter().filter_map(anchors).collect()
    }

    /// Removes and reports anchors that do not exist.
    fn check(&self, from: PageId, found: &ResolvedLinks) -> ResolvedLinks {
        let (published, mut diagnostics) = (found.published.clone(), found.diagnostics.clone());
        let links = self.page_of(from).document.links.iter().zip(&found.targets);
        let targets: Vec<Target> = links
            .map(|(link, target)| match target {
                Target::Page { page, anchor: Some(anchor) } => {
                    let suggest = Suggest::after(&diagnostics);
                    let problem = self.unknown_anchor(*page, anchor, link, suggest);
                    let anchor = problem.is_none().then(|| anchor.clone());
                    diagnostics.extend(problem);
                    Target::Page { page: *page, anchor }
                }
                target => target.clone(),
            })
            .collect();
        let files = found.files.clone();
        ResolvedLinks {
            digest: Digest::of_value(&(&targets, &files)),
            targets,
            files,
            diagnostics,
            published,
        }
    }

    /// The digest of every address that a link can lead to. While it is the same, links lead to the same pages and
    /// assets.
    fn addresses(&self, place: Digest) -> Digest {
        let asset = |asset: &'a Asset| (&asset.file, asset.digest, asset.size, &asset.problem, asset.refusal);
        let assets: Vec<_> =
            self.parts.assets.values().chain(self.parts.static_files.values()).map(asset).collect();
        let sources: Vec<_> = self.parts.sources.keys().collect();
        Digest::of_value(&(place, assets, sources, self.parts.others, self.parts.hidden.digest()))
    }

    fn target(&self, from: PageId, link: &Link, found: &mut ResolvedLinks) -> Target {
        let place = ParsedLink::read(&link.destination);
        let decoded = decode(place.path);
        if decoded.is_empty() {
            return self.page(from, place.anchor, link, found);
        }
        let candidates = self.candidates(from, &link.span.file, &decoded);
        if let Some(page) = candidates.iter().find_map(|path| self.page_at(path.as_str())) {
            return self.page(page, place.anchor, link, found);
        }
        if let Some(asset) = candidates.iter().find_map(|path| self.parts.assets.get(path.as_str())) {
            return self.asset(asset, place.anchor, link, found);
        }
        if let Some(file) = candidates.iter().find_map(|path| static_files::find(path, self.parts)) {
            // A file that is not published is reported where it is.
            let target = |url| Target::Asset { url, size: file.size, anchor: place.anchor };
            return static_files::url(file, self.parts).map_or(Target::Broken, target);
        }
        let suggest = Suggest::after(&found.diagnostics);
        found.diagnostics.push(self.missing(link, &decoded, &candidates, suggest));
        Target::Broken
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
        self.parts.hidden.find(&self.candidates(from, file, &path), &self.parts.config.content)
    }

    /// The page that a destination leads to, as written in `file` on the page `from`.
    pub fn page_of_link(&self, from: PageId, file: &FilePath, destination: &str) -> Option<PageId> {
        let path = decode(ParsedLink::read(destination).path);
        self.candidates(from, file, &path).iter().find_map(|path| self.page_at(path.as_str()))
    }

    /// The paths from the root that a destination may mean, the nearest first. All are inside the content folder.
    fn candidates(&self, from: PageId, file: &FilePath, path: &str) -> Vec<FilePath> {
        self.readings(Some(self.url(from)), file, path).into_iter().map(|(_, path)| path).collect()
    }

    /// The same, with what each is relative to. `url` is that of the page that shows `file`, if any does.
    pub fn readings(
        &self,
        url: Option<&UrlPath>,
        file: &FilePath,
        path: &str,
    ) -> Vec<(AddressBase, FilePath)> {
        let content = &self.parts.config.content;
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
        let file = |path: &str| self.structure.files.get(path).copied();
        let named = || MARKDOWN.iter().find_map(|(extension, _)| file(&format!("{path}.{extension}")));
        file(path).or_else(named).or_else(|| self.page_at_url(path))
    }

    fn page_at_url(&self, path: &str) -> Option<PageId> {
        if let Some(folder) = self.structure.folders.get(path) {
            return self.structure.urls.get(folder.url.as_str()).copied();
        }
        let beneath = path.strip_prefix(self.parts.config.content.as_str())?.trim_matches('/');
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
        let url = url_of(folder, name);
        self.structure.urls.get(url.as_str()).or_else(|| self.structure.redirects.get(&url)).copied()
    }

    fn page(&self, to: PageId, anchor: Option<String>, link: &Link, found: &mut ResolvedLinks) -> Target {
        if let LinkRole::Show { .. } = link.role {
            let message = format!("{} is a page and cannot be shown as an image", self.file(to));
            found.diagnostics.push(Diagnostic::new(&LINK_MISSING, link.span.clone(), message));
            return Target::Broken;
        }
        let anchor = anchor.filter(|anchor| !anchor.is_empty() && anchor != "top");
        Target::Page { page: to, anchor }
    }

    fn unknown_anchor(&self, to: PageId, wanted: &str, link: &Link, suggest: Suggest) -> Option<Diagnostic> {
        let page = self.page_of(to);
        let title = page.document.title.as_ref().map(|heading| heading.id.as_str());
        let known = |id: &str| {
            title == Some(id) || page.document.anchors.binary_search_by(|a| a.as_str().cmp(id)).is_ok()
        };
        // `:~:` begins a text fragment, which browsers resolve in the text themselves.
        if wanted.starts_with(":~:") || known(wanted) {
            return None;
        }
        // The anchor may exist in the withheld part.
        if self.parts.hidden.is_part(&page.file) {
            let message = format!("no anchor `{wanted}` in {} for the audience of this build", page.file);
            return Some(Diagnostic::new(&LINK_HIDDEN, link.span.clone(), message));
        }
        let message = format!("no anchor `{wanted}` in {}", page.file);
        let mut problem = Diagnostic::new(&LINK_ANCHOR, link.span.clone(), message);
        if suggest == Suggest::Yes {
            let anchors = || page.document.anchors.iter().map(String::as_str).chain(title);
            let anchors = list(&self.names.anchors, to, anchors);
            problem.help = anchors.nearest(wanted).map(|near| format!("did you mean `{near}`?").into());
        }
        Some(problem)
    }

    fn asset(&self, asset: &Asset, anchor: Option<String>, link: &Link, found: &mut ResolvedLinks) -> Target {
        found.diagnostics.extend(assets::problems(asset, &link.span));
        if !assets::is_published(asset) {
            return Target::Broken;
        }
        let url = assets::url(&asset.file, &self.parts.config.content, &self.structure.folders);
        found.published.push((url.clone(), asset.clone()));
        Target::Asset { url, size: asset.size, anchor }
    }

    fn missing(&self, link: &Link, path: &str, candidates: &[FilePath], suggest: Suggest) -> Diagnostic {
        let parts = self.parts;
        // The target exists for other audiences, so it is hidden, not missing.
        let content = &parts.config.content;
        let beside: Vec<_> = candidates.iter().filter_map(|path| static_files::beside(path, parts)).collect();
        let hidden = parts.hidden.find(candidates, content).or_else(|| parts.hidden.find(&beside, content));
        if let Some(hidden) = hidden {
            let message = format!("{hidden} is not for the audience of this build");
            return Diagnostic::new(&LINK_HIDDEN, link.span.clone(), message);
        }
        let text = candidates.iter().find_map(|path| parts.sources.get(path.as_str()));
        let other = candidates.iter().find_map(|path| parts.others.get(path.as_str()));
        if let Some(file) = text.map(|source| &source.path).or(other) {
            if Dialect::from_path(file).is_some() {
                let message = format!("{file} is not published: it is a draft, or only for includes");
                return Diagnostic::new(&LINK_MISSING, link.span.clone(), message);
            }
            let refusal = Refusal::of_type(&file.extension());
            let message = format!("{file} {}", refusal.message());
            return Diagnostic::new(refusal.rule(), link.span.clone(), message).help(refusal.way_out());
        }
        let message = format!("there is no page or file `{path}`");
        let mut problem = Diagnostic::new(&LINK_MISSING, link.span.clone(), message);
        if suggest == Suggest::Yes {
            problem.help =
                self.similar(path, candidates).map(|near| format!("did you mean `{near}`?").into());
        }
        problem
    }

    /// The name to suggest: a page with the same name elsewhere, else the nearest name in the same folder.
    fn similar(&self, path: &str, candidates: &[FilePath]) -> Option<String> {
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
        let after = self.parts.assets.range::<str, _>((Bound::Included(from.as_str()), Bound::Unbounded));
        let beneath = after.map(|(file, _)| file).take_while(|file| file.as_str().starts_with(&from));
        // The key of the list must live as long as the handbook, so it is taken from the path of a file.
        let folder = beneath.clone().find_map(|file| file.as_str().get(..folder.len()))?;
        let beside = || beneath.filter(|file| file.folder() == folder).map(FilePath::name);
        let names = list(&self.names.files, folder, beside);
        names.nearest(name).map(|near| format!("{folder}/{near}"))
    }

    fn file(&self, id: PageId) -> &'a str {
        self.page_of(id).file.as_str()
    }
}

/// Whether a problem comes with a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suggest {
    Yes,
    No,
}

impl Suggest {
    /// The choice for the next problem of a page with these problems.
    fn after(problems: &[Diagnostic]) -> Suggest {
        if problems.len() < MOST_SUGGESTED { Suggest::Yes } else { Suggest::No }
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
