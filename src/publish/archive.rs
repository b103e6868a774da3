//! A bundle: all files of a build in one archive, all or nothing. ⚡
//!
//! Owns [`Archive`]. Files are packed as they are made and written sorted, with one time for all, so the same files make
//! the same bytes. The archive is written beside its place and takes it in one step; a file there that is no bundle is never
//! replaced.

#![expect(clippy::disallowed_methods, reason = "one of the files that write what was built")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use zip::result::ZipResult;
use zip::write::{PreparedZipFile, SimpleFileOptions, ZipFileBuilder};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::input::Failure;
use crate::input::disk::Tree;
use crate::input::original::{self, Opened};
use crate::output::{Output, Sink};

use super::readers::{self, Readers};

/// Stands at the end of each archive, and says that it may be replaced by the next one; then for whom it is. Older
/// versions did not say.
const MARK: &str = "Opsbook bundle";
const FOR: &str = " for ";

/// Takes the outputs of one build.
pub struct Archive {
    place: PathBuf,
    /// The one folder in the archive, so that nothing is scattered where it is unpacked.
    folder: String,
    inputs: Tree,
    /// The name of those for whom it is.
    audience: String,
    files: Mutex<BTreeMap<String, PreparedZipFile>>,
}

/// What became of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled {
    pub path: PathBuf,
    pub files: usize,
    pub bytes: u64,
}

impl Archive {
    /// Refuses a place where something else than a bundle lies, or one for more readers. `root` is the handbook's folder,
    /// `folder` that in the archive.
    ///
    /// # Errors
    /// When the place is taken, or its folder does not exist.
    pub fn begin(
        place: &Path,
        root: &Path,
        folder: String,
        readers: Readers<'_>,
    ) -> Result<Archive, Failure> {
        let place = std::path::absolute(place).map_err(|error| failure(place, &error))?;
        let parent = place.parent().filter(|parent| parent.is_dir());
        if parent.is_none() || place.file_name().is_none() {
            let message = format!("there is no folder for `{}`", place.display());
            return Err(Failure::new(
                message,
                "Make the folder first, or name another file with `--output`.",
            ));
        }
        let real = parent.and_then(|parent| fs::canonicalize(parent).ok());
        real.map_or(Ok(()), |folder| readers::check_around(&folder.join("bundle"), "--output", readers))?;
        if fs::symlink_metadata(&place).is_ok() {
            let Some(current) = mark_of(&place) else {
                let message = format!("`{}` is there already and is no bundle", place.display());
                return Err(Failure::new(message, "Move it away, or name another file with `--output`."));
            };
            let there = readers::Place { path: &place, thing: "bundle", option: "--output" };
            readers.check(current.strip_prefix(FOR), &there)?;
        }
        let inputs = Tree::open(root).map_err(|error| failure(root, &error))?;
        let audience = readers.name().to_owned();
        Ok(Archive { place, folder, inputs, audience, files: Mutex::default() })
    }

    /// Writes the archive and puts it in its place.
    ///
    /// # Errors
    /// When the operating system refuses, for example because the disk is full; then nothing has changed.
    pub fn commit(self) -> Result<Bundled, Failure> {
        let files = self.files.into_inner().unwrap_or_else(PoisonError::into_inner);
        let count = files.len();
        let mut name = OsString::from(".");
        name.push(self.place.file_name().unwrap_or_default());
        name.push(format!(".new-{}", std::process::id()));
        let new = self.place.with_file_name(name);
        let mark = format!("{MARK}{FOR}{}", self.audience);
        let written =
            write(&new, &mark, files).and_then(|bytes| fs::rename(&new, &self.place).map(|()| bytes));
        match written {
            Ok(bytes) => Ok(Bundled { path: self.place, files: count, bytes }),
            Err(error) => {
                // What is left of it helps nobody; a second error would say nothing new.
                let _ = fs::remove_file(&new);
                Err(failure(&self.place, &error))
            }
        }
    }

    fn pack(&self, output: &Output) -> io::Result<PreparedZipFile> {
        let mut file = ZipFileBuilder::new(format!("{}/{}", self.folder, output.path), options())?;
        match output.body.bytes() {
            Ok(bytes) => file.write_all(bytes)?,
            Err(original) => match original::open(&self.inputs, original)? {
                Opened::Bytes(bytes) => file.write_all(&bytes)?,
                Opened::File(mut opened) => _ = io::copy(&mut opened, &mut file)?,
            },
        }
        Ok(file.finish()?)
    }
}

impl Sink for Archive {
    fn put(&self, output: Output) -> io::Result<()> {
        let packed = self.pack(&output)?;
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(output.path, packed);
        Ok(())
    }
}

/// The same for each file: no clock, no owner.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
}

/// Writes all files, durably; how many bytes that are.
fn write(path: &Path, mark: &str, files: BTreeMap<String, PreparedZipFile>) -> io::Result<u64> {
    let mut archive = ZipWriter::new(BufWriter::new(File::create(path)?));
    archive.set_comment(mark)?;
    files.into_values().try_for_each(|file| archive.add_prepared_file(file))?;
    let file = finished(archive)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

fn finished(archive: ZipWriter<BufWriter<File>>) -> io::Result<File> {
    archive.finish()?.into_inner().map_err(io::IntoInnerError::into_error)
}

/// What stands behind the mark of a bundle; `None` where a file is none.
fn mark_of(path: &Path) -> Option<String> {
    let comment = || -> ZipResult<Vec<u8>> {
        let file = File::open(path)?;
        let regular = file.metadata()?.is_file();
        Ok(if regular { ZipArchive::new(file)?.comment().to_vec() } else { Vec::new() })
    };
    let comment = String::from_utf8(comment().ok()?).ok()?;
    let rest = comment.strip_prefix(MARK)?;
    (rest.is_empty() || rest.starts_with(FOR)).then(|| rest.to_owned())
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    let message = format!("cannot write `{}`: {error}", path.display());
    Failure::new(message, "Nothing has changed. Check the path, your rights and the space on the disk.")
}
