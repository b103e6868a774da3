//! GIF: a header, then extensions and images, then the end.
//!
//! Owns the choice of extensions. The timing of images and the number of repeats of an animation stay. Comments, texts,
//! extensions of applications such as XMP, and bytes after the end are removed.

use super::byte_reader::Cursor;

/// The image without metadata. `None` where it is not a complete GIF image.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Cursor(bytes);
    let mut out = Vec::with_capacity(bytes.len());
    let header = rest.take(13).filter(|header| matches!(&header[..6], b"GIF87a" | b"GIF89a"))?;
    out.extend_from_slice(header);
    out.extend_from_slice(colours(&mut rest, header[10])?);
    let (mut timing, mut images): (Option<&[u8]>, usize) = (None, 0);
    loop {
        let before = rest.0;
        // A file that ends between two blocks lacks only its last byte.
        match rest.byte().unwrap_or(0x3B) {
            0x3B => {
                out.push(0x3B);
                return (images > 0).then_some(out);
            }
            0x21 => match rest.byte()? {
                0xF9 => timing = Some(timed(&mut rest, before)?),
                0xFF => repeats(&mut rest, &mut out)?,
                // A plain text is an image of its own, so the timing before it goes with it.
                0x01 => {
                    skip_blocks(&mut rest)?;
                    timing = None;
                }
                _ => skip_blocks(&mut rest)?,
            },
            0x2C => {
                out.extend_from_slice(timing.take().unwrap_or_default());
                out.extend_from_slice(image(&mut rest, before)?);
                images += 1;
            }
            0 => {}
            _ => return None,
        }
    }
}

/// The colour table; empty where the flags announce none.
fn colours<'a>(rest: &mut Cursor<'a>, flags: u8) -> Option<&'a [u8]> {
    rest.take(if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) })
}

fn skip_blocks(rest: &mut Cursor<'_>) -> Option<()> {
    while let length @ 1.. = rest.byte()? {
        rest.take(usize::from(length))?;
    }
    Some(())
}

/// The graphic control extension that begins at `before`. It belongs to the next image.
fn timed<'a>(rest: &mut Cursor<'a>, before: &'a [u8]) -> Option<&'a [u8]> {
    (rest.byte()? == 4).then_some(())?;
    rest.take(4)?;
    (rest.byte()? == 0).then_some(())?;
    Some(&before[..8])
}

/// Reads an application extension, and writes it if it is the number of repeats of an animation.
fn repeats(rest: &mut Cursor<'_>, out: &mut Vec<u8>) -> Option<()> {
    let length = usize::from(rest.byte()?);
    let name = rest.take(length)?;
    let count = rest.0;
    skip_blocks(rest)?;
    if matches!(name, b"NETSCAPE2.0" | b"ANIMEXTS1.0") && count.starts_with(&[3, 1]) {
        out.extend_from_slice(&[0x21, 0xFF, 11]);
        out.extend_from_slice(name);
        out.extend_from_slice(&count[..4]);
        out.push(0);
    }
    Some(())
}

fn image<'a>(rest: &mut Cursor<'a>, before: &'a [u8]) -> Option<&'a [u8]> {
    let flags = rest.take(9)?[8];
    colours(rest, flags)?;
    rest.byte()?;
    skip_blocks(rest)?;
    Some(&before[..before.len() - rest.0.len()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{self, TOKEN, holds};

    #[test]
    fn only_what_is_shown_stays() {
        let loud = fixtures::gif_loud();
        assert!(holds(&loud, TOKEN));
        let cleaned = clean(&loud).unwrap();
        assert!(!holds(&cleaned, TOKEN));
        assert_eq!(cleaned, fixtures::gif_quiet());
        assert_eq!(clean(&cleaned), Some(cleaned));
    }

    #[test]
    fn what_is_cut_off_within_a_block_is_no_picture() {
        let whole = fixtures::gif_quiet();
        for end in 0..whole.len() - 1 {
            assert!(clean(&whole[..end]).is_none_or(|cleaned| cleaned.len() <= end + 1), "{end}");
        }
        assert_eq!(clean(&whole[..whole.len() - 1]), Some(whole));
    }
}
