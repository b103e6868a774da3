//! Reads TOML into fields with positions.
//!
//! Owns the step from the values of the TOML parser to [`crate::fields`]. Does not know keys.

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
