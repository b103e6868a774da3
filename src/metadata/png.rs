//! PNG and APNG: a signature and a list of chunks.
//!
//! Owns the list of chunks that affect what is shown. All others are removed: texts, times, EXIF, private chunks of
//! editors (which may contain whole drawings), and bytes after the end, where some programs leave the rest of an
//! uncropped picture.

use super::byte_reader::Cursor;
use super::exif;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The chunks that affect what is shown, with the most bytes of data that each can have. Suggested palettes (`sPLT`,
/// `hIST`) are not among them: no browser reads them, and they have names.
const KEPT: &[(&[u8; 4], usize)] = &[
    (b"IHDR", 13),
    (b"PLTE", 768),
    (b"IDAT", usize::MAX),
    (b"tRNS", 256),
    (b"gAMA", 4),
    (b"cHRM", 32),
    (b"sRGB", 1),
    (b"iCCP", usize::MAX),
    (b"sBIT", 4),
    (b"bKGD", 6),
    (b"pHYs", 9),
    (b"cICP", 4),
    (b"mDCV", 24),
    (b"cLLI", 8),
    (b"acTL", 8),
    (b"fcTL", 26),
    (b"fdAT", usize::MAX),
];

/// The image without metadata. `None` where it is not a complete PNG image.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Cursor(bytes.strip_prefix(SIGNATURE)?);
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(SIGNATURE);
    let mut seen = PngProgress::Nothing;
    loop {
        let before = rest.0;
        let length = rest.u32_be()?;
        let kind = rest.array::<4>()?;
        let data = rest.take(length)?;
        rest.take(4)?;
        let whole = &before[..12 + length];
        // An image begins with its header, has data, and ends with `IEND`: anything else is damaged.
        match (&kind, seen) {
            (b"IHDR", PngProgress::Nothing) => seen = PngProgress::Header,
            (_, PngProgress::Nothing) => return None,
            (b"IDAT", _) => seen = PngProgress::Data,
            (b"IEND", PngProgress::Data) => {
                push(&mut out, *b"IEND", &[]);
                return Some(out);
            }
            (b"IEND" | b"IHDR", _) => return None,
            _ => {}
        }
        keep(&mut out, kind, data, whole)?;
    }
}

/// The part of the image that has been read.
#[derive(Clone, Copy)]
enum PngProgress {
    Nothing,
    Header,
    Data,
}

/// Writes a chunk, if it affects what is shown. `whole` is the chunk with length, name and checksum.
fn keep(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8], whole: &[u8]) -> Option<()> {
    let known = KEPT.iter().find(|(name, _)| **name == kind);
    match (&kind, known) {
        (b"iCCP", _) => profile(out, data, whole),
        (_, Some((_, most))) if data.len() <= *most => out.extend_from_slice(whole),
        (b"eXIf", _) => {
            if let Some(exif) = exif::reduced(data) {
                push(out, kind, &exif);
            }
        }
        // An unknown critical chunk, which decoders must understand: without it, the picture cannot be shown.
        _ if kind[0].is_ascii_uppercase() => return None,
        _ => {}
    }
    Some(())
}

/// Writes a colour profile under the neutral name `icc`.
fn profile(out: &mut Vec<u8>, data: &[u8], whole: &[u8]) {
    let Some(end) = data.iter().take(80).position(|byte| *byte == 0) else { return };
    match &data[..end] {
        b"icc" => out.extend_from_slice(whole),
        _ => push(out, *b"iCCP", &[b"icc", &data[end..]].concat()),
    }
}

fn push(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(data);
    out.extend_from_slice(&(data.len() as u32).to_be_bytes());
    out.extend_from_slice(&kind);
    out.extend_from_slice(data);
    out.extend_from_slice(&sum.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{self, TOKEN, holds};

    #[test]
    fn only_what_is_shown_stays() {
        let loud = fixtures::png_loud();
        assert!(holds(&loud, TOKEN));
        let cleaned = clean(&loud).unwrap();
        assert!(!holds(&cleaned, TOKEN) && !holds(&cleaned, "tIME"));
        assert_eq!(cleaned, fixtures::png_quiet());
        assert_eq!(clean(&cleaned), Some(cleaned));
    }

    #[test]
    fn a_turned_picture_stays_turned() {
        let turned = fixtures::png_with(&[(b"eXIf", &fixtures::exif(8))]);
        let cleaned = clean(&turned).unwrap();
        let at = cleaned.windows(4).position(|part| part == b"eXIf").unwrap();
        assert_eq!((cleaned[at + 4 + 19], holds(&cleaned, TOKEN)), (8, false));
        assert_eq!(clean(&cleaned), Some(cleaned));
    }

    #[test]
    fn what_is_cut_off_or_unknown_is_no_picture() {
        let whole = fixtures::png_quiet();
        for end in 0..whole.len() {
            assert_eq!(clean(&whole[..end]), None, "{end}");
        }
        assert_eq!(clean(&fixtures::png_with(&[(b"CgBI", b"")])), None);
        assert_eq!(clean(&fixtures::png_with(&[(b"IHDR", b"")])), None);
    }
}
