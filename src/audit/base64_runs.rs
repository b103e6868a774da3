//! Runs of base64 in any text, decoded.
//!
//! Owns the bounds of such a run, and the choice of decoded bytes that are worth a scan.

use std::ops::Range;

use crate::base64::{self, is_digit};

use super::view::{DecodeStep, DecodedView, ViewDecoder};

/// The fewest base64 digits of a run.
const SHORTEST_RUN: usize = 16;
/// The fewest base64 digits of a line that continues on the next one.
const SHORTEST_LINE: usize = 60;
/// The fewest printable bytes in a row that make decoded bytes worth a scan.
const SHORTEST_WORD: usize = 8;

/// Decodes each run four times, from each of its first four digits on. Four digits hold three bytes, and digits may stand
/// directly before the base64 (`x-SGVsbG8=`), so it is unknown where the first group of four begins.
pub(super) fn decoded(view: &DecodedView<'_>) -> Option<DecodedView<'static>> {
    let mut maker = ViewDecoder::new(view);
    for run in runs(&view.bytes) {
        // The view that this one was decoded from has the same run, so the run was decoded there.
        if view.is_copied(&run) {
            continue;
        }
        for phase in 0..4 {
            let bytes = base64::decode_prefix(&view.bytes[run.start + phase..run.end]);
            if is_worth_a_look(&bytes) {
                maker.push_decoded(run.start, &bytes);
                // The zero byte keeps words of two runs apart.
                maker.bytes.extend_from_slice(b"\n\0\n");
            }
        }
    }
    maker.finish(DecodeStep::Base64)
}

/// The ranges of all runs. Consecutive long lines are one run.
fn runs(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| is_digit(**byte)).count();
        let run = at..at + length;
        at = run.end.max(at + 1);
        if length < SHORTEST_RUN {
            continue;
        }
        match runs.last_mut() {
            Some(last) if is_next_line(bytes, last, run.start) => last.end = run.end,
            _ => runs.push(run),
        }
    }
    runs
}

/// Whether the run that begins at `start` is the next line of the run `last`.
fn is_next_line(bytes: &[u8], last: &Range<usize>, start: usize) -> bool {
    matches!(&bytes[last.end..start], b"\n" | b"\r\n")
        && bytes[last.clone()].iter().rev().take_while(|byte| **byte != b'\n').count() >= SHORTEST_LINE
}

/// Whether bytes contain a word, or begin like gzip, zlib or a ZIP member.
fn is_worth_a_look(bytes: &[u8]) -> bool {
    let mut length = 0;
    for &byte in bytes {
        let begins = (0x20..0x7f).contains(&byte) || byte >= 0xc0;
        // Bytes of UTF-8 after the first one of a character.
        let goes_on = length > 0 && byte >= 0x80;
        length = if begins || goes_on { length + 1 } else { 0 };
        if length >= SHORTEST_WORD {
            return true;
        }
    }
    matches!(bytes, [0x1f, 0x8b, 8, ..] | [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] | [b'P', b'K', 3, 4, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_long_enough_to_mean_something() {
        let text = b"see deadbeef01 and QUJDREVGR0hJSktMTU5PUA== or abc";
        assert_eq!(runs(text).first(), Some(&(19..41)));
        assert_eq!(runs(text).len(), 1);
        assert_eq!(&text[19..41], b"QUJDREVGR0hJSktMTU5PUA");
    }

    #[test]
    fn lines_of_one_text_are_one_run() {
        let text = format!("{}\n{}\nno {}", "A".repeat(64), "B".repeat(20), "C".repeat(20));
        assert_eq!(runs(text.as_bytes()), [0..85, 89..109]);
    }

    #[test]
    fn a_run_is_decoded_in_each_phase() {
        for text in ["xSGVsbG8gd29ybGQsIGhlbGxv", "/a/SGVsbG8gd29ybGQsIGhlbGxv", "SGVsbG8gd29ybGQsIGhlbGxv"] {
            let file = DecodedView::file(text.as_bytes());
            let view = decoded(&file).unwrap();
            assert!(String::from_utf8_lossy(&view.bytes).contains("Hello world, hello"), "{text}");
        }
    }
}
