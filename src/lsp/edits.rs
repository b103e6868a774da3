//! Edits of several files, in values that pass between threads.
//!
//! Owns [`FileEdits`]. Offsets count in the normalised text that they were computed from.

use std::sync::Arc;

use crate::input::text_edits::TextEdit;
use crate::path::FilePath;
use crate::source::Source;

/// The edits of one file.
#[derive(Debug, Clone)]
pub struct FileEdits {
    pub file: FilePath,
    /// The text that the edits were computed from.
    pub text: Arc<str>,
    /// Sorted; they do not overlap.
    pub edits: Vec<TextEdit>,
}

impl FileEdits {
    pub fn new(source: &Source, mut edits: Vec<TextEdit>) -> FileEdits {
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        edits.dedup();
        FileEdits { file: source.path.clone(), text: Arc::clone(&source.text), edits }
    }
}
