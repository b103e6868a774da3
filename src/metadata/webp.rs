//! WebP: a list of RIFF chunks.
//!
//! Owns the choice of chunks. Pictures, frames, transparency and colour profiles stay, and EXIF is reduced to the
//! orientation. XMP and unknown chunks are removed, also within frames, and the flags of the header are updated.

use super::exif;
use super::riff::{self, Chunks};
use crate::metadata::byte_reader::Cursor;

/// The flag of `VP8X` for EXIF.
const EXIF: u8 = 0x08;
/// The flags for animation, EXIF, transparency and colour profile: all except XMP.
const FLAGS: u8 = 0x02 | EXIF | 0x10 | 0x20;

/// The image without metadata. `None` where it is not a complete WebP image.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = riff::begin(b"WEBP", bytes.len());
    let (mut flags, mut turned, mut shown) = (None, None, false);
    for chunk in riff::chunks(bytes, b"WEBP")? {
        let (kind, data) = chunk?;
        match &kind {
            b"VP8X" if flags.is_none() && !shown => {
                flags = Some(out.len() + 8);
                riff::push(&mut out, kind, &[&[data.first()? & FLAGS, 0, 0, 0], data.get(4..10)?].concat());
            }
            b"VP8 " | b"VP8L" => {
                shown = true;
                riff::push(&mut out, kind, data);
            }
            b"ALPH" => riff::push(&mut out, kind, data),
            b"ICCP" if flags.is_some() => riff::push(&mut out, kind, data),
            b"ANIM" => riff::push(&mut out, kind, data.get(..6)?),
            b"ANMF" => {
                shown = true;
                riff::push(&mut out, kind, &frame(data)?);
            }
            b"EXIF" if turned.is_none() => {
                turned = exif::reduced(data.strip_prefix(b"Exif\0\0").unwrap_or(data))
            }
            _ => {}
        }
    }
    // EXIF comes last, and only a file with an extended header has a flag for it.
    if let Some(flags) = flags {
        out[flags] &= !EXIF;
        if let Some(exif) = turned {
            out[flags] |= EXIF;
            riff::push(&mut out, *b"EXIF", &exif);
        }
    }
    shown.then(|| riff::finish(out))
}

/// One frame of an animation, with only the chunks that show something.
fn frame(data: &[u8]) -> Option<Vec<u8>> {
    let (head, chunks) = data.split_at_checked(16)?;
    let mut out = head.to_vec();
    for chunk in Chunks(Cursor(chunks)) {
        let (kind, data) = chunk?;
        if matches!(&kind, b"ALPH" | b"VP8 " | b"VP8L") {
            riff::push(&mut out, kind, data);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{self, TOKEN, holds};

    #[test]
    fn only_what_is_shown_stays() {
        let loud = fixtures::webp_loud(1);
        assert!(holds(&loud, TOKEN));
        let cleaned = clean(&loud).unwrap();
        assert!(!holds(&cleaned, TOKEN));
        assert_eq!(cleaned, fixtures::webp_quiet());
        assert_eq!(clean(&cleaned), Some(cleaned));
    }

    #[test]
    fn a_turned_picture_stays_turned_and_its_header_says_so() {
        let cleaned = clean(&fixtures::webp_loud(3)).unwrap();
        assert!(holds(&cleaned, "EXIF") && !holds(&cleaned, TOKEN));
        assert_eq!((cleaned[20] & EXIF, cleaned[20] & 4, cleaned[cleaned.len() - 7]), (EXIF, 0, 3));
        assert_eq!(clean(&cleaned), Some(cleaned));
    }

    #[test]
    fn what_is_cut_off_is_no_picture() {
        let whole = fixtures::webp_quiet();
        for end in 0..whole.len() {
            assert_eq!(clean(&whole[..end]), None, "{end}");
        }
    }
}
