//! Registers that a file defines, such as `registers/risks.toml`: tables of pages by their fields, or of entries in texts.
//!
//! Owns [`FieldRegister`], the definition in one file, and [`FieldRegisters`], the built-in definitions together with
//! those of a handbook. `site::registers` fills the tables, and holds the registers that have code of their own.

mod definition;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::kinds::{Kinds, Period};
use crate::lexicon::EntryWords;
use crate::memo::Digest;
use crate::path::FilePath;
use crate::source::{Source, Span};

/// The built-in definitions, in the order within their heading on the overview page.
const BUILT_IN: &[(&str, &str)] = &[
    ("kinds", include_str!("built_in/kinds.toml")),
    ("layers", include_str!("built_in/layers.toml")),
    ("pillars", include_str!("built_in/pillars.toml")),
    ("services", include_str!("built_in/services.toml")),
    ("duties", include_str!("built_in/duties.toml")),
    ("maintenances", include_str!("built_in/maintenances.toml")),
    ("known-errors", include_str!("built_in/known-errors.toml")),
    ("war-stories", include_str!("built_in/war-stories.toml")),
    ("tools", include_str!("built_in/tools.toml")),
    ("upstream", include_str!("built_in/upstream.toml")),
    ("standards", include_str!("built_in/standards.toml")),
    ("groups", include_str!("built_in/groups.toml")),
    ("providers", include_str!("built_in/providers.toml")),
    ("events", include_str!("built_in/events.toml")),
    ("topics", include_str!("built_in/topics.toml")),
    ("wanted", include_str!("built_in/wanted.toml")),
    ("posts", include_str!("built_in/posts.toml")),
    ("categories", include_str!("built_in/categories.toml")),
    ("authors", include_str!("built_in/authors.toml")),
];

/// The name that stands for the kind of a page where a definition names a field.
pub const KIND: &str = "kind";

/// All registers of fields.
#[derive(Debug)]
pub struct FieldRegisters {
    /// The handbook's own registers by name, then the built-in ones.
    pub list: Vec<FieldRegister>,
    /// The words of the registers of entries.
    pub entry_words: Vec<EntryWords>,
    /// The digest of all definitions.
    pub digest: Digest,
}

/// A table of pages by their fields, or of entries in their texts.
#[derive(Debug, Clone, Default, Hash)]
pub struct FieldRegister {
    /// The name in URLs and settings: the file name without its extension.
    pub name: String,
    /// Where the handbook defines it; `None` for a built-in register.
    pub span: Option<Span>,
    /// The texts in English.
    pub text: RegisterWords,
    /// The texts in other languages, by language tag in lower case. English is used for missing texts.
    pub translations: BTreeMap<String, RegisterWords>,
    /// The kinds of the listed pages; empty for all kinds.
    pub kinds: Vec<String>,
    /// The condition that listed pages meet.
    pub filter: Filter,
    /// The words of the entries, if the register lists what pages say instead of the pages.
    pub entries: Option<EntryWords>,
    /// The field whose values have a page each.
    pub each: Option<String>,
    /// The fields in the columns after the first, which is the page itself.
    pub columns: Vec<String>,
    /// The field that divides a page of the register into several tables, with their order.
    pub group: Option<SortKey>,
    /// The fields to sort by, the most important first; empty for the order of the kind.
    pub sort: Vec<SortKey>,
    pub figures: Vec<FigureDefinition>,
    /// The field with the due date, for the calendar.
    pub calendar: Option<String>,
    /// The field of pages that is drawn as a graph.
    pub graph: Option<String>,
    /// Whether there is a feed of the listed pages; with `each`, of each value's pages.
    pub feed: bool,
    /// Whether the home page shows how many pages there are of each value of `each`.
    pub home: bool,
    /// The fields with the begin and end of each page's appointment, for the calendar.
    pub appointments: Option<AppointmentFields>,
}

/// The fields that tell when something takes place. Of several fields, the first that a page has counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AppointmentFields {
    pub begin: Vec<String>,
    pub end: Vec<String>,
}

/// The texts of a register in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct RegisterWords {
    pub title: Option<String>,
    /// What the register is for, one or two sentences.
    pub help: Option<String>,
    /// A word for the values that have a page each, or for an entry.
    pub label: Option<String>,
    /// The headings of columns, by field.
    pub labels: BTreeMap<String, String>,
    /// The labels of figures, by the label in English.
    pub figures: BTreeMap<String, String>,
}

/// What a page must meet, field by field.
pub type Filter = Vec<(String, FieldCondition)>;

