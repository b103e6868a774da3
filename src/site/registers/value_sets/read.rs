//! Reads the files of sets, `data/values/*.toml`.
//!
//! Owns the keys of these files. The name of a file is the name of its list. Files with the same name in several folders
//! make one list, because a folder may have a level of its own:
//!
//! ```toml
//! # data/values/region.toml
//! title = "Region"
//!
//! [[sets]]
//! name = "eu-1"
//! title = "Frankfurt"
//! values = { OS_CLOUD = "eu-1", INVENTORY = "environments/eu-1/hosts" }
//! ```

use std::collections::BTreeMap;

use super::RegisterInputs;
use crate::alerts::is_label_name;
use crate::bounds::VALUES_FILE_BYTES;
use crate::diagnostic::Diagnostic;
use crate::fields::{self, FieldEntry, FieldReader, FieldRules, Value, describe, text_of};
use crate::markdown::code::{invisible_characters, is_name};
use crate::page::runbook::ADDRESS_PARTS;
use crate::rules::VALUES_FILE;
use crate::source::{Source, Span};

const REPORTS: FieldRules = FieldRules { unknown: &VALUES_FILE, wrong: &VALUES_FILE };

/// The folder in the data folder.
const FOLDER: &str = "values";

/// The longest value in UTF-16 code units, which is what the field of a page takes.
const MOST_LENGTH: usize = 200;

/// Sets from which readers choose one.
#[derive(Debug)]
pub(super) struct ValueList {
    pub name: String,
    title: Option<String>,
    /// In the order of the files.
    pub sets: Vec<ValueSet>,
}

#[derive(Debug)]
pub(super) struct ValueSet {
    pub name: String,
    title: Option<String>,
    /// By the name of the variable.
    pub values: BTreeMap<String, SetValue>,
}

#[derive(Debug)]
pub(super) struct SetValue {
    pub value: String,
    /// The span of the variable's name.
    pub span: Span,
}

