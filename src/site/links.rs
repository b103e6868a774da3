//! Where links lead.
//!
//! Owns every way an internal link can be written: relative to the file or to the page's URL, with or
//! without extension, from the root, with an anchor. What leads nowhere is reported with the nearest match.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError};

use super::structure::Structure;
use super::{Asset, PageId, Parts, Target, assets};
use crate::diagnostic::{Diagnostic, Names};
use crate::kinds::{Field, Sort};
use crate::markdown::{Link, Role};
use crate::memo::{Digest, Keep, Memo};
use crate::metadata::{Format, Problem, Unchecked};
use crate::page::Page;
use crate::path::{FilePath, MARKDOWN, UrlPath, decode, segment};
use crate::rules::{
    ASSET_BROKEN, ASSET_METADATA, ASSET_TYPE, ASSET_UNCHECKED, ASSET_UNSAFE, LINK_ANCHOR, LINK_HIDDEN,
    LINK_MISSING,
};

/// Extensions of files that hold private keys, or may hold some.
const SECRETS: &[&str] = &["jks", "kdbx", "key", "keytab", "p12", "pfx", "ppk"];

/// So many problems of a page say what may be meant: nobody reads more, and looking for it takes time.
const MOST_SUGGESTED: usize = 100;

/// Everything that a link can lead to.
pub(super) struct Index<'a> {
    pub parts: &'a Parts<'a>,
    structure: &'a Structure,
    names: Known<'a>,
}

/// Names that links may mean, as far as somebody has asked for them.
#[derive(Default)]
struct Known<'a> {
    /// The last segments of the pages in a folder, by the folder's page.
    pages: Lists<PageId>,
    /// The files in a folder.
    files: Lists<&'a str>,
    /// The anchors of a page.
    anchors: Lists<PageId>,
}

type Lists<K> = Mutex<HashMap<K, Arc<Names>>>;

/// The list of a key, which is made once.
fn list<'n, K: Eq + Hash, I: Iterator<Item = &'n str>>(
    lists: &Lists<K>,
    key: K,
    make: impl FnOnce() -> I,
) -> Arc<Names> {
    let mut lists = lists.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(lists.entry(key).or_insert_with(|| Arc::new(Names::new(make()))))
}

/// A link, taken apart.
struct Place<'a> {
    path: &'a str,
    anchor: Option<String>,
}

/// What became of a page's links.
#[derive(Debug, Default)]
pub struct Resolved {
    /// Where each of the page's links leads, in their order.
    pub targets: Vec<Target>,
    /// Where the files lie that the page's fields name, by the name as it is written.
    pub files: BTreeMap<String, Target>,
    /// The digest of the targets and the files.
    pub digest: Digest,
    diagnostics: Vec<Diagnostic>,
    /// Assets that the links lead to.
    published: Vec<(UrlPath, Asset)>,
}

