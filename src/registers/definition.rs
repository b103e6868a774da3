//! Reads definitions of registers, `registers/NAME.toml`.
//!
//! Owns the keys of a definition. Every problem is reported at its position. Wrong values are ignored, so that the
//! pages are checked too.

use super::{
    AppointmentFields, FieldCondition, FieldLimit, FieldRegister, FigureDefinition, Filter, KIND,
    RegisterWords, SortKey,
};
use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{self, FieldEntry as Written, FieldReader, FieldRules, Value, text_of};
use crate::kinds::{Field, FieldType, Kinds, Period, capital};
use crate::lexicon::EntryWords;
use crate::path::{FilePath, segment};
use crate::rules::REGISTER_DEFINITION;
use crate::source::{Source, Span};

/// The default columns.
const COLUMNS: [&str; 5] = ["date", "status", "owner", "layer", "reviewed"];

/// The default columns of a register of entries.
const COLUMNS_OF_ENTRIES: [&str; 2] = ["about", "date"];

/// What the text says of an entry: columns that are no fields.
const OF_ENTRIES: [&str; 3] = ["about", "date", "group"];

/// Keys that need pages as rows.
const FOR_PAGES_ALONE: [&str; 6] = ["each", "calendar", "appointments", "graph", "feed", "home"];

/// The allowed tones of figures.
const TONES: [&str; 3] = ["good", "warn", "bad"];

/// Names of fields that every register accepts, whatever its kinds define.
const OF_ALL_PAGES: [&str; 2] = ["title", KIND];

/// Reads all definitions, in the order of `sources`.
pub(super) fn read_all(
    sources: &[Source],
    kinds: &Kinds,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<FieldRegister> {
    let mut registers = Vec::new();
    for source in sources {
        if let Some(name) = name(source, diagnostics) {
            let written = fields::toml::read(source, &REGISTER_DEFINITION, diagnostics);
            let mut file = RegisterDefinition { file: &source.path, kinds, diagnostics };
            registers.push(file.register(name, written));
        }
    }
    registers
}

/// The name of a register, from its file name. Reports a name that cannot be part of a URL.
fn name<'a>(source: &'a Source, diagnostics: &mut Vec<Diagnostic>) -> Option<&'a str> {
    let name = source.path.stem();
    if segment(name) == name {
        return Some(name);
    }
    let message = format!("`{name}` cannot be the name of a register");
    let problem = Diagnostic::new(&REGISTER_DEFINITION, Span::start_of(&source.path), message);
    diagnostics.push(problem.help("use lower-case letters, digits and `-` in the file's name"));
    None
}

