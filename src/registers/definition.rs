//! `registers/NAME.toml`, from as written to as meant.
//!
//! Owns the keys of a definition. Every problem is reported at its place, and what is wrong is left out, so that the
//! pages can be checked too.

use super::{FieldRegister, FigureDefinition, Filter, KIND, RegisterWords, SortKey};
use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{self, Field as Written, Reader, Reports, Value, text_of};
use crate::kinds::{Field, Kinds, Sort, capital};
use crate::path::{FilePath, segment};
use crate::register_name::RegisterName;
use crate::rules::REGISTER_DEFINITION;
use crate::source::{Source, Span};

/// The columns of a register that names none.
const COLUMNS: [&str; 5] = ["date", "status", "owner", "layer", "reviewed"];

/// The tones of figures.
const TONES: [&str; 3] = ["good", "warn", "bad"];

/// Fields that every page has, besides those of kinds.
const OF_ALL_PAGES: [&str; 2] = ["title", KIND];

/// Reads all definitions, in the order of their names.
pub(super) fn read_all(
    sources: &[Source],
    kinds: &Kinds,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<FieldRegister> {
    let mut registers = Vec::new();
    for source in sources {
        if let Some(name) = name(source, diagnostics) {
            let written = fields::toml::read(source, &REGISTER_DEFINITION, diagnostics);
            let mut file = Definition { file: &source.path, kinds, diagnostics };
            registers.push(file.register(name, written));
        }
    }
    registers
}

/// The name of a register, from that of its file.
fn name<'a>(source: &'a Source, diagnostics: &mut Vec<Diagnostic>) -> Option<&'a str> {
    let name = source.path.stem();
    let (message, help) = if segment(name) != name {
        let help = "use lower-case letters, digits and `-` in the file's name";
        (format!("`{name}` cannot be the name of a register"), help)
    } else if RegisterName::ALL.iter().any(|known| known.as_str() == name) {
        let help =
            "give the file another name; `[registers] off` in `book.toml` switches the built-in one off";
        (format!("`{name}` is a register that Opsbook makes itself"), help)
    } else {
        return Some(name);
    };
    let problem = Diagnostic::new(&REGISTER_DEFINITION, Span::file(&source.path), message);
    diagnostics.push(problem.help(help));
    None
}

