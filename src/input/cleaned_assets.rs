//! Opens files of the handbook as they are published: without metadata.
//!
//! Owns the last step before a sink stores or sends such a file, so that no sink can forget it. Opens files in
//! the handbook's folder only. The published bytes are those that were checked when the inputs were loaded: a
//! file that was replaced since then is an error.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::disk::ReadFolder;
use crate::bounds::ASSET_BYTES;
use crate::memo::Digest;
use crate::metadata::{self, ImageFormat, MetadataProblem};
use crate::output::Original;

/// The file that a sink gets.
#[derive(Debug)]
pub enum OpenedAsset {
    /// The bytes of a file that was cleaned or checked for metadata.
    Bytes(Vec<u8>),
    /// A file of a type without metadata, or too large to be cleaned, to be copied as it is.
    File(CheckedFile),
}

/// A file that is compared with the loaded one while it is read.
#[derive(Debug)]
pub struct CheckedFile {
    file: File,
    hasher: Box<blake3::Hasher>,
    location: PathBuf,
    digest: Digest,
}

impl Read for CheckedFile {
    /// # Errors
    /// At its end, if the bytes are not those that were loaded.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.hasher.update(&buffer[..length]);
        if length == 0 && !buffer.is_empty() && Digest::of_stream(&self.hasher) != self.digest {
            return Err(named(&self.location, changed()));
        }
        Ok(length)
    }
}

/// Adds the path to an error.
fn named(location: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}`: {error}", location.display()))
}

fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the file was changed after it was read; build again")
}

/// Opens a file as it is published.
///
/// # Errors
/// Errors of the operating system, a picture that cannot be cleaned, and a file that was changed since it was
/// loaded.
pub fn open(inputs: &ReadFolder, original: &Original) -> io::Result<OpenedAsset> {
    let location = &original.location;
    let named = |error| named(location, error);
    let beneath = location.strip_prefix(&inputs.place).map_err(io::Error::other);
    let (file, stamp) = beneath.and_then(|path| inputs.file(path)).map_err(named)?;
    match original.format {
        Some(format) if stamp.length <= ASSET_BYTES.most as u64 => {
            let bytes = cleaned(format, file, stamp.length).map_err(named)?;
            if Digest::from_parts(&[&bytes]) != original.digest {
                return Err(named(changed()));
            }
            Ok(OpenedAsset::Bytes(bytes))
        }
        // A picture that is too large to be cleaned could carry metadata, so it is never published.
        Some(format) if format.is_picture() => Err(named(io::Error::other("the picture is too large"))),
        _ => Ok(OpenedAsset::File(CheckedFile {
            file,
            hasher: Box::default(),
            location: location.clone(),
            digest: original.digest,
        })),
    }
}

/// A picture is published clean or not at all. For other files the rules of the handbook have decided before.
fn cleaned(format: ImageFormat, file: File, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(ASSET_BYTES.most as u64 + 1).read_to_end(&mut bytes)?;
    match metadata::clean(format, &bytes) {
        Ok(Cow::Owned(cleaned)) => return Ok(cleaned),
        Ok(Cow::Borrowed(_)) => {}
        // A file that has grown too large since it was opened was not read completely.
        Err(problem) if format.is_picture() || problem == MetadataProblem::TooLarge => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("the file {}", problem.message()),
            ));
        }
        Err(_) => {}
    }
    Ok(bytes)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests lay out folders")]
mod tests {
    use super::*;
    use crate::output::MediaOfFile;

    #[test]
    fn a_drawing_that_was_exchanged_after_loading_is_judged_again() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().canonicalize().unwrap().join("x.svg");
        let tree = ReadFolder::open(root.path()).unwrap();
        let digest = Digest::from_parts(&[b"<svg><path/></svg>"]);
        let media = MediaOfFile::ByName;
        let original = Original { location: place.clone(), format: Some(ImageFormat::Svg), digest, media };
        std::fs::write(&place, "<svg><!-- a --><path/></svg>").unwrap();
        let OpenedAsset::Bytes(bytes) = open(&tree, &original).unwrap() else {
            panic!("a drawing is cleaned")
        };
        assert_eq!(bytes, b"<svg><path/></svg>");
        for hostile in ["<script/>", "<g onload='x'/>", "<image href='https://example.org/t.png'/>"] {
            std::fs::write(&place, format!("<svg>{hostile}</svg>")).unwrap();
            let error = open(&tree, &original).unwrap_err().to_string();
            assert!(error.contains("is not published"), "{error}");
        }
        std::fs::write(&place, "<svg><rect/></svg>").unwrap();
        let error = open(&tree, &original).unwrap_err().to_string();
        assert!(error.contains("was changed"), "{error}");
    }

    #[test]
    fn a_file_that_was_exchanged_after_loading_is_not_read_to_its_end() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().canonicalize().unwrap().join("x.csv");
        let tree = ReadFolder::open(root.path()).unwrap();
        let digest = Digest::of_stream(blake3::Hasher::new().update(b"a;b"));
        let media = MediaOfFile::ByName;
        let original = Original { location: place.clone(), format: None, digest, media };
        let read = || {
            let OpenedAsset::File(mut file) = open(&tree, &original).unwrap() else { panic!("it is copied") };
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map(|_| bytes)
        };
        std::fs::write(&place, "a;b").unwrap();
        assert_eq!(read().unwrap(), b"a;b");
        for other in ["a;c", "a;b;", "a;", ""] {
            std::fs::write(&place, other).unwrap();
            assert!(read().unwrap_err().to_string().contains("was changed"), "{other}");
        }
    }
}
