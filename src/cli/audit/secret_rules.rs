//! Files with rules for keys and tokens. ⚡
//!
//! Owns how they are read, and how it is told that something in them is not looked for.

#![expect(clippy::disallowed_methods, reason = "reads rule files")]

use std::fs;
use std::path::Path;

use crate::audit::FileFinds;
use crate::leaks::{self, Detectors};

/// A longer file is not read. Bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// The rules of all files, and what cannot be used of them.
pub(super) fn load(root: &Path, names: &[String]) -> (Vec<Detectors>, Vec<FileFinds>) {
    let (mut rules, mut unchecked) = (Vec::new(), Vec::new());
    for name in names {
        let mut tell = |what: &str| unchecked.push(FileFinds::unchecked(name, what));
        let text = match fs::read_to_string(root.join(name)) {
            Ok(text) if text.len() > LONGEST => {
                tell("a file of secret rules that is too long");
                continue;
            }
            Ok(text) => text,
            Err(error) => {
                tell(&format!("a file of secret rules that cannot be read: {error}"));
                continue;
            }
        };
        match leaks::read(&text) {
            Ok(loaded) => {
                if !loaded.problems.is_empty() {
                    tell(&format!("a file of secret rules, of which a part: {}", loaded.problems.join("; ")));
                }
                rules.push(loaded.detectors);
            }
            Err(error) => tell(&format!("a file of secret rules that is wrong: {error}")),
        }
    }
    (rules, unchecked)
}
