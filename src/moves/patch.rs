//! A move as a patch, in the form of Git.
//!
//! Owns the lines of the diff. It is made from the edits themselves, so it shows exactly what is written; `git apply`
//! accepts it for files that end their lines with `\n`.

use std::ops::Range;

use crate::input::text_edits::{TextEdit, apply};
use crate::path::FilePath;

/// Lines around a change that are shown, too.
const CONTEXT: usize = 3;

/// A file that gets another path or another text.
#[derive(Debug, Clone, Copy)]
pub struct FileChange<'a> {
    /// `None` for a new file, whose text is empty.
    pub before: Option<&'a FilePath>,
    pub after: &'a FilePath,
    pub text: &'a str,
    pub edits: &'a [TextEdit],
}

/// The patch of one file.
pub fn patch(change: &FileChange<'_>) -> String {
    let FileChange { before, after, text, edits } = change;
    let old = before.unwrap_or(after);
    let mut patch = format!("diff --git a/{old} b/{after}\n");
    if before.is_none() {
        patch.push_str("new file mode 100644\n");
    } else if old != *after {
        patch.push_str(&format!("rename from {old}\nrename to {after}\n"));
    }
    if edits.is_empty() {
        return patch;
    }
    match before {
        Some(before) => patch.push_str(&format!("--- a/{before}\n+++ b/{after}\n")),
        None => patch.push_str(&format!("--- /dev/null\n+++ b/{after}\n")),
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut shift = 0_isize;
    for hunk in hunks(text, &lines, edits) {
        patch.push_str(&hunk.text(&lines, &mut shift));
    }
    patch
}

/// Old lines, and the lines that replace them.
struct LineChange {
    old: Range<usize>,
    new: Vec<String>,
}

/// Changes that are shown together.
struct Hunk {
    changes: Vec<LineChange>,
}

fn hunks(text: &str, lines: &[&str], edits: &[TextEdit]) -> Vec<Hunk> {
    let mut starts = Vec::with_capacity(lines.len());
    let mut at = 0;
    for line in lines {
        starts.push(at);
        at += line.len();
    }
    let line_of = |offset: usize| starts.partition_point(|start| *start <= offset).saturating_sub(1);
    let start_of = |line: usize| starts.get(line).copied().unwrap_or(text.len());
    let mut groups: Vec<(Range<usize>, Vec<TextEdit>)> = Vec::new();
    for edit in edits {
        let is_behind_all = edit.range.start == text.len() && text.ends_with('\n');
        let first = if is_behind_all { lines.len() } else { line_of(edit.range.start) };
        // An edit of whole lines ends before the next line.
        let is_whole =
            edit.range.end > edit.range.start && edit.range.end == start_of(line_of(edit.range.end));
        let inserts_lines = edit.range.is_empty()
            && edit.range.start == start_of(first)
            && (edit.text.is_empty() || edit.text.ends_with('\n'));
        let end = match () {
            () if lines.is_empty() || inserts_lines => first,
            () if is_whole && edit.range.end < text.len() => line_of(edit.range.end),
            () => line_of(edit.range.end.min(text.len().saturating_sub(1))) + 1,
        };
        match groups.last_mut() {
            Some((range, together)) if first < range.end => {
                range.end = range.end.max(end);
                together.push(edit.clone());
            }
            _ => groups.push((first..end, vec![edit.clone()])),
        }
    }
    let mut hunks: Vec<Hunk> = Vec::new();
    for (old, together) in groups {
        let base = start_of(old.start);
        let local: Vec<TextEdit> = together
            .into_iter()
            .map(|edit| TextEdit { range: edit.range.start - base..edit.range.end - base, text: edit.text })
            .collect();
        let new = apply(&text[base..start_of(old.end)], &local);
        let change = LineChange { old, new: new.split_inclusive('\n').map(str::to_owned).collect() };
        match hunks.last_mut() {
            Some(hunk)
                if hunk.changes.last().is_some_and(|last| change.old.start <= last.old.end + 2 * CONTEXT) =>
            {
                hunk.changes.push(change);
            }
            _ => hunks.push(Hunk { changes: vec![change] }),
        }
    }
    hunks
}

impl Hunk {
    /// The lines of the hunk. `shift` is the number of lines that were added before it.
    fn text(&self, lines: &[&str], shift: &mut isize) -> String {
        let (first, last) = (&self.changes[0], &self.changes[self.changes.len() - 1]);
        let from = first.old.start.saturating_sub(CONTEXT);
        let to = (last.old.end + CONTEXT).min(lines.len());
        let mut body = String::new();
        let (mut at, mut added) = (from, 0);
        for change in &self.changes {
            lines[at..change.old.start].iter().for_each(|line| push(&mut body, ' ', line));
            lines[change.old.clone()].iter().for_each(|line| push(&mut body, '-', line));
            change.new.iter().for_each(|line| push(&mut body, '+', line));
            added += change.new.len() as isize - change.old.len() as isize;
            at = change.old.end;
        }
        lines[at..to].iter().for_each(|line| push(&mut body, ' ', line));
        let (old, new) = (to - from, (to - from).saturating_add_signed(added));
        // Without lines, the number is that of the line before.
        let number = |count: usize, start: usize| if count == 0 { start } else { start + 1 };
        let start = from.saturating_add_signed(*shift);
        *shift += added;
        format!("@@ -{},{old} +{},{new} @@\n{body}", number(old, from), number(new, start))
    }
}

fn push(body: &mut String, mark: char, line: &str) {
    body.push(mark);
    body.push_str(line);
    if !line.ends_with('\n') {
        body.push_str("\n\\ No newline at end of file\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_shows_the_lines_of_each_edit() {
        let text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12";
        let edits = [
            TextEdit { range: 0..0, text: "0\n".to_owned() },
            TextEdit { range: 2..3, text: "two".to_owned() },
            TextEdit { range: 24..26, text: "twelve".to_owned() },
        ];
        let (before, after) = (FilePath::new("a").unwrap(), FilePath::new("b").unwrap());
        let patch = patch(&FileChange { before: Some(&before), after: &after, text, edits: &edits });
        let wanted = "diff --git a/a b/b\nrename from a\nrename to b\n--- a/a\n+++ b/b\n\
            @@ -1,5 +1,6 @@\n+0\n 1\n-2\n+two\n 3\n 4\n 5\n\
            @@ -9,4 +10,4 @@\n 9\n 10\n 11\n-12\n\\ No newline at end of file\n+twelve\n\\ No newline at end of file\n";
        assert_eq!(patch, wanted);
    }

    #[test]
    fn lines_are_added_behind_the_last_one() {
        let file = FilePath::new("a").unwrap();
        let edits = [TextEdit { range: 4..4, text: "3\n".to_owned() }];
        let patch = patch(&FileChange { before: Some(&file), after: &file, text: "1\n2\n", edits: &edits });
        assert_eq!(patch, "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,2 +1,3 @@\n 1\n 2\n+3\n");
    }

    #[test]
    fn lines_are_added_to_an_empty_file() {
        let file = FilePath::new("a").unwrap();
        let edits = [TextEdit { range: 0..0, text: "x\n".to_owned() }];
        let patch = patch(&FileChange { before: Some(&file), after: &file, text: "", edits: &edits });
        assert_eq!(patch, "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -0,0 +1,1 @@\n+x\n");
        let patch = super::patch(&FileChange { before: None, after: &file, text: "", edits: &edits });
        let wanted =
            "diff --git a/a b/a\nnew file mode 100644\n--- /dev/null\n+++ b/a\n@@ -0,0 +1,1 @@\n+x\n";
        assert_eq!(patch, wanted);
    }
}
