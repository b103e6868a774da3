//! Kinds of pages as data: which fields and sections a runbook, an analysis or a page of minutes has.
//!
//! Owns the definitions ([`Kinds`]), the reader of `kinds/NAME.toml`, and the checks of front matter and headings
//! against a definition. This module must not know any kind by name, except `page`, the default. Code for a particular
//! kind is in other modules.

mod built_in;
mod computed;
mod constraints;
mod cross_checks;
mod definition;
mod field_values;
mod kind_texts;
mod lists;
mod marks;
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
use crate::source::{Source, Span};

pub use built_in::optional_kinds;
pub use computed::{ComputedResult, ComputedValue};
pub use constraints::check as check_constraints;
pub use definition::capital;
pub use field_values::FieldValue;
pub use kind_texts::{KindTexts, KindWording};
pub use lists::{ListSource, PageList};
pub use marks::ValueMark;
pub use new_page::NewPage;
pub use order::PageOrder;
pub use sections::{PlainHeadings, check as check_sections};
pub use typed_front_matter::{FieldSource, UnknownKeys, expected, read, suggestion_for_key, unknown, value};
pub use values::{DurationUnit, Moment, PageFields, Period, Record, TypedValue};

/// The areas of the home page, in their order: what is broken, how we work, what we learned, what is agreed, who we
/// are.
pub const PLACES: [&str; 5] = ["broken", "work", "learned", "agreed", "who"];

/// All kinds of a handbook, and the fields that all kinds share.
#[derive(Debug)]
pub struct Kinds {
    kinds: BTreeMap<String, Arc<Kind>>,
    /// The fields of every page, in the order of the documentation.
    pub common: Arc<[Field]>,
    /// The texts of the common fields in other languages, by language tag in lower case.
    pub common_words: BTreeMap<String, KindTexts>,
    /// The registers that definitions name, with their places. `site::registers` knows which ones exist.
    pub named_registers: Vec<(String, Span)>,
    /// The digest of all definitions.
    pub digest: Digest,
}

/// The values of fields that an alias of a kind sets: pairs of field name and value.
pub type Presets = [(String, String)];

/// One kind of page.
#[derive(Debug, Clone, Hash)]
pub struct Kind {
    pub name: String,
    /// The name for readers: `Runbook`.
    pub title: String,
    /// The plural for readers: `Runbooks`.
    pub plural: String,
    /// What pages of this kind are for, one sentence.
    pub help: String,
    /// The folder for new pages, relative to the content folder; empty for the content folder itself.
    pub folder: String,
    /// Whether the file name of a page begins with its date.
    pub dated: bool,
    /// The order of the pages in a section, if the definition sets it; see [`Kind::order()`].
    order: Option<PageOrder>,
    /// Whether file names may have lower-case letters, digits and `-` only.
    pub plain_names: bool,
    /// Whether readers can tick off the steps of a page.
    pub checklist: bool,
    /// The area of the home page that lists the pages: one of [`PLACES`].
    pub home: Option<String>,
    /// The template of the theme, if it is not the default one for pages.
    pub template: Option<String>,
    /// The first words of the heading above links from pages of this kind: `Discussed in`.
    pub linked_as: Option<String>,
    /// How much its pages count in search results, in per cent. Readers look for some kinds in a hurry.
    pub search_percent: u32,
    /// The interval at which somebody should review a page.
    pub review_every: Option<Period>,
    /// The names of the registers that the pages feed.
    pub registers: Vec<String>,
    /// Keys of front matter that are accepted and ignored. `*` matches any text if the handbook uses no levels.
    pub ignored_keys: Vec<String>,
    /// Names for this kind in other tools. They serve suggestions only; no page may give them as its kind.
    pub known_as: Vec<String>,
    /// Other names of the kind, each with the values of fields that it sets.
    pub aliases: Vec<(String, Vec<(String, String)>)>,
    /// What to write before the first section, one sentence.
    pub opening: String,
    /// The fields of the kind, without the common ones.
    pub fields: Vec<Field>,
    pub sections: Vec<KindSection>,
    /// What pages of the kind list after their text.
    pub lists: Vec<PageList>,
    /// The texts of the kind in other languages, by language tag in lower case.
    pub words: BTreeMap<String, KindTexts>,
}

