//! The cells of fields, and the headings above them.
//!
//! Owns how a value of each type is shown, and which of them are links.

use super::rows::page_of;
use crate::kinds::{FieldType, TypedValue, capital};
use crate::page::Page;
use crate::registers::{FieldRegister, KIND};
use crate::site::registers::table::{Cell, CellLabel, CellLink, CellValue, tone_of_status};
use crate::site::{PageId, Site};

impl FieldRegister {
    /// The heading of the definition, else the label of the field.
    pub(super) fn column_heading(
        &self,
        site: &Site,
        language: &str,
        column: &str,
        rows: &[PageId],
    ) -> String {
        if let Some(heading) = self.heading(language, column) {
            return heading.to_owned();
        }
        // Kinds may label a field differently: the first page that has it decides.
        let field = rows.iter().find_map(|id| {
            let kind = &page_of(site, *id).front.kind;
            let field = kind.field(&site.kinds.common, column)?;
            Some(site.kinds.wording(kind, language).label(column, field).to_owned())
        });
        field.unwrap_or_else(|| capital(column))
    }
}

/// The value of a field as a cell.
pub(super) fn field_cell(site: &Site, id: PageId, field: &str) -> Cell<'static> {
    let page = page_of(site, id);
    match field {
        KIND => {
            let title = site.kinds.wording(&page.front.kind, &site.words().language).title();
            return Cell::new(page.front.kind().to_owned()).label(title.to_owned());
        }
        "date" => return Cell::new(page.front.date),
        "owner" => return Cell::new(page.front.owner.clone()),
        _ => {}
    }
    let Some(value) = page.front.data.get(field) else { return Cell::default() };
    let known = page.front.kind.field(&site.kinds.common, field);
    match known.map(|known| &known.field_type) {
        Some(FieldType::Page) => {
            page_cell(site, id, field, value).unwrap_or_else(|| value_cell(site, page, field, value))
        }
        Some(FieldType::Url) => {
            let cell = value_cell(site, page, field, value);
            match value.items() {
                [TypedValue::Text(url)] => linked(cell, url),
                // A cell has one link, so several addresses stay texts.
                _ => cell,
            }
        }
        _ => value_cell(site, page, field, value),
    }
}

/// A value without links.
fn value_cell(site: &Site, page: &Page, field: &str, value: &TypedValue) -> Cell<'static> {
    let wording = site.kinds.wording(&page.front.kind, &site.words().language);
    match value {
        TypedValue::Text(text) | TypedValue::Number(text) => {
            let tone = if field == "status" { tone_of_status(text) } else { None };
            Cell::new(text.clone()).label(wording.value(field, text).to_owned()).tone(tone)
        }
        TypedValue::Flag(flag) => Cell::new(CellValue::Flag(*flag)),
        TypedValue::Date(date) => Cell::new(*date),
        TypedValue::Time(moment) => Cell::new(moment.timestamp.to_string()).label(moment.to_string()),
        TypedValue::Period(period) => {
            Cell { label: CellLabel::Period(*period), ..Cell::new(period.written()) }
        }
        TypedValue::List(items) => {
            let texts: Vec<&str> = items.iter().filter_map(TypedValue::text).collect();
            let names: Vec<&str> = texts.iter().map(|text| wording.value(field, text)).collect();
            let values = texts.iter().map(|text| CellValue::from((*text).to_owned())).collect();
            Cell::new(CellValue::List(values)).label(names.join(", "))
        }
        // Definitions cannot name such fields.
        TypedValue::Record(_) => Cell::default(),
    }
}

/// The pages that a field names, with links; `None` if none of its names leads to a page.
fn page_cell(site: &Site, id: PageId, field: &str, value: &TypedValue) -> Option<Cell<'static>> {
    let pages: Vec<PageId> = site.registers.references.of(id, field).collect();
    match value {
        // Data files have a list for each page if the field is one, even of a single page.
        TypedValue::List(_) if !pages.is_empty() => Some(Cell::new(CellValue::pages(&pages))),
        _ => pages.first().map(|page| Cell::page(*page)),
    }
}

/// The cell with a link to an address. The page shows the address without its scheme.
fn linked(cell: Cell<'static>, url: &str) -> Cell<'static> {
    let label = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    cell.label(label.to_owned()).link(Some(CellLink::Url(url.to_owned())))
}
