//! Comments of other tools, which readers see although their authors believe that they are hidden.
//!
//! Owns the forms of Obsidian, Hugo, Handlebars, MDX, Jinja and link labels. Liquid and kramdown have comments among
//! their other tags.

use super::cursor::{MarkupCursor, SyntaxMeaning, hidden};

/// `%% text %%`.
pub(super) fn percent_comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let words = here.between("%%", "%%")?;
    if words.trim().is_empty() { None } else { hidden("%% … %%", words.len() + 4) }
}

/// `{{/* text */}}`. The text may continue in the next paragraph.
pub(super) fn comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    hidden("{{/* … */}}", until(here, "*/"))
}

/// `[//]: # (text)`, which Markdown hides only if no text is directly above it.
pub(super) fn label_comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    hidden("[//]: # (…)", here.line().len())
}

pub(super) fn handlebars_comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let rest = here.line().strip_prefix("{{!")?;
    let opens = rest.starts_with("--") || rest.starts_with(' ') && rest.contains("}}");
    if opens { hidden("{{! … }}", until(here, "}}")) } else { None }
}

/// `{/* text */}`, but not the shell pattern `{/*,x}`.
pub(super) fn mdx_comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let path = here.follows_a_word() || here.before().ends_with(['/', '*', '.', '}']);
    let rest = &here.line()[3..];
    let comment = rest.is_empty() || rest.starts_with([' ', '*']) || here.between("{/*", "*/}").is_some();
    if path || !comment { None } else { hidden("{/* … */}", until(here, "*/}")) }
}

pub(super) fn closed_comment(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let words = here.between("{# ", "#}")?;
    hidden("{# … #}", words.len() + 5)
}

/// The length in bytes of a comment in its block, limited to the longest markup.
fn until(here: &MarkupCursor<'_>, end: &str) -> usize {
    let rest = here.reach();
    rest.find(end).map_or(rest.len(), |at| at + end.len())
}
