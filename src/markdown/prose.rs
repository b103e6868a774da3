//! What prose should not say: marks of unfinished work, and addresses of the public internet.
//!
//! Owns [`find`], which reads the text of one block. The marks are in the lexicon. It knows no Markdown: `block_search`
//! collects the text.

use std::ops::Range;

use super::prose_words::{Word, words};
use super::public_addresses::public_addresses;
use crate::diagnostic::Diagnostic;
use crate::lexicon::Lexicon;
use crate::rules::{PROSE_ADDRESS, PROSE_UNFINISHED};
use crate::source::Span;

/// Which marks of unfinished work are problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WorkMarks {
    All,
    /// `TODO` begins an action item of a register, which somebody has to do.
    NoTasks,
    Nothing,
}

/// Something that prose should not say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ProseFind<'t> {
    pub range: Range<usize>,
    pub problem: ProseProblem<'t>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum ProseProblem<'t> {
    Unfinished(&'t str),
    PublicAddress(&'t str),
}

impl ProseFind<'_> {
    pub fn diagnostic(&self, span: Span) -> Diagnostic {
        match self.problem {
            ProseProblem::Unfinished(mark) => {
                let message = format!("`{mark}` says that this text is not finished");
                let help = "finish it, or open an issue and take the mark out; set `draft: true` until then";
                Diagnostic::new(&PROSE_UNFINISHED, span, message).help(help)
            }
            ProseProblem::PublicAddress(address) => {
                Diagnostic::new(&PROSE_ADDRESS, span, address_message(address)).help(ADDRESS_HELP)
            }
        }
    }
}

/// The length of the shortest mark of unfinished work in the lexicon, in bytes.
const SHORTEST_MARK: usize = 3;

/// The way out for a public address in prose and in code.
pub(super) const ADDRESS_HELP: &str = "write the name of the host, or an address of 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 or 2001:db8::/32";

pub(super) fn address_message(address: &str) -> String {
    format!("`{address}` is an address of the public internet, not one for documentation")
}

/// What the text of a block should not say, in order.
pub(super) fn find(text: &str, marks: WorkMarks) -> Vec<ProseFind<'_>> {
    let mut found = Vec::new();
    // Few blocks have what an address or a mark needs. The others are not split into words, which would be a quarter of
    // the time that a page takes.
    if may_have_address(text) {
        for range in public_addresses(text) {
            found.push(ProseFind { problem: ProseProblem::PublicAddress(&text[range.clone()]), range });
        }
    }
    if may_have_mark(text) {
        for word in words(text).filter(|word| is_mark(text, word, marks)) {
            let range = word.start..word.start + word.text.len();
            found.push(ProseFind { range, problem: ProseProblem::Unfinished(word.text) });
        }
    }
    found.sort_by_key(|found| found.range.start);
    found
}

/// Whether the text has a dot or colon between the digits of an address.
fn may_have_address(text: &str) -> bool {
    text.as_bytes().windows(3).any(|bytes| match bytes {
        [before, b'.', after] => before.is_ascii_digit() && after.is_ascii_digit(),
        [before, b':', after] => before.is_ascii_hexdigit() && (after.is_ascii_hexdigit() || *after == b':'),
        _ => false,
    })
}

/// Whether the text has as many capital letters in a row as the shortest mark.
fn may_have_mark(text: &str) -> bool {
    text.as_bytes().windows(SHORTEST_MARK).any(|bytes| bytes.iter().all(u8::is_ascii_uppercase))
}

/// Whether a word is a mark, in capital letters. A mark in quotation marks is spoken of, and one in a name such as `TODO list`
/// marks nothing.
fn is_mark(text: &str, word: &Word<'_>, marks: WorkMarks) -> bool {
    let is_capital = word.text.bytes().all(|byte| byte.is_ascii_uppercase());
    if marks == WorkMarks::Nothing || !is_capital {
        return false;
    }
    let lexicon = Lexicon::all();
    let is_task = || lexicon.markers.todo.iter().any(|task| task == word.text);
    let (before, after) = (&text[..word.start], &text[word.start + word.text.len()..]);
    let spelling = word.text.to_ascii_lowercase();
    let is_known = lexicon.prose.unfinished.contains(&spelling)
        || (lexicon.prose.unfinished_labels.contains(&spelling) && after.starts_with(':'));
    if !is_known || (marks == WorkMarks::NoTasks && is_task()) {
        return false;
    }
    let next = words(after).next().filter(|next| after[..next.start] == *" ");
    let is_name = next.is_some_and(|next| lexicon.orders.after_todo.contains(&next.text.to_lowercase()));
    let is_quoted = before.ends_with(['"', '\'', '“', '„', '‘', '‚', '«']);
    !is_name && !is_quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<&str> {
        find(text, WorkMarks::All).into_iter().map(|found| &text[found.range]).collect()
    }

    #[test]
    fn marks_of_unfinished_work_are_found_in_capitals() {
        assert_eq!(marks("TODO: write it. FIXME(ada), XXX: wrong and TBD."), ["TODO", "FIXME", "XXX", "TBD"]);
        assert_eq!(marks("Ort: TBD"), ["TBD"]);
    }

    #[test]
    fn no_mark_is_shorter_than_what_a_text_is_searched_for() {
        let prose = &Lexicon::all().prose;
        let marks = prose.unfinished.iter().chain(prose.unfinished_labels.iter());
        assert_eq!(marks.map(str::len).min(), Some(SHORTEST_MARK));
    }

    #[test]
    fn what_only_names_a_mark_is_left_alone() {
        for text in [
            "todo",
            "A TODO list",
            "TODOs",
            "TODO-12",
            "“TODO” is a mark",
            "MAXXX",
            "xxx: a",
            "customer XXX",
            "TODO_FILE",
        ] {
            assert!(marks(text).is_empty(), "{text}");
        }
        assert!(find("TODO: @ada asks", WorkMarks::NoTasks).is_empty());
        assert_eq!(find("TBD", WorkMarks::NoTasks).len(), 1);
        assert!(find("TODO TBD", WorkMarks::Nothing).is_empty());
    }
}
