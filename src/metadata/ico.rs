//! ICO: a list of small pictures, each a PNG or a bitmap.
//!
//! Owns the list, which is written anew, so that there are no bytes between the pictures or after them.

use super::byte_reader::Cursor;
use super::png;

/// The icon without metadata. `None` where it is not a complete icon.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Cursor(bytes.strip_prefix(&[0, 0, 1, 0])?);
    let count = rest.u16_le().filter(|count| *count > 0)?;
    let mut list = vec![0, 0, 1, 0];
    list.extend_from_slice(&(count as u16).to_le_bytes());
    let (mut pictures, mut budget) = (Vec::new(), bytes.len());
    for _ in 0..count {
        let shape = rest.take(8)?;
        let (length, offset) = (rest.u32_le()?, rest.u32_le()?);
        // Pictures that overlap would make a large file of a small one.
        budget = budget.checked_sub(length)?;
        let picture = cleaned(bytes.get(offset..offset.checked_add(length)?)?)?;
        list.extend_from_slice(shape);
        list.extend_from_slice(&(picture.len() as u32).to_le_bytes());
        list.extend_from_slice(&((6 + 16 * count + pictures.len()) as u32).to_le_bytes());
        pictures.extend_from_slice(&picture);
    }
    list.extend_from_slice(&pictures);
    Some(list)
}

fn cleaned(picture: &[u8]) -> Option<Vec<u8>> {
    match picture {
        [0x89, b'P', b'N', b'G', ..] => png::clean(picture),
        [40, 0, 0, 0, ..] => Some(picture.to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{self, TOKEN, holds};

    #[test]
    fn the_pictures_are_cleaned_and_nothing_else_stays() {
        let loud = fixtures::ico_loud();
        assert!(holds(&loud, TOKEN));
        let cleaned = clean(&loud).unwrap();
        assert!(!holds(&cleaned, TOKEN));
        assert_eq!(cleaned[22..], [fixtures::png_quiet().as_slice()].concat());
        assert_eq!(clean(&cleaned), Some(cleaned));
    }
}
