//! The addresses that readers of a published site may have kept: those of pages, and their aliases.
//!
//! Owns [`PublishedAddress`]. Addresses of generated registers and of files are not among them.

use std::collections::BTreeMap;

use super::{FolderRole, Site, SitePage};
use crate::path::FilePath;

/// The page at an address of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedAddress {
    /// For the generated page of a folder the `_index.md` that the folder does not have.
    pub file: FilePath,
    /// Whether the file exists.
    pub is_written: bool,
    /// The address as links of the site write it, decoded.
    pub written: String,
}

/// The pages at all addresses: decoded, without leading slash.
pub type PublishedAddresses = BTreeMap<String, PublishedAddress>;

impl Site {
    /// The addresses of its pages, with aliases. Drafts are never published, so theirs are not among them.
    pub fn published_addresses(&self) -> PublishedAddresses {
        let published = |url: &str, page: &SitePage| {
            let is_written = page.section != FolderRole::Listing;
            let written = self.config.addresses.written(url).into_owned();
            PublishedAddress { file: page.page.file.clone(), is_written, written }
        };
        let old = self.redirects.iter().map(|(url, id)| (url.as_str(), self.page(*id)));
        let own = self.pages.iter().map(|page| (page.url.as_str(), page));
        let all = old.chain(own).filter(|(_, page)| !page.page.front.draft);
        all.map(|(url, page)| (url.to_owned(), published(url, page))).collect()
    }
}
