//! Every address in the texts of a handbook, and what it names.
//!
//! Owns [`TextAddress`]. Addresses come from the parsers of Markdown and front matter, and their meaning from the
//! resolver of links; this module only brings them together.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::bounds::FRONT_MATTER_VALUES;
use crate::fields::yaml::{self, YamlScalar, YamlStyle};
use crate::input::Inputs;
use crate::markdown::front;
use crate::markdown::{self, AddressSyntax, Flavor, Reference, classify};
use crate::page::{self, Page};
use crate::path::{FilePath, decode};
use crate::site::{AddressBase, AddressBook, AddressForm, ReadAddress};
use crate::source::Source;

/// An address in a text.
#[derive(Debug, Clone)]
pub struct TextAddress {
    /// Without brackets, and with the quotes of YAML.
    pub range: Range<usize>,
    /// Decoded as its syntax says.
    pub destination: String,
    pub place: AddressPlace,
    /// The page that shows the text: itself, or one that includes it.
    pub shown_by: Option<FilePath>,
}

/// Where an address stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressPlace {
    Text(AddressSyntax),
    /// In a field of front matter.
    Field(YamlStyle),
}

/// What an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A path in the handbook.
    Path(ReadAddress),
    /// The absolute URL of a page of the handbook.
    SiteUrl(FilePath),
}

impl Meaning {
    pub fn file(&self) -> &FilePath {
        match self {
            Meaning::Path(read) => &read.file,
            Meaning::SiteUrl(file) => file,
        }
    }
}

/// A handbook whose addresses are read.
#[derive(Clone, Copy)]
pub struct AddressReader<'a> {
    pub book: &'a AddressBook<'a>,
    pub inputs: &'a Inputs,
}

