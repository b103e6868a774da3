//! PLACEHOLDER until the loader is merged: the other side of a merge wins for everything in `src/input/`.

pub mod disk;
mod options;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::path::FilePath;
use crate::site::{Asset, Change};
use crate::source::Source;
use crate::theme::Theme;

pub use options::{Drafts, Failure, Options, Preview};

/// Everything a build reads.
#[derive(Debug)]
pub struct Inputs {
    /// The handbook's folder, absolute, symbolic links resolved.
    pub root: PathBuf,
    /// The folder that the site is written to, absolute.
    pub out: PathBuf,
    pub preview: Preview,
    pub drafts: Drafts,
    pub config: Arc<Config>,
    pub sources: BTreeMap<FilePath, Source>,
    pub assets: BTreeMap<FilePath, Asset>,
    pub others: BTreeSet<FilePath>,
    pub theme: Theme,
    pub history: Arc<BTreeMap<FilePath, Change>>,
    pub settings: BTreeMap<FilePath, Source>,
    pub diagnostics: Vec<Diagnostic>,
}

pub struct Loader {
    options: Options,
}

impl Loader {
    pub fn new(options: Options) -> Loader {
        Loader { options }
    }

    pub fn load(&mut self) -> Result<Inputs, Failure> {
        let root = self.options.root.canonicalize().map_err(|e| Failure::io(&self.options.root, &e))?;
        let book = root.join("book.toml");
        let text = std::fs::read_to_string(&book).map_err(|e| Failure::io(&book, &e))?;
        let file = FilePath::new("book.toml").expect("a plain name");
        let book = Source::new(file.clone(), text);
        let (config, diagnostics) = crate::config::parse(&book);
        let mut sources = BTreeMap::new();
        for entry in walkdir::WalkDir::new(root.join(&config.content)).into_iter().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|e| e == "md")
                && let Ok(text) = std::fs::read_to_string(path)
            {
                let name = path.strip_prefix(&root).expect("beneath the root").to_string_lossy();
                let name = FilePath::new(&name).expect("beneath the root");
                sources.insert(name.clone(), Source::new(name, text));
            }
        }
        let out = match &self.options.out {
            Some(out) => std::path::absolute(out).map_err(|e| Failure::io(out, &e))?,
            None => root.join(&config.out),
        };
        Ok(Inputs {
            root,
            out,
            preview: self.options.preview,
            drafts: self.options.drafts,
            config: Arc::new(config),
            sources,
            assets: BTreeMap::new(),
            others: BTreeSet::new(),
            theme: Theme { templates: BTreeMap::new(), assets: BTreeMap::new(), digest: Digest::default() },
            history: Arc::default(),
            settings: BTreeMap::from([(file, book)]),
            diagnostics,
        })
    }
}
