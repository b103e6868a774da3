//! The typed table that every register is: from it come its page, its JSON, its CSV and its calendar.
//!
//! Owns [`Register`], what a register must say of itself, and the values of its columns. A [`Cell`] holds a value as
//! data files write it, and what the page says in its place. How a cell becomes HTML is decided by `view::registers`,
//! how it becomes a file by `emit::registers`: a register names pages by their ids and knows no URL.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::Serialize;

use crate::kinds::Period;
use crate::memo::Digest;
use crate::path::{FilePath, UrlPath};
use crate::site::{PageId, Site};

/// The most rows of one table that a page shows: a page must not grow without limit. The files hold all of them.
const MAX_ROWS: usize = 300;
/// The fewest rows that each of many tables shows, as long as the page has room.
const MIN_ROWS: usize = 8;
/// The most rows that one page shows.
const MAX_ROWS_OF_PAGE: usize = 1_200;

/// The folder of all registers in the site.
pub const ROOT: &str = "registers/";

/// How things stand. Shown as a symbol and a colour beside a text that says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// As it should be.
    Good,
    /// Somebody should look at it.
    Warn,
    /// Something is missing or late.
    Bad,
    /// Over and done; of no concern.
    Quiet,
}

/// How good it is that a page is in a status.
pub fn tone_of_status(status: &str) -> Option<Tone> {
    match status {
        "stable" => Some(Tone::Good),
        "draft" | "review" => Some(Tone::Warn),
        "deprecated" | "archived" => Some(Tone::Quiet),
        _ => None,
    }
}

/// A roll-up of facts from many pages.
///
/// A register has pages, and files with the same rows. Both are made from the same columns. Texts are in the language of
/// the handbook.
pub trait Register: Sync {
    /// The pages of the register; none where there is nothing to show.
    fn pages(&self, site: &Site) -> Vec<RegisterPage>;

    /// What one of these pages shows.
    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_>;

    /// What one of the files of these pages holds; `file` is relative to [`ROOT`].
    fn data(&self, site: &Site, file: &str) -> FileContent<'_>;

    /// The digest of what its pages show beyond titles, places and fields of pages.
    fn digest(&self, site: &Site) -> Digest;
}

impl<R: Register> Register for &R {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        R::pages(self, site)
    }

    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_> {
        R::content(self, site, page)
    }

    fn data(&self, site: &Site, file: &str) -> FileContent<'_> {
        R::data(self, site, file)
    }

    fn digest(&self, site: &Site) -> Digest {
        R::digest(self, site)
    }
}

/// One page of a register.
#[derive(Debug, Clone)]
pub struct RegisterPage {
    pub url: UrlPath,
    pub title: String,
    /// What of the register it shows, as the register names it; empty for all of it.
    pub topic: String,
    /// The pages between the overview and this one.
    pub above: Vec<(String, UrlPath)>,
    /// What the overview says of it; it lists only pages with an entry.
    pub entry: Option<OverviewEntry>,
    /// The files with the same rows, relative to [`ROOT`].
    pub files: Vec<String>,
    /// Of a register with a page for each value of a field: the pages with this value.
    pub listed: Vec<PageId>,
}

/// A line of the overview of registers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OverviewEntry {
    /// The overview's heading for it.
    pub heading: String,
    /// One sentence.
    pub note: String,
    /// `12 open`.
    pub count: String,
    pub tone: Option<Tone>,
}

impl RegisterPage {
    /// A page at a path beneath [`ROOT`].
    pub fn new(path: &str, title: impl Into<String>) -> RegisterPage {
        RegisterPage {
            url: UrlPath::new(format!("{ROOT}{path}")),
            title: title.into(),
            topic: String::new(),
            above: Vec::new(),
            entry: None,
            files: Vec::new(),
            listed: Vec::new(),
        }
    }

    pub fn topic(self, topic: impl Into<String>) -> RegisterPage {
        RegisterPage { topic: topic.into(), ..self }
    }

    /// Places this page beneath another one.
    pub fn below(self, page: &RegisterPage) -> RegisterPage {
        let mut above = page.above.clone();
        above.push((page.title.clone(), page.url.clone()));
        RegisterPage { above, ..self }
    }

