//! Sections that a setting names.
//!
//! Owns their names, and the position of the setting, where unknown sections are reported. Whether a section exists is
//! checked later, when the pages are known.

use crate::fields::FieldReader;
use crate::source::Span;

/// Sections, by their URLs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SectionList {
    pub names: Vec<String>,
    /// The table and the key of the setting, such as `["print", "sections"]`.
    pub setting: [&'static str; 2],
    pub at: Span,
}

impl SectionList {
    /// Clears the position and keeps the names. Only the semantic digest of the settings is made without it.
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