/// One file that is being read.
struct Definition<'a> {
    file: &'a FilePath,
    kinds: &'a Kinds,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Definition<'_> {
    fn register(&mut self, name: &str, written: Vec<Written>) -> FieldRegister {
        // Later keys are checked against the fields of these kinds.
        let kinds = self.kind_names(&written);
        self.check_field_names(&written, &kinds);
        let mut reader = self.reader(written);
        let text = RegisterWords {
            title: Some(reader.text(&["title"]).unwrap_or_else(|| capital(name))),
            help: reader.text(&["help"]),
            label: reader.text(&["label"]),
            ..RegisterWords::default()
        };
        let _checked_before = reader.texts(&["kinds", "kind"]);
        let mut register = FieldRegister {
            name: name.to_owned(),
            span: None,
            each: reader.text(&["each"]),
            columns: reader.texts(&["columns"]),
            group: reader.text(&["group"]),
            sort: reader.texts(&["sort"]).iter().map(|key| SortKey::parse(key)).collect(),
            calendar: reader.text(&["calendar"]),
            kinds,
            text,
            ..FieldRegister::default()
        };
        if register.columns.is_empty() {
            register.columns = COLUMNS.map(str::to_owned).to_vec();
        }
        // The page itself is always the first column.
        register.columns.retain(|column| column != "title");
        let (filter, labels) = (reader.map(&["filter"]), reader.map(&["labels"]));
        let (figures, translations) = (reader.take(&["figures"]), reader.map(&["translations"]));
        reader.finish(&[]);
        register.span = Some(Span::file(self.file));
        register.filter = self.filter(filter);
        register.text.labels = self.texts_by_key(labels);
        register.figures = figures.map(|figures| self.figures(figures)).unwrap_or_default();
        for language in translations {
            let Value::Map(written) = language.value else {
                self.wrong(
                    &language,
                    format!("`{}` must be a table of words in that language", language.key),
                );
                continue;
            };
            register.translations.insert(language.key.to_ascii_lowercase(), self.words(written));
        }
        register
    }

    fn reader(&mut self, fields: Vec<Written>) -> Reader<'_> {
        let reports = Reports { unknown: &REGISTER_DEFINITION, wrong: &REGISTER_DEFINITION };
        Reader::new(self.file, reports, fields, self.diagnostics)
    }

    fn wrong(&mut self, field: &Written, message: String) {
        self.diagnostics.push(Diagnostic::new(&REGISTER_DEFINITION, self.span(field), message));
    }

    fn span(&self, field: &Written) -> Span {
        Span::new(self.file, field.at.clone())
    }

    /// The kinds whose pages the register lists; aliases stand for their kinds.
    fn kind_names(&mut self, written: &[Written]) -> Vec<String> {
        let Some(field) = written.iter().find(|field| matches!(&*field.key, "kinds" | "kind")) else {
            return Vec::new();
        };
        let mut names = Vec::new();
        for name in texts(&field.value) {
            match self.kinds.find(&name) {
                Some((kind, _)) => names.push(kind.name.clone()),
                None => {
                    let mut problem = Diagnostic::new(
                        &REGISTER_DEFINITION,
                        self.span(field),
                        format!("there is no kind `{name}`"),
                    );
                    if let Some(near) = self.kinds.meant(&name) {
                        problem = problem.help(format!("did you mean `{near}`?"));
                    }
                    self.diagnostics.push(problem);
                }
            }
        }
        names
    }

    /// Reports names of fields that no page of the register can have.
    fn check_field_names(&mut self, written: &[Written], kinds: &[String]) {
        for field in written {
            let names: Vec<String> = match &*field.key {
                "columns" | "each" | "group" | "calendar" => texts(&field.value),
                "sort" => texts(&field.value).iter().map(|key| SortKey::parse(key).field).collect(),
                "filter" | "labels" => match &field.value {
                    Value::Map(entries) => entries.iter().map(|entry| entry.key.clone()).collect(),
                    _ => continue,
                },
                _ => continue,
            };
            for name in names {
                self.check_field_name(field, &name, kinds);
            }
        }
    }

    fn check_field_name(&mut self, place: &Written, name: &str, kinds: &[String]) {
        let mut known: Vec<&Field> = self.kinds.common.iter().collect();
        for kind in self.kinds.all().filter(|kind| kinds.is_empty() || kinds.contains(&kind.name)) {
            known.extend(&kind.fields);
        }
        let found: Vec<&&Field> = known.iter().filter(|field| field.name == name).collect();
        let (message, help) = match (&*place.key, found.first()) {
            _ if OF_ALL_PAGES.contains(&name) && place.key != "calendar" => return,
            (_, None) => {
                let near = nearest(name, known.iter().map(|field| field.name.as_str()));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                (format!("no page of this register has a field `{name}`"), help)
            }
            (_, Some(field)) if matches!(field.sort, Sort::Record(_) | Sort::Map) => {
                (format!("`{name}` holds records, which a register cannot show"), None)
            }
            ("calendar", Some(field)) if field.sort != Sort::Date => {
                (format!("`{name}` is not a date"), Some("name a field of type `date`".to_owned()))
            }
            _ => return,
        };
        let mut problem = Diagnostic::new(&REGISTER_DEFINITION, self.span(place), message);
        if let Some(help) = help {
            problem = problem.help(help);
        }
        self.diagnostics.push(problem);
    }

    fn filter(&mut self, written: Vec<Written>) -> Filter {
        written.into_iter().map(|field| (field.key, texts(&field.value))).collect()
    }

    fn texts_by_key(&mut self, written: Vec<Written>) -> std::collections::BTreeMap<String, String> {
        let mut texts = std::collections::BTreeMap::new();
        for field in written {
            match text_of(&field.value) {
                Some(text) => drop(texts.insert(field.key, text)),
                None => self.wrong(&field, format!("`{}` must be a text", field.key)),
            }
        }
        texts
    }

    fn figures(&mut self, written: Written) -> Vec<FigureDefinition> {
        let Value::List(items) = &written.value else {
            self.wrong(&written, "`figures` must be a list of tables".to_owned());
            return Vec::new();
        };
        let mut figures = Vec::new();
        for item in items {
            let Value::Map(fields) = item else {
                self.wrong(&written, "`figures` must be a list of tables".to_owned());
                continue;
            };
            let mut reader = self.reader(fields.clone());
            let label = reader.text(&["label"]);
            let is_tone = |text: &str| TONES.contains(&text);
            let tone = reader.text_where(&["tone"], "`good`, `warn` or `bad`", is_tone);
            let filter = reader.map(&["filter"]);
            reader.finish(&[]);
            let filter = self.filter(filter);
            match label {
                Some(label) => figures.push(FigureDefinition { label, filter, tone }),
                None => self.wrong(&written, "a figure needs a `label`".to_owned()),
            }
        }
        figures
    }

    fn words(&mut self, written: Vec<Written>) -> RegisterWords {
        let mut reader = self.reader(written);
        let words = RegisterWords {
            title: reader.text(&["title"]),
            help: reader.text(&["help"]),
            label: reader.text(&["label"]),
            ..RegisterWords::default()
        };
        let (labels, figures) = (reader.map(&["labels"]), reader.map(&["figures"]));
        reader.finish(&[]);
        RegisterWords { labels: self.texts_by_key(labels), figures: self.texts_by_key(figures), ..words }
    }
}

impl SortKey {
    /// A field, with `-` before it for the largest first.
    fn parse(text: &str) -> SortKey {
        match text.strip_prefix('-') {
            Some(field) => SortKey { field: field.to_owned(), is_descending: true },
            None => SortKey { field: text.to_owned(), is_descending: false },
        }
    }
}

/// The texts of a list; a single one counts as a list of one.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.iter().filter_map(text_of).collect(),
        value => text_of(value).into_iter().collect(),
    }
}
