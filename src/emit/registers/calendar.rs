//! iCalendar files (RFC 5545) with the tasks of a register that have a due date, with appointments, or with events.
//!
//! Owns how lines are folded and escaped, and how time zones are described. Times come from the pages, never from a clock, so the same handbook gives
//! the same bytes.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::tz::{Dst, Offset};
use jiff::{SignedDuration, ToSpan};

use crate::calendar::{CalendarEvent, EventDay, EventZone, Repetition, RepetitionUnit};
use crate::emit::text;
use crate::path::UrlPath;
use crate::site::Site;
use crate::site::registers::table::{CalendarTime, RegisterAppointment, RegisterEvents, RegisterTask};
use crate::utc;

/// The maximum length of a line in bytes, without its line break (RFC 5545, 3.1).
const MAX_LINE: usize = 75;

/// A calendar of `tasks`, named after the title of its register.
pub(super) fn tasks(site: &Site, title: &str, tasks: &[RegisterTask<'_>]) -> String {
    calendar(site, title, |lines| {
        for task in tasks {
            add_task(lines, site, task);
        }
    })
}

/// A calendar of `appointments`, named after the title of its register.
pub(super) fn appointments(site: &Site, title: &str, appointments: &[RegisterAppointment]) -> String {
    calendar(site, title, |lines| {
        for appointment in appointments {
            add_appointment(lines, site, appointment);
        }
    })
}

/// A calendar of events and appointments.
pub(super) fn events(site: &Site, title: &str, content: &RegisterEvents<'_>) -> String {
    calendar(site, content.name.unwrap_or(title), |lines| {
        for (id, zone) in zones(site, &content.events) {
            add_zone(lines, &id, &zone);
        }
        for (event, url) in &content.events {
            add_event(lines, site, event, url);
        }
        for appointment in &content.appointments {
            add_appointment(lines, site, appointment);
        }
    })
}

fn calendar(site: &Site, title: &str, add: impl FnOnce(&mut CalendarLines)) -> String {
    let mut lines = CalendarLines::default();
    lines.add("BEGIN", "VCALENDAR");
    lines.add("VERSION", "2.0");
    lines.add("PRODID", "-//Opsbook//Registers//EN");
    let name = site.words().fill("feed.calendar", &[("title", &site.config.title), ("register", &title)]);
    lines.add("X-WR-CALNAME", &escape(&name));
    add(&mut lines);
    lines.add("END", "VCALENDAR");
    lines.0
}

fn add_appointment(lines: &mut CalendarLines, site: &Site, appointment: &RegisterAppointment) {
    let place = site.page(appointment.page);
    lines.add("BEGIN", "VEVENT");
    lines.add("UID", &format!("{}@{}", appointment.uid, host(site)));
    // The same in every build; see `add_task`.
    let changed = place.page.front.date.unwrap_or(appointment.begin.day());
    lines.add("DTSTAMP", &format!("{}T000000Z", changed.strftime("%Y%m%d")));
    lines.add_time("DTSTART", appointment.begin);
    match appointment.end {
        // RFC 5545 wants the day after the last one.
        Some(CalendarTime::Day(day)) => {
            lines.add_time("DTEND", CalendarTime::Day(day.saturating_add(1.day())))
        }
        Some(end) => lines.add_time("DTEND", end),
        None => {}
    }
    lines.add("SUMMARY", &escape(&place.page.title));
    if !place.page.description.is_empty() {
        lines.add("DESCRIPTION", &escape(&place.page.description));
    }
    if let Some(url) = text::absolute(site, &place.url) {
        lines.add("URL", &url);
    }
    lines.add("END", "VEVENT");
}

fn add_event(lines: &mut CalendarLines, site: &Site, event: &CalendarEvent, url: &UrlPath) {
    lines.add("BEGIN", "VEVENT");
    let begin = event.begin.strftime("%Y%m%dT%H%M%S").to_string();
    let made = || format!("{}-{begin}@{}", url.as_str().trim_end_matches('/'), host(site));
    let uid = event.uid.clone().unwrap_or_else(made);
    lines.add("UID", &escape(&format!("{uid}{}", event.id_suffix)));
    // The same in every build; see `add_task`.
    lines.add("DTSTAMP", &format!("{}T000000Z", event.begin.strftime("%Y%m%d")));
    lines.add_wall_time("DTSTART", event, event.begin);
    lines.add("DURATION", &duration(event));
    if let Some(repeat) = &event.repeat {
        lines.add("RRULE", &rule(event, repeat));
        for (day, _) in &repeat.except_on {
            lines.add_wall_time("EXDATE", event, day.at_time_of(event));
        }
        for day in &repeat.also_on {
            lines.add_wall_time("RDATE", event, day.at_time_of(event));
        }
    }
    lines.add("SUMMARY", &escape(&event.summary));
    if !event.description.is_empty() {
        lines.add("DESCRIPTION", &escape(&event.description));
    }
    if !event.location.is_empty() {
        lines.add("LOCATION", &escape(&event.location));
    }
    if let Some(url) = event.url.clone().or_else(|| text::absolute(site, url)) {
        lines.add("URL", &url);
    }
    lines.add("END", "VEVENT");
}

/// The length of an event (RFC 5545, 3.3.6).
fn duration(event: &CalendarEvent) -> String {
    match (&event.zone, event.length.as_secs()) {
        (None, seconds) => format!("P{}D", (seconds / 86_400).max(1)),
        (Some(_), seconds) if seconds % 60 == 0 => format!("PT{}M", seconds / 60),
        (Some(_), seconds) => format!("PT{seconds}S"),
    }
}

/// The repetition of an event (RFC 5545, 3.3.10).
fn rule(event: &CalendarEvent, repeat: &Repetition) -> String {
    let frequency = match repeat.unit {
        RepetitionUnit::Day => "DAILY",
        RepetitionUnit::Week => "WEEKLY",
        RepetitionUnit::Month => "MONTHLY",
        RepetitionUnit::Year => "YEARLY",
    };
    let mut rule = format!("FREQ={frequency};INTERVAL={}", repeat.every);
    if let Some(until) = repeat.until {
        // The end has the type of the beginning; a time is in UTC.
        let until = match &event.zone {
            None => until.strftime("%Y%m%d").to_string(),
            Some(zone) => utc(until, zone),
        };
        rule.push_str(&format!(";UNTIL={until}"));
    }
    rule
}

/// A wall time in UTC.
fn utc(time: DateTime, zone: &EventZone) -> String {
    let time = time.to_zoned(zone.rules.clone()).map(|zoned| zoned.timestamp());
    time.unwrap_or(jiff::Timestamp::MAX).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The id of a time zone that a calendar must describe; `None` for UTC.
fn zone_id(zone: &EventZone) -> Option<String> {
    // A fixed offset is described, too: in UTC an event at night would repeat on another day. A colon would end the
    // parameter.
    (zone.name != "UTC").then(|| zone.name.replace(':', ""))
}

/// A time zone, and the days between which a calendar needs it.
struct UsedZone<'a> {
    zone: &'a EventZone,
    first: DateTime,
    last: Date,
}

/// The years for which the time zone of an event without end is described.
const YEARS: i64 = 10;

fn zones<'a>(site: &Site, events: &[(&'a CalendarEvent, UrlPath)]) -> BTreeMap<String, UsedZone<'a>> {
    let mut zones: BTreeMap<String, UsedZone<'_>> = BTreeMap::new();
    for (event, _) in events {
        let Some(zone) = &event.zone else { continue };
        let Some(name) = zone_id(zone) else { continue };
        let mut last = event.begin.date();
        let mut first = event.begin;
        if let Some(repeat) = &event.repeat {
            let endless = || site.today.saturating_add(YEARS.years());
            last = last.max(repeat.until.map_or_else(endless, DateTime::date));
            for also in repeat.also_on.iter().map(|also: &EventDay| also.at_time_of(event)) {
                first = first.min(also);
                last = last.max(also.date());
            }
        }
        let used = zones.entry(name).or_insert(UsedZone { zone, first, last });
        used.first = used.first.min(first);
        used.last = used.last.max(last);
    }
    zones
}

