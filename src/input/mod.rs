//! The world as a value: which bytes exist, when they changed.
//!
//! Owns [`Inputs`] and the [`Loader`] that makes them. Knows nothing of what the bytes mean: front matter,
//! Markdown and templates are texts here.

pub mod cache;
pub mod clock;
pub mod disk;
mod encoding;
mod entry;
pub mod git;
mod layers;
mod options;
pub mod original;
mod plain;
pub mod sorts;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::asset::{Asset, Change};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::form::Form;
use crate::kinds::Kinds;
use crate::path::FilePath;
use crate::registers::FieldRegisters;
use crate::source::Source;
use crate::theme::Theme;

pub use layers::Loader;
pub use options::{Drafts, Failure, Options, Preview};

/// Everything a build reads.
#[derive(Debug)]
pub struct Inputs {
    /// The handbook's folder, absolute, symbolic links resolved.
    pub root: PathBuf,
    /// The folder that the site is written to, absolute.
    pub out: PathBuf,
    pub preview: Preview,
    /// A site, or a bundle of files.
    pub form: Form,
    pub drafts: Drafts,
    /// With `--base-url` applied.
    pub config: Arc<Config>,
    /// Every text file beneath the content folder: Markdown, and what it may include.
    pub sources: BTreeMap<FilePath, Source>,
    /// Every file beneath the content folder that may be published; a text file may be in both.
    pub assets: BTreeMap<FilePath, Asset>,
    /// Files beneath the content folder of sorts that are neither text nor published.
    pub others: BTreeSet<FilePath>,
    /// Where files beneath the content folder lie that were reached by a symbolic link.
    pub links: BTreeMap<FilePath, FilePath>,
    pub theme: Theme,
    /// The built-in kinds of pages with the handbook's own.
    pub kinds: Arc<Kinds>,
    /// The built-in registers of fields with the handbook's own.
    pub field_registers: Arc<FieldRegisters>,
    /// Text files of the data folder: alert rules, control frameworks.
    pub data: BTreeMap<FilePath, Source>,
    /// The day of the build, UTC.
    pub today: jiff::civil::Date,
    /// The time of the build, to the second: embargoes end.
    pub now: jiff::Timestamp,
    /// The last change of each file, where it is known.
    pub history: Arc<BTreeMap<FilePath, Change>>,
    /// How many files were last changed where the clone of the history does not reach.
    pub undated: usize,
    /// Texts that are no content but that diagnostics may point into: `book.toml`, templates, kinds, data.
    pub settings: BTreeMap<FilePath, Source>,
    /// Problems met while reading.
    pub diagnostics: Vec<Diagnostic>,
}