    pub fn files(self, files: impl IntoIterator<Item = impl Into<String>>) -> RegisterPage {
        RegisterPage { files: files.into_iter().map(Into::into).collect(), ..self }
    }

    pub fn entry(self, heading: &str, count: impl Into<String>, note: impl Into<String>) -> RegisterPage {
        let entry =
            OverviewEntry { heading: heading.to_owned(), note: note.into(), count: count.into(), tone: None };
        RegisterPage { entry: Some(entry), ..self }
    }

    /// Says how good the count of the entry is.
    pub fn tone(mut self, tone: Tone) -> RegisterPage {
        if let Some(entry) = &mut self.entry {
            entry.tone = Some(tone);
        }
        self
    }
}

/// What the page of a register shows.
#[derive(Debug, Default)]
pub struct RegisterContent<'a> {
    /// What the page is, in a word: `Layer`; empty for a register.
    pub label: String,
    /// One or two sentences: what this is.
    pub lead: String,
    pub figures: Vec<RegisterFigure>,
    pub tables: Vec<RegisterTable<'a>>,
}

/// A number that says how things stand.
#[derive(Debug)]
pub struct RegisterFigure {
    pub value: String,
    pub label: String,
    pub tone: Option<Tone>,
}

impl RegisterFigure {
    pub fn new(value: impl ToString, label: &str) -> RegisterFigure {
        RegisterFigure { value: value.to_string(), label: label.to_owned(), tone: None }
    }

    /// A count with a tone; zero has none.
    pub fn toned(count: usize, label: &str, tone: Tone) -> RegisterFigure {
        RegisterFigure { tone: (count > 0).then_some(tone), ..RegisterFigure::new(count, label) }
    }
}

/// A table with its heading, or a text to be copied.
#[derive(Debug)]
pub struct RegisterTable<'a> {
    pub title: String,
    pub note: String,
    /// A text to be copied; such a table has no columns.
    pub code: String,
    /// How many rows the text has.
    pub code_rows: usize,
    /// The headings of the columns.
    pub headings: Vec<String>,
    pub rows: Vec<Vec<Cell<'a>>>,
    /// How many rows there are, shown or not.
    pub count: usize,
}

/// The tables of one page, with a limit for all of them.
pub struct Tables<'s, 'a> {
    site: &'s Site,
    tables: Vec<RegisterTable<'a>>,
    /// Rows of all tables so far.
    rows: usize,
    /// The most rows of each table.
    limit: usize,
}

impl<'s, 'a> Tables<'s, 'a> {
    /// For about `count` tables, which share the room of the page.
    pub fn new(site: &'s Site, count: usize) -> Tables<'s, 'a> {
        let limit = (MAX_ROWS_OF_PAGE / count.max(1)).clamp(MIN_ROWS, MAX_ROWS);
        Tables { site, tables: Vec::new(), rows: 0, limit }
    }