/// Reads one file.
struct RegisterDefinition<'a> {
    file: &'a FilePath,
    kinds: &'a Kinds,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl RegisterDefinition<'_> {
    fn register(&mut self, name: &str, written: Vec<Written>) -> FieldRegister {
        // First, because the fields that other keys name must exist in these kinds.
        let kinds = self.kind_names(&written);
        self.check_field_names(&written, &kinds);
        let for_pages: Vec<Written> =
            written.iter().filter(|field| FOR_PAGES_ALONE.contains(&&*field.key)).cloned().collect();
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
            group: reader.text(&["group"]).map(|key| SortKey::parse(&key)),
            sort: reader.texts(&["sort"]).iter().map(|key| SortKey::parse(key)).collect(),
            calendar: reader.text(&["calendar"]),
            graph: reader.text(&["graph"]),
            feed: reader.flag(&["feed"]).unwrap_or(false),
            home: reader.flag(&["home"]).unwrap_or(false),
            kinds,
            text,
            ..FieldRegister::default()
        };
        // The page itself is always the first column.
        register.columns.retain(|column| column != "title");
        let filter = reader.map(&["filter"]);
        let labels = reader.map(&["labels"]);
        let appointments = reader.take(&["appointments"]);
        let entries = reader.take(&["entries"]);
        let figures = reader.take(&["figures"]);
        let translations = reader.map(&["translations"]);
        reader.finish(&[]);
        register.span = Some(Span::start_of(self.file));
        register.appointments = appointments.and_then(|field| self.appointments(field, &register));
        register.entries = entries.and_then(|field| self.entries(field, &register, &for_pages));
        if register.columns.is_empty() {
            let columns: &[&str] = if register.entries.is_some() { &COLUMNS_OF_ENTRIES } else { &COLUMNS };
            register.columns = columns.iter().map(|column| (*column).to_owned()).collect();
        }
        register.filter = self.filter(filter, &register.kinds);
        register.text.labels = self.texts_by_key(labels);
        register.figures = figures.map(|figures| self.figures(figures, &register.kinds)).unwrap_or_default();
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

    fn reader(&mut self, fields: Vec<Written>) -> FieldReader<'_> {
        let reports = FieldRules { unknown: &REGISTER_DEFINITION, wrong: &REGISTER_DEFINITION };
        FieldReader::new(self.file, reports, fields, self.diagnostics)
    }

    fn wrong(&mut self, field: &Written, message: String) {
        self.diagnostics.push(Diagnostic::new(&REGISTER_DEFINITION, self.span(field), message));
    }

    fn span(&self, field: &Written) -> Span {
        Span::new(self.file, field.at.clone())
    }

    /// The kinds whose pages the register lists. An alias is replaced by its kind.
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

    /// Reports names of fields that no listed page can have, or that a register cannot show.
    fn check_field_names(&mut self, written: &[Written], kinds: &[String]) {
        let has_entries = written.iter().any(|field| field.key == "entries");
        for field in written {
            let names: Vec<String> = match &*field.key {
                "columns" | "each" | "calendar" => texts(&field.value),
                "group" | "sort" => texts(&field.value).iter().map(|key| SortKey::parse(key).field).collect(),
                "filter" | "labels" => match &field.value {
                    Value::Map(entries) => entries.iter().map(|entry| entry.key.clone()).collect(),
                    _ => continue,
                },
                _ => continue,
            };
            let may_name_texts = has_entries && matches!(&*field.key, "columns" | "labels");
            for name in names {
                if !(may_name_texts && OF_ENTRIES.contains(&name.as_str())) {
                    self.check_field_name(field, &name, kinds);
                }
            }
        }
    }

    fn check_field_name(&mut self, place: &Written, name: &str, kinds: &[String]) {
        let mut known: Vec<&Field> = self.kinds.common.iter().collect();
        for kind in self.kinds.all().filter(|kind| kinds.is_empty() || kinds.contains(&kind.name)) {
            known.extend(&kind.fields);
        }
        let found: Vec<&&Field> = known.iter().filter(|field| field.name == name).collect();
        let is_of_calendar = matches!(&*place.key, "calendar" | "begin" | "end");
        let (message, help) = match (&*place.key, found.first()) {
            // Calendars need a date, and neither of these two fields is one.
            _ if OF_ALL_PAGES.contains(&name) && !is_of_calendar => return,
            (_, None) => {
                let near = nearest(name, known.iter().map(|field| field.name.as_str()));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                (format!("no page of this register has a field `{name}`"), help)
            }
            (_, Some(field)) if matches!(field.field_type, FieldType::Record(_) | FieldType::Map) => {
                (format!("`{name}` holds records, which a register cannot show"), None)
            }
            ("calendar", Some(field)) if field.field_type != FieldType::Date => {
                (format!("`{name}` is not a date"), Some("name a field of type `date`".to_owned()))
            }
            ("begin" | "end", Some(field))
                if !matches!(field.field_type, FieldType::Date | FieldType::Time) || field.list =>
            {
                let help = "name fields of type `date` or `time`".to_owned();
                (format!("`{name}` is neither a date nor a time"), Some(help))
            }
            _ => return,
        };
        let mut problem = Diagnostic::new(&REGISTER_DEFINITION, self.span(place), message);
        if let Some(help) = help {
            problem = problem.help(help);
        }
        self.diagnostics.push(problem);
    }

    /// The fields of the calendar's appointments.
    fn appointments(&mut self, written: Written, register: &FieldRegister) -> Option<AppointmentFields> {
        if register.calendar.is_some() {
            self.wrong(
                &written,
                "a register has either a `calendar` of due dates or `appointments`".to_owned(),
            );
            return None;
        }
        let Value::Map(fields) = written.value else {
            let message = "`appointments` must be a table such as `{ begin = \"starts\", end = \"ends\" }`";
            self.wrong(&written, message.to_owned());
            return None;
        };
        for place in &fields {
            for name in texts(&place.value) {
                self.check_field_name(place, &name, &register.kinds);
            }
        }
        let mut reader = self.reader(fields);
        let begin = reader.texts(&["begin"]);
        let end = reader.texts(&["end"]);
        reader.finish(&[]);
        (!begin.is_empty()).then_some(AppointmentFields { begin, end })
    }

    /// The words of the register's entries. `for_pages` are keys of the definition that do not fit entries.
    fn entries(
        &mut self,
        written: Written,
        register: &FieldRegister,
        for_pages: &[Written],
    ) -> Option<EntryWords> {
        for field in for_pages {
            let message = format!("a register of entries has no `{}`, which needs pages as rows", field.key);
            self.wrong(field, message);
        }
        let Value::Map(fields) = written.value else {
            let message = "`entries` must be a table such as `{ below = [\"Open questions\"] }`";
            self.wrong(&written, message.to_owned());
            return None;
        };
        let at = written.at;
        let mut reader = self.reader(fields);
        let mut problems = Vec::new();
        let [below, labels] = ["below", "labels"].map(|key| {
            let place = reader.place(key);
            // Texts are compared in lower case.
            let mut texts: Vec<_> =
                reader.texts(&[key]).iter().map(|text| text.trim().to_lowercase()).collect();
            if texts.iter().any(String::is_empty) {
                let message = format!("a text in `{key}` is empty");
                problems.push(Diagnostic::new(&REGISTER_DEFINITION, place, message));
            }
            texts.retain(|text| !text.is_empty());
            texts
        });
        reader.finish(&[]);
        self.diagnostics.extend(problems);
        let words = EntryWords {
            register: register.name.clone(),
            kinds: register.kinds.clone(),
            headings: below,
            labels,
        };
        if words.headings.is_empty() && words.labels.is_empty() {
            let message = "`entries` needs headings in `below`, or `labels`".to_owned();
            self.diagnostics.push(Diagnostic::new(&REGISTER_DEFINITION, Span::new(self.file, at), message));
            return None;
        }
        Some(words)
    }

    fn filter(&mut self, written: Vec<Written>, kinds: &[String]) -> Filter {
        let mut filter = Filter::new();
        for field in written {
            let condition = match &field.value {
                Value::Map(parts) => self.condition(&field, parts, kinds),
                value => Some(FieldCondition::OneOf(texts(value))),
            };
            filter.extend(condition.map(|condition| (field.key, condition)));
        }
        filter
    }

    /// A condition that is written as a table: `{ set = true }`, `{ least = 7 }`, `{ most = "today" }`.
    fn condition(&mut self, field: &Written, parts: &[Written], kinds: &[String]) -> Option<FieldCondition> {
        let mut reader = self.reader(parts.to_vec());
        let is_set = reader.flag(&["set"]);
        let (least, most) = (reader.take(&["least"]), reader.take(&["most"]));
        reader.finish(&[]);
        match (is_set, &least, &most) {
            (Some(is_set), None, None) => return Some(FieldCondition::IsSet(is_set)),
            // A wrong value of `set` has been reported.
            (None, None, None) if parts.iter().any(|part| part.key == "set") => return None,
            (None, None, None) | (Some(_), ..) => {
                let message =
                    format!("the condition for `{}` has either `set`, or `least` and `most`", field.key);
                self.wrong(field, message);
                return None;
            }
            (None, ..) => {}
        }
        let field_type = self.field_type(&field.key, kinds).cloned();
        let (mut limits, mut is_sound) = ([None, None], true);
        for (index, written) in [least, most].into_iter().enumerate() {
            let Some(written) = written else { continue };
            match limit(field_type.as_ref(), &written.value) {
                Ok(limit) => limits[index] = Some(limit),
                Err(expected) => {
                    self.wrong(&written, format!("`{}` {expected}", field.key));
                    is_sound = false;
                }
            }
        }
        let [least, most] = limits;
        is_sound.then_some(FieldCondition::Within { least, most })
    }

    /// The type of a field in the kinds that the register lists.
    fn field_type(&self, name: &str, kinds: &[String]) -> Option<&FieldType> {
        let listed = self.kinds.all().filter(|kind| kinds.is_empty() || kinds.contains(&kind.name));
        let of_kinds = listed.flat_map(|kind| &kind.fields);
        let found = self.kinds.common.iter().chain(of_kinds).find(|field| field.name == name);
        found.map(|field| &field.field_type)
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

    fn figures(&mut self, written: Written, kinds: &[String]) -> Vec<FigureDefinition> {
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
            let filter = self.filter(filter, kinds);
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
        let labels = reader.map(&["labels"]);
        let figures = reader.map(&["figures"]);
        reader.finish(&[]);
        RegisterWords { labels: self.texts_by_key(labels), figures: self.texts_by_key(figures), ..words }
    }
}

