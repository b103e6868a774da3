//! Metadata of images: author, place, camera, editor, thumbnails.
//!
//! Owns the known formats and the removal of metadata from each; one file per format. Pure: bytes in, bytes out. Every
//! reader goes forward only, so any input costs time in proportion to its length. Knows no files, and never decodes a
//! picture: the cleaners read lists of chunks, and keep only the chunks that are needed to show the image.

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

/// A format whose metadata is removed.
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

/// The reason why a file cannot be cleaned and published.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MetadataProblem {
    /// It is truncated, damaged, or of another format than its name says.
    Unreadable,
    /// It is larger than [`ASSET_BYTES`].
    TooLarge,
    /// A drawing that could run something in the reader's browser, or load something from another place.
    Active(Danger),
}

/// The format of a file by the extension of its name, in lower case; `None` where no metadata is removed.
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

/// Removes all metadata of a file. The result is borrowed where there was none: clean bytes stay as they are.
///
/// # Errors
/// The reason why the file cannot be cleaned. An image with a problem must not be published.
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
    /// Whether it is an image that a page shows. Such an image is not published if it cannot be read.
    pub fn is_picture(self) -> bool {
        self != ImageFormat::Drawio
    }

    /// What an author can do about a file that cannot be read, as a sentence.
    pub fn way_out(self) -> &'static str {
        "Open it in a program for pictures and export it again."
    }
}

impl MetadataProblem {
    /// The problem, to be written after the name of the file.
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

/// Cleans an image in the format of its first bytes, not of its name, because browsers go by these bytes.
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
