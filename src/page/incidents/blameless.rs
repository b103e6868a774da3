//! Whether a report seeks causes in people.
//!
//! Owns the rule `incident.blame` and its words. Only sections about causes and about what went badly are read, and
//! code is left out: a warning that is mostly wrong is soon switched off.

use super::Report;
use crate::diagnostic::Diagnostic;
use crate::markdown::Block;
use crate::rules::INCIDENT_BLAME;
use crate::source::Span;

/// The sections, as the definition of the kind names them.
const SECTIONS: [&str; 2] = ["Cause", "What went badly"];

const ERRORS: &[&str] = &[
    "human error",
    "human errors",
    "human failure",
    "human mistake",
    "operator error",
    "menschliches Versagen",
    "menschlichem Versagen",
    "menschlicher Fehler",
    "menschliches Fehlverhalten",
];

const COUNTERFACTUAL: &[&str] =
    &["should have", "should not have", "should've", "shouldn't have", "shouldn’t have", "ought to have"];

/// `hätte prüfen müssen`: the verb, and what must follow in the same sentence.
const GERMAN: (&[&str], &[&str]) = (&["hätte", "hätten"], &["müssen", "sollen", "dürfen"]);

/// Before a name.
const TITLES: &[&str] = &["Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Herr", "Herrn", "Frau"];

/// Who says that it was *not* human error agrees.
const NEGATIONS: &[&str] = &["not", "no", "never", "nicht", "kein", "keine", "statt", "instead"];

/// A piece of a text, and what is wrong with it.
struct BlamingPhrase<'a> {
    text: &'a str,
    message: String,
    help: &'static str,
}

pub(super) fn check(report: &Report<'_>) -> Vec<Diagnostic> {
    let blocks = SECTIONS.iter().flat_map(|name| report.sections(name)).flat_map(|part| part.blocks);
    let problem = |block: &Block, found: BlamingPhrase<'_>| {
        Diagnostic::new(&INCIDENT_BLAME, place(report, block, found.text), found.message).help(found.help)
    };
    let problems =
        |block: &Block| read(block).into_iter().map(|found| problem(block, found)).collect::<Vec<_>>();
    blocks.flat_map(problems).collect()
}

/// Where a piece of a block's text stands in the source; the block where mark-up is in between.
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
    let starts: Vec<usize> = words(text).collect();
    let phrase = |phrases| phrases_at(text, starts.iter().copied(), phrases);
    let coded = |at: usize| block.code.iter().any(|code| code.contains(&(at as u32)));
    let mut found: Vec<(usize, BlamingPhrase<'_>)> = Vec::new();
    found.extend(named(text, phrase(TITLES)));
    found.extend(phrase(ERRORS).filter(|(at, found)| !negated(&text[..*at], &text[at + found.len()..])).map(
        |(at, text)| {
            let message = format!("`{text}` is no cause");
            (
                at,
                BlamingPhrase {
                    text,
                    message,
                    help: "say what made the error likely, and what let it through",
                },
            )
        },
    ));
    let past = phrase(COUNTERFACTUAL).chain(german(text, phrase(GERMAN.0)));
    found.extend(past.map(|(at, text)| {
        let message = format!("`{text}` tells what did not happen");
        (
            at,
            BlamingPhrase {
                text,
                message,
                help: "say what happened, and why it seemed right at that moment",
            },
        )
    }));
    found.retain(|(at, _)| !coded(*at));
    found.into_iter().map(|(_, found)| found).collect()
}

