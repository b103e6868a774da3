//! Reads definitions of kinds, `kinds/NAME.toml`.
//!
//! Owns the keys of a definition, and how a handbook's own file extends a built-in one. Every problem is reported at
//! its position. Wrong values are ignored, so that the pages are checked too.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::built_in::COMMON;
use super::cross_checks::{self, ClaimSubject, DefinitionClaim};
use super::protected_fields;
use super::{
    ComputedResult, ComputedValue, Field, FieldType, Kind, KindSection, Kinds, PLACES, PageOrder, Period,
    Required, ValueMark,
};
use crate::diagnostic::Diagnostic;
use crate::fields::{self, FieldEntry as Written, FieldReader, FieldRules, Value, text_of};
use crate::memo::Digest;
use crate::path::{FilePath, segment};
use crate::rules::KIND_DEFINITION;
use crate::source::{Source, Span};

/// The values of `type =`, without `choice` and `record`, which need further keys.
const FIELD_TYPES: &[(&str, FieldType)] = &[
    ("text", FieldType::Text),
    ("flag", FieldType::Flag),
    ("number", FieldType::Number),
    ("date", FieldType::Date),
    ("time", FieldType::Time),
    ("period", FieldType::Period),
    ("url", FieldType::Url),
    ("license", FieldType::License),
    ("control", FieldType::Control),
    ("calendar-event", FieldType::CalendarEvent),
    ("page", FieldType::Page),
    ("file", FieldType::File),
    ("map", FieldType::Map),
];

/// The name of a type in `type =`.
fn name_of_type(field_type: &FieldType) -> &'static str {
    let named = FIELD_TYPES.iter().find(|(_, known)| known == field_type);
    named.map_or("record", |(name, _)| name)
}

/// Reads all definitions. Those in `own` add kinds or extend the built-in ones.
pub(super) fn all(built_in: &[Source], own: &[Source]) -> (Kinds, Vec<Diagnostic>) {
    let mut reading = DefinitionLoader { own, ..DefinitionLoader::default() };
    for source in built_in.iter().chain(own) {
        reading.add(source);
    }
    let common = reading.files.remove(COMMON).map(|files| reading.merged(Kind::named(COMMON), files));
    let Kind { fields: common, words: common_words, .. } = common.unwrap_or_else(|| Kind::named(COMMON));
    while let Some(name) = reading.files.keys().next().cloned() {
        reading.kind(&name);
    }
    let DefinitionLoader { kinds, mut claims, named_registers, mut diagnostics, .. } = reading;
    // The built-in definitions are sound by themselves, so only claims in the handbook's own files are checked.
    claims.retain(|claim| own.is_empty() || own.iter().any(|source| source.path == claim.span.file));
    diagnostics.extend(cross_checks::check(&claims, &kinds, &common));
    let digest = Digest::of_value(&(&kinds, &common, &common_words));
    let kinds = kinds.into_iter().map(|(name, kind)| (name, Arc::new(kind))).collect();
    (Kinds { kinds, common: common.into(), common_words, named_registers, digest }, diagnostics)
}

/// One file with its entries as written.
type DefinitionFile<'a> = (&'a Source, Vec<Written>);

