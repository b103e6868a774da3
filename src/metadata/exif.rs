//! The orientation of a picture, the only tag of EXIF that changes what is shown.
//!
//! Owns the reading of this tag from a TIFF header, and the writing of EXIF that contains nothing else. All other tags
//! (place, time, camera, owner, thumbnail) are never read.

use super::byte_reader::Cursor;

/// The number of the tag.
const ORIENTATION: usize = 0x0112;
/// The most tags of a directory that are read. Real directories have a few dozen.
const MOST: usize = 256;
/// EXIF with the orientation alone; `None` where none turns the picture. `tiff` begins with the byte order.
pub(super) fn reduced(tiff: &[u8]) -> Option<[u8; 26]> {
    let turned = orientation(tiff)? as u8;
    let mut out = *b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    out[19] = turned;
    Some(out)
}

/// The orientation, from 2 to 8. The value 1 means upright and needs no EXIF.
fn orientation(tiff: &[u8]) -> Option<usize> {
    let (_, turned) = tags(tiff)?.find(|(tag, _)| *tag == ORIENTATION)?;
    turned.filter(|turned| (2..=8).contains(turned))
}

/// The tags of the first directory, with their value where its type is a 16-bit number.
fn tags(tiff: &[u8]) -> Option<impl Iterator<Item = (usize, Option<usize>)>> {
    let mut header = Cursor(tiff);
    let little = match header.take(4)? {
        b"II\x2A\0" => true,
        b"MM\0\x2A" => false,
        _ => return None,
    };
    let short = move |cursor: &mut Cursor<'_>| if little { cursor.u16_le() } else { cursor.u16_be() };
    let at = if little { header.u32_le() } else { header.u32_be() }?;
    let mut directory = Cursor(tiff.get(at..)?);
    let entries = short(&mut directory)?;
    let next = move || {
        let mut entry = Cursor(directory.take(12)?);
        let (tag, kind) = (short(&mut entry)?, short(&mut entry)?);
        entry.take(4)?;
        Some((tag, short(&mut entry).filter(|_| kind == 3)))
    };
    Some(std::iter::from_fn(next).take(entries.min(MOST)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures;

    #[test]
    fn the_orientation_is_all_that_stays() {
        let little =
            b"II\x2A\0\x08\0\0\0\x02\0\x0F\x01\x02\0\x01\0\0\0A\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let kept = reduced(little).unwrap();
        assert_eq!((orientation(&kept), reduced(&kept)), (Some(6), Some(kept)));
        assert_eq!(reduced(&fixtures::exif(6)), Some(kept));
    }

    #[test]
    fn upright_pictures_and_damaged_headers_need_none() {
        assert_eq!(reduced(&fixtures::exif(1)), None);
        for damaged in [
            &b""[..],
            b"II",
            b"XX\0\x2A\0\0\0\x08",
            b"MM\0\x2A\xFF\xFF\xFF\xFF",
            b"MM\0\x2A\0\0\0\x08\xFF\xFF",
        ] {
            assert_eq!(reduced(damaged), None);
        }
    }
}
