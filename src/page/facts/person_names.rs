//! The classification of entries in a list of people: names, remarks and notes.
//!
//! This module owns the difference between handles, names, remarks about participants, and notes. An ambiguous text is
//! never classified as notes, because the caller withholds people.

use super::note_words::{bare, handles, leading_handles, split_at_and};
use crate::lexicon::Lexicon;
use crate::markdown::PersonEntry;

/// The largest number of words in a short remark.
const REMARK: usize = 3;

/// The smallest number of words in a statement.
const TELLS: usize = 6;

/// The meaning of a text as an entry of a list of people.
pub(super) fn entry(text: &str) -> PersonEntry {
    let text = bare(text.trim());
    if !text.contains(char::is_alphanumeric) {
        return PersonEntry::Empty;
    }
    if text.contains("://") {
        return with_address(text);
    }
    let plain = without_brackets(text);
    let (leading, rest) = leading_handles(&plain);
    if !leading.is_empty() {
        return behind_handle(rest);
    }
    let parts: Vec<NamePart> = parts(&plain).map(NamePart::of).collect();
    let named = parts.iter().filter(|part| **part != NamePart::Other).count();
    let several = parts.len() > 1 && named * 3 >= parts.len() * 2;
    match parts[..] {
        [NamePart::Handle] => PersonEntry::Handle,
        [NamePart::Name] => PersonEntry::Name,
        [NamePart::Word] => PersonEntry::Word,
        _ if several && parts.contains(&NamePart::Handle) && !parts.contains(&NamePart::Other) => {
            PersonEntry::Handle
        }
        _ if several => PersonEntry::Name,
        _ => other(text, &plain, &parts),
    }
}

/// The meaning of an entry with URLs, by the text beside them.
fn with_address(text: &str) -> PersonEntry {
    let words: Vec<&str> = text.split_whitespace().filter(|word| !word.contains("://")).collect();
    match entry(&words.join(" ")) {
        PersonEntry::Handle | PersonEntry::Name | PersonEntry::Remark => PersonEntry::Remark,
        PersonEntry::Mixed => PersonEntry::Mixed,
        PersonEntry::Empty => PersonEntry::Unclear,
        PersonEntry::Word | PersonEntry::Unclear | PersonEntry::Notes => PersonEntry::Notes,
    }
}

/// The meaning of an entry that begins with handles, by the text after them.
fn behind_handle(rest: &str) -> PersonEntry {
    if !rest.contains(char::is_alphanumeric) {
        return PersonEntry::Handle;
    }
    let people = parts(rest.trim_start_matches([',', ';', '&', '/', ' ']))
        .all(|part| NamePart::of(part) != NamePart::Other);
    match count(rest) {
        _ if people && rest.trim_start().starts_with([',', ';', '&', '/']) => PersonEntry::Handle,
        0..=REMARK => PersonEntry::Remark,
        _ => PersonEntry::Mixed,
    }
}

/// The meaning of a text that is not a list of names.
fn other(text: &str, plain: &str, parts: &[NamePart]) -> PersonEntry {
    let words = count(plain);
    let person_first = parts.first().is_some_and(|part| matches!(part, NamePart::Name | NamePart::Handle))
        || NamePart::of(before_remark(plain)) != NamePart::Other && before_remark(plain).len() < plain.len();
    let capitals = plain.split_whitespace().take(2).filter(|word| begins_name(word)).count() == 2;
    let question = plain.trim_end().ends_with('?');
    let words_of_presence = &Lexicon::all().people.presence;
    let presence =
        || !question && words_of(plain).any(|word| words_of_presence.contains(&word.to_lowercase()));
    if person_first && words <= REMARK + 3 {
        return PersonEntry::Remark;
    }
    // Any sign of a person is enough to withhold the text.
    if !handles(text).is_empty()
        || person_first
        || capitals
        || presence() && plain.starts_with(char::is_uppercase)
    {
        return PersonEntry::Mixed;
    }
    let tells = words >= TELLS || words > REMARK && plain.trim_end().ends_with(['.', '!', '?', ':']);
    if tells { PersonEntry::Notes } else { PersonEntry::Unclear }
}

/// The meaning of a part of a list within a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NamePart {
    Handle,
    Name,
    Word,
    Other,
}

