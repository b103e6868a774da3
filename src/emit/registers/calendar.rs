//! iCalendar files (RFC 5545) with the tasks of a register that have a due date, or with appointments.
//!
//! Owns how lines are folded and escaped. Times come from the pages, never from a clock, so the same handbook gives
//! the same bytes.

use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::emit::text;
use crate::site::Site;
use crate::site::registers::table::{CalendarTime, RegisterAppointment, RegisterTask};

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
    let changed = place.page.front.date.unwrap_or(match appointment.begin {
        CalendarTime::Day(day) => day,
        CalendarTime::Moment(moment) => moment.to_zoned(TimeZone::UTC).date(),
    });
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

    /// Adds a line. A long line is folded between two characters.
    fn add(&mut self, name: &str, value: &str) {
        let line = format!("{name}:{value}");
        let mut length = 0;
        for c in line.chars() {
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
