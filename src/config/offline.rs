//! `[offline]`: what readers' browsers keep for the day when the host is gone.
//!
//! Owns the settings and how they are written. Whether sections exist is seen where the pages are.

use super::SectionList;
use crate::fields::{FieldEntry, FieldReader};

/// What browsers keep besides the home page and the search.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Offline {
    /// Nothing any more: what they have is given back.
    Nothing,
    Sections(SectionList),
    /// All pages.
    All,
}

/// Whether the settings say what is to be kept. That nothing is kept is something else than not to speak of it.
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
