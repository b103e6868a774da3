//! YAML to fields.
//!
//! Owns the step from the YAML parser to [`crate::fields`], with a limit on the number of values: aliases
//! can make a large tree of a small text. Knows no key.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::places::{self, Places};
use super::{Field, Value};

/// What is wrong with a YAML text.
#[derive(Debug)]
pub struct Problem {
    /// Byte offset in the file.
    pub at: usize,
    pub message: String,
}

/// The fields of a YAML map, and where each stands.
#[derive(Debug, Default)]
pub struct Map {
    pub fields: Vec<Field>,
    /// By path, such as `actions[0].due`.
    pub places: Arc<Places>,
}

/// Reads a YAML map that starts at byte `base` of its file; more than `most` values are an error.
///
/// # Errors
/// The first mistake in the YAML, with its place.
pub fn read(yaml: &str, base: usize, most: usize) -> Result<Map, Problem> {
    if yaml.trim().is_empty()
        || yaml.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
    {
        return Ok(Map::default());
    }
    let budget = Budget { most, left: Cell::new(most) };
    let value = Node { budget: &budget }.deserialize(serde_yaml::Deserializer::from_str(yaml));
    match value {
        Ok(mut value @ Value::Map(_)) => {
            let places = places::scan(yaml, base);
            set_places(&mut value, &mut String::new(), &places);
            let Value::Map(mut fields) = value else { return Ok(Map::default()) };
            for field in &mut fields {
                keep_digits(field, &yaml[field.at.end.saturating_sub(base).min(yaml.len())..]);
            }
            Ok(Map { fields, places: Arc::new(places) })
        }
        Ok(_) => Err(Problem { at: base, message: "this must be a map of keys and values".to_owned() }),
        Err(error) => Err(problem(&error, yaml, base)),
    }
}

/// The offset of a tab that indents a line.
fn tab(yaml: &str) -> Option<usize> {
    let mut at = 0;
    for line in yaml.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t').filter(|_| !line.trim().is_empty()) {
            return Some(at + tab);
        }
        at += line.len();
    }
    None
}

fn problem(error: &serde_yaml::Error, yaml: &str, base: usize) -> Problem {
    if let Some(at) = tab(yaml) {
        let message = "a tab indents this line; YAML allows only spaces there".to_owned();
        return Problem { at: base + at, message };
    }
    let at = error.location().map_or(0, |location| location.index().min(yaml.len()));
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message);
    Problem { at: base + at, message: message.to_owned() }
}

/// Keeps a number as the author wrote it: `1.10` is a version as much as a number.
fn keep_digits(field: &mut Field, after_key: &str) {
    let Value::Number(number, written) = &mut field.value else { return };
    let line = after_key.lines().next().unwrap_or("").trim_start_matches(':');
    let text = line.split(" #").next().unwrap_or(line).trim();
    if text.parse() == Ok(*number) {
        *written = text.to_owned();
    }
}

/// Notes where each field stands. `path` is that of the value; it is as before when this returns.
fn set_places(value: &mut Value, path: &mut String, places: &Places) {
    let length = path.len();
    match value {
        Value::Map(fields) => {
            for field in fields {
                path.push_str(if length == 0 { "" } else { "." });
                path.push_str(&field.key);
                field.at = places::find(places, path).unwrap_or(0..0);
                set_places(&mut field.value, path, places);
                path.truncate(length);
            }
        }
        Value::List(items) if items.iter().any(|item| matches!(item, Value::Map(_) | Value::List(_))) => {
            for (number, item) in items.iter_mut().enumerate() {
                path.push_str(&format!("[{number}]"));
                set_places(item, path, places);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

/// Reads any value within the budget.
struct Node<'a> {
    budget: &'a Budget,
}

/// How many values may still be read.
struct Budget {
    most: usize,
    left: Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let Some(left) = self.budget.left.get().checked_sub(1) else {
            return Err(de::Error::custom(format!("more than {} values", self.budget.most)));
        };
        self.budget.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64, number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64, number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number, number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Node { budget: self.budget })? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields: Vec<Field> = Vec::new();
        while let Some(key) = entries.next_key_seed(Node { budget: self.budget })? {
            let Some(key) = super::text_of(&key) else {
                return Err(de::Error::custom("a key must be a text"));
            };
            if fields.iter().any(|field| field.key == key) {
                return Err(de::Error::custom(format!("the key `{key}` is set twice")));
            }
            let value = entries.next_value_seed(Node { budget: self.budget })?;
            fields.push(Field { key, at: 0..0, value });
        }
        Ok(Value::Map(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_cannot_grow_beyond_the_budget() {
        let mut bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for (name, before) in [("b", "a"), ("c", "b"), ("d", "c"), ("e", "d")] {
            let row = vec![format!("*{before}"); 10].join(",");
            bomb.push_str(&format!("{name}: &{name} [{row}]\n"));
        }
        assert!(read(&bomb, 0, 2_000).is_err());
    }

    #[test]
    fn a_key_that_is_set_twice_is_an_error() {
        assert!(read("a: 1\na: 2\n", 0, 9).unwrap_err().message.contains("set twice"));
    }
}
