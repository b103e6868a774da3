//! Front matter that is none: `visibility: internal`, or `draft: true`, in the text of a page.
//!
//! Owns what such a line looks like, in YAML, TOML, JSON or as an attribute. Whoever writes it believes that it hides the
//! page: it stands behind a fence that is misspelt, in front matter of another language, or not at the beginning.

use std::ops::Range;

use super::spots::meant_by_word;
use super::strange::{Place, Strange};
use crate::diagnostic::nearest;
use crate::visibility::Levels;

/// Keys that hold a page back, in small letters.
const KEYS: [&str; 4] = ["visibility", "clearance", "publish_after", "draft"];

/// Signs that may stand around a key or a value.
const QUOTES: [char; 6] = ['"', '\'', '*', '_', '‘', '’'];

/// Finds what a text, in small letters, says of visibility in the form of a field.
pub(super) fn find(lower: &str, levels: &Levels) -> Vec<Strange> {
    let places = KEYS.iter().flat_map(|key| lower.match_indices(key));
    let stated = |(at, key): (usize, &str)| {
        let length = length((lower, at), key, levels)?;
        Some(Strange { range: at..at + length, place: Place::Stated })
    };
    places.filter_map(stated).collect()
}

/// How long it is from the key to the end of the value.
fn length((text, at): (&str, usize), key: &str, levels: &Levels) -> Option<usize> {
    let around = line(text, at);
    let (before, behind) = (&text[around.start..at], &text[at + key.len()..around.end]);
    let assigned = behind.trim_start_matches(QUOTES).trim_start();
    let sign = assigned.chars().next().filter(|sign| [':', '=', '：', '＝'].contains(sign))?;
    let value = assigned[sign.len_utf8()..].trim_start().trim_start_matches(QUOTES);
    let end = value.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(value.len());
    let (word, rest) = value.split_at(end);
    let attribute = sign == '=' && begins_word(before);
    let alone = begins_field(before) && ends_field(rest);
    ((attribute || alone) && holds_back(key, word, levels)).then(|| around.end - at - rest.len())
}

/// The line of an offset.
fn line(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    start..text[at..].find('\n').map_or(text.len(), |end| at + end)
}

fn begins_word(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Whether nothing but signs stands before a key, or what is before it in a map.
fn begins_field(before: &str) -> bool {
    let signs = !before.contains(char::is_alphanumeric);
    let map = before.trim_end().trim_end_matches(QUOTES).trim_end();
    signs || map.contains('{') && map.ends_with(['{', ','])
}

/// Whether a value ends, and no sentence goes on.
fn ends_field(rest: &str) -> bool {
    let rest = rest.trim_start_matches(QUOTES).trim_start();
    rest.is_empty() || rest.starts_with([',', ';', '}', ']', '#', '-', '>', '|', '<'])
}

/// Whether somebody with that value wants something to be held back.
fn holds_back(key: &str, word: &str, levels: &Levels) -> bool {
    match key {
        "visibility" => {
            meant_by_word(levels, word).and_then(|name| levels.find(name)) > Some(levels.lowest())
        }
        "clearance" => nearest(word, ["pending", "refused"]).is_some(),
        "draft" => ["true", "yes"].contains(&word),
        _ => word.starts_with(|c: char| c.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, levels: &Levels) -> bool {
        !find(&text.to_ascii_lowercase(), levels).is_empty()
    }

    #[test]
    fn fields_outside_of_front_matter_are_found() {
        for text in [
            "visibility: internal\n\na",
            "a\n\nvisibility: internal",
            "visibility = \"internal\"",
            "{\"visibility\": \"internal\"}",
            "{\"title\": \"a\", \"visibility\": \"internal\", \"b\": 1}",
            "- **visibility**: partner",
            "visibility：internal",
            "Visibility: Intern # why",
            "visibility: secret",
            "---\u{2028}visibility: internal\u{2028}---",
            "clearance: pending",
            "clearance = 'refused'",
            "publish_after: 2027-01-01",
            "draft = true",
            "{\"title\": \"a\", \"draft\": true}",
            ":::note visibility=internal",
            "a {visibility=internal} b",
        ] {
            assert!(holds(text, &Levels::default()), "{text}");
        }
    }

    #[test]
    fn prose_says_nothing() {
        for text in [
            "visibility: public",
            "visibility: good",
            "The visibility: internal or not",
            "Visibility: internal pages are for us",
            "visibility: {{ x }}",
            "page.visibility=internal",
            "visibility internal",
            "clearance: cleared",
            "publish_after: never",
            "draft: false",
            "first_draft: true",
            "A draft: true to life",
            "a, visibility: internal",
        ] {
            assert!(!holds(text, &Levels::default()), "{text}");
        }
    }

    #[test]
    fn the_place_is_that_of_key_and_value() {
        let text = "a\n\"visibility\" = \"internal\" # x\n";
        let found: Vec<_> = find(text, &Levels::default()).into_iter().map(|one| &text[one.range]).collect();
        assert_eq!(found, ["visibility\" = \"internal"]);
    }
}
