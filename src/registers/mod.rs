//! Registers of fields: tables of pages that a file defines, such as `registers/risks.toml`.
//!
//! Owns [`FieldRegister`], what such a file may say, and [`FieldRegisters`]: the built-in ones with those of a handbook.
//! Registers of texts have code of their own in `site::registers`. Knows no page.

mod definition;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::config;
use crate::diagnostic::{Diagnostic, nearest};
use crate::kinds::Kinds;
use crate::memo::Digest;
use crate::path::FilePath;
use crate::register_name::RegisterName;
use crate::rules::CONFIG_INVALID;
use crate::source::{Source, Span};

/// The definitions that come with Opsbook, in the order of the overview.
const BUILT_IN: [(&str, &str); 3] = [
    ("kinds", include_str!("built_in/kinds.toml")),
    ("layers", include_str!("built_in/layers.toml")),
    ("pillars", include_str!("built_in/pillars.toml")),
];

/// The key in `each` and `group` that stands for the kind of a page.
pub const KIND: &str = "kind";

/// Every register of fields.
#[derive(Debug)]
pub struct FieldRegisters {
    /// The handbook's own by name, then the built-in ones.
    pub list: Vec<FieldRegister>,
    /// The digest of all definitions.
    pub digest: Digest,
}

/// A table of pages by their fields.
#[derive(Debug, Clone, Default, Hash)]
pub struct FieldRegister {
    /// In addresses and settings: the name of the file.
    pub name: String,
    /// Where a handbook defines it; `None` where it is built in.
    pub span: Option<Span>,
    /// In English.
    pub text: RegisterWords,
    /// In other languages, by their tags in lower case. What is missing is said in English.
    pub translations: BTreeMap<String, RegisterWords>,
    /// Kinds of the pages that it lists; empty for all.
    pub kinds: Vec<String>,
    /// Only pages that fit.
    pub filter: Filter,
    /// The field of which each value has a page of its own.
    pub each: Option<String>,
    /// The columns after the page itself.
    pub columns: Vec<String>,
    /// The field by which a page of the register is divided into tables.
    pub group: Option<String>,
    /// Fields to sort by, the most important first; none for the order of the kind.
    pub sort: Vec<SortKey>,
    pub figures: Vec<FigureDefinition>,
    /// The field with the day until which something is to be done.
    pub calendar: Option<String>,
}

/// What a register says in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct RegisterWords {
    pub title: Option<String>,
    /// What this is, one or two sentences.
    pub help: Option<String>,
    /// What each page of a value is, in a word.
    pub label: Option<String>,
    /// Headings of columns, by field.
    pub labels: BTreeMap<String, String>,
    /// Labels of figures, by what they are called in English.
    pub figures: BTreeMap<String, String>,
}

/// Fields that a page must have, each with one of these values.
pub type Filter = Vec<(String, Vec<String>)>;

/// A field to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SortKey {
    pub field: String,
    pub is_descending: bool,
}

/// A number above the tables: how many pages fit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FigureDefinition {
    pub label: String,
    pub filter: Filter,
    /// `good`, `warn` or `bad`: how it is that there are any.
    pub tone: Option<String>,
}

impl FieldRegisters {
    /// Those that come with Opsbook.
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

    /// The built-in registers with those of a handbook. A file with the name of a built-in one takes its place.
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

    /// Reports names that settings switch off, and that no register has.
    pub fn check_off(&self, settings: &config::RegisterSettings) -> Vec<Diagnostic> {
        let Some(span) = &settings.off_at else { return Vec::new() };
        let mut names: Vec<&str> = RegisterName::ALL.map(RegisterName::as_str).to_vec();
        names.extend(self.list.iter().map(|register| register.name.as_str()));
        names.sort_unstable();
        let unknown = settings.off.iter().filter(|name| !names.contains(&name.as_str()));
        let problem = |name: &String| {
            let help = match nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the registers are `{}`", names.join("`, `")),
            };
            Diagnostic::new(&CONFIG_INVALID, span.clone(), format!("there is no register `{name}`"))
                .help(help)
        };
        unknown.map(problem).collect()
    }

    fn new(list: impl IntoIterator<Item = FieldRegister>) -> FieldRegisters {
        let list: Vec<FieldRegister> = list.into_iter().collect();
        FieldRegisters { digest: Digest::of_value(&list), list }
    }

    /// The register that lists all pages by the values of a field.
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

    /// What each page of a value is, in a word.
    pub fn label(&self, language: &str) -> &str {
        self.find(language, |words| words.label.as_ref()).unwrap_or_else(|| self.title(language))
    }

    /// The heading of a column, where the definition has one.
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
