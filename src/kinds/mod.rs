//! Kinds of pages as data: which fields and sections a runbook, an analysis or a page of minutes has.
//!
//! Owns the definitions ([`Kinds`]), how they are read from `kinds/NAME.toml`, and what a page's front matter and
//! headings must be by them. Must not know any kind by name: what is special about one is computed elsewhere.

mod built_in;
mod cross_checks;
mod definition;
mod field_values;
mod kind_texts;
mod new_page;
mod order;
mod protected_fields;
mod reference;
mod schema;
mod sections;
mod translations;
mod typed_front_matter;
mod values;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::diagnostic::{Diagnostic, nearest};
use crate::memo::Digest;
use crate::source::Source;

pub use definition::capital;
pub use field_values::FieldValue;
pub use kind_texts::{KindTexts, KindWording};
pub use new_page::NewPage;
pub use order::PageOrder;
pub use sections::check as check_sections;
pub use typed_front_matter::{FieldSource, UnknownKeys, expected, meant, read, unknown, value};
pub use values::{DurationUnit, Moment, PageFields, Period, Record, TypedValue};

/// The places on the home page, in its order: what is broken, how we work, what we learned, what is agreed, who we are.
pub const PLACES: [&str; 5] = ["broken", "work", "learned", "agreed", "who"];

/// Every kind of a handbook, and the fields that all of them have.
#[derive(Debug)]
pub struct Kinds {
    kinds: BTreeMap<String, Arc<Kind>>,
    /// Fields of every page, in the order of the documentation.
    pub common: Arc<[Field]>,
    /// What those are called in other languages.
    pub common_words: BTreeMap<String, KindTexts>,
    /// The digest of all definitions.
    pub digest: Digest,
}

/// Fields and the values that an alias of a kind stands for.
pub type Presets = [(String, String)];

/// One kind of page.
#[derive(Debug, Clone, Hash)]
pub struct Kind {
    pub name: String,
    /// For readers: `Runbook`.
    pub title: String,
    /// For readers: `Runbooks`.
    pub plural: String,
    /// What it is for, one sentence.
    pub help: String,
    /// Where `opsbook new` puts it, beneath the content folder; empty for the folder itself.
    pub folder: String,
    /// Whether a file's name begins with the day.
    pub dated: bool,
    /// How its pages stand in a section; see [`Kind::order`].
    order: Option<PageOrder>,
    /// Whether readers tick its steps.
    pub checklist: bool,
    /// Where its pages stand on the home page: one of [`PLACES`].
    pub home: Option<String>,
    /// The theme's template, where it is not that of every page.
    pub template: Option<String>,
    /// What stands before links from pages of this kind: `Discussed in`.
    pub linked_as: Option<String>,
    /// How often somebody should look whether it still holds.
    pub review_every: Option<Period>,
    /// The names of the registers that it feeds.
    pub registers: Vec<String>,
    /// Keys of front matter that pass unread; `*` matches any text where the handbook uses no levels.
    pub let_through: Vec<String>,
    /// Words that people use for it elsewhere; no page may give them as its kind.
    pub known_as: Vec<String>,
    /// Other names, and the values of fields that each stands for.
    pub aliases: Vec<(String, Vec<(String, String)>)>,
    /// What to write before the first section, one sentence.
    pub opening: String,
    /// Without the common ones.
    pub fields: Vec<Field>,
    pub sections: Vec<KindSection>,
    /// What all of it is called in other languages, by their tags in lower case.
    pub words: BTreeMap<String, KindTexts>,
}

/// One field of front matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    pub name: String,
    /// Other spellings of the key.
    pub also: Vec<String>,
    /// What readers see before the value; the name with a capital where the definition says nothing.
    pub label: String,
    /// One sentence.
    pub help: String,
    pub sort: FieldType,
    pub list: bool,
    pub required: Required,
    /// What absence means.
    pub default: Option<String>,
    /// As written in YAML.
    pub example: Option<String>,
    /// Whether the page shows it as it is; what is read or shown in another way is not.
    pub shown: bool,
    /// What the page says where the field is absent or empty.
    pub empty: Option<String>,
    /// Of a date: whether what stands beside it holds no longer once that day is past.
    pub expires: bool,
    /// Whether it stands in the strip at the top of the page, for readers who have a moment.
    pub lead: bool,
    /// Whether search filters by it.
    pub facet: bool,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldType {
    Text,
    /// One of these; each with its help, which may be empty.
    Choice(Vec<(String, String)>),
    Flag,
    Number,
    Date,
    /// An instant with offset.
    Time,
    Period,
    Url,
    License,
    Control,
    /// The id or path of a page.
    Page,
    /// The path of a picture or another file that is published with the page.
    File,
    Record(Arc<[Field]>),
    /// Read by the engine itself: levels of rules, defaults for pages beneath.
    Map,
}

