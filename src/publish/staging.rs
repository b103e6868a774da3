//! A site that is being written beside the published one. ⚡
//!
//! Owns [`Staging`], from the lock to the sweep of the old site. Dropped without [`Staging::commit`], it
//! leaves no trace.

#![expect(clippy::disallowed_methods, reason = "one of the files that write a published site")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::input::Failure;
use crate::input::disk::Tree;
use crate::input::original::{self, Opened};
use crate::output::{Body, Output, Sink};

use super::exchange::{Old, exchange, make_durable, make_names_durable};
use super::flush::Flush;
use super::lock::Lock;
use super::manifest::{MANIFEST, Manifest, is_inside};
use super::place::{Place, read_manifest};
use super::readers::{self, Readers};
use super::tree;

/// Takes the outputs of one build.
#[derive(Debug)]
pub struct Staging {
    place: Place,
    /// The handbook's folder: files of the inputs are opened beneath it only.
    inputs: Tree,
    /// What has been written, with digests.
    files: Mutex<BTreeMap<String, String>>,
    /// The manifest of the site that is published now.
    current: Option<Manifest>,
    /// The name of those for whom the new one is.
    audience: String,
    kept: Vec<PathBuf>,
    /// Taken when the site is whole.
    flush: Option<Flush>,
    // Fields are dropped in this order: the folder goes before the lock does.
    folder: Scrap,
    _lock: Option<Lock>,
}

/// What became of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub folder: PathBuf,
    pub files: usize,
    /// Folders with files that Opsbook did not make and therefore did not delete.
    pub kept: Vec<PathBuf>,
}

/// A folder that is deleted with all its content when it is dropped.
#[derive(Debug)]
struct Scrap(PathBuf);

impl Scrap {
    /// Lets the folder live.
    fn release(&mut self) -> PathBuf {
        std::mem::take(&mut self.0)
    }
}

impl Drop for Scrap {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // An error leaves a folder that the next build cleans up.
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

impl Staging {
    /// Takes the lock (after calling `waiting` when another build holds it), cleans up after builds that
    /// were killed, and refuses a folder that is not ours or where others look. `root` is the handbook's folder.
    ///
    /// # Errors
    /// When the folder holds foreign files or a site for more readers, or the operating system refuses.
    pub fn begin(
        place: Place,
        root: &Path,
        readers: Readers<'_>,
        waiting: &dyn Fn(),
    ) -> Result<Staging, Failure> {
        let parent = &place.parent;
        fs::create_dir_all(parent).map_err(|error| failure("create", parent, &error))?;
        let inputs = Tree::open(root).map_err(|error| failure("read", root, &error))?;
        let path = place.beside(".lock");
        let lock = Lock::take(&path, waiting).map_err(|error| failure("lock", &path, &error))?;
        let mut kept = Vec::new();
        if lock.is_some() {
            kept = clean_up(&place).map_err(|error| failure("clean up in", parent, &error))?;
        }
        readers::check_around(&place.folder(), "--out", readers)?;
        let current = place.current()?;
        if let Some(current) = &current {
            let there = readers::Place { path: &place.folder(), thing: "site", option: "--out" };
            readers.check(current.audience.as_deref(), &there)?;
        }
        let folder = place.beside(&format!(".new-{}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| failure("create", &folder, &error))?;
        let (files, folder) = (Mutex::default(), Scrap(folder));
        let flush = Some(Flush::start().map_err(|error| Failure::no_thread(&error))?);
        let audience = readers.name().to_owned();
        Ok(Staging { place, inputs, files, current, audience, kept, folder, flush, _lock: lock })
    }

    /// Publishes: writes the manifest, waits until all is on the disk, exchanges, sweeps the old site.
    ///
    /// # Errors
    /// When the operating system refuses; the published site then is as it was, or the error says that it is the new one.
    pub fn commit(mut self) -> Result<Published, Failure> {
        let files = std::mem::take(self.files.get_mut().unwrap_or_else(PoisonError::into_inner));
        let (count, manifest) = (files.len(), Manifest::new(files, Some(self.audience.clone())));
        let path = self.folder.0.join(MANIFEST);
        fs::write(&path, manifest.to_text()).map_err(|error| failure("write", &path, &error))?;
        let flushed = match self.flush.take() {
            Some(flush) => make_durable(&self.folder.0, manifest.files.keys(), flush),
            None => Ok(()),
        };
        flushed.map_err(|error| failure("write", &self.folder.0, &error))?;
        let folder = self.place.folder();
        let aside = self.place.beside(&format!(".old-{}", std::process::id()));
        let old =
            exchange(&self.folder.0, &folder, &aside).map_err(|error| failure("replace", &folder, &error))?;
        // From here on the name may stand for the old site, of which only our own files are deleted.
        let staged = self.folder.release();
        let parent = &self.place.parent;
        // The old site stays until the exchange is on the disk: if power fails before, its name may come back.
        make_names_durable(parent).map_err(|error| not_durable(&folder, parent, &error))?;
        match old {
            Old::None => {}
            Old::AtNew => self.sweep(staged),
            Old::Aside => self.sweep(aside),
        }
        Ok(Published { folder, files: count, kept: std::mem::take(&mut self.kept) })
    }

    /// The new site is published already, so a sweep that fails is no failure: the rest is named.
    fn sweep(&mut self, old: PathBuf) {
        let manifest = self.current.take().unwrap_or(Manifest::new(BTreeMap::new(), None));
        self.kept.extend(remove_site(&self.place, &old, &manifest).unwrap_or(Some(old)));
    }

    fn write(&self, path: &str, body: &Body) -> io::Result<String> {
        let bytes = match body.bytes() {
            Ok(bytes) => bytes,
            Err(file) => match original::open(&self.inputs, file)? {
                Opened::Bytes(bytes) => return self.store(path, &bytes),
                Opened::File(source) => {
                    let mut file = create(&self.folder.0.join(path))?;
                    let digest = copy(source, &mut file)?;
                    return self.hand_over(file, digest);
                }
            },
        };
        self.store(path, bytes)
    }

    fn store(&self, path: &str, bytes: &[u8]) -> io::Result<String> {
        let digest = blake3::hash(bytes).to_hex().to_string();
        if self.reuse(path, &digest, bytes) {
            return Ok(digest);
        }
        let mut file = create(&self.folder.0.join(path))?;
        file.write_all(bytes)?;
        self.hand_over(file, digest)
    }

    fn hand_over(&self, file: File, digest: String) -> io::Result<String> {
        self.flush.as_ref().map_or(Ok(()), |flush| flush.add(file))?;
        Ok(digest)
    }

    /// Gives a file of the published site a second name in the new one, where it holds these very bytes: nothing
    /// is written, and file systems are spared thousands of new files and deletions. Not sure means no.
    fn reuse(&self, path: &str, digest: &str, bytes: &[u8]) -> bool {
        let known = self.current.as_ref().and_then(|manifest| manifest.files.get(path));
        if known.is_none_or(|known| known != digest) {
            return false;
        }
        let (old, new) = (self.place.folder().join(path), self.folder.0.join(path));
        let regular = fs::symlink_metadata(&old)
            .is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64);
        if !regular || !fs::read(&old).is_ok_and(|found| found == bytes) {
            return false;
        }
        let folder = new.parent().expect("a file in a folder has a parent");
        fs::hard_link(&old, &new).is_ok()
            || fs::create_dir_all(folder).and_then(|()| fs::hard_link(&old, &new)).is_ok()
    }
}

impl Sink for Staging {
    fn put(&self, output: Output) -> io::Result<()> {
        let named = |error: io::Error| {
            io::Error::new(error.kind(), format!("cannot write `{}`: {error}", output.path))
        };
        if !is_inside(&output.path) {
            let outside = io::Error::new(io::ErrorKind::InvalidInput, "the path leaves the site");
            return Err(named(outside));
        }
        let digest = self.write(&output.path, &output.body).map_err(named)?;
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(output.path, digest);
        Ok(())
    }
}

/// Copies a file; returns the digest of its bytes.
fn copy(mut source: impl Read, target: &mut File) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().to_hex().to_string()),
            Ok(length) => {
                hasher.update(&buffer[..length]);
                target.write_all(&buffer[..length])?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Creates a file that does not exist yet, with the folders above it.
fn create(path: &Path) -> io::Result<File> {
    match File::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().expect("a file in a folder has a parent"))?;
            File::create_new(path)
        }
        result => result,
    }
}

