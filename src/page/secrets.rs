//! Private keys and access tokens in the text of a page.
//!
//! This module owns the search for the span where they were written. What the most certain detectors find stops the
//! build, because a token that was published once must be considered known. It searches only text that readers get.

use crate::diagnostic::Diagnostic;
use crate::kinds::TypedValue;
use crate::leaks;
use crate::rules::LEAK_SECRET;
use crate::source::{Source, Span};

use super::{FrontMatter, ParseContext, includes};

/// Reports the secrets in the fields and the text that readers get.
pub(super) fn check(
    source: &Source,
    front: &FrontMatter,
    published: &str,
    context: &ParseContext<'_>,
) -> Vec<Diagnostic> {
    let mut fields: Vec<&str> =
        [&front.title, &front.description].into_iter().flatten().map(String::as_str).collect();
    front.data.record.iter().for_each(|(_, value)| texts(value, &mut fields));
    let mut problems = Vec::new();
    for text in fields.into_iter().chain([published]) {
        for (range, what) in leaks::secrets(text) {
            let message = format!("{what} would be published");
            let problem = Diagnostic::new(&LEAK_SECRET, place(source, &text[range], context), message);
            problems.push(problem.help(
                "take it out and revoke it, since earlier versions of the file still have it; \
                 a page that only shows an example may say `rules: {leak.secret: off}`",
            ));
        }
    }
    problems
}

/// Every text in a value.
fn texts<'a>(value: &'a TypedValue, found: &mut Vec<&'a str>) {
    match value {
        TypedValue::Text(text) => found.push(text),
        TypedValue::List(items) => items.iter().for_each(|item| texts(item, found)),
        TypedValue::Record(record) => record.iter().for_each(|(_, value)| texts(value, found)),
        TypedValue::Flag(_)
        | TypedValue::Number(_)
        | TypedValue::Date(_)
        | TypedValue::Time(_)
        | TypedValue::Period(_) => {}
    }
}

/// The span where a secret was written: in the page, or in a text that it includes. Parsing may have changed the
/// beginnings of lines, so only the longest line of the secret is searched for.
fn place(source: &Source, secret: &str, context: &ParseContext<'_>) -> Span {
    let needle = secret.lines().map(str::trim).max_by_key(|line| line.len()).unwrap_or(secret);
    let within = |source: &Source| {
        let at = source.text.find(needle)?;
        Some(Span::new(&source.path, at..at + needle.len()))
    };
    if let Some(span) = within(source) {
        return span;
    }
    let included = includes(source, context);
    let mut included = included.iter().filter_map(|file| context.sources.get(file));
    included.find_map(within).unwrap_or_else(|| Span::start_of(&source.path))
}
