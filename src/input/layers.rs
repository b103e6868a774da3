//! The loader: everything a build reads, from disk into one value.
//!
//! Owns the order of reading (settings, content, theme, history) and what is kept between two loads: a file
//! whose stamp is unchanged is not read again. Problems of content are diagnostics, everything else stops.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::clock;
use super::disk::Tree;
use super::entry::{self, Entry};

use super::git::History;
use super::walk::{Found, Listing, Walk};
use super::{Failure, Inputs, Options, Preview, sorts};
use crate::alerts;
use crate::config::{self, Config};
use crate::diagnostic::Diagnostic;
use crate::form::Form;
use crate::kinds::Kinds;
use crate::path::FilePath;
use crate::source::Source;
use crate::theme::{self, Theme};
use crate::visibility::Audience;

/// The name of the settings in the handbook's root.
pub const BOOK: &str = "book.toml";

/// The largest `book.toml`, template or theme asset, in bytes.
const SETTINGS_LIMIT: u64 = 4 * 1024 * 1024;

/// Loads a handbook, again and again.
#[derive(Debug)]
pub struct Loader {
    options: Options,
    form: Form,
    /// Sections to be printed besides those that `book.toml` names.
    print: Vec<String>,
    content: Walk,
    /// The folders beside the content: theme, kinds, data.
    beside: [Walk; 3],
    entries: HashMap<FilePath, Arc<Entry>>,
    small: HashMap<FilePath, Arc<Small>>,
    history: History,
}

/// A file beside the content: of the theme, a kind, data.
#[derive(Debug)]
struct Small {
    stamp: super::disk::Stamp,
    settled: bool,
    bytes: Arc<[u8]>,
}

/// What `book.toml` says, with the command line applied.
struct Settings {
    book: Source,
    config: Config,
    diagnostics: Vec<Diagnostic>,
}

impl Loader {
    pub fn new(options: Options) -> Loader {
        Loader {
            options,
            form: Form::Site,
            print: Vec::new(),
            content: Walk::default(),
            beside: Default::default(),
            entries: HashMap::new(),
            small: HashMap::new(),
            history: History::default(),
        }
    }

    /// Reads for another audience from now on, and for another folder if one is given.
    pub fn aim(&mut self, audience: Option<String>, out: Option<PathBuf>) {
        self.options.audience = audience;
        self.options.out = out;
    }

    /// Reads for another form than a site.
    pub fn shape(&mut self, form: Form) {
        self.form = form;
    }

    /// Wants more sections as long pages than `book.toml` names.
    pub fn print(&mut self, sections: Vec<String>) {
        self.print = sections;
    }

    /// Reads what is new or changed since the last call.
    ///
    /// # Errors
    /// A root, settings or content folder that cannot be read.
    pub fn load(&mut self) -> Result<Inputs, Failure> {
        let root = open_root(&self.options.root)?;
        let Settings { book, config, mut diagnostics } = self.settings(&root)?;
        let out = self.out(&root, &config)?;
        let content = open_content(&root, &config).map_err(|failure| explained(failure, &diagnostics))?;
        // Data may lie among the pages that show it.
        let beside = [&config.theme, &config.kinds].map(|folder| root.place.join(folder));
        let skipped = std::iter::once(out.clone()).chain(beside).collect();
        let prefix = FilePath::new(&config.content).map_or(String::new(), |path| path.to_string());
        let mut listing =
            self.content.list(&content, &prefix, skipped).map_err(|e| Failure::io(&content.place, &e))?;
        // With the root itself as content, the settings are no content.
        listing.files.retain(|found| found.path != book.path);
        diagnostics.append(&mut listing.diagnostics);
        let entries = self.entries(&content, &listing)?;
        let [theme, kinds, data] = self.beside(&root, &config)?;
        let toml = |path: &FilePath| path.extension() == "toml";
        let data = texts(&data, |path| alerts::may_hold(path) || toml(path), &mut diagnostics);
        let kind_files = texts(&kinds, toml, &mut diagnostics);
        let (kinds, wrong) = Kinds::with(&kind_files.values().cloned().collect::<Vec<_>>());
        let (theme, unused) = theme::overridden(&config.theme, &theme, &kinds);
        diagnostics.extend(unused.into_iter().chain(wrong));
        let now = self.options.today.map_or_else(clock::now, clock::beginning);
        let mut inputs = Inputs {
            root: root.place,
            out,
            preview: self.options.preview,
            form: self.form.clone(),
            drafts: self.options.drafts,
            config: Arc::new(config),
            sources: BTreeMap::new(),
            assets: BTreeMap::new(),
            others: BTreeSet::new(),
            links: links(&listing, &content, &prefix),
            settings: settings_texts(book, &theme, [&kind_files, &data]),
            theme,
            kinds,
            data,
            today: clock::day(now),
            now,
            history: Arc::default(),
            undated: 0,
            diagnostics,
        };
        gather(&mut inputs, &listing, &entries);
        inputs.history = self.history.of(&inputs);
        inputs.undated = self.history.beyond();
        self.entries = listing.files.into_iter().map(|found| found.path).zip(entries).collect();
        Ok(inputs)
    }

