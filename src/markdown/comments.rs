//! Finds MDX comments, `{/* … */}` and `{// …` with `}` in the next line, before the parser runs, because the parser does
//! not know them.
//!
//! Owns the positions of the comments and the masks that the parser sees in their place. A mask has the length of its
//! comment: spaces if nothing else is on the lines of the comment, otherwise a tag that the writer leaves out. The
//! parser decides what is code.

use std::borrow::Cow;
use std::ops::Range;

use super::events::holds;

/// The position of a comment in its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CommentPosition {
    Alone,
    /// Beside text.
    Inline,
}

pub(super) type Comment = (Range<usize>, CommentPosition);

/// The most times a text is parsed because a newly found comment changed which later text is code.
const MOST_ROUNDS: usize = 16;

/// Finds the comments of a text, in order. `code` gives the ranges of code blocks and inline code in a text, by a parse of it.
///
/// Code contains no comments and comments contain no code. Which of the two begins at a character depends on all the
/// text before it. The text is therefore parsed repeatedly, each time with the comments of the previous round masked,
/// until the result does not change; each round settles at least the next comment. If that takes too many rounds,
/// everything that looks like a comment is one, so that none is published.
pub(super) fn find(text: &str, code: impl Fn(&str) -> Vec<Range<usize>>) -> Vec<Comment> {
    if outside(text, &[]).is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let next = outside(text, &code(&cover(text, &found)));
        if next == found {
            return found;
        }
        found = next;
    }
    outside(text, &[])
}

/// Finds comments that begin outside the given code ranges.
fn outside(text: &str, code: &[Range<usize>]) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut ends = CommentEnds::new(text);
    let mut at = 0;
    while let Some(start) = text[at..].find('{').map(|start| at + start) {
        at = start + 1;
        if text[..start].ends_with('\\') || holds(code, start) {
            continue;
        }
        let inner = text.len() - text[at..].trim_ascii_start().len();
        let end = match text.as_bytes().get(inner..inner + 2) {
            Some(b"/*") => ends.of_block(inner + 2),
            Some(b"//") => ends.of_line(inner + 2),
            _ => None,
        };
        if let Some(end) = end {
            at = end;
            found.push((start..end, place(text, start..end)));
        }
    }
    found
}

/// Finds where comments end. What many beginnings share is searched once.
struct CommentEnds<'t> {
    text: &'t str,
    /// From each `*/` that a `}` follows to the offset after that `}`.
    blocks: Vec<Range<usize>>,
    /// The last searched line.
    line: Option<CommentLine>,
}

/// The end of a line in which a comment begins.
struct CommentLine {
    end: usize,
    /// The offset after the `}` below the line, if there is one.
    comment_end: Option<usize>,
}

