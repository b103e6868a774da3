//! The cache between two runs of highlighted code, drawn diagrams, the history of files and the answers to web links: one file for each, in
//! `.opsbook` in the handbook's root.
//!
//! Owns the format of the files and its safety: a file with any error is ignored, and a file is only replaced
//! as a whole. A lost cache costs time, never correctness, so no problem here stops a build.
#![expect(clippy::disallowed_methods, reason = "reads the handbook and its history")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::diagrams::{self, DrawingCache};
use crate::markdown::code::HighlightCache;
use crate::memo::Digest;

/// One of the four cache files.
struct CacheFile {
    /// The file name in `.opsbook`, without the extension.
    name: &'static str,
    /// The first bytes of the file, which identify its format.
    magic: &'static [u8; 16],
    /// The version of everything that the entries depend on. A cache of another version is ignored.
    version: &'static str,
}

fn highlighted() -> CacheFile {
    CacheFile { name: "highlight", magic: b"opsbook-hilite1\n", version: HighlightCache::version() }
}

fn drawn() -> CacheFile {
    CacheFile { name: "diagrams", magic: b"opsbook-diagrm1\n", version: diagrams::VERSION }
}

fn history() -> CacheFile {
    CacheFile { name: "history", magic: b"opsbook-histry1\n", version: "1" }
}

fn web_links() -> CacheFile {
    CacheFile { name: "web-links", magic: b"opsbook-weblnk1\n", version: "1" }
}

/// The largest cache file that is read or written, in bytes.
const LIMIT: usize = 256 * 1024 * 1024;

/// A temporary file that is older than this belongs to no running build: no run takes so long to write a cache.
const LONGEST_WRITE: Duration = Duration::from_secs(3600);

/// The length that means "shown as plain text", in the cache of highlighted code.
const PLAIN: u32 = u32::MAX;

/// The entries of a cache file; `None` for code that is shown as plain text.
type Entries = BTreeMap<Digest, Option<Arc<[u8]>>>;

/// The path of a cache file.
fn path_of(root: &Path, file: &CacheFile) -> PathBuf {
    root.join(".opsbook").join(format!("{}.cache", file.name))
}

/// The parts of pages that are expensive to make. Engines share them, so that none makes a part again.
#[derive(Debug, Default)]
pub struct FragmentCaches {
    /// Highlighted code, by its text.
    pub highlighted: HighlightCache,
    /// Drawings, by the source of their diagrams.
    pub drawn: DrawingCache,
}

/// What the last run has highlighted and drawn; empty if there is no usable cache.
pub fn load(root: &Path) -> Arc<FragmentCaches> {
    Arc::new(FragmentCaches { highlighted: load_highlighted(root), drawn: load_drawings(root) })
}

/// The same for a run that shows no page: code stays plain. Drawings are needed, because making them finds problems.
pub fn load_for_checks(root: &Path) -> Arc<FragmentCaches> {
    Arc::new(FragmentCaches { highlighted: HighlightCache::plain(), drawn: load_drawings(root) })
}

/// Saves what this run has highlighted and drawn, if that is worth while.
///
/// # Errors
/// The first error of the operating system. The caller may go on.
pub fn save(root: &Path, caches: &FragmentCaches) -> io::Result<()> {
    let highlighted = save_highlighted(root, &caches.highlighted);
    highlighted.and(save_drawings(root, &caches.drawn))
}

fn load_highlighted(root: &Path) -> HighlightCache {
    let text = |bytes: Option<Arc<[u8]>>| match bytes {
        Some(bytes) => std::str::from_utf8(&bytes).ok().map(|text| Some(Arc::from(text))),
        None => Some(None),
    };
    let entries = read_entries(root, &highlighted()).into_iter();
    HighlightCache::with_entries(entries.filter_map(|(key, bytes)| Some((key, text(bytes)?))))
}

fn load_drawings(root: &Path) -> DrawingCache {
    let entries = read_entries(root, &drawn()).into_iter();
    DrawingCache::with_entries(entries.filter_map(|(key, bytes)| Some((key, bytes?))))
}

fn read_entries(root: &Path, file: &CacheFile) -> Entries {
    let path = path_of(root, file);
    // The content can come from someone else, who could have put a link or a pipe here.
    let is_safe = fs::symlink_metadata(&path).is_ok_and(|m| m.is_file() && m.len() <= LIMIT as u64);
    let bytes = if is_safe { fs::read(&path).unwrap_or_default() } else { Vec::new() };
    decode(&bytes, file).unwrap_or_default()
}

