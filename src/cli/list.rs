//! The output of `opsbook new --list`.
//!
//! Owns two tables for people: the kinds of a handbook, and the fields of a kind.

use crate::kinds::{Field, FieldType, Kind, Kinds, Required};

/// Each kind with its purpose.
pub(super) fn kinds(kinds: &Kinds) -> Vec<String> {
    let rows = kinds.all().map(|kind| (kind.names().join(", "), kind.help.clone())).collect();
    let mut lines = aligned(rows);
    lines.extend([String::new(), "opsbook new KIND --list shows the fields of a kind.".to_owned()]);
    lines
}

/// Each field that can be given as an option, the kind's own fields first.
pub(super) fn fields(kinds: &Kinds, kind: &Kind) -> Vec<String> {
    let common = kinds.common.iter().filter(|field| !["title", "kind"].contains(&field.name.as_str()));
    let plain = |field: &&Field| {
        !field.is_computed() && !matches!(field.field_type, FieldType::Record(_) | FieldType::Map)
    };
    let own: Vec<&Field> = kind.fields.iter().filter(plain).collect();
    let common: Vec<&Field> =
        common.filter(plain).filter(|field| !own.iter().any(|known| known.name == field.name)).collect();
    let row = |field: &&Field| (format!("--{}", field.name), explained(field));
    let mut lines = vec![format!("Fields of {}:", kind.with_article())];
    lines.extend(aligned(own.iter().map(row).collect()));
    lines.extend([String::new(), "Fields of all kinds:".to_owned()]);
    lines.extend(aligned(common.iter().map(row).collect()));
    lines
}

fn explained(field: &Field) -> String {
    let need = match &field.required {
        Required::Never => "",
        Required::Always => " (needed)",
        Required::Where(_) => " (sometimes needed)",
    };
    let values = match &field.field_type {
        FieldType::Choice(values) => {
            let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
            format!(" [{}]", names.join(", "))
        }
        _ => String::new(),
    };
    format!("{}{values}{need}", field.help)
}

fn aligned(rows: Vec<(String, String)>) -> Vec<String> {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    rows.into_iter().map(|(name, text)| format!("  {name:width$}  {text}")).collect()
}
