//! Marks: values of choices that have a meaning for the program, such as the phase in which an incident is over.
//!
//! This module owns [`ValueMark`], and which mark a page has. Definitions say which values have them:
//!
//! ```toml
//! [fields.phase.marks]
//! over = ["done"]
//! ```

use super::{Field, Kind, Kinds, PageFields};

/// A meaning of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueMark {
    /// What the page is about has not begun.
    Ahead,
    /// It is going on.
    Current,
    /// It is over, or will not take place.
    Over,
    /// Services fail, or failed. Without the mark they are restricted.
    Failure,
    /// A released version makes what the page is about unnecessary.
    Obsolete,
}

impl ValueMark {
    pub const ALL: [ValueMark; 5] =
        [ValueMark::Ahead, ValueMark::Current, ValueMark::Over, ValueMark::Failure, ValueMark::Obsolete];

    /// The name in definitions.
    pub const fn as_str(self) -> &'static str {
        match self {
            ValueMark::Ahead => "ahead",
            ValueMark::Current => "current",
            ValueMark::Over => "over",
            ValueMark::Failure => "failure",
            ValueMark::Obsolete => "obsolete",
        }
    }

    pub(super) fn named(name: &str) -> Option<ValueMark> {
        ValueMark::ALL.into_iter().find(|mark| mark.as_str() == name)
    }
}

impl Kinds {
    /// Whether a field of a page of this kind has a value with a mark.
    pub fn has_mark(&self, kind: &Kind, data: &PageFields, mark: ValueMark) -> bool {
        self.fields_of(kind).into_iter().any(|field| field.is_marked(data, mark))
    }
}

impl Field {
    pub fn is_marked(&self, data: &PageFields, mark: ValueMark) -> bool {
        let mut values = self.marks.iter().filter(|(found, _)| *found == mark).flat_map(|(_, values)| values);
        values.any(|value| data.text(&self.name) == Some(value))
    }
}
