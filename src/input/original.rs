//! Files of the inputs as they go out: cleaned of what they say beside what they show.
//!
//! Owns the last step before a sink stores or sends such a file, so that no sink can forget it. Opens files beneath
//! the handbook's folder only.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};

use super::disk::Tree;
use crate::bounds::ASSET_BYTES;
use crate::metadata::{self, Format, Problem};
use crate::output::Original;

/// What a sink gets.
#[derive(Debug)]
pub enum Opened {
    /// A file that was looked into.
    Bytes(Vec<u8>),
    /// A file of a sort that holds no metadata, to be copied as it is.
    File(File),
}

/// Opens a file as it is published.
///
/// # Errors
/// What the operating system says, and a picture that cannot be cleaned.
pub fn open(inputs: &Tree, original: &Original) -> io::Result<Opened> {
    let location = &original.location;
    let named = |error: io::Error| io::Error::new(error.kind(), format!("`{}`: {error}", location.display()));
    let beneath = location.strip_prefix(&inputs.place).map_err(io::Error::other);
    let (file, stamp) = beneath.and_then(|path| inputs.file(path)).map_err(named)?;
    match original.format {
        Some(format) if stamp.length <= ASSET_BYTES.most as u64 => {
            cleaned(format, file, stamp.length).map(Opened::Bytes).map_err(named)
        }
        Some(format) if format.is_picture() => Err(named(io::Error::other("the picture is too large"))),
        _ => Ok(Opened::File(file)),
    }
}

/// Pictures go out clean or not at all; for other files the handbook's rules have decided already.
fn cleaned(format: Format, file: File, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(ASSET_BYTES.most as u64 + 1).read_to_end(&mut bytes)?;
    match metadata::clean(format, &bytes) {
        Ok(Cow::Owned(cleaned)) => return Ok(cleaned),
        Ok(Cow::Borrowed(_)) => {}
        // A file that has grown too large since it was opened was not read to its end.
        Err(problem) if format.is_picture() || problem == Problem::TooLarge => {
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

    #[test]
    fn a_drawing_that_was_exchanged_after_loading_is_judged_again() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().canonicalize().unwrap().join("x.svg");
        let tree = Tree::open(root.path()).unwrap();
        let original = Original { location: place.clone(), format: Some(Format::Svg) };
        std::fs::write(&place, "<svg><!-- a --><path/></svg>").unwrap();
        let Opened::Bytes(bytes) = open(&tree, &original).unwrap() else { panic!("a drawing is cleaned") };
        assert_eq!(bytes, b"<svg><path/></svg>");
        for hostile in ["<script/>", "<g onload='x'/>", "<image href='https://example.org/t.png'/>"] {
            std::fs::write(&place, format!("<svg>{hostile}</svg>")).unwrap();
            let error = open(&tree, &original).unwrap_err().to_string();
            assert!(error.contains("is not published"), "{error}");
        }
    }
}
