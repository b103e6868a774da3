//! Reads the files of languages and joins them into one lexicon.
//!
//! This module owns how two files become one: lists are appended, tables are joined by their keys. It knows no field of
//! the lexicon.

use toml::{Table, Value};

use super::Lexicon;

/// Joins the files of languages, each given by its code and its text.
///
/// # Errors
/// Fails if a file is not TOML, lacks a list, has an unknown one, or contradicts another file. The message begins with
/// the name of the file.
pub(super) fn read(languages: &[(&str, &str)]) -> Result<Lexicon, String> {
    let mut joined = Table::new();
    for (code, text) in languages {
        let problem = |message: &str| format!("{code}.toml: {}", message.trim_end());
        // Each file is read alone as well: in the joined table, a list that is missing in one language is there.
        toml::from_str::<Lexicon>(text).map_err(|error| problem(error.message()))?;
        let table: Table = toml::from_str(text).map_err(|error| problem(error.message()))?;
        join(&mut joined, table).map_err(|key| problem(&format!("`{key}` has another value elsewhere")))?;
    }
    Value::Table(joined).try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// Adds one table to another. Returns the key of two values that contradict each other.
fn join(into: &mut Table, from: Table) -> Result<(), String> {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
            (Some(Value::Table(known)), Value::Table(more)) => join(known, more)?,
            (Some(known), value) if *known != value => return Err(key),
            (Some(_), _) => {}
            (None, value) => {
                into.insert(key, value);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_appended_and_values_must_agree() {
        let table = |text: &str| text.parse::<Table>().unwrap();
        let mut joined = table("[a]\nb = ['x']\nc = 1");
        join(&mut joined, table("[a]\nb = ['y']\nc = 1\nd = 2")).unwrap();
        assert_eq!(joined, table("[a]\nb = ['x', 'y']\nc = 1\nd = 2"));
        assert_eq!(join(&mut joined, table("[a]\nc = 2")), Err("c".to_owned()));
    }
}