/// A time zone as the changes of its offset, one component for each sort of change (RFC 5545, 3.6.5).
fn add_zone(lines: &mut CalendarLines, id: &str, UsedZone { zone, first, last }: &UsedZone<'_>) {
    lines.add("BEGIN", "VTIMEZONE");
    lines.add("TZID", id);
    let rules = &zone.rules;
    let Ok(first) = first.to_zoned(rules.clone()).map(|zoned| zoned.timestamp()) else { return };
    // Its own offset decides the first event, so the change before it belongs to the description.
    let before = rules.preceding(first).next();
    let after = rules.following(first).take_while(|change| utc::day_of(change.timestamp()) <= *last);
    let mut components: Vec<(ZoneComponent, Vec<DateTime>)> = Vec::new();
    for change in before.into_iter().chain(after) {
        let from =
            rules.to_offset(change.timestamp().saturating_sub(SignedDuration::from_secs(1)).unwrap_or(first));
        let component = ZoneComponent {
            is_daylight: change.dst() == Dst::Yes,
            from,
            to: change.offset(),
            name: change.abbreviation().to_owned(),
        };
        let onset = from.to_datetime(change.timestamp());
        match components.iter_mut().find(|(known, _)| *known == component) {
            Some((_, onsets)) => onsets.push(onset),
            None => components.push((component, vec![onset])),
        }
    }
    if components.is_empty() {
        let offset = rules.to_offset(first);
        let name = rules.to_offset_info(first).abbreviation().to_owned();
        let component = ZoneComponent { is_daylight: false, from: offset, to: offset, name };
        components.push((component, vec![Date::constant(1970, 1, 1).at(0, 0, 0, 0)]));
    }
    for (component, onsets) in components {
        let kind = if component.is_daylight { "DAYLIGHT" } else { "STANDARD" };
        lines.add("BEGIN", kind);
        lines.add("TZOFFSETFROM", &offset(component.from));
        lines.add("TZOFFSETTO", &offset(component.to));
        lines.add("TZNAME", &component.name);
        lines.add("DTSTART", &onsets[0].strftime("%Y%m%dT%H%M%S").to_string());
        if onsets.len() > 1 {
            // The first one again: Thunderbird does not look at `DTSTART` where there is an `RDATE`.
            for onset in &onsets {
                lines.add("RDATE", &onset.strftime("%Y%m%dT%H%M%S").to_string());
            }
        }
        lines.add("END", kind);
    }
    lines.add("END", "VTIMEZONE");
}

