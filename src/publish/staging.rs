//! Writes a site next to the published one.
//!
//! Owns [`Staging`], from the lock to the deletion of the old site. If it is dropped without
//! [`Staging::commit`], it leaves no trace.

#![expect(clippy::disallowed_methods, reason = "one of the files that write a published site")]

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::input::Failure;
use crate::input::cleaned_assets::{self, OpenedAsset};
use crate::input::disk::ReadFolder;
use crate::output::{Body, MediaOfFile, Output, OutputName, Sink};

use super::audience_guard::{self, SiteReaders};
use super::exchange::{OldSite, exchange, make_durable, make_names_durable};
use super::flush::Flush;
use super::folder_walk;
use super::lock::Lock;
use super::manifest::{MANIFEST, Manifest, is_inside};
use super::output_folder::{OutputFolder, read_manifest};

/// A sink that writes the outputs of one build.
#[derive(Debug)]
pub struct Staging {
    place: OutputFolder,
    /// The handbook's folder. Input files are opened in it only.
    inputs: ReadFolder,
    /// The manifest of the new site, with the files that are written.
    written: Mutex<Manifest>,
    /// The manifest of the site that is published now.
    current: Option<Manifest>,
    /// Folders that could not be deleted, because they hold files that Opsbook did not make.
    kept: Vec<PathBuf>,
    /// Taken when the site is complete.
    flush: Option<Flush>,
    // Fields are dropped in this order: the folder must be deleted before the lock is released.
    folder: TemporaryFolder,
    _lock: Option<Lock>,
}

/// The result of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The folder of the published site.
    pub folder: PathBuf,
    /// The number of files, without the manifest.
    pub files: usize,
    /// Folders with files that Opsbook did not make and therefore did not delete.
    pub kept: Vec<PathBuf>,
}