    fn settings(&self, root: &Tree) -> Result<Settings, Failure> {
        let bytes = match root.read(Path::new(BOOK), SETTINGS_LIMIT) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Err(Failure::new("`book.toml` is larger than 4 MiB", "Make it smaller.")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let message = format!("there is no `book.toml` in `{}`", root.place.display());
                return Err(Failure::new(
                    message,
                    "Name the handbook's folder with `--root`, or make one with `opsbook init`.",
                ));
            }
            Err(error) => return Err(Failure::io(&root.place.join(BOOK), &error)),
        };
        let path = FilePath::new(BOOK).expect("the name is a plain one");
        let book = Source::new(path, super::encoding::normalise(bytes).text);
        let (mut config, diagnostics) = config::parse(&book);
        config.print_too.clone_from(&self.print);
        let usual = config.visibility.audience;
        if let Some(name) = &self.options.audience {
            config.visibility.audience = audience(name, &config)?;
        }
        if config.visibility.audience != usual {
            // A site for other readers must not take the place of the usual one by mistake.
            config.out = format!("{}-{}", config.out, config.visibility.audience_name());
        }
        if self.options.preview == Preview::Yes {
            // A preview stands at the root of its own host.
            config.base_url = None;
        } else if let Some(url) = &self.options.base_url {
            let help = "Write it as `https://example.org/handbook/`.";
            let sound = config::base_url(url);
            config.base_url =
                Some(sound.ok_or_else(|| Failure::new(format!("`{url}` is not a base URL"), help))?);
        }
        Ok(Settings { book, config, diagnostics })
    }

    /// The absolute path of the output folder, which need not exist.
    fn out(&self, root: &Tree, config: &Config) -> Result<PathBuf, Failure> {
        let wanted = match &self.options.out {
            Some(out) => std::path::absolute(out).map_err(|error| Failure::io(out, &error))?,
            None => root.place.join(&config.out),
        };
        // Resolves the folder above, so that the walk knows the output by its real path.
        let real = wanted.canonicalize().ok().or_else(|| {
            let above = wanted.parent()?.canonicalize().ok()?;
            Some(above.join(wanted.file_name()?))
        });
        Ok(real.unwrap_or(wanted))
    }

    /// The entries of all files of a listing, in its order; unchanged ones are last time's.
    fn entries(&self, tree: &Tree, listing: &Listing) -> Result<Vec<Arc<Entry>>, Failure> {
        let one = |found: &Found| {
            if let Some(known) = self.entries.get(&found.path).filter(|e| e.settled && e.stamp == found.stamp)
            {
                return Ok(known.clone());
            }
            match entry::read(tree, found) {
                Ok(entry) => Ok(Arc::new(entry)),
                Err(error) if vanished(&error) => Ok(Arc::new(Entry::gone(found.stamp))),
                Err(error) => Err(Failure::io(&found.place, &error)),
            }
        };
        listing.files.par_iter().with_min_len(16).map(one).collect()
    }

    /// The files of the folders beside the content.
    fn beside(&mut self, root: &Tree, config: &Config) -> Result<[Files; 3], Failure> {
        let mut kept = HashMap::new();
        let folders = [&config.theme, &config.kinds, &config.data];
        let mut files: [Files; 3] = Default::default();
        for (number, folder) in folders.into_iter().enumerate() {
            for (path, file) in self.folder(root, folder, number)? {
                files[number].push((path.clone(), Arc::clone(&file.bytes)));
                kept.insert(path, file);
            }
        }
        self.small = kept;
        Ok(files)
    }

    fn folder(
        &mut self,
        root: &Tree,
        folder: &str,
        number: usize,
    ) -> Result<Vec<(FilePath, Arc<Small>)>, Failure> {
        let place = root.place.join(folder);
        let failure = |error: io::Error| Failure::io(&place, &error);
        let Ok(real) = place.canonicalize() else { return Ok(Vec::new()) };
        if !real.starts_with(&root.place) {
            let message = format!("the folder `{folder}` leads out of the handbook");
            return Err(Failure::new(message, "Move it beneath the handbook's root."));
        }
        let tree = Tree::open(&real).map_err(failure)?;
        let listing = self.beside[number].list(&tree, folder, Vec::new()).map_err(failure)?;
        let mut files = Vec::new();
        for found in &listing.files {
            files.extend(self.small_file(&tree, found).map_err(failure)?.map(|f| (found.path.clone(), f)));
        }
        Ok(files)
    }

    /// One small file; `None` where it is too large or just deleted.
    fn small_file(&self, tree: &Tree, found: &Found) -> io::Result<Option<Arc<Small>>> {
        if let Some(known) = self.small.get(&found.path).filter(|o| o.settled && o.stamp == found.stamp) {
            return Ok(Some(known.clone()));
        }
        let settled = found.stamp.settled();
        match tree.read(tree.beneath(&found.place), SETTINGS_LIMIT) {
            Ok(bytes) => {
                Ok(bytes.map(|bytes| Arc::new(Small { stamp: found.stamp, settled, bytes: bytes.into() })))
            }
            Err(error) if vanished(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Paths and bytes of the files of a folder.
type Files = Vec<(FilePath, Arc<[u8]>)>;

/// The files that are wanted, as texts.
fn texts(
    files: &Files,
    wanted: impl Fn(&FilePath) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<FilePath, Source> {
    let source = |(path, bytes): &(FilePath, Arc<[u8]>)| {
        let text = super::encoding::normalise(bytes.to_vec());
        diagnostics.extend(text.flaw.map(|flaw| entry::not_text(path, &flaw)));
        (path.clone(), Source::new(path.clone(), text.text))
    };
    files.iter().filter(|(path, _)| wanted(path)).map(source).collect()
}

/// Whether a file that was listed was deleted or exchanged before it was read: the next load sees it.
fn vanished(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, InvalidInput, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | InvalidInput | CrossesDevices)
}

/// The files that lie elsewhere than they are named, both from the handbook's root.
fn links(listing: &Listing, content: &Tree, prefix: &str) -> BTreeMap<FilePath, FilePath> {
    let real = |found: &Found| {
        let place = content.beneath(&found.place).to_str()?;
        let place = if prefix.is_empty() { place.to_owned() } else { format!("{prefix}/{place}") };
        (place != found.path.as_str()).then(|| FilePath::new(&place)).flatten()
    };
    listing.files.iter().filter_map(|found| Some((found.path.clone(), real(found)?))).collect()
}

/// Sorts what was read into the inputs.
fn gather(inputs: &mut Inputs, listing: &Listing, entries: &[Arc<Entry>]) {
    for (found, entry) in listing.files.iter().zip(entries) {
        inputs.diagnostics.extend(entry.diagnostics.iter().cloned());
        if let Some(source) = &entry.source {
            inputs.sources.insert(found.path.clone(), source.clone());
        }
        if let Some(asset) = &entry.asset {
            inputs.assets.insert(found.path.clone(), asset.clone());
        }
        if !sorts::is_text(&found.path) && !sorts::is_asset(&found.path) {
            inputs.others.insert(found.path.clone());
        }
    }
}

fn settings_texts(
    book: Source,
    theme: &Theme,
    beside: [&BTreeMap<FilePath, Source>; 2],
) -> BTreeMap<FilePath, Source> {
    let templates =
        theme.templates.values().chain(&theme.texts).map(|source| (source.path.clone(), source.clone()));
    let beside = beside.into_iter().flatten().map(|(path, source)| (path.clone(), source.clone()));
    std::iter::once((book.path.clone(), book)).chain(templates).chain(beside).collect()
}

fn open_root(root: &Path) -> Result<Tree, Failure> {
    Tree::open(root).map_err(|error| {
        let message = format!("cannot open the handbook's folder `{}`: {error}", root.display());
        Failure::new(message, "Name the folder that holds `book.toml` with `--root`.")
    })
}

fn open_content(root: &Tree, config: &Config) -> Result<Tree, Failure> {
    let help = "Create the folder, or name another one in `book.toml`: `[paths] content = \"…\"`.";
    let name = &config.content;
    let tree = Tree::open(&root.place.join(name))
        .map_err(|error| Failure::new(format!("cannot open the content folder `{name}`: {error}"), help))?;
    if !tree.place.starts_with(&root.place) {
        return Err(Failure::new(format!("the content folder `{name}` lies outside of the handbook"), help));
    }
    Ok(tree)
}

/// A failure with what is wrong in the settings, from which it may come: nobody sees the settings' own problems then.
fn explained(failure: Failure, problems: &[Diagnostic]) -> Failure {
    match problems.first() {
        None => failure,
        Some(problem) => {
            let message = format!("{}; and in `{BOOK}`, {}", failure.message, problem.message);
            Failure::new(message, failure.help)
        }
    }
}

/// The audience of that name.
fn audience(name: &str, config: &Config) -> Result<Audience, Failure> {
    let levels = &config.visibility.levels;
    levels.find(name).map(Audience::of).ok_or_else(|| {
        let near = levels.near(name).map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
        Failure::new(format!("there is no audience `{name}`"), format!("Use {}.{near}", levels.listed()))
    })
}

#[cfg(test)]
#[path = "layers_tests.rs"]
mod tests;
