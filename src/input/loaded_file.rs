//! Reads one file: its text, its image size, its digest and its problems.
//!
//! Owns the reading of a single file by its type. It does not look at other files; the loader decides when a
//! file is read again.

use std::fs::File;
use std::io;

use super::disk::{self, ReadFolder, Stamp};
use super::encoding::{self, DecodeError};
use super::walk::WalkedFile;
use super::{file_types, text_assets};
use crate::asset::{Asset, Refusal};
use crate::bounds::{ASSET_BYTES, PAGE_BYTES};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::memo::Digest;
use crate::metadata::{self, ImageFormat, MetadataProblem};
use crate::path::FilePath;
use crate::published_types::{AssetForm, AssetTypes};
use crate::rules;
use crate::source::{Source, Span};

/// The result of reading one file.
#[derive(Debug)]
pub struct LoadedFile {
    stamp: Stamp,
    /// Whether an equal stamp means equal bytes; see [`Stamp::settled`].
    settled: bool,
    pub source: Option<Source>,
    pub asset: Option<Asset>,
    pub diagnostics: Vec<Diagnostic>,
}

impl LoadedFile {
    /// Whether the file that a walk found is this one, unchanged.
    pub fn is_unchanged(&self, found: &WalkedFile) -> bool {
        self.settled && self.stamp == found.stamp
    }
}

/// Reads a file of the content. `None` means that it is no longer the file that the walk found.
///
/// # Errors
/// Errors of the operating system.
pub fn load_content_file(
    tree: &ReadFolder,
    found: &WalkedFile,
    types: &AssetTypes,
) -> io::Result<Option<LoadedFile>> {
    // Checked before the bytes are read: a file must have rested before, not after.
    let settled = found.stamp.settled();
    let open = || tree.open_unchanged(tree.beneath(&found.place), found.stamp);
    let mut entry =
        LoadedFile { stamp: found.stamp, settled, source: None, asset: None, diagnostics: Vec::new() };
    if is_read_as_text(&found.path, types) {
        let Some(file) = open()? else { return Ok(None) };
        (entry.source, entry.diagnostics) = text(file, found)?;
    }
    if types.may_publish(&found.path) {
        let Some(mut file) = open()? else { return Ok(None) };
        let is_checked = metadata::format_of(&found.path.extension()).is_none();
        let refusal = if is_checked { text_assets::refusal(&mut file, &found.path, types)? } else { None };
        entry.asset = Some(Asset { form: types.form_of(&found.path), ..asset(file, found, refusal)? });
    }
    Ok(Some(entry))
}

/// Reads a file of the static folder, which is published whatever links it, or is refused. `None` as for [`load_content_file`].
///
/// # Errors
/// Errors of the operating system.
pub fn load_static_file(
    tree: &ReadFolder,
    found: &WalkedFile,
    types: &AssetTypes,
) -> io::Result<Option<LoadedFile>> {
    let stamp = found.stamp;
    let settled = found.stamp.settled();
    let Some(mut file) = tree.open_unchanged(tree.beneath(&found.place), stamp)? else { return Ok(None) };
    let refusal = text_assets::static_refusal(&mut file, &found.path, types)?;
    // A static file has an address of its own, so it gets no page.
    let form = types.form_of(&found.path).map(|_| AssetForm::Download);
    let asset = Some(Asset { form, ..asset(file, found, refusal)? });
    Ok(Some(LoadedFile { stamp, settled, source: None, asset, diagnostics: Vec::new() }))
}

/// Whether a page may include the file. Types that the handbook adds are texts.
pub fn is_read_as_text(file: &FilePath, types: &AssetTypes) -> bool {
    file_types::is_text(file) || types.form_of(file).is_some()
}

