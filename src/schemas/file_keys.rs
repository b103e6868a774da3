//! Keys of a file as a table, and the JSON Schema that follows from it.
//!
//! Owns draft 7 as the dialect: it is the newest one that all editors of TOML, YAML and JSON know.

use serde_json::{Map, Value, json};

use crate::rules::{RULES, Severity};

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The keys of a table.
#[derive(Debug)]
pub(super) struct FileKeys {
    pub keys: &'static [FileKey],
    pub others: OtherKeys,
    /// A key whose presence says that the file has another form, which is not checked.
    pub unless: Option<&'static str>,
}

/// What becomes of keys that a table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherKeys {
    Refuse,
    LetPass,
}

/// One key.
#[derive(Debug)]
pub(super) struct FileKey {
    name: &'static str,
    form: KeyForm,
    /// One or two sentences. The guide says more.
    help: &'static str,
    is_required: bool,
    /// The default as JSON; empty if there is none.
    default: &'static str,
}

/// The form of a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeyForm {
    /// A text. A number or a flag counts as its text.
    Text,
    /// A text that a regular expression describes.
    Pattern(&'static str),
    Flag,
    /// A number from the first to the second.
    Number(f64, f64),
    /// A number of any size.
    AnyNumber,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A list of texts; a single text counts as a list of one.
    Texts,
    /// A list of texts; a single text is refused.
    TextList,
    /// A table with known keys.
    Table(&'static [FileKey]),
    /// A list of such tables.
    Tables(&'static [FileKey]),
    /// The same, where other keys are let pass.
    OpenTables(&'static [FileKey]),
    /// A table with any keys, each with a value of this form.
    Map(&'static KeyForm),
    /// A table whose keys are names, each with a table of the given keys. That table has a name in the schema.
    Named(&'static str, &'static [FileKey]),
    /// The same with the table that has this name, in which the key stands.
    Again(&'static str),
    /// A value that other code describes.
    Any,
    /// The name of a rule whose level can be set.
    Rule,
    /// Levels by rule.
    RuleLevels,
}

/// An optional key.
pub(super) const fn key(name: &'static str, form: KeyForm, help: &'static str) -> FileKey {
    FileKey { name, form, help, is_required: false, default: "" }
}

impl FileKey {
    pub(super) const fn required(self) -> FileKey {
        FileKey { is_required: true, ..self }
    }

    /// The key with its default, as JSON.
    pub(super) const fn or(self, default: &'static str) -> FileKey {
        FileKey { default, ..self }
    }
}

/// The keys of a file that knows no others.
pub(super) const fn only(keys: &'static [FileKey]) -> FileKeys {
    FileKeys { keys, others: OtherKeys::Refuse, unless: None }
}

/// The schema of a file.
pub(super) fn schema(title: &str, help: &str, file: &FileKeys) -> Value {
    let mut writer = SchemaWriter { definitions: Map::new() };
    let mut table = writer.table(file.keys, file.others);
    if let Some(key) = file.unless {
        table = json!({ "if": { "required": [key] }, "then": true, "else": table });
    }
    table["$schema"] = json!(DRAFT);
    table["title"] = json!(title);
    table["description"] = json!(help);
    if !writer.definitions.is_empty() {
        table["definitions"] = Value::Object(writer.definitions);
    }
    table
}

struct SchemaWriter {
    /// Tables with a name of their own.
    definitions: Map<String, Value>,
}

impl SchemaWriter {
    fn table(&mut self, keys: &'static [FileKey], others: OtherKeys) -> Value {
        let mut properties = Map::new();
        for key in keys {
            properties.insert(key.name.to_owned(), self.property(key));
        }
        let mut table = json!({ "type": "object", "properties": properties });
        if others == OtherKeys::Refuse {
            table["additionalProperties"] = json!(false);
        }
        let required: Vec<&str> = keys.iter().filter(|key| key.is_required).map(|key| key.name).collect();
        if !required.is_empty() {
            table["required"] = json!(required);
        }
        table
    }

    fn property(&mut self, key: &FileKey) -> Value {
        let mut property = self.form(key.form);
        property["description"] = json!(key.help);
        if !key.default.is_empty() {
            property["default"] = serde_json::from_str(key.default).expect("the table has JSON");
        }
        property
    }

    fn form(&mut self, form: KeyForm) -> Value {
        let list = |items: Value| json!({ "type": "array", "items": items });
        match form {
            KeyForm::Text => json!({ "type": ["string", "number", "boolean"] }),
            KeyForm::Pattern(pattern) => json!({ "type": "string", "pattern": pattern }),
            KeyForm::Flag => json!({ "type": "boolean" }),
            KeyForm::Number(least, most) => json!({ "type": "number", "minimum": least, "maximum": most }),
            KeyForm::AnyNumber => json!({ "type": "number" }),
            KeyForm::Choice(values) => json!({ "enum": values }),
            KeyForm::Texts => {
                let text = self.form(KeyForm::Text);
                json!({ "anyOf": [list(text.clone()), text] })
            }
            KeyForm::TextList => list(self.form(KeyForm::Text)),
            KeyForm::Table(keys) => self.table(keys, OtherKeys::Refuse),
            KeyForm::Tables(keys) => list(self.table(keys, OtherKeys::Refuse)),
            KeyForm::OpenTables(keys) => list(self.table(keys, OtherKeys::LetPass)),
            KeyForm::Map(values) => json!({ "type": "object", "additionalProperties": self.form(*values) }),
            KeyForm::Named(name, keys) => {
                let table = self.table(keys, OtherKeys::Refuse);
                self.definitions.insert(name.to_owned(), table);
                self.form(KeyForm::Again(name))
            }
            KeyForm::Again(name) => {
                let table = json!({ "$ref": format!("#/definitions/{name}") });
                json!({ "type": "object", "additionalProperties": table })
            }
            KeyForm::Any => json!({}),
            KeyForm::Rule => {
                let names: Vec<&str> = adjustable_rules().map(|rule| rule.name).collect();
                json!({ "enum": names })
            }
            KeyForm::RuleLevels => {
                let mut levels = Map::new();
                let level = self.rule_level();
                self.definitions.insert("level".to_owned(), level);
                for rule in adjustable_rules() {
                    // In this draft a reference has no effect on what stands next to it.
                    let level = json!({
                        "allOf": [{ "$ref": "#/definitions/level" }],
                        "description": rule.summary,
                        "default": level_name(rule.severity),
                    });
                    levels.insert(rule.name.to_owned(), level);
                }
                json!({ "type": "object", "properties": levels, "additionalProperties": false })
            }
        }
    }

    /// The level of a rule: a word, or a table with a reason.
    fn rule_level(&mut self) -> Value {
        let level = self.form(KeyForm::Choice(LEVELS));
        let table = self.table(LEVEL_WITH_REASON, OtherKeys::Refuse);
        json!({ "anyOf": [level, table] })
    }
}

/// The names of levels of rules.
const LEVELS: &[&str] = &["off", "warn", "error"];

/// A day such as `2026-11-21`.
pub(super) const DAY: KeyForm = KeyForm::Pattern(r"^\d{4}-\d{2}-\d{2}");

/// The keys of a level that has a reason.
const LEVEL_WITH_REASON: &[FileKey] = &[
    key("level", KeyForm::Choice(LEVELS), "The level of the rule.").required(),
    key("reason", KeyForm::Text, "Why the rule has this level here.").required(),
    key("until", DAY, "The last day of the level, in UTC."),
];

fn adjustable_rules() -> impl Iterator<Item = &'static crate::rules::Rule> {
    RULES.iter().copied().filter(|rule| rule.adjustable)
}

fn level_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Off => "off",
        Severity::Warn => "warn",
        Severity::Error => "error",
    }
}
