//! The pages of a register, with their entries in the overview.
//!
//! Owns [`RegisterPage`] and the folder of all registers in the site.

use super::cell::Tone;
use crate::path::UrlPath;
use crate::site::PageId;

/// The folder of all registers in the site.
pub const ROOT: &str = "registers/";

/// One page of a register.
#[derive(Debug, Clone)]
pub struct RegisterPage {
    pub url: UrlPath,
    pub title: String,
    /// The part of the register that the page shows, as the register names it; empty for the whole register.
    pub topic: String,
    /// The title and URL of each page between the overview and this one.
    pub above: Vec<(String, UrlPath)>,
    /// The entry in the overview. The overview lists only pages with an entry.
    pub entry: Option<OverviewEntry>,
    /// The files with the same rows, relative to [`ROOT`].
    pub files: Vec<String>,
    /// For a page of one value of a field: the pages with this value.
    pub listed: Vec<PageId>,
}

/// An entry in the overview of registers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OverviewEntry {
    /// The heading in the overview that it appears under.
    pub heading: String,
    /// One sentence.
    pub note: String,
    /// `12 open`.
    pub count: String,
    pub tone: Option<Tone>,
}

impl RegisterPage {
    /// A page at a path below [`ROOT`].
    pub fn new(path: &str, title: impl Into<String>) -> RegisterPage {
        RegisterPage {
            url: UrlPath::new(format!("{ROOT}{path}")),
            title: title.into(),
            topic: String::new(),
            above: Vec::new(),
            entry: None,
            files: Vec::new(),
            listed: Vec::new(),
        }
    }

    pub fn topic(self, topic: impl Into<String>) -> RegisterPage {
        RegisterPage { topic: topic.into(), ..self }
    }

    /// Places this page below another one.
    pub fn below(self, page: &RegisterPage) -> RegisterPage {
        let mut above = page.above.clone();
        above.push((page.title.clone(), page.url.clone()));
        RegisterPage { above, ..self }
    }

    pub fn files(self, files: impl IntoIterator<Item = impl Into<String>>) -> RegisterPage {
        RegisterPage { files: files.into_iter().map(Into::into).collect(), ..self }
    }

    pub fn entry(self, heading: &str, count: impl Into<String>, note: impl Into<String>) -> RegisterPage {
        let entry =
            OverviewEntry { heading: heading.to_owned(), note: note.into(), count: count.into(), tone: None };
        RegisterPage { entry: Some(entry), ..self }
    }

    /// Sets the tone of the entry.
    pub fn tone(mut self, tone: Tone) -> RegisterPage {
        if let Some(entry) = &mut self.entry {
            entry.tone = Some(tone);
        }
        self
    }
}
