//! What pictures and documents say beside what they show: author, place, camera, editor, thumbnails.
//!
//! Owns which formats are known and what is taken out of each; one file per format. Pure: bytes in, bytes out. Every
//! walk goes forward only, so any input costs time in proportion to its length. Knows no file, and never decodes a
//! picture: lists of chunks are read, and only what is known to be needed for showing is kept.

mod base64;
mod bmff;
mod canvas;
mod cursor;
mod drawio;
mod drawn;
mod embedded;
mod exif;
#[cfg(test)]
mod fixtures;
mod gif;
mod ico;
mod inert;
mod inflate;
mod jpeg;
mod matroska;
mod mp3;
mod namespaces;
mod office;
mod ogg;
mod pdf;
mod png;
mod riff;
mod style;
mod svg;
mod wav;
mod webp;
mod xml;
mod xmp;
mod zip;

use std::borrow::Cow;

use crate::bounds::ASSET_BYTES;

pub use canvas::size as drawing_size;
pub use inert::Danger;

/// A format that may hold metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Avif,
    Drawio,
    Gif,
    Ico,
    Jpeg,
    Matroska,
    Mp3,
    Mp4,
    Office,
    Ogg,
    Pdf,
    Png,
    Svg,
    Wav,
    Webp,
}

/// Why a file cannot be published without what it should not say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Problem {
    /// It is cut off, damaged, or of another format than its name says.
    Unreadable,
    /// It is larger than [`ASSET_BYTES`].
    TooLarge,
    /// What was found and cannot be taken out, such as `author`; values are not told, because reports of builds
    /// are often public.
    Holds(Vec<&'static str>),
    /// A drawing that could run something in the reader's browser, or load something from elsewhere.
    Active(Danger),
}

/// The format that a file has by the extension of its name, in lower case; `None` where no metadata are looked for.
pub fn format_of(extension: &str) -> Option<Format> {
    Some(match extension {
        "avif" => Format::Avif,
        "drawio" => Format::Drawio,
        "gif" => Format::Gif,
        "ico" => Format::Ico,
        "jpeg" | "jpg" => Format::Jpeg,
        "webm" => Format::Matroska,
        "mp3" => Format::Mp3,
        "m4a" | "m4v" | "mov" | "mp4" => Format::Mp4,
        "docx" | "odg" | "odp" | "ods" | "odt" | "pptx" | "xlsx" => Format::Office,
        "oga" | "ogg" | "ogv" | "opus" => Format::Ogg,
        "pdf" => Format::Pdf,
        "png" => Format::Png,
        "svg" => Format::Svg,
        "wav" => Format::Wav,
        "webp" => Format::Webp,
        _ => return None,
    })
}

/// Takes out whatever the file says beside what it shows. Borrowed where there was nothing to take out. Clean bytes
/// stay as they are.
///
/// # Errors
/// What stands in the way. A picture with a problem must not be published.
pub fn clean(format: Format, bytes: &[u8]) -> Result<Cow<'_, [u8]>, Problem> {
    if ASSET_BYTES.is_exceeded(bytes.len()) {
        return Err(Problem::TooLarge);
    }
    let changed = match format {
        Format::Office => return unless_found(office::find(bytes), bytes),
        Format::Ogg => return unless_found(ogg::find_comments(bytes), bytes),
        Format::Pdf => return unless_found(pdf::find(bytes), bytes),
        Format::Drawio => drawio::clean(bytes),
        Format::Matroska => matroska::clean(bytes),
        Format::Mp3 => mp3::clean(bytes),
        Format::Mp4 => return film(bytes),
        Format::Svg => return Ok(shared(svg::clean(bytes)?, bytes)),
        Format::Wav => wav::clean(bytes),
        Format::Avif | Format::Gif | Format::Ico | Format::Jpeg | Format::Png | Format::Webp => pixels(bytes),
    };
    Ok(shared(changed.ok_or(Problem::Unreadable)?, bytes))
}

impl Format {
    /// Whether it is a picture that a page shows: one that cannot be read is not published at all.
    pub fn is_picture(self) -> bool {
        use Format::{Avif, Gif, Ico, Jpeg, Png, Svg, Webp};
        matches!(self, Avif | Gif | Ico | Jpeg | Png | Svg | Webp)
    }

    /// How an author takes metadata out, as a sentence.
    pub fn way_out(self) -> &'static str {
        match self {
            Format::Pdf => {
                "Empty the document's properties in the program that made it and export it again. Or run `exiftool \
                 -all= FILE` and then `qpdf --linearize FILE NEW`: without the second step all can be brought back."
            }
            Format::Office => {
                "In Word, Excel or PowerPoint use File › Info › Inspect Document, in LibreOffice File › Properties › \
                 Reset Properties, and accept or reject all changes. Or publish a PDF."
            }
            Format::Ogg | Format::Matroska | Format::Mp3 | Format::Mp4 | Format::Wav => {
                "Write it anew without metadata: `ffmpeg -i FILE -map 0:v? -map 0:a? -map_metadata -1 -c copy NEW`."
            }
            _ => "Open it in a program for pictures and export it again.",
        }
    }
}

impl Problem {
    /// What is wrong, to be said behind the name of the file.
    pub fn message(&self) -> String {
        match self {
            Problem::Unreadable => {
                "is cut off, damaged or not what its name says, so nothing can be taken out of it".to_owned()
            }
            Problem::TooLarge => format!("is larger than {ASSET_BYTES} and is not looked into"),
            Problem::Holds(found) => format!("holds what cannot be taken out: {}", found.join(", ")),
            Problem::Active(danger) => danger.message(),
        }
    }
}

/// Pictures are told by their first bytes: browsers look at these and not at the name.
fn pixels(bytes: &[u8]) -> Option<Vec<u8>> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => png::clean(bytes),
        [0xFF, 0xD8, ..] => jpeg::clean(bytes),
        [b'G', b'I', b'F', b'8', ..] => gif::clean(bytes),
        [b'R', b'I', b'F', b'F', ..] => webp::clean(bytes),
        [0, 0, 1, 0, ..] => ico::clean(bytes),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => bmff::clean(bytes).map(|(bytes, _)| bytes),
        _ => None,
    }
}

fn film(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Problem> {
    match bmff::clean(bytes).ok_or(Problem::Unreadable)? {
        (_, found) if !found.is_empty() => Err(Problem::Holds(found)),
        (cleaned, _) => Ok(shared(cleaned, bytes)),
    }
}

fn shared(cleaned: Vec<u8>, bytes: &[u8]) -> Cow<'_, [u8]> {
    if cleaned == bytes { Cow::Borrowed(bytes) } else { Cow::Owned(cleaned) }
}

fn unless_found<'a>(found: Option<Vec<&'static str>>, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, Problem> {
    match found {
        Some(found) if found.is_empty() => Ok(Cow::Borrowed(bytes)),
        Some(found) => Err(Problem::Holds(found)),
        None => Err(Problem::Unreadable),
    }
}
