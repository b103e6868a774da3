//! Sections that a setting names.
//!
//! Owns their names with the position of the setting, where a name that is no section is reported. Whether a section
//! exists is checked where the pages are known.

use crate::fields::FieldReader;
use crate::source::Span;

/// Sections, by their URLs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SectionList {
    pub names: Vec<String>,
    /// The table and the key of the setting.
    pub setting: [&'static str; 2],
    pub at: Span,
}

impl SectionList {
    /// Clears the position and keeps the names.
    pub(super) fn forget_place(&mut self) {
        self.at.start = 0;
        self.at.end = 0;
    }

    /// Takes the sections that a key of a table names.
    pub(super) fn take(reader: &mut FieldReader<'_>, setting: [&'static str; 2]) -> SectionList {
        let [_, key] = setting;
        let at = reader.place(key);
        SectionList { names: reader.texts(&[key]), setting, at }
    }
}
