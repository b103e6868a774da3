//! Code actions for what diagnostics suggest.
//!
//! Owns the way from a problem to an edit: the fix of its rule, else the name in "did you mean `x`?". For a name it owns
//! which bytes of the problem are replaced, and how a suggested file is written in a link.

use std::collections::HashMap;
use std::ops::Range;

use gen_lsp_types as lsp;

use super::client_view::{AskedPlace, SpanRanges};
use super::problems::shown;
use crate::diagnostic::Diagnostic;
use crate::moves::AddressPlace;
use crate::path::FilePath;
use crate::path::relative;

/// The actions for the problems in a range.
pub fn actions(place: &AskedPlace<'_>, asked: Range<usize>, problems: &[Diagnostic]) -> Vec<lsp::CodeAction> {
    let text = &place.source.text;
    let lines = place.client.lines(&place.source.path, text);
    let mut ranges = SpanRanges::new(place.client, place.analysis);
    let mut found = Vec::new();
    for problem in problems {
        let span = problem.span.range(text);
        if span.end < asked.start || asked.end < span.start {
            continue;
        }
        let Some((range, new_text)) = replacement(place, problem) else { continue };
        let edit = lsp::TextEdit { range: lines.range(range), new_text: new_text.clone() };
        let changes = HashMap::from([(place.client.uri(&place.source.path), vec![edit])]);
        found.push(lsp::CodeAction {
            title: format!("Change to `{new_text}`"),
            kind: Some(lsp::CodeActionKind::QuickFix),
            diagnostics: Some(vec![shown(problem, &mut ranges)]),
            is_preferred: Some(true),
            edit: Some(lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() }),
            ..Default::default()
        });
    }
    found
}

/// The range to replace, and the new text.
fn replacement(place: &AskedPlace<'_>, problem: &Diagnostic) -> Option<(Range<usize>, String)> {
    if let Some(fix) = problem.fix.as_deref().filter(|fix| fix.span.file == place.source.path) {
        return Some((fix.span.range(&place.source.text), fix.text.clone()));
    }
    let suggested = suggestion(problem.help.as_deref()?)?;
    let text = &*place.source.text;
    let span = problem.span.range(text);
    if let Some(found) = in_address(place, &span, problem, suggested) {
        return Some(found);
    }
    // The message also names what is right, such as the key of a wrong value.
    let mut words = backticked(&problem.message);
    words.retain(|word| *word != suggested);
    words.sort_by_key(|word| strsim::damerau_levenshtein(word, suggested));
    let line_end = text[span.start..].find('\n').map_or(text.len(), |at| span.start + at);
    for word in words {
        for range in [span.clone(), span.start..line_end.max(span.end)] {
            if let Some(at) = find_word(&text[range.clone()], word) {
                let start = range.start + at;
                return Some((start..start + word.len(), suggested.to_owned()));
            }
        }
    }
    None
}

/// The replacement in an address: of its anchor, or of its path by that of the suggested file.
fn in_address(
    place: &AskedPlace<'_>,
    span: &Range<usize>,
    problem: &Diagnostic,
    suggested: &str,
) -> Option<(Range<usize>, String)> {
    let all = place.analysis.with_reader(|reader| reader.of_text(place.source));
    let address =
        all.iter().find(|address| address.range.start < span.end && span.start < address.range.end)?;
    let text = &place.source.text;
    let written = &text[address.range.clone()];
    let hash = written.find('#').unwrap_or(written.len());
    if problem.rule.name == "link.anchor" || problem.message.contains("no section") {
        let start = address.range.start + (hash + 1).min(written.len());
        return Some((start..address.range.end, suggested.to_owned()));
    }
    let content = &place.analysis.inputs().config.content;
    let file = place.analysis.inputs();
    let known =
        |file_path: &FilePath| file.sources.contains_key(file_path) || file.assets.contains_key(file_path);
    let target = FilePath::new(suggested)
        .filter(|path| known(path))
        .or_else(|| FilePath::in_folder(content, suggested).filter(|path| known(path)))?;
    let path = if written.starts_with('/') {
        format!("/{}", target.beneath(content)?)
    } else {
        relative(place.source.path.folder(), target.as_str())
    };
    let path = match address.place {
        AddressPlace::Text(syntax) => syntax.written(&path),
        // A field may have quotes, which the general way keeps.
        AddressPlace::Field(_) => return None,
    };
    Some((address.range.start..address.range.start + hash, path))
}

/// The name in "did you mean `name`?".
fn suggestion(help: &str) -> Option<&str> {
    let rest = help.split_once("did you mean `")?.1;
    rest.split_once('`').map(|(name, _)| name).filter(|name| !name.is_empty())
}

/// The words in backticks.
fn backticked(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).filter(|word| !word.is_empty()).collect()
}

/// Where a text has a word, not as a part of a longer one.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let is_part = |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        !is_part(text[..*at].chars().next_back()) && !is_part(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suggested_name_and_the_wrong_one_are_found() {
        assert_eq!(suggestion("did you mean `a b`?"), Some("a b"));
        assert_eq!(suggestion("write a name"), None);
        assert_eq!(backticked("no anchor `b` in `content/a.md`"), ["b", "content/a.md"]);
        assert_eq!(find_word("instalation: instal", "instal"), Some(13));
    }
}