    /// Adds a table of rows of the register; nothing where there are none.
    pub fn add<R>(&mut self, title: &str, note: &str, layout: &Layout<R>, rows: &[&'a R]) {
        let site = self.site;
        let columns: Vec<&Column<R>> = layout.shown.iter().map(|(key, _)| layout.column(key)).collect();
        let headings: Vec<String> =
            layout.shown.iter().map(|(_, heading)| site.words().say(heading).to_owned()).collect();
        let row = |row: &&'a R| columns.iter().map(|column| (column.cell)(site, *row)).collect();
        self.add_rows(title, note, headings, rows.iter().map(row));
    }

    /// Adds a table whose rows are no rows of the register, such as sums; nothing where there are none.
    pub fn add_cells(&mut self, title: &str, note: &str, headings: &[&str], rows: Vec<Vec<Cell<'a>>>) {
        let headings = headings.iter().map(|heading| self.site.words().say(heading).to_owned()).collect();
        self.add_rows(title, note, headings, rows.into_iter());
    }

    /// Adds a table with these headings. Only rows that the page shows are taken from the iterator.
    pub fn add_rows(
        &mut self,
        title: &str,
        note: &str,
        headings: Vec<String>,
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

    /// Adds texts to be copied; nothing where there are none. Each is one row.
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

/// A column of the rows of type `R`.
pub struct Column<R: 'static> {
    /// The name in data files, and in layouts of pages.
    key: &'static str,
    cell: for<'a> fn(&Site, &'a R) -> Cell<'a>,
    in_files: bool,
}

impl<R> Column<R> {
    /// A column of data files, which pages may show.
    pub const fn new(key: &'static str, cell: for<'a> fn(&Site, &'a R) -> Cell<'a>) -> Column<R> {
        Column { key, cell, in_files: true }
    }

    /// A column that only pages show: what it says is in other columns of the files.
    pub const fn on_pages(key: &'static str, cell: for<'a> fn(&Site, &'a R) -> Cell<'a>) -> Column<R> {
        Column { key, cell, in_files: false }
    }
}

/// Which columns a table on a page has, in which order, and under which headings.
pub struct Layout<R: 'static> {
    pub columns: &'static [Column<R>],
    /// The key of each column, and the key of its heading in the texts of the program.
    pub shown: &'static [(&'static str, &'static str)],
}

impl<R> Layout<R> {
    /// # Panics
    /// Where there is no such column.
    fn column(&self, key: &str) -> &'static Column<R> {
        let column = self.columns.iter().find(|column| column.key == key);
        column.expect("a page shows columns that its register has")
    }
}

/// One cell: a value, and what the page says in its place.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    pub value: CellValue<'a>,
    pub label: CellLabel<'a>,
    /// Beneath the text, smaller.
    pub note: Cow<'a, str>,
    /// Where the text leads. The value [`CellValue::Page`] leads to its page without.
    pub link: Option<CellLink<'a>>,
    /// Further links, one below the other.
    pub links: Vec<CellLink<'a>>,
    pub tone: Option<Tone>,
    /// What the text is short for: the path of a file.
    pub full: Cow<'a, str>,
}

/// What a data file holds in a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CellValue<'a> {
    #[default]
    None,
    Text(Cow<'a, str>),
    Number(i64),
    Flag(bool),
    Date(Date),
    /// On the page its title, with a link.
    Page(PageId),
    List(Vec<CellValue<'a>>),
    /// Only in data files.
    Map(Vec<(Cow<'a, str>, CellValue<'a>)>),
}

/// What the page says in place of a value.
#[derive(Debug, Clone, Default)]
pub enum CellLabel<'a> {
    /// The value itself.
    #[default]
    Value,
    Text(Cow<'a, str>),
    /// A name that programs know, which breaks between its words only: of an alert, of a file.
    Name(Cow<'a, str>),
    /// What the kind of this page calls the value in this field.
    Choice(PageId, &'a str),
    /// A length of time in seconds, by which the cell is sorted.
    Duration(i64),
    /// An interval, by whose length the cell is sorted.
    Period(Period),
}

/// Where a cell leads.
#[derive(Debug, Clone)]
pub enum CellLink<'a> {
    Page {
        page: PageId,
        anchor: Option<&'a str>,
    },
    /// A page of a register.
    Register(UrlPath),
    /// A file of the handbook, where it is published.
    File(&'a FilePath),
}

impl<'a> From<&'a str> for CellValue<'a> {
    fn from(text: &'a str) -> CellValue<'a> {
        CellValue::Text(Cow::Borrowed(text))
    }
}

impl From<String> for CellValue<'_> {
    fn from(text: String) -> Self {
        CellValue::Text(Cow::Owned(text))
    }
}

impl From<usize> for CellValue<'_> {
    fn from(number: usize) -> Self {
        CellValue::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<'a, T: Into<CellValue<'a>>> From<Option<T>> for CellValue<'a> {
    fn from(value: Option<T>) -> CellValue<'a> {
        value.map_or(CellValue::None, Into::into)
    }
}

impl From<Date> for CellValue<'_> {
    fn from(date: Date) -> Self {
        CellValue::Date(date)
    }
}

impl<'a> CellValue<'a> {
    pub fn texts(texts: &'a [String]) -> CellValue<'a> {
        CellValue::List(texts.iter().map(|text| CellValue::from(text.as_str())).collect())
    }

    pub fn pages(pages: &[PageId]) -> CellValue<'a> {
        CellValue::List(pages.iter().map(|page| CellValue::Page(*page)).collect())
    }

    /// A map with the keys that a program names.
    pub fn map<const N: usize>(entries: [(&'static str, CellValue<'a>); N]) -> CellValue<'a> {
        CellValue::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
    }
}

