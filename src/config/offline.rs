//! `[offline]`: what readers' browsers store for the time when the host is down.
//!
//! Owns the settings and how they are written. Whether sections exist is checked where the pages are known.

use super::SectionList;
use crate::fields::{FieldEntry, FieldReader};

/// What browsers store besides the home page and the search.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Offline {
    /// Nothing: browsers delete what they have stored.
    Nothing,
    Sections(SectionList),
    /// All pages.
    All,
}

/// Whether the settings say what to store. An empty list is a setting, too.
pub(super) fn is_given(fields: &[FieldEntry]) -> bool {
    fields.iter().any(|field| field.key == "keep")
}

/// Reads the settings.
pub(super) fn read(mut settings: FieldReader<'_>) -> Offline {
    let keep = SectionList::take(&mut settings, ["offline", "keep"]);
    settings.finish(&[]);
    match keep.names.as_slice() {
        [] => Offline::Nothing,
        [all] if all == "all" => Offline::All,
        _ => Offline::Sections(keep),
    }
}
