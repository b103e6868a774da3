//! JSON Schemas of the files that people write, for editors.
//!
//! Owns which files have one, where `init` and `opsbook schema --write` put it, and how editors find it. The keys of a file
//! are a table beside its name; tests compare them with what the reader of the file knows. Front matter has its schema
//! from `kinds`.

mod data;
mod definitions;
mod file_keys;
mod settings;

use serde_json::{Map, Value, json};

use crate::config::Config;
use crate::kinds::Kinds;

use file_keys::FileKeys;

/// The folder of the schemas in a handbook. It is hidden, so that it is no content where all files of the handbook are.
pub const FOLDER: &str = ".schemas";

/// The schema of one sort of file.
#[derive(Debug)]
pub struct FileSchema {
    /// The name of the schema, without its extension.
    pub name: &'static str,
    pub title: &'static str,
    /// What the files are for, one sentence.
    help: &'static str,
    folder: SchemaScope,
    /// The files in that folder, as a pattern.
    files: &'static str,
    keys: FileKeys,
}

/// The folder of the files that a schema describes.
#[derive(Debug, Clone, Copy)]
enum SchemaScope {
    Root,
    Data,
    Kinds,
    Registers,
}

/// Every schema but that of front matter, sorted by name.
pub static FILE_SCHEMAS: &[FileSchema] = &[
    settings::BOOK,
    data::CALENDAR,
    data::FRAMEWORK,
    data::HEALTH,
    definitions::KIND,
    data::PEOPLE,
    definitions::REGISTER,
];

/// The name of the schema of front matter.
pub const FRONT_MATTER: &str = "front-matter";

impl FileSchema {
    /// The path of the schema in a handbook.
    pub fn path(&self) -> String {
        path_of(self.name)
    }

    /// The pattern of the files, relative to the handbook's folder.
    fn pattern(&self, config: &Config) -> String {
        let folder = match self.folder {
            SchemaScope::Root => return self.files.to_owned(),
            SchemaScope::Data => &config.data,
            SchemaScope::Kinds => &config.kinds,
            SchemaScope::Registers => &config.registers.folder,
        };
        format!("{folder}/{}", self.files)
    }

    /// The schema as JSON.
    pub fn to_json(&self) -> Value {
        file_keys::schema(self.title, self.help, &self.keys)
    }
}

/// The path of a schema in a handbook.
fn path_of(name: &str) -> String {
    format!("{FOLDER}/{name}.json")
}

/// Every schema of a handbook with these kinds, with its path. `extra_keys` are those that its settings accept in front
/// matter.
pub fn schema_files(kinds: &Kinds, extra_keys: &[String]) -> Vec<(String, String)> {
    let of_files = FILE_SCHEMAS.iter().map(|schema| (schema.path(), format!("{:#}\n", schema.to_json())));
    // With a line for each value it would have twice the size.
    let front_matter = (path_of(FRONT_MATTER), format!("{}\n", kinds.schema_of_all(extra_keys)));
    of_files.chain([front_matter]).collect()
}

/// A line for the top of `book.toml`. Editors with Taplo, such as VS Code with *Even Better TOML*, read it.
pub fn line_of_settings() -> String {
    format!("#:schema ./{}", path_of("book"))
}

/// The settings by which editors find the schemas of the other files, each with its path: for Taplo in any editor, and for
/// VS Code.
pub fn editor_settings(config: &Config) -> [(&'static str, String); 2] {
    let mut taplo = String::new();
    let (mut yaml, mut json) = (Map::new(), Vec::new());
    for schema in FILE_SCHEMAS {
        let (path, pattern) = (schema.path(), schema.pattern(config));
        // The name of the settings is fixed, so they name their schema themselves.
        if matches!(schema.folder, SchemaScope::Root) {
            continue;
        }
        if pattern.ends_with(".toml") {
            taplo.push_str(&format!("[[rule]]\ninclude = [\"{pattern}\"]\nschema.path = \"{path}\"\n\n"));
        } else if pattern.ends_with(".yaml") {
            yaml.insert(format!("./{path}"), json!([pattern]));
        } else {
            json.push(json!({ "fileMatch": [pattern], "url": format!("./{path}") }));
        }
    }
    let code = json!({ "json.schemas": json, "yaml.schemas": yaml });
    [(".taplo.toml", format!("{}\n", taplo.trim_end())), (".vscode/settings.json", format!("{code:#}\n"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editors_find_the_schema_of_each_file() {
        let config = Config { data: "content/files".to_owned(), ..Config::default() };
        let [(_, taplo), (_, code)] = editor_settings(&config);
        assert!(taplo.starts_with("[[rule]]\ninclude = [\"content/files/controls/*.toml\"]\n"), "{taplo}");
        let code: Value = serde_json::from_str(&code).unwrap();
        assert_eq!(code["yaml.schemas"]["./.schemas/people.json"][0], "content/files/people.yaml");
        assert_eq!(code["json.schemas"][0]["fileMatch"][0], "content/files/health/*.json");
        for schema in FILE_SCHEMAS {
            let named = [&taplo, &code.to_string(), &line_of_settings()];
            let count = named.iter().filter(|text| text.contains(&schema.path())).count();
            assert_eq!(count, 1, "{}", schema.name);
        }
    }
}
