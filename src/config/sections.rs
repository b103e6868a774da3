//! Sections that a setting names.
//!
//! Owns the names with their place, so that one that is no section is reported where it stands. Whether sections exist is
//! seen where the pages are.

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
    /// Leaves what is said, and not where.
    pub(super) fn forget_place(&mut self) {
        self.at.start = 0;
        self.at.end = 0;
    }

    /// Takes what a key of a table names.
    pub(super) fn take(reader: &mut FieldReader<'_>, setting: [&'static str; 2]) -> SectionList {
        let [_, key] = setting;
        let at = reader.place(key);
        SectionList { names: reader.texts(&[key]), setting, at }
    }
}
