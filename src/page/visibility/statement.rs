//! The keys of front matter that declare visibility.
//!
//! This module owns the keys `visibility`, `clearance`, `publish_after` and `draft`, and the problems of their
//! values. A value that cannot be read is reported; `front` then withholds the text.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Clearance, DeclaredAccess, Embargo};
use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{FieldEntry, Value, describe, text_of};
use crate::kinds::Moment;
use crate::path::FilePath;
use crate::rules::VISIBILITY_UNKNOWN;
use crate::source::Span;
use crate::utc;
use crate::visibility::{Level, Levels};

/// The keys that no other module reads.
pub(super) const KEYS: [&str; 3] = ["visibility", "clearance", "publish_after"];

/// The key that marks unfinished pages.
pub(super) const DRAFT: &str = "draft";

/// The field that holds back an advisory until a time.
pub const EMBARGO: &str = "embargo_until";

const CLEARANCES: [(&str, Clearance); 4] = [
    ("cleared", Clearance::Cleared),
    ("not-needed", Clearance::Cleared),
    ("pending", Clearance::Pending),
    ("refused", Clearance::Refused),
];

/// Takes the declared access out of the fields. Where a key is repeated, the strictest value holds.
pub(super) fn take(
    fields: &mut Vec<FieldEntry>,
    file: &FilePath,
    levels: &Levels,
    diagnostics: &mut Vec<Diagnostic>,
) -> DeclaredAccess {
    let mut statement = DeclaredAccess::default();
    fields.retain(|field| {
        let at = Span::new(file, field.at.clone());
        match field.key.as_str() {
            "visibility" => {
                let level = level(field, at, levels, diagnostics);
                statement.level = statement.level.max(level);
            }
            "clearance" => {
                let clearance = clearance(field, at, diagnostics);
                statement.clearance = statement.clearance.max(clearance);
            }
            "publish_after" => {
                let embargo = embargo(field, at, diagnostics);
                statement.embargo = statement.embargo.take().max(embargo);
            }
            _ => return true,
        }
        false
    });
    statement
}

/// The level that a field names. Reports an unknown level.
pub(super) fn level(
    field: &FieldEntry,
    at: Span,
    levels: &Levels,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Level> {
    let text = match &field.value {
        Value::Text(text) => text.as_str(),
        _ => "",
    };
    let level = levels.find(text);
    if level.is_none() {
        let message = format!("`visibility` must be {}, not {}", levels.listed(), describe(&field.value));
        let near = levels.near(text).map(|near| format!("did you mean `{near}`?"));
        diagnostics.push(problem(at, message, near));
    }
    level
}

/// The clearance in a field: a word, or a record whose `state` is the word.
fn clearance(field: &FieldEntry, at: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<Clearance> {
    let value = match &field.value {
        Value::Map(record) => record.iter().find(|field| field.key == "state").map(|field| &field.value),
        value => Some(value),
    };
    let text = value.and_then(text_of).unwrap_or_default();
    let known = CLEARANCES.iter().find(|(name, _)| *name == text);
    if known.is_none() {
        let message = format!(
            "`clearance` must be `pending`, `cleared`, `refused` or `not-needed`, not {}",
            describe(value.unwrap_or(&field.value))
        );
        let near = nearest(&text.to_lowercase(), CLEARANCES.iter().map(|(name, _)| *name));
        diagnostics.push(problem(at, message, near.map(|near| format!("did you mean `{near}`?"))));
    }
    known.map(|(_, clearance)| *clearance)
}

/// The embargo in a field: a day, which ends it at the beginning of that day in UTC, or a time with its offset.
fn embargo(field: &FieldEntry, at: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<Embargo> {
    let written = text_of(&field.value).unwrap_or_default();
    let moment = Moment::parse(&written).map(|moment| moment.timestamp);
    // A date before 1970 is a typing error, not an embargo that has ended.
    let until = moment.or_else(|| beginning(&written)).filter(|until| *until > Timestamp::UNIX_EPOCH);
    let Some(until) = until else {
        let message = format!(
            "`publish_after` must be a day or a time with its offset, not {}",
            describe(&field.value)
        );
        let help = "write `2026-11-21`, or `2026-11-21T15:00:00+01:00`";
        diagnostics.push(problem(at, message, Some(help.to_owned())));
        return None;
    };
    Some(Embargo { until, written })
}

/// The beginning of a day in UTC. Accepts the form `2026-11-21` only.
fn beginning(day: &str) -> Option<Timestamp> {
    let whole = day.len() == "2026-11-21".len();
    let day: Date = day.parse().ok().filter(|_| whole)?;
    utc::midnight(day)
}

/// The problem of a `draft` or an embargo whose value cannot be read, such as `draft: ture`.
pub(super) fn unclear(field: &FieldEntry, file: &FilePath) -> Option<Diagnostic> {
    let text = text_of(&field.value).unwrap_or_default();
    let (expected, help) = match field.key.as_str() {
        DRAFT if text != "true" && !is_finished(&field.value) => {
            ("`true` or `false`", "write `draft: true` to leave the page out, or take the line away")
        }
        EMBARGO if Moment::parse(&text).is_none() => {
            ("a time with its offset", "write it as `2026-11-21T15:00:00+01:00`")
        }
        _ => return None,
    };
    let message = format!("`{}` must be {expected}, not {}", field.key, describe(&field.value));
    Some(problem(Span::new(file, field.at.clone()), message, Some(help.to_owned())))
}

/// Whether a value of `draft` says plainly that the page is finished. Any other value withholds the page.
pub(super) fn is_finished(value: &Value) -> bool {
    match value {
        Value::Flag(flag) => !flag,
        Value::Text(text) => text == "false",
        _ => false,
    }
}

fn problem(at: Span, message: String, help: Option<String>) -> Diagnostic {
    let mut problem = Diagnostic::new(&VISIBILITY_UNKNOWN, at, message);
    problem.help = help.map(Into::into);
    problem
}