fn save_highlighted(root: &Path, cache: &HighlightCache) -> io::Result<()> {
    cache.worth_saving().map_or(Ok(()), |used| write_entries(root, &highlighted(), &as_entries(used)))
}

fn as_entries(used: BTreeMap<Digest, Option<Arc<str>>>) -> Entries {
    used.into_iter().map(|(key, html)| (key, html.map(Arc::from))).collect()
}

fn save_drawings(root: &Path, cache: &DrawingCache) -> io::Result<()> {
    let entries =
        |used: BTreeMap<_, Arc<[u8]>>| used.into_iter().map(|(key, bytes)| (key, Some(bytes))).collect();
    cache.worth_saving().map(entries).map_or(Ok(()), |entries| write_entries(root, &drawn(), &entries))
}

/// The history of files that an earlier run has read, if it depends on the same.
pub(super) fn load_history(root: &Path, key: Digest) -> Option<Arc<[u8]>> {
    read_entries(root, &history()).remove(&key)?
}

/// Saves the history of files.
///
/// # Errors
/// Errors of the operating system. The caller may go on.
pub(super) fn save_history(root: &Path, key: Digest, bytes: Vec<u8>) -> io::Result<()> {
    // A longer block could not be written.
    if bytes.len() >= LIMIT {
        return Ok(());
    }
    write_entries(root, &history(), &Entries::from([(key, Some(bytes.into()))]))
}

/// The answers to web links of earlier runs, by the digest of the address; empty if there is no usable cache.
pub fn load_web_links(root: &Path) -> BTreeMap<Digest, Arc<[u8]>> {
    let entries = read_entries(root, &web_links()).into_iter();
    entries.filter_map(|(key, bytes)| Some((key, bytes?))).collect()
}

/// Saves the answers to web links.
///
/// # Errors
/// Errors of the operating system. The caller may go on.
pub fn save_web_links(root: &Path, answers: BTreeMap<Digest, Arc<[u8]>>) -> io::Result<()> {
    let entries = answers.into_iter().map(|(key, bytes)| (key, Some(bytes))).collect();
    write_entries(root, &web_links(), &entries)
}

fn write_entries(root: &Path, file: &CacheFile, entries: &Entries) -> io::Result<()> {
    let bytes = encode(entries, file);
    if bytes.len() > LIMIT {
        return Ok(());
    }
    let path = path_of(root, file);
    let folder = root.join(".opsbook");
    fs::create_dir_all(&folder)?;
    // A symbolic link here could lead out of the handbook.
    if !fs::symlink_metadata(&folder)?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "`.opsbook` is not a folder"));
    }
    ignore_in_git(&folder)?;
    remove_leftovers(&folder);
    // The file is written under a temporary name and then renamed, so that another run never reads half of it.
    let temporary = folder.join(format!("{}.{}.tmp", file.name, std::process::id()));
    let written = write_new(&temporary, &bytes).and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        // The first error is the one to report.
        let _removed = fs::remove_file(&temporary);
    }
    written
}

/// Removes the temporary files of killed runs, so that they neither pile up nor block a run with the same
/// process number, which is common in containers.
fn remove_leftovers(folder: &Path) {
    let is_old = |entry: &fs::DirEntry| {
        let written = entry.metadata().and_then(|metadata| metadata.modified());
        let age = written.ok().and_then(|written| written.elapsed().ok()).unwrap_or_default();
        let own = format!(".{}.tmp", std::process::id());
        age > LONGEST_WRITE || entry.file_name().to_string_lossy().ends_with(&own)
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in
        entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "tmp")).filter(is_old)
    {
        // A file that cannot be removed does no harm.
        let _removed = fs::remove_file(entry.path());
    }
}

/// Writes a `.gitignore` into the folder, so that it never gets into a repository.
fn ignore_in_git(folder: &Path) -> io::Result<()> {
    match write_new(&folder.join(".gitignore"), b"*\n") {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        result => result,
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes)
}

/// Encodes a cache file: magic, digest of the rest, version, then for each entry its key, length and bytes.
/// Lengths are 32-bit little-endian.
fn encode(entries: &Entries, file: &CacheFile) -> Vec<u8> {
    let mut body = Vec::new();
    push_sized(&mut body, file.version.as_bytes());
    for (key, bytes) in entries {
        body.extend_from_slice(key.bytes());
        match bytes {
            Some(bytes) => push_sized(&mut body, bytes),
            None => body.extend_from_slice(&PLAIN.to_le_bytes()),
        }
    }
    [file.magic.as_slice(), Digest::from_parts(&[&body]).bytes(), &body].concat()
}

