//! Deadlines for the notification of a security incident: a reminder, not legal advice.
//!
//! This module owns [`Deadline`]. The lengths are those of Directive (EU) 2022/2555 (NIS 2), article 23 (4), and of
//! Regulation (EU) 2016/679 (GDPR), article 33 (1). The module does not know which of them apply to an operator.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::kinds::{PageFields, Record};
use crate::utc;

/// One notification.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Deadline {
    /// The name of the legal duty, or `other`.
    pub duty: &'static str,
    /// The authority to notify, where the report names it.
    pub authority: Option<String>,
    pub due: Option<Timestamp>,
    pub sent: Option<Timestamp>,
    pub progress: Progress,
}

/// The progress of a notification at the day of the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// Not sent, and the deadline has not passed.
    Due,
    /// Not sent, and the day of the deadline has passed.
    Overdue,
    Sent,
    /// Sent after the deadline.
    Late,
}

/// The legal duties, by their names in front matter.
const DUTIES: [&str; 4] = ["nis2-early-warning", "nis2-notification", "nis2-final", "gdpr-33"];

/// The legal deadlines, counted from the time when the operator became aware, then all other notifications.
pub(super) fn of(data: &PageFields, today: Date) -> Vec<Deadline> {
    let notified = data.records("notified");
    let aware = data.time("aware_at").map(|moment| moment.timestamp);
    let duties = DUTIES.into_iter().filter(|duty| applies(duty, data, &notified));
    let by_law = duties.filter_map(|duty| {
        let record = record(&notified, duty);
        let due = record.and_then(|record| time(record, "due"));
        let due = due.or_else(|| self::due(duty, aware?, &notified));
        (due.is_some() || record.is_some()).then(|| deadline(duty, record.copied(), due, today))
    });
    let others = notified.iter().filter(|record| duty_of(record).is_none());
    let others = others.map(|record| deadline("other", Some(record), time(record, "due"), today));
    by_law.chain(others).collect()
}

/// Whether a duty applies. The one about personal data applies only if such data was affected, or may have been.
fn applies(duty: &str, data: &PageFields, notified: &[&Record]) -> bool {
    duty != "gdpr-33"
        || matches!(data.text("personal_data"), Some("yes" | "unknown"))
        || record(notified, duty).is_some()
}

fn record<'a, 'b>(notified: &'a [&'b Record], duty: &str) -> Option<&'a &'b Record> {
    notified.iter().find(|record| record.text("duty") == Some(duty))
}

/// The legal duty that a record names.
fn duty_of(record: &Record) -> Option<&str> {
    record.text("duty").filter(|duty| DUTIES.contains(duty))
}

fn time(record: &Record, name: &str) -> Option<Timestamp> {
    record.time(name).map(|moment| moment.timestamp)
}

fn due(duty: &str, aware: Timestamp, notified: &[&Record]) -> Option<Timestamp> {
    let hours = |hours| aware.checked_add(SignedDuration::from_hours(hours)).ok();
    match duty {
        "nis2-early-warning" => hours(24),
        // One month after the notification was sent or, while it was not, after its deadline.
        "nis2-final" => {
            let sent = record(notified, "nis2-notification").and_then(|record| time(record, "sent"));
            month_after(sent.or_else(|| hours(72))?)
        }
        _ => hours(72),
    }
}

fn month_after(time: Timestamp) -> Option<Timestamp> {
    let zoned = time.to_zoned(TimeZone::UTC).checked_add(Span::new().months(1)).ok()?;
    Some(zoned.timestamp())
}

fn deadline(duty: &'static str, record: Option<&Record>, due: Option<Timestamp>, today: Date) -> Deadline {
    let sent = record.and_then(|record| time(record, "sent"));
    let progress = match (due, sent) {
        (Some(due), Some(sent)) if sent > due => Progress::Late,
        (_, Some(_)) => Progress::Sent,
        (Some(due), None) if utc::day_of(due) < today => Progress::Overdue,
        _ => Progress::Due,
    };
    let authority = record.and_then(|record| record.text("authority")).map(str::to_owned);
    Deadline { duty, authority, due, sent, progress }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{Moment, TypedValue};

    fn record(fields: &[(&str, &str)]) -> Record {
        let mut record = Record::default();
        for (name, text) in fields {
            let time = Moment::parse(text).map(TypedValue::Time);
            record.insert(*name, time.unwrap_or_else(|| TypedValue::Text((*text).to_owned())));
        }
        record
    }

    fn rows(fields: &[(&str, &str)], notified: Vec<Record>) -> Vec<String> {
        let mut data = PageFields::from(record(fields));
        data.record
            .insert("notified", TypedValue::List(notified.into_iter().map(TypedValue::Record).collect()));
        let row = |deadline: &Deadline| {
            let due = deadline.due.map(|due| due.to_string()).unwrap_or_default();
            format!("{due} {:?}", deadline.progress)
        };
        of(&data, jiff::civil::date(2026, 11, 21)).iter().map(row).collect()
    }

    #[test]
    fn deadlines_follow_from_when_the_operators_knew() {
        let rows =
            rows(&[("aware_at", "2026-11-19T02:30:00+01:00"), ("personal_data", "unknown")], Vec::new());
        assert_eq!(
            rows,
            [
                "2026-11-20T01:30:00Z Overdue",
                "2026-11-22T01:30:00Z Due",
                "2026-12-22T01:30:00Z Due",
                "2026-11-22T01:30:00Z Due"
            ]
        );
    }

    #[test]
    fn the_final_report_is_due_a_month_after_the_notification() {
        let sent = [("authority", "BSI"), ("duty", "nis2-notification"), ("sent", "2026-01-31T12:00:00Z")];
        let rows =
            rows(&[("aware_at", "2026-01-30T12:00:00Z"), ("personal_data", "no")], vec![record(&sent)]);
        assert_eq!(
            rows,
            ["2026-01-31T12:00:00Z Overdue", "2026-02-02T12:00:00Z Sent", "2026-02-28T12:00:00Z Overdue"]
        );
    }

    #[test]
    fn what_is_no_duty_by_law_has_the_deadline_that_it_names() {
        let other = [("authority", "Partners"), ("due", "2026-11-20T00:00Z"), ("sent", "2026-11-20T01:00Z")];
        assert_eq!(rows(&[], vec![record(&other)]), ["2026-11-20T00:00:00Z Late"]);
        assert!(rows(&[], Vec::new()).is_empty());
    }
}
