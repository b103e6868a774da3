//! One file read: its text, its sizes and digest, and what was wrong with it.
//!
//! Owns the reading of a single file by its sort. Knows nothing of other files; the loader decides when a
//! file is read again.

use std::fs::File;
use std::io;

use super::disk::{self, Stamp, Tree};
use super::encoding::{self, Flaw};
use super::walk::Found;
use super::{plain, sorts};
use crate::asset::Asset;
use crate::bounds::{ASSET_BYTES, PAGE_BYTES};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::metadata::{self, Format, Problem};
use crate::path::FilePath;
use crate::rules;
use crate::source::{Source, Span};

/// What became of one file.
#[derive(Debug)]
pub struct Entry {
    pub stamp: Stamp,
    /// Whether an equal stamp means equal bytes; see [`Stamp::settled`].
    pub settled: bool,
    pub source: Option<Source>,
    pub asset: Option<Asset>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file; `None` where it is not the one any more that the walk has met.
///
/// # Errors
/// What the operating system says.
pub fn read(tree: &Tree, found: &Found) -> io::Result<Option<Entry>> {
    let settled = found.stamp.settled();
    let open = || tree.met(tree.beneath(&found.place), found.stamp);
    let mut entry = Entry { stamp: found.stamp, settled, source: None, asset: None, diagnostics: Vec::new() };
    if sorts::is_text(&found.path) {
        let Some(file) = open()? else { return Ok(None) };
        (entry.source, entry.diagnostics) = text(file, found)?;
    }
    if sorts::is_asset(&found.path) {
        let Some(file) = open()? else { return Ok(None) };
        entry.asset = Some(asset(file, found)?);
    }
    Ok(Some(entry))
}

fn text(file: File, found: &Found) -> io::Result<(Option<Source>, Vec<Diagnostic>)> {
    let page = found.path.is_markdown();
    // A larger text that is no page is published, but never included.
    let Some(bytes) = disk::limited(file, found.stamp.length, PAGE_BYTES.most as u64)? else {
        // An empty page keeps its URL, so that links to it are not reported as well.
        let source = page.then(|| Source::new(found.path.clone(), ""));
        return Ok((source, page.then(|| too_large(found)).into_iter().collect()));
    };
    let text = encoding::normalise(bytes);
    if !page && text.flaw.is_some() {
        return Ok((None, Vec::new()));
    }
    let problem = text.flaw.map(|flaw| not_text(&found.path, &flaw));
    Ok((Some(Source::new(found.path.clone(), text.text)), problem.into_iter().collect()))
}

fn too_large(found: &Found) -> Diagnostic {
    let message = format!("the page has {} bytes; at most {} are read", found.stamp.length, PAGE_BYTES.most);
    Diagnostic::new(&rules::INPUT_SIZE, Span::file(&found.path), message)
        .help("Split the page, or link the data as a file.")
}

/// The problem of a file that is not the text it should be.
pub fn not_text(path: &FilePath, flaw: &Flaw) -> Diagnostic {
    let (span, message) = match flaw {
        // U+FFFD, which stands there now, has three bytes.
        Flaw::Byte { offset, value } => {
            (Span::new(path, *offset..*offset + 3), format!("the byte 0x{value:02X} is not valid UTF-8"))
        }
        Flaw::Utf16 => (Span::file(path), "the file is UTF-16, not UTF-8".to_owned()),
    };
    Diagnostic::new(&rules::INPUT_ENCODING, span, message).help("Save the file as UTF-8.")
}

fn asset(mut file: File, found: &Found) -> io::Result<Asset> {
    let length = found.stamp.length;
    let format = metadata::format_of(&found.path.extension());
    let refusal = if format.is_none() { plain::refusal(&mut file, &found.path)? } else { None };
    let (digest, size, problem) = match format {
        Some(_) if length > ASSET_BYTES.most as u64 => (streamed(file)?, None, Some(Problem::TooLarge)),
        Some(format) => match disk::limited(file, length, ASSET_BYTES.most as u64)? {
            Some(bytes) => looked_into(&bytes, format, found),
            // It grows while it is read, so the next walk finds another stamp.
            None => (Digest::of(&[]), None, Some(Problem::TooLarge)),
        },
        None => (streamed(file)?, None, None),
    };
    let (file, location) = (found.path.clone(), found.place.to_path_buf());
    Ok(Asset { file, location, digest, size, problem, refusal })
}

/// Width and height in CSS pixels.
type Size = (u32, u32);

fn looked_into(bytes: &[u8], format: Format, found: &Found) -> (Digest, Option<Size>, Option<Problem>) {
    let size = match format {
        Format::Svg => metadata::drawing_size(bytes),
        _ if sorts::is_image(&found.path) => imagesize::blob_size(bytes).ok().and_then(pixels),
        _ => None,
    };
    // What is cut out before a file goes out must not show in anything that is made of its digest.
    match metadata::clean(format, bytes) {
        Ok(cleaned) => (Digest::of(&[&*cleaned]), size, None),
        Err(problem) => (Digest::of(&[bytes]), size, Some(problem)),
    }
}

fn streamed(mut file: File) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut file, &mut hasher)?;
    Ok(Digest::of_stream(&hasher))
}

fn pixels(size: imagesize::ImageSize) -> Option<Size> {
    let side = |side: usize| u32::try_from(side).ok().filter(|side| *side > 0);
    Some((side(size.width)?, side(size.height)?))
}
