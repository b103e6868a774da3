//! The calendar: the events of `data/calendar` and of pages, by day, and one page for each event.
//!
//! This module owns which files and events belong together, which events collide, and the rows of the pages. `calendar`
//! knows the files and when an event takes place; `emit` writes iCalendar. Events with the same summary are one
//! series: a community that changes the rhythm of a meeting writes a second event for it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::table::{
    CalendarDay, CalendarDayEntry, CalendarMonth, CalendarTime, Cell, CellLink, CellValue, FileContent,
    FileRows, ROOT, Register, RegisterAppointment, RegisterContent, RegisterEvents, RegisterFigure,
    RegisterPage, RowList, Tables, Tone,
};
use super::{CollectedRegister, RegisterInputs};
use crate::calendar::{self, CalendarEvent, CalendarFile, EventOccurrence};
use crate::diagnostic::{Diagnostic, nearest};
use crate::kinds::{Field, FieldType};
use crate::memo::Digest;
use crate::path::{FilePath, UrlPath, segment};
use crate::rules::{CALENDAR_CONFLICT, CALENDAR_EXCEPTION, CALENDAR_FILE, REFERENCE_UNKNOWN};
use crate::site::{PageId, Site};
use crate::source::Span;
use crate::strings::Strings;
use crate::utc;

pub const NAME: &str = "calendar";

pub(super) static REGISTER: CollectedRegister = CollectedRegister {
    name: NAME,
    is_fed_by_kinds: false,
    is_shown_on_pages: false,
    collect: |inputs, made| made.calendar = collect(inputs.pages, &mut made.diagnostics),
    register: |made| Box::new(&made.calendar),
};

/// The folder of the calendars below the data folder.
const FOLDER: &str = "calendar";

/// The days that the page of the calendar shows.
const SHOWN_DAYS: i64 = 90;

/// The days before and after the build of which an event's page knows all times. The next time is found further ahead.
const SEARCHED_DAYS: i64 = 400;

/// The most coming dates on the page of an event, and the most past ones.
const MOST_DATES: usize = 20;

/// All events of a handbook.
#[derive(Debug, Default)]
pub struct Calendar {
    files: Vec<CalendarEntry>,
    events: Vec<CalendarEvent>,
    /// By the segment in URLs.
    series: BTreeMap<String, EventSeries>,
    conflicts: usize,
    /// The pages that name an event.
    named_by: BTreeSet<PageId>,
    /// Of everything above.
    digest: Digest,
}

/// A file and its events, those of included files among them.
#[derive(Debug)]
struct CalendarEntry {
    /// The path below the folder of calendars, without extension: the name of the iCalendar file.
    path: String,
    /// The name for readers; without one in the file its path.
    name: String,
    /// Indices of events.
    events: BTreeSet<usize>,
}

/// The events with the same summary.
#[derive(Debug)]
pub struct EventSeries {
    /// As first written.
    pub summary: String,
    segment: String,
    /// Indices of events.
    events: Vec<usize>,
    /// Those that are not over before the day of the build.
    coming: Vec<EventTime>,
    /// Those that are, the latest first.
    past: Vec<EventTime>,
    /// The pages that name it, without the minutes.
    pages: Vec<PageId>,
}

/// One time at which an event takes place.
#[derive(Debug, Clone, Copy)]
pub struct EventTime {
    event: usize,
    occurrence: EventOccurrence,
    /// The minutes of that day.
    minutes: Option<PageId>,
}

impl Calendar {
    /// The series with that summary, in any spelling that gives the same URL.
    pub fn series(&self, summary: &str) -> Option<&EventSeries> {
        self.series.get(&segment(summary))
    }

    /// When a series takes place next, for readers: `Tue 2026-12-01 15:05 Europe/Berlin`.
    pub fn next(&self, t: &Strings, series: &EventSeries) -> Option<String> {
        let EventTime { event, occurrence, .. } = series.coming.first()?;
        let event = &self.events[*event];
        let first = occurrence.begin.date();
        let last = event.last_day(occurrence.begin);
        let day = weekday(t, first);
        Some(match &event.zone {
            Some(zone) => format!("{day} {} {}", occurrence.begin.strftime("%Y-%m-%d %H:%M"), zone.name),
            None if last > first => format!("{day} {first} – {} {last}", weekday(t, last)),
            None => format!("{day} {first}"),
        })
    }

