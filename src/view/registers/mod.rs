//! The pages of registers, under `registers/`.
//!
//! This module owns [`RegisterView`], which one template shows for all of them, and the conversion of a register's
//! cells to text and links. `site::registers` computes the content.

mod cells;
mod graph;
mod overview;
mod toolbar;

use serde::Serialize;

use super::nav::PageLinks;
use super::{LinkView, Tone};
use crate::memo::Digest;
use crate::path::UrlPath;
use crate::registers::KIND;
use crate::site::Site;
use crate::site::registers::table::{ROOT, RegisterPage};
use crate::site::registers::{CONTROLS, NamedRegister};

pub(super) use cells::{group_id, query};
pub(super) use overview::overview;

/// The content of a register's page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct RegisterView {
    /// The type of the page in a word, such as `Layer`; empty for the whole register.
    pub label: String,
    /// An introduction of one or two sentences.
    pub lead: String,
    /// Key figures.
    pub stats: Vec<StatView>,
    /// What readers filter the rows by; empty where there are few rows.
    pub toolbar: Option<ToolbarView>,
    pub plots: Vec<PlotView>,
    /// Whether the plots are the content of the page, which is printed on one sheet.
    pub is_poster: bool,
    /// Traffic lights by provider.
    pub lights: Vec<LightGroupView>,
    /// The number of lights that are not shown.
    pub more_lights: usize,
    /// Sheets of the calendar.
    pub months: Vec<MonthView>,
    /// The names of the days of the week, from Monday on, where there are sheets.
    pub weekdays: Vec<String>,
    /// A graph of pages as inline SVG; empty if there is none.
    pub graph: String,
    pub groups: Vec<GroupView>,
    /// The files with the same data.
    pub downloads: Vec<LinkView>,
}

/// One key figure.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct StatView {
    pub value: String,
    pub label: String,
    pub state: Option<Tone>,
    /// The query that selects the counted rows, such as `state=overdue`.
    pub filter: Option<String>,
    /// The link to the table with the counted rows, such as `#open`, where there is no such query.
    pub url: Option<String>,
}

/// The filters above the tables of a register.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ToolbarView {
    /// Whether there are so many rows that a search in them helps.
    pub search: bool,
    pub facets: Vec<FacetView>,
}

impl ToolbarView {
    /// Whether readers can choose a value of a facet, in any case.
    fn has_option(&self, name: &str, value: &str) -> bool {
        let value = value.to_lowercase();
        let facet = self.facets.iter().find(|facet| facet.name == name);
        facet.is_some_and(|facet| facet.options.iter().any(|option| option.value == value))
    }
}

/// What a column can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct FacetView {
    /// The name in addresses, such as `owner`.
    pub name: &'static str,
    pub label: String,
    pub options: Vec<FacetOptionView>,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct FacetOptionView {
    /// The value in addresses; `-` for rows without one.
    pub value: String,
    /// The name for readers; empty for rows without a value.
    pub label: String,
    pub count: usize,
}

/// The heading of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ColumnView {
    pub title: String,
    /// The name in addresses.
    pub key: String,
    pub facet: Option<&'static str>,
}

/// A plot with a table of the same numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PlotView {
    /// The id of the heading.
    pub id: String,
    pub title: String,
    /// What is counted, in a sentence.
    pub note: String,
    /// Inline SVG, one or several drawings beside each other.
    pub drawings: Vec<String>,
    pub data: GroupView,
}

/// The sheet of a month.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct MonthView {
    pub title: String,
    pub weeks: Vec<Vec<DayView>>,
}

/// A day on the sheet of a month; without a number it is one of another month.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct DayView {
    pub number: Option<i8>,
    pub is_today: bool,
    pub entries: Vec<LinkView>,
}

/// The lights of one provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct LightGroupView {
    /// The id of the heading.
    pub id: String,
    pub title: String,
    pub lights: Vec<LightView>,
}

/// The light of one service.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct LightView {
    pub service: String,
    /// `green`, `orange`, `red`, `stale` or `missing`.
    pub state: &'static str,
    /// The state in words.
    pub label: String,
    /// What experts want to know.
    pub facts: Vec<StatView>,
    /// Incidents that are not over; the address of an analysis is empty where there is none.
    pub incidents: Vec<LinkView>,
    /// The state of each day, the oldest first.
    pub days: Vec<&'static str>,
    /// The same in words.
    pub days_label: String,
    /// The first day on which the light is stale, while it is not.
    pub stale_from: Option<String>,
}

/// One table with its heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct GroupView {
    /// The id of the heading; empty where the page has only this one.
    pub id: String,
    pub title: String,
    pub note: String,
    /// A text to copy, before the table.
    pub code: String,
    pub columns: Vec<ColumnView>,
    pub rows: Vec<Vec<CellView>>,
    /// The number of rows, shown or not.
    pub count: usize,
    /// The number of rows that are not shown.
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
    /// Shown below the text in a smaller size.
    pub note: String,
    /// The full form of an abbreviated text, such as the path of a file.
    pub whole: String,
    /// Whether the text is a date, which stays on one line.
    pub date: bool,
    /// Whether the text is a technical name. Lines break only between its words.
    pub name: bool,
    /// The number that the cell is sorted by instead of its text: a duration in seconds, or the length of an
    /// interval in days.
    pub sort: Option<i64>,
    /// Further links, one below the other.
    pub more: Vec<LinkView>,
    /// The values of the facet, separated by `|`, where they are not the text.
    pub values: Option<String>,
    /// Each value of the facet with its name for readers.
    #[serde(skip)]
    pub facets: Vec<(String, String)>,
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

    /// The digest of the content of each register.
    pub fn digests(&self, site: &Site) -> Vec<Digest> {
        self.registers.iter().map(|(_, register)| register.digest(site)).collect()
    }

    /// The view of a page of the register with this index.
    pub fn view(&self, here: &PageLinks<'_>, register: usize, page: &RegisterPage) -> RegisterView {
        let (_, register) = &self.registers[register];
        cells::view(here, register.content(here.site, page), &page.files)
    }
}

/// The URL of the page with all pages of a kind; a plain page has none.
pub(super) fn kind(site: &Site, name: &str) -> Option<UrlPath> {
    if name == "page" { None } else { value(site, KIND, name) }
}

/// The URL of the page with all pages that have a value in a field, if there is one.
pub(super) fn value(site: &Site, field: &str, value: &str) -> Option<UrlPath> {
    let register = site.field_registers.by_value_of(field)?;
    if site.config.has_register(&register.name) { register.url_of_value(value) } else { None }
}

/// The URL of a control's page, if any page is evidence for it.
pub(super) fn control(site: &Site, reference: &str) -> Option<UrlPath> {
    if site.config.has_register(CONTROLS) { site.registers.controls.page_of(reference) } else { None }
}