/// What a filter asks of a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldCondition {
    /// One of these values.
    OneOf(Vec<String>),
    /// Whether the page has the field.
    IsSet(bool),
    /// A date, a number or a period that is neither below nor above a limit.
    Within { least: Option<FieldLimit>, most: Option<FieldLimit> },
}

/// A limit for the value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldLimit {
    /// The day of the build.
    Today,
    Day(Date),
    /// As it is written.
    Number(String),
    Period(Period),
}

/// A field to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SortKey {
    pub field: String,
    pub is_descending: bool,
}

/// A number above the tables: how many pages meet a condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FigureDefinition {
    pub label: String,
    pub filter: Filter,
    /// The meaning of a number above zero: `good`, `warn` or `bad`.
    pub tone: Option<String>,
}

impl FieldRegisters {
    /// The built-in registers.
    pub fn built_in() -> &'static Arc<FieldRegisters> {
        static REGISTERS: LazyLock<Arc<FieldRegisters>> = LazyLock::new(|| {
            let mut problems = Vec::new();
            let list = definition::read_all(&built_in_sources(), Kinds::built_in(), &mut problems);
            assert!(problems.is_empty(), "the built-in registers are sound: {problems:?}");
            Arc::new(FieldRegisters::new(
                list.into_iter().map(|built_in| FieldRegister { span: None, ..built_in }),
            ))
        });
        &REGISTERS
    }

    /// The built-in registers together with those of a handbook. A file with the name of a built-in register replaces
    /// it.
    pub fn with(own: &[Source], kinds: &Kinds) -> (Arc<FieldRegisters>, Vec<Diagnostic>) {
        let built_in = FieldRegisters::built_in();
        if own.is_empty() {
            return (Arc::clone(built_in), Vec::new());
        }
        let mut problems = Vec::new();
        let mut list = definition::read_all(own, kinds, &mut problems);
        let is_free = |name: &str| own.iter().all(|source| source.path.stem() != name);
        let rest: Vec<_> = built_in.list.iter().filter(|register| is_free(&register.name)).cloned().collect();
        list.extend(rest);
        (Arc::new(FieldRegisters::new(list)), problems)
    }

    fn new(list: impl IntoIterator<Item = FieldRegister>) -> FieldRegisters {
        let list: Vec<FieldRegister> = list.into_iter().collect();
        let entry_words = list.iter().filter_map(|register| register.entries.clone()).collect();
        FieldRegisters { digest: Digest::of_value(&list), entry_words, list }
    }

    /// The register that has a page for each value of a field and lists pages without restriction.
    pub fn by_value_of(&self, field: &str) -> Option<&FieldRegister> {
        let lists_all = |register: &&FieldRegister| register.kinds.is_empty() && register.filter.is_empty();
        self.list.iter().filter(lists_all).find(|register| register.each.as_deref() == Some(field))
    }
}

impl FieldRegister {
    fn find<'a>(
        &'a self,
        language: &str,
        word: impl Fn(&'a RegisterWords) -> Option<&'a String>,
    ) -> Option<&'a str> {
        // `de-AT`, then `de`, then English.
        let primary = language.split('-').next().unwrap_or(language);
        let own =
            [language, primary].into_iter().filter_map(|tag| self.translations.get(&tag.to_lowercase()));
        own.chain([&self.text]).find_map(word).map(String::as_str)
    }

    pub fn title(&self, language: &str) -> &str {
        self.find(language, |words| words.title.as_ref()).unwrap_or(&self.name)
    }

    pub fn help(&self, language: &str) -> &str {
        self.find(language, |words| words.help.as_ref()).unwrap_or_default()
    }

    /// A word for the values that have a page each, or for an entry; the title if the definition has none.
    pub fn label(&self, language: &str) -> &str {
        self.find(language, |words| words.label.as_ref()).unwrap_or_else(|| self.title(language))
    }

    /// The heading of a column, if the definition has one.
    pub fn heading(&self, language: &str, field: &str) -> Option<&str> {
        self.find(language, |words| words.labels.get(field))
    }

    pub fn figure_label<'a>(&'a self, language: &str, figure: &'a FigureDefinition) -> &'a str {
        self.find(language, |words| words.figures.get(&figure.label)).unwrap_or(&figure.label)
    }
}

fn built_in_sources() -> Vec<Source> {
    let source = |(name, text): &(&str, &str)| {
        let path = FilePath::new(&format!("registers/{name}.toml")).expect("names are plain");
        Source::new(path, *text)
    };
    BUILT_IN.iter().map(source).collect()
}