    /// The digest of all events for a page that names one.
    pub fn digest_for_page(&self, page: PageId) -> Option<Digest> {
        self.named_by.contains(&page).then_some(self.digest)
    }
}

impl EventSeries {
    pub fn url(&self) -> UrlPath {
        url_of(&self.summary)
    }
}

/// The URL of the page of all events with a summary.
fn url_of(summary: &str) -> UrlPath {
    UrlPath::new(format!("{ROOT}calendar/{}/", segment(summary)))
}

impl Register for Calendar {
    fn pages(&self, site: &Site) -> Vec<RegisterPage> {
        let t = site.words();
        let count = self.series.len() + appointments(site).len();
        if count == 0 {
            return Vec::new();
        }
        let mut files =
            vec!["calendar.json".to_owned(), "calendar.csv".to_owned(), "calendar.ics".to_owned()];
        files.extend(self.files.iter().map(|file| format!("calendar/{}.ics", file.path)));
        let top = RegisterPage::new("calendar/", t.say("calendar.title"))
            .entry(t.say("register.computed"), t.counted("unit.event", count), t.say("calendar.lead"))
            .files(files);
        let mut pages = vec![top.clone()];
        for series in self.series.values() {
            let page = RegisterPage::new(&format!("calendar/{}/", series.segment), series.summary.clone());
            pages.push(page.topic(series.segment.clone()).below(&top));
        }
        pages
    }

    fn content(&self, site: &Site, page: &RegisterPage) -> RegisterContent<'_> {
        match self.series.get(&page.topic) {
            Some(series) => self.one_series(site, series),
            None => self.all_series(site),
        }
    }

    fn data(&self, site: &Site, file: &str) -> FileContent<'_> {
        if file == "calendar.ics" {
            let events = self.events.iter().map(|event| (event, url_of(&event.summary))).collect();
            return FileContent::Events(RegisterEvents {
                name: None,
                events,
                appointments: appointments(site),
            });
        }
        if let Some(entry) = self.files.iter().find(|entry| file == format!("calendar/{}.ics", entry.path)) {
            let events = entry.events.iter().map(|event| &self.events[*event]);
            let events = events.map(|event| (event, url_of(&event.summary))).collect();
            let name = Some(entry.name.as_str());
            return FileContent::Events(RegisterEvents { name, events, appointments: Vec::new() });
        }
        let keys = ["event", "id", "begin", "end", "time_zone", "location", "page"];
        let mut rows = Vec::new();
        for row in self.coming(site) {
            let page = row.page.map_or(CellValue::None, CellValue::Page);
            let begin = row.begin_in_data;
            let end = row.end_in_data;
            rows.push(vec![
                row.summary.into(),
                row.id.into(),
                begin.into(),
                end.into(),
                row.zone.into(),
                row.location.into(),
                page,
            ]);
        }
        let keys = keys.into_iter().map(Into::into).collect();
        let list = RowList { key: "events".into(), keys, rows };
        FileContent::Rows(FileRows { head: vec![("day", site.today.into())], lists: vec![list] })
    }

    fn digest(&self, site: &Site) -> Digest {
        Digest::of_value(&(self.digest, site.field_registers.digest))
    }
}

/// A row of the calendar: one time of an event, or a page with appointments.
struct CalendarRow {
    day: Date,
    last_day: Date,
    /// For readers: `15:05–15:55 Europe/Berlin`; empty for whole days.
    time: String,
    begin_in_data: String,
    end_in_data: Option<String>,
    zone: Option<String>,
    summary: String,
    location: Option<String>,
    /// The segment of the series; `None` for a page with appointments.
    id: Option<String>,
    page: Option<PageId>,
}

