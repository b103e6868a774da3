//! Which texts name people.
//!
//! Owns how handles, names and remarks about those who were there are told from what was said, where a list of people is
//! expected. A text that may be either is never taken for notes: whoever asks hides people.

use super::words::{bare, handles, leading_handles};
use crate::markdown::Entry;

/// Words that belong to a name, although they begin with a small letter.
const PARTICLES: &[&str] = &[
    "von", "vom", "zu", "zum", "zur", "van", "de", "den", "der", "del", "della", "di", "da", "dos", "du",
    "la", "le", "al", "el", "bin", "ibn", "ter", "ten", "y", "af", "av", "dr", "prof",
];

/// Words of a remark about somebody who was there.
const PRESENCE: &[&str] = &[
    "joined",
    "joins",
    "joining",
    "left",
    "leaves",
    "leaving",
    "late",
    "later",
    "remote",
    "remotely",
    "online",
    "absent",
    "excused",
    "attended",
    "attends",
    "attending",
    "present",
    "represents",
    "representing",
    "chair",
    "scribe",
    "minutes",
    "vacation",
    "sick",
    "kam",
    "kommt",
    "später",
    "ging",
    "geht",
    "früher",
    "fehlt",
    "fehlte",
    "entschuldigt",
    "urlaub",
    "krank",
    "dabei",
    "anwesend",
    "abwesend",
    "vertritt",
    "vertretung",
    "moderation",
    "protokoll",
];

/// The most words of a short remark.
const REMARK: usize = 3;

/// The least words of a text that tells something.
const TELLS: usize = 6;

/// What a text means as an entry of a list of people.
pub(super) fn entry(text: &str) -> Entry {
    let text = bare(text.trim());
    if !text.contains(char::is_alphanumeric) {
        return Entry::Empty;
    }
    if text.contains("://") {
        return with_address(text);
    }
    let plain = without_brackets(text);
    let (leading, rest) = leading_handles(&plain);
    if !leading.is_empty() {
        return behind_handle(rest);
    }
    let parts: Vec<Part> = parts(&plain).map(Part::of).collect();
    let named = parts.iter().filter(|part| **part != Part::Other).count();
    let several = parts.len() > 1 && named * 3 >= parts.len() * 2;
    match parts[..] {
        [Part::Handle] => Entry::Handle,
        [Part::Name] => Entry::Name,
        [Part::Word] => Entry::Word,
        _ if several && parts.contains(&Part::Handle) && !parts.contains(&Part::Other) => Entry::Handle,
        _ if several => Entry::Name,
        _ => other(text, &plain, &parts),
    }
}

/// What an entry is that holds addresses, by what stands beside them.
fn with_address(text: &str) -> Entry {
    let words: Vec<&str> = text.split_whitespace().filter(|word| !word.contains("://")).collect();
    match entry(&words.join(" ")) {
        Entry::Handle | Entry::Name | Entry::Remark => Entry::Remark,
        Entry::Mixed => Entry::Mixed,
        Entry::Empty => Entry::Unclear,
        Entry::Word | Entry::Unclear | Entry::Notes => Entry::Notes,
    }
}

/// What an entry is that begins with handles, by what follows them.
fn behind_handle(rest: &str) -> Entry {
    if !rest.contains(char::is_alphanumeric) {
        return Entry::Handle;
    }
    let people =
        parts(rest.trim_start_matches([',', ';', '&', '/', ' '])).all(|part| Part::of(part) != Part::Other);
    match count(rest) {
        _ if people && rest.trim_start().starts_with([',', ';', '&', '/']) => Entry::Handle,
        0..=REMARK => Entry::Remark,
        _ => Entry::Mixed,
    }
}

