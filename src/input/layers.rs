//! The loader: everything a build reads, from disk into one value.
//!
//! Owns the order of reading (settings, content, theme, history), what is kept between two loads (a file whose stamp
//! is unchanged is not read again), and that what was read was there at one time: after reading it walks again, and
//! where anything differs it reads anew. Problems of content are diagnostics, everything else stops.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::clock;
use super::disk::{self, Disk, Tree, there};
use super::entry::{self, Entry};
use super::git::{self, History};
use super::walk::{Found, Listing, Walk};
use super::{Failure, Inputs, Options, Preview, sorts};
use crate::config::{self, Config};
use crate::diagnostic::Diagnostic;
use crate::form::Form;
use crate::kinds::Kinds;
use crate::path::FilePath;
use crate::registers::FieldRegisters;
use crate::source::Source;
use crate::theme::{self, Theme};
use crate::visibility::Audience;

/// The name of the settings in the handbook's root.
pub const BOOK: &str = "book.toml";

/// The largest `book.toml`, template or theme asset, in bytes.
const SETTINGS_LIMIT: u64 = 4 * 1024 * 1024;

/// How often a handbook is read anew because it has changed meanwhile.
const ROUNDS: usize = 100;

/// Loads a handbook, again and again.
#[derive(Debug)]
pub struct Loader {
    options: Options,
    disk: Disk,
    form: Form,
    /// Sections to be printed besides those that `book.toml` names.
    print: Vec<String>,
    content: Walk,
    /// The folders beside the content: theme, kinds, registers, data.
    beside: [Walk; 4],
    entries: HashMap<FilePath, Arc<Entry>>,
    small: HashMap<FilePath, Arc<Small>>,
    history: History,
}

/// A file beside the content: of the theme, a kind, data.
#[derive(Debug)]
struct Small {
    stamp: disk::Stamp,
    settled: bool,
    /// `None` where it is too large.
    bytes: Option<Arc<[u8]>>,
}

/// Everything that was met on the way, with stamps.
struct Met {
    book: Vec<u8>,
    content: Listing,
    beside: [Listing; 4],
}

/// One reading of all files.
struct Round {
    inputs: Inputs,
    met: Met,
    entries: Vec<Arc<Entry>>,
}

/// What came of reading.
enum Reading<T> {
    Done(T),
    /// This path was not any more what it had been a moment before.
    Changed(PathBuf),
}

/// What `book.toml` says, with the command line applied.
struct Settings {
    bytes: Vec<u8>,
    book: Source,
    config: Config,
    diagnostics: Vec<Diagnostic>,
}

