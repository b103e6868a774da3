//! Markup within a line: icons, emoji codes, keys, marked words, wiki links, and the table of contents.
//!
//! Owns which texts between such characters are markup and not code or prose.

use super::advice::{CONTENTS, LINK};
use super::cursor::{Emoji, GAP, MarkupCursor, SyntaxMeaning, seen};
use crate::markdown::emoji;

/// `:material-check:`.
pub(super) fn icon(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let name = here.between(":", ":")?;
    let (set, icon) = name.split_once('-')?;
    let known = matches!(set, "material" | "fontawesome" | "octicons" | "simple");
    let plain = icon.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !(known && plain && !icon.is_empty()) {
        return None;
    }
    seen(format!(":{set}-…:"), name.len() + 2, "write the sign itself, such as ✓, or a word")
}

/// `:smile:`.
pub(super) fn emoji_code(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let text = here.codes == Emoji::AsText && !here.follows_a_word();
    let name = here.between(":", ":").filter(|_| text)?;
    let sign = emoji::known(name).filter(|_| !here.precedes_a_word(name.len() + 2))?;
    seen(format!(":{name}:"), name.len() + 2, format!("write the sign itself: {sign}"))
}

/// `++ctrl+alt++`.
pub(super) fn key(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let keys = here.between("++", "++").filter(|_| !here.follows_a_word())?;
    let plain = keys.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-\"".contains(&byte));
    if !plain || keys.is_empty() || here.precedes_a_word(keys.len() + 4) {
        return None;
    }
    seen("++…++", keys.len() + 4, "write `<kbd>Ctrl</kbd>` for a key")
}

/// `==marked==`.
pub(super) fn marked(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let words = here.between("==", "==")?;
    let length = words.len() + 4;
    let edge = |c: char| c.is_whitespace() || c == '=';
    let apart = here.follows_a_word() || here.before().ends_with('=') || here.precedes_a_word(length);
    let doubled = here.text[here.at + length..].starts_with('=');
    if apart || doubled || words.is_empty() || words.starts_with(edge) || words.ends_with(edge) {
        return None;
    }
    seen("==…==", length, "write `<mark>text</mark>`")
}

/// `[[_TOC_]]` alone on its line.
pub(super) fn contents(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let line = here.line().trim_end();
    let known = ["[[_TOC_]]", "[[TOC]]", "[TOC]", "[_TOC_]"];
    if known.iter().any(|form| form.eq_ignore_ascii_case(line)) {
        seen(line, line.len(), CONTENTS)
    } else {
        None
    }
}

/// `![[page]]`.
pub(super) fn embed(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let target = here.between("![[", "]]").filter(|target| is_page(target))?;
    let help = "write `![what it shows](file.png)` for an image, `::include file.md` for a text";
    seen("![[…]]", target.len() + 5, help)
}

/// `[[page]]`.
pub(super) fn wiki_link(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let target = here.between("[[", "]]").filter(|target| is_page(target))?;
    // `[[x]](y)` is a link with brackets in its text.
    let link = here.text[here.at + target.len() + 4..].starts_with(['(', '[', ']']);
    if link { None } else { seen("[[…]]", target.len() + 4, LINK) }
}

/// Whether the text between double brackets can be the name of a page, and not a shell test or a list of lists.
fn is_page(target: &str) -> bool {
    let letters = target.chars().filter(|c| c.is_alphabetic()).count() > 1;
    letters && target.trim() == target && !target.contains(['[', ']', '"', '\'', '$', '=', '<', '{', GAP])
}