impl NamePart {
    fn of(part: &str) -> NamePart {
        let part = bare(part).trim_matches(|c: char| !c.is_alphanumeric() && !"@.)".contains(c)).trim();
        let (handles, rest) = leading_handles(part);
        if !handles.is_empty() {
            return if rest.contains(char::is_alphanumeric) { NamePart::Other } else { NamePart::Handle };
        }
        let words: Vec<&str> = part.split_whitespace().collect();
        let particles = &Lexicon::all().people.particles;
        let particle = |word: &str| particles.contains(&word.trim_end_matches('.').to_lowercase());
        let names = words.iter().filter(|word| begins_name(word) && !particle(word)).count();
        match words[..] {
            [] => NamePart::Other,
            [word] if is_address(word) => NamePart::Handle,
            [word] if is_word(word) => NamePart::Word,
            [_] => NamePart::Other,
            _ if words.len() <= 5
                && (2..=4).contains(&names)
                && words.iter().all(|word| begins_name(word) || particle(word)) =>
            {
                NamePart::Name
            }
            _ => NamePart::Other,
        }
    }
}

/// The parts of a list within a text.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split([',', ';', '\n', '&', '|', '•', '/', '+']);
    parts.flat_map(split_at_and).filter(|part| part.contains(char::is_alphanumeric))
}

/// The text before a remark: `Kurt – later`, `Kurt: remote`.
fn before_remark(text: &str) -> &str {
    let ends = [" - ", " – ", " — ", ": ", ", "].iter().filter_map(|separator| text.find(separator));
    &text[..ends.min().unwrap_or(text.len())]
}

/// Whether a word may be part of a name: it begins with a capital letter, or with a letter of a script without cases.
fn begins_name(word: &str) -> bool {
    let first = word.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    first && is_word(word)
}

fn is_word(word: &str) -> bool {
    word.chars().any(char::is_alphabetic)
        && word.chars().count() <= 25
        && word.chars().all(|c| c.is_alphanumeric() || "-_.'’".contains(c))
}

fn is_address(word: &str) -> bool {
    let Some((name, host)) = word.split_once('@') else { return false };
    !name.is_empty() && host.contains('.') && !word.contains("://")
}

/// A text without its parts in brackets.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let outside = |c: &char| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    text.chars().filter(outside).collect()
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn count(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_from_what_was_said() {
        let wrong = [
            ("", PersonEntry::Empty),
            ("…", PersonEntry::Empty),
            ("@ada", PersonEntry::Handle),
            ("@ada (SCS), @bob-k", PersonEntry::Handle),
            ("@ada, Zoe Muster and Kurt", PersonEntry::Handle),
            ("zoe@example.org", PersonEntry::Handle),
            ("@ada: remote", PersonEntry::Remark),
            ("@ada joins at ten", PersonEntry::Remark),
            ("@ada reports that the disks are full", PersonEntry::Mixed),
            ("Zoe Muster", PersonEntry::Name),
            ("Zoe van der Muster (remote, from the train)", PersonEntry::Name),
            ("Zoë M. Müster-Beispiel", PersonEntry::Name),
            ("山田 太郎", PersonEntry::Name),
            ("Dr. Zoe Muster", PersonEntry::Name),
            ("Zoe Muster, Example Cloud GmbH", PersonEntry::Name),
            ("Zoe, Kurt und Ada", PersonEntry::Name),
            ("kurt", PersonEntry::Word),
            ("Kurt", PersonEntry::Word),
            ("Kurt – later", PersonEntry::Remark),
            ("Kurt - from Example Cloud", PersonEntry::Remark),
            ("Zoe Muster: takes the minutes", PersonEntry::Remark),
            ("Kurt joined late because of the train", PersonEntry::Mixed),
            ("Kurt: has to leave us soon after the break", PersonEntry::Mixed),
            ("Open Stack was discussed at length by all", PersonEntry::Mixed),
            ("The release was handed over by @ada to ops", PersonEntry::Mixed),
            ("two guests", PersonEntry::Unclear),
            ("all of us", PersonEntry::Unclear),
            ("We went through the list of open issues", PersonEntry::Notes),
            ("How many disks are left?", PersonEntry::Notes),
            ("see https://example.org/a", PersonEntry::Notes),
            ("Zoe Muster https://example.org/zoe", PersonEntry::Remark),
        ]
        .into_iter()
        .filter(|(text, want)| entry(text) != *want);
        let wrong: Vec<_> = wrong.map(|(text, want)| (text, want, entry(text))).collect();
        assert_eq!(wrong, []);
    }
}
