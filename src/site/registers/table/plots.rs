//! The plots of a register. Each has a table of the same numbers.
//!
//! Owns [`RegisterPlot`]. `plot` draws the charts.

use super::cell::Cell;
use super::columns::{MAX_ROWS, RegisterTable, TableHeading};
use crate::plot::{Bars, Category, Look, Plot, Series, SquareGroup, Squares, Treemap};
use crate::site::Site;

/// A plot with a table of the same numbers.
#[derive(Debug)]
pub struct RegisterPlot<'a> {
    /// Unique on the page.
    pub name: &'static str,
    pub title: String,
    /// What is counted, in a sentence.
    pub note: String,
    /// The drawings of the plot, which are beside each other.
    pub charts: Vec<Plot>,
    pub data: RegisterTable<'a>,
}

impl<'a> RegisterPlot<'a> {
    /// `title` is the key of the title, such as `plots.months`; the plot is named after its end.
    pub fn new(
        site: &Site,
        title: &'static str,
        charts: Vec<Plot>,
        headings: Vec<String>,
        rows: Vec<Vec<Cell<'a>>>,
    ) -> RegisterPlot<'a> {
        let name = title.rsplit('.').next().unwrap_or(title);
        let title = site.words().say(title).to_owned();
        let count = rows.len();
        let data = RegisterTable {
            title: title.clone(),
            note: String::new(),
            code: String::new(),
            code_rows: 0,
            headings: headings.into_iter().map(TableHeading::plain).collect(),
            rows: rows.into_iter().take(MAX_ROWS).collect(),
            count,
        };
        RegisterPlot { name, title, note: String::new(), charts, data }
    }

    /// A plot of bars, with a row for each category and a column for each series. `heading` is the key of the heading
    /// of the categories.
    pub fn of_bars(site: &Site, title: &'static str, bars: Bars, heading: &str) -> RegisterPlot<'a> {
        let t = site.words();
        let series: Vec<&Series> = bars.above.iter().chain(&bars.below).collect();
        let mut headings = vec![t.say(heading).to_owned()];
        headings.extend(series.iter().map(|series| series.name.clone()));
        let row = |(number, category): (usize, &Category)| {
            let values = series.iter().map(|series| Cell::new(series.values[number]));
            std::iter::once(Cell::new(category.name.clone())).chain(values).collect()
        };
        let rows = bars.categories.iter().enumerate().map(row).collect();
        RegisterPlot::new(site, title, vec![Plot::Bars(bars)], headings, rows)
    }

    /// A plot of squares, with a row for each group and a column for each sort of items.
    pub fn of_squares(site: &Site, title: &'static str, squares: Squares, heading: &str) -> RegisterPlot<'a> {
        let (headings, rows) = group_table(site, heading, &squares.sorts, &squares.groups);
        RegisterPlot::new(site, title, vec![Plot::Squares(squares)], headings, rows)
    }

    /// A treemap, with a row for each group and a column for each sort of items.
    pub fn of_treemap(site: &Site, title: &'static str, treemap: Treemap, heading: &str) -> RegisterPlot<'a> {
        let (headings, rows) = group_table(site, heading, &treemap.sorts, &treemap.groups);
        RegisterPlot::new(site, title, vec![Plot::Treemap(treemap)], headings, rows)
    }
}

/// The headings and rows of groups of items. `heading` is the key of the heading of the groups.
fn group_table<'a>(
    site: &Site,
    heading: &str,
    sorts: &[(String, Look)],
    groups: &[SquareGroup],
) -> (Vec<String>, Vec<Vec<Cell<'a>>>) {
    let mut headings = vec![site.words().say(heading).to_owned()];
    headings.extend(sorts.iter().map(|(sort, _)| sort.clone()));
    let mut rows = Vec::new();
    for group in groups {
        let counts = group.counts.iter().map(|count| Cell::new(*count));
        rows.push(std::iter::once(Cell::new(group.name.clone())).chain(counts).collect());
    }
    (headings, rows)
}