/// When something must be there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Required {
    Never,
    Always,
    /// Where each of these fields has one of these values.
    Where(Vec<(String, Vec<String>)>),
}

/// One section of a page, known by its heading.
#[derive(Debug, Clone, Hash)]
pub struct KindSection {
    pub heading: String,
    /// Other headings that mean the same.
    pub also: Vec<String>,
    /// All of them as they are compared.
    known: Vec<String>,
    /// What these begin with.
    initials: u32,
    pub required: Required,
    /// What to write there, one sentence.
    pub help: String,
    /// Whether a new page has it although no page needs it.
    pub offered: bool,
    /// Markdown that a new page starts with.
    pub text: String,
}

impl Kinds {
    /// Those that come with Opsbook.
    pub fn built_in() -> &'static Arc<Kinds> {
        static KINDS: LazyLock<Arc<Kinds>> = LazyLock::new(|| {
            let (kinds, problems) = definition::all(&built_in::sources(), &[]);
            assert!(problems.is_empty(), "the built-in kinds are sound: {problems:?}");
            Arc::new(kinds)
        });
        &KINDS
    }

    /// The built-in kinds with those of a handbook, which add or extend.
    pub fn with(own: &[Source]) -> (Arc<Kinds>, Vec<Diagnostic>) {
        if own.is_empty() {
            return (Arc::clone(Kinds::built_in()), Vec::new());
        }
        let (kinds, problems) = definition::all(&built_in::sources(), own);
        (Arc::new(kinds), problems)
    }

    /// All kinds by name.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.kinds.values()
    }

    /// The kind of that name or alias, with the values of fields that the alias stands for.
    pub fn find(&self, name: &str) -> Option<(&Arc<Kind>, &Presets)> {
        if let Some(kind) = self.kinds.get(name) {
            return Some((kind, &[]));
        }
        let alias = |kind: &'_ Arc<Kind>| kind.aliases.iter().position(|(alias, _)| alias == name);
        self.kinds.values().find_map(|kind| Some((kind, kind.aliases[alias(kind)?].1.as_slice())))
    }

    /// Every name that a page may give as its kind.
    pub fn names(&self) -> Vec<&str> {
        let aliases = |kind: &'_ Arc<Kind>| kind.aliases.len();
        let mut names = Vec::with_capacity(self.kinds.values().map(|kind| 1 + aliases(kind)).sum());
        for kind in self.kinds.values() {
            names.push(kind.name.as_str());
            names.extend(kind.aliases.iter().map(|(alias, _)| alias.as_str()));
        }
        names
    }

    /// The kind that somebody means by a name that no kind has.
    pub fn meant(&self, name: &str) -> Option<&str> {
        let plain = |text: &str| {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
        };
        let wanted = plain(name);
        let known = |kind: &&Arc<Kind>| kind.known_as.iter().any(|word| plain(word) == wanted);
        let known = self.kinds.values().find(known).map(|kind| kind.name.as_str());
        known.or_else(|| nearest(&name.to_lowercase(), self.names()))
    }

    /// The templates that kinds ask for.
    pub fn templates(&self) -> Vec<&str> {
        self.kinds.values().filter_map(|kind| kind.template.as_deref()).collect()
    }

    /// The kind of pages that name none, or one that is not known.
    pub fn plain(&self) -> &Arc<Kind> {
        self.kinds.get("page").expect("the built-in kinds hold `page`, and no file takes one away")
    }
}

impl Field {
    /// Every spelling of the key.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name).chain(&self.also)
    }
}

impl Kind {
    /// A field of this kind or of all kinds, by its name or another spelling.
    pub fn field<'a>(&'a self, common: &'a [Field], key: &str) -> Option<&'a Field> {
        self.fields
            .iter()
            .chain(common)
            .find(|field| field.name == key || field.also.iter().any(|a| a == key))
    }

    /// How its pages are sorted. Where names begin with the day and the definition says nothing, the newest comes
    /// first.
    pub fn order(&self) -> PageOrder {
        self.order.unwrap_or(if self.dated { PageOrder::Newest } else { PageOrder::Title })
    }

    /// Whether pages of this kind feed a register.
    pub fn feeds(&self, register: &str) -> bool {
        self.registers.iter().any(|name| name == register)
    }
}
