//! `[status]`: the status page that is made from the handbook's own incidents.
//!
//! Owns its keys. An empty table asks for the page. Without the table there is none: incidents that a handbook tells for learning are no statement
//! about services that somebody offers.

use crate::fields::FieldReader;

/// The settings of the status page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StatusSettings {
    /// Empty for the title of the handbook with the word for a status page.
    pub title: String,
    /// A sentence before the incidents; may be empty.
    pub note: String,
    /// Services in the order of the page. Others that incidents name follow.
    pub services: Vec<String>,
}

pub(super) fn read(mut status: FieldReader<'_>) -> StatusSettings {
    let settings = StatusSettings {
        title: status.text(&["title"]).unwrap_or_default(),
        note: status.text(&["note"]).unwrap_or_default(),
        services: status.texts(&["services"]),
    };
    status.finish(&[]);
    settings
}
