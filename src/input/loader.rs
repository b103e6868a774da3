//! The loader reads everything that a build needs from disk into one value.
//!
//! Owns the order of reading (settings, content, theme, history) and the cache between two loads: a file whose
//! stamp is unchanged is not read again. It also guarantees that all files existed at one moment: after reading
//! it walks the folders again, and where anything differs it reads again. Problems in the content are
//! diagnostics; all other problems stop the load.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use semver::Version;

use super::clock;
use super::disk::{self, Disk, ReadFolder, none_if_missing};
use super::git::{self, History};
use super::loaded_file::{self, LoadedFile};
use super::owners::{self, OwnersFile};
use super::walk::{Listing, WalkedFile, Walker};
use super::{Failure, Inputs, Options, Preview, file_types};
use crate::build_target::BuildTarget;
use crate::config::{self, Config};
use crate::diagnostic::Diagnostic;
use crate::kinds::Kinds;
use crate::path::{FilePath, PageAddresses};
use crate::published_types::AssetTypes;
use crate::registers::FieldRegisters;
use crate::rules::INPUT_SIZE;
use crate::source::{Source, Span, position};
use crate::theme::{self, Theme};
use crate::utc;
use crate::visibility::Audience;

/// The file name of the settings in the handbook's root.
pub const BOOK: &str = "book.toml";

/// The largest `book.toml`, template or theme asset, in bytes.
const SETTINGS_LIMIT: u64 = 4 * 1024 * 1024;

/// The largest number of attempts to read a handbook that changes while it is read.
const ROUNDS: usize = 100;

/// Loads a handbook as often as asked, and caches files between two loads.
#[derive(Debug)]
pub struct Loader {
    options: Options,
    disk: Disk,
    form: BuildTarget,
    /// Sections to print in addition to those in `book.toml`.
    print: Vec<String>,
    /// Replaces `pages.addresses`.
    addresses: Option<PageAddresses>,
    noindex: bool,
    state: LoadedState,
    content: Walker,
    /// The side folders: theme, kinds, registers, data. The data folder may lie in the content folder.
    beside: [Walker; 4],
    static_files: Walker,
    /// The types of files that the handbook added when `entries` were read.
    types: AssetTypes,
    entries: HashMap<FilePath, Arc<LoadedFile>>,
    small: HashMap<FilePath, Arc<SideFile>>,
    /// `None` if dates are not wanted.
    history: Option<History>,
}

/// Which state of a handbook is in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoadedState {
    Present,
    /// An earlier one, which is only compared with the present one: `opsbook_version` does not decide whether it is
    /// read. Its folder lies outside of the repository.
    Earlier {
        /// Whether the folder holds the root of the repository.
        is_repository: bool,
    },
}

/// A file of a side folder: part of the theme, a kind, a register, data.
#[derive(Debug)]
struct SideFile {
    stamp: disk::Stamp,
    settled: bool,
    /// `None` if the file is too large.
    bytes: Option<Arc<[u8]>>,
}

/// Everything that the first walk found, with stamps.
struct Met {
    book: Vec<u8>,
    content: Listing,
    static_files: Listing,
    beside: [Listing; 4],
}

/// One reading of all files.
struct LoadRound {
    inputs: Inputs,
    met: Met,
    /// The files of the content, then those of the static folder.
    entries: Vec<Arc<LoadedFile>>,
}

/// The result of one attempt to read.
enum LoadAttempt<T> {
    Done(T),
    /// This path changed during the attempt.
    Changed(PathBuf),
}