impl AddressReader<'_> {
    /// The addresses of every text, by file and in their order.
    pub fn all(self) -> BTreeMap<FilePath, Vec<TextAddress>> {
        let shown = self.shown_by();
        let flavors = self.flavors();
        let mut all: BTreeMap<FilePath, Vec<TextAddress>> = BTreeMap::new();
        for (file, source) in &self.inputs.sources {
            let shown_by = shown.get(file);
            let shower = shown_by.unwrap_or(file);
            let flavor = flavors.get(shower).copied().unwrap_or(Flavor::Plain);
            all.insert(file.clone(), self.written(source, flavor, shown_by));
        }
        let pages: Vec<&Page> = self.book.pages().map(|(page, _)| page).collect();
        self.fields(&pages, &mut all);
        all.values_mut().for_each(sort_addresses);
        all
    }

    /// The addresses of one text, which may be newer than that of the inputs.
    pub fn of_text(self, source: &Source) -> Vec<TextAddress> {
        let page = self.book.pages().map(|(page, _)| page).find(|page| page.file == source.path);
        // Only a text that is not a page needs the search for a page that includes it.
        let shown_by = match page {
            Some(page) => Some(page.file.clone()),
            None => self.shown_by().remove(&source.path),
        };
        let shower = shown_by.as_ref().unwrap_or(&source.path);
        let flavor = self.flavors().get(shower).copied().unwrap_or(Flavor::Plain);
        let mut found =
            BTreeMap::from([(source.path.clone(), self.written(source, flavor, shown_by.as_ref()))]);
        self.fields(page.as_slice(), &mut found);
        let mut found = found.remove(&source.path).unwrap_or_default();
        // A field was read from the text of the inputs.
        found.retain(|address| source.text.get(address.range.clone()).is_some());
        sort_addresses(&mut found);
        found
    }

    /// The addresses in the Markdown of a text.
    fn written(self, source: &Source, flavor: Flavor, shown_by: Option<&FilePath>) -> Vec<TextAddress> {
        let found = markdown::addresses(source, page::extensions(&self.inputs.config), flavor);
        let with_page = found.into_iter().map(|address| TextAddress {
            range: address.range,
            destination: address.destination,
            place: AddressPlace::Text(address.syntax),
            shown_by: shown_by.cloned(),
        });
        with_page.collect()
    }

    fn flavors(self) -> BTreeMap<FilePath, Flavor> {
        let notes = self.book.pages().filter(|(page, _)| page.front.kind.feeds("meetings"));
        notes.map(|(page, _)| (page.file.clone(), Flavor::Notes)).collect()
    }

    /// For each text the page that shows it: the page itself, or the first one that includes it.
    fn shown_by(self) -> BTreeMap<FilePath, FilePath> {
        let mut shown: BTreeMap<FilePath, FilePath> = BTreeMap::new();
        let mut waiting: Vec<(FilePath, FilePath)> = Vec::new();
        for (page, _) in self.book.pages() {
            shown.insert(page.file.clone(), page.file.clone());
            waiting.push((page.file.clone(), page.file.clone()));
        }
        while let Some((file, page)) = waiting.pop() {
            let Some(source) = self.inputs.sources.get(&file) else { continue };
            for included in markdown::references(&file, &source.text, &self.inputs.config.content) {
                if self.inputs.sources.contains_key(&included) && !shown.contains_key(&included) {
                    shown.insert(included.clone(), page.clone());
                    waiting.push((included, page.clone()));
                }
            }
        }
        shown
    }

    /// Adds the addresses in the front matter of pages.
    fn fields(self, pages: &[&Page], all: &mut BTreeMap<FilePath, Vec<TextAddress>>) {
        let mut scalars: BTreeMap<FilePath, Vec<YamlScalar>> = BTreeMap::new();
        for page in pages {
            for field in self.book.fields(page) {
                let file = field.span.file;
                let known = scalars.entry(file.clone()).or_insert_with(|| self.scalars(&file));
                let at = field.span.start as usize;
                let written =
                    known.iter().find(|scalar| scalar.place.start == at && scalar.text == field.text);
                let Some(written) = written else { continue };
                let address = TextAddress {
                    range: written.range.clone(),
                    destination: field.text,
                    place: AddressPlace::Field(written.style),
                    shown_by: Some(page.file.clone()),
                };
                all.entry(file).or_default().push(address);
            }
        }
    }

    fn scalars(self, file: &FilePath) -> Vec<YamlScalar> {
        let Some(source) = self.inputs.sources.get(file) else { return Vec::new() };
        let Some(range) = front::split(&source.text).yaml else { return Vec::new() };
        let most = FRONT_MATTER_VALUES.most;
        yaml::scalars(&source.text[range.clone()], range.start, most).unwrap_or_default()
    }

    /// What an address in `file` names; `None` if it leads nowhere, or out of the handbook.
    pub fn read(self, file: &FilePath, address: &TextAddress) -> Option<Meaning> {
        if address.place == AddressPlace::Text(AddressSyntax::Include) {
            return self.include(file, &address.destination).map(Meaning::Path);
        }
        self.read_destination(file, address.shown_by.as_ref(), &address.destination)
    }

    /// The same for a link of a page.
    pub fn read_destination(
        self,
        file: &FilePath,
        shown_by: Option<&FilePath>,
        destination: &str,
    ) -> Option<Meaning> {
        match classify(destination) {
            Reference::Inside(path) => {
                let url = shown_by.and_then(|page| self.book.url(page));
                self.book.read(url, file, &path).map(Meaning::Path)
            }
            Reference::Outside(url) => {
                let path = site_path(self.inputs, &url)?;
                self.book.page_at_url(&path).cloned().map(Meaning::SiteUrl)
            }
            Reference::Refused => None,
        }
    }

    fn include(self, file: &FilePath, reference: &str) -> Option<ReadAddress> {
        let (content, sources) = (&self.inputs.config.content, &self.inputs.sources);
        let source = markdown::included(file, reference, content, sources)?;
        let path = reference.split('#').next().unwrap_or(reference);
        let base = if path.starts_with('/') {
            AddressBase::Root
        } else if file.join(path).as_ref() == Some(&source.path) {
            AddressBase::File
        } else {
            AddressBase::Content
        };
        Some(ReadAddress { base, form: AddressForm::File, file: source.path.clone() })
    }
}

fn sort_addresses(addresses: &mut Vec<TextAddress>) {
    addresses.sort_by_key(|address| address.range.start);
    addresses.dedup_by(|one, other| one.range == other.range);
}

/// The decoded path in this handbook's site that an absolute URL leads to.
pub(super) fn site_path(inputs: &Inputs, url: &str) -> Option<String> {
    let base = inputs.config.base_url.as_deref()?;
    let path = url.strip_prefix(base)?;
    Some(decode(path.split(['#', '?']).next().unwrap_or(path)).into_owned())
}
