//! WAV: which chunks of the list are heard.
//!
//! Format, samples and their number stay; titles, artists, recorders and their places go.

use super::riff;

/// `None` where it is no whole WAV file.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = riff::begin(b"WAVE", bytes.len());
    let mut samples = false;
    for chunk in riff::chunks(bytes, b"WAVE")? {
        let (kind, data) = chunk?;
        if matches!(&kind, b"fmt " | b"fact" | b"data") {
            samples |= kind == *b"data";
            riff::push(&mut out, kind, data);
        }
    }
    samples.then(|| riff::finish(out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{self, TOKEN, holds};

    #[test]
    fn only_what_is_heard_stays() {
        let loud = fixtures::wav_loud();
        assert!(holds(&loud, TOKEN));
        let cleaned = clean(&loud).unwrap();
        assert!(!holds(&cleaned, TOKEN) && holds(&cleaned, "samples"));
        assert_eq!(clean(&cleaned), Some(cleaned));
        assert_eq!(clean(&loud[..20]), None);
    }
}
