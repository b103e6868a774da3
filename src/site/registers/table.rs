//! The typed table of every register. Its page, its JSON, its CSV and its calendar are made from it.
//!
//! This module owns [`Register`], the interface of a register, and the values of its columns. A [`Cell`] contains a
//! value in the form of data files, and the text that the page shows instead. `view::registers` turns a cell into
//! HTML, `emit::registers` writes it to files. A register names pages by their ids and knows no URL.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::calendar::CalendarEvent;
use crate::health::{HealthLevel, LightState};
use crate::kinds::Period;
use crate::memo::Digest;
use crate::path::{FilePath, UrlPath};
use crate::plot::{Bars, Category, Look, Plot, Series, SquareGroup, Squares, Treemap};
use crate::site::{PageId, Site};
use crate::utc;

/// The most rows of one table on a page: a page must not grow without limit. The files contain all rows.
const MAX_ROWS: usize = 300;
/// The fewest rows that each of many tables shows while the page has room.
const MIN_ROWS: usize = 8;
/// The most rows of all tables on a page.
const MAX_ROWS_OF_PAGE: usize = 1_200;

/// The folder of all registers in the site.
pub const ROOT: &str = "registers/";

/// An assessment, shown as a symbol and a colour next to a text that says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// As it should be.
    Good,
    /// It needs attention.
    Warn,
    /// Something is missing or late.
    Bad,
    /// Finished; of no concern.
    Quiet,
}

/// The tone of a page's status.
pub fn tone_of_status(status: &str) -> Option<Tone> {
    match status {
        "stable" => Some(Tone::Good),
        "draft" | "review" => Some(Tone::Warn),
        "deprecated" | "archived" => Some(Tone::Quiet),
        _ => None,
    }
}

/// A register: a table of facts over many pages.
///
/// A register has pages, and files with the same rows. Both are made from the same columns. Texts are in the
/// language of the handbook.
pub trait Register: Sync {
    /// The pages of the register; none where there is nothing to show.
    fn pages(&self, site: &Site) -> Vec<RegisterPage>;

    /// The content of one of these pages.
    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_>;

    /// The content of one of their files; `file` is relative to [`ROOT`].
    fn data(&self, site: &Site, file: &str) -> FileContent<'_>;

    /// The digest of what its pages show apart from titles, URLs and fields of pages.
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
    /// The part of the register that the page shows, as the register names it; empty for the whole register.
    pub topic: String,
    /// The title and URL of each page between the overview and this one.
    pub above: Vec<(String, UrlPath)>,
    /// The entry in the overview. The overview lists only pages with an entry.
    pub entry: Option<OverviewEntry>,
    /// The files with the same rows, relative to [`ROOT`].
    pub files: Vec<String>,
    /// For a page of one value of a field: the pages with this value.
    pub listed: Vec<PageId>,
}

/// An entry in the overview of registers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OverviewEntry {
    /// The heading in the overview that it appears under.
    pub heading: String,
    /// One sentence.
    pub note: String,
    /// `12 open`.
    pub count: String,
    pub tone: Option<Tone>,
}

impl RegisterPage {
    /// A page at a path below [`ROOT`].
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

    /// Places this page below another one.
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

    /// Sets the tone of the entry.
    pub fn tone(mut self, tone: Tone) -> RegisterPage {
        if let Some(entry) = &mut self.entry {
            entry.tone = Some(tone);
        }
        self
    }
}

/// The content of a register's page.
#[derive(Debug, Default)]
pub struct RegisterContent<'a> {
    /// The type of the page in a word, such as `Layer`; empty for the whole register.
    pub label: String,
    /// An introduction of one or two sentences.
    pub lead: String,
    pub figures: Vec<RegisterFigure>,
    pub plots: Vec<RegisterPlot<'a>>,
    /// Whether the plots are the content of the page, which is printed on one sheet.
    pub is_poster: bool,
    /// Lights before the tables.
    pub lights: Vec<LightGroup>,
    /// The number of lights that are not shown.
    pub more_lights: usize,
    /// Calendar sheets before the tables.
    pub months: Vec<CalendarMonth>,
    /// The pages and what they name, as a drawing.
    pub graph: Option<RegisterGraph>,
    pub tables: Vec<RegisterTable<'a>>,
}

