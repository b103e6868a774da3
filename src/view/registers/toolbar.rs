//! The filters above the tables of a register.
//!
//! This module owns which facets a page has, and their values over all its tables. The script of the theme filters.

use std::collections::BTreeMap;

use super::{CellView, ColumnView, FacetOptionView, FacetView, GroupView, ToolbarView};
use crate::natural_order;
use crate::site::registers::table::{NO_VALUE, YEAR};
use crate::view::nav::PageLinks;

/// The fewest rows that have filters; fewer are seen at once. `tables.js` sorts as many.
const FEWEST: usize = 5;
/// The fewest rows that have a search.
const FEWEST_SEARCHED: usize = 13;
/// The most values of a facet. A longer list is no help.
const MOST_VALUES: usize = 80;

/// The filters of these tables; `None` where all rows are seen at once.
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
    /// In lower case, because names of people and groups are written in several ways.
    values: BTreeMap<String, (String, usize)>,
    /// The rows with any value.
    rows: usize,
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
            let (_, count) = self.values.entry(value.to_lowercase()).or_insert_with(|| (label.clone(), 0));
            *count += 1;
        }
    }

    /// The facet, if its values tell rows apart. `all` counts the rows of the page.
    fn view(self, all: usize) -> Option<FacetView> {
        let mut options: Vec<FacetOptionView> = Vec::new();
        for (value, (label, count)) in self.values {
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
        let tells = (2..=MOST_VALUES).contains(&options.len());
        tells.then_some(FacetView { name: self.name, label: self.label, options })
    }
}