impl<'a> Cell<'a> {
    pub fn new(value: impl Into<CellValue<'a>>) -> Cell<'a> {
        Cell { value: value.into(), ..Cell::default() }
    }

    /// Texts, which the page joins with commas.
    pub fn texts(texts: &'a [String]) -> Cell<'a> {
        Cell::new_value(CellValue::texts(texts))
    }

    pub fn page(page: PageId) -> Cell<'a> {
        Cell::new_value(CellValue::Page(page))
    }

    pub fn new_value(value: CellValue<'a>) -> Cell<'a> {
        Cell { value, ..Cell::default() }
    }

    /// A value of a choice: the page says what the kind of `page` calls it.
    pub fn choice(page: PageId, field: &'a str, value: impl Into<CellValue<'a>>) -> Cell<'a> {
        Cell { label: CellLabel::Choice(page, field), ..Cell::new(value) }
    }

    /// Says on the page something else than the value.
    pub fn label(self, label: impl Into<Cow<'a, str>>) -> Cell<'a> {
        Cell { label: CellLabel::Text(label.into()), ..self }
    }

    pub fn note(self, note: impl Into<Cow<'a, str>>) -> Cell<'a> {
        Cell { note: note.into(), ..self }
    }

    pub fn to_page(self, page: PageId, anchor: Option<&'a str>) -> Cell<'a> {
        Cell { link: Some(CellLink::Page { page, anchor }), ..self }
    }

    pub fn link(self, link: Option<CellLink<'a>>) -> Cell<'a> {
        Cell { link, ..self }
    }

    pub fn links(self, links: Vec<CellLink<'a>>) -> Cell<'a> {
        Cell { links, ..self }
    }

    pub fn tone(self, tone: impl Into<Option<Tone>>) -> Cell<'a> {
        Cell { tone: tone.into(), ..self }
    }
}

/// What a data file holds.
#[derive(Debug)]
pub enum FileContent<'a> {
    /// JSON and CSV.
    Rows(FileRows<'a>),
    /// iCalendar.
    Tasks(Vec<RegisterTask<'a>>),
}

/// Rows, and what is said before them.
#[derive(Debug, Default)]
pub struct FileRows<'a> {
    /// Keys of the JSON document before its lists: the day, figures.
    pub head: Vec<(&'static str, CellValue<'a>)>,
    /// The first list is the table of the CSV file.
    pub lists: Vec<RowList<'a>>,
}

/// A list of rows.
#[derive(Debug)]
pub struct RowList<'a> {
    /// The key of the list in JSON.
    pub key: Cow<'a, str>,
    /// The keys of the columns.
    pub keys: Vec<Cow<'a, str>>,
    pub rows: Vec<Vec<CellValue<'a>>>,
}

impl<'a> RowList<'a> {
    /// Every row in all columns of files.
    pub fn new<R>(
        key: &'static str,
        columns: &'static [Column<R>],
        site: &Site,
        rows: impl IntoIterator<Item = &'a R>,
    ) -> RowList<'a> {
        let columns: Vec<&Column<R>> = columns.iter().filter(|column| column.in_files).collect();
        let row = |row| columns.iter().map(|column| (column.cell)(site, row).value).collect();
        RowList {
            key: Cow::Borrowed(key),
            keys: columns.iter().map(|column| Cow::Borrowed(column.key)).collect(),
            rows: rows.into_iter().map(row).collect(),
        }
    }
}

impl<'a> RowList<'a> {
    /// The rows as a value within another row.
    pub fn into_maps(self) -> CellValue<'a> {
        let keys = self.keys;
        let map = |row: Vec<CellValue<'a>>| CellValue::Map(keys.iter().cloned().zip(row).collect());
        CellValue::List(self.rows.into_iter().map(map).collect())
    }
}

/// What is to be done until a day, for calendars.
#[derive(Debug)]
pub struct RegisterTask<'a> {
    /// Unique in the handbook.
    pub uid: Cow<'a, str>,
    pub summary: Cow<'a, str>,
    pub due: Date,
    /// The day of the last change.
    pub changed: Date,
    pub is_begun: bool,
    pub owners: Cow<'a, [String]>,
    pub page: Option<PageId>,
    pub anchor: Option<&'a str>,
}
