//! Ogg (Vorbis, Opus, Theora): the list of comments that each stream begins with.
//!
//! They are found but not taken out: every page of the file carries a checksum and the lengths of what is on it.

use super::cursor::{Cursor, find};

/// What the comments begin with.
const COMMENTS: &[&[u8]] = &[b"\x03vorbis", b"OpusTags", b"\x81theora"];
/// Comments that programs write about themselves.
const HARMLESS: &[&str] = &["encoder", "vendor", "encoder_options"];

/// What the file says beside the sound. `None` where it is no Ogg file.
pub(super) fn find_comments(bytes: &[u8]) -> Option<Vec<&'static str>> {
    bytes.starts_with(b"OggS").then_some(())?;
    let any = COMMENTS.iter().any(|start| {
        let mut rest = bytes;
        while let Some(at) = find(rest, start) {
            rest = &rest[at + start.len()..];
            if say_something(rest) {
                return true;
            }
        }
        false
    });
    Some(if any { vec!["comments, such as the artist or the place"] } else { Vec::new() })
}

/// Whether there is a comment that is not harmless, or one that cannot be read.
fn say_something(list: &[u8]) -> bool {
    let mut rest = Cursor(list);
    let vendor = rest.u32_le().and_then(|length| rest.take(length));
    let Some(count) = vendor.and_then(|_| rest.u32_le()) else { return false };
    // Each says something, or the search ends; at most as many as there are harmless names are looked at.
    for _ in 0..count.min(HARMLESS.len()) {
        let comment = rest.u32_le().and_then(|length| rest.take(length));
        let name = comment.and_then(|comment| comment.split(|byte| *byte == b'=').next());
        let harmless = |name: &[u8]| HARMLESS.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        if !name.is_some_and(harmless) {
            return true;
        }
    }
    count > HARMLESS.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures;

    #[test]
    fn comments_are_found_and_the_encoder_is_none() {
        assert_eq!(find_comments(&fixtures::ogg(&["ENCODER=Lavc61"])), Some(vec![]));
        assert_eq!(find_comments(&fixtures::ogg(&[])), Some(vec![]));
        assert_eq!(find_comments(&fixtures::ogg(&["ENCODER=x", "ARTIST=Jane"])).unwrap().len(), 1);
        assert_eq!(find_comments(b"RIFF"), None);
    }
}
