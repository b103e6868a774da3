//! Boxes and tabs of other tools: admonitions, callouts and hints.
//!
//! Owns the names of boxes, and which of them Markdown here already knows as an alert.

use super::advice::{DETAILS, DIRECTIVE, TABS};
use super::cursor::{MarkupCursor, SyntaxMeaning, seen};
use crate::markdown::directive_names::ADMONITIONS;

/// The names of MkDocs admonitions and Obsidian callouts.
const KINDS: &[&str] = &[
    "abstract",
    "attention",
    "bug",
    "caution",
    "check",
    "cite",
    "danger",
    "done",
    "error",
    "example",
    "fail",
    "failure",
    "faq",
    "help",
    "hint",
    "important",
    "info",
    "missing",
    "note",
    "question",
    "quote",
    "success",
    "summary",
    "tip",
    "tldr",
    "todo",
    "warning",
];

/// `!!! note "Title"`, `???+ note`.
pub(super) fn admonition(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let line = here.line();
    let sign = &line[..3];
    let rest = line[3..].trim_start_matches('+').trim();
    let quoted = rest.ends_with('"');
    let words = rest.split('"').next().unwrap_or_default();
    let mut words = words.split_whitespace();
    let kind = words.next()?;
    let known = KINDS.contains(&kind.to_ascii_lowercase().as_str());
    let alone = words.all(|word| matches!(word, "inline" | "end")) && !rest.contains('"');
    let plain = kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !(plain && (quoted || known && alone)) {
        return None;
    }
    seen(format!("{sign} {kind}"), line.len(), if sign == "!!!" { DIRECTIVE } else { DETAILS })
}

/// `=== "Tab"`.
pub(super) fn tab(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let line = here.line().trim_end();
    let title = line[3..].trim_start_matches(['!', '+']).trim_start();
    let quoted = title.len() > 2 && title.starts_with('"') && title.ends_with('"');
    if quoted { seen("=== \"…\"", line.len(), TABS) } else { None }
}

/// `?> text`.
pub(super) fn hint(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    seen(here.line()[..2].to_owned(), 3, DIRECTIVE)
}

/// `[!success] Title` at the beginning of a quote.
pub(super) fn callout(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let name = here.between("[!", "]").filter(|_| here.before().trim().is_empty())?;
    let kind = name.split('|').next().unwrap_or_default().to_ascii_lowercase();
    let known = ADMONITIONS.iter().any(|(known, _)| *known == kind);
    if known || !KINDS.contains(&kind.as_str()) {
        return None;
    }
    let help = "write `> [!NOTE] Title` with one of the names note, tip, info, important, warning, caution and danger";
    seen(format!("> [!{name}]"), name.len() + 3, help)
}
