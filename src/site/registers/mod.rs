//! What the handbook knows when all its pages are read together.
//!
//! Owns [`Registers`], one file for each. A register is a pure function of the pages' facts and fields, of the data
//! files and of the day; it is made anew only when one of them changes. Must not know how a register is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::structure::Structure;
use super::{PageId, Parts};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::page::Page;

/// Every register.
#[derive(Debug, Default)]
pub struct Registers {
    /// The pages of each kind, in reading order.
    pub kinds: BTreeMap<String, Vec<PageId>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What registers are made of.
pub(super) struct Book<'a> {
    pub parts: &'a Parts<'a>,
    pub structure: &'a Structure,
}

impl<'a> Book<'a> {
    /// Every written page with its number, in reading order.
    pub fn pages(&self) -> impl Iterator<Item = (PageId, &'a Arc<Page>)> {
        let (parts, places) = (self.parts, &self.structure.places);
        (0..).map(PageId).zip(places).map(|(id, place)| (id, place.origin.page(parts)))
    }
}

/// The digest of everything that [`of`] reads.
pub(super) fn key(parts: &Parts<'_>, structure: Digest) -> Digest {
    let pages: Vec<Digest> = parts.pages.iter().map(|page| page.rolled).collect();
    let data: Vec<Digest> = parts.data.values().map(|source| source.digest).collect();
    Digest::of_value(&(structure, pages, data, parts.today, parts.kinds.digest))
}

/// Makes every register.
pub(super) fn of(book: &Book<'_>) -> Registers {
    let mut registers = Registers::default();
    for (id, page) in book.pages() {
        registers.kinds.entry(page.front.kind().to_owned()).or_default().push(id);
    }
    registers
}
