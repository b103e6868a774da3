//! MP3: frames of sound, with tags before and behind them.
//!
//! Owns the tags that are taken off: ID3 of both versions and APE. Between them nothing is touched.

use super::cursor::Cursor;

/// `None` where no frame of sound is left.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut sound = bytes;
    while let Some(rest) = without_front(sound) {
        sound = rest;
    }
    while let Some(rest) = without_back(sound) {
        sound = rest;
    }
    match sound {
        [0xFF, second, ..] if second & 0xE0 == 0xE0 => Some(sound.to_vec()),
        _ => None,
    }
}

fn without_front(sound: &[u8]) -> Option<&[u8]> {
    if let [0, rest @ ..] = sound {
        return Some(rest);
    }
    let mut rest = Cursor(sound.strip_prefix(b"ID3")?);
    let flags = rest.take(3)?[2];
    let length = rest.array::<4>()?.iter().fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7F));
    let footer = if flags & 0x10 == 0 { 0 } else { 10 };
    rest.take(length + footer)?;
    Some(rest.0)
}

fn without_back(sound: &[u8]) -> Option<&[u8]> {
    if let Some(at) = sound.len().checked_sub(128).filter(|at| sound[*at..].starts_with(b"TAG")) {
        return Some(&sound[..at]);
    }
    let at = sound.len().checked_sub(32)?;
    let mut footer = Cursor(sound[at..].strip_prefix(b"APETAGEX")?);
    footer.take(4)?;
    let length = footer.u32_le()?;
    footer.take(4)?;
    let header = if footer.u32_le()? >> 31 == 1 { 32 } else { 0 };
    sound.get(..sound.len().checked_sub(length.max(32) + header)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{self, TOKEN, holds};

    #[test]
    fn tags_on_both_sides_are_taken_off() {
        let loud = fixtures::mp3_loud();
        assert!(holds(&loud, TOKEN));
        let cleaned = clean(&loud).unwrap();
        assert_eq!(cleaned, fixtures::mp3_quiet());
        assert_eq!(clean(b"ID3\x04\0\0\0\0\0\x7Fcut off"), None);
    }
}
