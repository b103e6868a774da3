//! `[registers]`: which registers a handbook does not want, and where its own ones are defined.
//!
//! Owns [`RegisterSettings`]. Whether a register with that name exists is checked when all definitions are read.

use std::collections::BTreeSet;

use crate::fields::FieldReader;
use crate::path::FilePath;
use crate::source::Span;

/// The settings of registers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RegisterSettings {
    /// The folder with the handbook's own registers, relative to the root.
    pub folder: String,
    /// The names of registers that are switched off.
    pub off: BTreeSet<String>,
    /// The position of `off` in `book.toml`.
    pub off_at: Option<Span>,
}

impl Default for RegisterSettings {
    fn default() -> RegisterSettings {
        RegisterSettings { folder: "registers".to_owned(), off: BTreeSet::new(), off_at: None }
    }
}

pub(super) fn read(mut settings: FieldReader<'_>) -> RegisterSettings {
    let mut registers = RegisterSettings::default();
    let is_folder = |text: &str| FilePath::new(text).is_some_and(|path| !path.as_str().is_empty());
    let expected = "a folder beneath the root, such as `registers`";
    let folder = settings.text_where(&["folder"], expected, is_folder);
    if let Some(path) = folder.as_deref().and_then(FilePath::new) {
        path.as_str().clone_into(&mut registers.folder);
    }
    // Before `texts` takes the field, because only a field that is not taken has a position.
    registers.off_at = Some(settings.place("off"));
    registers.off = settings.texts(&["off"]).into_iter().collect();
    settings.finish(&[]);
    registers
}
