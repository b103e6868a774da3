//! The columns of a register, and the tables of rows with these columns.
//!
//! Owns [`Column`] and [`Layout`], which columns are facets, and [`Tables`], which limits the rows of a page.

use std::borrow::Cow;

use super::cell::Cell;
use crate::site::Site;

/// A column of rows of type `R`.
pub struct Column<R: 'static> {
    /// The name in data files and in layouts of pages.
    pub(super) key: &'static str,
    pub(super) cell: for<'a> fn(&Site, &'a R) -> Cell<'a>,
    pub(super) in_files: bool,
}

impl<R> Column<R> {
    /// A column of data files that pages may show.
    pub const fn new(key: &'static str, cell: for<'a> fn(&Site, &'a R) -> Cell<'a>) -> Column<R> {
        Column { key, cell, in_files: true }
    }

    /// A column that only pages show, because other columns of the files have its value.
    pub const fn on_pages(key: &'static str, cell: for<'a> fn(&Site, &'a R) -> Cell<'a>) -> Column<R> {
        Column { key, cell, in_files: false }
    }
}

/// The columns of a table on a page, with their order and headings.
pub struct Layout<R: 'static> {
    pub columns: &'static [Column<R>],
    /// The key of each column, and the key of its heading in the texts of the program.
    pub shown: &'static [(&'static str, &'static str)],
}

impl<R> Layout<R> {
    /// # Panics
    ///
    /// Panics if there is no such column.
    fn column(&self, key: &str) -> &'static Column<R> {
        let column = self.columns.iter().find(|column| column.key == key);
        column.expect("a page shows columns that its register has")
    }
}

/// The heading of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableHeading {
    /// The name of the column in addresses: `?sort=due`.
    pub key: Cow<'static, str>,
    pub title: String,
    /// The facet that readers filter by with the values of this column.
    pub facet: Option<&'static str>,
}

/// The columns that are facets, by their keys: the name of the facet in addresses. The year is that of a day.
const FACETS: &[(&str, &str)] = &[
    ("owner", OWNER),
    ("owners", OWNER),
    ("state", "state"),
    ("status", "state"),
    ("severity", "severity"),
    ("service", "service"),
    ("services", "service"),
    ("cause_class", "cause"),
    ("group", "group"),
    ("provider", "provider"),
    ("date", YEAR),
    ("day", YEAR),
    ("started", YEAR),
];

/// The facet of owners.
pub const OWNER: &str = "owner";
/// The facet whose values are the years of a column of days.
pub const YEAR: &str = "year";
/// The value of a facet for rows without any.
pub const NO_VALUE: &str = "-";

impl TableHeading {
    /// The heading of a column with this key, which decides whether it is a facet.
    pub fn new(key: impl Into<Cow<'static, str>>, title: impl Into<String>) -> TableHeading {
        let key = key.into();
        let facet = FACETS.iter().find(|(known, _)| *known == key).map(|(_, facet)| *facet);
        TableHeading { key, title: title.into(), facet }
    }

    /// A heading of numbers, which readers do not filter by.
    pub fn plain(title: impl Into<String>) -> TableHeading {
        TableHeading { key: Cow::Borrowed(""), title: title.into(), facet: None }
    }
}

/// A table with its heading, or a text to copy.
#[derive(Debug)]
pub struct RegisterTable<'a> {
    pub title: String,
    pub note: String,
    /// A text to copy; such a table has no columns.
    pub code: String,
    /// The number of rows in the text.
    pub code_rows: usize,
    pub headings: Vec<TableHeading>,
    pub rows: Vec<Vec<Cell<'a>>>,
    /// The number of rows, shown or not.
    pub count: usize,
}

/// The most rows of one table on a page: a page must not grow without limit. The files contain all rows.
pub(super) const MAX_ROWS: usize = 300;
/// The fewest rows that each of many tables shows while the page has room.
const MIN_ROWS: usize = 8;
/// The most rows of all tables on a page.
const MAX_ROWS_OF_PAGE: usize = 1_200;

/// The tables of one page, with a limit for all of them.
pub struct Tables<'s, 'a> {
    site: &'s Site,
    tables: Vec<RegisterTable<'a>>,
    /// The number of rows of all tables so far.
    rows: usize,
    /// The most rows of each table.
    limit: usize,
}

impl<'s, 'a> Tables<'s, 'a> {
    /// For about `count` tables, which share the rows of the page.
    pub fn new(site: &'s Site, count: usize) -> Tables<'s, 'a> {
        let limit = (MAX_ROWS_OF_PAGE / count.max(1)).clamp(MIN_ROWS, MAX_ROWS);
        Tables { site, tables: Vec::new(), rows: 0, limit }
    }

    /// Adds a table of rows of the register; nothing where there are none.
    pub fn add<R>(&mut self, title: &str, note: &str, layout: &Layout<R>, rows: &[&'a R]) {
        let site = self.site;
        let columns: Vec<&Column<R>> = layout.shown.iter().map(|(key, _)| layout.column(key)).collect();
        let heading =
            |(key, heading): &(&'static str, &str)| TableHeading::new(*key, site.words().say(heading));
        let headings = layout.shown.iter().map(heading).collect();
        let row = |row: &&'a R| columns.iter().map(|column| (column.cell)(site, *row)).collect();
        self.add_rows(title, note, headings, rows.iter().map(row));
    }

    /// Adds a table of other rows, such as totals; nothing where there are none.
    pub fn add_cells(
        &mut self,
        title: &str,
        note: &str,
        headings: &[&'static str],
        rows: Vec<Vec<Cell<'a>>>,
    ) {
        let heading = |heading: &&'static str| {
            let key = heading.rsplit('.').next().unwrap_or(heading);
            TableHeading::new(key, self.site.words().say(heading))
        };
        let headings = headings.iter().map(heading).collect();
        self.add_rows(title, note, headings, rows.into_iter());
    }

    /// Adds a table with these headings. Only rows that the page shows are taken from the iterator.
    pub fn add_rows(
        &mut self,
        title: &str,
        note: &str,
        headings: Vec<TableHeading>,
        rows: impl ExactSizeIterator<Item = Vec<Cell<'a>>>,
    ) {
        let count = rows.len();
        if count == 0 {
            return;
        }
        let shown = count.min(self.limit).min(MAX_ROWS_OF_PAGE.saturating_sub(self.rows));
        self.rows += shown;
        self.tables.push(RegisterTable {
            title: title.to_owned(),
            note: note.to_owned(),
            code: String::new(),
            code_rows: 0,
            headings,
            rows: rows.take(shown).collect(),
            count,
        });
    }

    /// Adds texts to copy, one row each; nothing where there are none.
    pub fn add_code(&mut self, title: &str, note: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let shown = lines.len().min(MAX_ROWS);
        self.tables.push(RegisterTable {
            title: title.to_owned(),
            note: note.to_owned(),
            code: lines[..shown].join("\n"),
            code_rows: shown,
            headings: Vec::new(),
            rows: Vec::new(),
            count: lines.len(),
        });
    }

    pub fn finish(self) -> Vec<RegisterTable<'a>> {
        self.tables
    }
}
