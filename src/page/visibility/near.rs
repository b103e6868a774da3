//! Keys that look as if they should hide something.
//!
//! Owns which keys these are. A key that is misspelt would hide nothing, and nobody would know.

use crate::diagnostic::missing;
use crate::fields::{Field, Value};
use crate::visibility::Levels;

/// The keys that Opsbook knows, as they are written and as they are compared.
const KNOWN: [(&str, &str); 3] =
    [("visibility", "visibility"), ("clearance", "clearance"), ("publish_after", "publishafter")];

/// Keys by which other tools, or people in a hurry, hide something; and what they may mean.
const OTHERS: &[(&str, &str)] = &[
    ("access", "visibility"),
    ("accesslevel", "visibility"),
    ("audience", "visibility"),
    ("classification", "visibility"),
    ("confidential", "visibility"),
    ("confidentiality", "visibility"),
    ("embargo", "publish_after"),
    ("embargountil", "publish_after"),
    ("hiddenfrom", "visibility"),
    ("notbefore", "publish_after"),
    ("private", "visibility"),
    ("publishdate", "publish_after"),
    ("publishon", "publish_after"),
    ("restricted", "visibility"),
    ("secret", "visibility"),
    ("tlp", "visibility"),
    ("visibilities", "visibility"),
    ("visibilitylevel", "visibility"),
    ("visible", "visibility"),
    ("visiblefor", "visibility"),
    ("visibleto", "visibility"),
];

/// Keys of other tools that hold a page back, with the value that does so and what may be meant.
const SWITCHES: [(&str, bool, &str); 4] = [
    ("hidden", true, "visibility"),
    ("publish", false, "clearance"),
    ("published", false, "clearance"),
    ("unlisted", true, "visibility"),
];

/// The key that was meant, where a key is a misspelt one.
pub(super) fn misspelt(key: &str) -> Option<&'static str> {
    let plain = plain(key);
    let near = |(known, wanted): &(&str, &str)| {
        let most = wanted.len() / 4;
        // The cheap bound comes first: nearly every key of front matter is another word.
        *known != key
            && missing(wanted, &plain) <= most
            && strsim::damerau_levenshtein(&plain, wanted) <= most
    };
    KNOWN.into_iter().find(near).map(|(known, _)| known)
}

/// The key that was meant, where a key says in other words that something is not for everybody.
pub(super) fn other_word(key: &str, levels: &Levels) -> Option<&'static str> {
    let plain = plain(key);
    let known = OTHERS.iter().find(|(name, _)| *name == plain).map(|(_, meant)| *meant);
    let level = levels.names().any(|name| name.chars().filter(|c| *c != '-').eq(plain.chars()));
    known.or(level.then_some("visibility"))
}

/// The key that was meant with `published: false`.
pub(super) fn switched_off(field: &Field) -> Option<&'static str> {
    let plain = plain(&field.key);
    let is = |(name, value, _): &&(&str, bool, &str)| *name == plain && field.value == Value::Flag(*value);
    SWITCHES.iter().find(is).map(|(_, _, meant)| *meant)
}

/// Whether a value is the name of a level that not everybody sees.
pub(super) fn is_level(value: &Value, levels: &Levels) -> bool {
    matches!(value, Value::Text(text) if levels.find(text).is_some_and(|level| level > levels.lowest()))
}

/// Whether something in a value says who may see it, perhaps misspelt.
pub(super) fn says_level(value: &Value) -> bool {
    within(value) > 0
}

/// How many fields say who may see something, all in all.
pub fn stating(fields: &[Field]) -> usize {
    let known = |key: &str| KNOWN.iter().any(|(name, _)| *name == key) || misspelt(key).is_some();
    fields.iter().map(|field| usize::from(known(&field.key)) + within(&field.value)).sum()
}

fn within(value: &Value) -> usize {
    match value {
        Value::Map(fields) => stating(fields),
        Value::List(items) => items.iter().map(within).sum(),
        _ => 0,
    }
}

/// A key without case and signs.
fn plain(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_keys_are_told_from_others() {
        let near = ["visiblity", "Visibility", "visability", "visibilty", "publish-after", "publishAfter"];
        assert!(near.iter().all(|key| misspelt(key).is_some()), "{:?}", near.map(misspelt));
        assert!(
            ["clearence", "clearence", "CLEARANCE", "publish_afer"].iter().all(|k| misspelt(k).is_some())
        );
        let far = [
            "visibility",
            "clearance",
            "publish_after",
            "visibility_reason",
            "visible",
            "title",
            "appearance",
        ];
        assert!(far.iter().all(|key| misspelt(key).is_none()), "{:?}", far.map(misspelt));
    }

    #[test]
    fn other_words_for_the_same_are_known() {
        let levels = Levels::default();
        for key in ["audience", "internal", "Access-Level", "tlp", "embargo_until", "publishDate"] {
            assert!(other_word(key, &levels).is_some(), "{key}");
        }
        assert_eq!(other_word("owner", &levels), None);
    }
}
