//! Fields that name other pages, and the permanent names of pages.
//!
//! This module owns [`FieldReferences`]: the target of each field of the type `page`, in both directions, the pages
//! without values that name something hidden, and the rules that permanent names are unique and that references lead
//! to a page. It knows no field by name except those that hold permanent names.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::RegisterInputs;
use crate::diagnostic::{Diagnostic, NameIndex};
use crate::kinds::{Field, FieldType};
use crate::memo::Digest;
use crate::page::Page;
use crate::rules::{LINK_HIDDEN, PAGE_ID, REFERENCE_UNKNOWN};
use crate::site::PageId;
use crate::site::link_index::LinkIndex;
use crate::source::Span;

/// Fields that give a page a permanent name.
pub(in crate::site) const NAMES: [&str; 2] = ["id", "incident"];

/// The references between pages in their fields.
#[derive(Debug, Default)]
pub struct FieldReferences {
    names: BTreeMap<String, PageId>,
    from: BTreeMap<PageId, Vec<FieldReference>>,
    to: BTreeMap<PageId, Vec<FieldReference>>,
    /// The pages with a field that names a hidden page or file, without that value.
    redacted: BTreeMap<PageId, Arc<Page>>,
}

/// A reference from a field of one page to another page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldReference {
    /// The name of the field, such as `supersedes`. For a field of a record, the record's name comes first:
    /// `evidence.page`.
    pub field: String,
    /// The page at the other end.
    pub page: PageId,
}

impl FieldReferences {
    /// The page with that permanent name.
    pub fn named(&self, name: &str) -> Option<PageId> {
        self.names.get(name).copied()
    }

    /// Every permanent name with its page.
    pub fn names(&self) -> impl Iterator<Item = (&str, PageId)> {
        self.names.iter().map(|(name, page)| (name.as_str(), *page))
    }

    /// The pages that a page names, in the order of its fields.
    pub fn from(&self, page: PageId) -> &[FieldReference] {
        self.from.get(&page).map_or(&[], Vec::as_slice)
    }

    /// The pages that name a page, in reading order.
    pub fn to(&self, page: PageId) -> &[FieldReference] {
        self.to.get(&page).map_or(&[], Vec::as_slice)
    }

    /// The pages with a field that names a hidden page or file, without that value. The site and all other registers
    /// have these pages instead of the parsed ones, so no output can repeat the value.
    pub(in crate::site) fn redacted(&self) -> &BTreeMap<PageId, Arc<Page>> {
        &self.redacted
    }

    /// The pages that one field of a page names.
    pub fn of<'a>(&'a self, page: PageId, field: &'a str) -> impl Iterator<Item = PageId> + 'a {
        self.from(page).iter().filter(move |reference| reference.field == field).map(|found| found.page)
    }
}

pub(super) fn collect(book: &RegisterInputs<'_>, diagnostics: &mut Vec<Diagnostic>) -> FieldReferences {
    let mut references = FieldReferences { names: names(book, diagnostics), ..FieldReferences::default() };
    let index = LinkIndex::new(book.inputs, book.structure);
    let near = OnceCell::new();
    for (id, page) in book.pages() {
        let found = Vec::new();
        let hidden = BTreeSet::new();
        let names = PermanentNames { ids: &references.names, near: &near };
        let mut reading = ReferenceReader { index: &index, id, page, names, diagnostics, found, hidden };
        reading.page();
        let ReferenceReader { found, hidden, .. } = reading;
        if !hidden.is_empty() {
            references.redacted.insert(id, Arc::new(redact(book, page, &hidden)));
        }
        for reference in &found {
            let back = FieldReference { field: reference.field.clone(), page: id };
            references.to.entry(reference.page).or_default().push(back);
        }
        if !found.is_empty() {
            references.from.insert(id, found);
        }
    }
    references
}

/// The page without the values of its fields that name hidden pages and files.
fn redact(book: &RegisterInputs<'_>, page: &Page, hidden: &BTreeSet<String>) -> Page {
    let mut page = page.clone();
    let kind = &page.front.kind;
    let record = &mut page.front.data.record;
    book.inputs.kinds.retain_values(kind, record, |field, value| {
        !names_something(field) || value.text().is_none_or(|text| !hidden.contains(text))
    });
    // What is made from a page is reused while its digest is the same.
    page.digest = Digest::of_value(&(page.digest, hidden));
    page
}

