//! Reads TOML into fields with positions.
//!
//! Owns the step from the values of the TOML parser to [`crate::fields`]. Does not know keys.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::diagnostic::Diagnostic;
use crate::fields::{FieldEntry, Value};
use crate::rules::Rule;
use crate::source::{Source, Span};

/// The most syntax errors that are reported for one text: after a few, the rest follow from the first.
const MOST_ERRORS: usize = 10;

/// The fields of a TOML text in their order. Syntax errors are reported under `rule`.
pub fn read(source: &Source, rule: &'static Rule, diagnostics: &mut Vec<Diagnostic>) -> Vec<FieldEntry> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors.into_iter().take(MOST_ERRORS) {
        let message = error.message().trim().replace('\n', ", ");
        let span = Span::new(&source.path, error.span().unwrap_or(0..0));
        diagnostics.push(Diagnostic::new(rule, span, message));
    }
    fields(table.get_ref())
}

/// A string value or a key of a TOML text, where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlText {
    /// The keys that lead to it. The index of an item in a list is not among them.
    pub path: Vec<String>,
    pub text: String,
    /// Its range in bytes, with its quotes if it has any.
    pub range: Range<usize>,
}

/// Every string value and every key of a TOML text, in the order of the file. A key is the last part of its own path.
pub fn texts(text: &str) -> Vec<TomlText> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut found = Vec::new();
    collect_keys(table.get_ref(), &[], &mut found);
    found.sort_by_key(|text| text.range.start);
    found
}

fn collect_keys(table: &DeTable<'_>, path: &[String], found: &mut Vec<TomlText>) {
    for (key, value) in table.iter() {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        let path = [path, &[name.to_string()]].concat();
        found.push(TomlText { path: path.clone(), text: name.to_string(), range: key.span() });
        collect_values(value, &path, found);
    }
}

fn collect_values(value: &toml::Spanned<DeValue<'_>>, path: &[String], found: &mut Vec<TomlText>) {
    match value.get_ref() {
        DeValue::String(text) => {
            found.push(TomlText { path: path.to_vec(), text: text.to_string(), range: value.span() });
        }
        DeValue::Array(items) => items.iter().for_each(|item| collect_values(item, path, found)),
        DeValue::Table(table) => collect_keys(table, path, found),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
}

fn fields(table: &DeTable<'_>) -> Vec<FieldEntry> {
    let field = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        FieldEntry { key: name.to_string(), at: key.span(), value: value_of(value.get_ref()) }
    };
    let mut fields: Vec<FieldEntry> = table.iter().map(field).collect();
    // In the order of the file: the table of the parser may have another.
    fields.sort_by_key(|field| field.at.start);
    fields
}

fn value_of(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => numeral(number.to_string()),
        DeValue::Float(number) => numeral(number.to_string()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| value_of(item.get_ref())).collect()),
        DeValue::Table(table) => Value::Map(fields(table)),
    }
}

fn numeral(written: String) -> Value {
    Value::Number(written.parse().unwrap_or(f64::NAN), written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_their_ranges_with_quotes() {
        let toml = "[print]\nsections = ['a', \"b\"]\n[visibility.paths]\n\"x/**\" = \"internal\"\n";
        let found = texts(toml);
        let shown: Vec<String> = found
            .iter()
            .map(|text| format!("{}: {} {}", text.path.join("."), text.text, &toml[text.range.clone()]))
            .collect();
        assert!(shown.contains(&"print.sections: a 'a'".to_owned()), "{shown:?}");
        assert!(shown.contains(&"print.sections: b \"b\"".to_owned()), "{shown:?}");
        assert!(shown.contains(&"visibility.paths.x/**: x/** \"x/**\"".to_owned()), "{shown:?}");
        assert!(shown.contains(&"visibility.paths.x/**: internal \"internal\"".to_owned()), "{shown:?}");
    }
}
