//! Pages of registers: what all pages together say, under `registers/`.
//!
//! Owns [`RegisterView`], which one template shows for all of them, and how a cell of a register becomes text and links.
//! What is in a register is found out by `site::registers`.

mod cells;
mod overview;

use serde::Serialize;

use super::nav::PageLinks;
use super::{LinkView, Tone};
use crate::memo::Digest;
use crate::path::UrlPath;
use crate::register_name::RegisterName;
use crate::registers::KIND;
use crate::site::Site;
use crate::site::registers::NamedRegister;
use crate::site::registers::table::{ROOT, RegisterPage};

pub(super) use overview::overview;

/// What the page of a register shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct RegisterView {
    /// What the page is, in a word: `Layer`; empty for a register.
    pub label: String,
    /// One or two sentences: what this is.
    pub lead: String,
    /// Figures that say how things stand.
    pub stats: Vec<StatView>,
    pub groups: Vec<GroupView>,
    /// The same as data.
    pub downloads: Vec<LinkView>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct StatView {
    pub value: String,
    pub label: String,
    pub state: Option<Tone>,
}

/// One table with its heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct GroupView {
    /// Of the heading; empty where the page has only this one.
    pub id: String,
    pub title: String,
    pub note: String,
    /// A text to be copied, before the table.
    pub code: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<CellView>>,
    /// How many rows there are, shown or not.
    pub count: usize,
    /// How many of them are left out.
    pub more: usize,
}

/// One cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct CellView {
    pub text: String,
    pub url: Option<String>,
    /// The language of the text, where it is not that of the frame.
    pub lang: Option<String>,
    pub state: Option<Tone>,
    /// Beneath the text, smaller.
    pub note: String,
    /// What the text is short for: the path of a file.
    pub whole: String,
    /// Whether the text is a date, which stays on one line.
    pub date: bool,
    /// Whether the text is a name that machines know, which breaks between its words only.
    pub name: bool,
    /// What the cell is sorted by, where that is not its text: a length of time in seconds.
    pub sort: Option<i64>,
    /// Further links, one below the other.
    pub more: Vec<LinkView>,
}

/// The registers of a site, and all their pages.
pub(super) struct RegisterPages<'a> {
    registers: Vec<NamedRegister<'a>>,
    /// Each page with the index of its register.
    pub pages: Vec<(usize, RegisterPage)>,
}

impl<'a> RegisterPages<'a> {
    pub fn new(site: &'a Site) -> RegisterPages<'a> {
        let registers = site.all_registers();
        let mut pages = Vec::new();
        for (number, (_, register)) in registers.iter().enumerate() {
            pages.extend(register.pages(site).into_iter().map(|page| (number, page)));
        }
        RegisterPages { registers, pages }
    }

    /// For each register the digest of what its pages show.
    pub fn digests(&self, site: &Site) -> Vec<Digest> {
        self.registers.iter().map(|(_, register)| register.digest(site)).collect()
    }

    /// What a page of the register of this index shows.
    pub fn view(&self, here: &PageLinks<'_>, register: usize, page: &RegisterPage) -> RegisterView {
        let (_, register) = &self.registers[register];
        cells::view(here, register.content(here.site, page), &page.files)
    }
}

/// The page of all pages of a kind; a plain page has none.
pub(super) fn kind(site: &Site, name: &str) -> Option<UrlPath> {
    if name == "page" { None } else { value(site, KIND, name) }
}

/// The page of all pages with a value of a field, where there is one.
pub(super) fn value(site: &Site, field: &str, value: &str) -> Option<UrlPath> {
    let register = site.field_registers.by_value_of(field)?;
    if site.config.has_register(&register.name) { register.url_of_value(value) } else { None }
}

/// The page of a control, where some page is evidence for it.
pub(super) fn control(site: &Site, reference: &str) -> Option<UrlPath> {
    if site.config.has(RegisterName::Controls) { site.registers.controls.page_of(reference) } else { None }
}
