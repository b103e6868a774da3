//! A position in a text, and what is read there.
//!
//! Owns [`MarkupCursor`], which looks around without leaving the line or the limit for one piece of markup, and
//! [`ForeignMarkup`], the result.

use std::borrow::Cow;
use std::ops::Range;

use super::advice::COMMENT;
use crate::rules::{MARKDOWN_COMMENT, MARKDOWN_FOREIGN, Rule};
use crate::source::floor_boundary;

/// Replaces content that is shown but is not text, such as code.
pub(in crate::markdown) const GAP: char = '\u{FFFC}';

/// The most bytes of one piece of markup. It keeps the search linear.
pub(super) const LONGEST: usize = 400;

/// Whether emoji codes in a text are shown as text or become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::markdown) enum Emoji {
    #[default]
    AsText,
    AsCharacters,
}

/// One piece of foreign markup.
#[derive(Debug)]
pub(in crate::markdown) struct ForeignMarkup {
    pub rule: &'static Rule,
    pub message: String,
    pub help: Cow<'static, str>,
    /// The range in the searched text.
    pub range: Range<usize>,
}

/// The reading of one piece of markup.
pub(super) struct SyntaxMeaning {
    pub rule: &'static Rule,
    pub form: String,
    pub help: Cow<'static, str>,
    pub length: usize,
}

/// A find that `MARKDOWN_FOREIGN` reports.
pub(super) fn seen(
    form: impl Into<String>,
    length: usize,
    help: impl Into<Cow<'static, str>>,
) -> Option<SyntaxMeaning> {
    Some(SyntaxMeaning { rule: &MARKDOWN_FOREIGN, form: form.into(), help: help.into(), length })
}

pub(super) fn hidden(form: &str, length: usize) -> Option<SyntaxMeaning> {
    Some(SyntaxMeaning { rule: &MARKDOWN_COMMENT, form: form.to_owned(), help: COMMENT.into(), length })
}

/// A position in a text.
pub(super) struct MarkupCursor<'t> {
    pub text: &'t str,
    pub at: usize,
    pub codes: Emoji,
}

impl<'t> MarkupCursor<'t> {
    pub fn before(&self) -> &'t str {
        &self.text[..self.at]
    }

    pub fn begins_line(&self) -> bool {
        let before = self.before().trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    /// The following text, up to the longest markup.
    pub fn reach(&self) -> &'t str {
        &self.text[self.at..floor_boundary(self.text, self.at + LONGEST)]
    }

    /// The rest of the line, up to the longest markup.
    pub fn line(&self) -> &'t str {
        self.reach().split('\n').next().unwrap_or_default()
    }

    /// The text between `start`, which begins here, and the next `end` in the line.
    pub fn between(&self, start: &str, end: &str) -> Option<&'t str> {
        let inside = self.line().strip_prefix(start)?;
        // A search for a character is many times faster than a search for a text, and this runs for every brace.
        let mut ends = inside.match_indices(end.chars().next()?).map(|(at, _)| &inside[at..]);
        let behind = ends.find(|behind| behind.starts_with(end))?;
        Some(&inside[..inside.len() - behind.len()])
    }

    /// Whether a word ends directly before this position.
    pub fn follows_a_word(&self) -> bool {
        self.before().ends_with(|c: char| c.is_alphanumeric() || c == '_')
    }

    /// Whether a word begins `length` bytes after this position.
    pub fn precedes_a_word(&self, length: usize) -> bool {
        self.text[self.at + length..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
    }
}
