//! What front matter says of visibility, in which words.
//!
//! Owns the keys `visibility`, `clearance` and `publish_after`, and what is wrong with them. What cannot be read counts
//! as the strictest there is: a mistake hides too much.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Clearance, Embargo, Statement};
use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{Field, Value, describe, text_of};
use crate::kinds::Moment;
use crate::path::FilePath;
use crate::rules::VISIBILITY_UNKNOWN;
use crate::source::Span;
use crate::visibility::{Level, Levels};

const CLEARANCES: &[(&str, Clearance)] = &[
    ("cleared", Clearance::Given),
    ("not-needed", Clearance::Given),
    ("pending", Clearance::Pending),
    ("refused", Clearance::Refused),
];

/// Reads what fields say of visibility.
pub fn read(
    fields: &[Field],
    file: &FilePath,
    levels: &Levels,
    diagnostics: &mut Vec<Diagnostic>,
) -> Statement {
    let mut statement = Statement::default();
    for field in fields {
        let at = Span::new(file, field.at.clone());
        match field.key.as_str() {
            "visibility" => {
                statement.level = statement.level.max(Some(level(field, at, levels, diagnostics)))
            }
            "clearance" => {
                statement.clearance = statement.clearance.max(Some(clearance(field, at, diagnostics)));
            }
            "publish_after" => {
                statement.embargo = statement.embargo.max(Some(embargo(field, at, diagnostics)));
            }
            _ => {}
        }
    }
    statement
}

/// The level that a field names; the highest where it names none.
pub(super) fn level(field: &Field, at: Span, levels: &Levels, diagnostics: &mut Vec<Diagnostic>) -> Level {
    let text = match &field.value {
        Value::Text(text) => text.as_str(),
        _ => "",
    };
    levels.find(text).unwrap_or_else(|| {
        let message = format!("`visibility` must be {}, not {}", levels.listed(), describe(&field.value));
        let near = levels.near(text).map(|near| format!("did you mean `{near}`?"));
        diagnostics.push(problem(at, message, near));
        levels.highest()
    })
}

/// A word, or a record whose `state` is the word.
fn clearance(field: &Field, at: Span, diagnostics: &mut Vec<Diagnostic>) -> Clearance {
    let value = match &field.value {
        Value::Map(record) => record.iter().find(|field| field.key == "state").map(|field| &field.value),
        value => Some(value),
    };
    let text = value.and_then(text_of).unwrap_or_default();
    let known = CLEARANCES.iter().find(|(name, _)| *name == text);
    known.map_or_else(
        || {
            let message = format!(
                "`clearance` must be `pending`, `cleared`, `refused` or `not-needed`, not {}",
                describe(value.unwrap_or(&field.value))
            );
            let near = nearest(&text.to_lowercase(), CLEARANCES.iter().map(|(name, _)| *name));
            diagnostics.push(problem(at, message, near.map(|near| format!("did you mean `{near}`?"))));
            Clearance::Unclear
        },
        |(_, clearance)| *clearance,
    )
}

/// A day, from whose beginning in UTC on it may be published, or an instant.
fn embargo(field: &Field, at: Span, diagnostics: &mut Vec<Diagnostic>) -> Embargo {
    let written = text_of(&field.value).unwrap_or_default();
    let moment = Moment::parse(&written).map(|moment| moment.timestamp);
    // Nobody held anything back before there were handbooks: such a year is a slip.
    let until = moment.or_else(|| beginning(&written)).filter(|until| *until > Timestamp::UNIX_EPOCH);
    let until = until.unwrap_or_else(|| {
        let message = format!(
            "`publish_after` must be a day or a time with its offset, not {}",
            describe(&field.value)
        );
        let help = "write `2026-11-21`, or `2026-11-21T15:00:00+01:00`";
        diagnostics.push(problem(at, message, Some(help.to_owned())));
        Timestamp::MAX
    });
    Embargo { until, written }
}

fn beginning(day: &str) -> Option<Timestamp> {
    let whole = day.len() == "2026-11-21".len();
    let day: Date = day.parse().ok().filter(|_| whole)?;
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

pub(super) fn problem(at: Span, message: String, help: Option<String>) -> Diagnostic {
    let mut problem = Diagnostic::new(&VISIBILITY_UNKNOWN, at, message);
    problem.help = help.map(Into::into);
    problem
}