/// One field of front matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    pub name: String,
    /// Other spellings of the key.
    pub also: Vec<String>,
    /// The label for readers. Default: the name with a capital.
    pub label: String,
    /// What the field is for, one sentence.
    pub help: String,
    pub field_type: FieldType,
    pub list: bool,
    pub required: Required,
    /// When the field should exist.
    pub wanted: Required,
    /// When the field must not exist.
    pub forbidden: Required,
    /// For a date or time: the field with one that is not after it.
    pub not_before: Option<String>,
    /// For a date: the field with a time on that day.
    pub day_of: Option<String>,
    /// For a date: whether file names begin with it.
    pub in_name: bool,
    /// For a number: the least value.
    pub least: Option<i64>,
    /// For a number: the greatest value.
    pub most: Option<i64>,
    /// For a choice: the field for the name in a value of the form `superseded by NAME`.
    pub by: Option<String>,
    /// The value of an absent field.
    pub default: Option<String>,
    /// An example, as written in YAML.
    pub example: Option<String>,
    /// Whether the page shows the value in its list of fields. It is off for fields that are used or shown otherwise.
    pub shown: bool,
    /// The text that the page shows if the field is absent or empty.
    pub empty: Option<String>,
    /// For a date: whether what the page or the record describes is no longer valid after that day.
    pub expires: bool,
    /// Whether the value is in the strip at the top of the page, for readers who are in a hurry.
    pub lead: bool,
    /// Whether readers can filter search results by it.
    pub facet: bool,
    /// For a choice that the program computes: its possible values, the first that applies counts. Empty for a field
    /// that authors write.
    pub computed: Vec<ComputedValue>,
    /// For a list of records: the choice in them by which the table is divided.
    pub grouped_by: Option<String>,
    /// For a list of records: the text of the link below the table with which readers add one, by changing the page.
    pub invite: Option<String>,
    /// With `invite`: the section of the kind that says how to add one.
    pub invite_section: Option<String>,
    /// For a list of records with `title`, `votes` and `state`: whether the browser also shows it as a board.
    pub board: bool,
    /// For a choice: the values with a meaning for the program.
    pub marks: Vec<(ValueMark, Vec<String>)>,
}

/// The type of a field's value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldType {
    Text,
    /// One of these values; each with its help, which may be empty.
    Choice(Vec<(String, String)>),
    Flag,
    Number,
    Date,
    /// A date and a time with an offset from UTC.
    Time,
    Period,
    Url,
    License,
    Control,
    /// The summary of an event in the calendar.
    CalendarEvent,
    /// The id or path of a page.
    Page,
    /// The path of an image or another file that is published with the page.
    File,
    Record(Arc<[Field]>),
    /// A map that other code reads: severities of rules, fields for the pages of a folder.
    Map,
}

/// When a field or a section must exist.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Required {
    Never,
    Always,
    /// If each of these fields has one of its values.
    Where(Vec<(String, Vec<String>)>),
}

/// One section of a page, recognised by its heading.
#[derive(Debug, Clone, Hash)]
pub struct KindSection {
    pub heading: String,
    /// Other headings that mean the same.
    pub also: Vec<String>,
    /// All headings in the form in which they are compared; see `sections::plain`.
    known: Vec<String>,
    /// The first characters of these headings, as bits; see `sections::initials`.
    initials: u32,
    pub required: Required,
    /// What to write there, one sentence.
    pub help: String,
    /// Whether its text must not seek a cause in people.
    pub blameless: bool,
    /// Whether a new page has the section even if it is not required.
    pub offered: bool,
    /// The Markdown in the section of a new page.
    pub text: String,
}

