//! Everything a build reads, as one value: the bytes of all files, and when each of them changed.
//!
//! Owns [`Inputs`] and the [`Loader`] that makes them. The loader does not interpret pages: front matter,
//! Markdown and templates are plain text here.

pub mod cache;
pub mod cleaned_assets;
pub mod clock;
pub mod committed_history;
pub mod disk;
mod encoding;
mod file_history;
pub mod file_types;
pub mod git;
mod handbook_walk;
mod loaded_file;
mod loader;
mod options;
pub mod owners;
mod random;
mod revision;
mod revision_renames;
mod side_folders;
mod text_assets;
pub mod text_edits;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::asset::{Asset, Change};
use crate::build_target::BuildTarget;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::kinds::Kinds;
use crate::memo::Digest;
use crate::path::FilePath;
use crate::registers::FieldRegisters;
use crate::source::Source;
use crate::theme::Theme;

pub use git::MissingHistory;
pub use loader::Loader;
pub use options::{Drafts, Failure, Options, Preview};
pub use owners::OwnersFile;
pub use random::random_hex;
pub use revision::RevisionTree;

/// Everything a build reads.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The handbook's folder, absolute, symbolic links resolved.
    pub root: PathBuf,
    /// The folder that the site is written to, absolute.
    pub out: PathBuf,
    pub preview: Preview,
    /// A site, or a bundle of files.
    pub target: BuildTarget,
    pub drafts: Drafts,
    /// With `--base-url` applied.
    pub config: Arc<Config>,
    /// Every text file in the content folder: Markdown, and the files that it may include.
    pub sources: BTreeMap<FilePath, Source>,
    /// Every file in the content folder that may be published. A text file may be in both maps.
    pub assets: BTreeMap<FilePath, Asset>,
    /// Files in the content folder that are neither text nor published.
    pub others: BTreeSet<FilePath>,
    /// The real paths of files in the content and the static folder that were reached through a symbolic link.
    pub links: BTreeMap<FilePath, FilePath>,
    /// Every file of the static folder, whether it may be published or not.
    pub static_files: BTreeMap<FilePath, Asset>,
    pub theme: Theme,
    /// The built-in kinds of pages and the handbook's own.
    pub kinds: Arc<Kinds>,
    /// The built-in field registers and the handbook's own.
    pub field_registers: Arc<FieldRegisters>,
    /// Text files of the data folder: alert rules, control frameworks.
    pub data: BTreeMap<FilePath, Source>,
    /// The day of the build, UTC.
    pub today: jiff::civil::Date,
    /// The time of the build, to the second: it decides when embargoes end.
    pub now: jiff::Timestamp,
    /// The last change of each file, where Git knows it.
    pub history: Arc<BTreeMap<FilePath, Change>>,
    /// What is not known of the history, because the clone is cut off.
    pub missing_history: MissingHistory,
    /// The `CODEOWNERS` file of the repository, which may lie above the handbook.
    pub owners: Option<Arc<OwnersFile>>,
    /// Files outside the content that diagnostics may point into: `book.toml`, templates, kinds, registers,
    /// data.
    pub settings: BTreeMap<FilePath, Source>,
    /// Problems found while reading.
    pub diagnostics: Vec<Diagnostic>,
}

impl Inputs {
    /// The digest of each file that authors write, by path.
    pub fn file_digests(&self) -> BTreeMap<FilePath, Digest> {
        let texts = self.sources.iter().chain(&self.settings).map(|(file, source)| (file, source.digest));
        let files = self.assets.iter().chain(&self.static_files).map(|(file, asset)| (file, asset.digest));
        files.chain(texts).map(|(file, digest)| (file.clone(), digest)).collect()
    }

    /// The owners of a file of the handbook in `CODEOWNERS`.
    pub fn code_owners(&self, file: &FilePath) -> Vec<String> {
        let owners = self.owners.as_ref().map(|found| found.owners_of(file)).unwrap_or_default();
        owners.into_iter().map(str::to_owned).collect()
    }

    /// The digest of everything that a build reads.
    pub fn digest(&self) -> Digest {
        let sources: Vec<_> = self.sources.values().map(|source| source.digest).collect();
        let settings: Vec<_> = self.settings.values().map(|source| source.digest).collect();
        let files = self.assets.iter().chain(&self.static_files);
        let assets: Vec<_> = files.map(|(file, asset)| (file, asset.digest)).collect();
        let found: Vec<_> = self.diagnostics.iter().map(|found| (&found.span, &found.message)).collect();
        let texts = (sources, settings, assets, &self.others, &self.links);
        // The day is part of the digest, because a review becomes due at midnight.
        let owners = self.owners.as_ref().map(|file| file.source.digest);
        let around = (self.config.digest(), self.theme.digest, self.today, owners);
        Digest::of_value(&(around, texts, &self.history, found))
    }
}
