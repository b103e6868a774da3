//! The JSON Schema of front matter, for editors and other programs.
//!
//! Owns the translation of types, conditions and help texts into JSON Schema (draft 2020-12). A schema is stricter than
//! `check` about types: it refuses the flag `"true"` in quotation marks. `check` also finds problems that a schema
//! cannot express, such as a page that does not exist.

use serde_json::{Map, Value, json};

use super::built_in::COMMON;
use super::{Field, FieldType, Kind, Kinds, Required};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

impl Kinds {
    /// The schema for the front matter of one kind. `let_through` holds the extra keys that the handbook's settings
    /// accept.
    pub fn schema(&self, kind: &Kind, let_through: &[String]) -> Value {
        let mut schema = object(&self.written_fields(kind));
        schema.insert("$schema".to_owned(), json!(DRAFT));
        schema.insert("title".to_owned(), json!(format!("Front matter of {}", kind.with_article())));
        schema.insert("description".to_owned(), json!(kind.help));
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.insert("kind".to_owned(), named(&[kind]));
        }
        let patterns: Map<String, Value> =
            kind.ignored_keys.iter().chain(let_through).map(|key| (pattern(key), json!(true))).collect();
        if !patterns.is_empty() {
            schema.insert("patternProperties".to_owned(), Value::Object(patterns));
        }
        Value::Object(schema)
    }

    /// The schema of all kinds. The field `kind` decides which one applies. Without that field only the common fields
    /// are checked, because the kind may come from a folder.
    pub fn schema_of_all(&self, let_through: &[String]) -> Value {
        let kinds: Vec<&Kind> = self.all().map(AsRef::as_ref).collect();
        let choose = |kind: &&Kind| {
            json!({
                "if": { "properties": { "kind": { "enum": kind.names() } }, "required": ["kind"] },
                "then": { "$ref": format!("#/$defs/{}", kind.name) },
            })
        };
        let shared = |name: &String| (name.clone(), json!({ "$ref": common_reference(name) }));
        let shared: Map<String, Value> =
            self.written_common_fields().flat_map(Field::spellings).map(shared).collect();
        let without = json!({
            "if": { "not": { "required": ["kind"] } },
            "then": { "properties": shared },
        });
        let mut definitions: Map<String, Value> =
            kinds.iter().map(|kind| (kind.name.clone(), self.shared(kind, let_through))).collect();
        let common: Vec<&Field> = self.written_common_fields().collect();
        definitions.insert(COMMON.to_owned(), Value::Object(object(&common)));
        json!({
            "$schema": DRAFT,
            "title": "Front matter",
            "type": "object",
            "properties": { "kind": named(&kinds) },
            "allOf": kinds.iter().map(choose).chain([without]).collect::<Vec<Value>>(),
            "$defs": definitions,
        })
    }

    /// The schema of a kind within the schema of all kinds, with references to the common fields.
    fn shared(&self, kind: &Kind, let_through: &[String]) -> Value {
        let mut schema = self.schema(kind, let_through);
        let common = self
            .written_common_fields()
            .filter(|field| !kind.fields.iter().any(|own| own.name == field.name));
        for name in common.flat_map(Field::spellings) {
            schema["properties"][name.as_str()] = json!({ "$ref": common_reference(name) });
        }
        // The schema around it has checked the kind and states the dialect.
        schema["properties"]["kind"] = json!(true);
        if let Value::Object(parts) = &mut schema {
            parts.remove("$schema");
        }
        schema
    }

    /// The common fields that authors write: those that the program computes are in no schema.
    fn written_common_fields(&self) -> impl Iterator<Item = &Field> {
        self.common.iter().filter(|field| !field.is_computed())
    }

    /// The fields of a kind, then the common fields that the kind does not define itself.
    pub fn fields_of<'a>(&'a self, kind: &'a Kind) -> Vec<&'a Field> {
        let own = |field: &&Field| !kind.fields.iter().any(|known| known.name == field.name);
        kind.fields.iter().chain(self.common.iter().filter(own)).collect()
    }

    /// The same without the fields that the program computes.
    pub fn written_fields<'a>(&'a self, kind: &'a Kind) -> Vec<&'a Field> {
        self.fields_of(kind).into_iter().filter(|field| !field.is_computed()).collect()
    }
}

impl Kind {
    /// The name and all aliases of this kind.
    pub fn names(&self) -> Vec<&str> {
        std::iter::once(self.name.as_str())
            .chain(self.aliases.iter().map(|(alias, _)| alias.as_str()))
            .collect()
    }
}

impl Field {
    /// Every spelling of the key.
    fn spellings(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name).chain(&self.also)
    }
}

/// The reference to a common field within the schema of all kinds.
fn common_reference(name: &str) -> String {
    format!("#/$defs/{COMMON}/properties/{name}")
}

/// The schema of the field `kind`, which allows the names and aliases of `kinds`.
fn named(kinds: &[&Kind]) -> Value {
    let names: Vec<&str> = kinds.iter().flat_map(|kind| kind.names()).collect();
    let helps: Vec<&str> =
        kinds.iter().flat_map(|kind| kind.names().into_iter().map(|_| kind.help.as_str())).collect();
    json!({ "description": "What sort of page this is.", "enum": names, "enumDescriptions": helps })
}

/// The schema of a map with these fields and no others.
fn object(fields: &[&Field]) -> Map<String, Value> {
    let mut properties = Map::new();
    for field in fields {
        properties.insert(field.name.clone(), property(field));
        // JSON Schema has no aliases, so each spelling is a property of its own.
        for other in &field.also {
            let mut value = property(field);
            value["description"] = json!(format!("Another spelling of `{}`. {}", field.name, field.help));
            properties.insert(other.clone(), value);
        }
    }
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("additionalProperties".to_owned(), json!(false));
    let rules: Vec<Value> = fields.iter().filter_map(|field| rule(field, fields)).collect();
    if !rules.is_empty() {
        schema.insert("allOf".to_owned(), Value::Array(rules));
    }
    schema
}

