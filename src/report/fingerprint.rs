//! Names problems so that two reports of one handbook can be compared.
//!
//! Owns the form of a fingerprint. It stays the same when lines above the problem are added or removed.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::memo::Digest;

use super::places::SpanPositions;

/// The fingerprints of one report. Each is given once: equal problems in one file are numbered.
#[derive(Default)]
pub(super) struct Fingerprints {
    given: BTreeMap<Digest, u64>,
}

impl Fingerprints {
    /// The fingerprint of the next problem, as hexadecimal digits. Problems must come in their order.
    pub fn next(&mut self, diagnostic: &Diagnostic, places: &mut SpanPositions<'_, '_>) -> String {
        // Numbers in a message are often lines, or days that pass.
        let message: String = diagnostic.message.chars().filter(|c| !c.is_ascii_digit()).collect();
        // A report is often public, and the text of a secret can be guessed from its digest.
        let marked = if diagnostic.rule.conceals { "" } else { places.marked(&diagnostic.span) };
        let parts = [diagnostic.rule.name, diagnostic.span.file.as_str(), &message, marked];
        let problem = Digest::from_parts(&parts.map(str::as_bytes));
        let number = self.given.entry(problem).or_insert(0);
        *number += 1;
        match *number {
            1 => problem.hex(),
            number => Digest::from_parts(&[problem.bytes(), &number.to_le_bytes()]).hex(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;
    use crate::rules::{LEAK_PASSWORD, LINK_MISSING, Rule};
    use crate::source::{Source, Span};

    /// The fingerprints of problems at each occurrence of `word`.
    fn fingerprints(text: &str, word: &str, rule: &'static Rule) -> Vec<String> {
        let file = FilePath::new("content/a.md").unwrap();
        let source = Source::new(file.clone(), text);
        let lookup = |path: &FilePath| (*path == file).then_some(&source);
        let (mut places, mut fingerprints) = (SpanPositions::new(&lookup), Fingerprints::default());
        let found = text.match_indices(word).map(|(start, _)| start..start + word.len());
        let problems = found.map(|range| Diagnostic::new(rule, Span::new(&file, range), "due 3 days ago"));
        problems.map(|problem| fingerprints.next(&problem, &mut places)).collect()
    }

    #[test]
    fn a_fingerprint_does_not_change_with_the_line_and_is_given_once() {
        let before = fingerprints("a\nb\nb\n", "b", &LINK_MISSING);
        assert_eq!(before[0].len(), 32);
        assert_ne!(before[0], before[1]);
        assert_eq!(fingerprints("new\n\n\na\nb\nmore b\n", "b", &LINK_MISSING), before);
        assert_ne!(fingerprints("a\nc\n", "c", &LINK_MISSING)[0], before[0]);
    }

    #[test]
    fn the_text_of_a_secret_is_not_part_of_it() {
        assert_eq!(fingerprints("one", "one", &LEAK_PASSWORD), fingerprints("two", "two", &LEAK_PASSWORD));
    }
}