impl Loader {
    pub fn new(options: Options) -> Loader {
        Loader {
            options,
            disk: Disk::default(),
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
    /// Something that cannot be read, or a handbook that changes again and again while it is read.
    pub fn load(&mut self) -> Result<Inputs, Failure> {
        let mut changed = self.options.root.clone();
        for _ in 0..ROUNDS {
            let round = match self.round()? {
                Reading::Done(round) => round,
                Reading::Changed(path) => {
                    changed = path;
                    continue;
                }
            };
            // What was read stays known, so that the next round reads the rest only.
            let files = round.met.content.files.iter().map(|found| found.path.clone());
            self.entries = files.zip(round.entries).collect();
            // Git takes a file away before it writes it anew. While it is stopped in between, two walks agree that
            // there is no such file, also where it is the one that hides its folder. `git commit -a` holds the lock,
            // too, while its message is being written: a preview then shows the last site a while longer.
            if let Some(lock) = git::lock(&round.inputs.root) {
                changed = lock;
                git::wait();
                continue;
            }
            match self.differs(&round.inputs.config, &round.met)? {
                None => return Ok(self.dated(round.inputs)),
                Some(path) => changed = path,
            }
        }
        let message = format!("the handbook changed while it was read: `{}`", changed.display());
        let help = "Build again when the change, such as a checkout, is complete.";
        if changed.ends_with("index.lock") {
            return Err(Failure::new(message, format!("{help} If no Git is at work, delete the file.")));
        }
        Err(Failure::new(message, help))
    }

    /// Reads everything once. Files of the last round that are unchanged are not read again.
    fn round(&mut self) -> Result<Reading<Round>, Failure> {
        let root = self.open_root()?;
        let Settings { bytes, book, config, mut diagnostics } = self.settings(&root)?;
        let out = self.out(&root, &config)?;
        let content =
            self.open_content(&root, &config).map_err(|failure| explained(failure, &diagnostics))?;
        let listing = self.walk(&root, &content, &config)?;
        if let Some(path) = listing.lost {
            return Ok(Reading::Changed(path));
        }
        diagnostics.extend(listing.diagnostics.iter().cloned());
        let entries = match self.entries(&content, &listing)? {
            Reading::Done(entries) => entries,
            Reading::Changed(path) => return Ok(Reading::Changed(path)),
        };
        let (beside, [theme, kinds, registers, data]) = match self.beside(&root, &config)? {
            Reading::Done(files) => files,
            Reading::Changed(path) => return Ok(Reading::Changed(path)),
        };
        let toml = |path: &FilePath| path.extension() == "toml";
        let data = texts(&data, |path| sorts::is_data(path, &config.content), &mut diagnostics);
        let kind_files = texts(&kinds, toml, &mut diagnostics);
        let (kinds, wrong) = Kinds::with(&kind_files.values().cloned().collect::<Vec<_>>());
        let register_files = texts(&registers, toml, &mut diagnostics);
        let own_registers: Vec<Source> = register_files.values().cloned().collect();
        let (field_registers, wrong_registers) = FieldRegisters::with(&own_registers, &kinds);
        diagnostics.extend(wrong_registers);
        diagnostics.extend(field_registers.check_off(&config.registers));
        let (theme, unused) = theme::overridden(&config.theme, &theme, &kinds);
        diagnostics.extend(unused.into_iter().chain(wrong));
        let now = self.options.today.map_or_else(clock::now, clock::beginning);
        let mut inputs = Inputs {
            root: root.place,
            out,
            preview: self.options.preview,
            form: self.form.clone(),
            drafts: self.options.drafts,
            sources: BTreeMap::new(),
            assets: BTreeMap::new(),
            others: BTreeSet::new(),
            links: links(&listing, &content, &prefix(&config)),
            config: Arc::new(config),
            settings: settings_texts(book, &theme, [&kind_files, &register_files, &data]),
            theme,
            kinds,
            field_registers,
            data,
            today: clock::day(now),
            now,
            history: Arc::default(),
            undated: 0,
            diagnostics,
        };
        gather(&mut inputs, &listing, &entries);
        Ok(Reading::Done(Round { inputs, met: Met { book: bytes, content: listing, beside }, entries }))
    }

    /// The first path that is not any more what was met, or `None` where a second walk finds the same as the first.
    fn differs(&mut self, config: &Config, met: &Met) -> Result<Option<PathBuf>, Failure> {
        let root = self.open_root()?;
        if self.book(&root)? != met.book {
            return Ok(Some(root.place.join(BOOK)));
        }
        let content = self.open_content(&root, config)?;
        if !self.walk(&root, &content, config)?.agrees(&met.content) {
            return Ok(Some(content.place));
        }
        for (number, folder) in folders(config).into_iter().enumerate() {
            let again = self.folder(&root, folder, number)?;
            let listing = again.map_or_else(Listing::default, |(_, listing)| listing);
            if !listing.agrees(&met.beside[number]) {
                return Ok(Some(root.place.join(folder)));
            }
        }
        Ok(None)
    }

    fn dated(&mut self, mut inputs: Inputs) -> Inputs {
        inputs.history = self.history.of(&inputs);
        inputs.undated = self.history.beyond();
        inputs
    }

    /// The files of the content.
    fn walk(&mut self, root: &Tree, content: &Tree, config: &Config) -> Result<Listing, Failure> {
        // Data may lie among the pages that show it.
        let beside =
            [&config.theme, &config.kinds, &config.registers.folder].map(|folder| root.place.join(folder));
        let skipped = std::iter::once(self.out(root, config)?).chain(beside).collect();
        let mut listing = self.content.list(content, &prefix(config), skipped)?;
        // With the root itself as content, the settings are no content.
        listing.files.retain(|found| found.path.as_str() != BOOK);
        Ok(listing)
    }

    fn book(&self, root: &Tree) -> Result<Vec<u8>, Failure> {
        let place = root.place.join(BOOK);
        match there(root.read(Path::new(BOOK), SETTINGS_LIMIT)) {
            Ok(Some(Some(bytes))) => Ok(bytes),
            Ok(Some(None)) => Err(Failure::new("`book.toml` is larger than 4 MiB", "Make it smaller.")),
            Ok(None) => {
                let message = format!("there is no `book.toml` in `{}`", root.place.display());
                let help = "Name the handbook's folder with `--root`, or make one with `opsbook init`.";
                Err(Failure::new(message, help))
            }
            Err(error) => Err(Failure::io(&place, &error)),
        }
    }

    fn settings(&self, root: &Tree) -> Result<Settings, Failure> {
        let bytes = self.book(root)?;
        let path = FilePath::new(BOOK).expect("the name is a plain one");
        let book = Source::new(path, super::encoding::normalise(bytes.clone()).text);
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
        Ok(Settings { bytes, book, config, diagnostics })
    }

    /// The absolute path of the output folder, which need not exist.
    fn out(&self, root: &Tree, config: &Config) -> Result<PathBuf, Failure> {
        let wanted = match &self.options.out {
            Some(out) => std::path::absolute(out).map_err(|error| Failure::io(out, &error))?,
            None => root.place.join(&config.out),
        };
        let resolve = |path: &Path| self.disk.resolve(path).map_err(|error| Failure::io(path, &error));
        if let Some(real) = resolve(&wanted)? {
            return Ok(real);
        }
        // Resolves the folder above, so that the walk knows the output by its real path.
        let (Some(above), Some(name)) = (wanted.parent(), wanted.file_name()) else { return Ok(wanted) };
        Ok(resolve(above)?.map_or_else(|| wanted.clone(), |above| above.join(name)))
    }

    /// The entries of all files of a listing, in its order; unchanged ones are last time's.
    fn entries(&self, tree: &Tree, listing: &Listing) -> Result<Reading<Vec<Arc<Entry>>>, Failure> {
        let one = |found: &Found| {
            if let Some(known) = self.entries.get(&found.path).filter(|e| e.settled && e.stamp == found.stamp)
            {
                return Ok(Some(known.clone()));
            }
            let read = entry::read(tree, found).map_err(|error| Failure::io(&found.place, &error))?;
            Ok(read.map(Arc::new))
        };
        let read: Vec<Option<Arc<Entry>>> =
            listing.files.par_iter().with_min_len(16).map(one).collect::<Result<_, Failure>>()?;
        let gone = read.iter().position(Option::is_none).map(|at| listing.files[at].place.to_path_buf());
        Ok(gone.map_or_else(|| Reading::Done(read.into_iter().flatten().collect()), Reading::Changed))
    }

    /// The files of the folders beside the content.
    fn beside(&mut self, root: &Tree, config: &Config) -> Result<Reading<Beside>, Failure> {
        let mut kept = HashMap::new();
        let (mut listings, mut files): ([Listing; 4], [Files; 4]) = Default::default();
        for (number, folder) in folders(config).into_iter().enumerate() {
            let Some((tree, listing)) = self.folder(root, folder, number)? else { continue };
            for found in &listing.files {
                let small =
                    self.small_file(&tree, found).map_err(|error| Failure::io(&found.place, &error))?;
                let Some(small) = small else { return Ok(Reading::Changed(found.place.to_path_buf())) };
                if let Some(bytes) = &small.bytes {
                    files[number].push((found.path.clone(), Arc::clone(bytes)));
                }
                kept.insert(found.path.clone(), small);
            }
            listings[number] = listing;
        }
        self.small = kept;
        Ok(Reading::Done((listings, files)))
    }

    /// The files of a folder beside the content; `None` where there is no such folder.
    fn folder(
        &mut self,
        root: &Tree,
        folder: &str,
        number: usize,
    ) -> Result<Option<(Tree, Listing)>, Failure> {
        let place = root.place.join(folder);
        let failure = |error: io::Error| Failure::io(&place, &error);
        let Some(real) = self.disk.resolve(&place).map_err(failure)? else { return Ok(None) };
        if !real.starts_with(&root.place) {
            let message = format!("the folder `{folder}` leads out of the handbook");
            return Err(Failure::new(message, "Move it beneath the handbook's root."));
        }
        let tree = Tree::open_on(self.disk.clone(), &real).map_err(failure)?;
        let listing = self.beside[number].list(&tree, folder, Vec::new())?;
        Ok(Some((tree, listing)))
    }

    /// One small file; `None` where it is not the one any more that the walk has met.
    fn small_file(&self, tree: &Tree, found: &Found) -> io::Result<Option<Arc<Small>>> {
        if let Some(known) = self.small.get(&found.path).filter(|o| o.settled && o.stamp == found.stamp) {
            return Ok(Some(known.clone()));
        }
        let settled = found.stamp.settled();
        let Some(file) = tree.met(tree.beneath(&found.place), found.stamp)? else { return Ok(None) };
        let bytes = disk::limited(file, found.stamp.length, SETTINGS_LIMIT)?.map(Arc::from);
        Ok(Some(Arc::new(Small { stamp: found.stamp, settled, bytes })))
    }

    fn open_root(&self) -> Result<Tree, Failure> {
        let root = &self.options.root;
        Tree::open_on(self.disk.clone(), root).map_err(|error| {
            let message = format!("cannot open the handbook's folder `{}`: {error}", root.display());
            Failure::new(message, "Name the folder that holds `book.toml` with `--root`.")
        })
    }

    fn open_content(&self, root: &Tree, config: &Config) -> Result<Tree, Failure> {
        let help = "Create the folder, or name another one in `book.toml`: `[paths] content = \"…\"`.";
        let name = &config.content;
        let tree = Tree::open_on(self.disk.clone(), &root.place.join(name)).map_err(|error| {
            Failure::new(format!("cannot open the content folder `{name}`: {error}"), help)
        })?;
        if !tree.place.starts_with(&root.place) {
            let message = format!("the content folder `{name}` lies outside of the handbook");
            return Err(Failure::new(message, help));
        }
        Ok(tree)
    }
}

/// The folders beside the content: theme, kinds, registers, data.
fn folders(config: &Config) -> [&String; 4] {
    [&config.theme, &config.kinds, &config.registers.folder, &config.data]
}

/// The content folder by the names that its author sees.
fn prefix(config: &Config) -> String {
    FilePath::new(&config.content).map_or(String::new(), |path| path.to_string())
}

/// What was found in each of the folders beside the content, and what was read there.
type Beside = ([Listing; 4], [Files; 4]);

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
    beside: [&BTreeMap<FilePath, Source>; 3],
) -> BTreeMap<FilePath, Source> {
    let templates =
        theme.templates.values().chain(&theme.texts).map(|source| (source.path.clone(), source.clone()));
    let beside = beside.into_iter().flatten().map(|(path, source)| (path.clone(), source.clone()));
    std::iter::once((book.path.clone(), book)).chain(templates).chain(beside).collect()
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