/// Reads definitions in the order that `like` needs: the kind that another kind is like is read first.
#[derive(Default)]
struct DefinitionLoader<'a> {
    /// The files that are still to be read, by kind.
    files: BTreeMap<String, Vec<DefinitionFile<'a>>>,
    /// The handbook's own files.
    own: &'a [Source],
    kinds: BTreeMap<String, Kind>,
    claims: Vec<DefinitionClaim>,
    named_registers: Vec<(String, Span)>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> DefinitionLoader<'a> {
    fn add(&mut self, source: &'a Source) {
        let name = source.path.stem();
        if segment(name) == name {
            let written = fields::toml::read(source, &KIND_DEFINITION, &mut self.diagnostics);
            return self.files.entry(name.to_owned()).or_default().push((source, written));
        }
        let message = format!("`{name}` cannot be the name of a kind");
        let problem = Diagnostic::new(&KIND_DEFINITION, Span::start_of(&source.path), message);
        self.diagnostics.push(problem.help("use lower-case letters, digits and `-` in the file's name"));
    }

    /// Reads a kind, and before it the kind that it is like.
    fn kind(&mut self, name: &str) {
        // The files are removed first, so that kinds that are like each other do not recurse forever.
        let Some(files) = self.files.remove(name) else { return };
        let like = |(source, written): &DefinitionFile<'a>| {
            let field = written.iter().find(|field| field.key == "like")?;
            Some((Span::new(&source.path, field.at.clone()), text_of(&field.value)?))
        };
        let kind = match files.iter().find_map(like) {
            Some((span, other)) => self.like(name, span, &other),
            None => Kind::named(name),
        };
        let kind = self.merged(kind, files);
        self.kinds.insert(name.to_owned(), kind);
    }

    /// A new kind with the properties of the kind `other`.
    fn like(&mut self, name: &str, span: Span, other: &str) -> Kind {
        self.kind(other);
        let Some(base) = self.kinds.get(other).cloned() else {
            let message = format!("there is no kind `{other}`, or it is itself like this one");
            self.diagnostics.push(Diagnostic::new(&KIND_DEFINITION, span, message));
            return Kind::named(name);
        };
        // Names, help and folder are not inherited. An alias, for example, may belong to one kind only.
        let Kind { name, title, plural, .. } = Kind::named(name);
        let words = base.words.into_iter().map(|(language, words)| (language, words.of_fields())).collect();
        let (help, folder, aliases, known_as) = (String::new(), String::new(), Vec::new(), Vec::new());
        Kind { name, title, plural, help, folder, aliases, known_as, words, ..base }
    }

    fn merged(&mut self, mut kind: Kind, files: Vec<DefinitionFile<'a>>) -> Kind {
        for (source, written) in files {
            if self.own.iter().any(|own| std::ptr::eq(own, source)) {
                self.diagnostics.extend(protected_fields::changes(&source.path, &written));
            }
            self.named_registers.extend(named_registers(source, &written));
            let claims = kind.extend(source, written, &mut self.diagnostics);
            // A handbook may remove values that built-in translations and marks name, so such claims of built-in
            // definitions are dropped.
            let own = self.own.is_empty() || self.own.iter().any(|own| std::ptr::eq(own, source));
            self.claims.extend(claims.into_iter().filter(|claim| own || !claim.about.is_about_values()));
        }
        kind
    }
}

/// The registers that a definition names, with their places.
fn named_registers(source: &Source, written: &[Written]) -> Vec<(String, Span)> {
    let Some(field) = written.iter().find(|field| field.key == "registers") else { return Vec::new() };
    let Value::List(items) = &field.value else { return Vec::new() };
    let span = Span::new(&source.path, field.at.clone());
    items.iter().filter_map(text_of).map(|name| (name, span.clone())).collect()
}

/// A field or section with the name of the one that it follows, if the definition names one.
type PlacedAfter<T> = (T, Option<String>);

/// Adds items to a list. An item replaces the one with the same name. A new item follows the one that it names, or goes
/// to the end.
fn merge<T>(into: &mut Vec<T>, added: Vec<PlacedAfter<T>>, name: impl Fn(&T) -> String) {
    for (item, after) in added {
        if let Some(known) = into.iter_mut().find(|known| name(known) == name(&item)) {
            *known = item;
            continue;
        }
        let before =
            after.and_then(|after| into.iter().position(|known| name(known) == after.to_lowercase()));
        into.insert(before.map_or(into.len(), |before| before + 1), item);
    }
}

/// Items that name no other item to follow.
fn anywhere<T>(items: Vec<T>) -> Vec<PlacedAfter<T>> {
    items.into_iter().map(|item| (item, None)).collect()
}