impl SortKey {
    /// Reads the name of a field; a `-` before it sorts in descending order.
    fn parse(text: &str) -> SortKey {
        match text.strip_prefix('-') {
            Some(field) => SortKey { field: field.to_owned(), is_descending: true },
            None => SortKey { field: text.to_owned(), is_descending: false },
        }
    }
}

/// The limit that a value is for a field of a type; else what the field needs.
fn limit(field_type: Option<&FieldType>, value: &Value) -> Result<FieldLimit, &'static str> {
    let text = text_of(value).unwrap_or_default();
    match field_type {
        Some(FieldType::Date | FieldType::Time) if text == "today" => Ok(FieldLimit::Today),
        Some(FieldType::Date | FieldType::Time) => text
            .parse()
            .map(FieldLimit::Day)
            .map_err(|_| "has a limit that is neither a day such as `2026-11-21` nor `today`"),
        Some(FieldType::Number) => match value {
            Value::Number(_, written) => Ok(FieldLimit::Number(written.clone())),
            _ => Err("has a limit that is no number"),
        },
        Some(FieldType::Period) => {
            Period::parse(&text).map(FieldLimit::Period).ok_or("has a limit that is no period such as `3m`")
        }
        _ => Err("has no limits: it is no field of type `date`, `time`, `number` or `period`"),
    }
}

/// The texts of a list. A single text counts as a list of one.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.iter().filter_map(text_of).collect(),
        value => text_of(value).into_iter().collect(),
    }
}
