//! What definitions of a handbook may not change: the fields that say who may see a page, and of which kind it is.
//!
//! These fields are read before anything is known of the page's kind, so a definition that gives them another name,
//! type or default would be believed and do nothing. Owns which fields and which of their properties these are.

use crate::diagnostic::Diagnostic;
use crate::fields::{FieldEntry as Written, Value, text_of};
use crate::path::FilePath;
use crate::rules::VISIBILITY_STRAY;
use crate::source::Span;

const FIELDS: [&str; 7] =
    ["visibility", "clearance", "publish_after", "cascade", "draft", "embargo_until", "kind"];
/// Those of the fields that no alias can set.
const NEVER_SET: usize = 4;
/// What these fields keep as it is.
const PROPERTIES: [&str; 6] = ["type", "also", "default", "values", "list", "fields"];

/// Everything in a definition that would change one of these fields.
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

/// The entries of one of a definition's tables.
fn parts<'w>(written: &'w [Written], table: &str) -> &'w [Written] {
    written.iter().find(|field| field.key == table).map_or(&[], entries)
}

fn entries(written: &Written) -> &[Written] {
    match &written.value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}