impl ValueList {
    /// The title for readers.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

impl ValueSet {
    /// The title for readers.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

/// Every list of the handbook, by name.
pub(super) fn lists(book: &RegisterInputs<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<ValueList> {
    let folder = format!("{}/{FOLDER}", book.inputs.config.data);
    let mut lists: BTreeMap<String, ValueList> = BTreeMap::new();
    let is_one =
        |source: &&Source| source.path.beneath(&folder).is_some() && source.path.extension() == "toml";
    let mut sources: Vec<&Source> = book.inputs.data.values().filter(is_one).collect();
    // A file in a folder adds to the one above it, whose titles and order count.
    sources.sort_by_key(|source| source.path.as_str().matches('/').count());
    for source in sources {
        let name = source.path.stem();
        if !is_label_name(name) || ADDRESS_PARTS.contains(&name) {
            let message = format!("`{name}` cannot be the name of a list of sets");
            let problem = Diagnostic::new(&VALUES_FILE, Span::start_of(&source.path), message);
            diagnostics.push(
                problem.help("use letters, digits and `_` as in a label of an alert, such as `region.toml`"),
            );
            continue;
        }
        let list = lists.entry(name.to_owned()).or_insert_with(|| ValueList {
            name: name.to_owned(),
            title: None,
            sets: Vec::new(),
        });
        list.add(source, diagnostics);
    }
    lists.into_values().collect()
}

impl ValueList {
    /// Adds the sets of a file.
    fn add(&mut self, source: &Source, diagnostics: &mut Vec<Diagnostic>) {
        if VALUES_FILE_BYTES.is_exceeded(source.text.len()) {
            let (size, most) = (source.text.len(), VALUES_FILE_BYTES.most);
            let message = format!("the file has {size} bytes; at most {most} are read");
            diagnostics.push(Diagnostic::new(&VALUES_FILE, Span::start_of(&source.path), message));
            return;
        }
        let written = fields::toml::read(source, &VALUES_FILE, diagnostics);
        let mut top = FieldReader::new(&source.path, REPORTS, written, diagnostics);
        let title = top.text_where(&["title"], FILLED, is_filled);
        let sets = top.take(&["sets"]);
        top.finish(&[]);
        self.title = self.title.take().or(title);
        let Some(sets) = sets else { return };
        let mut file = ValueFile { source, diagnostics };
        let Value::List(items) = &sets.value else {
            file.report(&sets, "`sets` must be a list of tables, `[[sets]]`".to_owned(), None);
            return;
        };
        for item in items {
            match item {
                Value::Map(parts) => self.add_set(&mut file, &sets, parts),
                _ => file.report(&sets, "`sets` must hold tables only, `[[sets]]`".to_owned(), None),
            }
        }
    }

    /// Adds a set, or its values to those that another file has for it.
    fn add_set(&mut self, file: &mut ValueFile<'_>, sets: &FieldEntry, parts: &[FieldEntry]) {
        let place = parts.first().unwrap_or(sets);
        let has_name = parts.iter().any(|part| part.key == "name");
        let mut reader = FieldReader::new(&file.source.path, REPORTS, parts.to_vec(), file.diagnostics);
        let name = reader.text_where(&["name"], "letters, digits and any of `- . _`", is_set_name);
        let title = reader.text_where(&["title"], FILLED, is_filled);
        let values = reader.map(&["values"]);
        reader.finish(&[]);
        let Some(name) = name else {
            if !has_name {
                file.report(place, "a set needs a `name`".to_owned(), None);
            }
            return;
        };
        let index = match self.sets.iter().position(|set| set.name == name) {
            Some(index) => index,
            None => {
                self.sets.push(ValueSet { name, title: None, values: BTreeMap::new() });
                self.sets.len() - 1
            }
        };
        let set = &mut self.sets[index];
        set.title = set.title.take().or(title);
        for value in &values {
            file.add_value(set, value);
        }
    }
}

const FILLED: &str = "a text that is not empty";

fn is_filled(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Whether a text can be the name of a set, which stands in addresses and is the value of an alert's label.
fn is_set_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

/// A file that is being read.
struct ValueFile<'a> {
    source: &'a Source,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl ValueFile<'_> {
    fn add_value(&mut self, set: &mut ValueSet, written: &FieldEntry) {
        let name = &written.key;
        if !is_name(name) {
            let help = "use letters, digits and `_`, and no digit first".to_owned();
            self.report(written, format!("`{name}` cannot be the name of a variable"), Some(help));
            return;
        }
        let Some(value) = text_of(&written.value) else {
            let message = format!("`{name}` must be a text, not {}", describe(&written.value));
            self.report(written, message, None);
            return;
        };
        let is_line = !value.contains(char::is_control) && invisible_characters(&value).next().is_none();
        if value.trim() != value || value.is_empty() || !is_line || value.encode_utf16().count() > MOST_LENGTH
        {
            let help = format!(
                "a value is one line of at most {MOST_LENGTH} visible characters, without spaces at its ends"
            );
            self.report(written, format!("`{name}` has a value that no field takes"), Some(help));
            return;
        }
        let span = Span::new(&self.source.path, written.at.clone());
        if let Some(first) = set.values.get(name) {
            let message = format!("`{name}` has two values in the set `{}`", set.name);
            let problem = Diagnostic::new(&VALUES_FILE, span, message);
            let problem = problem.label(first.span.clone(), "here first").help("keep one of the two");
            self.diagnostics.push(problem);
            return;
        }
        set.values.insert(name.clone(), SetValue { value, span });
    }

    fn report(&mut self, field: &FieldEntry, message: String, help: Option<String>) {
        let span = Span::new(&self.source.path, field.at.clone());
        let mut problem = Diagnostic::new(&VALUES_FILE, span, message);
        problem.help = help.map(Into::into);
        self.diagnostics.push(problem);
    }
}
