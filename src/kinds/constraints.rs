//! Checks how the fields of a page go together: what should be there, what should not, and the order of dates.
//!
//! Owns the keys `wanted`, `forbidden`, `not_before` and `day_of` of definitions, and `plain_names` of kinds.

use super::computed::date;
use super::typed_front_matter::{FieldSource, wanted_value};
use super::{Field, Kind, Kinds, PageFields, Required, TypedValue};
use crate::diagnostic::Diagnostic;
use crate::path::{FilePath, segment};
use crate::rules::{FIELD_FORBIDDEN, FIELD_ORDER, FIELD_WANTED, PAGE_NAME};
use crate::source::Span;

/// File names that stand for their folder.
const FOLDER_PAGES: [&str; 3] = ["_index", "index", "readme"];

/// Reports the fields of a page that do not go together. `own` holds what the page itself says.
pub fn check(kinds: &Kinds, kind: &Kind, own: &FieldSource<'_>, data: &PageFields) -> Vec<Diagnostic> {
    // If the kind was set by a folder, a field that is not there is reported at the start of the page.
    let place = data.span("kind").filter(|span| span.file == *own.file);
    let place = &place.unwrap_or_else(|| Span::start_of(own.file));
    let mut problems: Vec<Diagnostic> = name(kind, own.file).into_iter().collect();
    for field in kinds.fields_of(kind) {
        let is_withheld = field.names().any(|name| own.withheld.contains(name));
        match data.span(&field.name) {
            Some(span) => {
                problems.extend(forbidden(kind, field, data, &span));
                problems.extend(order(field, data, &span));
                problems.extend(day(field, data, &span));
            }
            None if data.get(&field.name).is_none() && !is_withheld => {
                problems.extend(wanted(kind, field, data, place))
            }
            None => {}
        }
    }
    problems
}

impl Field {
    /// Whether the definition compares the field with others of the page.
    pub(super) fn is_compared(&self) -> bool {
        let compared = self.not_before.is_some() || self.day_of.is_some() || self.by.is_some();
        compared || self.wanted != Required::Never || self.forbidden != Required::Never
    }
}

fn name(kind: &Kind, file: &FilePath) -> Option<Diagnostic> {
    let name = file.stem();
    if !kind.plain_names || FOLDER_PAGES.contains(&name.to_lowercase().as_str()) {
        return None;
    }
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.chars().all(is_plain) {
        return None;
    }
    let message =
        format!("the file name of {} may have lower-case letters, digits and `-`", kind.with_article());
    let plain: String = segment(name).chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    Some(Diagnostic::new(&PAGE_NAME, Span::start_of(file), message).help(format!("name it `{plain}`")))
}

fn wanted(kind: &Kind, field: &Field, data: &PageFields, place: &Span) -> Option<Diagnostic> {
    if !field.wanted.holds(data) {
        return None;
    }
    let reason = field.wanted.reason(data);
    let message = format!("{} should have `{}`{reason}", kind.with_article(), field.name);
    let problem = Diagnostic::new(&FIELD_WANTED, place.clone(), message);
    Some(match wanted_value(field) {
        help if help.is_empty() => problem,
        help => problem.help(help),
    })
}

fn forbidden(kind: &Kind, field: &Field, data: &PageFields, span: &Span) -> Option<Diagnostic> {
    if data.get(&field.name).is_none() || !field.forbidden.holds(data) {
        return None;
    }
    let (key, reason) = (data.written_key(&field.name), field.forbidden.reason(data));
    let message = format!("{} has no `{key}`{reason}", kind.with_article());
    let problem = Diagnostic::new(&FIELD_FORBIDDEN, span.clone(), message);
    Some(problem.help(format!("take `{key}` out, or change the other field")))
}

fn order(field: &Field, data: &PageFields, span: &Span) -> Option<Diagnostic> {
    let first = field.not_before.as_deref()?;
    let is_before = match (data.get(&field.name)?, data.get(first)?) {
        (TypedValue::Time(last), TypedValue::Time(first)) => last.timestamp < first.timestamp,
        _ => date(data, &field.name)? < date(data, first)?,
    };
    let (last, first) = (data.written_key(&field.name), data.written_key(first));
    is_before.then(|| {
        let problem = Diagnostic::new(&FIELD_ORDER, span.clone(), format!("`{last}` is before `{first}`"));
        problem.help("correct one of the two")
    })
}

fn day(field: &Field, data: &PageFields, span: &Span) -> Option<Diagnostic> {
    let time = field.day_of.as_deref()?;
    let (day, day_of_time) = (date(data, &field.name)?, date(data, time)?);
    let (key, time) = (data.written_key(&field.name), data.written_key(time));
    (day != day_of_time).then(|| {
        let message = format!("`{key}` is {day}, and `{time}` is on {day_of_time}");
        Diagnostic::new(&FIELD_ORDER, span.clone(), message).help("correct one of the two")
    })
}
