//! Fields that name other pages, and the permanent names of pages.
//!
//! Owns [`References`]: which page each field of the sort `page` leads to, both ways, and the rules that names are
//! unique and lead somewhere. Knows no field by name but those that give a page its own names.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::Book;
use crate::diagnostic::{Diagnostic, Names};
use crate::kinds::{Field, Sort};
use crate::page::Page;
use crate::rules::{LINK_HIDDEN, PAGE_ID, REFERENCE_UNKNOWN};
use crate::site::PageId;
use crate::site::links::Index;
use crate::source::Span;

/// Fields that give a page a permanent name.
const NAMES: [&str; 2] = ["id", "incident"];

/// What the pages' fields say of each other.
#[derive(Debug, Default)]
pub struct References {
    names: BTreeMap<String, PageId>,
    from: BTreeMap<PageId, Vec<Reference>>,
    to: BTreeMap<PageId, Vec<Reference>>,
    /// What pages write to name others, or files, that the audience may not see.
    hidden: BTreeMap<PageId, BTreeSet<String>>,
}

/// One page named by a field of another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The field's name: `supersedes`; of a record's field the record's name comes first: `evidence.page`.
    pub field: String,
    /// The page at the other end.
    pub page: PageId,
}

impl References {
    /// The page of that permanent name.
    pub fn named(&self, name: &str) -> Option<PageId> {
        self.names.get(name).copied()
    }

    /// Every permanent name with its page.
    pub fn names(&self) -> impl Iterator<Item = (&str, PageId)> {
        self.names.iter().map(|(name, page)| (name.as_str(), *page))
    }

    /// The pages that a page names, in the order of its fields.
    pub fn from(&self, page: PageId) -> &[Reference] {
        self.from.get(&page).map_or(&[], Vec::as_slice)
    }

    /// The pages that name a page, in reading order.
    pub fn to(&self, page: PageId) -> &[Reference] {
        self.to.get(&page).map_or(&[], Vec::as_slice)
    }

    /// The values in a page's fields that name hidden pages and files: no output may repeat them.
    pub fn hidden(&self, page: PageId) -> Option<&BTreeSet<String>> {
        self.hidden.get(&page)
    }

    /// The pages that one field of a page names.
    pub fn of<'a>(&'a self, page: PageId, field: &'a str) -> impl Iterator<Item = PageId> + 'a {
        self.from(page).iter().filter(move |reference| reference.field == field).map(|found| found.page)
    }
}

pub(super) fn collect(book: &Book<'_>, diagnostics: &mut Vec<Diagnostic>) -> References {
    let mut references = References { names: names(book, diagnostics), ..References::default() };
    let (index, near) = (Index::new(book.parts, book.structure), OnceCell::new());
    for (id, page) in book.pages() {
        let (found, hidden) = (Vec::new(), BTreeSet::new());
        let names = Named { ids: &references.names, near: &near };
        let mut reading = Reading { index: &index, id, page, names, diagnostics, found, hidden };
        reading.page();
        let Reading { found, hidden, .. } = reading;
        if !hidden.is_empty() {
            references.hidden.insert(id, hidden);
        }
        for reference in &found {
            let back = Reference { field: reference.field.clone(), page: id };
            references.to.entry(reference.page).or_default().push(back);
        }
        if !found.is_empty() {
            references.from.insert(id, found);
        }
    }
    references
}

/// The permanent names of all pages; one that is given twice belongs to the first page.
fn names(book: &Book<'_>, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, PageId> {
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
struct Named<'b> {
    ids: &'b BTreeMap<String, PageId>,
    /// For fields that name none of them.
    near: &'b OnceCell<Names>,
}

struct Reading<'a, 'b> {
    index: &'b Index<'a>,
    id: PageId,
    page: &'a Page,
    names: Named<'b>,
    diagnostics: &'b mut Vec<Diagnostic>,
    found: Vec<Reference>,
    hidden: BTreeSet<String>,
}

impl Reading<'_, '_> {
    fn page(&mut self) {
        let page = self.page;
        let named = |field: &Field| matches!(field.sort, Sort::Page | Sort::File);
        for found in self.index.parts.kinds.values_of(&page.front.kind, &page.front.data, named) {
            match found.value.text() {
                Some(text) if found.field.sort == Sort::File => self.file(text, &found.path),
                Some(text) => self.reference(&found.name, text, &found.path),
                None => {}
            }
        }
    }

    /// A file that the audience may not see; what else is wrong with it is reported where it is looked up.
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
        let problem = match page {
            Ok(page) if page != self.id => {
                self.found.push(Reference { field: field.to_owned(), page });
                return;
            }
            Ok(_) => Diagnostic::new(&REFERENCE_UNKNOWN, span, format!("`{field}` names this very page")),
            Err(_)
                if self.index.parts.hidden.has_id(text)
                    || self.index.hidden(self.id, &span.file, text).is_some() =>
            {
                self.hidden.insert(text.to_owned());
                let message =
                    format!("`{field}` names `{text}`, which is not for the audience of this build");
                Diagnostic::new(&LINK_HIDDEN, span, message)
            }
            Err(near) => self.unknown(field, text, (span, near)),
        };
        self.diagnostics.push(problem);
    }

    fn unknown(&self, field: &str, text: &str, (span, near): (Span, Option<String>)) -> Diagnostic {
        let message = format!("`{field}` names `{text}`, and no page has that id or path");
        let mut problem = Diagnostic::new(&REFERENCE_UNKNOWN, span, message);
        let ids = || Names::new(self.names.ids.keys().map(String::as_str));
        let id = self.names.near.get_or_init(ids).nearest(text).map(str::to_owned);
        problem.help = id.or(near).map(|near| format!("did you mean `{near}`?").into());
        problem
    }
}
