//! Sections that a setting names.
//!
//! Owns the names with their place, so that one that is no section is reported where it stands. Whether sections exist is
//! seen where the pages are.

use crate::fields::Reader;
use crate::source::Span;

/// Sections, by their URLs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sections {
    pub names: Vec<String>,
    /// The setting: `print.sections`.
    pub setting: &'static str,
    pub at: Span,
}

impl Sections {
    /// Takes what the field `key` names; `setting` is its whole name.
    pub(super) fn take(reader: &mut Reader<'_>, key: &'static str, setting: &'static str) -> Sections {
        let at = reader.place(key);
        Sections { names: reader.texts(&[key]), setting, at }
    }
}
