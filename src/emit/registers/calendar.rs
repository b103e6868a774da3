//! `registers/actions.ics`: until when open action items are due, for calendars that know tasks (RFC 5545).
//!
//! Owns the lines of such a file: how they are folded and escaped. Times come from the pages, never from a clock, so
//! the same handbook makes the same bytes.

use std::sync::Arc;

use jiff::civil::Date;

use crate::emit::{later, text};
use crate::output::Output;
use crate::page::facts::State;
use crate::site::Site;
use crate::site::registers::ActionItem;

const PATH: &str = "registers/actions.ics";

/// The most bytes of a line, without its end (RFC 5545, 3.1).
const MOST_BYTES: usize = 75;

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    if due(site).next().is_none() {
        return Vec::new();
    }
    vec![later(site, PATH, calendar)]
}

/// Open items with a date.
fn due(site: &Site) -> impl Iterator<Item = (&ActionItem, Date)> {
    site.registers.actions.open().filter_map(|item| Some((item, item.due?)))
}

fn calendar(site: &Site) -> String {
    let mut lines = Lines::default();
    lines.add("BEGIN", "VCALENDAR");
    lines.add("VERSION", "2.0");
    lines.add("PRODID", "-//Opsbook//Action items//EN");
    lines.add("X-WR-CALNAME", &escape(&site.words().fill("feed.calendar", &[("title", &site.config.title)])));
    for (item, due) in due(site) {
        task(&mut lines, site, item, due);
    }
    lines.add("END", "VCALENDAR");
    lines.0
}

fn task(lines: &mut Lines, site: &Site, item: &ActionItem, due: Date) {
    let last = item.sayings.last();
    let url = last.and_then(|saying| {
        let url = text::absolute(site, &site.page(saying.page).url)?;
        let anchor = saying.anchor.as_ref().map(|anchor| format!("#{}", crate::path::encode(anchor)));
        Some(url + &anchor.unwrap_or_default())
    });
    let title = last.map(|saying| site.page(saying.page).page.title.as_str()).unwrap_or_default();
    let t = site.words();
    let owners =
        if item.owners.is_empty() { t.say("feed.nobody").to_owned() } else { item.owners.join(", ") };
    lines.add("BEGIN", "VTODO");
    lines.add("UID", &format!("{}@{}", item.uid, host(site)));
    lines.add("DTSTAMP", &format!("{}T000000Z", item.last().unwrap_or(due).strftime("%Y%m%d")));
    lines.add("SUMMARY", &escape(&item.text));
    lines.add("DUE;VALUE=DATE", &due.strftime("%Y%m%d").to_string());
    lines.add("STATUS", if item.state == State::Doing { "IN-PROCESS" } else { "NEEDS-ACTION" });
    lines.add("DESCRIPTION", &escape(&t.fill("feed.description", &[("owner", &owners), ("page", &title)])));
    if let Some(url) = url {
        lines.add("URL", &url);
    }
    lines.add("END", "VTODO");
}

/// What makes the ids of one handbook differ from those of another.
fn host(site: &Site) -> String {
    let url = site.config.base_url.as_deref().and_then(|url| url.split_once("://"));
    url.map_or("handbook.invalid", |(_, rest)| rest.split(['/', ':']).next().unwrap_or(rest)).to_owned()
}

/// A file of lines.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// Adds a line, folded between characters.
    fn add(&mut self, name: &str, value: &str) {
        let line = format!("{name}:{value}");
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > MOST_BYTES {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(c);
            length += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// A text as RFC 5545 writes it (3.3.11), without characters that it cannot hold.
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
    use super::*;
    use crate::emit::fixture::{site, text};

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
        assert!(emit(&site(&[("content/minutes/x/20261108.md", text)], None)).is_empty());
    }
}