/// The sheet of a month: its weeks from Monday to Sunday.
#[derive(Debug)]
pub struct CalendarMonth {
    /// Such as `2026-12`.
    pub title: String,
    pub weeks: Vec<[CalendarDay; 7]>,
}

/// A day on the sheet of a month.
#[derive(Debug, Clone, Default)]
pub struct CalendarDay {
    /// `None` for a day of another month, whose place is empty.
    pub date: Option<Date>,
    pub is_today: bool,
    /// What takes place, with the times of day.
    pub entries: Vec<CalendarDayEntry>,
}

/// Something that takes place on a day.
#[derive(Debug, Clone)]
pub struct CalendarDayEntry {
    pub title: String,
    /// The time of day, such as `10:00`; empty for whole days.
    pub time: String,
    pub link: CellLink<'static>,
}

/// Pages, and arrows between them.
#[derive(Debug)]
pub struct RegisterGraph {
    pub title: String,
    pub pages: Vec<PageId>,
    /// Indices of pages: from the one that names to the one that is named.
    pub arrows: Vec<(usize, usize)>,
}

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

/// The lights of one provider.
#[derive(Debug)]
pub struct LightGroup {
    pub title: String,
    pub lights: Vec<RegisterLight>,
}

/// The light of one service.
#[derive(Debug)]
pub struct RegisterLight {
    pub service: String,
    pub state: LightState,
    /// The state in words.
    pub label: String,
    /// What experts want to know, each with its name.
    pub facts: Vec<(String, String)>,
    /// Incidents that are not over, with their analyses.
    pub incidents: Vec<(String, Option<PageId>)>,
    /// The level of each day, the oldest first.
    pub days: Vec<Option<HealthLevel>>,
    /// The same in words.
    pub days_label: String,
    /// The first day on which the light is stale, while it is not.
    pub stale_from: Option<Date>,
}

/// A key figure.
#[derive(Debug)]
pub struct RegisterFigure {
    pub value: String,
    pub label: String,
    pub tone: Option<Tone>,
    /// The facet and its value that select the counted rows.
    pub filter: Option<(&'static str, String)>,
    /// The title of the table with the counted rows.
    pub table: Option<String>,
}

impl RegisterFigure {
    pub fn new(value: impl ToString, label: &str) -> RegisterFigure {
        RegisterFigure {
            value: value.to_string(),
            label: label.to_owned(),
            tone: None,
            filter: None,
            table: None,
        }
    }

    /// Names the rows that are counted.
    pub fn filter(self, facet: &'static str, value: impl Into<String>) -> RegisterFigure {
        RegisterFigure { filter: Some((facet, value.into())), ..self }
    }

    /// Names the table whose rows are counted.
    pub fn table(self, title: &str) -> RegisterFigure {
        RegisterFigure { table: Some(title.to_owned()), ..self }
    }

