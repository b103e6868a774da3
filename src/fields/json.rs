//! Reads JSON into fields with positions.
//!
//! Owns the step from the raw values of the JSON parser to [`crate::fields`]. A raw value is a part of the text, so
//! its address says where it is. Does not know keys.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{FieldEntry, Value};

/// The deepest nesting of lists and maps. Each level reads its text once more.
const DEEPEST: usize = 16;

/// An error in a JSON text.
#[derive(Debug)]
pub struct JsonProblem {
    /// Byte offset in the file.
    pub at: usize,
    pub message: String,
}

/// Reads a JSON object. More than `most` values are an error.
///
/// # Errors
/// Returns the first mistake in the JSON, with its position.
pub fn read(text: &str, most: usize) -> Result<Vec<FieldEntry>, JsonProblem> {
    let mut reader = JsonReader { text, most, count: 0 };
    let root: &RawValue = reader.parsed(text)?;
    match reader.value(root, 0)? {
        Value::Map(fields) => Ok(fields),
        _ => Err(reader.problem(root.get(), "this must be an object with keys and values".to_owned())),
    }
}

struct JsonReader<'a> {
    text: &'a str,
    most: usize,
    /// The number of values so far.
    count: usize,
}

/// The keys and values of an object, in the order of the file and with repetitions.
struct RawEntries<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'a> JsonReader<'a> {
    fn value(&mut self, raw: &'a RawValue, depth: usize) -> Result<Value, JsonProblem> {
        let written = raw.get();
        self.count += 1;
        if self.count > self.most {
            return Err(self.problem(written, format!("more than {} values", self.most)));
        }
        if depth > DEEPEST {
            return Err(self.problem(written, format!("more than {DEEPEST} levels of lists and objects")));
        }
        Ok(match written.as_bytes().first() {
            Some(b'{') => {
                let RawEntries(entries) = self.parsed(written)?;
                let mut fields = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let start = self.offset(key.get());
                    fields.push(FieldEntry {
                        key: self.parsed(key.get())?,
                        at: start..start + key.get().len(),
                        value: self.value(value, depth + 1)?,
                    });
                }
                Value::Map(fields)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = self.parsed(written)?;
                let items = items.into_iter().map(|item| self.value(item, depth + 1));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Some(b'"') => Value::Text(self.parsed(written)?),
            Some(b't') => Value::Flag(true),
            Some(b'f') => Value::Flag(false),
            Some(b'n') => Value::Null,
            _ => Value::Number(written.parse().unwrap_or(f64::NAN), written.to_owned()),
        })
    }

    /// Parses a part of the text.
    fn parsed<T: Deserialize<'a>>(&self, part: &'a str) -> Result<T, JsonProblem> {
        serde_json::from_str(part).map_err(|error| {
            let line_start =
                part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
            let at = (line_start + error.column().saturating_sub(1)).min(part.len());
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().to_owned();
            JsonProblem { at: self.offset(part) + at, message }
        })
    }

    fn problem(&self, part: &str, message: String) -> JsonProblem {
        JsonProblem { at: self.offset(part), message }
    }

    /// Where a part of the text begins, in bytes.
    fn offset(&self, part: &str) -> usize {
        part.as_ptr().addr() - self.text.as_ptr().addr()
    }
}

impl<'de> Deserialize<'de> for RawEntries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntryVisitor;

        impl<'de> Visitor<'de> for EntryVisitor {
            type Value = RawEntries<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(RawEntries(entries))
            }
        }

        deserializer.deserialize_map(EntryVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_positions_and_stay_in_order() {
        let text = "{\n  \"b\": [1.50, {\"\\u00e4\": null}],\n\t\"a\" : \"\\ud83d\\ude00\", \"b\": true\n}\n";
        let fields = read(text, 100).unwrap();
        let found: Vec<(&str, &str)> =
            fields.iter().map(|field| (&*field.key, &text[field.at.clone()])).collect();
        assert_eq!(found, [("b", "\"b\""), ("a", "\"a\""), ("b", "\"b\"")]);
        let Value::List(items) = &fields[0].value else { panic!("{fields:?}") };
        assert_eq!(items[0], Value::Number(1.5, "1.50".to_owned()));
        let Value::Map(inner) = &items[1] else { panic!("{items:?}") };
        assert_eq!((&*inner[0].key, &text[inner[0].at.clone()]), ("ä", "\"\\u00e4\""));
        assert_eq!(fields[1].value, Value::Text("😀".to_owned()));
    }

    #[test]
    fn mistakes_have_positions() {
        let problem = |text: &str| {
            let problem = read(text, 8).unwrap_err();
            (problem.at, problem.message)
        };
        assert_eq!(problem("{\"a\": NaN}"), (6, "expected value".to_owned()));
        assert_eq!(problem("{\n \"a\": 1,\n}"), (11, "key must be a string".to_owned()));
        assert_eq!(problem("[]"), (0, "this must be an object with keys and values".to_owned()));
        assert_eq!(problem(""), (0, "EOF while parsing a value".to_owned()));
        assert!((7..=13).contains(&problem("{\"a\": \"\\ud83d\"}").0));
        assert_eq!(problem("{\"a\": [1, 2, 3, 4, 5, 6, 7]}"), (25, "more than 8 values".to_owned()));
    }

    #[test]
    fn nesting_has_a_limit() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
        let problem = read(&deep, 1_000_000).unwrap_err();
        assert_eq!(problem.message, "more than 16 levels of lists and objects");
    }
}
