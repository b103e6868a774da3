//! The loader reads everything that a build needs from disk into one value.
//!
//! Owns the order of reading (settings, content, theme, history) and the cache between two loads: a file whose
//! stamp is unchanged is not read again. It also guarantees that all files existed at one moment. Each attempt walks
//! the folders, reads the files that the walk found, and walks again. Two walks that agree found the same names and
//! stamps; where they do not agree, or where a file is gone before it is read, the loader attempts it again. Problems
//! in the content are diagnostics; all other problems stop the load.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use semver::Version;

use super::clock;
use super::disk::{Disk, ReadFolder, none_if_missing};
use super::git::{self, History};
use super::handbook_walk::{HandbookWalk, WalkedTree};
use super::loaded_file::{self, LoadedFile};
use super::owners::{self, OwnersFile};
use super::side_folders::{self, SETTINGS_LIMIT, SideFile, SideFolder};
use super::walk::{Listing, WalkedFile, Walker};
use super::{Failure, Inputs, MissingHistory, Options, Preview};
use crate::build_target::BuildTarget;
use crate::config::{self, Config};
use crate::diagnostic::Diagnostic;
use crate::kinds::Kinds;
use crate::lexicon::Lexicon;
use crate::path::{FilePath, PageAddresses};
use crate::published_types::AssetTypes;
use crate::registers::FieldRegisters;
use crate::source::{Source, position};
use crate::theme::{self, Theme};
use crate::utc;
use crate::visibility::Audience;

/// The file name of the settings in the handbook's root.
pub const BOOK: &str = "book.toml";

/// The largest number of attempts to read a handbook that changes while it is read.
const MOST_ATTEMPTS: usize = 100;