    /// A count with a tone. Zero has no tone.
    pub fn toned(count: usize, label: &str, tone: Tone) -> RegisterFigure {
        RegisterFigure { tone: (count > 0).then_some(tone), ..RegisterFigure::new(count, label) }
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

/// A column of rows of type `R`.
pub struct Column<R: 'static> {
    /// The name in data files and in layouts of pages.
    key: &'static str,
    cell: for<'a> fn(&Site, &'a R) -> Cell<'a>,
    in_files: bool,
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

/// One cell: a value, and how the page shows it.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    pub value: CellValue<'a>,
    pub label: CellLabel<'a>,
    /// Shown below the text in a smaller size.
    pub note: Cow<'a, str>,
    /// The target of the text. [`CellValue::Page`] leads to its page without one.
    pub link: Option<CellLink<'a>>,
    /// Further links, one below the other.
    pub links: Vec<CellLink<'a>>,
    pub tone: Option<Tone>,
    /// The value of the facet, where it is neither the value nor the text.
    pub key: &'static str,
    /// The full form of an abbreviated text, such as the path of a file.
    pub full: Cow<'a, str>,
}

/// The value of a cell in a data file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CellValue<'a> {
    #[default]
    None,
    Text(Cow<'a, str>),
    Number(i64),
    Flag(bool),
    Date(Date),
    /// The page shows the title with a link.
    Page(PageId),
    List(Vec<CellValue<'a>>),
    /// Only in data files.
    Map(Vec<(Cow<'a, str>, CellValue<'a>)>),
}

/// The text that the page shows for a value.
#[derive(Debug, Clone, Default)]
pub enum CellLabel<'a> {
    /// The value itself.
    #[default]
    Value,
    Text(Cow<'a, str>),
    /// A technical name, such as that of an alert or a file. Lines break only between its words.
    Name(Cow<'a, str>),
    /// The name that the kind of this page gives the value of this field.
    Choice(PageId, &'a str),
    /// A duration in seconds. The cell is sorted by it.
    Duration(i64),
    /// An interval. The cell is sorted by its length.
    Period(Period),
}

/// The target of a cell.
#[derive(Debug, Clone)]
pub enum CellLink<'a> {
    Page {
        page: PageId,
        anchor: Option<&'a str>,
    },
    /// A page of a register.
    Register(UrlPath),
    /// An address on the web.
    Url(String),
    /// A file of the handbook; a link only where it is published.
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

    /// A map with fixed keys.
    pub fn map<const N: usize>(entries: [(&'static str, CellValue<'a>); N]) -> CellValue<'a> {
        CellValue::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
    }
}

impl<'a> Cell<'a> {
    pub fn new(value: impl Into<CellValue<'a>>) -> Cell<'a> {
        Cell { value: value.into(), ..Cell::default() }
    }

    /// A list of texts. The page joins them with commas.
    pub fn texts(texts: &'a [String]) -> Cell<'a> {
        Cell::new_value(CellValue::texts(texts))
    }

    pub fn page(page: PageId) -> Cell<'a> {
        Cell::new_value(CellValue::Page(page))
    }

    pub fn new_value(value: CellValue<'a>) -> Cell<'a> {
        Cell { value, ..Cell::default() }
    }

    /// The value of a choice. The page shows the name that the kind of `page` gives it.
    pub fn choice(page: PageId, field: &'a str, value: impl Into<CellValue<'a>>) -> Cell<'a> {
        Cell { label: CellLabel::Choice(page, field), ..Cell::new(value) }
    }

    /// Sets the text that the page shows for the value.
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

    /// Sets the value of the facet.
    pub fn key(self, key: &'static str) -> Cell<'a> {
        Cell { key, ..self }
    }

    pub fn tone(self, tone: impl Into<Option<Tone>>) -> Cell<'a> {
        Cell { tone: tone.into(), ..self }
    }
}

/// The content of a data file.
#[derive(Debug)]
pub enum FileContent<'a> {
    /// JSON and CSV.
    Rows(FileRows<'a>),
    /// iCalendar.
    Appointments(Vec<RegisterAppointment>),
    /// iCalendar.
    Events(RegisterEvents<'a>),
    /// iCalendar.
    Tasks(Vec<RegisterTask<'a>>),
    /// Atom: the pages, and the page of the register with the same content.
    Feed(Vec<PageId>, UrlPath),
}

/// Lists of rows, and values before them.
#[derive(Debug, Default)]
pub struct FileRows<'a> {
    /// The keys of the JSON document before its lists, such as the day and figures.
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
    /// All rows, with the columns of data files.
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

/// Events and appointments, for calendars.
#[derive(Debug)]
pub struct RegisterEvents<'a> {
    /// The name of the calendar, if it is not that of its register.
    pub name: Option<&'a str>,
    /// Events with the URLs of their pages.
    pub events: Vec<(&'a CalendarEvent, UrlPath)>,
    pub appointments: Vec<RegisterAppointment>,
}

/// Something that takes place, for calendars.
#[derive(Debug)]
pub struct RegisterAppointment {
    /// Unique in the handbook.
    pub uid: String,
    pub page: PageId,
    pub begin: CalendarTime,
    /// After `begin`, and of the same variant. Of days, it is the last one.
    pub end: Option<CalendarTime>,
}

/// A whole day, or a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CalendarTime {
    Day(Date),
    Moment(Timestamp),
}

impl CalendarTime {
    /// The day, that of a moment in UTC.
    pub fn day(self) -> Date {
        match self {
            CalendarTime::Day(day) => day,
            CalendarTime::Moment(moment) => utc::day_of(moment),
        }
    }
}

impl RegisterAppointment {
    /// The last day, that of a moment in UTC.
    pub fn last_day(&self) -> Date {
        self.end.unwrap_or(self.begin).day()
    }
}

/// A task with a due date, for calendars.
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
