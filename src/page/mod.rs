//! A page: one Markdown file, parsed once and complete.
//!
//! Owns [`Page`] and [`parse`], which walks the text once and derives everything later stages read. Knows
//! neither other pages nor URLs: links stay holes that `render` fills.

pub mod front_matter;
mod yaml;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::markdown::{Document, Fragment};
use crate::memo::Digest;
use crate::path::FilePath;

pub use front_matter::FrontMatter;

/// A parsed page. Nothing in it refers to text that its readers may not see.
#[derive(Debug)]
pub struct Page {
    pub file: FilePath,
    /// The digest of everything the page was made of: text, includes, settings.
    pub digest: Digest,
    pub front: FrontMatter,
    /// From front matter, else the first heading of level 1, else the file name.
    pub title: String,
    /// From front matter, else the first paragraph's text, at most 200 characters. May be empty.
    pub description: String,
    pub document: Document,
    /// The page's Markdown as readers may have it: no front matter, no HTML comments.
    pub markdown: Arc<str>,
    pub diagnostics: Vec<Diagnostic>,
}

#[allow(unused)]
type Unused = Fragment;
