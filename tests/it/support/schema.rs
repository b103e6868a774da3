//! A judge of JSON Schema that knows only what Opsbook's schemas say.
//!
//! Owns those keywords and panics at any other, so that no part of a schema goes untested.

use serde_json::{Map, Value};

/// What is wrong with a value; nothing where it fits.
pub fn problems(schema: &Value, value: &Value) -> Vec<String> {
    let mut judge = Judge { root: schema, problems: Vec::new() };
    judge.judge(schema, value, "");
    judge.problems
}

struct Judge<'a> {
    root: &'a Value,
    problems: Vec<String>,
}

impl Judge<'_> {
    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut judge = Judge { root: self.root, problems: Vec::new() };
        judge.judge(schema, value, "");
        judge.problems.is_empty()
    }

    fn judge(&mut self, schema: &Value, value: &Value, at: &str) {
        let keywords = match schema {
            Value::Bool(true) => return,
            Value::Object(keywords) => keywords,
            other => panic!("no schema: {other}"),
        };
        for (keyword, said) in keywords {
            if let Err(problem) = self.keyword(keywords, (keyword.as_str(), said), value, at) {
                self.problems.push(format!("{at}: {keyword}: {problem}"));
            }
        }
    }

    fn keyword(
        &mut self,
        all: &Map<String, Value>,
        (keyword, said): (&str, &Value),
        value: &Value,
        at: &str,
    ) -> Result<(), String> {
        let list = || said.as_array().expect("a list");
        let holds = match keyword {
            "$schema" | "title" | "description" | "enumDescriptions" | "default" | "examples" | "$defs" => {
                true
            }
            "then" | "patternProperties" => true,
            "additionalProperties" => said.as_bool().expect("true or false") || self.no_others(all, value)?,
            "type" => is(said, value),
            "enum" => list().contains(value),
            "pattern" => value.as_str().is_none_or(|text| like(said.as_str().expect("a text"), text)),
            "required" => list().iter().all(|name| value.get(name.as_str().expect("a name")).is_some()),
            "anyOf" => list().iter().any(|schema| self.fits(schema, value)),
            "contains" => value.as_array().is_none_or(|items| items.iter().any(|item| self.fits(said, item))),
            "not" => !self.fits(said, value),
            "if" => !self.fits(said, value) || self.fits(&all["then"], value),
            "allOf" => {
                list().iter().for_each(|schema| self.judge(schema, value, at));
                true
            }
            "$ref" => {
                let path =
                    said.as_str().and_then(|path| path.strip_prefix('#')).expect("a part of the schema");
                let schema = self.root.pointer(path).unwrap_or_else(|| panic!("{path} is not there"));
                self.judge(schema, value, at);
                true
            }
            "items" => {
                value.as_array().into_iter().flatten().for_each(|item| self.judge(said, item, at));
                true
            }
            "properties" => {
                for (name, schema) in said.as_object().expect("a map") {
                    if let Some(value) = value.get(name) {
                        self.judge(schema, value, &format!("{at}/{name}"));
                    }
                }
                true
            }
            other => panic!("unknown keyword {other}"),
        };
        holds.then_some(()).ok_or_else(|| value.to_string())
    }

    /// Whether every key is one of the known ones.
    fn no_others(&self, all: &Map<String, Value>, value: &Value) -> Result<bool, String> {
        let known = |name: &String| all["properties"].get(name).is_some() || self.let_through(all, name);
        match value.as_object().into_iter().flatten().find(|(name, _)| !known(name)) {
            Some((name, _)) => Err(format!("unknown key {name}")),
            None => Ok(true),
        }
    }

    fn let_through(&self, all: &Map<String, Value>, name: &str) -> bool {
        let patterns = all.get("patternProperties").and_then(Value::as_object);
        patterns.into_iter().flatten().any(|(pattern, _)| like(pattern, name))
    }
}

fn is(said: &Value, value: &Value) -> bool {
    match said {
        Value::Array(types) => types.iter().any(|said| is(said, value)),
        said => match said.as_str().expect("a type") {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            other => panic!("unknown type {other}"),
        },
    }
}

fn like(pattern: &str, text: &str) -> bool {
    fancy_regex::Regex::new(pattern).expect("a regular expression").is_match(text).expect("it ends")
}
