//! Writes a finished site to disk, all or nothing.
//!
//! A site is written into a folder next to the published one and replaces it in one step, when it is complete
//! and durable. Until then, and after any failure, the published site stays as it was. Afterwards only files
//! that an earlier build has listed in its own manifest are deleted. This module handles files; it does not
//! know about pages.
//!
//! The promise holds for a reader that opens the published folder once and reads from there, such as `rsync`. A
//! server that resolves every path again may answer one request from the old site and the next from the new
//! one.

mod archive;
mod audience_guard;
mod exchange;
mod flush;
mod folder_walk;
mod lock;
mod manifest;
mod output_folder;
mod staging;

pub use archive::{Archive, Bundled};
pub use audience_guard::SiteReaders;
pub use manifest::{MANIFEST, Manifest, is_inside};
pub use output_folder::{OutputFolder, ProtectedFolders};
pub use staging::{Publication, Staging};
