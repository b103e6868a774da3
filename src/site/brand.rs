//! Where the pictures and links of `[brand]` lead.
//!
//! This module owns [`SiteBrand`]. An address in `book.toml` is resolved like a link of the home page, so it follows
//! the levels of visibility, and what does not exist is reported at its setting.

use super::link_index::LinkIndex;
use super::structure::Structure;
use super::{Asset, PageId, SiteInputs, Target};
use crate::config::{BrandAddress, BrandLink};
use crate::diagnostic::Diagnostic;
use crate::markdown::{Reference, classify};
use crate::metadata::ImageFormat;
use crate::path::UrlPath;
use crate::rules::{CONFIG_INVALID, LINK_INVALID};

/// The pictures and links of a handbook's organisation, as this audience may see them.
#[derive(Debug, Clone, Default)]
pub struct SiteBrand {
    pub logo: Option<BrandPicture>,
    pub logo_dark: Option<BrandPicture>,
    pub icon: Option<BrandPicture>,
    pub card: Option<BrandPicture>,
    pub header: Vec<SiteLink>,
    pub footer: Vec<SiteLink>,
    pub imprint: Option<LinkTarget>,
    pub privacy: Option<LinkTarget>,
    /// The URLs of the legal pages of the handbook.
    pub(super) legal: Vec<UrlPath>,
    pub(super) assets: Vec<(UrlPath, Asset)>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A published picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrandPicture {
    pub url: UrlPath,
    /// Width and height in pixels, where the file says them.
    pub size: Option<(u32, u32)>,
}

/// A link in the header or the footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteLink {
    pub text: String,
    pub to: LinkTarget,
}

/// Where such a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    Page(PageId, Option<String>),
    File(UrlPath),
    /// An absolute URL.
    Web(String),
}

impl SiteBrand {
    /// The pictures that are published.
    pub fn pictures(&self) -> impl Iterator<Item = &BrandPicture> {
        [&self.logo, &self.logo_dark, &self.icon, &self.card].into_iter().flatten()
    }

    /// The files that links lead to.
    pub fn files(&self) -> impl Iterator<Item = &UrlPath> {
        let links = self.header.iter().chain(&self.footer).map(|link| &link.to);
        links.chain(&self.imprint).chain(&self.privacy).filter_map(|to| match to {
            LinkTarget::File(url) => Some(url),
            LinkTarget::Page(..) | LinkTarget::Web(_) => None,
        })
    }
}

/// Finds what the settings name.
pub(super) fn resolve(inputs: &SiteInputs<'_>, structure: &Structure) -> SiteBrand {
    let settings = &inputs.config.brand;
    let mut resolver = Resolver { index: LinkIndex::new(inputs, structure), found: SiteBrand::default() };
    // A handbook without pages has nothing to link from.
    if structure.places.is_empty() {
        return resolver.found;
    }
    let logo = resolver.picture(settings.logo.as_ref());
    let logo_dark = resolver.picture(settings.logo_dark.as_ref());
    let icon = resolver.picture(settings.icon.as_ref());
    let card = resolver.picture(settings.card.as_ref());
    let header = resolver.links(&settings.header_links);
    let footer = resolver.links(&settings.footer_links);
    let imprint = settings.imprint.as_ref().and_then(|address| resolver.target(address));
    let privacy = settings.privacy.as_ref().and_then(|address| resolver.target(address));
    let mut legal = Vec::new();
    for target in imprint.iter().chain(&privacy) {
        // The home page stays in the sidebar whatever it says.
        if let LinkTarget::Page(PageId(id @ 1..), _) = target {
            legal.push(structure.places[*id as usize].url.clone());
        }
    }
    SiteBrand { logo, logo_dark, icon, card, header, footer, imprint, privacy, legal, ..resolver.found }
}

struct Resolver<'a> {
    index: LinkIndex<'a>,
    /// Collects files and problems.
    found: SiteBrand,
}

impl Resolver<'_> {
    fn links(&mut self, links: &[BrandLink]) -> Vec<SiteLink> {
        let mut found = Vec::new();
        for link in links {
            if let Some(to) = self.target(&link.to) {
                found.push(SiteLink { text: link.text.clone(), to });
            }
        }
        found
    }

    fn target(&mut self, address: &BrandAddress) -> Option<LinkTarget> {
        let inside = match classify(&address.address) {
            Reference::Outside(url) => return Some(LinkTarget::Web(url.into_owned())),
            Reference::Inside(path) => path,
            Reference::Refused => {
                let message =
                    format!("`{}` has a scheme that is not allowed: `{}`", address.key, address.address);
                let problem = Diagnostic::new(&LINK_INVALID, address.at.clone(), message);
                self.found
                    .diagnostics
                    .push(problem.help("use http, https, mailto or a path in the handbook"));
                return None;
            }
        };
        match self.lookup(&inside, address) {
            Target::Page { page, anchor } => Some(LinkTarget::Page(page, anchor)),
            Target::Asset { url, .. } => Some(LinkTarget::File(url)),
            Target::Broken => None,
        }
    }

    fn picture(&mut self, address: Option<&BrandAddress>) -> Option<BrandPicture> {
        let address = address?;
        let path = address.address.as_str();
        let target = match classify(path) {
            Reference::Inside(path) => self.lookup(&path, address),
            Reference::Outside(_) | Reference::Refused => Target::Broken,
        };
        let extension = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let is_picture = crate::metadata::format_of(&extension).is_some_and(ImageFormat::is_picture);
        match target {
            Target::Asset { url, size, .. } if is_picture => return Some(BrandPicture { url, size }),
            // It was reported why.
            Target::Broken if matches!(classify(path), Reference::Inside(_)) => {}
            _ => {
                let message =
                    format!("`{}` names `{path}`, which is not a picture of the handbook", address.key);
                let problem = Diagnostic::new(&CONFIG_INVALID, address.at.clone(), message);
                let help = format!(
                    "name an image in `{}`, such as `brand/logo.svg`",
                    self.index.inputs.config.content
                );
                self.found.diagnostics.push(problem.help(help));
            }
        }
        None
    }

    fn lookup(&mut self, path: &str, address: &BrandAddress) -> Target {
        let resolved = self.index.setting(path, &address.at);
        self.found.diagnostics.extend(resolved.diagnostics().iter().cloned());
        self.found.assets.extend(resolved.published().iter().cloned());
        resolved.targets.into_iter().next().unwrap_or(Target::Broken)
    }
}