impl<'t> CommentEnds<'t> {
    fn new(text: &'t str) -> CommentEnds<'t> {
        let mut ends = CommentEnds { text, blocks: Vec::new(), line: None };
        for (at, sign) in text.match_indices("*/") {
            if let Some(end) = ends.after_brace(at + sign.len()) {
                ends.blocks.push(at..end);
            }
        }
        ends
    }

    /// The end of a comment whose text begins at `from`: after the first `*/` that a `}` follows.
    fn of_block(&self, from: usize) -> Option<usize> {
        let next = self.blocks.partition_point(|block| block.start < from);
        self.blocks.get(next).map(|block| block.end)
    }

    /// The end of a comment that goes to the end of its line: after the `}` below it.
    fn of_line(&mut self, from: usize) -> Option<usize> {
        if let Some(line) = self.line.as_ref().filter(|line| from <= line.end) {
            return line.comment_end;
        }
        let end = from + self.text[from..].find('\n')?;
        let comment_end = self.after_brace(end);
        self.line = Some(CommentLine { end, comment_end });
        comment_end
    }

    /// The offset after a `}` that only whitespace precedes.
    fn after_brace(&self, from: usize) -> Option<usize> {
        let rest = self.text[from..].trim_ascii_start();
        rest.starts_with('}').then(|| self.text.len() - rest.len() + 1)
    }
}

fn place(text: &str, comment: Range<usize>) -> CommentPosition {
    // In a quote, only the quote marks precede a comment that is alone on its line.
    let before = text[..comment.start].trim_end_matches([' ', '\t', '>']);
    let after = text[comment.end..].trim_start_matches([' ', '\t', '\r']);
    let alone =
        (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with('\n'));
    if alone { CommentPosition::Alone } else { CommentPosition::Inline }
}

/// The text that the parser sees.
pub(super) fn cover<'t>(text: &'t str, comments: &[Comment]) -> Cow<'t, str> {
    if comments.is_empty() {
        return text.into();
    }
    let mut covered = text.as_bytes().to_vec();
    for (comment, place) in comments {
        let bytes = &mut covered[comment.clone()];
        match place {
            CommentPosition::Alone => {
                bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ')
            }
            CommentPosition::Inline => {
                // The parser takes the mask for an inline tag, which does not end the paragraph.
                bytes.fill(b' ');
                bytes[..2].copy_from_slice(b"<c");
                bytes[bytes.len() - 1] = b'>';
            }
        }
    }
    String::from_utf8(covered).expect("whole comments became ASCII").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::markdown::notes::Flavor;
    use crate::markdown::syntax::{Extensions, Syntax};

    fn found(text: &str) -> Vec<Comment> {
        let extensions = Extensions { math: true, smart_punctuation: true };
        let syntax = Syntax { dialect: Dialect::Mdx, flavor: Flavor::Plain, extensions };
        find(text, |text| syntax.code(text))
    }

    #[test]
    fn comments_keep_their_length_and_code_keeps_its_comments() {
        let text = "{/* a\nb */}\n\n{/* c */} d `{/* e */}` {/**/}\n\n```\n{/* f */}\n```\n\\{/* g */}\n";
        let covered = cover(text, &found(text)).into_owned();
        let want = "     \n     \n\n<c      > d `{/* e */}` <c   >\n\n```\n{/* f */}\n```\n\\{/* g */}\n";
        assert_eq!(covered, want);
    }

    #[test]
    fn comments_may_have_space_around_them_and_go_to_the_end_of_a_line() {
        let comments = |text: &'static str| -> Vec<&str> {
            found(text).into_iter().map(|(range, _)| &text[range]).collect()
        };
        assert_eq!(comments("{ /* a */ }, {\n/* b */\n} and {/* c */ d */}\n").len(), 3);
        assert_eq!(
            comments("{// a }\n}, {// b\n  c }, { // d\n\n } {// e }"),
            ["{// a }\n}", "{ // d\n\n }"]
        );
        assert_eq!(comments("{/* a */ b {/* c */}\n"), ["{/* a */ b {/* c */}"]);
    }

    #[test]
    fn what_begins_in_code_is_no_comment_and_hides_none_behind_it() {
        let comments = |text: &'static str| -> Vec<&str> {
            found(text).into_iter().map(|(range, _)| &text[range]).collect()
        };
        assert_eq!(comments("```\n{/*\n```\n\n{/* a */}\n"), ["{/* a */}"]);
        assert_eq!(comments("`{/*` b {/* a */} `*/}`\n"), ["{/* a */}"]);
        assert_eq!(comments("{/* ` */} {/* a */} `{/* b */}`\n"), ["{/* ` */}", "{/* a */}"]);
        assert_eq!(comments("{/*\n```\n*/}\n\n{/* a */}\n\n```\n{/* b */}\n```\n").len(), 2);
    }

    #[test]
    fn where_comments_and_code_never_settle_every_comment_is_one() {
        let text = "{/*\n```\n*/}\n\n```\n{/* b\n```\n\n".repeat(40) + "{/* a */}\n";
        assert!(found(&text).iter().any(|(range, _)| range.end == text.len() - 1));
    }
}
