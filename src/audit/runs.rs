//! Runs of signs that may stand for other bytes.
//!
//! Owns where base64 and hexadecimal digits stand in a text: one pass finds both.

use std::ops::Range;

use crate::leaks::base64;

/// A shorter run stands for nothing.
pub(super) const LEAST: usize = 16;
/// Digits of a digest that is cut short.
const SHORT_DIGEST: usize = 8;
/// Lines of base64 that goes on are at least so long.
const LINE: usize = 60;

/// Where they stand.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Of sixteen signs or more; lines of one text are one run.
    pub base64: Vec<Range<usize>>,
    /// Of eight digits or more.
    pub hex: Vec<Range<usize>>,
}

impl Runs {
    pub fn of(bytes: &[u8]) -> Runs {
        let mut runs = Runs::default();
        let mut at = 0;
        while at < bytes.len() {
            if !base64::is_sign(bytes[at]) {
                at += 1;
                continue;
            }
            let end = end(bytes, at);
            if end - at >= SHORT_DIGEST {
                runs.add_hex(bytes, at..end);
            }
            if end - at >= LEAST {
                runs.add(bytes, at..end);
            }
            at = end;
        }
        runs
    }

    /// Adds a run, or makes the last one longer that stands in the line before.
    fn add(&mut self, bytes: &[u8], run: Range<usize>) {
        if let Some(last) = self.base64.last_mut() {
            let line_end = matches!(&bytes[last.end..run.start], b"\n" | b"\r\n");
            let line = bytes[last.clone()].iter().rev().take_while(|byte| **byte != b'\n').count();
            if line_end && line >= LINE {
                last.end = run.end;
                return;
            }
        }
        self.base64.push(run);
    }

    fn add_hex(&mut self, bytes: &[u8], run: Range<usize>) {
        let mut at = run.start;
        while at < run.end {
            let length = bytes[at..run.end].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            if length >= SHORT_DIGEST {
                self.hex.push(at..at + length);
            }
            at += length + 1;
        }
    }
}

fn end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| !base64::is_sign(*byte)).map_or(bytes.len(), |length| at + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_both_sorts_are_found() {
        let text = b"see deadbeef01 and QUJDREVGR0hJSktMTU5PUA== or abc";
        let runs = Runs::of(text);
        let texts =
            |runs: &[Range<usize>]| -> Vec<&[u8]> { runs.iter().map(|run| &text[run.clone()]).collect() };
        assert_eq!(texts(&runs.hex), [b"deadbeef01"]);
        assert_eq!(texts(&runs.base64), [b"QUJDREVGR0hJSktMTU5PUA"]);
    }

    #[test]
    fn lines_of_one_text_are_one_run() {
        let text = format!("{}\n{}\nno {}", "A".repeat(64), "B".repeat(20), "C".repeat(20));
        assert_eq!(Runs::of(text.as_bytes()).base64, [0..85, 89..109]);
    }
}
