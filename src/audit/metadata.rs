//! Metadata in finished files, and files that the scan cannot open.
//!
//! Owns the reports on both. [`crate::metadata`] defines which metadata a build removes.

use crate::metadata::{self, MetadataProblem, Unchecked};
use crate::rules::{ASSET_METADATA, ASSET_UNCHECKED, ASSET_UNSAFE, LEAK_UNCHECKED, Rule};

/// The rule that a file breaks, and the description of the file for the message.
pub(super) fn problem(path: &str, bytes: &[u8]) -> Option<(&'static Rule, String)> {
    if is_unread(path, bytes) {
        return Some((&LEAK_UNCHECKED, "a file that is packed in a way that is not read".to_owned()));
    }
    let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
    if Unchecked::by_extension(&extension).is_some() {
        return Some((&ASSET_UNCHECKED, "a file whose metadata is not checked".to_owned()));
    }
    let format = metadata::format_of(&extension)?;
    match metadata::clean(format, bytes) {
        Ok(cleaned) if *cleaned == *bytes => None,
        Ok(_) => Some((&ASSET_METADATA, "a file with metadata that a build would take out".to_owned())),
        Err(MetadataProblem::Active(danger)) => {
            Some((&ASSET_UNSAFE, format!("a drawing that holds {}", danger.what)))
        }
        Err(MetadataProblem::Unreadable | MetadataProblem::TooLarge) => {
            Some((&LEAK_UNCHECKED, "a file that cannot be read as what its name says".to_owned()))
        }
    }
}

/// Whether a file is compressed or encrypted in a way that hides its content from the scan.
fn is_unread(path: &str, bytes: &[u8]) -> bool {
    // xz, Zstandard, 7-Zip, RAR and LZ4.
    let begins: [&[u8]; 5] =
        [b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x04\x22\x4d\x18"];
    let bzip2 = bytes.starts_with(b"BZh") && bytes.get(4..10) == Some(b"1AY&SY");
    // Bit 0 of the flags of a ZIP member means that it is encrypted.
    let locked = matches!(bytes, [b'P', b'K', 3, 4, _, _, flags, ..] if flags & 1 != 0);
    path.ends_with(".br") || bzip2 || locked || begins.iter().any(|begin| bytes.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(path: &str, bytes: &[u8]) -> Option<&'static str> {
        problem(path, bytes).map(|(rule, _)| rule.name)
    }

    #[test]
    fn metadata_of_images_and_unchecked_files_are_told() {
        let drawing = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata>Anna</metadata></svg>";
        assert_eq!(rule("a/b.SVG", drawing), Some("asset.metadata"));
        assert_eq!(
            rule("a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\"/></svg>"),
            None
        );
        assert_eq!(rule("a.svg", b"<svg><script/></svg>"), Some("asset.unsafe"));
        assert_eq!(rule("a.txt", drawing), None);
        assert_eq!(rule("a.png", b"no picture"), Some("leak.unchecked"));
        assert_eq!(rule("a.PDF", b"%PDF-1.7"), Some("asset.unchecked"));
    }

    #[test]
    fn what_the_scan_cannot_open_is_told() {
        for (path, bytes) in [
            ("a.xz", &b"\xfd7zXZ\0\0\0"[..]),
            ("a.zst", b"\x28\xb5\x2f\xfd\0"),
            ("a.bz2", b"BZh91AY&SY\0"),
            ("index.html.br", b"\x0b\x02"),
            ("a.zip", b"PK\x03\x04\x14\0\x01\0\x08\0"),
        ] {
            assert_eq!(rule(path, bytes), Some("leak.unchecked"), "{path}");
        }
        assert_eq!(rule("a.zip", b"PK\x03\x04\x14\0\0\0\x08\0"), None);
    }
}
