//! Compares the day that a file name begins with and the dates in the front matter of the page.
//!
//! Owns the key `in_name` of definitions. A page without the date has the day of its file name.

use jiff::civil::Date;

use super::FrontMatter;
use super::facts::day_of_name;
use crate::diagnostic::Diagnostic;
use crate::kinds::{Kinds, TypedValue};
use crate::path::FilePath;
use crate::rules::FIELD_ORDER;

/// Reports dates that contradict the name of the file. A date that a folder hands down is not compared.
pub fn check(file: &FilePath, front: &FrontMatter, kinds: &Kinds) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let Some(named) = day_of_name(file.stem()) else { return problems };
    for field in kinds.fields_of(&front.kind).into_iter().filter(|field| field.in_name) {
        // Without the date, its time must be on the day of the name. With both, `day_of` compares them.
        let time = field.day_of.as_ref().filter(|_| front.data.get(&field.name).is_none());
        let name = time.unwrap_or(&field.name);
        let (Some(day), Some(span)) = (day(front, name), front.data.span(name)) else { continue };
        if day != named && span.file == *file {
            let key = front.data.written_key(name);
            let verb = if time.is_some() { "is on" } else { "is" };
            let message = format!("`{key}` {verb} {day}, and the file's name begins with {named}");
            let help = format!("correct `{key}`, or rename the file with `opsbook mv`");
            problems.push(Diagnostic::new(&FIELD_ORDER, span, message).help(help));
        }
    }
    problems
}

fn day(front: &FrontMatter, field: &str) -> Option<Date> {
    match front.data.get(field)? {
        TypedValue::Date(day) => Some(*day),
        TypedValue::Time(time) => Some(time.written_day()),
        _ => None,
    }
}
