//! Blame in reports: causes that are people.
//!
//! This module owns the rule `incident.blame`; its words are in the lexicon. It reads only the sections that the
//! definition of the kind calls `blameless`, and no code, because authors switch off a warning that is mostly wrong.

use std::ops::Range;

use super::Report;
use crate::diagnostic::Diagnostic;
use crate::lexicon::{BlameWords, Lexicon, Phrases};
use crate::markdown::Block;
use crate::rules::INCIDENT_BLAME;
use crate::source::Span;

/// A phrase that blames people.
struct BlamingPhrase<'a> {
    /// The byte offset in the text of the block.
    at: usize,
    text: &'a str,
    blame: Blame,
}

/// How a phrase blames people.
#[derive(Debug, Clone, Copy)]
enum Blame {
    /// It names somebody.
    Name,
    /// It takes an error of a person for a cause.
    Error,
    /// It says what somebody did not do.
    Omission,
}

impl Blame {
    fn diagnostic(self, span: Span, text: &str) -> Diagnostic {
        let (message, help) = match self {
            Blame::Name => (
                format!("`{text}` is named where causes are told"),
                "name the role, and what it could see at that moment",
            ),
            Blame::Error => (
                format!("`{text}` is not a cause"),
                "say what made the error likely, and what let it through",
            ),
            Blame::Omission => (
                format!("`{text}` tells what did not happen"),
                "say what happened, and why it seemed right at that moment",
            ),
        };
        Diagnostic::new(&INCIDENT_BLAME, span, message).help(help)
    }
}

pub(super) fn check(report: &Report<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for section in report.front.kind.sections.iter().filter(|section| section.blameless) {
        for block in report.sections(&section.heading).flat_map(|part| part.blocks) {
            for found in read(block) {
                problems.push(found.blame.diagnostic(place(report, block, found.text), found.text));
            }
        }
    }
    problems
}

/// The span of a piece of a block's text, or the span of the block if the piece contains markup.
fn place(report: &Report<'_>, block: &Block, piece: &str) -> Span {
    if block.span.file != report.source.path {
        return block.span.clone();
    }
    let range = block.span.range(&report.source.text);
    let start = range.start;
    let found = report.source.text[range].find(piece);
    found.map_or_else(
        || block.span.clone(),
        |at| Span::new(&block.span.file, start + at..start + at + piece.len()),
    )
}

fn read(block: &Block) -> Vec<BlamingPhrase<'_>> {
    let text = block.text.as_str();
    let BlameWords { errors, counterfactual, conditional, titles, .. } = &Lexicon::all().blame;
    // The offsets are found once for all lists.
    let starts: Vec<usize> = words(text).collect();
    let phrases = |phrases: &'static Phrases| phrases_at(text, starts.iter().copied(), phrases);
    let mut found = Vec::new();
    for handle in handles(text) {
        found.push(BlamingPhrase { at: handle.start, text: &text[handle], blame: Blame::Name });
    }
    for (at, title) in phrases(titles) {
        if let Some(text) = addressed(&text[at..], title) {
            found.push(BlamingPhrase { at, text, blame: Blame::Name });
        }
    }
    for (at, error) in phrases(errors) {
        if !negated(&text[..at], &text[at + error.len()..]) {
            found.push(BlamingPhrase { at, text: error, blame: Blame::Error });
        }
    }
    for (at, text) in phrases(counterfactual) {
        found.push(BlamingPhrase { at, text, blame: Blame::Omission });
    }
    for (at, verb) in phrases(conditional) {
        if has_infinitive(&text[at..]) {
            found.push(BlamingPhrase { at, text: verb, blame: Blame::Omission });
        }
    }
    found.retain(|phrase| !block.code.iter().any(|code| code.contains(&(phrase.at as u32))));
    found
}

/// The form of address at the beginning of a text with the name after it: `Frau Meyer-Lang`.
fn addressed<'a>(text: &'a str, title: &str) -> Option<&'a str> {
    let name = text[title.len()..].strip_prefix(' ')?;
    if !text.starts_with(char::is_uppercase) || !name.starts_with(char::is_uppercase) {
        return None;
    }
    let length = name.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(name.len());
    Some(&text[..title.len() + " ".len() + length])
}