/// Loads a handbook as often as asked, and caches files between two loads.
#[derive(Debug)]
pub struct Loader {
    options: Options,
    disk: Disk,
    target: BuildTarget,
    /// Sections to print in addition to those in `book.toml`.
    print: Vec<String>,
    /// Replaces `pages.addresses`.
    addresses: Option<PageAddresses>,
    noindex: bool,
    state: LoadedState,
    content: Walker,
    /// In the order of [`SideFolder::ALL`].
    side_folders: [Walker; 4],
    static_files: Walker,
    /// The types of files that the handbook added when `entries` were read.
    types: AssetTypes,
    /// The files of the content and of the static folder.
    entries: HashMap<FilePath, Arc<LoadedFile>>,
    side_files: HashMap<FilePath, Arc<SideFile>>,
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

/// The contents of the files that a walk found, in the order of the walk.
struct ReadFiles {
    content: Vec<Arc<LoadedFile>>,
    static_files: Vec<Arc<LoadedFile>>,
    /// In the order of [`SideFolder::ALL`].
    side_folders: [Vec<Arc<SideFile>>; 4],
}

impl ReadFiles {
    /// The files of a side folder. A file that is used and too large to be read is reported.
    fn of_side_folder(
        &self,
        folder: SideFolder,
        walk: &HandbookWalk,
        config: &Config,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<(FilePath, Arc<[u8]>)> {
        let mut files = Vec::new();
        let Some(walked) = &walk.side_folders[folder.index()] else { return files };
        for (found, file) in walked.files().iter().zip(&self.side_folders[folder.index()]) {
            match &file.bytes {
                Some(bytes) => files.push((found.path.clone(), Arc::clone(bytes))),
                None if folder.uses(&found.path, config) => diagnostics.push(side_folders::too_large(found)),
                None => {}
            }
        }
        files
    }
}

/// Why an attempt to load has no result.
enum LoadInterruption {
    /// This path changed during the attempt, or Git is about to change it: the loader tries again.
    Changed(PathBuf),
    /// A further attempt would fail, too.
    Failed(Failure),
}

impl From<Failure> for LoadInterruption {
    fn from(failure: Failure) -> LoadInterruption {
        LoadInterruption::Failed(failure)
    }
}

/// The settings of `book.toml`, with the command line applied.
struct LoadSettings {
    bytes: Vec<u8>,
    book: Source,
    config: Config,
    /// The absolute path of the output folder.
    out: PathBuf,
    diagnostics: Vec<Diagnostic>,
}

impl Loader {
    pub fn new(options: Options) -> Loader {
        Loader {
            options,
            disk: Disk::default(),
            target: BuildTarget::Site,
            print: Vec::new(),
            addresses: None,
            noindex: false,
            state: LoadedState::Present,
            content: Walker::default(),
            side_folders: Default::default(),
            static_files: Walker::for_static_files(),
            types: AssetTypes::default(),
            entries: HashMap::new(),
            side_files: HashMap::new(),
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
    pub fn set_target(&mut self, target: BuildTarget) {
        self.target = target;
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
        for _ in 0..MOST_ATTEMPTS {
            match self.attempt() {
                Ok(inputs) => return Ok(self.with_history(inputs)),
                Err(LoadInterruption::Failed(failure)) => return Err(failure),
                Err(LoadInterruption::Changed(path)) => changed = path,
            }
        }
        let message = format!("the handbook changed while it was read: `{}`", changed.display());
        let help = "Build again when the change, such as a checkout, is complete.";
        if changed.ends_with("index.lock") {
            return Err(Failure::new(message, format!("{help} If no Git is at work, delete the file.")));
        }
        Err(Failure::new(message, help))
    }

    /// Walks, reads what the walk found, and walks again. If both walks agree, all contents existed at one moment:
    /// the one between them.
    fn attempt(&mut self) -> Result<Inputs, LoadInterruption> {
        rayon::spawn(read_built_in_files);
        let root = self.open_root()?;
        let settings = self.read_settings(&root)?;
        let content = self
            .open_content(&root, &settings.config)
            .map_err(|failure| explained(failure, &settings.diagnostics))?;
        let walk = self.walk(&root, content, &settings.config)?;
        let files = self.read_files(&walk, &settings.config)?;
        self.confirm(&settings, &walk)?;
        Ok(self.inputs(root, settings, &walk, files))
    }

    /// Lists every folder that a build reads.
    fn walk(
        &mut self,
        root: &ReadFolder,
        content: ReadFolder,
        config: &Config,
    ) -> Result<HandbookWalk, LoadInterruption> {
        let listing = self.list_content(root, &content, config)?;
        let static_files = match self.open_beside(root, &config.static_folder)? {
            Some(tree) => {
                let listing = self.static_files.list(&tree, &config.static_folder, Vec::new())?;
                Some(WalkedTree { tree, listing })
            }
            None => None,
        };
        let mut side_folders: [Option<WalkedTree>; 4] = Default::default();
        for folder in SideFolder::ALL {
            let path = folder.path(config);
            let Some(tree) = self.open_beside(root, path)? else { continue };
            let listing = self.side_folders[folder.index()].list(&tree, path, Vec::new())?;
            side_folders[folder.index()] = Some(WalkedTree { tree, listing });
        }
        let walk =
            HandbookWalk { content: WalkedTree { tree: content, listing }, static_files, side_folders };
        match walk.lost() {
            Some(path) => Err(LoadInterruption::Changed(path.clone())),
            None => Ok(walk),
        }
    }

    /// Reads the files that a walk found. Files that earlier attempts or loads have read are not read again.
    fn read_files(&mut self, walk: &HandbookWalk, config: &Config) -> Result<ReadFiles, LoadInterruption> {
        let types = &config.asset_types;
        if self.types != *types {
            // Whether a file is read depends on them.
            self.entries.clear();
            self.types = types.clone();
        }
        let content =
            self.entries(&walk.content, |tree, found| loaded_file::load_content_file(tree, found, types))?;
        let static_files = match &walk.static_files {
            Some(walked) => {
                self.entries(walked, |tree, found| loaded_file::load_static_file(tree, found, types))?
            }
            None => Vec::new(),
        };
        // The files stay in the cache, also if this attempt comes to nothing: the next one reads only the rest.
        let listed = walk.content.files().iter().chain(walk.static_files.iter().flat_map(WalkedTree::files));
        let loaded = content.iter().chain(&static_files);
        self.entries = listed.map(|found| found.path.clone()).zip(loaded.cloned()).collect();
        let side_folders = self.read_side_folders(walk)?;
        Ok(ReadFiles { content, static_files, side_folders })
    }

    /// Checks that nothing has changed since the walk.
    fn confirm(&mut self, settings: &LoadSettings, walk: &HandbookWalk) -> Result<(), LoadInterruption> {
        let root = self.open_root()?;
        // Git deletes a file before it writes the new version. If it is stopped in between, two walks agree
        // that the file does not exist, even if it is the file that hides its folder. `git commit -a` also
        // holds the lock while its message is being written: a preview then shows the last site a while
        // longer.
        if let Some(lock) = git::index_lock(&root.place) {
            git::wait_a_moment();
            return Err(LoadInterruption::Changed(lock));
        }
        // The settings first, because they name the folders.
        if self.read_book(&root)? != settings.bytes {
            return Err(LoadInterruption::Changed(root.place.join(BOOK)));
        }
        let content = self.open_content(&root, &settings.config)?;
        let later = self.walk(&root, content, &settings.config)?;
        match walk.difference(&later, &root.place, &settings.config) {
            Some(path) => Err(LoadInterruption::Changed(path)),
            None => Ok(()),
        }
    }

    /// The inputs of a build, from files that existed at one moment.
    fn inputs(
        &self,
        root: ReadFolder,
        settings: LoadSettings,
        walk: &HandbookWalk,
        files: ReadFiles,
    ) -> Inputs {
        let LoadSettings { book, config, out, mut diagnostics, .. } = settings;
        let trees = std::iter::once(&walk.content).chain(&walk.static_files);
        diagnostics.extend(trees.flat_map(|walked| walked.listing.diagnostics.iter().cloned()));
        let mut links = links(&walk.content, &prefix(&config));
        if let Some(walked) = &walk.static_files {
            links.extend(self::links(walked, &config.static_folder));
        }
        if let Some(walked) = &walk.side_folders[SideFolder::Data.index()] {
            links.extend(self::links(walked, &config.data));
        }
        let theme_files = files.of_side_folder(SideFolder::Theme, walk, &config, &mut diagnostics);
        let mut texts = |folder: SideFolder| {
            let read = files.of_side_folder(folder, walk, &config, &mut diagnostics);
            folder.texts(&read, &config, &mut diagnostics)
        };
        let data = texts(SideFolder::Data);
        let kind_files = texts(SideFolder::Kinds);
        let register_files = texts(SideFolder::Registers);
        let own_kinds: Vec<Source> = kind_files.values().cloned().collect();
        let (kinds, wrong_kinds) = Kinds::with(&own_kinds, config.optional_kinds());
        diagnostics.extend(wrong_kinds);
        let own_registers: Vec<Source> = register_files.values().cloned().collect();
        let (field_registers, wrong_registers) = FieldRegisters::with(&own_registers, &kinds);
        diagnostics.extend(wrong_registers);
        let (theme, unused) = theme::overridden(&config.theme, &theme_files, &kinds, &config.brand);
        diagnostics.extend(unused);
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
            target: self.target.clone(),
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
            missing_history: MissingHistory::default(),
            owners: owners.map(Arc::new),
            diagnostics,
        };
        inputs.settings.extend(owners_source);
        add_content(&mut inputs, walk.content.files(), &files.content);
        for asset in files.static_files.iter().filter_map(|file| file.asset.clone()) {
            inputs.static_files.insert(asset.file.clone(), asset);
        }
        inputs
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

    fn with_history(&mut self, mut inputs: Inputs) -> Inputs {
        if let Some(history) = &mut self.history {
            inputs.history = history.last_changes(&inputs);
            inputs.missing_history = history.missing().clone();
        }
        inputs
    }

    /// Lists the files of the content.
    fn list_content(
        &mut self,
        root: &ReadFolder,
        content: &ReadFolder,
        config: &Config,
    ) -> Result<Listing, Failure> {
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

    fn read_book(&self, root: &ReadFolder) -> Result<Vec<u8>, Failure> {
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

    fn read_settings(&self, root: &ReadFolder) -> Result<LoadSettings, Failure> {
        let bytes = self.read_book(root)?;
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
        config.sites = vec![config.out.clone()];
        for level in config.visibility.levels.names() {
            config.sites.push(format!("{}-{level}", config.out));
        }
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
        let out = self.out(root, &config)?;
        Ok(LoadSettings { bytes, book, config, out, diagnostics })
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

    /// The loaded files of a folder, in the order of the walk. Unchanged files come from the cache.
    fn entries(
        &self,
        walked: &WalkedTree,
        load: impl Fn(&ReadFolder, &WalkedFile) -> io::Result<Option<LoadedFile>> + Sync,
    ) -> Result<Vec<Arc<LoadedFile>>, LoadInterruption> {
        let entry = |found: &WalkedFile| -> Result<Arc<LoadedFile>, LoadInterruption> {
            if let Some(known) = self.entries.get(&found.path).filter(|known| known.is_unchanged(found)) {
                return Ok(Arc::clone(known));
            }
            let loaded = load(&walked.tree, found).map_err(|error| Failure::io(&found.place, &error))?;
            loaded.map(Arc::new).ok_or_else(|| LoadInterruption::Changed(found.place.to_path_buf()))
        };
        walked.files().par_iter().with_min_len(16).map(entry).collect()
    }

    /// The files of each side folder, in the order of the walk.
    fn read_side_folders(
        &mut self,
        walk: &HandbookWalk,
    ) -> Result<[Vec<Arc<SideFile>>; 4], LoadInterruption> {
        let mut known = HashMap::new();
        let mut files: [Vec<Arc<SideFile>>; 4] = Default::default();
        for folder in SideFolder::ALL {
            let Some(walked) = &walk.side_folders[folder.index()] else { continue };
            for found in walked.files() {
                let file = self.side_file(&walked.tree, found)?;
                known.insert(found.path.clone(), Arc::clone(&file));
                files[folder.index()].push(file);
            }
        }
        // Only the files of this attempt stay in the cache, so files that are gone are dropped.
        self.side_files = known;
        Ok(files)
    }

    /// One file of a side folder, from the cache if it is unchanged.
    fn side_file(&self, tree: &ReadFolder, found: &WalkedFile) -> Result<Arc<SideFile>, LoadInterruption> {
        if let Some(known) = self.side_files.get(&found.path).filter(|known| known.is_unchanged(found)) {
            return Ok(Arc::clone(known));
        }
        let file = SideFile::read(tree, found).map_err(|error| Failure::io(&found.place, &error))?;
        file.map(Arc::new).ok_or_else(|| LoadInterruption::Changed(found.place.to_path_buf()))
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

/// Reads the files that are part of the program. The first load does it on another thread while this one waits for the
/// disk; each later one finds them read.
fn read_built_in_files() {
    theme::built_in();
    Kinds::built_in();
    Lexicon::all();
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

/// The path of the content folder as its author writes it, relative to the root.
fn prefix(config: &Config) -> String {
    FilePath::new(&config.content).map_or(String::new(), |path| path.to_string())
}

/// The real paths of files that were reached through a symbolic link. Both paths are relative to the handbook's
/// root.
fn links(walked: &WalkedTree, prefix: &str) -> BTreeMap<FilePath, FilePath> {
    let mut links = BTreeMap::new();
    for found in walked.files() {
        let Some(below) = walked.tree.beneath(&found.place).to_str() else { continue };
        let place = if prefix.is_empty() { below.to_owned() } else { format!("{prefix}/{below}") };
        if place != found.path.as_str() {
            links.extend(FilePath::new(&place).map(|real| (found.path.clone(), real)));
        }
    }
    links
}

/// Puts the files of the content into the inputs.
fn add_content(inputs: &mut Inputs, walked: &[WalkedFile], entries: &[Arc<LoadedFile>]) {
    for (found, entry) in walked.iter().zip(entries) {
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