impl Calendar {
    /// Everything from the day of the build on that the page shows, in order.
    fn coming(&self, site: &Site) -> Vec<CalendarRow> {
        let last = after(site.today, SHOWN_DAYS);
        let mut rows = Vec::new();
        for series in self.series.values() {
            for time in series.coming.iter().filter(|time| time.occurrence.begin.date() <= last) {
                rows.push((time.occurrence.start, self.row(series, *time)));
            }
        }
        for appointment in appointments(site) {
            let (start, row) = row_of_page(site, &appointment);
            if row.day <= last && appointment.last_day() >= site.today {
                rows.push((start, row));
            }
        }
        rows.sort_by(|(one, row), (other, other_row)| (one, &row.summary).cmp(&(other, &other_row.summary)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn row(&self, series: &EventSeries, EventTime { event, occurrence, .. }: EventTime) -> CalendarRow {
        let event = &self.events[event];
        let day = occurrence.begin.date();
        let location = Some(event.location.clone()).filter(|location| !location.is_empty());
        let row = CalendarRow {
            day,
            last_day: event.last_day(occurrence.begin),
            time: String::new(),
            begin_in_data: day.to_string(),
            end_in_data: None,
            zone: None,
            summary: series.summary.clone(),
            location,
            id: Some(series.segment.clone()),
            page: None,
        };
        let Some(zone) = &event.zone else {
            let last = event.last_day(occurrence.begin);
            if last == day {
                return row;
            }
            return CalendarRow { time: format!("– {last}"), end_in_data: Some(last.to_string()), ..row };
        };
        let end = occurrence.end.to_zoned(zone.rules.clone());
        CalendarRow {
            time: format!("{}–{} {}", occurrence.begin.strftime("%H:%M"), end.strftime("%H:%M"), zone.name),
            begin_in_data: occurrence
                .start
                .to_zoned(zone.rules.clone())
                .strftime("%Y-%m-%dT%H:%M:%S%:z")
                .to_string(),
            end_in_data: Some(end.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            zone: Some(zone.name.clone()),
            ..row
        }
    }

    fn all_series(&self, site: &Site) -> RegisterContent<'_> {
        let t = site.words();
        let coming = self.coming(site);
        let mut months: BTreeMap<String, Vec<&CalendarRow>> = BTreeMap::new();
        for row in &coming {
            months.entry(row.day.strftime("%Y-%m").to_string()).or_default().push(row);
        }
        let sheets = month_sheets(site, &coming);
        // The tables share the rows of the page, so that a year of daily meetings hides no month.
        let mut tables = Tables::new(site, 2 + months.len());
        for (month, rows) in months {
            let rows = rows.into_iter().map(|row| cells(site, row)).collect();
            tables.add_cells(
                &month,
                "",
                &["column.event", "column.date", "column.time", "column.location"],
                rows,
            );
        }
        let mut rows = Vec::new();
        for series in self.series.values() {
            let next = self.next(t, series).unwrap_or_else(|| t.say("calendar.over").to_owned());
            rows.push(vec![
                Cell::new(series.summary.as_str()).link(Some(CellLink::Register(series.url()))),
                Cell::new(next),
            ]);
        }
        tables.add_cells(t.say("calendar.series"), "", &["column.event", "column.next"], rows);
        RegisterContent {
            lead: t.say("calendar.lead").to_owned(),
            figures: vec![
                RegisterFigure::new(
                    coming.len(),
                    &t.fill("calendar.figure_coming", &[("days", &SHOWN_DAYS)]),
                ),
                RegisterFigure::toned(self.conflicts, t.say("calendar.figure_conflicts"), Tone::Warn),
            ],
            months: sheets,
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }

    fn one_series<'a>(&'a self, site: &Site, series: &'a EventSeries) -> RegisterContent<'a> {
        let t = site.words();
        let headings = ["column.date", "column.time", "column.location", "column.minutes"];
        let mut tables = Tables::new(site, 4);
        let mut rows = Vec::new();
        for time in series.coming.iter().take(MOST_DATES) {
            let mut cells = cells(site, &self.row(series, *time));
            // The page is about the event.
            cells.remove(0);
            cells.push(time.minutes.map_or_else(Cell::default, Cell::page));
            rows.push(cells);
        }
        tables.add_cells(t.say("calendar.coming"), "", &headings, rows);
        let mut rows = Vec::new();
        for time in series.past.iter().take(MOST_DATES) {
            let row = self.row(series, *time);
            let minutes = time.minutes.map_or_else(Cell::default, Cell::page);
            rows.push(vec![Cell::new(row.day).note(weekday(site.words(), row.day).to_owned()), minutes]);
        }
        tables.add_cells(t.say("calendar.past"), "", &["column.date", "column.minutes"], rows);
        let rows = series.pages.iter().map(|page| vec![Cell::page(*page)]).collect();
        tables.add_cells(t.say("calendar.pages"), "", &["column.page"], rows);
        // The description of the event that takes place next, else of the last one.
        let first = series.coming.first().or(series.past.first()).map(|time| time.event);
        let event = &self.events[first.unwrap_or(series.events[0])];
        if !event.description.is_empty() {
            let lines: Vec<String> = event.description.lines().map(str::to_owned).collect();
            tables.add_code(t.say("calendar.description"), "", &lines);
        }
        let next = self.next(t, series);
        RegisterContent {
            label: t.say("calendar.event").to_owned(),
            lead: match next {
                Some(next) => t.fill("calendar.next", &[("time", &next)]),
                None => t.say("calendar.over").to_owned(),
            },
            tables: tables.finish(),
            ..RegisterContent::default()
        }
    }
}

/// The sheets of the months in which something takes place, from that of the build on.
fn month_sheets(site: &Site, coming: &[CalendarRow]) -> Vec<CalendarMonth> {
    let last = after(site.today, SHOWN_DAYS);
    let mut by_day: BTreeMap<Date, Vec<CalendarDayEntry>> = BTreeMap::new();
    for row in coming {
        let link = match row.page {
            Some(page) => CellLink::Page { page, anchor: None },
            None => CellLink::Register(url_of(&row.summary)),
        };
        let begin = row.time.split('–').next().unwrap_or_default().trim();
        let mut day = row.day.max(site.today);
        while day <= row.last_day.min(last) {
            let time = if day == row.day { begin.to_owned() } else { String::new() };
            let entry = CalendarDayEntry { title: row.summary.clone(), time, link: link.clone() };
            by_day.entry(day).or_default().push(entry);
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
    }
    let mut sheets: Vec<CalendarMonth> = Vec::new();
    let mut month = site.today.first_of_month();
    while month <= last && !by_day.is_empty() {
        sheets.push(month_sheet(site, month, &by_day));
        month = month.last_of_month().saturating_add(1.day());
    }
    sheets.retain(|sheet| sheet.weeks.iter().flatten().any(|day| !day.entries.is_empty()));
    sheets
}

fn month_sheet(site: &Site, first: Date, by_day: &BTreeMap<Date, Vec<CalendarDayEntry>>) -> CalendarMonth {
    let before = usize::try_from(first.weekday().to_monday_zero_offset()).unwrap_or(0);
    let mut places = vec![CalendarDay::default(); before];
    let mut date = first;
    while date.month() == first.month() {
        let entries = by_day.get(&date).cloned().unwrap_or_default();
        places.push(CalendarDay { date: Some(date), is_today: date == site.today, entries });
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    places.resize(places.len().next_multiple_of(7), CalendarDay::default());
    let mut weeks = Vec::new();
    let mut rest = places.into_iter();
    while let Some(monday) = rest.next() {
        let mut week: [CalendarDay; 7] = Default::default();
        week[0] = monday;
        for (place, day) in week[1..].iter_mut().zip(rest.by_ref()) {
            *place = day;
        }
        weeks.push(week);
    }
    CalendarMonth { title: first.strftime("%Y-%m").to_string(), weeks }
}

fn cells(site: &Site, row: &CalendarRow) -> Vec<Cell<'static>> {
    let summary = match row.page {
        Some(page) => Cell::page(page),
        None => Cell::new(row.summary.clone()).link(Some(CellLink::Register(url_of(&row.summary)))),
    };
    let location = match &row.location {
        Some(location) if location.starts_with("https://") => {
            let label = location.trim_start_matches("https://").trim_end_matches('/').to_owned();
            Cell::new(location.clone()).label(label).link(Some(CellLink::Url(location.clone())))
        }
        location => Cell::new(location.clone()),
    };
    vec![
        summary,
        Cell::new(row.day).note(weekday(site.words(), row.day).to_owned()),
        Cell::new(row.time.clone()),
        location,
    ]
}

/// The pages of registers with appointments, such as events and maintenances.
fn appointments(site: &Site) -> Vec<RegisterAppointment> {
    let registers =
        site.field_registers.list.iter().filter(|register| site.config.has_register(&register.name));
    registers.flat_map(|register| register.appointments(site)).collect()
}

fn row_of_page(site: &Site, appointment: &RegisterAppointment) -> (jiff::Timestamp, CalendarRow) {
    let in_data = |time: CalendarTime| match time {
        CalendarTime::Day(day) => day.to_string(),
        CalendarTime::Moment(moment) => moment.to_string(),
    };
    let (start, time) = match (appointment.begin, appointment.end) {
        (CalendarTime::Day(day), _) => (utc::midnight(day).unwrap_or(jiff::Timestamp::MAX), String::new()),
        (CalendarTime::Moment(begin), Some(CalendarTime::Moment(end))) => {
            (begin, utc::hours(begin, Some(end)))
        }
        (CalendarTime::Moment(begin), _) => (begin, utc::hours(begin, None)),
    };
    let row = CalendarRow {
        day: appointment.begin.day(),
        last_day: appointment.last_day(),
        time,
        begin_in_data: in_data(appointment.begin),
        end_in_data: appointment.end.map(in_data),
        zone: None,
        summary: site.page(appointment.page).page.title.clone(),
        location: None,
        id: None,
        page: Some(appointment.page),
    };
    (start, row)
}

fn weekday(t: &Strings, day: Date) -> &str {
    t.say(match day.weekday() {
        jiff::civil::Weekday::Monday => "weekday.monday",
        jiff::civil::Weekday::Tuesday => "weekday.tuesday",
        jiff::civil::Weekday::Wednesday => "weekday.wednesday",
        jiff::civil::Weekday::Thursday => "weekday.thursday",
        jiff::civil::Weekday::Friday => "weekday.friday",
        jiff::civil::Weekday::Saturday => "weekday.saturday",
        jiff::civil::Weekday::Sunday => "weekday.sunday",
    })
}

fn after(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// Reads the calendars of the data folder and finds out when their events take place.
fn collect(book: &RegisterInputs<'_>, diagnostics: &mut Vec<Diagnostic>) -> Calendar {
    let folder = format!("{}/{FOLDER}", book.inputs.config.data);
    let mut sources_digest = Vec::new();
    let mut files = Vec::new();
    let mut unreadable = BTreeSet::new();
    for source in book.inputs.data.values() {
        let extension = source.path.extension();
        if source.path.beneath(&folder).is_some() && matches!(extension.as_str(), "yml" | "yaml") {
            sources_digest.push((source.path.clone(), source.digest));
            match calendar::read(source, diagnostics) {
                Some(file) => files.push(file),
                None => drop(unreadable.insert(source.path.clone())),
            }
        }
    }
    let mut calendar = Calendar::default();
    calendar.add_files(files, &unreadable, &folder, diagnostics);
    calendar.tell_ids_apart(diagnostics);
    calendar.add_series(book.inputs.today);
    let named = calendar.add_pages(book, diagnostics);
    for series in calendar.series.values_mut() {
        series.coming.sort_by_key(|time| time.occurrence);
        series.past.sort_by_key(|time| std::cmp::Reverse(time.occurrence));
    }
    diagnostics.extend(calendar.events.iter().flat_map(exceptions_in_vain));
    let conflicts = conflicts(&calendar, after(book.inputs.today, SHOWN_DAYS));
    calendar.conflicts = conflicts.len();
    diagnostics.extend(conflicts);
    calendar.named_by = named.iter().map(|(page, _)| *page).collect();
    calendar.digest = Digest::of_value(&(sources_digest, named, book.inputs.today));
    calendar
}

impl Calendar {
    /// Adds the events of all files, and an entry for each file with its events and those of included files.
    fn add_files(
        &mut self,
        mut files: Vec<CalendarFile>,
        unreadable: &BTreeSet<FilePath>,
        folder: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let mut own: BTreeMap<FilePath, Vec<usize>> = BTreeMap::new();
        for file in &mut files {
            let first = self.events.len();
            self.events.append(&mut file.events);
            own.insert(file.file.clone(), (first..self.events.len()).collect());
        }
        for file in &files {
            let mut events = BTreeSet::new();
            for file in with_included(file, &files, unreadable, diagnostics) {
                events.extend(own[file].iter().copied());
            }
            if events.is_empty() {
                continue;
            }
            let path = file.file.beneath(folder).unwrap_or_default();
            let path = path.rsplit_once('.').map_or(path, |(path, _)| path);
            let path = path.split('/').map(segment).collect::<Vec<String>>().join("/");
            let name = file.name.clone().unwrap_or_else(|| path.clone());
            self.files.push(CalendarEntry { path, name, events });
        }
    }

    /// Gives events that would have the same id in calendar programs different ones. Without a `uid` an event is known
    /// by its summary and begin; two files may have the same.
    fn tell_ids_apart(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        let mut seen: BTreeMap<(Option<String>, String, jiff::civil::DateTime), usize> = BTreeMap::new();
        for number in 0..self.events.len() {
            let event = &self.events[number];
            let key = match &event.uid {
                Some(uid) => (Some(uid.clone()), String::new(), jiff::civil::DateTime::ZERO),
                None => (None, segment(&event.summary), event.begin),
            };
            let count = seen.entry(key).or_insert(0);
            *count += 1;
            if *count == 1 {
                continue;
            }
            if let Some(uid) = &event.uid {
                let message = format!("`{}` has the `uid` of another event: `{uid}`", event.summary);
                let problem = Diagnostic::new(&CALENDAR_FILE, event.span.clone(), message);
                diagnostics.push(problem.help("give it another `uid`, or none"));
            }
            self.events[number].id_suffix = format!("-{count}");
        }
    }

    /// Groups the events by their summaries, with the times before and after a day.
    fn add_series(&mut self, today: Date) {
        for (number, event) in self.events.iter().enumerate() {
            let segment = segment(&event.summary);
            let series = self.series.entry(segment.clone()).or_insert_with(|| EventSeries {
                summary: event.summary.clone(),
                segment,
                events: Vec::new(),
                coming: Vec::new(),
                past: Vec::new(),
                pages: Vec::new(),
            });
            series.events.push(number);
            let mut occurrences =
                event.occurrences(after(today, -SEARCHED_DAYS), after(today, SEARCHED_DAYS));
            if occurrences.last().is_none_or(|last| last.begin.date() < today) {
                occurrences.extend(event.next(today));
            }
            for occurrence in occurrences {
                let time = EventTime { event: number, occurrence, minutes: None };
                if event.last_day(occurrence.begin) >= today {
                    series.coming.push(time);
                } else {
                    series.past.push(time);
                }
            }
        }
    }

    /// Adds the pages that name an event: minutes to its times, other pages to the list of pages about it. Returns
    /// each page with the segment of the series that it names.
    fn add_pages(
        &mut self,
        book: &RegisterInputs<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<(PageId, String)> {
        let is_event = |field: &Field| field.field_type == FieldType::CalendarEvent;
        let mut named = Vec::new();
        for (id, page) in book.pages() {
            let front = &page.front;
            for found in book.inputs.kinds.values_of(&front.kind, &front.data, is_event) {
                let Some(summary) = found.value.text() else { continue };
                let Some(series) = self.series.get_mut(&segment(summary)) else {
                    let place = front.span(&page.file, &found.path);
                    diagnostics.push(self.unknown_event(book, &found.name, summary, place));
                    continue;
                };
                named.push((id, series.segment.clone()));
                let days: Vec<Date> = page.facts.meetings.iter().filter_map(|meeting| meeting.date).collect();
                for time in series.past.iter_mut().chain(&mut series.coming) {
                    if days.contains(&time.occurrence.begin.date()) {
                        time.minutes = Some(id);
                    }
                }
                if page.facts.meetings.is_empty() && !series.pages.contains(&id) {
                    series.pages.push(id);
                }
            }
        }
        named
    }

    fn unknown_event(
        &self,
        book: &RegisterInputs<'_>,
        field: &str,
        summary: &str,
        place: Span,
    ) -> Diagnostic {
        let message = format!("`{field}` names `{summary}`, and no calendar has such an event");
        let problem = Diagnostic::new(&REFERENCE_UNKNOWN, place, message);
        let near = nearest(summary, self.series.values().map(|series| series.summary.as_str()));
        let visibility = &book.inputs.config.visibility;
        match near {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None if visibility.is_in_use() && !visibility.sees_all() => {
                problem.help("its calendar may not be for the audience of this build")
            }
            None => problem,
        }
    }
}

/// A file and all files that it includes, each once. Missing files and circles are reported at the file that names
/// them.
fn with_included<'a>(
    file: &'a CalendarFile,
    files: &'a [CalendarFile],
    unreadable: &BTreeSet<FilePath>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<&'a FilePath> {
    let mut found = vec![&file.file];
    let mut waiting = vec![file];
    while let Some(next) = waiting.pop() {
        for (path, span) in &next.includes {
            let Some(included) = files.iter().find(|known| known.file == *path) else {
                // Only once, not for each file that includes this one. A file that is not YAML is reported already.
                if next.file == file.file && !unreadable.contains(path) {
                    let known = files.iter().map(|known| known.file.as_str());
                    let message = format!("there is no calendar `{path}`");
                    let mut problem = Diagnostic::new(&CALENDAR_FILE, span.clone(), message);
                    problem.help =
                        nearest(path.as_str(), known).map(|near| format!("did you mean `{near}`?").into());
                    diagnostics.push(problem);
                }
                continue;
            };
            if included.file == file.file {
                let message = format!("`{path}` includes itself");
                diagnostics.push(Diagnostic::new(&CALENDAR_FILE, span.clone(), message));
            } else if !found.contains(&&included.file) {
                found.push(&included.file);
                waiting.push(included);
            }
        }
    }
    found
}

fn exceptions_in_vain(event: &CalendarEvent) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let Some(repeat) = &event.repeat else { return problems };
    for (day, span) in repeat.except_on.iter().filter(|(day, _)| !event.has_regular(*day)) {
        let time = day.at_time_of(event).strftime("%Y-%m-%d %H:%M");
        let message = format!("`{}` does not take place on {time} anyway", event.summary);
        let problem = Diagnostic::new(&CALENDAR_EXCEPTION, span.clone(), message);
        problems.push(problem.help("compare the day and the time with the repetition"));
    }
    problems
}

/// Events that overlap in the same room, or without a room in the same file; one problem for each two of them.
fn conflicts(calendar: &Calendar, last: Date) -> Vec<Diagnostic> {
    let mut by_room: BTreeMap<String, Vec<EventTime>> = BTreeMap::new();
    for series in calendar.series.values() {
        for time in series.coming.iter().filter(|time| time.occurrence.begin.date() <= last) {
            let event = &calendar.events[time.event];
            // Events of whole days, such as holidays, take no room.
            if event.zone.is_none() {
                continue;
            }
            let room = match event.location.as_str() {
                "" => format!("file {}", event.span.file),
                location => format!("room {}", location.to_lowercase()),
            };
            by_room.entry(room).or_default().push(*time);
        }
    }
    let mut reported = BTreeSet::new();
    let mut problems = Vec::new();
    for mut times in by_room.into_values() {
        times.sort_by_key(|time| time.occurrence);
        // The event that lasts the longest of those that have begun.
        let mut before: Option<EventTime> = None;
        for time in times {
            if let Some(other) = before
                && other.occurrence.end > time.occurrence.start
                && reported.insert((other.event, time.event))
            {
                problems.push(conflict(calendar, time, other));
            }
            if before.is_none_or(|other| time.occurrence.end > other.occurrence.end) {
                before = Some(time);
            }
        }
    }
    problems
}

fn conflict(calendar: &Calendar, time: EventTime, other: EventTime) -> Diagnostic {
    let event = &calendar.events[time.event];
    let earlier = &calendar.events[other.event];
    let begin = time.occurrence.begin.strftime("%Y-%m-%d %H:%M");
    let place = if event.location.is_empty() { "the same calendar" } else { "the same room" };
    let message =
        format!("on {begin} `{}` and `{}` are at the same time in {place}", event.summary, earlier.summary);
    let problem = Diagnostic::new(&CALENDAR_CONFLICT, event.span.clone(), message);
    let problem = problem.label(earlier.span.clone(), "the other event");
    problem.help("move one of them, call it off with `except_on`, or give it another `location`")
}