/// The ranges of `@handle`, without e-mail addresses and names of packages.
fn handles(text: &str) -> Vec<Range<usize>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut handles = Vec::new();
    for (at, _) in text.match_indices('@') {
        let before = text[..at].chars().next_back();
        let name = &text[at + "@".len()..];
        let length = name.find(|c| !is_part(c)).unwrap_or(name.len());
        let after = name[length..].chars().next();
        // `you@example.org` is an address, `node@20` and `@scope/name` are packages.
        let is_free = before.is_none_or(|c| !c.is_alphanumeric() && !"./_-+@".contains(c));
        let is_alone = after != Some('/') && after != Some('@');
        if is_free && is_alone && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            handles.push(at..at + "@".len() + length);
        }
    }
    handles
}

/// The places of phrases at the given offsets, in any case, each with the longest phrase as written there.
fn phrases_at<'a>(
    text: &'a str,
    words: impl Iterator<Item = usize>,
    phrases: &'static Phrases,
) -> impl Iterator<Item = (usize, &'a str)> {
    words.filter_map(move |at| {
        let rest = &text[at..];
        // `Mr.` ends with its own full stop; after a letter, the word may go on.
        let ends =
            |phrase: &&str| phrase.ends_with('.') || !rest[phrase.len()..].starts_with(char::is_alphanumeric);
        let longest = phrases.beginning_in_any_case(rest).find(ends)?;
        Some((at, &rest[..longest.len()]))
    })
}

/// Whether one of some phrases stands in a text between words.
fn holds(text: &str, phrases: &'static Phrases) -> bool {
    phrases_at(text, words(text), phrases).next().is_some()
}

/// The offsets of words in bytes.
fn words(text: &str) -> impl Iterator<Item = usize> {
    let mut within = false;
    text.char_indices().filter_map(move |(at, c)| {
        let begins = c.is_alphanumeric() && !within;
        within = c.is_alphanumeric();
        begins.then_some(at)
    })
}

/// Whether the sentence at the beginning of a text has a word that makes its verb tell what did not happen: `hätte prüfen
/// müssen`.
fn has_infinitive(text: &str) -> bool {
    let sentence = &text[..text.find(['.', '!', '?', ';']).unwrap_or(text.len())];
    holds(sentence, &Lexicon::all().blame.conditional_with)
}

/// Whether the sentence before a phrase has a negation, or the rest of its clause.
fn negated(before: &str, after: &str) -> bool {
    let sentence = before.rsplit(['.', '!', '?', ';', ':']).next().unwrap_or(before);
    let clause = after.split(['.', '!', '?', ';', ':', ',']).next().unwrap_or(after);
    [sentence, clause].iter().any(|text| holds(text, &Lexicon::all().blame.negations))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::TextBlockType;
    use crate::path::FilePath;

    fn found(text: &str) -> Vec<String> {
        let span = Span::start_of(&FilePath::new("a.md").unwrap());
        let text = text.to_owned();
        let (shape, code) = (TextBlockType::Paragraph { depth: 0 }, std::iter::once(0..0).collect());
        let block = Block {
            number: 1,
            shape,
            text,
            code,
            urls: Vec::new(),
            paths: Vec::new(),
            struck: Vec::new(),
            span,
        };
        read(&block).into_iter().map(|found| found.text.to_owned()).collect()
    }

    #[test]
    fn people_as_causes_are_found() {
        assert_eq!(found("@anna-b restarted it, then (@Ben)."), ["@anna-b", "@Ben"]);
        assert_eq!(found("Mr. Smith and Frau Meyer-Lang were there"), ["Mr. Smith", "Frau Meyer-Lang"]);
        assert_eq!(found("The cause was Human Error."), ["Human Error"]);
        assert_eq!(found("Ursache war menschliches Versagen"), ["menschliches Versagen"]);
        assert_eq!(
            found("The operator should have looked; nobody shouldn't have."),
            ["should have", "shouldn't have"]
        );
        assert_eq!(found("Das Team hätte das prüfen müssen."), ["hätte"]);
    }

    #[test]
    fn what_only_looks_like_it_is_left_alone() {
        for text in [
            "Mail to ops@example.org, unit getty@tty1, package @scope/name",
            "This was not human error. It is never a human error",
            "Human error is no cause. Menschliches Versagen war es nicht",
            "Wir hätten Glück. Das müssen wir prüfen",
            "Frau und Herr: die Anrede",
            "A fixed value should haven no effect",
            "ms 12 of mr",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