/// The settings of `book.toml`, with the command line applied.
struct LoadSettings {
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
            form: BuildTarget::Site,
            print: Vec::new(),
            addresses: None,
            noindex: false,
            state: LoadedState::Present,
            content: Walker::default(),
            beside: Default::default(),
            static_files: Walker::for_static_files(),
            types: AssetTypes::default(),
            entries: HashMap::new(),
            small: HashMap::new(),
            history: Some(History::default()),
        }
    }

    /// A loader that asks Git for nothing: for commands that show no dates.
    pub fn without_history(options: Options) -> Loader {
        Loader { history: None, ..Loader::new(options) }
    }

    /// From now on reads the folder as this state.
    pub(super) fn set_state(&mut self, state: LoadedState) {
        self.state = state;
    }

    /// From now on reads for another audience, and for another output folder if one is given.
    pub fn set_audience(&mut self, audience: Option<String>, out: Option<PathBuf>) {
        self.options.audience = audience;
        self.options.out = out;
    }

    /// From now on reads for another target than a site.
    pub fn set_target(&mut self, form: BuildTarget) {
        self.form = form;
    }

    /// From now on addresses pages in this form, whatever `book.toml` says.
    pub fn set_addresses(&mut self, addresses: PageAddresses) {
        self.addresses = Some(addresses);
    }

    /// From now on asks search engines to leave the site out.
    pub fn set_noindex(&mut self) {
        self.noindex = true;
    }

    /// Sets the sections to print in addition to those in `book.toml`.
    pub fn set_printed_sections(&mut self, sections: Vec<String>) {
        self.print = sections;
    }

    /// Reads the files that are new or changed since the last call.
    ///
    /// # Errors
    /// Something cannot be read, or the handbook changed again in each attempt.
    pub fn load(&mut self) -> Result<Inputs, Failure> {
        let mut changed = self.options.root.clone();
        for _ in 0..ROUNDS {
            let round = match self.round()? {
                LoadAttempt::Done(round) => round,
                LoadAttempt::Changed(path) => {
                    changed = path;
                    continue;
                }
            };
            // The files of this attempt stay in the cache, so that the next attempt reads only the rest.
            let files = round.met.content.files.iter().chain(&round.met.static_files.files);
            self.entries = files.map(|found| found.path.clone()).zip(round.entries).collect();
            // Git deletes a file before it writes the new version. If it is stopped in between, two walks agree
            // that the file does not exist, even if it is the file that hides its folder. `git commit -a` also
            // holds the lock while its message is being written: a preview then shows the last site a while
            // longer.
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

    /// Reads everything once. Files of the last attempt that are unchanged are not read again.
    fn round(&mut self) -> Result<LoadAttempt<LoadRound>, Failure> {
        let root = self.open_root()?;
        let LoadSettings { bytes, book, config, mut diagnostics } = self.settings(&root)?;
        let out = self.out(&root, &config)?;
        if self.types != config.asset_types {
            // Whether a file is read depends on them.
            self.entries.clear();
            self.types = config.asset_types.clone();
        }
        let types = &config.asset_types;
        let content =
            self.open_content(&root, &config).map_err(|failure| explained(failure, &diagnostics))?;
        let listing = self.walk(&root, &content, &config)?;
        if let Some(path) = listing.lost {
            return Ok(LoadAttempt::Changed(path));
        }
        diagnostics.extend(listing.diagnostics.iter().cloned());
        let mut entries =
            match self.entries(&content, &listing, |tree, found| loaded_file::read(tree, found, types))? {
                LoadAttempt::Done(entries) => entries,
                LoadAttempt::Changed(path) => return Ok(LoadAttempt::Changed(path)),
            };
        let mut links = links(&listing, &content, &prefix(&config));
        let mut static_files = Listing::default();
        if let Some((tree, listing)) = self.list_static_files(&root, &config)? {
            if let Some(path) = listing.lost {
                return Ok(LoadAttempt::Changed(path));
            }
            match self.entries(&tree, &listing, |tree, found| loaded_file::read_static(tree, found, types))? {
                LoadAttempt::Done(files) => entries.extend(files),
                LoadAttempt::Changed(path) => return Ok(LoadAttempt::Changed(path)),
            }
            diagnostics.extend(listing.diagnostics.iter().cloned());
            links.extend(self::links(&listing, &tree, &config.static_folder));
            static_files = listing;
        }
        let (beside, [theme, kinds, registers, data]) = match self.beside(&root, &config)? {
            LoadAttempt::Done(files) => files,
            LoadAttempt::Changed(path) => return Ok(LoadAttempt::Changed(path)),
        };
        let toml = |path: &FilePath| path.extension() == "toml";
        let is_data = |path: &FilePath| file_types::is_data(path, &config.content);
        let is_read: [&dyn Fn(&FilePath) -> bool; 4] =
            [&|path| theme::is_part(&config.theme, path), &toml, &toml, &is_data];
        for (listing, is_read) in beside.iter().zip(is_read) {
            let is_large = |found: &&WalkedFile| {
                is_read(&found.path) && self.small.get(&found.path).is_some_and(|file| file.bytes.is_none())
            };
            diagnostics.extend(listing.files.iter().filter(is_large).map(too_large));
        }
        let data = texts(&data, is_data, &mut diagnostics);
        let kind_files = texts(&kinds, toml, &mut diagnostics);
        let own_kinds: Vec<Source> = kind_files.values().cloned().collect();
        let (kinds, wrong) = Kinds::with(&own_kinds, config.optional_kinds());
        let register_files = texts(&registers, toml, &mut diagnostics);
        let own_registers: Vec<Source> = register_files.values().cloned().collect();
        let (field_registers, wrong_registers) = FieldRegisters::with(&own_registers, &kinds);
        diagnostics.extend(wrong_registers);
        diagnostics.extend(field_registers.check_off(&config.registers));
        let (theme, unused) = theme::overridden(&config.theme, &theme, &kinds, &config.brand);
        diagnostics.extend(unused.into_iter().chain(wrong));
        let owners = self.owners(&root, &config);
        // A file above the handbook has no path in it, so `opsbook owners` alone reports its problems.
        let owners_inside = owners.as_ref().filter(|file| file.folder.is_empty());
        diagnostics.extend(owners_inside.iter().flat_map(|file| file.owners.problems.iter().cloned()));
        let owners_source = owners_inside.map(|file| (file.source.path.clone(), file.source.clone()));
        // A given day begins at midnight, so that the build does not depend on the clock.
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
            links,
            static_files: BTreeMap::new(),
            config: Arc::new(config),
            settings: settings_texts(book, &theme, [&kind_files, &register_files, &data]),
            theme,
            kinds,
            field_registers,
            data,
            today: utc::day_of(now),
            now,
            history: Arc::default(),
            undated: 0,
            owners: owners.map(Arc::new),
            diagnostics,
        };
        inputs.settings.extend(owners_source);
        let (of_content, of_static) = entries.split_at(listing.files.len());
        gather(&mut inputs, &listing, of_content);
        let assets = of_static.iter().filter_map(|entry| entry.asset.clone());
        inputs.static_files = assets.map(|asset| (asset.file.clone(), asset)).collect();
        let met = Met { book: bytes, content: listing, static_files, beside };
        Ok(LoadAttempt::Done(LoadRound { inputs, met, entries }))
    }

    /// The first path that has changed since the first walk, or `None` if a second walk finds the same.
    fn differs(&mut self, config: &Config, met: &Met) -> Result<Option<PathBuf>, Failure> {
        let root = self.open_root()?;
        if self.book(&root)? != met.book {
            return Ok(Some(root.place.join(BOOK)));
        }
        let content = self.open_content(&root, config)?;
        if !self.walk(&root, &content, config)?.agrees(&met.content) {
            return Ok(Some(content.place));
        }
        let again = self.list_static_files(&root, config)?.map_or_else(Listing::default, |(_, found)| found);
        if !again.agrees(&met.static_files) {
            return Ok(Some(root.place.join(&config.static_folder)));
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

    /// Stores what the next run needs not to read again from Git. A cache that cannot be saved only costs time.
    pub fn save_history(&mut self, root: &Path) {
        let _saved = self.history.as_mut().map(|history| history.save(root));
    }

    /// The `CODEOWNERS` file of the repository.
    fn owners(&self, root: &ReadFolder, config: &Config) -> Option<OwnersFile> {
        let forge_url = config.repository.as_ref().map(|repository| repository.url.as_str());
        match self.state {
            LoadedState::Present => owners::find(&root.place, forge_url),
            LoadedState::Earlier { is_repository: true } => {
                owners::find_in(&root.place, &root.place, forge_url)
            }
            LoadedState::Earlier { is_repository: false } => None,
        }
    }

    fn dated(&mut self, mut inputs: Inputs) -> Inputs {
        if let Some(history) = &mut self.history {
            inputs.history = history.last_changes(&inputs);
            inputs.undated = history.beyond();
        }
        inputs
    }

    /// Lists the files of the content.
    fn walk(&mut self, root: &ReadFolder, content: &ReadFolder, config: &Config) -> Result<Listing, Failure> {
        // The data folder is not skipped: data may lie next to the pages that show it.
        let beside = [&config.theme, &config.kinds, &config.registers.folder, &config.static_folder]
            .map(|folder| root.place.join(folder));
        // Where the root is the content folder, the sites of all audiences lie inside of it.
        let sites = config.sites.iter().map(|folder| root.place.join(folder));
        let skipped = std::iter::once(self.out(root, config)?).chain(sites).chain(beside).collect();
        let mut listing = self.content.list(content, &prefix(config), skipped)?;
        // If the root itself is the content folder, `book.toml` is still not content.
        listing.files.retain(|found| found.path.as_str() != BOOK);
        Ok(listing)
    }

    fn book(&self, root: &ReadFolder) -> Result<Vec<u8>, Failure> {
        let place = root.place.join(BOOK);
        match none_if_missing(root.read(Path::new(BOOK), SETTINGS_LIMIT)) {
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

    fn settings(&self, root: &ReadFolder) -> Result<LoadSettings, Failure> {
        let bytes = self.book(root)?;
        let path = FilePath::new(BOOK).expect("the name is a plain one");
        let book = Source::new(path, super::encoding::normalise(bytes.clone()).text);
        let (mut config, diagnostics) = config::parse(&book);
        // First: under another version, all other problems may be none.
        if self.state == LoadedState::Present {
            check_version(&config, &book)?;
        }
        config.print_too.clone_from(&self.print);
        config.addresses = self.addresses.unwrap_or(config.addresses);
        config.noindex = self.noindex;
        if let Some(repository) = &mut config.repository {
            repository.folder = git::path_in_repository(&root.place);
        }
        let usual = config.visibility.audience;
        let of_level = |level: &str| format!("{}-{level}", config.out);
        config.sites = config.visibility.levels.names().map(of_level).chain([config.out.clone()]).collect();
        if let Some(name) = &self.options.audience {
            config.visibility.audience = audience(name, &config)?;
        }
        if config.visibility.audience != usual {
            // A site for another audience must not replace the default site by mistake.
            config.out = format!("{}-{}", config.out, config.visibility.audience_name());
        }
        if self.options.preview == Preview::Yes {
            // A preview is served from the root of its own host.
            config.base_url = None;
        } else if let Some(url) = &self.options.base_url {
            let help = "Write it as `https://example.org/handbook/`.";
            let sound = config::base_url(url);
            config.base_url =
                Some(sound.ok_or_else(|| Failure::new(format!("`{url}` is not a base URL"), help))?);
        }
        Ok(LoadSettings { bytes, book, config, diagnostics })
    }

    /// The absolute path of the output folder, which need not exist.
    fn out(&self, root: &ReadFolder, config: &Config) -> Result<PathBuf, Failure> {
        let wanted = match &self.options.out {
            Some(out) => std::path::absolute(out).map_err(|error| Failure::io(out, &error))?,
            None => root.place.join(&config.out),
        };
        let resolve = |path: &Path| self.disk.resolve(path).map_err(|error| Failure::io(path, &error));
        if let Some(real) = resolve(&wanted)? {
            return Ok(real);
        }
        // The output folder does not exist yet, so its parent is resolved: the walk must know the output by its
        // real path.
        let (Some(above), Some(name)) = (wanted.parent(), wanted.file_name()) else { return Ok(wanted) };
        Ok(resolve(above)?.map_or_else(|| wanted.clone(), |above| above.join(name)))
    }

    /// The loaded files of a listing, in its order. Unchanged files come from the cache.
    fn entries(
        &self,
        tree: &ReadFolder,
        listing: &Listing,
        read: impl Fn(&ReadFolder, &WalkedFile) -> io::Result<Option<LoadedFile>> + Sync,
    ) -> Result<LoadAttempt<Vec<Arc<LoadedFile>>>, Failure> {
        let one = |found: &WalkedFile| {
            if let Some(known) = self.entries.get(&found.path).filter(|e| e.settled && e.stamp == found.stamp)
            {
                return Ok(Some(known.clone()));
            }
            let read = read(tree, found).map_err(|error| Failure::io(&found.place, &error))?;
            Ok(read.map(Arc::new))
        };
        let read: Vec<Option<Arc<LoadedFile>>> =
            listing.files.par_iter().with_min_len(16).map(one).collect::<Result<_, Failure>>()?;
        let gone = read.iter().position(Option::is_none).map(|at| listing.files[at].place.to_path_buf());
        Ok(gone.map_or_else(|| LoadAttempt::Done(read.into_iter().flatten().collect()), LoadAttempt::Changed))
    }

    /// Reads the files of the side folders.
    fn beside(&mut self, root: &ReadFolder, config: &Config) -> Result<LoadAttempt<Beside>, Failure> {
        let mut kept = HashMap::new();
        let (mut listings, mut files): ([Listing; 4], [FolderFiles; 4]) = Default::default();
        for (number, folder) in folders(config).into_iter().enumerate() {
            let Some((tree, listing)) = self.folder(root, folder, number)? else { continue };
            for found in &listing.files {
                let small =
                    self.small_file(&tree, found).map_err(|error| Failure::io(&found.place, &error))?;
                let Some(small) = small else { return Ok(LoadAttempt::Changed(found.place.to_path_buf())) };
                if let Some(bytes) = &small.bytes {
                    files[number].push((found.path.clone(), Arc::clone(bytes)));
                }
                kept.insert(found.path.clone(), small);
            }
            listings[number] = listing;
        }
        // Only the files of this attempt stay in the cache, so files that are gone are dropped.
        self.small = kept;
        Ok(LoadAttempt::Done((listings, files)))
    }

    /// Lists one side folder; `None` if it does not exist.
    fn folder(
        &mut self,
        root: &ReadFolder,
        folder: &str,
        number: usize,
    ) -> Result<Option<(ReadFolder, Listing)>, Failure> {
        let Some(tree) = self.open_beside(root, folder)? else { return Ok(None) };
        let listing = self.beside[number].list(&tree, folder, Vec::new())?;
        Ok(Some((tree, listing)))
    }

    /// Lists the static folder; `None` if it does not exist.
    fn list_static_files(
        &mut self,
        root: &ReadFolder,
        config: &Config,
    ) -> Result<Option<(ReadFolder, Listing)>, Failure> {
        let Some(tree) = self.open_beside(root, &config.static_folder)? else { return Ok(None) };
        let listing = self.static_files.list(&tree, &config.static_folder, Vec::new())?;
        Ok(Some((tree, listing)))
    }

    /// Opens a folder beside the content; `None` if it does not exist.
    fn open_beside(&self, root: &ReadFolder, folder: &str) -> Result<Option<ReadFolder>, Failure> {
        let place = root.place.join(folder);
        let failure = |error: io::Error| Failure::io(&place, &error);
        let Some(real) = self.disk.resolve(&place).map_err(failure)? else { return Ok(None) };
        // A symbolic link must not bring files from outside into the handbook.
        if !real.starts_with(&root.place) {
            let message = format!("the folder `{folder}` leads out of the handbook");
            return Err(Failure::new(message, "Move it beneath the handbook's root."));
        }
        ReadFolder::open_on(self.disk.clone(), &real).map(Some).map_err(failure)
    }

    /// Reads one file of a side folder. `None` means that it is no longer the file that the walk found.
    fn small_file(&self, tree: &ReadFolder, found: &WalkedFile) -> io::Result<Option<Arc<SideFile>>> {
        if let Some(known) = self.small.get(&found.path).filter(|o| o.settled && o.stamp == found.stamp) {
            return Ok(Some(known.clone()));
        }
        // Checked before the bytes are read: a file must have rested before, not after.
        let settled = found.stamp.settled();
        let Some(file) = tree.open_unchanged(tree.beneath(&found.place), found.stamp)? else {
            return Ok(None);
        };
        let bytes = disk::limited(file, found.stamp.length, SETTINGS_LIMIT)?.map(Arc::from);
        Ok(Some(Arc::new(SideFile { stamp: found.stamp, settled, bytes })))
    }

    fn open_root(&self) -> Result<ReadFolder, Failure> {
        let root = &self.options.root;
        ReadFolder::open_on(self.disk.clone(), root).map_err(|error| {
            let message = format!("cannot open the handbook's folder `{}`: {error}", root.display());
            Failure::new(message, "Name the folder that holds `book.toml` with `--root`.")
        })
    }

    fn open_content(&self, root: &ReadFolder, config: &Config) -> Result<ReadFolder, Failure> {
        let help = "Create the folder, or name another one in `book.toml`: `[paths] content = \"…\"`.";
        let name = &config.content;
        let tree = ReadFolder::open_on(self.disk.clone(), &root.place.join(name)).map_err(|error| {
            Failure::new(format!("cannot open the content folder `{name}`: {error}"), help)
        })?;
        if !tree.place.starts_with(&root.place) {
            let message = format!("the content folder `{name}` lies outside of the handbook");
            return Err(Failure::new(message, help));
        }
        Ok(tree)
    }
}

/// Compares this version of Opsbook with the one that `book.toml` requires.
fn check_version(config: &Config, book: &Source) -> Result<(), Failure> {
    let this: Version = env!("CARGO_PKG_VERSION").parse().expect("Cargo accepts only versions of this form");
    let Some(required) = config.required_version.as_ref().filter(|required| !required.accepts(&this)) else {
        return Ok(());
    };
    let at = position(&book.text, required.at.start as usize);
    let message = format!(
        "{BOOK}:{}:{}: this handbook requires Opsbook {}, and this is Opsbook {this}",
        at.line, at.column, required.requirement
    );
    let help = "Install a version that matches. Or change `opsbook_version`, run `opsbook check`, and compare the site \
                with the last one.";
    Err(Failure::new(message, help))
}

/// The paths of the side folders: theme, kinds, registers, data.
fn folders(config: &Config) -> [&String; 4] {
    [&config.theme, &config.kinds, &config.registers.folder, &config.data]
}

/// The path of the content folder as its author writes it, relative to the root.
fn prefix(config: &Config) -> String {
    FilePath::new(&config.content).map_or(String::new(), |path| path.to_string())
}

/// The listing and the files of each side folder.
type Beside = ([Listing; 4], [FolderFiles; 4]);

/// The paths and bytes of the files of one folder.
type FolderFiles = Vec<(FilePath, Arc<[u8]>)>;

/// The files that `wanted` accepts, as texts.
fn texts(
    files: &FolderFiles,
    wanted: impl Fn(&FilePath) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<FilePath, Source> {
    let source = |(path, bytes): &(FilePath, Arc<[u8]>)| {
        let text = super::encoding::normalise(bytes.to_vec());
        diagnostics.extend(text.flaw.map(|flaw| loaded_file::not_text(path, &flaw)));
        (path.clone(), Source::new(path.clone(), text.text))
    };
    files.iter().filter(|(path, _)| wanted(path)).map(source).collect()
}

/// The problem of a file of a side folder that is too large to be read.
fn too_large(found: &WalkedFile) -> Diagnostic {
    let message = format!("the file has {} bytes; at most {SETTINGS_LIMIT} are read", found.stamp.length);
    Diagnostic::new(&INPUT_SIZE, Span::start_of(&found.path), message)
        .help("split the file, or make it smaller")
}

/// The real paths of files that were reached through a symbolic link. Both paths are relative to the handbook's
/// root.
fn links(listing: &Listing, content: &ReadFolder, prefix: &str) -> BTreeMap<FilePath, FilePath> {
    let real = |found: &WalkedFile| {
        let place = content.beneath(&found.place).to_str()?;
        let place = if prefix.is_empty() { place.to_owned() } else { format!("{prefix}/{place}") };
        (place != found.path.as_str()).then(|| FilePath::new(&place)).flatten()
    };
    listing.files.iter().filter_map(|found| Some((found.path.clone(), real(found)?))).collect()
}

/// Puts the loaded files into the inputs.
fn gather(inputs: &mut Inputs, listing: &Listing, entries: &[Arc<LoadedFile>]) {
    for (found, entry) in listing.files.iter().zip(entries) {
        inputs.diagnostics.extend(entry.diagnostics.iter().cloned());
        if let Some(source) = &entry.source {
            inputs.sources.insert(found.path.clone(), source.clone());
        }
        if let Some(asset) = &entry.asset {
            inputs.assets.insert(found.path.clone(), asset.clone());
        }
        let types = &inputs.config.asset_types;
        if !loaded_file::is_read_as_text(&found.path, types) && !types.may_publish(&found.path) {
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

/// Adds the first problem of the settings to a failure. The settings may be the cause, and their diagnostics
/// are not shown when the load fails.
fn explained(failure: Failure, problems: &[Diagnostic]) -> Failure {
    match problems.first() {
        None => failure,
        Some(problem) => {
            let message = format!("{}; and in `{BOOK}`, {}", failure.message, problem.message);
            Failure::new(message, failure.help)
        }
    }
}

/// The audience with this name.
///
/// # Errors
/// No level has this name.
fn audience(name: &str, config: &Config) -> Result<Audience, Failure> {
    let levels = &config.visibility.levels;
    levels.find(name).map(Audience::from_level).ok_or_else(|| {
        let near = levels.near(name).map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
        Failure::new(format!("there is no audience `{name}`"), format!("Use {}.{near}", levels.listed()))
    })
}

#[cfg(test)]
#[path = "loader_tests.rs"]
mod tests;