impl Kind {
    fn named(name: &str) -> Kind {
        let title = capital(name);
        Kind {
            name: name.to_owned(),
            plural: format!("{title}s"),
            title,
            help: String::new(),
            folder: String::new(),
            dated: false,
            order: None,
            plain_names: false,
            checklist: false,
            home: None,
            template: None,
            linked_as: None,
            search_percent: 100,
            review_every: None,
            registers: Vec::new(),
            ignored_keys: Vec::new(),
            known_as: Vec::new(),
            aliases: Vec::new(),
            opening: String::new(),
            fields: Vec::new(),
            sections: Vec::new(),
            lists: Vec::new(),
            words: BTreeMap::new(),
        }
    }

    /// Applies a file to the kind. Keys that the file does not have keep their value. Returns the claims to check when
    /// all files have been read.
    fn extend(
        &mut self,
        source: &Source,
        written: Vec<Written>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<DefinitionClaim> {
        let mut file =
            KindDefinition { file: &source.path, kind: &self.name.clone(), diagnostics, claims: Vec::new() };
        let mut kind = file.reader(written);
        let (title, plural) = (kind.text(&["title"]), kind.text(&["plural"]));
        let _read_before = kind.text(&["like"]);
        // A new title also gives a new plural, unless the file has one.
        if let Some(title) = title {
            self.plural = format!("{title}s");
            self.title = title;
        }
        self.plural = plural.unwrap_or(std::mem::take(&mut self.plural));
        self.help = kind.text(&["help"]).unwrap_or(std::mem::take(&mut self.help));
        self.opening = kind.text(&["opening"]).unwrap_or(std::mem::take(&mut self.opening));
        let beneath = |text: &str| FilePath::new(text).is_some();
        let folder =
            kind.text_where(&["folder"], "a folder beneath the content, such as `runbooks`", beneath);
        self.folder = folder.unwrap_or(std::mem::take(&mut self.folder)).trim_matches('/').to_owned();
        self.dated = kind.flag(&["dated"]).unwrap_or(self.dated);
        let order = |text: &str| PageOrder::parse(text).is_some();
        let order = kind.text_where(&["order"], &one_of(&PageOrder::NAMES), order);
        self.order = order.as_deref().and_then(PageOrder::parse).or(self.order);
        self.plain_names = kind.flag(&["plain_names"]).unwrap_or(self.plain_names);
        self.checklist = kind.flag(&["checklist"]).unwrap_or(self.checklist);
        let place = |text: &str| PLACES.contains(&text);
        self.home = kind.text_where(&["home"], &one_of(&PLACES), place).or(self.home.take());
        self.template = kind.text(&["template"]).or(self.template.take());
        self.linked_as = kind.text(&["linked_as"]).or(self.linked_as.take());
        let is_weight = |text: &str| percent_of_weight(text).is_some();
        let weight = kind.text_where(&["search_weight"], "a number from 0.1 to 3", is_weight);
        self.search_percent = weight.as_deref().and_then(percent_of_weight).unwrap_or(self.search_percent);
        let period = |text: &str| Period::parse(text).is_some();
        let every = kind.text_where(&["review_every"], PERIOD, period);
        self.review_every = every.as_deref().and_then(Period::parse).or(self.review_every);
        merge(&mut self.registers, anywhere(kind.texts(&["registers"])), Clone::clone);
        merge(&mut self.ignored_keys, anywhere(kind.texts(&["let_through"])), Clone::clone);
        merge(&mut self.known_as, anywhere(kind.texts(&["known_as"])), Clone::clone);
        let (aliases, fields, sections) =
            (kind.map(&["aliases"]), kind.map(&["fields"]), kind.take(&["sections"]));
        let (translations, lists) = (kind.map(&["translations"]), kind.take(&["lists"]));
        kind.finish(&[]);
        for (language, words) in file.translations(translations) {
            self.words.entry(language).or_default().extend(words);
        }
        let aliases = aliases.into_iter().map(|alias| file.alias(alias)).collect();
        merge(&mut self.aliases, anywhere(aliases), |(name, _)| name.clone());
        merge(&mut self.fields, file.fields(fields), |field| field.name.clone());
        let sections = sections.map(|sections| file.sections(sections)).unwrap_or_default();
        let lists = lists.map(|lists| file.lists(&lists)).unwrap_or_default();
        merge(&mut self.lists, anywhere(lists), |list| list.title.clone());
        merge(&mut self.sections, sections, |section| section.heading.to_lowercase());
        file.claims
    }
}

/// A weight in the search in per cent: 115 for `1.15`. A page that counts ten times as much would hide all others.
fn percent_of_weight(text: &str) -> Option<u32> {
    let weight: f64 = text.parse().ok().filter(|weight| (0.1..=3.0).contains(weight))?;
    Some((weight * 100.0).round() as u32)
}

/// The allowed values as a phrase: "`a`, `b` or `c`".
fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (last, rest) = quoted.split_last().expect("a choice has names");
    format!("{} or {last}", rest.join(", "))
}

