//! Lists of attributes in braces: `{: .class }` of kramdown, `{ #id width=300 }` of MkDocs and Hugo.
//!
//! Owns what a list of attributes looks like. Braces are frequent in texts, so each of its parts must have the form.

use super::advice::{ATTRIBUTES, CONTENTS};
use super::cursor::{GAP, MarkupCursor, SyntaxMeaning, hidden, seen};

/// `{: .class }`, `{:toc}`, `{::options … /}`.
pub(super) fn kramdown(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let inside = here.between("{:", "}")?;
    let length = inside.len() + 3;
    match inside.strip_prefix(':') {
        Some(extension) if extension.starts_with("comment") => return hidden("{::comment}", length),
        Some(extension) if extension.starts_with("nomarkdown") || extension.starts_with("options") => {
            return seen("{::…}", length, "delete it");
        }
        Some(_) => return None,
        None => {}
    }
    if inside.trim().eq_ignore_ascii_case("toc") {
        return seen("{:toc}", length, CONTENTS);
    }
    let names = inside.split_once(':').filter(|(name, _)| is_word(name)).map_or(inside, |(_, rest)| rest);
    if is_list_of_attributes(names) { seen("{: .class }", length, ATTRIBUTES) } else { None }
}

/// `{ .class }` after an element, or alone on a line.
pub(super) fn attributes(here: &MarkupCursor<'_>) -> Option<SyntaxMeaning> {
    let attached = here.before().ends_with([GAP, '*', '_', ':', ']', ')']);
    let begins_line = here.begins_line();
    if !attached && !begins_line {
        return None;
    }
    let inside = here.between("{", "}")?;
    let length = inside.len() + 2;
    let after = here.line()[length..].trim_start();
    let alone = begins_line && after.is_empty();
    if (alone || attached) && is_list_of_attributes(inside) {
        seen("{ .class }", length, ATTRIBUTES)
    } else {
        None
    }
}

/// Whether a text is a list of `.class`, `#id` and `name=value`.
fn is_list_of_attributes(text: &str) -> bool {
    let mut rest = text.trim();
    let mut count = 0;
    while !rest.is_empty() {
        let name = rest.trim_start_matches(['.', '#']);
        let length =
            name.find(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c))).unwrap_or(name.len());
        let after = &name[length..];
        let value = match (name.len() == rest.len(), after.strip_prefix('=')) {
            (true, Some(value)) => value_length(value),
            (false, None) => Some(0),
            _ => None,
        };
        let Some(value) = value.filter(|_| length > 0) else { return false };
        let end = if after.starts_with('=') { 1 + value } else { 0 };
        rest = &after[end..];
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return false;
        }
        rest = rest.trim_start();
        count += 1;
    }
    count > 0
}

/// The length in bytes of an attribute value, including its quotation marks.
fn value_length(value: &str) -> Option<usize> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => {
            let (inside, _) = value.strip_prefix(quote)?.split_once(quote)?;
            Some(inside.len() + 2 * quote.len_utf8())
        }
        None => {
            let length = value.find([' ', '\t']).unwrap_or(value.len());
            let plain = |c: char| c.is_alphanumeric() || "_-.%#/".contains(c);
            (length > 0 && value[..length].chars().all(plain)).then_some(length)
        }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