fn text(file: File, found: &WalkedFile) -> io::Result<(Option<Source>, Vec<Diagnostic>)> {
    let page = Dialect::from_path(&found.path).is_some();
    // A larger text that is not a page is published, but never included.
    let Some(bytes) = disk::limited(file, found.stamp.length, PAGE_BYTES.most as u64)? else {
        // An empty page keeps its URL, so that links to it are not reported as well.
        let source = page.then(|| Source::new(found.path.clone(), ""));
        return Ok((source, page.then(|| too_large(found)).into_iter().collect()));
    };
    let text = encoding::normalise(bytes);
    // A file that is not UTF-8 can still be published, so this is not a problem of the handbook.
    if !page && text.flaw.is_some() {
        return Ok((None, Vec::new()));
    }
    let problem = text.flaw.map(|flaw| not_text(&found.path, &flaw));
    Ok((Some(Source::new(found.path.clone(), text.text)), problem.into_iter().collect()))
}

fn too_large(found: &WalkedFile) -> Diagnostic {
    let message = format!("the page has {} bytes; at most {} are read", found.stamp.length, PAGE_BYTES.most);
    Diagnostic::new(&rules::INPUT_SIZE, Span::start_of(&found.path), message)
        .help("Split the page, or link the data as a file.")
}

/// The diagnostic for a file that is not valid UTF-8.
pub fn not_text(path: &FilePath, flaw: &DecodeError) -> Diagnostic {
    let (span, message) = match flaw {
        // U+FFFD, which has replaced the byte, is three bytes long.
        DecodeError::Byte { offset, value } => {
            (Span::new(path, *offset..*offset + 3), format!("the byte 0x{value:02X} is not valid UTF-8"))
        }
        DecodeError::Utf16 => (Span::start_of(path), "the file is UTF-16, not UTF-8".to_owned()),
    };
    Diagnostic::new(&rules::INPUT_ENCODING, span, message).help("Save the file as UTF-8.")
}

fn asset(file: File, found: &WalkedFile, refusal: Option<Refusal>) -> io::Result<Asset> {
    let length = found.stamp.length;
    let format = metadata::format_of(&found.path.extension());
    let (digest, size, problem) = match format {
        Some(_) if length > ASSET_BYTES.most as u64 => {
            (streamed(file)?, None, Some(MetadataProblem::TooLarge))
        }
        Some(format) => match disk::limited(file, length, ASSET_BYTES.most as u64)? {
            Some(bytes) => looked_into(&bytes, format, found),
            // The file grew while it was read, so the next walk finds another stamp and the file is read again.
            None => (Digest::from_parts(&[]), None, Some(MetadataProblem::TooLarge)),
        },
        None => (streamed(file)?, None, None),
    };
    let file = found.path.clone();
    let location = found.place.to_path_buf();
    Ok(Asset { file, location, digest, length, size, problem, refusal, form: None })
}

/// Width and height in CSS pixels.
type PixelSize = (u32, u32);

fn looked_into(
    bytes: &[u8],
    format: ImageFormat,
    found: &WalkedFile,
) -> (Digest, Option<PixelSize>, Option<MetadataProblem>) {
    let size = match format {
        ImageFormat::Svg => metadata::drawing_size(bytes),
        _ if file_types::is_image(&found.path) => imagesize::blob_size(bytes).ok().and_then(pixels),
        _ => None,
    };
    // The digest is taken from the cleaned file: metadata that is removed before publishing must not influence
    // anything that is made from the digest.
    match metadata::clean(format, bytes) {
        Ok(cleaned) => (Digest::from_parts(&[&*cleaned]), size, None),
        Err(problem) => (Digest::from_parts(&[bytes]), size, Some(problem)),
    }
}

fn streamed(mut file: File) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut file, &mut hasher)?;
    Ok(Digest::of_stream(&hasher))
}

fn pixels(size: imagesize::ImageSize) -> Option<PixelSize> {
    let side = |side: usize| u32::try_from(side).ok().filter(|side| *side > 0);
    Some((side(size.width)?, side(size.height)?))
}
