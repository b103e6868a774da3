//! Which words of a text changed.
//!
//! Owns the comparison of lines, then of the words of lines that changed. Unchanged lines are not part of the result.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A piece of a changed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Same(String),
    Deleted(String),
    Inserted(String),
}

/// A line of the text with a change.
pub(super) type ChangedLine = Vec<Piece>;

/// The most words of changed lines that are compared one by one. The time grows with the square.
const MOST_WORDS: usize = 2_000;

/// The words around a change that are shown.
const CONTEXT: usize = 8;

/// The changed lines of a text, in order.
pub(super) fn changed_lines(old: &[String], new: &[String]) -> Vec<ChangedLine> {
    let mut changed = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, old, new) {
        match op {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete { old_index, old_len, .. } => {
                let lines = &old[old_index..old_index + old_len];
                changed.extend(lines.iter().map(|line| vec![Piece::Deleted(line.clone())]));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                let lines = &new[new_index..new_index + new_len];
                changed.extend(lines.iter().map(|line| vec![Piece::Inserted(line.clone())]));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                replaced(
                    &old[old_index..old_index + old_len],
                    &new[new_index..new_index + new_len],
                    &mut changed,
                );
            }
        }
    }
    changed
}

/// Lines in place of others: the first with the first, and so on.
fn replaced(old: &[String], new: &[String], changed: &mut Vec<ChangedLine>) {
    let pairs = old.len().min(new.len());
    for (old, new) in old.iter().zip(new) {
        changed.push(changed_words(old, new));
    }
    changed.extend(old[pairs..].iter().map(|line| vec![Piece::Deleted(line.clone())]));
    changed.extend(new[pairs..].iter().map(|line| vec![Piece::Inserted(line.clone())]));
}

fn changed_words(old: &str, new: &str) -> ChangedLine {
    let (old_words, new_words): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
    let whole = || vec![Piece::Deleted(old.to_owned()), Piece::Inserted(new.to_owned())];
    if old_words.len() + new_words.len() > MOST_WORDS {
        return whole();
    }
    let ops = capture_diff_slices(Algorithm::Myers, &old_words, &new_words);
    let same: usize =
        ops.iter().map(|op| if matches!(op, DiffOp::Equal { .. }) { op.old_range().len() } else { 0 }).sum();
    // Two sentences with few words in common are two sentences.
    if same * 4 < old_words.len().min(new_words.len()) {
        return whole();
    }
    let mut line = Vec::new();
    let last = ops.len().saturating_sub(1);
    for (number, op) in ops.iter().enumerate() {
        let (deleted, inserted) = (&old_words[op.old_range()], &new_words[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            let begin = if number == 0 { 0 } else { CONTEXT };
            let end = if number == last { 0 } else { CONTEXT };
            line.push(Piece::Same(shortened(deleted, begin, end)));
            continue;
        }
        if !deleted.is_empty() {
            line.push(Piece::Deleted(deleted.join(" ")));
        }
        if !inserted.is_empty() {
            line.push(Piece::Inserted(inserted.join(" ")));
        }
    }
    line
}

/// The first and the last of unchanged words, or all of them where that is hardly more.
fn shortened(words: &[&str], begin: usize, end: usize) -> String {
    if words.len() <= begin + end + 1 {
        return words.join(" ");
    }
    let mut shown: Vec<&str> = words[..begin].to_vec();
    shown.push("…");
    shown.extend(&words[words.len() - end..]);
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    fn marked(old: &str, new: &str) -> Vec<String> {
        let piece = |piece: &Piece| match piece {
            Piece::Same(text) => text.clone(),
            Piece::Deleted(text) => format!("[-{text}-]"),
            Piece::Inserted(text) => format!("{{+{text}+}}"),
        };
        let line = |line: &ChangedLine| line.iter().map(piece).collect::<Vec<_>>().join(" ");
        changed_lines(&lines(old), &lines(new)).iter().map(line).collect()
    }

    #[test]
    fn single_words_change_in_their_lines() {
        assert_eq!(
            marked("Title\nCall the shift at 5 now.\nEnd", "Title\nCall the desk at 6 now.\nEnd"),
            ["Call the [-shift-] {+desk+} at [-5-] {+6+} now."]
        );
        assert_eq!(marked("a\nb", "a\nc\nb"), ["{+c+}"]);
        assert_eq!(marked("a\nb", "b"), ["[-a-]"]);
        assert_eq!(marked("one two three", "four five six"), ["[-one two three-] {+four five six+}"]);
        assert!(marked("same\nlines", "same\nlines").is_empty());
    }

    #[test]
    fn long_sentences_are_shown_around_their_changes() {
        let long: Vec<String> = (0..50).map(|n| n.to_string()).collect();
        let old = long.join(" ");
        assert_eq!(
            marked(&old, &old.replace(" 25 ", " X ")),
            ["… 17 18 19 20 21 22 23 24 [-25-] {+X+} 26 27 28 29 30 31 32 33 …"]
        );
    }
}
