//! What images say beside what they show: author, place, camera, editor, thumbnails.
//!
//! Owns which formats are known and what is taken out of each; one file per format. Pure: bytes in, bytes out. Every
//! walk goes forward only, so any input costs time in proportion to its length. Knows no file, and never decodes a
//! picture: lists of chunks are read, and only what is known to be needed for showing is kept.

mod avif;
mod byte_reader;
mod drawio;
mod embedded;
mod exif;
#[cfg(test)]
mod fixtures;
mod gif;
mod ico;
mod jpeg;
mod png;
mod riff;
mod svg;
mod svg_allowlist;
mod svg_namespaces;
mod svg_safety;
mod svg_size;
mod svg_style;
mod unchecked;
mod webp;
mod xml;

use std::borrow::Cow;

use crate::bounds::ASSET_BYTES;

pub use svg_safety::Danger;
pub use svg_size::size as drawing_size;
pub use unchecked::Unchecked;

/// A format whose metadata is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageFormat {
    Avif,
    Drawio,
    Gif,
    Ico,
    Jpeg,
    Png,
    Svg,
    Webp,
}

/// Why a file cannot be published without what it should not say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MetadataProblem {
    /// It is cut off, damaged, or of another format than its name says.
    Unreadable,
    /// It is larger than [`ASSET_BYTES`].
    TooLarge,
    /// A drawing that could run something in the reader's browser, or load something from elsewhere.
    Active(Danger),
}

/// The format that a file has by the extension of its name, in lower case; `None` where nothing is taken out.
pub fn format_of(extension: &str) -> Option<ImageFormat> {
    Some(match extension {
        "avif" => ImageFormat::Avif,
        "drawio" => ImageFormat::Drawio,
        "gif" => ImageFormat::Gif,
        "ico" => ImageFormat::Ico,
        "jpeg" | "jpg" => ImageFormat::Jpeg,
        "png" => ImageFormat::Png,
        "svg" => ImageFormat::Svg,
        "webp" => ImageFormat::Webp,
        _ => return None,
    })
}

/// Takes out whatever the file says beside what it shows. Borrowed where there was nothing to take out. Clean bytes
/// stay as they are.
///
/// # Errors
/// What stands in the way. An image with a problem must not be published.
pub fn clean(format: ImageFormat, bytes: &[u8]) -> Result<Cow<'_, [u8]>, MetadataProblem> {
    if ASSET_BYTES.is_exceeded(bytes.len()) {
        return Err(MetadataProblem::TooLarge);
    }
    let cleaned = match format {
        ImageFormat::Svg => svg::clean(bytes)?,
        ImageFormat::Drawio => drawio::clean(bytes).ok_or(MetadataProblem::Unreadable)?,
        ImageFormat::Avif
        | ImageFormat::Gif
        | ImageFormat::Ico
        | ImageFormat::Jpeg
        | ImageFormat::Png
        | ImageFormat::Webp => pixels(bytes).ok_or(MetadataProblem::Unreadable)?,
    };
    Ok(if cleaned == bytes { Cow::Borrowed(bytes) } else { Cow::Owned(cleaned) })
}

impl ImageFormat {
    /// Whether it is an image that a page shows: one that cannot be read is not published at all.
    pub fn is_picture(self) -> bool {
        self != ImageFormat::Drawio
    }

    /// How an author makes a file that can be read, as a sentence.
    pub fn way_out(self) -> &'static str {
        "Open it in a program for pictures and export it again."
    }
}

impl MetadataProblem {
    /// What is wrong, to be said behind the name of the file.
    pub fn message(&self) -> String {
        match self {
            MetadataProblem::Unreadable => {
                "is cut off, damaged or not what its name says, so nothing can be taken out of it".to_owned()
            }
            MetadataProblem::TooLarge => format!("is larger than {ASSET_BYTES} and is not looked into"),
            MetadataProblem::Active(danger) => danger.message(),
        }
    }
}

/// Images are told by their first bytes: browsers look at these and not at the name.
fn pixels(bytes: &[u8]) -> Option<Vec<u8>> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => png::clean(bytes),
        [0xFF, 0xD8, ..] => jpeg::clean(bytes),
        [b'G', b'I', b'F', b'8', ..] => gif::clean(bytes),
        [b'R', b'I', b'F', b'F', ..] => webp::clean(bytes),
        [0, 0, 1, 0, ..] => ico::clean(bytes),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => avif::clean(bytes),
        _ => None,
    }
}
