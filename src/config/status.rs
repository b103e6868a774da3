//! `[status]`: the status page that is made from the handbook's own incidents.
//!
//! Owns its keys. An empty table asks for the page. Without the table there is none: incidents that a handbook tells for learning are no statement
//! about services that somebody offers.

use crate::fields::{FieldReader, text_of};

/// The days that a copy of the page holds if the settings do not say so: a handbook is built every day.
const VALID_FOR: u16 = 1;

/// The settings of the status page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StatusSettings {
    /// Empty for the title of the handbook with the word for a status page.
    pub title: String,
    /// A sentence before the incidents; may be empty.
    pub note: String,
    /// The days after that of the build until which a copy of the page holds.
    pub valid_for: u16,
    /// Services in the order of the page. Others that incidents name follow.
    pub services: Vec<String>,
}

pub(super) fn read(mut status: FieldReader<'_>) -> StatusSettings {
    let valid_for = valid_for(&mut status);
    let settings = StatusSettings {
        title: status.text(&["title"]).unwrap_or_default(),
        note: status.text(&["note"]).unwrap_or_default(),
        valid_for,
        services: status.texts(&["services"]),
    };
    status.finish(&[]);
    settings
}

fn valid_for(status: &mut FieldReader<'_>) -> u16 {
    let Some(field) = status.take(&["valid_for"]) else { return VALID_FOR };
    let days = text_of(&field.value).and_then(|text| text.parse().ok());
    match days.filter(|days| (1..=366).contains(days)) {
        Some(days) => days,
        None => {
            let message = "`valid_for` must be a whole number of days from 1 to 366".to_owned();
            status.report(&field, message, None);
            VALID_FOR
        }
    }
}
