//! The inputs of a build after a move, made in memory.
//!
//! Owns how paths, texts and settings of [`Inputs`] change together, so that a move is checked before it is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::asset::Asset;
use crate::config::{self, Config};
use crate::diagnostic::Diagnostic;
use crate::input::{Drafts, Inputs};
use crate::path::FilePath;
use crate::renames::Renames;
use crate::source::{Source, Span};
use crate::visibility::Audience;

/// A change of inputs.
#[derive(Debug, Default)]
pub(super) struct InputChange<'a> {
    pub renames: Option<&'a Renames>,
    /// New texts, by their old paths.
    pub texts: Option<&'a BTreeMap<FilePath, String>>,
}

impl InputChange<'_> {
    /// The inputs after the change.
    pub fn apply(&self, inputs: &Inputs) -> Inputs {
        let sources = |sources: &BTreeMap<FilePath, Source>| -> BTreeMap<FilePath, Source> {
            sources
                .values()
                .map(|source| self.source(source))
                .map(|source| (source.path.clone(), source))
                .collect()
        };
        let mut diagnostics: Vec<Diagnostic> =
            inputs.diagnostics.iter().map(|problem| self.moved(problem)).collect();
        let book = FilePath::of_settings();
        let config = match self.text(&book) {
            Some(text) => {
                let (config, problems) = reread(text, &book, &inputs.config);
                diagnostics.retain(|problem| problem.span.file != book);
                diagnostics.extend(problems);
                Arc::new(config)
            }
            None => Arc::clone(&inputs.config),
        };
        let asset = |asset: &Asset| {
            let file = self.path(&asset.file);
            (file.clone(), Asset { file, ..asset.clone() })
        };
        Inputs {
            root: inputs.root.clone(),
            out: inputs.out.clone(),
            preview: inputs.preview,
            target: inputs.target.clone(),
            drafts: inputs.drafts,
            config,
            sources: sources(&inputs.sources),
            assets: inputs.assets.values().map(asset).collect(),
            others: inputs.others.iter().map(|file| self.path(file)).collect(),
            links: inputs.links.iter().map(|(link, place)| (self.path(link), self.path(place))).collect(),
            // They are not in the content, so no move touches them.
            static_files: inputs.static_files.clone(),
            theme: inputs.theme.clone(),
            kinds: Arc::clone(&inputs.kinds),
            field_registers: Arc::clone(&inputs.field_registers),
            data: sources(&inputs.data),
            today: inputs.today,
            now: inputs.now,
            history: Arc::new(
                inputs.history.iter().map(|(file, change)| (self.path(file), change.clone())).collect(),
            ),
            missing_history: inputs.missing_history.clone(),
            owners: inputs.owners.clone(),
            settings: sources(&inputs.settings),
            diagnostics,
        }
    }

    fn path(&self, path: &FilePath) -> FilePath {
        self.renames.map_or_else(|| path.clone(), |renames| renames.after(path))
    }

    fn text(&self, path: &FilePath) -> Option<&str> {
        self.texts?.get(path).map(String::as_str)
    }

    fn source(&self, source: &Source) -> Source {
        let path = self.path(&source.path);
        match self.text(&source.path) {
            Some(text) => Source::new(path, text),
            None if path != source.path => Source::new(path, Arc::clone(&source.text)),
            None => source.clone(),
        }
    }

    fn moved(&self, problem: &Diagnostic) -> Diagnostic {
        let span = Span { file: self.path(&problem.span.file), ..problem.span.clone() };
        Diagnostic { span, ..problem.clone() }
    }
}

/// Settings read again, with what the loader and the command line have added.
fn reread(text: &str, book: &FilePath, before: &Config) -> (Config, Vec<Diagnostic>) {
    let (config, problems) = config::parse(&Source::new(book.clone(), text));
    let mut visibility = config.visibility.clone();
    visibility.audience = before.visibility.audience;
    let config = Config {
        visibility,
        sites: before.sites.clone(),
        out: before.out.clone(),
        base_url: before.base_url.clone(),
        print_too: before.print_too.clone(),
        ..config
    };
    (config, problems)
}

/// The inputs for another audience.
pub fn for_audience(inputs: &Inputs, audience: Audience, drafts: Drafts) -> Inputs {
    let mut changed = InputChange::default().apply(inputs);
    let mut config = (*inputs.config).clone();
    config.visibility.audience = audience;
    changed.config = Arc::new(config);
    changed.drafts = drafts;
    changed
}
