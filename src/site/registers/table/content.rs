//! The content of a register's page: figures, plots, lights, sheets of months, and tables.
//!
//! Owns [`RegisterContent`]. `view::registers` turns it into HTML.

use jiff::civil::Date;

use super::cell::{CellLink, Tone};
use super::columns::RegisterTable;
use super::plots::RegisterPlot;
use crate::health::{HealthLevel, LightState};
use crate::site::PageId;

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
