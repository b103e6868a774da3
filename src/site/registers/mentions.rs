//! Mentions: pages named in the text of others, by their permanent name or by the address of their file.
//!
//! This module owns how an address in a forge leads to a page of the handbook. Links inside the handbook are
//! backlinks already; `page::facts` reads the text.

use std::collections::BTreeMap;

use super::RegisterInputs;
use super::references::FieldReferences;
use crate::markdown::{Reference, classify};
use crate::path::FilePath;
use crate::site::PageId;
use crate::site::link_index::LinkIndex;

/// The mentions of every page.
#[derive(Debug, Default, Hash)]
pub struct Mentions {
    to: BTreeMap<PageId, Vec<MentionEntry>>,
}

/// A page that mentions another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MentionEntry {
    pub page: PageId,
    /// The anchor of the nearest heading above the mention.
    pub anchor: Option<String>,
}

impl Mentions {
    /// The pages that mention a page, in reading order, each once.
    pub fn for_page(&self, page: PageId) -> &[MentionEntry] {
        self.to.get(&page).map_or(&[], Vec::as_slice)
    }
}

pub(super) fn collect(
    book: &RegisterInputs<'_>,
    references: &FieldReferences,
    addresses: &Addresses<'_>,
) -> Mentions {
    let names: BTreeMap<String, PageId> =
        references.names().map(|(name, page)| (name.to_ascii_lowercase(), page)).collect();
    let mut mentions = Mentions::default();
    for (id, page) in book.pages() {
        for mention in &page.facts.mentions {
            let named = names.get(&mention.what).copied();
            let Some(other) = named.or_else(|| addresses.of_url(&mention.what)) else { continue };
            let known = mentions.to.entry(other).or_default();
            if other != id && known.last().is_none_or(|last| last.page != id) {
                known.push(MentionEntry { page: id, anchor: mention.anchor.clone() });
            }
        }
    }
    mentions.to.retain(|_, entries| !entries.is_empty());
    mentions
}

/// Pages by the addresses of their files.
pub(super) struct Addresses<'a> {
    book: &'a RegisterInputs<'a>,
    /// By the name of the file.
    files: BTreeMap<&'a str, Vec<(PageId, &'a str)>>,
}

impl<'a> Addresses<'a> {
    pub fn new(book: &'a RegisterInputs<'a>) -> Addresses<'a> {
        let mut files: BTreeMap<&str, Vec<(PageId, &str)>> = BTreeMap::new();
        for (id, page) in book.pages() {
            let path = page.file.as_str();
            files.entry(name(path)).or_default().push((id, path));
        }
        Addresses { book, files }
    }

    /// The page that a URL or a path leads to, as written in `file` on the page `from`.
    pub fn page(&self, from: PageId, file: &FilePath, destination: &str) -> Option<PageId> {
        if destination.contains("://") {
            return self.of_url(destination);
        }
        let index = LinkIndex::new(self.book.inputs, self.book.structure);
        index.page_of_link(from, file, destination)
    }

    /// The form in which readers of this site may have a URL or a path, as written in `file` on the page `from`: a
    /// path becomes the address of its page. `None` where it leads to no page of the site, because the page may be
    /// hidden.
    pub fn mention_in(&self, from: PageId, file: &FilePath, destination: &str) -> Option<String> {
        let base = self.book.inputs.config.base_url.as_deref();
        match classify(destination) {
            Reference::Outside(url) if base.is_some_and(|base| url.starts_with(base)) => {
                self.of_url(&url).map(|_| url.into_owned())
            }
            Reference::Outside(url) => Some(url.into_owned()),
            Reference::Inside(_) => self.page(from, file, destination).map(|page| self.book.address(page)),
            Reference::Refused => None,
        }
    }

    /// The page that a URL leads to: in this handbook's site, or as a file in a forge.
    pub fn of_url(&self, url: &str) -> Option<PageId> {
        let url = url.split(['#', '?']).next().unwrap_or(url);
        let base = self.book.inputs.config.base_url.as_deref();
        if let Some(path) = base.and_then(|base| url.strip_prefix(base)) {
            return self.book.page_at(&crate::path::decode(path));
        }
        let path = path_in_forge(url)?;
        let own = self.book.inputs.config.repository.as_ref().is_some_and(|own| url.starts_with(&own.url));
        let candidates = self.files.get(name(path))?;
        let fits = |file: &str| match file.strip_suffix(path) {
            Some("") => true,
            // A file name alone is too ambiguous for a match. In the handbook's own repository the whole path must
            // match.
            Some(before) => !own && path.contains('/') && before.ends_with('/'),
            None => false,
        };
        let mut found = candidates.iter().filter(|(_, file)| fits(file));
        let first = found.next()?;
        // Several candidates: the URL may mean any of them, so it means none.
        found.next().is_none().then_some(first.0)
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The path of a Markdown file in its repository, from an address such as `…/blob/main/iaas/20220921.md`.
fn path_in_forge(url: &str) -> Option<&str> {
    let after =
        ["/-/blob/", "/blob/", "/raw/", "/src/branch/"].iter().find_map(|mark| url.split_once(mark))?.1;
    let (_, path) = after.split_once('/')?;
    path.ends_with(".md").then_some(path)
}

#[cfg(test)]
mod tests {
    use super::path_in_forge;

    #[test]
    fn files_in_forges_have_paths() {
        let path = |url: &str| path_in_forge(url).unwrap_or_default().to_owned();
        assert_eq!(path("https://github.com/o/minutes/blob/main/iaas/1.md"), "iaas/1.md");
        assert_eq!(path("https://gitlab.com/o/x/-/blob/main/iaas/1.md"), "iaas/1.md");
        assert_eq!(path("https://codeberg.org/o/x/src/branch/main/a/1.md"), "a/1.md");
        assert_eq!(path("https://github.com/o/minutes/tree/main/iaas"), "");
    }
}
