//! The folders beside the content: theme, kinds, registers, data.
//!
//! Owns which of their files the loader uses, and the reading of one file. All of them are small, so they are read
//! whole.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::disk::{self, ReadFolder, Stamp};
use super::walk::WalkedFile;
use super::{encoding, file_types, loaded_file};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::rules::INPUT_SIZE;
use crate::source::{Source, Span};
use crate::theme;

/// The largest `book.toml`, template, theme asset, definition or data file, in bytes.
pub(super) const SETTINGS_LIMIT: u64 = 4 * 1024 * 1024;

/// A folder beside the content. The data folder may also lie in the content folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SideFolder {
    Theme,
    Kinds,
    Registers,
    Data,
}

impl SideFolder {
    /// All side folders. [`SideFolder::index`] is the position in this list.
    pub const ALL: [SideFolder; 4] =
        [SideFolder::Theme, SideFolder::Kinds, SideFolder::Registers, SideFolder::Data];

    pub fn index(self) -> usize {
        self as usize
    }

    /// The path relative to the root.
    pub fn path(self, config: &Config) -> &str {
        match self {
            SideFolder::Theme => &config.theme,
            SideFolder::Kinds => &config.kinds,
            SideFolder::Registers => &config.registers.folder,
            SideFolder::Data => &config.data,
        }
    }

    /// Whether a file in the folder is used.
    pub fn uses(self, file: &FilePath, config: &Config) -> bool {
        match self {
            SideFolder::Theme => theme::is_part(&config.theme, file),
            SideFolder::Kinds | SideFolder::Registers => file.extension() == "toml",
            SideFolder::Data => file_types::is_data(file, &config.content),
        }
    }

    /// The files that are used, as texts.
    pub fn texts(
        self,
        files: &[(FilePath, Arc<[u8]>)],
        config: &Config,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> BTreeMap<FilePath, Source> {
        let mut texts = BTreeMap::new();
        for (path, bytes) in files.iter().filter(|(path, _)| self.uses(path, config)) {
            let text = encoding::normalise(bytes.to_vec());
            diagnostics.extend(text.flaw.map(|flaw| loaded_file::not_text(path, &flaw)));
            texts.insert(path.clone(), Source::new(path.clone(), text.text));
        }
        texts
    }
}

/// A file of a side folder.
#[derive(Debug)]
pub(super) struct SideFile {
    stamp: Stamp,
    settled: bool,
    /// `None` if the file is too large.
    pub bytes: Option<Arc<[u8]>>,
}

impl SideFile {
    /// Reads a file. `None` means that it is no longer the file that the walk found.
    pub fn read(tree: &ReadFolder, found: &WalkedFile) -> io::Result<Option<SideFile>> {
        // Checked before the bytes are read: a file must have rested before, not after.
        let settled = found.stamp.settled();
        let Some(file) = tree.open_unchanged(tree.beneath(&found.place), found.stamp)? else {
            return Ok(None);
        };
        let bytes = disk::limited(file, found.stamp.length, SETTINGS_LIMIT)?.map(Arc::from);
        Ok(Some(SideFile { stamp: found.stamp, settled, bytes }))
    }

    /// Whether the file that a walk found has these bytes.
    pub fn is_unchanged(&self, found: &WalkedFile) -> bool {
        self.settled && self.stamp == found.stamp
    }
}

/// The problem of a file of a side folder that is too large to be read.
pub(super) fn too_large(found: &WalkedFile) -> Diagnostic {
    let message = format!("the file has {} bytes; at most {SETTINGS_LIMIT} are read", found.stamp.length);
    Diagnostic::new(&INPUT_SIZE, Span::start_of(&found.path), message)
        .help("split the file, or make it smaller")
}
