//! What addresses in the texts of a handbook name, for commands that change them.
//!
//! Owns [`AddressBook`], a view of the structure that answers in files instead of pages, so that its answers can be
//! compared between two states of a handbook. Links of pages and addresses here are read by the same code.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::link_index::{AddressBase, LinkIndex, ParsedLink};
use super::registers::{NAMES, names_something};
use super::structure::{Structure, build_structure};
use super::{FolderRole, PageId, SiteInputs};
use crate::kinds::FieldType;
use crate::page::Page;
use crate::path::{FilePath, PageAddresses, UrlPath, decode};
use crate::source::Span;

/// The files, pages and addresses of a handbook.
pub struct AddressBook<'a> {
    inputs: &'a SiteInputs<'a>,
    structure: Arc<Structure>,
    /// Permanent names of pages, which fields may give instead of a path.
    names: BTreeSet<&'a str>,
}

/// An address that leads to a file of the handbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadAddress {
    pub base: AddressBase,
    pub form: AddressForm,
    /// The file: a page, an asset or any other. For the listing of a folder the `_index.md` that it does not have.
    pub file: FilePath,
}

/// How the path of an address names its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressForm {
    /// The whole name.
    File,
    /// The name without extension.
    Stem,
    /// The folder that the page stands for.
    Folder,
    /// The URL of the page, or an old one.
    Url,
}

/// The address of a page or a file in a field of front matter.
#[derive(Debug, Clone)]
pub struct FieldAddress {
    /// The place of the field, or of the item of a list.
    pub span: Span,
    pub text: String,
}

impl<'a> AddressBook<'a> {
    /// Places the pages and makes the tables that addresses are looked up in.
    pub fn new(inputs: &'a SiteInputs<'a>) -> AddressBook<'a> {
        AddressBook::with_structure(inputs, Arc::new(build_structure(inputs)))
    }

    /// The same for pages that are placed already.
    pub fn with_structure(inputs: &'a SiteInputs<'a>, structure: Arc<Structure>) -> AddressBook<'a> {
        let named = |page: &'a Page| NAMES.into_iter().filter_map(|field| page.front.data.text(field));
        let names = inputs.pages.iter().flat_map(|page| named(page)).collect();
        AddressBook { inputs, structure, names }
    }

    fn index(&self) -> LinkIndex<'_> {
        LinkIndex::new(self.inputs, &self.structure)
    }

    /// How the site addresses pages.
    pub fn page_addresses(&self) -> PageAddresses {
        self.inputs.config.addresses
    }

    /// Every page that has a file, with its URL.
    pub fn pages(&self) -> impl Iterator<Item = (&Page, &UrlPath)> {
        let written = self.structure.places.iter().filter(|place| place.section != FolderRole::Listing);
        written.map(|place| (&**place.origin.page(self.inputs), &place.url))
    }

    /// The URLs of generated pages of folders.
    pub fn listings(&self) -> impl Iterator<Item = (&FilePath, &UrlPath)> {
        let listings = self.structure.places.iter().filter(|place| place.section == FolderRole::Listing);
        listings.map(|place| (&place.origin.page(self.inputs).file, &place.url))
    }

    /// The URL of a page.
    pub fn url(&self, file: &FilePath) -> Option<&UrlPath> {
        let PageId(id) = self.structure.files.get(file)?;
        Some(&self.structure.places[*id as usize].url)
    }

    /// The page at a path of the site, decoded and without a leading slash; also by an alias.
    pub fn page_at_url(&self, path: &str) -> Option<&FilePath> {
        let url = self.inputs.config.addresses.page_path(path);
        let urls = &self.structure.urls;
        let id = urls.get(url.as_str()).or_else(|| self.structure.redirects.get(&url))?;
        Some(&self.index().page_of(*id).file)
    }

    /// Old URLs (decoded, without leading slash) with the pages that they lead to.
    pub fn redirects(&self) -> impl Iterator<Item = (&str, &FilePath)> {
        let index = self.index();
        let page = move |id| &index.page_of(id).file;
        self.structure.redirects.iter().map(move |(url, id)| (url.as_str(), page(*id)))
    }

    /// Whether a URL (decoded, without leading slash) has a page of its own or an alias.
    pub fn has_address(&self, url: &str) -> bool {
        self.structure.urls.contains_key(url) || self.structure.redirects.contains_key(url)
    }

    /// What an address in `file` names. `url` is that of the page that shows `file`, if any does.
    pub fn read(&self, url: Option<&UrlPath>, file: &FilePath, destination: &str) -> Option<ReadAddress> {
        let path = decode(ParsedLink::read(destination).path);
        if path.is_empty() {
            return None;
        }
        let index = self.index();
        let readings = index.readings(url, file, &path);
        for (base, candidate) in &readings {
            if let Some(page) = index.page_at(candidate.as_str()) {
                let file = index.page_of(page).file.clone();
                return Some(ReadAddress { base: *base, form: self.form(candidate, &file), file });
            }
        }
        let inputs = self.inputs;
        let assets = |path: &FilePath| inputs.assets.contains_key(path);
        // Such a link is a problem, but it still names the file.
        let unpublished = |path: &FilePath| inputs.sources.contains_key(path) || inputs.others.contains(path);
        let with = |is_there: &dyn Fn(&FilePath) -> bool| readings.iter().find(|(_, path)| is_there(path));
        let (base, file) = with(&assets).or_else(|| with(&unpublished))?;
        Some(ReadAddress { base: *base, form: AddressForm::File, file: file.clone() })
    }

    fn form(&self, candidate: &FilePath, file: &FilePath) -> AddressForm {
        let extension = file.as_str().strip_prefix(candidate.as_str());
        match extension {
            Some("") if self.structure.files.contains_key(candidate) => AddressForm::File,
            Some(rest) if rest.starts_with('.') && !rest.contains('/') => AddressForm::Stem,
            _ if self.structure.folders.contains_key(candidate.as_str()) => AddressForm::Folder,
            _ => AddressForm::Url,
        }
    }

    /// The addresses in the fields of a page. Fields may be handed down, so the file of a span may be another one.
    pub fn fields(&self, page: &Page) -> Vec<FieldAddress> {
        let mut found = Vec::new();
        for value in self.inputs.kinds.values_of(&page.front.kind, &page.front.data, names_something) {
            let Some(text) = value.value.text() else { continue };
            let is_name = value.field.field_type == FieldType::Page && self.names.contains(text);
            if !is_name {
                let span = page.front.span(&page.file, &value.path);
                found.push(FieldAddress { span, text: text.to_owned() });
            }
        }
        found
    }
}
