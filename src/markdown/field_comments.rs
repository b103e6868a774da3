//! Removes comments from values of front matter, by the same reading as in a page's text.
//!
//! Owns [`without_comments`]. The parser decides what is a comment: one in inline code is text.

use std::ops::Range;

use pulldown_cmark::Event;

use super::html_pieces::{HtmlPiece, pieces};
use super::notes::Flavor;
use super::syntax::{Extensions, Syntax};
use crate::dialect::Dialect;
use crate::path::FilePath;

/// The value of a field without comments and the spaces before them.
pub fn without_comments(text: String, file: &FilePath) -> String {
    let Some(dialect) = Dialect::from_path(file) else { return text };
    let may_hold_comments = text.contains("<!--") || dialect == Dialect::Mdx && text.contains('{');
    if !may_hold_comments {
        return text;
    }
    let extensions = Extensions { math: false, smart_punctuation: false };
    let comments = Syntax { dialect, flavor: Flavor::Plain, extensions }.parse(&text, |parsed| {
        let mut comments = parsed.extras.comments;
        // A comment over several lines is one piece of HTML for each line.
        let mut html: Vec<Range<usize>> = Vec::new();
        for (event, range) in parsed.events {
            match (event, html.last_mut()) {
                (Event::Html(_), Some(last)) if last.end == range.start => last.end = range.end,
                (Event::Html(_) | Event::InlineHtml(_), _) => html.push(range),
                _ => {}
            }
        }
        for range in html {
            for (piece, inside) in pieces(&text[range.clone()]) {
                if piece == HtmlPiece::Comment {
                    comments.push(range.start + inside.start..range.start + inside.end);
                }
            }
        }
        comments.sort_by_key(|comment| comment.start);
        comments
    });
    let Ok(comments) = comments else {
        // Far beyond the bound on front matter. Its comments are unknown, so none of it is shown.
        return String::new();
    };
    let (mut left, mut at) = (String::new(), 0);
    for comment in comments.into_iter().filter(|comment| !comment.is_empty()) {
        left.push_str(text[at.min(comment.start)..comment.start].trim_end_matches([' ', '\t']));
        at = at.max(comment.end);
    }
    left.push_str(&text[at..]);
    if at > 0 { left.trim().to_owned() } else { text }
}