/// The rule that a field must exist, always or on a condition; `None` if it never must.
fn rule(field: &Field, fields: &[&Field]) -> Option<Value> {
    let spelling = |name: &String| json!({ "required": [name] });
    let there = if field.also.is_empty() {
        spelling(&field.name)
    } else {
        json!({ "anyOf": std::iter::once(&field.name).chain(&field.also).map(spelling).collect::<Vec<Value>>() })
    };
    match &field.required {
        Required::Never => None,
        Required::Always => Some(there),
        Required::Where(conditions) => {
            let holds: Vec<Value> =
                conditions.iter().map(|condition| condition_schema(condition, fields)).collect();
            Some(json!({ "if": { "allOf": holds }, "then": there }))
        }
    }
}

/// The condition that a field has one of these values. It also holds for an absent field whose default is one of them.
fn condition_schema((name, values): &(String, Vec<String>), fields: &[&Field]) -> Value {
    let field = fields.iter().find(|field| field.name == *name);
    let values_json: Vec<Value> =
        values.iter().map(|value| typed(field.map(|f| &f.field_type), value)).collect();
    let one = json!({ "enum": values_json });
    let value = if field.is_some_and(|field| field.list) {
        json!({ "anyOf": [one, { "type": "array", "contains": one }] })
    } else {
        one
    };
    let default = field.and_then(|field| field.default.as_ref());
    let by_default = default.is_some_and(|default| values.contains(default));
    let mut schema = json!({ "properties": { name.as_str(): value } });
    if !by_default {
        schema["required"] = json!([name]);
    }
    schema
}

fn property(field: &Field) -> Value {
    let one = value_schema(field);
    // A record has its level among its fields.
    let is_record = matches!(field.field_type, FieldType::Record(_));
    let entry = if is_record { one.clone() } else { json!({ "anyOf": [one, with_level()] }) };
    let mut property = match field.list {
        true => json!({ "anyOf": [{ "type": "array", "items": entry }, one, with_level()] }),
        false => entry,
    };
    if !field.help.is_empty() {
        property["description"] = json!(field.help);
    }
    if let Some(default) = &field.default {
        property["default"] = typed(Some(&field.field_type), default);
    }
    if let Some(example) =
        field.sample().filter(|_| !matches!(field.field_type, FieldType::Choice(_) | FieldType::Flag))
    {
        property["examples"] = json!([typed(Some(&field.field_type), &example)]);
    }
    property
}

/// A value with a level of its own: `{ value: 1200, visibility: partner }`.
fn with_level() -> Value {
    json!({ "type": "object", "required": ["value", "visibility"] })
}

fn value_schema(field: &Field) -> Value {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match &field.field_type {
        FieldType::Text if field.required == Required::Always => {
            json!({ "type": ["string", "number", "boolean"], "pattern": r"\S" })
        }
        FieldType::Text => json!({ "type": ["string", "number", "boolean"] }),
        FieldType::Page | FieldType::File | FieldType::License | FieldType::CalendarEvent => {
            json!({ "type": "string" })
        }
        FieldType::Choice(values) => choice(values),
        FieldType::Flag => json!({ "type": "boolean" }),
        FieldType::Number => {
            let mut number = json!({ "type": "number" });
            for (key, bound) in [("minimum", field.least), ("maximum", field.most)] {
                if let Some(bound) = bound {
                    number[key] = json!(bound);
                }
            }
            number
        }
        FieldType::Date => text(r"^\d{4}-\d{2}-\d{2}([T ].*)?$"),
        FieldType::Time => {
            text(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}(:?\d{2})?)$")
        }
        FieldType::Period => text(r"^[0-9]{1,4}[dwmy]$"),
        FieldType::Url => text(r"^(https?://|mailto:)[^ <>]+$"),
        FieldType::Control => text(r"^[^:/ ]+:[^/ ]+/.+$"),
        FieldType::Record(fields) => {
            let mut record = Value::Object(object(&fields.iter().collect::<Vec<&Field>>()));
            record["properties"]["visibility"] = json!({ "type": "string" });
            record
        }
        FieldType::Map => json!({ "type": "object" }),
    }
}

fn choice(values: &[(String, String)]) -> Value {
    let names: Vec<Value> = values.iter().map(|(name, _)| typed(None, name)).collect();
    let helps: Vec<&str> = values.iter().map(|(_, help)| help.as_str()).collect();
    if helps.iter().all(|help| help.is_empty()) {
        return json!({ "enum": names });
    }
    json!({ "enum": names, "enumDescriptions": helps })
}

/// A value as JSON, by the type of its field.
fn typed(sort: Option<&FieldType>, text: &str) -> Value {
    match sort {
        Some(FieldType::Flag) => json!(text == "true"),
        Some(FieldType::Number) => text.parse::<f64>().map_or_else(|_| json!(text), |number| json!(number)),
        _ => json!(text),
    }
}

/// A key in which `*` matches any text, as a regular expression.
fn pattern(key: &str) -> String {
    let plain =
        |c: char| if c.is_alphanumeric() || "-_ ".contains(c) { c.to_string() } else { format!("\\{c}") };
    let parts: Vec<String> = key.split('*').map(|part| part.chars().map(plain).collect()).collect();
    format!("^{}$", parts.join(".*"))
}