/// What a text is that is no list of names.
fn other(text: &str, plain: &str, parts: &[Part]) -> Entry {
    let words = count(plain);
    let person_first = parts.first().is_some_and(|part| matches!(part, Part::Name | Part::Handle))
        || Part::of(before_remark(plain)) != Part::Other && before_remark(plain).len() < plain.len();
    let capitals = plain.split_whitespace().take(2).filter(|word| begins_name(word)).count() == 2;
    let question = plain.trim_end().ends_with('?');
    let presence =
        || !question && words_of(plain).any(|word| PRESENCE.contains(&word.to_lowercase().as_str()));
    if person_first && words <= REMARK + 3 {
        return Entry::Remark;
    }
    if !handles(text).is_empty()
        || person_first
        || capitals
        || presence() && plain.starts_with(char::is_uppercase)
    {
        return Entry::Mixed;
    }
    let tells = words >= TELLS || words > REMARK && plain.trim_end().ends_with(['.', '!', '?', ':']);
    if tells { Entry::Notes } else { Entry::Unclear }
}

/// What a part of a list within a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Handle,
    Name,
    Word,
    Other,
}

impl Part {
    fn of(part: &str) -> Part {
        let part = bare(part).trim_matches(|c: char| !c.is_alphanumeric() && !"@.)".contains(c)).trim();
        let (handles, rest) = leading_handles(part);
        if !handles.is_empty() {
            return if rest.contains(char::is_alphanumeric) { Part::Other } else { Part::Handle };
        }
        let words: Vec<&str> = part.split_whitespace().collect();
        let particle = |word: &str| PARTICLES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
        let names = words.iter().filter(|word| begins_name(word) && !particle(word)).count();
        match words[..] {
            [] => Part::Other,
            [word] if is_address(word) => Part::Handle,
            [word] if is_word(word) => Part::Word,
            [_] => Part::Other,
            _ if words.len() <= 5
                && (2..=4).contains(&names)
                && words.iter().all(|word| begins_name(word) || particle(word)) =>
            {
                Part::Name
            }
            _ => Part::Other,
        }
    }
}

/// The parts of a list within a text.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split([',', ';', '\n', '&', '|', '•', '/', '+']);
    let parts = parts.flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" und "));
    parts.filter(|part| part.contains(char::is_alphanumeric))
}

/// What stands before a remark: `Kurt – later`, `Kurt: remote`.
fn before_remark(text: &str) -> &str {
    let ends = [" - ", " – ", " — ", ": ", ", "].iter().filter_map(|sign| text.find(sign));
    &text[..ends.min().unwrap_or(text.len())]
}

/// Whether a word may be one of a name: it begins with a capital letter, or with one of a script that has none.
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

/// A text without what stands in brackets.
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
            ("", Entry::Empty),
            ("…", Entry::Empty),
            ("@ada", Entry::Handle),
            ("@ada (SCS), @bob-k", Entry::Handle),
            ("@ada, Zoe Muster and Kurt", Entry::Handle),
            ("zoe@example.org", Entry::Handle),
            ("@ada: remote", Entry::Remark),
            ("@ada joins at ten", Entry::Remark),
            ("@ada reports that the disks are full", Entry::Mixed),
            ("Zoe Muster", Entry::Name),
            ("Zoe van der Muster (remote, from the train)", Entry::Name),
            ("Zoë M. Müster-Beispiel", Entry::Name),
            ("山田 太郎", Entry::Name),
            ("Dr. Zoe Muster", Entry::Name),
            ("Zoe Muster, Example Cloud GmbH", Entry::Name),
            ("Zoe, Kurt und Ada", Entry::Name),
            ("kurt", Entry::Word),
            ("Kurt", Entry::Word),
            ("Kurt – later", Entry::Remark),
            ("Kurt - from Example Cloud", Entry::Remark),
            ("Zoe Muster: takes the minutes", Entry::Remark),
            ("Kurt joined late because of the train", Entry::Mixed),
            ("Kurt: has to leave us soon after the break", Entry::Mixed),
            ("Open Stack was discussed at length by all", Entry::Mixed),
            ("The release was handed over by @ada to ops", Entry::Mixed),
            ("two guests", Entry::Unclear),
            ("all of us", Entry::Unclear),
            ("We went through the list of open issues", Entry::Notes),
            ("How many disks are left?", Entry::Notes),
            ("see https://example.org/a", Entry::Notes),
            ("Zoe Muster https://example.org/zoe", Entry::Remark),
        ]
        .into_iter()
        .filter(|(text, want)| entry(text) != *want);
        let wrong: Vec<_> = wrong.map(|(text, want)| (text, want, entry(text))).collect();
        assert_eq!(wrong, []);
    }
}
