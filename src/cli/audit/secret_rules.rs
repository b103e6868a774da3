//! Loads files with rules for keys and tokens.
//!
//! Owns the loading, and the report of rules that cannot be used.

use std::path::Path;

use crate::audit::FileFinds;
use crate::leaks::{self, Detectors};

/// The most bytes of a file with rules. A longer one is reported and not used.
const LONGEST: usize = 4 * 1024 * 1024;

/// The rules of all files, and an entry of the report for each file that cannot be used in full. The audit goes on without
/// what it cannot use.
pub(super) fn load(root: &Path, names: &[String]) -> (Vec<Detectors>, Vec<FileFinds>) {
    let mut rules = Vec::new();
    let mut unchecked = Vec::new();
    for name in names {
        let mut tell = |what: &str| unchecked.push(FileFinds::unchecked(name, what));
        let text = match super::read_up_to(&root.join(name), LONGEST) {
            Ok(None) => {
                tell("a file of secret rules that is too long");
                continue;
            }
            Ok(Some(text)) => text,
            Err(error) => {
                tell(&format!("a file of secret rules that cannot be read: {error}"));
                continue;
            }
        };
        match leaks::read(&text) {
            Ok(loaded) => {
                if !loaded.problems.is_empty() {
                    tell(&format!(
                        "a file of secret rules that is used in part: {}",
                        loaded.problems.join("; ")
                    ));
                }
                rules.push(loaded.detectors);
            }
            Err(error) => tell(&format!("a file of secret rules that is wrong: {error}")),
        }
    }
    (rules, unchecked)
}
