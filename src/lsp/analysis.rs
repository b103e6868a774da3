//! The handbook as the editor has it at one moment.
//!
//! Owns [`EditorTexts`], which replace what is on disk, and [`Analysis`], from which requests are answered.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::config;
use crate::input::{Drafts, Inputs};
use crate::markdown::Heading;
use crate::moves::{AddressReader, Meaning, TextAddress};
use crate::page;
use crate::path::FilePath;
use crate::pipeline::{Engine, InspectedHandbook};
use crate::site::{FolderRole, PageId, SitePage};
use crate::source::Source;
use crate::visibility::Audience;

/// The texts of open documents.
pub type EditorTexts = BTreeMap<FilePath, Arc<str>>;

/// A handbook, and the number of the state of the editor that it was made from.
pub struct Analysis {
    pub generation: u64,
    pub handbook: InspectedHandbook,
    pages: HashMap<FilePath, PageId>,
}

impl Analysis {
    pub fn new(generation: u64, inputs: Inputs, engine: &mut Engine) -> Analysis {
        let handbook = engine.inspect(Arc::new(inputs));
        let written = handbook.site.ids().filter(|(_, page)| page.section != FolderRole::Listing);
        let pages = written.map(|(id, page)| (page.page.file.clone(), id)).collect();
        Analysis { generation, handbook, pages }
    }

    pub fn inputs(&self) -> &Inputs {
        &self.handbook.inputs
    }

    /// The page of a file.
    pub fn page(&self, file: &FilePath) -> Option<(PageId, &SitePage)> {
        let id = *self.pages.get(file)?;
        Some((id, self.handbook.site.page(id)))
    }

    /// The text that spans point into.
    pub fn source(&self, file: &FilePath) -> Option<&Source> {
        let inputs = self.inputs();
        inputs.sources.get(file).or_else(|| inputs.settings.get(file))
    }

    /// The headings of a page that are written in its own file, the title first.
    pub fn headings(&self, file: &FilePath) -> Vec<&Heading> {
        let Some((_, page)) = self.page(file) else { return Vec::new() };
        let document = &page.page.document;
        let all = document.title.iter().chain(&document.outline);
        all.filter(|heading| heading.span.file == *file && heading.span.start < heading.span.end).collect()
    }

    /// The heading of a page with this id.
    pub fn heading(&self, file: &FilePath, id: &str) -> Option<&Heading> {
        let (_, page) = self.page(file)?;
        let document = &page.page.document;
        document.title.iter().chain(&document.outline).find(|heading| heading.id == id)
    }

    /// Passes a reader of addresses to `ask`.
    pub fn with_reader<R>(&self, ask: impl FnOnce(AddressReader<'_>) -> R) -> R {
        self.handbook.with_addresses(|book| ask(AddressReader { book, inputs: self.inputs() }))
    }

    /// The addresses of a text with the files and anchors that they name.
    pub fn addresses(&self, source: &Source) -> Vec<NamedFile> {
        self.with_reader(|reader| {
            let found = reader.of_text(source).into_iter();
            found.map(|address| NamedFile::read(reader, &source.path, address)).collect()
        })
    }

    /// Whether a file is a page of the content, or a text that pages include.
    pub fn is_content(&self, file: &FilePath) -> bool {
        let content = &self.inputs().config.content;
        file.beneath(content).is_some() && self.inputs().sources.contains_key(file)
    }
}

/// An address with what it names.
#[derive(Debug)]
pub struct NamedFile {
    pub address: TextAddress,
    /// `None` if it leads nowhere, or out of the handbook.
    pub file: Option<FilePath>,
    /// Decoded, not empty.
    pub anchor: Option<String>,
}

impl NamedFile {
    pub fn read(reader: AddressReader<'_>, file: &FilePath, address: TextAddress) -> NamedFile {
        let anchor = address.destination.split_once('#').map(|(_, anchor)| anchor);
        let anchor = anchor.map(|anchor| crate::path::decode(anchor).into_owned());
        // An anchor alone names the page that shows the text.
        let named = if address.destination.starts_with('#') {
            Some(address.shown_by.as_ref().unwrap_or(file).clone())
        } else {
            reader.read(file, &address).map(|meaning: Meaning| meaning.file().clone())
        };
        NamedFile { address, file: named, anchor: anchor.filter(|anchor| !anchor.is_empty()) }
    }
}

/// The inputs of the disk with the texts of the editor. Settings, kinds, registers and the theme count when
/// they are saved.
pub fn with_texts(disk: &Inputs, texts: &EditorTexts) -> Inputs {
    let mut inputs = disk.clone();
    for (file, text) in texts {
        if inputs.data.contains_key(file) || inputs.sources.contains_key(file) {
            let source = Source::new(file.clone(), Arc::clone(text));
            let known = inputs.sources.get(file).or(inputs.data.get(file));
            if known.is_some_and(|known| known.digest == source.digest) {
                continue;
            }
            // What the loader has found in the bytes of the file may be over, and has no place in this text.
            inputs.diagnostics.retain(|problem| problem.span.file != *file);
            for texts in [&mut inputs.sources, &mut inputs.data, &mut inputs.settings] {
                if let Some(known) = texts.get_mut(file) {
                    *known = source.clone();
                }
            }
        } else if page::is_page(file, &inputs.config.content) && !inputs.settings.contains_key(file) {
            inputs.sources.insert(file.clone(), Source::new(file.clone(), Arc::clone(text)));
        } else if file.as_str() == "book.toml" && inputs.settings.contains_key(file) {
            let source = Source::new(file.clone(), Arc::clone(text));
            if inputs.settings.get(file).is_some_and(|known| known.digest != source.digest) {
                inputs.diagnostics.retain(|problem| problem.span.file != *file);
                inputs.diagnostics.extend(config::parse(&source).1);
                inputs.settings.insert(file.clone(), source);
            }
        }
    }
    inputs
}

/// The inputs with everything that authors see.
pub fn for_authors(inputs: Inputs) -> Inputs {
    let authors = Audience::authors(&inputs.config.visibility.levels);
    for_audience(inputs, authors, Drafts::Include)
}

/// The inputs for another audience.
pub fn for_audience(inputs: Inputs, audience: Audience, drafts: Drafts) -> Inputs {
    let mut config = (*inputs.config).clone();
    config.visibility.audience = audience;
    Inputs { config: Arc::new(config), drafts, ..inputs }
}
