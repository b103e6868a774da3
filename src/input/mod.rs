//! The world as a value: which bytes exist, when they changed.
//!
//! Owns [`Inputs`] and the loader that makes them. Knows nothing of what the bytes mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::asset::{Asset, Change};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::source::Source;
use crate::theme::Theme;

/// Everything a build reads.
#[derive(Debug)]
pub struct Inputs {
    pub config: Arc<Config>,
    /// Every text file beneath the content folder: Markdown, and what it may include.
    pub sources: BTreeMap<FilePath, Source>,
    /// Every other file beneath the content folder that may be published.
    pub assets: BTreeMap<FilePath, Asset>,
    pub theme: Theme,
    /// The last change of each file, where it is known.
    pub history: BTreeMap<FilePath, Change>,
    /// Texts that are no content but that diagnostics may point into: `book.toml`, templates.
    pub settings: BTreeMap<FilePath, Source>,
    /// Problems met while reading.
    pub diagnostics: Vec<Diagnostic>,
}