impl Resolved {
    pub(super) fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

/// The links of one page.
pub(super) struct Linked {
    /// Where they lead.
    pub to: Arc<Resolved>,
    /// Other pages that lead here, in reading order.
    pub from: Vec<PageId>,
}

/// Spares links that lead where they did.
pub(super) struct Memos {
    /// Which page or asset each link leads to; anchors are as written.
    found: Memo<Resolved>,
    /// The same, with anchors that exist.
    checked: Memo<Resolved>,
}

impl Memos {
    pub fn new(keep: Keep) -> Memos {
        Memos { found: Memo::new(keep), checked: Memo::new(keep) }
    }
}

/// Resolves the links of all pages. `place` is the digest of the structure.
pub(super) fn resolve(
    parts: &Parts<'_>,
    structure: &Structure,
    place: Digest,
    memos: &mut Memos,
) -> Vec<Linked> {
    let index = Index::new(parts, structure);
    let addresses = index.addresses(place);
    let ids: Vec<PageId> = (0..structure.places.len() as u32).map(PageId).collect();
    let key = |id: &PageId| Digest::of_value(&(addresses, id, index.page_of(*id).digest));
    let found = memos.found.map(&ids, key, |id| index.resolve(*id));
    let found: Vec<(PageId, Arc<Resolved>)> = ids.iter().copied().zip(found).collect();
    let checked = |(id, found): &(PageId, Arc<Resolved>)| Digest::of_value(&(key(id), index.anchors(found)));
    let resolved = memos.checked.map(&found, checked, |(id, found)| index.check(*id, found));
    let backlinks = backlinks(&resolved);
    resolved.into_iter().zip(backlinks).map(|(to, from)| Linked { to, from }).collect()
}

/// The assets that links lead to.
pub(super) fn published(links: &[Linked]) -> BTreeMap<UrlPath, Asset> {
    links.iter().flat_map(|links| links.to.published.iter().cloned()).collect()
}

/// For each page the others that link to it, in reading order.
fn backlinks(resolved: &[Arc<Resolved>]) -> Vec<Vec<PageId>> {
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

impl<'a> Index<'a> {
    pub fn new(parts: &'a Parts<'a>, structure: &'a Structure) -> Index<'a> {
        Index { parts, structure, names: Known::default() }
    }

    fn page_of(&self, PageId(id): PageId) -> &'a Page {
        self.structure.places[id as usize].origin.page(self.parts)
    }

    fn url(&self, PageId(id): PageId) -> &'a UrlPath {
        &self.structure.places[id as usize].url
    }

    fn resolve(&self, from: PageId) -> Resolved {
        let mut found = Resolved::default();
        for link in &self.page_of(from).document.links {
            let target = self.target(from, link, &mut found);
            found.targets.push(target);
        }
        self.files(from, &mut found);
        found
    }

    /// The files that the page's fields name.
    fn files(&self, from: PageId, found: &mut Resolved) {
        let page = self.page_of(from);
        let is_file = |field: &Field| field.sort == Sort::File;
        for named in self.parts.kinds.values_of(&page.front.kind, &page.front.data, is_file) {
            let Some(text) = named.value.text() else { continue };
            let (span, role) = (page.front.span(&page.file, &named.path), Role::Follow);
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

    /// What a page's links need to know of the anchors of others.
    fn anchors(&self, found: &Resolved) -> Vec<Digest> {
        let anchors = |target: &Target| match target {
            Target::Page { page, anchor: Some(_) } => Some(self.page_of(*page).anchors),
            _ => None,
        };
        found.targets.iter().filter_map(anchors).collect()
    }

    /// Takes away the anchors that do not exist.
    fn check(&self, from: PageId, found: &Resolved) -> Resolved {
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
        Resolved { digest: Digest::of_value(&(&targets, &files)), targets, files, diagnostics, published }
    }

    /// The digest of every address that a link can lead to: while it is the same, links lead to the same pages
    /// and assets.
    fn addresses(&self, place: Digest) -> Digest {
        let asset = |asset: &'a Asset| (&asset.file, asset.digest, asset.size, &asset.problem);
        let assets: Vec<_> = self.parts.assets.values().map(asset).collect();
        let sources: Vec<_> = self.parts.sources.keys().collect();
        Digest::of_value(&(place, assets, sources, self.parts.others, self.parts.hidden.digest()))
    }

    fn target(&self, from: PageId, link: &Link, found: &mut Resolved) -> Target {
        let place = Place::read(&link.destination);
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
        let suggest = Suggest::after(&found.diagnostics);
        found.diagnostics.push(self.missing(link, &decoded, &candidates, suggest));
        Target::Broken
    }

    /// The page that a path in a field means. `file` is where the field stands; an anchor is left out.
    ///
    /// # Errors
    /// What may be meant, if anything.
    pub fn named(&self, from: PageId, file: &FilePath, path: &str) -> Result<PageId, Option<String>> {
        let path = decode(Place::read(path).path);
        let candidates = self.candidates(from, file, &path);
        let page = candidates.iter().find_map(|path| self.page_at(path.as_str()));
        page.filter(|_| !path.is_empty()).ok_or_else(|| self.similar(&path, &candidates))
    }

    /// The hidden thing that a path in a field means, if any; as with [`Index::named`].
    pub fn hidden(&self, from: PageId, file: &FilePath, path: &str) -> Option<String> {
        let path = decode(Place::read(path).path);
        self.parts.hidden.find(&self.candidates(from, file, &path), &self.parts.config.content)
    }

    /// The page that a destination leads to, as written in `file` on the page `from`.
    pub fn page_of_link(&self, from: PageId, file: &FilePath, destination: &str) -> Option<PageId> {
        let path = decode(Place::read(destination).path);
        self.candidates(from, file, &path).iter().find_map(|path| self.page_at(path.as_str()))
    }

    /// The paths from the root that a destination may mean, nearest first. All lie beneath the content.
    fn candidates(&self, from: PageId, file: &FilePath, path: &str) -> Vec<FilePath> {
        let content = &self.parts.config.content;
        let from_root = |path: &str| FilePath::new(&format!("{content}/{path}"));
        let beneath = |path: &FilePath| path.as_str() == content || path.beneath(content).is_some();
        if let Some(absolute) = path.strip_prefix('/') {
            return from_root(absolute).into_iter().filter(beneath).collect();
        }
        let beside = file.join(path);
        let by_url = from_root(&format!("{}{path}", self.url(from)));
        let root = from_root(path).filter(|_| !path.starts_with('.'));
        beside.into_iter().chain(by_url).chain(root).filter(beneath).collect()
    }

    /// The page that a path from the root means: a file, with or without extension, a folder, or a URL.
    fn page_at(&self, path: &str) -> Option<PageId> {
        let file = |path: &str| self.structure.files.get(path).copied();
        let named = || MARKDOWN.iter().find_map(|extension| file(&format!("{path}.{extension}")));
        file(path).or_else(named).or_else(|| self.page_at_url(path))
    }

    fn page_at_url(&self, path: &str) -> Option<PageId> {
        if let Some(folder) = self.structure.folders.get(path) {
            return self.structure.urls.get(folder.url.as_str()).copied();
        }
        let beneath = path.strip_prefix(self.parts.config.content.as_str())?.trim_matches('/');
        let (folder, name) = beneath.rsplit_once('/').unwrap_or(("", beneath));
        let page = |(_, extension): &(&str, &str)| MARKDOWN.contains(extension) || *extension == "html";
        let stem = name.rsplit_once('.').filter(page).map(|(stem, _)| stem);
        let name = match stem {
            Some("index" | "_index" | "README" | "readme") => "",
            Some(stem) => stem,
            None => name,
        };
        let url = url_of(folder, name);
        self.structure.urls.get(url.as_str()).or_else(|| self.structure.redirects.get(&url)).copied()
    }

    fn page(&self, to: PageId, anchor: Option<String>, link: &Link, found: &mut Resolved) -> Target {
        if let Role::Show { .. } = link.role {
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
        if wanted.starts_with(":~:") || known(wanted) {
            return None;
        }
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

    fn asset(&self, asset: &Asset, anchor: Option<String>, link: &Link, found: &mut Resolved) -> Target {
        if let Some(refusal) = asset.refusal {
            let message = format!("{} {}", asset.file, refusal.message());
            let problem = Diagnostic::new(&ASSET_UNSAFE, link.span.clone(), message);
            found.diagnostics.push(problem.help(refusal.way_out()));
            return Target::Broken;
        }
        let picture = asset.format().is_some_and(Format::is_picture);
        if let Some((problem, format)) = asset.problem.as_ref().zip(asset.format()) {
            let (rule, way_out) = match problem {
                Problem::Active(danger) => (&ASSET_UNSAFE, danger.way_out()),
                _ if picture => (&ASSET_BROKEN, format.way_out()),
                _ => (&ASSET_METADATA, format.way_out()),
            };
            let message = format!("{} {}", asset.file, problem.message());
            found.diagnostics.push(Diagnostic::new(rule, link.span.clone(), message).help(way_out));
        }
        if picture && asset.problem.is_some() {
            return Target::Broken;
        }
        if let Some(sort) = Unchecked::by_extension(&asset.file.extension()) {
            let message = format!("{} {}", asset.file, sort.message());
            let problem = Diagnostic::new(&ASSET_UNCHECKED, link.span.clone(), message);
            found.diagnostics.push(problem.help(sort.way_out()));
        }
        let url = assets::url(&asset.file, &self.parts.config.content, &self.structure.folders);
        found.published.push((url.clone(), asset.clone()));
        Target::Asset { url, size: asset.size, anchor }
    }

    fn missing(&self, link: &Link, path: &str, candidates: &[FilePath], suggest: Suggest) -> Diagnostic {
        let parts = self.parts;
        if let Some(hidden) = parts.hidden.find(candidates, &parts.config.content) {
            let message = format!("{hidden} is not for the audience of this build");
            return Diagnostic::new(&LINK_HIDDEN, link.span.clone(), message);
        }
        let text = candidates.iter().find_map(|path| parts.sources.get(path.as_str()));
        let other = candidates.iter().find_map(|path| parts.others.get(path.as_str()));
        if let Some(file) = text.map(|source| &source.path).or(other) {
            if file.is_markdown() {
                let message = format!("{file} is not published: it is a draft, or only for includes");
                return Diagnostic::new(&LINK_MISSING, link.span.clone(), message);
            }
            let (why, way_out) = match SECRETS.contains(&file.extension().as_str()) {
                true => (
                    "may hold a private key, which is never published",
                    "publish the certificate or the public key as a `.crt`, `.pem` or `.pub` file",
                ),
                false => (
                    "is of a sort that is not published",
                    "include it as a code block, or pack it into an archive (.zip)",
                ),
            };
            return Diagnostic::new(&ASSET_TYPE, link.span.clone(), format!("{file} {why}")).help(way_out);
        }
        let message = format!("there is no page or file `{path}`");
        let mut problem = Diagnostic::new(&LINK_MISSING, link.span.clone(), message);
        if suggest == Suggest::Yes {
            problem.help =
                self.similar(path, candidates).map(|near| format!("did you mean `{near}`?").into());
        }
        problem
    }

    /// What is meant: a page of the same name elsewhere, else the nearest name in the same folder.
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
        // The folder's name lives in one of its files, as long as the handbook does.
        let folder = beneath.clone().find_map(|file| file.as_str().get(..folder.len()))?;
        let beside = || beneath.filter(|file| file.folder() == folder).map(FilePath::name);
        let names = list(&self.names.files, folder, beside);
        names.nearest(name).map(|near| format!("{folder}/{near}"))
    }

    fn file(&self, id: PageId) -> &'a str {
        self.page_of(id).file.as_str()
    }
}

/// Whether a problem says what may be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suggest {
    Yes,
    No,
}

impl Suggest {
    /// After the problems that a page has so far.
    fn after(problems: &[Diagnostic]) -> Suggest {
        if problems.len() < MOST_SUGGESTED { Suggest::Yes } else { Suggest::No }
    }
}

impl Place<'_> {
    fn read(destination: &str) -> Place<'_> {
        let (path, anchor) = match destination.split_once('#') {
            Some((path, anchor)) => (path, Some(decode(anchor).into_owned())),
            None => (destination, None),
        };
        Place { path: path.split('?').next().unwrap_or(path), anchor }
    }
}

/// The URL that a path of a folder and a name would have.
pub(super) fn url_of(folder: &str, name: &str) -> String {
    let segments = folder.split('/').chain([name]).map(segment).filter(|segment| !segment.is_empty());
    segments.map(|segment| format!("{segment}/")).collect()
}

fn last_segment(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}
