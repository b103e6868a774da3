//! The targets of links, and what is wrong with them.
//!
//! This module owns the resolution of each page's links: page or asset, anchor, and the problem with its nearest match where
//! there is none. `link_index` knows every way to write a path.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::link_fixes;
use super::link_index::{LinkIndex, ParsedLink};
use super::structure::Structure;
use super::{Asset, PageId, SiteInputs, Target, assets, file_pages, static_files};
use crate::asset::Refusal;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::kinds::{Field, FieldType};
use crate::markdown::{Link, LinkRole};
use crate::memo::{Digest, Memo, Retention};
use crate::path::{FilePath, UrlPath, decode};
use crate::rules::{LINK_ANCHOR, LINK_HIDDEN, LINK_MISSING, LINK_MOVED, LINK_UNPUBLISHED};
use crate::source::Span;

/// The number of problems on a page that come with a suggestion. More are not useful, and each search takes time.
const MOST_SUGGESTED: usize = 100;

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

    pub fn published(&self) -> &[(UrlPath, Asset)] {
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
    inputs: &SiteInputs<'_>,
    structure: &Structure,
    place: Digest,
    memos: &mut LinkMemos,
) -> Vec<LinkedPage> {
    let index = LinkIndex::new(inputs, structure);
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
        for named in self.inputs.kinds.values_of(&page.front.kind, &page.front.data, is_file) {
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
        let mut anchors = Vec::new();
        for target in &found.targets {
            if let Target::Page { page, anchor: Some(_) } = target {
                anchors.push(self.page_of(*page).anchors_digest);
            }
        }
        anchors
    }

    /// Removes and reports anchors that do not exist.
    fn check(&self, from: PageId, found: &ResolvedLinks) -> ResolvedLinks {
        let (published, mut diagnostics) = (found.published.clone(), found.diagnostics.clone());
        let mut targets = Vec::with_capacity(found.targets.len());
        for (link, target) in self.page_of(from).document.links.iter().zip(&found.targets) {
            let mut target = target.clone();
            if let Target::Page { page, anchor } = &mut target
                && let Some(wanted) = anchor
                && let Some(problem) = self.unknown_anchor(*page, wanted, link, Suggest::after(&diagnostics))
            {
                // The link still leads to the page.
                *anchor = None;
                diagnostics.push(problem);
            }
            targets.push(target);
        }
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
        let asset = |asset: &'a Asset| {
            (&asset.file, asset.digest, asset.size, &asset.problem, asset.refusal, asset.form)
        };
        let assets: Vec<_> =
            self.inputs.assets.values().chain(self.inputs.static_files.values()).map(asset).collect();
        let sources: Vec<_> = self.inputs.sources.keys().collect();
        Digest::of_value(&(place, assets, sources, self.inputs.others, self.inputs.hidden.digest()))
    }

    fn target(&self, from: PageId, link: &Link, found: &mut ResolvedLinks) -> Target {
        let place = ParsedLink::read(&link.destination);
        let decoded = decode(place.path);
        if decoded.is_empty() {
            return self.page(from, place.anchor, link, found);
        }
        let candidates = self.candidates(from, &link.span.file, &decoded);
        for path in &candidates {
            let Some(page) = self.page_at(path.as_str()) else { continue };
            // A page that is shown as an image is reported as such.
            let is_shown = matches!(link.role, LinkRole::Show { .. });
            if !is_shown && self.present_page_at(path.as_str()).is_none() {
                found.diagnostics.push(self.moved(from, link, page));
            }
            return self.page(page, place.anchor, link, found);
        }
        if let Some(asset) = candidates.iter().find_map(|path| self.inputs.assets.get(path.as_str())) {
            return self.asset(asset, place.anchor, link, found);
        }
        if let Some(file) = candidates.iter().find_map(|path| static_files::find(path, self.inputs)) {
            return match static_files::url(file, self.inputs) {
                Some(url) => Target::Asset { url, size: file.size, anchor: place.anchor, page: None },
                // A file that is not published is reported where it is.
                None => Target::Broken,
            };
        }
        let suggest = Suggest::after(&found.diagnostics);
        let mut problem = self.missing(link, &decoded, &candidates, suggest);
        if problem.rule == &LINK_MISSING && suggest == Suggest::Yes {
            problem = problem.fix(link_fixes::path_fix(self, from, link));
        }
        found.diagnostics.push(problem);
        Target::Broken
    }

    /// The problem of a link that leads to a page by an alias.
    fn moved(&self, from: PageId, link: &Link, to: PageId) -> Diagnostic {
        let message = format!("`{}` is an old address of {}", link.destination, self.file(to));
        let problem = Diagnostic::new(&LINK_MOVED, link.span.clone(), message);
        match link_fixes::present_address(self, from, link, to) {
            Some(fix) => problem.help(format!("write `{}`", fix.text)).fix(Some(fix)),
            None => problem.help("write its present address"),
        }
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
        if self.inputs.hidden.is_cut(&page.file) {
            let message = format!("no anchor `{wanted}` in {} for the audience of this build", page.file);
            return Some(Diagnostic::new(&LINK_HIDDEN, link.span.clone(), message));
        }
        let message = format!("no anchor `{wanted}` in {}", page.file);
        let mut problem = Diagnostic::new(&LINK_ANCHOR, link.span.clone(), message);
        if suggest == Suggest::Yes {
            let anchors = || page.document.anchors.iter().map(String::as_str).chain(title);
            let anchors = self.anchor_names(to, anchors);
            if let Some(near) = anchors.nearest(wanted) {
                problem.help = Some(format!("did you mean `{near}`?").into());
                let all = page.document.anchors.iter().map(String::as_str).chain(title);
                let fix = link_fixes::AnchorFix { wanted, near, only_near: anchors.only_near(wanted) };
                problem = problem.fix(fix.find(self, link, all));
            }
        }
        Some(problem)
    }

    fn asset(&self, asset: &Asset, anchor: Option<String>, link: &Link, found: &mut ResolvedLinks) -> Target {
        found.diagnostics.extend(assets::problems(asset, &link.span));
        if !assets::is_published(asset) {
            return Target::Broken;
        }
        if let LinkRole::Show { .. } = link.role {
            let largest = self.inputs.config.largest_image;
            found.diagnostics.extend(assets::large_image(asset, largest, &link.span));
        }
        let url = assets::url(&asset.file, &self.inputs.config.content, &self.structure.folders);
        found.published.push((url.clone(), asset.clone()));
        let page = file_pages::url(asset, &url, self.inputs);
        Target::Asset { url, size: asset.size, anchor, page }
    }

    fn missing(&self, link: &Link, path: &str, candidates: &[FilePath], suggest: Suggest) -> Diagnostic {
        let inputs = self.inputs;
        // The target exists for other audiences, so it is hidden, not missing.
        let content = &inputs.config.content;
        let beside: Vec<_> =
            candidates.iter().filter_map(|path| static_files::beside(path, inputs)).collect();
        let hidden = inputs.hidden.find(candidates, content).or_else(|| inputs.hidden.find(&beside, content));
        if let Some(hidden) = hidden {
            let message = format!("{hidden} is not for the audience of this build");
            return Diagnostic::new(&LINK_HIDDEN, link.span.clone(), message);
        }
        let text = candidates.iter().find_map(|path| inputs.sources.get(path.as_str()));
        let other = candidates.iter().find_map(|path| inputs.others.get(path.as_str()));
        if let Some(file) = text.map(|source| &source.path).or(other) {
            if Dialect::from_path(file).is_some() {
                let message = format!("{file} is not published: it is a draft, or only for includes");
                return Diagnostic::new(&LINK_UNPUBLISHED, link.span.clone(), message);
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
