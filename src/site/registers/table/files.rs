//! The content of a register's data files.
//!
//! Owns [`FileContent`]: rows for JSON and CSV, what takes place or is due, for calendars, and plots.
//! `emit::registers` writes these formats.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;

use super::cell::CellValue;
use super::columns::Column;
use super::plots::RegisterPlot;
use crate::calendar::CalendarEvent;
use crate::path::UrlPath;
use crate::site::{PageId, Site};
use crate::utc;

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
    /// SVG: the plots on one sheet.
    Plots(Vec<RegisterPlot<'a>>),
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
