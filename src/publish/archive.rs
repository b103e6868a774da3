//! Writes a bundle: all files of a build in one archive, all or nothing.
//!
//! Owns [`Archive`]. Files are compressed as they are made, and written sorted and with one fixed time, so the
//! same files make the same bytes. The archive is written under a temporary name and renamed in one step. A
//! file that is not a bundle is never replaced.

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
use crate::input::cleaned_assets::{self, OpenedAsset};
use crate::input::disk::ReadFolder;
use crate::output::{Output, Sink};

use super::audience_guard::{self, SiteReaders};

/// The beginning of the comment of each archive: it marks a file as a bundle, which the next bundle may
/// replace. [`FOR`] and the audience follow; older versions did not write them.
const MARK: &str = "Opsbook bundle";
/// Separates the mark from the audience.
const FOR: &str = " for ";

/// A sink that collects the outputs of one build.
pub struct Archive {
    /// The path of the archive, absolute.
    place: PathBuf,
    /// The one folder in the archive, so that unpacking does not scatter files.
    folder: String,
    inputs: ReadFolder,
    /// The name of the audience.
    audience: String,
    files: Mutex<BTreeMap<String, PreparedZipFile>>,
}

/// The result of writing an archive; the size is in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled {
    pub path: PathBuf,
    pub files: usize,
    pub bytes: u64,
}

impl Archive {
    /// Prepares an archive at `place`. Refuses to replace a file that is not a bundle, and a bundle for a wider
    /// audience. `root` is the handbook's folder, `folder` the one in the archive.
    ///
    /// # Errors
    /// `place` must not be replaced, its folder does not exist, or the handbook's folder cannot be opened.
    pub fn begin(
        place: &Path,
        root: &Path,
        folder: String,
        readers: SiteReaders<'_>,
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
        // The check looks at the folders above a path, so it gets a path in the folder.
        let real = parent.and_then(|parent| fs::canonicalize(parent).ok());
        real.map_or(Ok(()), |folder| {
            audience_guard::check_around(&folder.join("bundle"), "--output", readers)
        })?;
        // A link that leads nowhere counts as an existing file, too.
        if fs::symlink_metadata(&place).is_ok() {
            let Some(current) = mark_of(&place) else {
                let message = format!("`{}` is there already and is not a bundle", place.display());
                return Err(Failure::new(message, "Move it away, or name another file with `--output`."));
            };
            let there = audience_guard::ReplacedOutput { path: &place, thing: "bundle", option: "--output" };
            readers.check(current.strip_prefix(FOR), &there)?;
        }
        let inputs = ReadFolder::open(root).map_err(|error| failure(root, &error))?;
        let audience = readers.name().to_owned();
        Ok(Archive { place, folder, inputs, audience, files: Mutex::default() })
    }

    /// Writes the archive and moves it to its path.
    ///
    /// # Errors
    /// The operating system refuses, for example because the disk is full. The old archive is then unchanged.
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
                // The unfinished file is of no use, and a second error would add nothing.
                let _ = fs::remove_file(&new);
                Err(failure(&self.place, &error))
            }
        }
    }

    fn pack(&self, output: &Output) -> io::Result<PreparedZipFile> {
        let mut file = ZipFileBuilder::new(format!("{}/{}", self.folder, output.path), options())?;
        match output.body.bytes() {
            Ok(bytes) => file.write_all(bytes)?,
            Err(original) => match cleaned_assets::open(&self.inputs, original)? {
                OpenedAsset::Bytes(bytes) => file.write_all(&bytes)?,
                OpenedAsset::File(mut opened) => _ = io::copy(&mut opened, &mut file)?,
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

/// The same options for each file, without time and owner, so that equal inputs make an equal archive.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
}

/// Writes all files and waits until they are on the disk. Returns the size in bytes.
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

/// The text after the mark of a bundle; `None` if the file is not a bundle.
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