/// Removes what killed builds have left behind; the lock is held, so none of them is still alive. Returns
/// folders that had to be kept.
fn clean_up(place: &Place) -> io::Result<Vec<PathBuf>> {
    let mut kept = Vec::new();
    for aside in place.left_behind(".old-")? {
        if place.folder().exists() {
            kept.extend(remove_left(place, &aside)?);
        } else {
            fs::rename(&aside, place.folder())?;
        }
    }
    for left in place.left_behind(".new-")? {
        kept.extend(remove_left(place, &left)?);
    }
    Ok(kept)
}

/// A folder with a manifest may be an old site, to which somebody may have added files; one without was
/// never published and is ours altogether.
fn remove_left(place: &Place, folder: &Path) -> io::Result<Option<PathBuf>> {
    match read_manifest(folder) {
        Some(manifest) => remove_site(place, folder, &manifest),
        None => fs::remove_dir_all(folder).map(|()| None),
    }
}

/// Deletes a site; foreign files in it are kept under a visible name, which is returned.
fn remove_site(place: &Place, folder: &Path, manifest: &Manifest) -> io::Result<Option<PathBuf>> {
    if tree::sweep(folder, manifest)? {
        return Ok(None);
    }
    let kept = place.free_name();
    fs::rename(folder, &kept)?;
    Ok(Some(kept))
}

/// The new site is there, and it cannot be said whether it still is after a loss of power.
fn not_durable(folder: &Path, parent: &Path, error: &io::Error) -> Failure {
    let (folder, parent) = (folder.display(), parent.display());
    Failure::new(
        format!(
            "the new site is published in `{folder}`, but `{parent}` cannot be written to the disk: {error}"
        ),
        "Build again, so that the site also outlasts a loss of power. The next build deletes the old site.",
    )
}

fn failure(verb: &str, path: &Path, error: &io::Error) -> Failure {
    let help = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Free some space, or choose a folder on another disk with `--out`."
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "Check that you may write there, or choose another folder with `--out`."
        }
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => {
            "A mounted folder cannot be exchanged: choose a folder inside it with `--out`."
        }
        _ => "Try another folder with `--out`.",
    };
    Failure::new(format!("cannot {verb} `{}`: {error}", path.display()), help)
}