/// A folder that is deleted with all its files when it is dropped.
#[derive(Debug)]
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    /// Keeps the folder and returns its path.
    fn release(&mut self) -> PathBuf {
        std::mem::take(&mut self.0)
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // On an error the folder remains, and the next build deletes it.
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

impl Staging {
    /// Takes the lock (after calling `waiting` if another build holds it), cleans up after killed builds, and
    /// refuses a folder that is not ours or that a wider audience reads. `root` is the handbook's folder.
    ///
    /// # Errors
    /// The folder holds foreign files or a site for a wider audience, or the operating system refuses.
    pub fn begin(
        place: OutputFolder,
        root: &Path,
        readers: SiteReaders<'_>,
        waiting: &dyn Fn(),
    ) -> Result<Staging, Failure> {
        let parent = &place.parent;
        fs::create_dir_all(parent).map_err(|error| failure("create", parent, &error))?;
        let inputs = ReadFolder::open(root).map_err(|error| failure("read", root, &error))?;
        let path = place.beside(".lock");
        let lock = Lock::take(&path, waiting).map_err(|error| failure("lock", &path, &error))?;
        let mut kept = Vec::new();
        // Without a lock, a folder that looks left behind may belong to a running build.
        if lock.is_some() {
            kept = clean_up(&place).map_err(|error| failure("clean up in", parent, &error))?;
        }
        audience_guard::check_around(&place.folder(), "--out", readers)?;
        let current = place.current()?;
        if let Some(current) = &current {
            let there =
                audience_guard::ReplacedOutput { path: &place.folder(), thing: "site", option: "--out" };
            readers.check(current.audience.as_deref(), &there)?;
        }
        let folder = place.beside(&format!(".new-{}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| failure("create", &folder, &error))?;
        let folder = TemporaryFolder(folder);
        let written = Mutex::new(Manifest::new(Some(readers.name().to_owned())));
        let flush = Some(Flush::start().map_err(|error| Failure::no_thread(&error))?);
        Ok(Staging { place, inputs, written, current, kept, folder, flush, _lock: lock })
    }

    /// Publishes the site: writes the manifest, waits until all files are on the disk, exchanges the folders
    /// and deletes the old site.
    ///
    /// # Errors
    /// The operating system refuses. The published site is then unchanged, or the error says that it is the new
    /// one.
    pub fn commit(mut self) -> Result<Publication, Failure> {
        let manifest = std::mem::replace(
            self.written.get_mut().unwrap_or_else(PoisonError::into_inner),
            Manifest::new(None),
        );
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
        // From here on this path may hold the old site, of which only our own files may be deleted. Dropping
        // the folder would delete all of them.
        let staged = self.folder.release();
        let parent = &self.place.parent;
        // The old site stays until the exchange is on the disk: after a loss of power its name could come back.
        make_names_durable(parent).map_err(|error| not_durable(&folder, parent, &error))?;
        match old {
            OldSite::None => {}
            OldSite::AtNew => self.sweep(staged),
            OldSite::Aside => self.sweep(aside),
        }
        Ok(Publication { folder, files: manifest.files.len(), kept: std::mem::take(&mut self.kept) })
    }

    /// Deletes the old site. The new site is published already, so an error here is not a failure: the remaining
    /// folder is reported.
    fn sweep(&mut self, old: PathBuf) {
        let manifest = self.current.take().unwrap_or(Manifest::new(None));
        self.kept.extend(remove_site(&self.place, &old, &manifest).unwrap_or(Some(old)));
    }

    fn write(&self, path: &str, body: &Body) -> io::Result<String> {
        let bytes = match body.bytes() {
            Ok(bytes) => bytes,
            Err(file) => match cleaned_assets::open(&self.inputs, file)? {
                OpenedAsset::Bytes(bytes) => return self.store(path, &bytes),
                OpenedAsset::File(source) => {
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

    /// Links a file of the published site into the new one if its bytes are equal. This spares the file system
    /// thousands of new files and deletions. In any doubt it returns `false`.
    fn reuse(&self, path: &str, digest: &str, bytes: &[u8]) -> bool {
        let known = self.current.as_ref().and_then(|manifest| manifest.files.get(path));
        if known.is_none_or(|known| known != digest) {
            return false;
        }
        let (old, new) = (self.place.folder().join(path), self.folder.0.join(path));
        // The manifest alone proves nothing: someone may have changed the file since it was written.
        let regular = fs::symlink_metadata(&old)
            .is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64);
        if !regular || !fs::read(&old).is_ok_and(|found| found == bytes) {
            return false;
        }
        let folder = new.parent().expect("a file in a folder has a parent");
        // Mostly the folder exists already, so it is created only after a first attempt.
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
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if output.name == OutputName::OfContent {
            written.named_by_content.insert(output.path.clone());
        }
        if matches!(&output.body, Body::File(original) if original.media == MediaOfFile::PlainText) {
            written.plain_text.insert(output.path.clone());
        }
        written.files.insert(output.path, digest);
        Ok(())
    }
}

/// Copies a file; returns the digest of its bytes, in hexadecimal.
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

/// Creates a file that does not exist yet, and the folders above it.
fn create(path: &Path) -> io::Result<File> {
    match File::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().expect("a file in a folder has a parent"))?;
            File::create_new(path)
        }
        result => result,
    }
}

/// Removes the folders of killed builds. The lock is held, so none of these builds is still running. Returns
/// the folders that had to be kept.
fn clean_up(place: &OutputFolder) -> io::Result<Vec<PathBuf>> {
    let mut kept = Vec::new();
    for aside in place.left_behind(".old-")? {
        // A build that was killed between the two steps of the fallback has left no site: the old one is moved
        // back.
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

/// Removes one folder of a killed build. With a manifest it may be an old site to which someone has added
/// files; without one it was never published and is ours entirely.
fn remove_left(place: &OutputFolder, folder: &Path) -> io::Result<Option<PathBuf>> {
    match read_manifest(folder) {
        Some(manifest) => remove_site(place, folder, &manifest),
        None => fs::remove_dir_all(folder).map(|()| None),
    }
}

/// Deletes a site. Foreign files in it are kept under a visible name, which is returned.
fn remove_site(place: &OutputFolder, folder: &Path, manifest: &Manifest) -> io::Result<Option<PathBuf>> {
    if folder_walk::sweep(folder, manifest)? {
        return Ok(None);
    }
    let kept = place.free_name();
    fs::rename(folder, &kept)?;
    Ok(Some(kept))
}

/// The failure when the new site is published, but may be lost if power fails.
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
