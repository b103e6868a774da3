//! `book.toml`: as meant, after defaults.

use std::collections::BTreeMap;

use crate::memo::Digest;
use crate::rules::Level;

/// The settings of a handbook.
#[derive(Debug, Clone)]
pub struct Config {
    pub title: String,
    pub description: String,
    /// A BCP 47 tag.
    pub language: String,
    /// SPDX expression of the content's licence.
    pub license: Option<String>,
    /// Absolute `http(s)` URL that ends with `/`.
    pub base_url: Option<String>,
    /// The folder with the pages, relative to the root.
    pub content: String,
    /// The folder that the site is written to, relative to the root.
    pub out: String,
    /// The folder with the handbook's own templates and assets, relative to the root.
    pub theme: String,
    pub repository: Option<Repository>,
    pub math: bool,
    pub smart_punctuation: bool,
    /// Whether `01-` before a file or folder name is order, not name.
    pub number_prefixes: bool,
    /// Front-matter keys that are let through unread; `*` matches any text.
    pub extra_keys: Vec<String>,
    pub rules: BTreeMap<&'static str, Level>,
    /// The digest of everything above.
    pub digest: Digest,
}

/// Where the sources live.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Repository {
    /// For readers, without a trailing slash.
    pub url: String,
    /// The edit link, with `{path}` for the file's path.
    pub edit: String,
    /// Whether the names of authors are shown.
    pub authors: bool,
}

/// Reads `book.toml`.
pub fn parse(_source: &crate::source::Source) -> (Config, Vec<crate::diagnostic::Diagnostic>) {
    let config = Config {
        title: "Handbook".into(),
        description: String::new(),
        language: "en".into(),
        license: None,
        base_url: None,
        content: "content".into(),
        out: "public".into(),
        theme: "theme".into(),
        repository: None,
        math: false,
        smart_punctuation: false,
        number_prefixes: false,
        extra_keys: Vec::new(),
        rules: BTreeMap::new(),
        digest: Digest::of(&[_source.text.as_bytes()]),
    };
    (config, Vec::new())
}