fn push_sized(body: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect(
        "a block or diagram has at most 64 KiB and becomes a small multiple, and a history is limited",
    );
    body.extend_from_slice(&length.to_le_bytes());
    body.extend_from_slice(bytes);
}

/// The entries of a cache file; `None` if it is not ours, incomplete or of another version.
fn decode(bytes: &[u8], file: &CacheFile) -> Option<Entries> {
    let rest = bytes.strip_prefix(file.magic)?;
    let (digest, mut body) = rest.split_first_chunk::<16>()?;
    // The digest also catches a file that was cut off or damaged, so the lengths after it can be trusted.
    if Digest::from_parts(&[body]) != Digest::from_bytes(*digest) {
        return None;
    }
    let version = take_sized(&mut body)??;
    if version != file.version.as_bytes() {
        return None;
    }
    let mut entries = Entries::new();
    while !body.is_empty() {
        let (key, after) = body.split_first_chunk::<16>()?;
        body = after;
        entries.insert(Digest::from_bytes(*key), take_sized(&mut body)?.map(Arc::from));
    }
    Some(entries)
}

/// Takes one block with its length; the inner `None` means "shown as plain text".
fn take_sized<'a>(body: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
    let (length, after) = body.split_first_chunk::<4>()?;
    *body = after;
    let length = u32::from_le_bytes(*length);
    if length == PLAIN {
        return Some(None);
    }
    let (bytes, after) = body.split_at_checked(length as usize)?;
    *body = after;
    Some(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_is_there_in_the_next_run() {
        let root = tempfile::tempdir().unwrap();
        let cache = load_highlighted(root.path());
        let html = cache.highlight("json", "[1]");
        cache.highlight("unknown", "x");
        save_highlighted(root.path(), &cache).unwrap();
        let next = load_highlighted(root.path());
        assert_eq!(next.highlight("json", "[1]"), html);
        assert_eq!(next.highlight("unknown", "x"), None);
        assert!(next.worth_saving().is_none(), "nothing was computed");
        assert_eq!(fs::read_dir(root.path().join(".opsbook")).unwrap().count(), 2, "no file is left beside");
    }

    #[test]
    fn what_a_killed_run_left_behind_is_removed_and_keeps_nobody_from_saving() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(".opsbook");
        fs::create_dir(&folder).unwrap();
        let own = folder.join(format!("highlight.{}.tmp", std::process::id()));
        let (old, new) = (folder.join("highlight.1.tmp"), folder.join("diagrams.2.tmp"));
        for file in [&own, &old, &new] {
            fs::write(file, "half").unwrap();
        }
        let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        fs::File::options().write(true).open(&old).unwrap().set_modified(long_ago).unwrap();
        let cache = HighlightCache::default();
        let html = cache.highlight("json", "[1]");
        save_highlighted(root.path(), &cache).unwrap();
        assert!(!own.exists() && !old.exists() && new.exists(), "another run may be writing the new one");
        let next = load_highlighted(root.path());
        assert_eq!(next.highlight("json", "[1]"), html);
        assert!(next.worth_saving().is_none(), "nothing was computed");
    }

    #[test]
    fn a_file_that_is_not_whole_is_ignored() {
        let cache = HighlightCache::default();
        cache.highlight("json", "[1]");
        let file = highlighted();
        let bytes = encode(&as_entries(cache.worth_saving().unwrap()), &file);
        assert_eq!(decode(&bytes, &file).unwrap().len(), 1);
        assert_eq!(decode(&bytes, &drawn()), None);
        for at in 0..bytes.len() {
            assert_eq!(decode(&bytes[..at], &file), None);
            let mut wrong = bytes.clone();
            wrong[at] ^= 1;
            assert_eq!(decode(&wrong, &file), None, "byte {at}");
        }
    }

    #[test]
    fn a_link_in_place_of_the_folder_is_not_followed() {
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(other.path(), root.path().join(".opsbook")).unwrap();
        let cache = HighlightCache::default();
        cache.highlight("json", "[1]");
        assert!(save_highlighted(root.path(), &cache).is_err());
        assert_eq!(fs::read_dir(other.path()).unwrap().count(), 0);
    }
}
