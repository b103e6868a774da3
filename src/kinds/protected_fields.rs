//! Fields that a handbook's definitions must not change: the visibility and the kind of a page.
//!
//! Owns the list of these fields and of their protected properties. They are read before the kind of the page is known.
//! A definition that gave one of them another name, type or default would have no effect, but its author would rely on
//! it.

use crate::diagnostic::Diagnostic;
use crate::fields::{FieldEntry as Written, Value, text_of};
use crate::path::FilePath;
use crate::rules::VISIBILITY_STRAY;
use crate::source::Span;

/// The protected fields. The first [`NEVER_SET`] of them cannot be set by an alias either.
const FIELDS: [&str; 7] =
    ["visibility", "clearance", "publish_after", "cascade", "draft", "embargo_until", "kind"];
/// How many of the protected fields, from the first, no alias can set.
const NEVER_SET: usize = 4;
/// The properties of protected fields that cannot be changed.
const PROPERTIES: [&str; 6] = ["type", "also", "default", "values", "list", "fields"];

/// Reports everything in a definition that would change one of these fields.
pub(super) fn changes(file: &FilePath, written: &[Written]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut report = |at: &Written, message: String| {
        let problem = Diagnostic::new(&VISIBILITY_STRAY, Span::new(file, at.at.clone()), message);
        problems.push(problem.help("say who may see a page in its front matter, or in that of its folder"));
    };
    for field in parts(written, "fields") {
        let guarded = FIELDS.contains(&field.key.as_str());
        for property in entries(field) {
            let key = property.key.as_str();
            if guarded && PROPERTIES.contains(&key) {
                report(property, format!("`{key}` of the field `{}` cannot be changed", field.key));
            // Another field must not take the name of a protected one either.
            } else if key == "also"
                && let Value::List(names) = &property.value
                && let Some(name) =
                    names.iter().filter_map(text_of).find(|name| FIELDS.contains(&name.as_str()))
            {
                report(property, format!("`{name}` cannot be another name of `{}`", field.key));
            }
        }
    }
    for alias in parts(written, "aliases") {
        for field in entries(alias).iter().filter(|field| FIELDS[..NEVER_SET].contains(&field.key.as_str())) {
            report(field, format!("an alias cannot say `{}`", field.key));
        }
    }
    problems
}

/// The entries of a table of the definition; empty if it does not have the table.
fn parts<'w>(written: &'w [Written], table: &str) -> &'w [Written] {
    written.iter().find(|field| field.key == table).map_or(&[], entries)
}

fn entries(written: &Written) -> &[Written] {
    match &written.value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}
