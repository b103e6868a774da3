//! The cells of tables: a value, and how the page shows it.
//!
//! Owns [`Cell`] and [`Tone`]. A cell names pages by their ids and knows no URL.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::Serialize;

use crate::kinds::Period;
use crate::path::{FilePath, UrlPath};
use crate::site::PageId;

/// One cell: a value, and how the page shows it.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    pub value: CellValue<'a>,
    pub label: CellLabel<'a>,
    /// Shown below the text in a smaller size.
    pub note: Cow<'a, str>,
    /// The target of the text. [`CellValue::Page`] leads to its page without one.
    pub link: Option<CellLink<'a>>,
    /// Further links, one below the other.
    pub links: Vec<CellLink<'a>>,
    pub tone: Option<Tone>,
    /// The value of the facet, where it is neither the value nor the text.
    pub key: &'static str,
    /// The full form of an abbreviated text, such as the path of a file.
    pub full: Cow<'a, str>,
}

/// The value of a cell in a data file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CellValue<'a> {
    #[default]
    None,
    Text(Cow<'a, str>),
    Number(i64),
    Flag(bool),
    Date(Date),
    /// The page shows the title with a link.
    Page(PageId),
    List(Vec<CellValue<'a>>),
    /// Only in data files.
    Map(Vec<(Cow<'a, str>, CellValue<'a>)>),
}

/// The text that the page shows for a value.
#[derive(Debug, Clone, Default)]
pub enum CellLabel<'a> {
    /// The value itself.
    #[default]
    Value,
    Text(Cow<'a, str>),
    /// A technical name, such as that of an alert or a file. Lines break only between its words.
    Name(Cow<'a, str>),
    /// The name that the kind of this page gives the value of this field.
    Choice(PageId, &'a str),
    /// A duration in seconds. The cell is sorted by it.
    Duration(i64),
    /// An interval. The cell is sorted by its length.
    Period(Period),
}

/// The target of a cell.
#[derive(Debug, Clone)]
pub enum CellLink<'a> {
    Page {
        page: PageId,
        anchor: Option<Cow<'a, str>>,
    },
    /// A page of a register.
    Register(UrlPath),
    /// An address on the web.
    Url(String),
    /// A file of the handbook; a link only where it is published.
    File(&'a FilePath),
}

impl<'a> From<&'a str> for CellValue<'a> {
    fn from(text: &'a str) -> CellValue<'a> {
        CellValue::Text(Cow::Borrowed(text))
    }
}

impl From<String> for CellValue<'_> {
    fn from(text: String) -> Self {
        CellValue::Text(Cow::Owned(text))
    }
}

impl From<usize> for CellValue<'_> {
    fn from(number: usize) -> Self {
        CellValue::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<'a, T: Into<CellValue<'a>>> From<Option<T>> for CellValue<'a> {
    fn from(value: Option<T>) -> CellValue<'a> {
        value.map_or(CellValue::None, Into::into)
    }
}

impl From<Date> for CellValue<'_> {
    fn from(date: Date) -> Self {
        CellValue::Date(date)
    }
}

impl<'a> CellValue<'a> {
    pub fn texts(texts: &'a [String]) -> CellValue<'a> {
        CellValue::List(texts.iter().map(|text| CellValue::from(text.as_str())).collect())
    }

    pub fn pages(pages: &[PageId]) -> CellValue<'a> {
        CellValue::List(pages.iter().map(|page| CellValue::Page(*page)).collect())
    }

    /// A map with fixed keys.
    pub fn map<const N: usize>(entries: [(&'static str, CellValue<'a>); N]) -> CellValue<'a> {
        CellValue::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
    }
}

impl<'a> Cell<'a> {
    pub fn new(value: impl Into<CellValue<'a>>) -> Cell<'a> {
        Cell { value: value.into(), ..Cell::default() }
    }

    /// A list of texts. The page joins them with commas.
    pub fn texts(texts: &'a [String]) -> Cell<'a> {
        Cell::new_value(CellValue::texts(texts))
    }

    pub fn page(page: PageId) -> Cell<'a> {
        Cell::new_value(CellValue::Page(page))
    }

    pub fn new_value(value: CellValue<'a>) -> Cell<'a> {
        Cell { value, ..Cell::default() }
    }

    /// The value of a choice. The page shows the name that the kind of `page` gives it.
    pub fn choice(page: PageId, field: &'a str, value: impl Into<CellValue<'a>>) -> Cell<'a> {
        Cell { label: CellLabel::Choice(page, field), ..Cell::new(value) }
    }

    /// Sets the text that the page shows for the value.
    pub fn label(self, label: impl Into<Cow<'a, str>>) -> Cell<'a> {
        Cell { label: CellLabel::Text(label.into()), ..self }
    }

    pub fn note(self, note: impl Into<Cow<'a, str>>) -> Cell<'a> {
        Cell { note: note.into(), ..self }
    }

    pub fn to_page(self, page: PageId, anchor: Option<impl Into<Cow<'a, str>>>) -> Cell<'a> {
        Cell { link: Some(CellLink::Page { page, anchor: anchor.map(Into::into) }), ..self }
    }

    pub fn link(self, link: Option<CellLink<'a>>) -> Cell<'a> {
        Cell { link, ..self }
    }

    pub fn links(self, links: Vec<CellLink<'a>>) -> Cell<'a> {
        Cell { links, ..self }
    }

    /// Sets the value of the facet.
    pub fn key(self, key: &'static str) -> Cell<'a> {
        Cell { key, ..self }
    }

    pub fn tone(self, tone: impl Into<Option<Tone>>) -> Cell<'a> {
        Cell { tone: tone.into(), ..self }
    }
}

/// An assessment, shown as a symbol and a colour next to a text that says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// As it should be.
    Good,
    /// It needs attention.
    Warn,
    /// Something is missing or late.
    Bad,
    /// Finished; of no concern.
    Quiet,
    /// Nothing is known of it.
    Unknown,
}

/// The tone of a page's status.
pub fn tone_of_status(status: &str) -> Option<Tone> {
    match status {
        "stable" => Some(Tone::Good),
        "draft" | "review" => Some(Tone::Warn),
        "deprecated" | "archived" => Some(Tone::Quiet),
        _ => None,
    }
}
