//! The filters above the tables of a register.
//!
//! This module owns which facets a page has, and their values over all its tables. The script of the theme filters.

use std::collections::BTreeMap;

use super::{CellView, ColumnView, FacetOptionView, FacetView, GroupView, ToolbarView};
use crate::natural_order;
use crate::site::registers::table::{NO_VALUE, YEAR};
use crate::view::nav::PageLinks;

/// The fewest rows that get filters: fewer rows are seen at a glance. `tables.js` has the same number for sorting.
const FEWEST: usize = 5;
/// The fewest rows that get a search.
const FEWEST_SEARCHED: usize = 13;
/// The most values of a facet. A longer list does not help to choose.
const MOST_VALUES: usize = 80;

/// The filters of these tables; `None` for a few rows.
pub(super) fn toolbar(here: &PageLinks<'_>, groups: &[GroupView]) -> Option<ToolbarView> {
    let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
    if rows < FEWEST {
        return None;
    }
    let mut found: Vec<FacetRows> = Vec::new();
    for group in groups {
        for (number, column) in group.columns.iter().enumerate() {
            let Some(name) = column.facet else { continue };
            let at = found.iter().position(|facet| facet.name == name).unwrap_or_else(|| {
                found.push(FacetRows::new(here, name, column));
                found.len() - 1
            });
            for row in &group.rows {
                found[at].count(row.get(number));
            }
        }
    }
    let facets = found.into_iter().filter_map(|facet| facet.view(rows)).collect();
    Some(ToolbarView { search: rows >= FEWEST_SEARCHED, facets })
}

/// The values of a facet with their names and how many rows have them.
struct FacetRows {
    name: &'static str,
    label: String,
    /// By the value in lower case, because names of people and groups are written in several ways.
    values: BTreeMap<String, CountedLabel>,
    /// The number of rows with any value.
    rows: usize,
}

/// A value as readers see it, and the number of rows that have it.
struct CountedLabel {
    label: String,
    count: usize,
}

impl FacetRows {
    fn new(here: &PageLinks<'_>, name: &'static str, column: &ColumnView) -> FacetRows {
        let label = if name == YEAR { here.t.say("column.year").to_owned() } else { column.title.clone() };
        FacetRows { name, label, values: BTreeMap::new(), rows: 0 }
    }

    fn count(&mut self, cell: Option<&CellView>) {
        let Some(cell) = cell.filter(|cell| !cell.facets.is_empty()) else { return };
        self.rows += 1;
        for (value, label) in &cell.facets {
            let counted = self.values.entry(value.to_lowercase());
            counted.or_insert_with(|| CountedLabel { label: label.clone(), count: 0 }).count += 1;
        }
    }

    /// The facet; `None` if it does not distinguish rows, or has too many values. `all` is the number of rows of the page.
    fn view(self, all: usize) -> Option<FacetView> {
        let mut options: Vec<FacetOptionView> = Vec::new();
        for (value, CountedLabel { label, count }) in self.values {
            options.push(FacetOptionView { value, label, count });
        }
        options.sort_by(|one, other| {
            natural_order::compare(&one.label.to_lowercase(), &other.label.to_lowercase())
        });
        if self.name == YEAR {
            options.reverse();
        }
        if self.rows < all {
            options.push(FacetOptionView {
                value: NO_VALUE.to_owned(),
                label: String::new(),
                count: all - self.rows,
            });
        }
        let is_useful = (2..=MOST_VALUES).contains(&options.len());
        is_useful.then_some(FacetView { name: self.name, label: self.label, options })
    }
}