impl Kinds {
    /// The built-in kinds.
    pub fn built_in() -> &'static Arc<Kinds> {
        static KINDS: LazyLock<Arc<Kinds>> = LazyLock::new(|| {
            let (kinds, problems) = definition::all(&built_in::sources(&[]), &[]);
            assert!(problems.is_empty(), "the built-in kinds are sound: {problems:?}");
            Arc::new(kinds)
        });
        &KINDS
    }

    /// The built-in kinds together with those of a handbook. A file of the handbook adds a kind, or extends the
    /// built-in kind with the same name. `optional` names built-in kinds that exist only where a handbook asks for them.
    pub fn with(own: &[Source], optional: &[&str]) -> (Arc<Kinds>, Vec<Diagnostic>) {
        if own.is_empty() && optional.is_empty() {
            return (Arc::clone(Kinds::built_in()), Vec::new());
        }
        let (kinds, problems) = definition::all(&built_in::sources(optional), own);
        (Arc::new(kinds), problems)
    }

    /// All kinds, sorted by name.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.kinds.values()
    }

    /// The kind with that name or alias, and the values of fields that the alias sets.
    pub fn find(&self, name: &str) -> Option<(&Arc<Kind>, &Presets)> {
        if let Some(kind) = self.kinds.get(name) {
            return Some((kind, &[]));
        }
        let alias = |kind: &'_ Arc<Kind>| kind.aliases.iter().position(|(alias, _)| alias == name);
        self.kinds.values().find_map(|kind| Some((kind, kind.aliases[alias(kind)?].1.as_slice())))
    }

    /// Every name or alias that a page may give as its kind.
    pub fn names(&self) -> Vec<&str> {
        let aliases = |kind: &'_ Arc<Kind>| kind.aliases.len();
        let mut names = Vec::with_capacity(self.kinds.values().map(|kind| 1 + aliases(kind)).sum());
        for kind in self.kinds.values() {
            names.push(kind.name.as_str());
            names.extend(kind.aliases.iter().map(|(alias, _)| alias.as_str()));
        }
        names
    }

    /// The kind that an author probably meant by an unknown name.
    pub fn meant(&self, name: &str) -> Option<&str> {
        let plain = |text: &str| {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
        };
        let wanted = plain(name);
        let known = |kind: &&Arc<Kind>| kind.known_as.iter().any(|word| plain(word) == wanted);
        let known = self.kinds.values().find(known).map(|kind| kind.name.as_str());
        known.or_else(|| nearest(&name.to_lowercase(), self.names()))
    }

    /// The templates that definitions of kinds name.
    pub fn templates(&self) -> Vec<&str> {
        self.kinds.values().filter_map(|kind| kind.template.as_deref()).collect()
    }

    /// The kind `page`: the kind of pages that name no kind or an unknown one.
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

    /// The values of a choice with their meanings, in the order of the definition; none for a field that is not a choice.
    pub fn choices<'a>(&'a self, common: &'a [Field], key: &str) -> &'a [(String, String)] {
        match self.field(common, key).map(|field| &field.field_type) {
            Some(FieldType::Choice(choices)) => choices,
            _ => &[],
        }
    }

    /// The order of its pages in a section. Default: the newest first for kinds whose file names begin with a date,
    /// otherwise by title.
    pub fn order(&self) -> PageOrder {
        self.order.unwrap_or(if self.dated { PageOrder::Newest } else { PageOrder::Title })
    }

    /// Whether a section of the kind must not seek a cause in people.
    pub fn is_blameless(&self) -> bool {
        self.sections.iter().any(|section| section.blameless)
    }

    /// Whether pages of this kind feed a register.
    pub fn feeds(&self, register: &str) -> bool {
        self.registers.iter().any(|name| name == register)
    }
}
