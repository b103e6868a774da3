//! Comments of MDX, `{/* … */}`: found before the parser, which does not know them.
//!
//! Owns where they stand and what the parser sees in their place, of the same length: blanks where nothing else
//! stands on their lines, else a tag in one line that the writer leaves out. Code is left alone.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::directives::holds;

/// Where a comment stands in its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Alone,
    /// Beside text.
    Inline,
}

pub(super) type Comment = (Range<usize>, Place);

/// The comments of a text, in order.
pub(super) fn find(text: &str) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("{/*").map(|start| at + start) {
        let Some(length) = text[start + 3..].find("*/}") else { break };
        at = start + 3 + length + 3;
        if !text[..start].ends_with('\\') {
            found.push((start..at, place(text, start..at)));
        }
    }
    if !found.is_empty() {
        let code = code(&cover(text, &found));
        found.retain(|(comment, _)| !holds(&code, comment.start));
    }
    found
}

fn place(text: &str, comment: Range<usize>) -> Place {
    // A comment in a quote stands beside its marks.
    let before = text[..comment.start].trim_end_matches([' ', '\t', '>']);
    let after = text[comment.end..].trim_start_matches([' ', '\t', '\r']);
    let alone =
        (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with('\n'));
    if alone { Place::Alone } else { Place::Inline }
}

/// What the parser sees.
pub(super) fn cover<'t>(text: &'t str, comments: &[Comment]) -> Cow<'t, str> {
    if comments.is_empty() {
        return text.into();
    }
    let mut covered = text.as_bytes().to_vec();
    for (comment, place) in comments {
        let bytes = &mut covered[comment.clone()];
        match place {
            Place::Alone => bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' '),
            Place::Inline => {
                bytes.fill(b' ');
                bytes[..2].copy_from_slice(b"<c");
                bytes[bytes.len() - 1] = b'>';
            }
        }
    }
    String::from_utf8(covered).expect("whole comments became ASCII").into()
}

/// Where code stands, in blocks and in lines.
fn code(text: &str) -> Vec<Range<usize>> {
    let parser = Parser::new_ext(text, super::syntax::EXTENSIONS).into_offset_iter();
    let is_code = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_));
    parser.filter_map(|(event, range)| is_code(&event).then_some(range)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_keep_their_length_and_code_keeps_its_comments() {
        let text = "{/* a\nb */}\n\n{/* c */} d `{/* e */}` {/**/}\n\n```\n{/* f */}\n```\n\\{/* g */}\n";
        let covered = cover(text, &find(text)).into_owned();
        let want = "     \n     \n\n<c      > d `{/* e */}` <c   >\n\n```\n{/* f */}\n```\n\\{/* g */}\n";
        assert_eq!(covered, want);
    }
}
