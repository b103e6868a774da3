//! Reads a calendar file in the form of yaml2ics.
//!
//! Owns the keys of the files. Each problem is reported at its key, and the event that has it is left out.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone};

use super::{CalendarEvent, CalendarFile, EventDay, EventZone, Repetition, RepetitionUnit};
use crate::bounds::{CALENDAR_FILE_BYTES, CALENDAR_FILE_VALUES};
use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{self, FieldEntry, FieldReader, FieldRules, Value, describe, text_of};
use crate::path::{self, FilePath};
use crate::rules::{CALENDAR_FILE, CALENDAR_OFFSET};
use crate::source::{Source, Span};

const REPORTS: FieldRules = FieldRules { unknown: &CALENDAR_FILE, wrong: &CALENDAR_FILE };

/// The longest event, in days.
const MOST_DAYS: i64 = 366;

const TIME: &str = "a day such as `2026-12-01`, or a time such as `2026-12-01 15:05:00`";

/// Reads one file. Returns `None` if it is not YAML; the cause is reported.
pub fn read(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Option<CalendarFile> {
    let report = |at: usize, message: String| {
        Diagnostic::new(&CALENDAR_FILE, Span::new(&source.path, at..at), message)
    };
    if CALENDAR_FILE_BYTES.is_exceeded(source.text.len()) {
        let (size, most) = (source.text.len(), CALENDAR_FILE_BYTES.most);
        diagnostics.push(report(0, format!("the calendar has {size} bytes; at most {most} are read")));
        return None;
    }
    let map = match fields::yaml::read(&source.text, 0, CALENDAR_FILE_VALUES.most) {
        Ok(map) => map,
        Err(problem) => {
            diagnostics.push(report(problem.at, problem.message));
            return None;
        }
    };
    let mut top = FieldReader::new(&source.path, REPORTS, map.fields, diagnostics);
    let name = top.text(&["name"]);
    let (zone, includes, events) = (top.take(&["timezone"]), top.take(&["include"]), top.take(&["events"]));
    // yaml2ics lets other keys pass, and people keep notes and anchors in them.
    top.finish(&["*".to_owned()]);
    let mut file = FileReader { source, zone: None, diagnostics };
    file.zone = zone.and_then(|zone| file.zone(&zone));
    let includes = includes.map(|includes| file.includes(&includes)).unwrap_or_default();
    let events = events.map(|events| file.events(&events)).unwrap_or_default();
    Some(CalendarFile { file: source.path.clone(), name, includes, events })
}

struct FileReader<'a> {
    source: &'a Source,
    /// The time zone of events without one of their own.
    zone: Option<EventZone>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl FileReader<'_> {
    fn span(&self, field: &FieldEntry) -> Span {
        Span::new(&self.source.path, field.at.clone())
    }

    fn wrong(&mut self, field: &FieldEntry, expected: &str) {
        let message = format!("`{}` must be {expected}, not {}", field.key, describe(&field.value));
        self.report(field, message, None);
    }

    fn report(&mut self, field: &FieldEntry, message: String, help: Option<String>) {
        let mut problem = Diagnostic::new(&CALENDAR_FILE, self.span(field), message);
        problem.help = help.map(Into::into);
        self.diagnostics.push(problem);
    }

    fn zone(&mut self, field: &FieldEntry) -> Option<EventZone> {
        let name = text_of(&field.value).unwrap_or_default();
        if let Ok(rules) = TimeZone::get(&name) {
            return Some(EventZone { name, rules });
        }
        let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let near = nearest(&name, known.iter().map(String::as_str));
        let help = near.map_or("write a name such as `Europe/Berlin`".to_owned(), |near| {
            format!("did you mean `{near}`?")
        });
        self.report(field, format!("there is no time zone `{name}`"), Some(help));
        None
    }

    /// The paths of included files, relative to the folder of this one.
    fn includes(&mut self, field: &FieldEntry) -> Vec<(FilePath, Span)> {
        let items = match &field.value {
            Value::List(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        let mut files = Vec::new();
        for item in items {
            let path = text_of(item)
                .and_then(|path| FilePath::new(&format!("{}/{path}", self.source.path.folder())));
            match path {
                Some(path) => files.push((path, self.span(field))),
                None => self.wrong(field, "a list of files, relative to this one"),
            }
        }
        files
    }

    fn events(&mut self, field: &FieldEntry) -> Vec<CalendarEvent> {
        let items = match &field.value {
            Value::Null => return Vec::new(),
            Value::List(items) => items.as_slice(),
            _ => {
                self.wrong(field, "a list of events");
                return Vec::new();
            }
        };
        let mut events = Vec::new();
        for item in items {
            match item {
                Value::Map(parts) => events.extend(self.event(field, parts)),
                item => {
                    let item = describe(item);
                    let message = format!("an event must be a map with `summary` and `begin`, not {item}");
                    self.report(field, message, None);
                }
            }
        }
        events
    }

    fn event(&mut self, events: &FieldEntry, parts: &[FieldEntry]) -> Option<CalendarEvent> {
        let place = parts.first().unwrap_or(events);
        let mut fields = FieldReader::new(&self.source.path, REPORTS, parts.to_vec(), self.diagnostics);
        let title = fields.take(&["summary", "name"]);
        let (description, location) = (fields.text(&["description"]), fields.text(&["location"]));
        let (url, uid) = (fields.take(&["url"]), fields.text(&["uid"]));
        let (begin, end) = (fields.take(&["begin"]), fields.take(&["end"]));
        let (duration, zone) = (fields.take(&["duration"]), fields.take(&["timezone"]));
        let repeat = fields.take(&["repeat"]);
        // yaml2ics hands other keys to a library, which has many.
        fields.finish(&["*".to_owned()]);
        let (Some(title), Some(begin)) = (title, begin) else {
            let message = "an event needs `summary` and `begin`".to_owned();
            self.report(place, message, None);
            return None;
        };
        // The address of the event's page is made from the summary.
        let summary = text_of(&title.value).map(|text| text.trim().to_owned());
        let Some(summary) = summary.filter(|text| !path::segment(text).is_empty()) else {
            self.wrong(&title, "a text with letters or digits");
            return None;
        };
        let (day, offset) = self.time(&begin)?;
        let zone = match zone {
            Some(zone) => Some(self.zone(&zone)?),
            None => self.zone.clone(),
        };
        let (begin_time, zone) = match (day, offset) {
            (EventDay::Day(date), _) => (date.to_datetime(Time::midnight()), None),
            (EventDay::Time(time), Some(offset)) => {
                let found = zone_with_offset(zone, time, offset);
                if let Err(message) = &found
                    && repeat.is_some()
                {
                    let problem = Diagnostic::new(&CALENDAR_OFFSET, self.span(&begin), message.clone());
                    let help = "leave the offset out to keep the wall time when the clocks change";
                    self.diagnostics.push(problem.help(help));
                }
                (time, Some(found.unwrap_or_else(|_| fixed_zone(offset))))
            }
            (EventDay::Time(time), None) => {
                let utc = || EventZone { name: "UTC".to_owned(), rules: TimeZone::UTC };
                (time, Some(zone.unwrap_or_else(utc)))
            }
        };
        let url = url.and_then(|url| self.url(&url));
        let length = self.length(begin_time, zone.as_ref(), end.as_ref(), duration.as_ref())?;
        let repeat = match repeat {
            Some(repeat) => Some(self.repetition(&repeat)?),
            None => None,
        };
        let text = |text: Option<String>| text.map(|text| text.trim().to_owned()).unwrap_or_default();
        Some(CalendarEvent {
            span: self.span(&title),
            summary,
            description: text(description),
            location: text(location),
            url,
            uid: uid.filter(|uid| !uid.trim().is_empty()),
            id_suffix: String::new(),
            begin: begin_time,
            length,
            zone,
            repeat,
        })
    }

    /// An address of the web. Another scheme is left out: a page must not link it.
    fn url(&mut self, field: &FieldEntry) -> Option<String> {
        let url = text_of(&field.value).unwrap_or_default().trim().to_owned();
        if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
            self.wrong(field, "an address without whitespace");
            return None;
        }
        Some(url).filter(|url| url.starts_with("https://") || url.starts_with("http://"))
    }

    /// A day or a time, with the offset from UTC if there is one.
    fn time(&mut self, field: &FieldEntry) -> Option<(EventDay, Option<Offset>)> {
        let found = text_of(&field.value).and_then(|text| parse_time(&text));
        if found.is_none() {
            self.wrong(field, TIME);
        }
        found
    }

    /// The length of an event. Without `end` and `duration` it lasts for the whole day.
    fn length(
        &mut self,
        begin: DateTime,
        zone: Option<&EventZone>,
        end: Option<&FieldEntry>,
        duration: Option<&FieldEntry>,
    ) -> Option<SignedDuration> {
        let (field, length) = match (end, duration) {
            (Some(end), _) => {
                let (day, offset) = self.time(end)?;
                let rules = zone.map_or(TimeZone::UTC, |zone| zone.rules.clone());
                let end_rules = offset.map_or_else(|| rules.clone(), TimeZone::fixed);
                let end_time = match day {
                    // The last day belongs to the event.
                    EventDay::Day(date) => date.tomorrow().unwrap_or(Date::MAX).to_datetime(Time::midnight()),
                    EventDay::Time(time) => time,
                };
                let (begin, end_time) = (begin.to_zoned(rules).ok()?, end_time.to_zoned(end_rules).ok()?);
                (end, end_time.timestamp().duration_since(begin.timestamp()))
            }
            (None, Some(duration)) => (duration, self.duration(duration)?),
            (None, None) => return Some(SignedDuration::from_hours(24)),
        };
        if length <= SignedDuration::ZERO {
            self.report(field, format!("the event ends before it begins: `{}`", field.key), None);
            return None;
        }
        if length > SignedDuration::from_hours(24 * MOST_DAYS) {
            self.report(field, format!("an event may last for {MOST_DAYS} days at most"), None);
            return None;
        }
        Some(length)
    }

    /// A duration such as `{hours: 1, minutes: 30}`.
    fn duration(&mut self, field: &FieldEntry) -> Option<SignedDuration> {
        let expected = "a map such as `{hours: 1, minutes: 30}`";
        let Value::Map(parts) = &field.value else {
            self.wrong(field, expected);
            return None;
        };
        let mut minutes = 0.0;
        for part in parts {
            let unit = match part.key.as_str() {
                "weeks" => 7.0 * 24.0 * 60.0,
                "days" => 24.0 * 60.0,
                "hours" => 60.0,
                "minutes" => 1.0,
                "seconds" => 1.0 / 60.0,
                unit => {
                    let help = "use `weeks`, `days`, `hours`, `minutes` or `seconds`".to_owned();
                    self.report(part, format!("an event does not last for `{unit}`"), Some(help));
                    return None;
                }
            };
            let Value::Number(count, _) = part.value else {
                self.wrong(part, "a number");
                return None;
            };
            minutes += count * unit;
        }
        SignedDuration::try_from_secs_f64((minutes * 60.0).round()).ok()
    }

    fn repetition(&mut self, field: &FieldEntry) -> Option<Repetition> {
        let expected = "a map such as `{interval: {weeks: 1}, until: 2027-12-31}`";
        let Value::Map(parts) = &field.value else {
            self.wrong(field, expected);
            return None;
        };
        let mut fields = FieldReader::new(&self.source.path, REPORTS, parts.clone(), self.diagnostics);
        let (interval, until) = (fields.take(&["interval"]), fields.take(&["until"]));
        let (except_on, also_on) = (fields.take(&["except_on"]), fields.take(&["also_on"]));
        fields.finish(&[]);
        let Some(interval) = interval else {
            self.report(field, "`repeat` needs an `interval` such as `{weeks: 1}`".to_owned(), None);
            return None;
        };
        let (every, unit) = self.interval(&interval)?;
        let until = match until {
            Some(until) => Some(match self.time(&until)?.0 {
                // The whole day counts.
                EventDay::Day(date) => date.to_datetime(Time::MAX),
                EventDay::Time(time) => time,
            }),
            None => None,
        };
        let except_on = except_on.map(|days| self.days(&days)).unwrap_or_default();
        let also_on = also_on.map(|days| self.days(&days)).unwrap_or_default();
        let also_on = also_on.into_iter().map(|(day, _)| day).collect();
        Some(Repetition { every, unit, until, except_on, also_on })
    }

    fn interval(&mut self, field: &FieldEntry) -> Option<(u16, RepetitionUnit)> {
        let Value::Map(parts) = &field.value else {
            self.wrong(field, "a map such as `{weeks: 2}`");
            return None;
        };
        let [part] = parts.as_slice() else {
            let help = "leave out all but one of `days`, `weeks`, `months` and `years`".to_owned();
            self.report(field, "`interval` needs exactly one unit".to_owned(), Some(help));
            return None;
        };
        let unit = match part.key.as_str() {
            "days" => RepetitionUnit::Day,
            "weeks" => RepetitionUnit::Week,
            "months" => RepetitionUnit::Month,
            "years" => RepetitionUnit::Year,
            unit => {
                let help = "use `days`, `weeks`, `months` or `years`".to_owned();
                self.report(part, format!("an event does not repeat by `{unit}`"), Some(help));
                return None;
            }
        };
        let every = text_of(&part.value).and_then(|count| count.parse().ok()).filter(|count| *count > 0);
        if every.is_none() {
            self.wrong(part, "a whole number from 1 to 65535");
        }
        Some((every?, unit))
    }

    /// A list of days and times. Wrong ones are reported and left out.
    fn days(&mut self, field: &FieldEntry) -> Vec<(EventDay, Span)> {
        let items = match &field.value {
            Value::List(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        let mut days = Vec::new();
        for item in items {
            match text_of(item).and_then(|text| parse_time(&text)) {
                Some((day, _)) => days.push((day, self.span(field))),
                None => {
                    let message = format!(
                        "`{}` must hold days or times such as `2026-12-24`, not {}",
                        field.key,
                        describe(item)
                    );
                    self.report(field, message, None);
                }
            }
        }
        days
    }
}

/// The time zone of an event whose `begin` has an offset: that of the file or of the event, if it has this offset then.
/// Without one it is the offset itself.
///
/// # Errors
/// Returns a message if the zone has another offset.
fn zone_with_offset(zone: Option<EventZone>, time: DateTime, offset: Offset) -> Result<EventZone, String> {
    let Some(zone) = zone else { return Ok(fixed_zone(offset)) };
    let moment = offset.to_timestamp(time).unwrap_or(jiff::Timestamp::MAX);
    let right = zone.rules.to_offset(moment);
    if right == offset {
        return Ok(zone);
    }
    let (given, right) = (fixed_zone(offset).name, fixed_zone(right).name);
    Err(format!("`begin` has the offset {given}, and {} has {right} then", zone.name))
}

/// A time zone that always has the same offset, such as `UTC+01:00`.
fn fixed_zone(offset: Offset) -> EventZone {
    if offset.is_zero() {
        return EventZone { name: "UTC".to_owned(), rules: TimeZone::UTC };
    }
    let rules = TimeZone::fixed(offset);
    let name = jiff::Timestamp::UNIX_EPOCH.to_zoned(rules.clone()).strftime("UTC%:z").to_string();
    EventZone { name, rules }
}

/// Reads `2026-12-01`, `2026-12-01 15:05:00` and `2026-12-01 15:05:00 +01:00`.
fn parse_time(text: &str) -> Option<(EventDay, Option<Offset>)> {
    let text = text.trim();
    if text.len() == "2026-12-01".len() {
        return Some((EventDay::Day(text.parse().ok()?), None));
    }
    // The offset may stand after a space.
    let text = match text.rsplit_once(' ') {
        Some((time, offset)) if offset.starts_with(['+', '-']) => format!("{}{offset}", time.trim_end()),
        _ => text.to_owned(),
    };
    let pieces = Pieces::parse(&text).ok()?;
    Some((EventDay::Time(pieces.date().to_datetime(pieces.time()?)), pieces.to_numeric_offset()))
}