/// Whether the values of a field name pages or files.
pub(in crate::site) fn names_something(field: &Field) -> bool {
    matches!(field.field_type, FieldType::Page | FieldType::File)
}

/// The permanent names of all pages. Where two pages have the same name, the first one keeps it and the other is
/// reported.
fn names(book: &RegisterInputs<'_>, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, PageId> {
    let mut names: BTreeMap<String, (PageId, Span)> = BTreeMap::new();
    for (id, page) in book.pages() {
        for field in NAMES {
            let Some(name) = page.front.data.text(field) else { continue };
            let span = page.front.span(&page.file, field);
            match names.get(name) {
                Some((first, place)) if *first != id => diagnostics.push(twice(name, &span, place)),
                Some(_) => {}
                None => {
                    names.insert(name.to_owned(), (id, span));
                }
            }
        }
    }
    names.into_iter().map(|(name, (id, _))| (name, id)).collect()
}

fn twice(name: &str, span: &Span, first: &Span) -> Diagnostic {
    let message = format!("`{name}` is the name of {} already", first.file);
    let problem = Diagnostic::new(&PAGE_ID, span.clone(), message);
    problem
        .label(first.clone(), "the other page")
        .help("give this page a name of its own, and never an old one")
}

/// The permanent names of pages.
#[derive(Clone, Copy)]
struct PermanentNames<'b> {
    ids: &'b BTreeMap<String, PageId>,
    /// The index for suggestions, made when a field names none of them.
    near: &'b OnceCell<NameIndex>,
}

struct ReferenceReader<'a, 'b> {
    index: &'b LinkIndex<'a>,
    id: PageId,
    page: &'a Page,
    names: PermanentNames<'b>,
    diagnostics: &'b mut Vec<Diagnostic>,
    found: Vec<FieldReference>,
    hidden: BTreeSet<String>,
}

impl ReferenceReader<'_, '_> {
    fn page(&mut self) {
        let page = self.page;
        for found in self.index.inputs.kinds.values_of(&page.front.kind, &page.front.data, names_something) {
            match found.value.text() {
                Some(text) if found.field.field_type == FieldType::File => self.file(text, &found.path),
                Some(text) => self.reference(&found.name, text, &found.path),
                None => {}
            }
        }
    }

    /// Records a file that is hidden. Other problems of files are reported where links are resolved.
    fn file(&mut self, text: &str, path: &str) {
        let span = self.page.front.span(&self.page.file, path);
        if self.index.hidden(self.id, &span.file, text).is_some() {
            self.hidden.insert(text.to_owned());
        }
    }

    fn reference(&mut self, field: &str, text: &str, path: &str) {
        let span = self.page.front.span(&self.page.file, path);
        let named = self.names.ids.get(text).copied();
        let page = named.map_or_else(|| self.index.named(self.id, &span.file, text), Ok);
        let key = self.page.front.data.written_key(field);
        let problem = match page {
            Ok(page) if page != self.id => {
                self.found.push(FieldReference { field: field.to_owned(), page });
                return;
            }
            Ok(_) => Diagnostic::new(&REFERENCE_UNKNOWN, span, format!("`{key}` names this very page")),
            Err(_)
                if self.index.inputs.hidden.has_id(text)
                    || self.index.hidden(self.id, &span.file, text).is_some() =>
            {
                self.hidden.insert(text.to_owned());
                let message = format!("`{key}` names `{text}`, which is not for the audience of this build");
                Diagnostic::new(&LINK_HIDDEN, span, message)
            }
            Err(near) => self.unknown(key, text, (span, near)),
        };
        self.diagnostics.push(problem);
    }

    fn unknown(&self, field: &str, text: &str, (span, near): (Span, Option<String>)) -> Diagnostic {
        let message = format!("`{field}` names `{text}`, and no page has that id or path");
        let mut problem = Diagnostic::new(&REFERENCE_UNKNOWN, span, message);
        let ids = || NameIndex::new(self.names.ids.keys().map(String::as_str));
        let id = self.names.near.get_or_init(ids).nearest(text).map(str::to_owned);
        problem.help = id.or(near).map(|near| format!("did you mean `{near}`?").into());
        problem
    }
}
