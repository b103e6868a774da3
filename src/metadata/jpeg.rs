//! JPEG: a list of segments, then the picture, then the end.
//!
//! Owns the choice of segments. Tables, frames, scans, the JFIF header without its thumbnail, colour profiles and
//! Adobe's colour transform stay, and EXIF is reduced to the orientation. All other segments are removed, including
//! comments, and all bytes after the end: further pictures, films, depth maps.

use super::byte_reader::Cursor;
use super::exif;

/// The marker EOI, the end of the image.
const END: u8 = 0xD9;
/// The marker SOS, the start of a scan.
const SCAN: u8 = 0xDA;

/// The image without metadata. `None` where it is not a complete JPEG image.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Cursor(bytes.strip_prefix(&[0xFF, 0xD8])?);
    let mut picture = Picture { out: Vec::with_capacity(bytes.len()), jfif: false, turned: false, scans: 0 };
    picture.out.extend_from_slice(&[0xFF, 0xD8]);
    loop {
        match marker(&mut rest)? {
            END => {
                picture.out.extend_from_slice(&[0xFF, END]);
                return (picture.scans > 0).then_some(picture.out);
            }
            // A second start of an image means damage. The markers of the next arm have no segment, and are left out.
            0xD8 => return None,
            0x01 | 0xD0..=0xD7 => {}
            marker => {
                let length = rest.u16_be()?.checked_sub(2)?;
                picture.segment(marker, rest.take(length)?);
                if marker == SCAN {
                    picture.out.extend_from_slice(entropy(&mut rest)?);
                }
            }
        }
    }
}

/// The output, and the segments that it has already.
struct Picture {
    out: Vec<u8>,
    jfif: bool,
    turned: bool,
    scans: usize,
}

impl Picture {
    /// Writes a segment, if it affects what is shown.
    fn segment(&mut self, marker: u8, body: &[u8]) {
        match marker {
            // The last two bytes are the size of the thumbnail.
            0xE0 if body.starts_with(b"JFIF\0") && body.len() >= 14 && !self.jfif => {
                self.jfif = true;
                self.push(marker, &[&body[..12], &[0, 0]]);
            }
            0xE1 if body.starts_with(b"Exif\0\0") && !self.turned => {
                if let Some(exif) = exif::reduced(&body[6..]) {
                    self.turned = true;
                    self.push(marker, &[b"Exif\0\0", &exif]);
                }
            }
            0xE2 if body.starts_with(b"ICC_PROFILE\0") => self.push(marker, &[body]),
            0xEE if body.starts_with(b"Adobe") && body.len() >= 12 => self.push(marker, &[&body[..12]]),
            SCAN => {
                self.scans += 1;
                self.push(marker, &[body]);
            }
            // Frames and tables.
            0xC0..=0xC7 | 0xC9..=0xCF | 0xDB..=0xDF => self.push(marker, &[body]),
            _ => {}
        }
    }

    fn push(&mut self, marker: u8, parts: &[&[u8]]) {
        let length: usize = 2 + parts.iter().map(|part| part.len()).sum::<usize>();
        self.out.extend_from_slice(&[0xFF, marker]);
        self.out.extend_from_slice(&(length as u16).to_be_bytes());
        parts.iter().for_each(|part| self.out.extend_from_slice(part));
    }
}

/// The next marker. Bytes before it belong to no segment and are skipped.
fn marker(rest: &mut Cursor<'_>) -> Option<u8> {
    loop {
        let at = rest.0.iter().position(|byte| *byte == 0xFF)?;
        let filled = rest.0[at..].iter().position(|byte| *byte != 0xFF)?;
        rest.take(at + filled)?;
        match rest.byte()? {
            0 => {}
            marker => return Some(marker),
        }
    }
}

/// The data of a scan up to the next marker, which is left unread.
fn entropy<'a>(rest: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let mut end = 0;
    loop {
        end += rest.0[end..].iter().position(|byte| *byte == 0xFF)?;
        let filled = rest.0[end..].iter().position(|byte| *byte != 0xFF)?;
        // A zero means that the 0xFF is data, and restart markers belong to the scan.
        match rest.0[end + filled] {
            0 | 0xD0..=0xD7 => end += filled + 1,
            _ => return rest.take(end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{self, TOKEN, holds};

    #[test]
    fn only_what_is_shown_stays() {
        let loud = fixtures::jpeg_loud(1);
        assert!(holds(&loud, TOKEN));
        let cleaned = clean(&loud).unwrap();
        assert!(!holds(&cleaned, TOKEN) && !holds(&cleaned, "Exif"));
        assert_eq!(cleaned, fixtures::jpeg_quiet());
        assert_eq!(clean(&cleaned), Some(cleaned));
    }

    #[test]
    fn a_turned_picture_stays_turned() {
        let cleaned = clean(&fixtures::jpeg_loud(6)).unwrap();
        let at = cleaned.windows(6).position(|part| part == b"Exif\0\0").unwrap();
        assert_eq!((cleaned[at + 6 + 19], holds(&cleaned, TOKEN)), (6, false));
        assert_eq!(cleaned.len(), fixtures::jpeg_quiet().len() + 36);
        assert_eq!(clean(&cleaned), Some(cleaned));
    }

    #[test]
    fn what_is_cut_off_is_no_picture() {
        let whole = fixtures::jpeg_quiet();
        for end in 0..whole.len() {
            assert_eq!(clean(&whole[..end]), None, "{end}");
        }
    }

    #[test]
    fn fill_bytes_before_a_marker_do_not_hide_it() {
        let filled = b"\xFF\xD8\xFF\xFF\xDA\0\x02ab\xFF\0c\xFF\xFF\xD0d\xFF\xFF\xFE\0\x06note\xFF\xD9";
        assert_eq!(clean(filled).unwrap(), b"\xFF\xD8\xFF\xDA\0\x02ab\xFF\0c\xFF\xFF\xD0d\xFF\xD9");
    }
}