/// The form of a period, for messages.
pub(super) const PERIOD: &str = "a number with d, w, m or y, such as `6m`";

/// Reads one file.
pub(super) struct KindDefinition<'a> {
    file: &'a FilePath,
    kind: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// The claims to check when all files have been read.
    claims: Vec<DefinitionClaim>,
}

impl KindDefinition<'_> {
    pub(super) fn reader(&mut self, fields: Vec<Written>) -> FieldReader<'_> {
        let reports = FieldRules { unknown: &KIND_DEFINITION, wrong: &KIND_DEFINITION };
        FieldReader::new(self.file, reports, fields, self.diagnostics)
    }

    pub(super) fn wrong(&mut self, field: &Written, message: String) {
        let span = Span::new(self.file, field.at.clone());
        self.diagnostics.push(Diagnostic::new(&KIND_DEFINITION, span, message));
    }

    pub(super) fn claim(&mut self, field: &Written, about: ClaimSubject) {
        self.claim_field(field, &field.key, about);
    }

    /// Adds a claim about the field `name`, which is written at `at`.
    pub(super) fn claim_field(&mut self, at: &Written, name: &str, about: ClaimSubject) {
        let span = Span::new(self.file, at.at.clone());
        self.claims.push(DefinitionClaim { span, kind: self.kind.to_owned(), name: name.to_owned(), about });
    }

    fn alias(&mut self, alias: Written) -> (String, Vec<(String, String)>) {
        let Value::Map(values) = &alias.value else {
            self.wrong(&alias, format!("`{}` must be a table of fields and values, or `{{}}`", alias.key));
            return (alias.key, Vec::new());
        };
        let value = |field: &Written| Some((field.key.clone(), text_of(&field.value)?));
        let set: Vec<(String, String)> = values.iter().filter_map(value).collect();
        self.claim(&alias, ClaimSubject::Alias);
        for field in values {
            self.claim(field, ClaimSubject::Values(text_of(&field.value).into_iter().collect()));
        }
        (alias.key, set)
    }

    fn fields(&mut self, fields: Vec<Written>) -> Vec<PlacedAfter<Field>> {
        fields.into_iter().filter_map(|field| self.field(field)).collect()
    }

    fn field(&mut self, written: Written) -> Option<PlacedAfter<Field>> {
        let Value::Map(parts) = written.value else {
            self.wrong(
                &written,
                format!("`{}` must be a table such as `{{ type = \"text\" }}`", written.key),
            );
            return None;
        };
        let mut field = self.reader(parts);
        let written_type = field.take(&["type"]);
        let values = field.take(&["values"]);
        let inner = field.map(&["fields"]);
        let (required, after) = (field.take(&["required"]), field.text(&["after"]));
        let (wanted, forbidden) = (field.take(&["wanted"]), field.take(&["forbidden"]));
        let (computed, marks) = (field.take(&["computed"]), field.map(&["marks"]));
        let invite_section = field.take(&["invite_section"]);
        let (not_before, day_of, by) =
            (field.take(&["not_before"]), field.take(&["day_of"]), field.take(&["by"]));
        let is_whole = |text: &str| text.parse::<i64>().is_ok();
        let mut bound = |key| field.text_where(&[key], "a whole number", is_whole)?.parse().ok();
        let (least, most) = (bound("least"), bound("most"));
        let read = Field {
            also: field.texts(&["also"]),
            label: field.text(&["label"]).unwrap_or_else(|| capital(&written.key)),
            help: field.text(&["help"]).unwrap_or_default(),
            list: field.flag(&["list"]).unwrap_or(false),
            default: field.text(&["default"]),
            example: field.text(&["example"]),
            shown: field.flag(&["shown"]).unwrap_or(true),
            empty: field.text(&["empty"]),
            expires: field.flag(&["expires"]).unwrap_or(false),
            in_name: field.flag(&["in_name"]).unwrap_or(false),
            least,
            most,
            lead: field.flag(&["lead"]).unwrap_or(false),
            facet: field.flag(&["facet"]).unwrap_or(false),
            grouped_by: field.text(&["grouped_by"]),
            invite: field.text(&["invite"]),
            invite_section: None,
            board: field.flag(&["board"]).unwrap_or(false),
            computed: Vec::new(),
            marks: Vec::new(),
            field_type: FieldType::Text,
            required: Required::Never,
            wanted: Required::Never,
            forbidden: Required::Never,
            not_before: None,
            day_of: None,
            by: None,
            name: written.key,
        };
        field.finish(&[]);
        let (required, wanted, forbidden) =
            (self.required(required), self.required(wanted), self.required(forbidden));
        let not_before = self.named_field(not_before, ClaimSubject::Date);
        let day_of = self.named_field(day_of, ClaimSubject::Date);
        let by = self.named_field(by, ClaimSubject::Values(Vec::new()));
        let invite_section = self.named_field(invite_section, ClaimSubject::Section);
        // Conditions within a record name the record's own fields. The checks would look for them in the page, so their
        // claims are dropped.
        let claims = self.claims.len();
        let inner: Vec<Field> = self.fields(inner).into_iter().map(|(field, _)| field).collect();
        self.claims.truncate(claims);
        if inner.iter().any(Field::is_compared) {
            let span = Span::new(self.file, written.at.clone());
            let message = format!("a field in `{}` is compared with others of the page", read.name);
            let help = "use `wanted`, `forbidden`, `not_before`, `day_of` and `by` outside of records only";
            self.diagnostics.push(Diagnostic::new(&KIND_DEFINITION, span, message).help(help));
        }
        let field_type = self.field_type(written_type, values, inner)?;
        self.check_table(&read, &field_type, &written.at);
        self.check_keys_of_types(&read, &field_type, &written.at);
        self.check_bounds(&read, &written.at);
        let computed = match computed {
            Some(computed) => self.computed(&read.name, &field_type, computed),
            None => Vec::new(),
        };
        let marks = self.marks(&read.name, marks);
        let compared = Field { required, wanted, forbidden, not_before, day_of, by, invite_section, ..read };
        Some((Field { field_type, computed, marks, ..compared }, after))
    }

    /// Reports keys that the type of a field does not have.
    fn check_keys_of_types(&mut self, field: &Field, field_type: &FieldType, at: &Range<usize>) {
        for (key, is_set, wanted) in [
            ("expires", field.expires, FieldType::Date),
            ("in_name", field.in_name, FieldType::Date),
            ("least", field.least.is_some(), FieldType::Number),
            ("most", field.most.is_some(), FieldType::Number),
        ] {
            if is_set && *field_type != wanted {
                let wanted = name_of_type(&wanted);
                let span = Span::new(self.file, at.clone());
                let message = format!("`{}` has `{key}`, and is not a {wanted}", field.name);
                let problem = Diagnostic::new(&KIND_DEFINITION, span, message);
                let help = format!("write `type = \"{wanted}\"`, or leave `{key}` out");
                self.diagnostics.push(problem.help(help));
            }
        }
    }

    /// Reports bounds that no number keeps.
    fn check_bounds(&mut self, field: &Field, at: &Range<usize>) {
        let (Some(least), Some(most)) = (field.least, field.most) else { return };
        if least > most {
            let span = Span::new(self.file, at.clone());
            let message =
                format!("`{}` has no possible value: `least` is {least}, and `most` {most}", field.name);
            self.diagnostics.push(Diagnostic::new(&KIND_DEFINITION, span, message).help("exchange the two"));
        }
    }

    /// The name of another field or a section of the page, which is checked when all definitions have been read.
    fn named_field(&mut self, written: Option<Written>, about: ClaimSubject) -> Option<String> {
        let written = written?;
        let Some(name) = text_of(&written.value) else {
            self.wrong(&written, format!("`{}` must be a name", written.key));
            return None;
        };
        self.claim_field(&written, &name, about);
        Some(name)
    }

    /// Reports keys of a table that the records do not fit.
    fn check_table(&mut self, field: &Field, field_type: &FieldType, at: &Range<usize>) {
        let columns = match field_type {
            FieldType::Record(columns) if field.list => columns.to_vec(),
            _ => Vec::new(),
        };
        let has = |name: &str| columns.iter().any(|column| column.name == name);
        let is_choice = |name: &String| {
            let is_it = |column: &&Field| column.name == *name;
            columns.iter().find(is_it).is_some_and(|column| matches!(column.field_type, FieldType::Choice(_)))
        };
        let message = if field.grouped_by.as_ref().is_some_and(|name| !is_choice(name)) {
            format!("`grouped_by` of `{}` must name a choice in its records", field.name)
        } else if field.board && !["title", "votes", "state"].into_iter().all(has) {
            format!("`{}` is not a board: its records need `title`, `votes` and `state`", field.name)
        } else if field.invite.is_some() && columns.is_empty() {
            format!("`invite` of `{}` needs a list of records", field.name)
        } else {
            return;
        };
        let span = Span::new(self.file, at.clone());
        self.diagnostics.push(Diagnostic::new(&KIND_DEFINITION, span, message));
    }

    /// The type of a field. Default: text. `None` if the type is wrong; the field is ignored then.
    fn field_type(
        &mut self,
        written: Option<Written>,
        values: Option<Written>,
        inner: Vec<Field>,
    ) -> Option<FieldType> {
        let Some(written) = written else { return Some(FieldType::Text) };
        let name = text_of(&written.value).unwrap_or_default();
        match name.as_str() {
            "record" => return Some(FieldType::Record(inner.into())),
            "choice" => return self.choice(&written, values),
            _ => {}
        }
        let known = FIELD_TYPES.iter().find(|(known, _)| *known == name);
        if known.is_none() {
            let names: Vec<&str> =
                FIELD_TYPES.iter().map(|(name, _)| *name).chain(["choice", "record"]).collect();
            let span = Span::new(self.file, written.at.clone());
            let mut problem = Diagnostic::new(&KIND_DEFINITION, span, format!("there is no type `{name}`"));
            problem.help = Some(format!("use one of {}", names.join(", ")).into());
            self.diagnostics.push(problem);
        }
        known.map(|(_, field_type)| field_type.clone())
    }

    /// A choice. `values` is a list of values, or a table of values with their help.
    fn choice(&mut self, written: &Written, values: Option<Written>) -> Option<FieldType> {
        let choices = values.and_then(|values| match values.value {
            Value::List(items) => items.iter().map(|item| Some((text_of(item)?, String::new()))).collect(),
            Value::Map(items) => {
                items.into_iter().map(|item| Some((item.key, text_of(&item.value)?))).collect()
            }
            _ => None,
        });
        let choices: Option<Vec<(String, String)>> = choices.filter(|values: &Vec<_>| !values.is_empty());
        if choices.is_none() {
            self.wrong(
                written,
                "a choice needs `values`: a list, or a table with the help of each".to_owned(),
            );
        }
        choices.map(FieldType::Choice)
    }

    fn required(&mut self, required: Option<Written>) -> Required {
        let Some(written) = required else { return Required::Never };
        match &written.value {
            Value::Flag(true) => Required::Always,
            Value::Flag(false) => Required::Never,
            Value::Map(conditions) => Required::Where(self.conditions(conditions)),
            _ => {
                let example = "`true`, `false` or a condition such as `{ status = [\"stable\"] }`";
                self.wrong(&written, format!("`{}` must be {example}", written.key));
                Required::Never
            }
        }
    }

    /// Fields, each with the values that it may have.
    fn conditions(&mut self, written: &[Written]) -> Vec<(String, Vec<String>)> {
        let mut conditions = Vec::new();
        for field in written {
            let values: Vec<String> = match &field.value {
                Value::List(items) => items.iter().filter_map(text_of).collect(),
                value => text_of(value).into_iter().collect(),
            };
            self.claim(field, ClaimSubject::Values(values.clone()));
            conditions.push((field.key.clone(), values));
        }
        conditions
    }

    /// The values of the field `name` that have a meaning for the program.
    fn marks(&mut self, name: &str, written: Vec<Written>) -> Vec<(ValueMark, Vec<String>)> {
        let mut marks = Vec::new();
        for entry in written {
            let Some(mark) = ValueMark::named(&entry.key) else {
                let span = Span::new(self.file, entry.at.clone());
                let names = ValueMark::ALL.map(ValueMark::as_str);
                let problem =
                    Diagnostic::new(&KIND_DEFINITION, span, format!("there is no mark `{}`", entry.key));
                self.diagnostics.push(problem.help(format!("use {}", one_of(&names))));
                continue;
            };
            let values: Vec<String> = match &entry.value {
                Value::List(items) => items.iter().filter_map(text_of).collect(),
                value => text_of(value).into_iter().collect(),
            };
            self.claim_field(&entry, name, ClaimSubject::Marked(values.clone()));
            marks.push((mark, values));
        }
        marks
    }

    /// The possible values of a computed field: a list of tables with a value or a day, and its conditions.
    fn computed(&mut self, name: &str, field_type: &FieldType, written: Written) -> Vec<ComputedValue> {
        if !matches!(field_type, FieldType::Choice(_) | FieldType::Date) {
            let message = format!("`{name}` cannot be computed: it is neither a choice nor a date");
            let problem = Diagnostic::new(&KIND_DEFINITION, Span::new(self.file, written.at), message);
            let help = "write `type = \"choice\"` with its `values`, or `type = \"date\"`";
            self.diagnostics.push(problem.help(help));
            return Vec::new();
        }
        let Value::List(items) = &written.value else {
            let example = "`computed = [{ value = \"effective\", from = \"stabilized_at\" }]`";
            self.wrong(&written, format!("`computed` must be a list such as {example}"));
            return Vec::new();
        };
        let mut values = Vec::new();
        for item in items {
            let Value::Map(parts) = item else {
                let key = result_key(field_type);
                self.wrong(&written, format!("each item of `computed` must be a table with a `{key}`"));
                continue;
            };
            values.extend(self.computed_value(name, field_type, &written, parts));
        }
        values
    }

    /// One item of `computed`. `name` is the field's name.
    fn computed_value(
        &mut self,
        name: &str,
        field_type: &FieldType,
        computed: &Written,
        parts: &[Written],
    ) -> Option<ComputedValue> {
        let mut item = self.reader(parts.to_vec());
        let key = result_key(field_type);
        let plus = if *field_type == FieldType::Date { item.text(&["plus"]) } else { None };
        let (result, conditions) = (item.text(&[key]), item.take(&["where"]));
        let (from, after, before) = (item.text(&["from"]), item.text(&["after"]), item.text(&["before"]));
        let until = item.text(&["until"]);
        item.finish(&[]);
        // Problems are reported at the key that has them.
        let part = |key: &str| parts.iter().find(|part| part.key == key).unwrap_or(computed);
        for (key, date) in [("from", &from), ("after", &after), ("before", &before), ("until", &until)] {
            if let Some(date) = date {
                self.claim_field(part(key), date, ClaimSubject::Date);
            }
        }
        let conditions = match conditions {
            None => Vec::new(),
            Some(Written { value: Value::Map(conditions), .. }) => self.conditions(&conditions),
            Some(wrong) => {
                let message = "`where` must be a table such as `{ status = [\"stable\"] }`";
                self.wrong(&wrong, message.to_owned());
                Vec::new()
            }
        };
        let Some(result) = result else {
            if parts.iter().all(|part| part.key != key) {
                let place = parts.first().unwrap_or(computed);
                self.wrong(place, format!("an item of `computed` has no `{key}`"));
            }
            return None;
        };
        let result = if *field_type == FieldType::Date {
            self.claim_field(part(key), &result, ClaimSubject::Date);
            if let Some(period) = &plus {
                self.claim_field(part("plus"), period, ClaimSubject::Period);
            }
            ComputedResult::Day { date: result, plus }
        } else {
            self.claim_field(part(key), name, ClaimSubject::Values(vec![result.clone()]));
            ComputedResult::Choice(result)
        };
        Some(ComputedValue { result, from, after, before, until, conditions })
    }

    fn sections(&mut self, written: Written) -> Vec<PlacedAfter<KindSection>> {
        let Value::List(items) = &written.value else {
            self.wrong(&written, "sections are written as `[[sections]]`".to_owned());
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items {
            let Value::Map(parts) = item.clone() else { continue };
            let mut section = self.reader(parts);
            let (heading, required) = (section.text(&["heading"]), section.take(&["required"]));
            let after = section.text(&["after"]);
            let read = KindSection {
                heading: heading.clone().unwrap_or_default(),
                also: section.texts(&["also"]),
                known: Vec::new(),
                initials: 0,
                required: Required::Never,
                help: section.text(&["help"]).unwrap_or_default(),
                blameless: section.flag(&["blameless"]).unwrap_or(false),
                offered: section.flag(&["offered"]).unwrap_or(false),
                text: section.text(&["text"]).unwrap_or_default().trim().to_owned(),
            };
            section.finish(&[]);
            if heading.is_none() {
                self.wrong(&written, "a section has no `heading`".to_owned());
                continue;
            }
            let required = self.required(required);
            let known: Vec<String> = read.names().map(super::sections::plain).collect();
            let initials = super::sections::initials(&known);
            sections.push((KindSection { required, known, initials, ..read }, after));
        }
        sections
    }
}

/// The key in an item of `computed` that says what the field gets.
fn result_key(field_type: &FieldType) -> &'static str {
    if *field_type == FieldType::Date { "day" } else { "value" }
}

/// Names that are spelled with more than one capital.
const SPELT: [&str; 3] = ["IaaS", "PaaS", "SaaS"];

/// A name as a label: `next_update` becomes `Next update`.
pub fn capital(name: &str) -> String {
    if let Some(spelt) = SPELT.into_iter().find(|spelt| spelt.to_lowercase() == name) {
        return spelt.to_owned();
    }
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
