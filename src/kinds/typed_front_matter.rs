//! Reads front matter by the definition of the page's kind.
//!
//! Owns the conversion of written values into typed ones, the inheritance of fields from folders, and the messages for
//! unknown, missing and wrong fields.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::definition::PERIOD;
use super::{Field, FieldType, Kind, Kinds, Moment, PageFields, Period, Record, Required, TypedValue};
use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{self, FieldEntry as Written, Value, describe, text_of};
use crate::path::FilePath;
use crate::rules::{FIELD_MISSING, FRONT_MATTER_VALUE, Rule};
use crate::source::Span;

/// The fields of one file: those of the page itself, or those that a folder hands down.
pub struct FieldSource<'a> {
    pub file: &'a FilePath,
    pub fields: &'a [Written],
    pub places: &'a Arc<fields::YamlSpans>,
    /// The paths of fields that exist but are withheld from the audience.
    pub withheld: &'a BTreeSet<String>,
}

/// How unknown keys are treated.
#[derive(Debug, Clone, Copy)]
pub struct UnknownKeys<'a> {
    /// The rule that reports them.
    pub rule: &'static Rule,
    /// Keys that are accepted and ignored, in addition to those that a kind lets through.
    pub let_through: &'a [String],
}

impl UnknownKeys<'_> {
    fn passes(&self, key: &str, kind: &Kind) -> bool {
        let mut names = self.let_through.iter().chain(&kind.ignored_keys);
        // If unknown keys could be meant to hide something, patterns do not count: one could match a misspelt key.
        names.any(|name| name == key || !self.rule.guards() && fields::matches(name, key))
    }
}