/// A sort of change of a time zone, such as that to summer time.
#[derive(PartialEq)]
struct ZoneComponent {
    is_daylight: bool,
    from: Offset,
    to: Offset,
    /// Such as `CEST`.
    name: String,
}

/// An offset from UTC as `+0200`.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let rest = seconds.abs();
    let text = format!("{sign}{:02}{:02}", rest / 3600, rest / 60 % 60);
    if rest % 60 == 0 { text } else { format!("{text}{:02}", rest % 60) }
}

fn add_task(lines: &mut CalendarLines, site: &Site, task: &RegisterTask<'_>) {
    let url = task.page.and_then(|page| {
        let url = text::absolute(site, &site.page(page).url)?;
        let anchor = task.anchor.map(|anchor| format!("#{}", crate::path::encode(anchor)));
        Some(url + &anchor.unwrap_or_default())
    });
    let title = task.page.map_or("", |page| site.page(page).page.title.as_str());
    let t = site.words();
    let owners =
        if task.owners.is_empty() { t.say("feed.nobody").to_owned() } else { task.owners.join(", ") };
    lines.add("BEGIN", "VTODO");
    lines.add("UID", &format!("{}@{}", task.uid, host(site)));
    // RFC 5545 requires this time; the day of the last change is the same in every build.
    lines.add("DTSTAMP", &format!("{}T000000Z", task.changed.strftime("%Y%m%d")));
    lines.add("SUMMARY", &escape(&task.summary));
    lines.add("DUE;VALUE=DATE", &task.due.strftime("%Y%m%d").to_string());
    lines.add("STATUS", if task.is_begun { "IN-PROCESS" } else { "NEEDS-ACTION" });
    lines.add("DESCRIPTION", &escape(&t.fill("feed.description", &[("owner", &owners), ("page", &title)])));
    if let Some(url) = url {
        lines.add("URL", &url);
    }
    lines.add("END", "VTODO");
}