/// Handles, and names behind a form of address.
fn named<'a>(
    text: &'a str,
    titles: impl Iterator<Item = (usize, &'a str)>,
) -> Vec<(usize, BlamingPhrase<'a>)> {
    let addressed = titles.filter(|(at, _)| text[*at..].starts_with(char::is_uppercase));
    let addressed = addressed.filter_map(|(at, title)| {
        let name = text[at + title.len()..].strip_prefix(' ')?;
        let length = name.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(name.len());
        let name = name.starts_with(char::is_uppercase).then_some(length)?;
        Some((at, &text[at..at + title.len() + 1 + name]))
    });
    let found = |(at, text): (usize, &'_ str)| (at, text.len());
    let places = handles(text).into_iter().chain(addressed.map(found));
    let one = |(at, length): (usize, usize)| {
        let text = &text[at..at + length];
        let message = format!("`{text}` is named where causes are told");
        (at, BlamingPhrase { text, message, help: "name the role, and what it could see at that moment" })
    };
    places.map(one).collect()
}

/// Places and lengths of `@handle`, but not of addresses and packages.
fn handles(text: &str) -> Vec<(usize, usize)> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let handle = |(at, sign): (usize, &str)| {
        let before = text[..at].chars().next_back();
        let name = &text[at + sign.len()..];
        let length = name.find(|c| !part(c)).unwrap_or(name.len());
        let after = name[length..].chars().next();
        let free = before.is_none_or(|c| !c.is_alphanumeric() && !"./_-+@".contains(c));
        let alone = after != Some('/') && after != Some('@');
        (free && alone && name.starts_with(|c: char| c.is_ascii_alphabetic()))
            .then_some((at, sign.len() + length))
    };
    text.match_indices('@').filter_map(handle).collect()
}

/// Every place of some phrases, in any case, between words; with the text as it stands there.
fn phrase<'a>(text: &'a str, phrases: &'a [&'a str]) -> impl Iterator<Item = (usize, &'a str)> {
    phrases_at(text, words(text), phrases)
}

/// The same where it is known where words begin.
fn phrases_at<'a>(
    text: &'a str,
    words: impl Iterator<Item = usize>,
    phrases: &'a [&'a str],
) -> impl Iterator<Item = (usize, &'a str)> {
    let begins = |at: usize, phrase: &str| phrase.as_bytes()[0].eq_ignore_ascii_case(&text.as_bytes()[at]);
    // The letters that phrases begin with, as bits: most words begin with another one.
    let bit = |byte: u8| 1_u32 << (byte & 31);
    let letters = phrases.iter().fold(0, |letters, phrase| letters | bit(phrase.as_bytes()[0]));
    words.filter(move |at| letters & bit(text.as_bytes()[*at]) != 0).filter_map(move |at| {
        let here = |phrase: &&&str| {
            let piece = text.get(at..at + phrase.len());
            let after = text.get(at + phrase.len()..).unwrap_or_default();
            piece.is_some_and(|piece| piece.eq_ignore_ascii_case(phrase))
                && (phrase.ends_with('.') || !after.starts_with(char::is_alphanumeric))
        };
        let longest = phrases
            .iter()
            .filter(|phrase| begins(at, phrase))
            .filter(here)
            .max_by_key(|phrase| phrase.len())?;
        Some((at, &text[at..at + longest.len()]))
    })
}

/// Where words begin.
fn words(text: &str) -> impl Iterator<Item = usize> {
    let mut within = false;
    text.char_indices().filter_map(move |(at, c)| {
        let begins = c.is_alphanumeric() && !within;
        within = c.is_alphanumeric();
        begins.then_some(at)
    })
}

fn german<'a>(
    text: &'a str,
    verbs: impl Iterator<Item = (usize, &'a str)>,
) -> impl Iterator<Item = (usize, &'a str)> {
    verbs.filter(|(at, _)| {
        let rest = &text[*at..];
        let sentence = &rest[..rest.find(['.', '!', '?', ';']).unwrap_or(rest.len())];
        phrase(sentence, GERMAN.1).next().is_some()
    })
}

/// Whether the sentence so far says no, or the rest of the clause.
fn negated(before: &str, after: &str) -> bool {
    let sentence = before.rsplit(['.', '!', '?', ';', ':']).next().unwrap_or(before);
    let clause = after.split(['.', '!', '?', ';', ':', ',']).next().unwrap_or(after);
    [sentence, clause].iter().any(|text| phrase(text, NEGATIONS).next().is_some())
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
        let block =
            Block { shape, text, code, urls: Vec::new(), paths: Vec::new(), struck: Vec::new(), span };
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
