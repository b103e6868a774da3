//! The names of files and pages that exist but are hidden from the audience of this site.
//!
//! This module owns the answer to one question: does a broken link or reference lead to something hidden? It serves
//! diagnostics only; none of it may go into an output.

use std::collections::BTreeSet;

use super::link_index::url_of;
use crate::dialect::{Dialect, MARKDOWN};
use crate::memo::Digest;
use crate::page::{Page, section_rank};
use crate::path::{FilePath, segment};

/// What the audience does not see, by name.
#[derive(Debug, Default, Hash)]
pub struct HiddenNames {
    files: BTreeSet<FilePath>,
    /// Current and old URLs of pages, as `a/b/`.
    urls: BTreeSet<String>,
    /// Permanent names of pages.
    ids: BTreeSet<String>,
    /// Texts that the audience sees without some parts.
    cut_files: BTreeSet<FilePath>,
}

impl HiddenNames {
    /// Adds an asset or a text.
    pub fn add_file(&mut self, file: FilePath) {
        self.files.insert(file);
    }

    /// Adds a page; `content` is the folder with the pages.
    pub fn add_page(&mut self, page: &Page, content: &str) {
        let folder = page.file.folder().strip_prefix(content).unwrap_or("").trim_start_matches('/');
        let name = page.front.slug.as_deref().unwrap_or(page.file.stem());
        self.urls.insert(match section_rank(&page.file) {
            Some(_) => url_of(folder, ""),
            None => url_of(folder, name),
        });
        self.urls.extend(page.front.aliases.iter().map(|alias| url_of(alias, "")));
        self.ids
            .extend(["id", "incident"].iter().filter_map(|key| page.front.data.text(key)).map(str::to_owned));
        self.files.insert(page.file.clone());
    }

    /// Adds a text of which something is withheld.
    pub fn add_cut_file(&mut self, file: FilePath) {
        self.cut_files.insert(file);
    }

    /// Whether the audience sees everything.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.cut_files.is_empty()
    }

    /// Whether something of a text is withheld.
    pub(super) fn is_cut(&self, file: &FilePath) -> bool {
        self.cut_files.contains(file)
    }

    /// Whether a reference names a hidden page by its permanent name.
    pub(super) fn has_id(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// The first hidden file or page that one of several paths from the root leads to.
    pub(super) fn find(&self, candidates: &[FilePath], content: &str) -> Option<String> {
        let hidden_file = |path: &FilePath| {
            // An address may leave the extension out.
            let completed = |(extension, _): &(&str, Dialect)| FilePath::new(&format!("{path}.{extension}"));
            let mut candidates = MARKDOWN.iter().filter_map(completed).chain([path.clone()]);
            candidates.find(|path| self.files.contains(path))
        };
        let hidden_url = |path: &FilePath| {
            let path = path.as_str().strip_prefix(content)?;
            let url: String =
                path.split('/').map(segment).filter(|part| !part.is_empty()).map(|part| part + "/").collect();
            self.urls.contains(&url).then_some(url)
        };
        candidates
            .iter()
            .find_map(|path| hidden_file(path).map(|file| file.to_string()).or_else(|| hidden_url(path)))
    }

    /// Whether a folder contains anything hidden or is the URL of a hidden page.
    pub(super) fn hides_in_section(&self, folder: &FilePath, content: &str) -> bool {
        let within = |file: &FilePath| {
            file.as_str().strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        self.files.iter().any(within) || self.find(std::slice::from_ref(folder), content).is_some()
    }

    /// The digest of all names.
    pub(super) fn digest(&self) -> Digest {
        Digest::of_value(self)
    }
}