/// Reads the fields of a page. The first layer holds the page's own fields, the others those of the folders around it,
/// the nearest folder first. `set` holds the values that the alias of the kind sets. They apply after all layers and
/// before defaults.
pub fn read(
    layers: &[FieldSource<'_>],
    of: (&Kinds, &Kind),
    set: &[(String, String)],
    unknown: UnknownKeys<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> PageFields {
    let (data, written) = (PageFields::default(), BTreeSet::new());
    let mut reading = TypedReader { kinds: of.0, kind: of.1, unknown, data, written, diagnostics };
    for (number, layer) in layers.iter().enumerate() {
        reading.layer(layer, number);
    }
    for (name, text) in set {
        reading.preset(name, text);
    }
    reading.defaults();
    if let Some(own) = layers.first() {
        reading.missing(own);
    }
    reading.data
}

/// Reads one value as typed on the command line of `opsbook new`. The items of a list are separated by commas.
///
/// # Errors
/// Returns what the value must be; see [`expected`].
pub fn value(field: &Field, text: &str) -> Result<TypedValue, String> {
    let items = |text: &str| text.split(',').map(|item| Value::Text(item.trim().to_owned())).collect();
    let written = if field.list { Value::List(items(text)) } else { Value::Text(text.to_owned()) };
    typed(field, &written).ok_or_else(|| expected(field))
}

/// A name that stands in the value of another field.
struct NamedBy {
    field: String,
    is_list: bool,
    name: String,
}

struct TypedReader<'a> {
    kinds: &'a Kinds,
    kind: &'a Kind,
    unknown: UnknownKeys<'a>,
    data: PageFields,
    /// The fields that have a value, even a wrong one.
    written: BTreeSet<String>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl TypedReader<'_> {
    fn layer(&mut self, layer: &FieldSource<'_>, number: usize) {
        self.data.layers.push((layer.file.clone(), Arc::clone(layer.places)));
        for written in layer.fields {
            let known = self.kind.field(&self.kinds.common, &written.key);
            match known {
                Some(field) if !self.written.contains(&field.name) => self.field(field, written, layer),
                Some(field) if number == 0 => self.twice(field, written, layer),
                // The page itself or a nearer folder has set the field.
                Some(_) => {}
                // A folder may hand down fields that are meant for pages of another kind.
                None if number > 0
                    && self.kinds.all().any(|kind| kind.field(&[], &written.key).is_some()) => {}
                None => self.unknown(written, layer),
            }
        }
    }

    fn field(&mut self, field: &Field, written: &Written, layer: &FieldSource<'_>) {
        // Other code reads maps. A key without a value counts as absent.
        if field.field_type == FieldType::Map || written.value == Value::Null {
            return;
        }
        if written.key != field.name {
            self.data.written.insert(field.name.clone(), written.key.clone());
        }
        self.written.insert(field.name.clone());
        if field.is_computed() {
            self.diagnostics.push(computed(field, Span::new(layer.file, written.at.clone())));
            return;
        }
        if let Some((value, by)) = self.split(field, &written.value) {
            self.data.record.insert(field.name.clone(), TypedValue::Text(value));
            self.named_by(&by, &written.key);
            return;
        }
        let mut reader =
            FieldValueReader { layer, unknown: self.unknown.rule, diagnostics: self.diagnostics };
        if let Some(value) = reader.read(field, &written.value, &written.key) {
            self.data.record.insert(field.name.clone(), value);
        }
    }

    /// The value and the name in `superseded by NAME`, where the definition says which field has the name.
    fn split(&self, field: &Field, written: &Value) -> Option<(String, NamedBy)> {
        let other = self.kind.field(&self.kinds.common, field.by.as_deref()?)?;
        let FieldType::Choice(values) = &field.field_type else { return None };
        let text = text_of(written)?;
        let (value, name) = text.split_once(" by ")?;
        let known = values.iter().find(|(known, _)| known.eq_ignore_ascii_case(value.trim()))?;
        // MADR writes the name as a link: `[ADR-0005](0005-example.md)`.
        let link = name.split_once("](").and_then(|(_, rest)| rest.split_once(')'));
        let name = link.map_or(name, |(address, _)| address).trim().to_owned();
        Some((known.0.clone(), NamedBy { field: other.name.clone(), is_list: other.list, name }))
    }

    /// Sets the field that a value of another one names, unless the page has it.
    fn named_by(&mut self, by: &NamedBy, key: &str) {
        if self.data.get(&by.field).is_some() {
            return;
        }
        let name = TypedValue::Text(by.name.clone());
        let value = if by.is_list { TypedValue::List(vec![name]) } else { name };
        self.data.record.insert(by.field.clone(), value);
        self.data.written.entry(by.field.clone()).or_insert_with(|| key.to_owned());
    }

    fn twice(&mut self, field: &Field, written: &Written, layer: &FieldSource<'_>) {
        let span = Span::new(layer.file, written.at.clone());
        let message = format!("`{}` is set twice", field.name);
        self.diagnostics
            .push(Diagnostic::new(&FRONT_MATTER_VALUE, span, message).help("keep one of the two"));
    }

    fn unknown(&mut self, written: &Written, layer: &FieldSource<'_>) {
        if self.unknown.passes(&written.key, self.kind) {
            return;
        }
        let span = Span::new(layer.file, written.at.clone());
        let meant = suggestion_for_key(self.kinds, self.kind, &written.key);
        self.diagnostics.push(unknown(self.unknown.rule, span, &written.key, meant));
    }

    /// Sets a field that has no valid value yet: from the alias of the kind, or from the default.
    fn preset(&mut self, name: &str, text: &str) {
        let field = self.kind.field(&self.kinds.common, name);
        if let Some(field) = field.filter(|field| self.data.get(&field.name).is_none())
            && let Ok(value) = value(field, text)
        {
            self.data.record.insert(name, value);
        }
    }

    fn defaults(&mut self) {
        for field in &self.kind.fields {
            if let Some(default) = &field.default {
                self.preset(&field.name, default);
            }
        }
    }

    fn missing(&mut self, own: &FieldSource<'_>) {
        // If the kind was set by a folder, the problem is reported at the start of the page.
        let kind = self.data.span("kind").filter(|span| span.file == *own.file);
        let place = kind.unwrap_or_else(|| Span::start_of(own.file));
        for field in self.kind.fields.iter().chain(self.kinds.common.iter()) {
            // Not missing: a wrong value, which was reported already, and a value that is withheld from this audience.
            let value = self.data.get(&field.name);
            let is_empty = value.is_some_and(TypedValue::is_empty_text);
            let there = value.is_some() || self.written.contains(&field.name);
            if there && !is_empty
                || field.names().any(|name| own.withheld.contains(name))
                || !field.required.holds(&self.data)
            {
                continue;
            }
            let place = self.data.span(&field.name).unwrap_or_else(|| place.clone());
            let why = field.required.reason(&self.data);
            let empty = if is_empty { ", which is empty" } else { "" };
            let message = format!("{} needs `{}`{why}{empty}", self.kind.with_article(), field.name);
            let help = wanted_value(field);
            let problem = Diagnostic::new(&FIELD_MISSING, place, message);
            self.diagnostics.push(if help.is_empty() { problem } else { problem.help(help) });
        }
    }
}

/// The diagnostic for a value that the program computes.
fn computed(field: &Field, at: Span) -> Diagnostic {
    let message = format!("`{}` is computed and cannot be set", field.name);
    let problem = Diagnostic::new(&FRONT_MATTER_VALUE, at, message);
    problem.help(format!("take it out; it follows from {}", field.quoted_sources()))
}

/// The help for a missing field: the field's help with all values of a choice, or with an example.
pub(super) fn wanted_value(field: &Field) -> String {
    let help = field.help.trim_end_matches('.');
    match (&field.field_type, &field.example) {
        (FieldType::Choice(_), _) if help.is_empty() => format!("write {}", one(field)),
        (_, Some(example)) if help.is_empty() => format!("write `{}: {example}`, for example", field.name),
        (FieldType::Choice(_), _) => format!("{help}: {}", one(field)),
        (_, Some(example)) => format!("{help}, such as `{}: {example}`", field.name),
        (_, None) => help.to_owned(),
    }
}

/// What an author may have meant by an unknown key, as a sentence. `kind` is the kind of the page.
pub fn suggestion_for_key(kinds: &Kinds, kind: &Kind, key: &str) -> Option<String> {
    let key = key.to_lowercase();
    let names = kind.fields.iter().chain(kinds.common.iter()).flat_map(Field::names);
    if let Some(near) = nearest(&key, names.map(String::as_str)) {
        return Some(format!("did you mean `{near}`?"));
    }
    let other = kinds.all().find(|kind| kind.fields.iter().any(|field| field.name == key))?;
    let (other, this) = (&other.name, kind.with_article());
    Some(format!("`{key}` is a field of the kind `{other}`, and this page is {this}"))
}

/// The diagnostic for an unknown key.
pub fn unknown(rule: &'static Rule, at: Span, key: &str, meant: Option<String>) -> Diagnostic {
    let help = meant.unwrap_or_else(|| NOT_OURS.to_owned());
    Diagnostic::new(rule, at, format!("unknown key `{key}`")).help(help)
}

/// The help for a key that is not similar to any known one.
const NOT_OURS: &str =
    "take it out; if another program reads it, name it in `extra_keys` under `[pages]` of book.toml";

/// Reads values and reports wrong ones.
struct FieldValueReader<'a> {
    layer: &'a FieldSource<'a>,
    unknown: &'static Rule,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl FieldValueReader<'_> {
    /// The value at a path. Lists and records keep their valid parts.
    fn read(&mut self, field: &Field, value: &Value, path: &str) -> Option<TypedValue> {
        if !field.list {
            return self.one(field, value, path);
        }
        let items = match value {
            Value::List(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        let listed = matches!(value, Value::List(_));
        let mut typed = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            let path = if listed { format!("{path}[{number}]") } else { path.to_owned() };
            typed.extend(self.one(field, item, &path));
        }
        Some(TypedValue::List(typed))
    }

    fn one(&mut self, field: &Field, value: &Value, path: &str) -> Option<TypedValue> {
        if let (FieldType::Record(inner), Value::Map(written)) = (&field.field_type, value) {
            return Some(TypedValue::Record(self.record(inner, written, path)));
        }
        if let Value::Map(written) = value
            && self.unknown.guards()
        {
            // A value may be written as a map of `value` and its level. Other keys in that map have no effect, so an
            // author must not rely on them to hide something.
            for written in written.iter().filter(|written| written.key != "value") {
                let path = format!("{path}.{}", written.key);
                self.unknown(&path, &written.key, ["visibility"]);
            }
        }
        let typed = scalar(field, value);
        if typed.is_none() {
            let name = path.split(['.', '[']).next().unwrap_or(path);
            let message = format!("`{}` must be {}, not {}", last(path, name), one(field), describe(value));
            self.report(path, message, suggestion(field, value));
        }
        typed
    }

    fn record(&mut self, inner: &[Field], written: &[Written], path: &str) -> Record {
        let mut record = Record::default();
        for written in written {
            let path = format!("{path}.{}", written.key);
            let known = inner.iter().find(|f| f.name == written.key || f.also.contains(&written.key));
            match known {
                Some(_) if written.value == Value::Null => {}
                Some(field) => {
                    if let Some(value) = self.read(field, &written.value, &path) {
                        record.insert(field.name.clone(), value);
                    }
                }
                None => {
                    let names = inner.iter().map(|field| field.name.as_str());
                    self.unknown(&path, &written.key, names.chain(["visibility"]));
                }
            }
        }
        let written_key = |field: &Field| {
            let is_it = |written: &&Written| written.key == field.name || field.also.contains(&written.key);
            written.iter().find(|written| is_it(written) && written.value != Value::Null)
        };
        let written_path = |field: &Field| {
            let key = written_key(field).map_or(&field.name, |written| &written.key);
            format!("{path}.{key}")
        };
        for field in inner.iter().filter(|field| field.required.holds(&record)) {
            // As for the fields of the page: wrong and withheld values are not missing.
            let beneath = |name: &String| format!("{path}.{name}");
            let withheld = || field.names().any(|name| self.layer.withheld.contains(&beneath(name)));
            if withheld() {
                continue;
            }
            let problem = if record.get(&field.name).is_some_and(TypedValue::is_empty_text) {
                let message = format!("this entry needs `{}`, which is empty", field.name);
                Diagnostic::new(&FIELD_MISSING, self.span(&written_path(field)), message)
            } else if record.get(&field.name).is_none() && written_key(field).is_none() {
                let message = format!("this entry needs `{}`", field.name);
                Diagnostic::new(&FIELD_MISSING, self.span(path), message)
            } else {
                continue;
            };
            self.diagnostics.push(problem.help(field.help.clone()));
        }
        record
    }

    fn unknown<'n>(&mut self, path: &str, key: &str, names: impl IntoIterator<Item = &'n str>) {
        let near = nearest(&key.to_lowercase(), names);
        let mut problem = Diagnostic::new(self.unknown, self.span(path), format!("unknown key `{key}`"));
        problem.help = near.map(|near| format!("did you mean `{near}`?").into());
        self.diagnostics.push(problem);
    }

    fn span(&self, path: &str) -> Span {
        Span::new(self.layer.file, fields::place(self.layer.places, path).unwrap_or(0..0))
    }

    fn report(&mut self, path: &str, message: String, help: Option<String>) {
        let mut problem = Diagnostic::new(&FRONT_MATTER_VALUE, self.span(path), message);
        problem.help = help.map(Into::into);
        self.diagnostics.push(problem);
    }
}

/// The last name in a path, for messages: `due` for `actions[0].due`.
fn last<'a>(path: &'a str, name: &'a str) -> &'a str {
    let last = path.rsplit('.').next().unwrap_or(name);
    last.split('[').next().unwrap_or(last)
}

fn typed(field: &Field, value: &Value) -> Option<TypedValue> {
    match value {
        Value::List(items) if field.list => {
            items.iter().map(|item| scalar(field, item)).collect::<Option<_>>().map(TypedValue::List)
        }
        value => scalar(field, value),
    }
}

fn scalar(field: &Field, value: &Value) -> Option<TypedValue> {
    let text = text_of(value)?;
    match &field.field_type {
        FieldType::Text | FieldType::Page | FieldType::Control | FieldType::CalendarEvent => {
            Some(TypedValue::Text(text))
        }
        FieldType::Choice(values) => {
            values.iter().any(|(known, _)| *known == text).then_some(TypedValue::Text(text))
        }
        FieldType::Flag => match text.as_str() {
            "true" => Some(TypedValue::Flag(true)),
            "false" => Some(TypedValue::Flag(false)),
            _ => None,
        },
        FieldType::Number => {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
            field.allows(number).then_some(TypedValue::Number(text))
        }
        FieldType::Date => day(&text).map(TypedValue::Date),
        FieldType::Time => Moment::parse(&text).map(TypedValue::Time),
        FieldType::Period => Period::parse(&text).map(TypedValue::Period),
        FieldType::File => is_path(&text).then_some(TypedValue::Text(text)),
        FieldType::Url => is_url(&text).then_some(TypedValue::Text(text)),
        FieldType::License => spdx::Expression::parse(&text).is_ok().then_some(TypedValue::Text(text)),
        FieldType::Record(_) | FieldType::Map => None,
    }
}

/// Reads `YYYY-MM-DD`. A time of day after it is allowed and ignored.
fn day(text: &str) -> Option<jiff::civil::Date> {
    let rest = text.get(10..)?;
    (rest.is_empty() || rest.starts_with(['T', ' '])).then(|| text.get(..10)?.parse().ok())?
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let mail = text.strip_prefix("mailto:");
    rest.or(mail).is_some_and(|rest| !rest.is_empty() && !rest.contains([' ', '<', '>', '"', '\n']))
}

/// Whether a text can be the path of a file in the handbook.
fn is_path(text: &str) -> bool {
    let scheme = text.split_once(':').is_some_and(|(scheme, _)| !scheme.contains('/'));
    !text.trim().is_empty() && !text.starts_with("//") && !scheme
}

/// What the value of a field must be, for messages.
pub fn expected(field: &Field) -> String {
    if field.list { format!("a list, separated by commas, of: {}", one(field)) } else { one(field) }
}

/// What one value of a field must be.
fn one(field: &Field) -> String {
    match &field.field_type {
        FieldType::Text => "a text".to_owned(),
        FieldType::Choice(values) => {
            let names: Vec<String> = values.iter().map(|(name, _)| format!("`{name}`")).collect();
            match names.split_last() {
                Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
                _ => names.concat(),
            }
        }
        FieldType::Flag => "`true` or `false`".to_owned(),
        FieldType::Number => match (field.least, field.most) {
            (None, None) => "a number".to_owned(),
            (Some(least), None) => format!("a number from {least}"),
            (None, Some(most)) => format!("a number up to {most}"),
            (Some(least), Some(most)) => format!("a number from {least} to {most}"),
        },
        FieldType::Date => "a date such as `2026-11-21`".to_owned(),
        FieldType::Time => "a time with its offset, such as `2026-11-21T09:30:00+01:00`".to_owned(),
        FieldType::Period => PERIOD.to_owned(),
        FieldType::Url => "a URL with https://, http:// or mailto:".to_owned(),
        FieldType::License => "an SPDX expression such as `CC-BY-SA-4.0`".to_owned(),
        FieldType::Control => "a control such as `c5:2020/SIM-03`".to_owned(),
        FieldType::CalendarEvent => "the summary of an event in `data/calendar`".to_owned(),
        FieldType::Page => "the id or the path of a page".to_owned(),
        FieldType::File => "the path of a file in this handbook, such as `images/plan.png`".to_owned(),
        FieldType::Record(fields) => {
            let names: Vec<String> = fields.iter().map(|field| format!("`{}`", field.name)).collect();
            format!("a map with {}", names.join(", "))
        }
        FieldType::Map => "a map".to_owned(),
    }
}

fn suggestion(field: &Field, value: &Value) -> Option<String> {
    let text = text_of(value)?;
    let near = match &field.field_type {
        FieldType::Choice(values) => {
            let same = values.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text));
            let near = || nearest(&text, values.iter().map(|(name, _)| name.as_str()));
            same.map(|(name, _)| name.as_str()).or_else(near)?.to_owned()
        }
        FieldType::License => spdx::imprecise_license_id(&text).map(|(id, _)| id.name.to_owned())?,
        FieldType::Time if Moment::parse(&format!("{text}Z")).is_some() => {
            return Some("add the offset: `Z` for UTC, or one such as `+01:00`".to_owned());
        }
        _ => return None,
    };
    Some(format!("did you mean `{near}`?"))
}

impl Field {
    /// Whether a number is within the bounds of the definition.
    fn allows(&self, number: f64) -> bool {
        self.least.is_none_or(|least| number >= least as f64)
            && self.most.is_none_or(|most| number <= most as f64)
    }
}

impl Required {
    /// Whether the field or section is required on a page with these values.
    pub fn holds(&self, record: &Record) -> bool {
        match self {
            Required::Never => false,
            Required::Always => true,
            Required::Where(conditions) => conditions.iter().all(|condition| record.meets(condition)),
        }
    }

    /// The reason for messages, with a space before it: `` while `report_state` is `preliminary` ``.
    pub(super) fn reason(&self, record: &Record) -> String {
        let Required::Where(conditions) = self else { return String::new() };
        let part = |(name, _): &(String, Vec<String>)| {
            Some(format!("`{name}` is `{}`", record.get(name).map(TypedValue::written)?))
        };
        let parts: Vec<String> = conditions.iter().filter_map(part).collect();
        format!(" while {}", parts.join(" and "))
    }
}