/// The host in `base_url`, which keeps the ids of tasks different between handbooks.
fn host(site: &Site) -> String {
    let url = site.config.base_url.as_deref().and_then(|url| url.split_once("://"));
    url.map_or("handbook.invalid", |(_, rest)| rest.split(['/', ':']).next().unwrap_or(rest)).to_owned()
}

/// The lines of a calendar file.
#[derive(Default)]
struct CalendarLines(String);

impl CalendarLines {
    /// Adds a day, or a moment in UTC.
    fn add_time(&mut self, name: &str, time: CalendarTime) {
        match time {
            CalendarTime::Day(day) => {
                self.add(&format!("{name};VALUE=DATE"), &day.strftime("%Y%m%d").to_string())
            }
            CalendarTime::Moment(moment) => self.add(name, &moment.strftime("%Y%m%dT%H%M%SZ").to_string()),
        }
    }

    /// Adds a time of an event: a day, a wall time in its time zone, or UTC.
    fn add_wall_time(&mut self, name: &str, event: &CalendarEvent, time: DateTime) {
        let Some(zone) = &event.zone else {
            return self.add(&format!("{name};VALUE=DATE"), &time.strftime("%Y%m%d").to_string());
        };
        match zone_id(zone) {
            Some(id) => self.add(&format!("{name};TZID={id}"), &time.strftime("%Y%m%dT%H%M%S").to_string()),
            None => self.add(name, &utc(time, zone)),
        }
    }

    /// Adds a line. A long line is folded between two characters.
    fn add(&mut self, name: &str, value: &str) {
        let line = format!("{name}:{value}");
        let mut length = 0;
        // A value that is not text is not escaped, and a line break in it would begin a line of its own.
        for c in line.chars().filter(|c| !c.is_control()) {
            if length + c.len_utf8() > MAX_LINE {
                self.0.push_str("\r\n ");
                // The space at the beginning of a folded line counts.
                length = 1;
            }
            self.0.push(c);
            length += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// A text value as in RFC 5545 (3.3.11), without the characters that it does not allow.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::emit;
    use crate::emit::fixture::{site, text};

    const PATH: &str = "registers/actions.ics";

    const MINUTES: &str = "---\nkind: minutes\n---\n# Weekly, ops\n\n- AI @a: write; read, and ä long text that goes on and on until it is \
        longer than one line may be, by 2026-12-01\n  - ongoing\n- AI @b: no date\n- AI @b: over until 2026-10-01 (done)\n";

    #[test]
    fn open_items_with_a_date_are_tasks() {
        let site = site(&[("content/minutes/x/20261108.md", MINUTES)], Some("https://h.example/b/"));
        let calendar = text(&emit(&site), PATH);
        assert!(calendar.split_inclusive("\r\n").all(|line| line.ends_with("\r\n") && line.len() <= 77));
        let unfolded = calendar.replace("\r\n ", "");
        assert_eq!(unfolded.matches("BEGIN:VTODO").count(), 1);
        for line in [
            "SUMMARY:write\\; read\\, and ä long text that goes on and on until it is longer than one line may be\\, by 2026-12-01\r\n",
            "DUE;VALUE=DATE:20261201\r\n",
            "DTSTAMP:20261108T000000Z\r\n",
            "STATUS:IN-PROCESS\r\n",
            "DESCRIPTION:Owner: @a\\nFrom: Weekly\\, ops\r\n",
            "URL:https://h.example/b/minutes/x/20261108/#weekly-ops\r\n",
            "@h.example\r\n",
        ] {
            assert!(unfolded.contains(line), "{line} in {unfolded}");
        }
    }

    #[test]
    fn without_dates_there_is_no_calendar() {
        let text = "---\nkind: minutes\n---\n- AI @b: no date\n";
        let outputs = emit(&site(&[("content/minutes/x/20261108.md", text)], None));
        assert!(outputs.iter().all(|output| output.path != PATH));
    }
}
