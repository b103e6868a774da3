//! Keys that look as if they should hide something.
//!
//! Owns which keys these are. A key that is misspelt would hide nothing, and nobody would know.

use crate::diagnostic::missing;
use crate::fields::{Field, Value};
use crate::visibility::Levels;

/// The keys that Opsbook knows, as they are written and as they are compared.
const KNOWN: [(&str, &str); 3] =
    [("visibility", "visibility"), ("clearance", "clearance"), ("publish_after", "publishafter")];

/// How many bytes a key has at least that may be a misspelt one of them: `clearance` without a quarter of its letters.
const SHORTEST: usize = 7;

/// The key of pages that are not finished.
pub(super) const DRAFT: &str = "draft";

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

/// Keys of other tools that hold a page back when they are switched on.
const SWITCHES: [&str; 2] = ["hidden", "unlisted"];

/// Keys of other tools for a page that is not finished, with the value that says so.
const DRAFTS: [(&str, bool); 10] = [
    ("donotpublish", true),
    ("draft", true),
    ("drafted", true),
    ("isdraft", true),
    ("nopublish", true),
    ("publish", false),
    ("published", false),
    ("unpublished", true),
    ("wip", true),
    ("workinprogress", true),
];

/// The key that was meant, where a key is a misspelt one.
pub(super) fn misspelt(key: &str) -> Option<&'static str> {
    // The cheap bounds come first: nearly every key of front matter is another word, and shorter.
    if key.len() < SHORTEST {
        return None;
    }
    let plain = plain(key);
    let near = |(known, wanted): &(&str, &str)| {
        let most = wanted.len() / 4;
        *known != key
            && plain.chars().count().abs_diff(wanted.len()) <= most
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

/// The key that was meant with `hidden: true`.
pub(super) fn switched_off(field: &Field) -> Option<&'static str> {
    let known = field.value == Value::Flag(true) && SWITCHES.contains(&plain(&field.key).as_str());
    known.then_some("visibility")
}

/// The key that was meant with `drat: true`, `Draft: yes` or `published: false`.
pub(super) fn lost_draft(field: &Field) -> Option<&'static str> {
    let flag = match &field.value {
        Value::Flag(flag) => *flag,
        Value::Text(text) if ["true", "yes", "on"].contains(&text.as_str()) => true,
        _ => return None,
    };
    let plain = plain(&field.key);
    let near = || flag && missing(DRAFT, &plain) <= 1 && strsim::damerau_levenshtein(&plain, DRAFT) <= 1;
    (field.key != DRAFT && (DRAFTS.contains(&(plain.as_str(), flag)) || near())).then_some(DRAFT)
}

/// Whether a value of `draft` says plainly that the page is none. Whatever else is written there keeps it back.
pub(in crate::page) fn is_finished(value: &Value) -> bool {
    match value {
        Value::Flag(flag) => !flag,
        Value::Text(text) => text == "false",
        _ => false,
    }
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
    let kept = |field: &Field| field.key == DRAFT && !is_finished(&field.value);
    let says = |field: &Field| known(&field.key) || kept(field) || lost_draft(field).is_some();
    fields.iter().map(|field| usize::from(says(field)) + within(&field.value)).sum()
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
    fn keys_that_should_keep_a_draft_back_are_told_from_others() {
        let meant = |key: &str, value| lost_draft(&Field { key: key.to_owned(), at: 0..0, value }).is_some();
        for key in ["drat", "draf", "dratf", "Draft", "DRAFT", "drafts", "daft", "is_draft", "isDraft", "WIP"]
        {
            assert!(meant(key, Value::Flag(true)), "{key}");
            assert!(meant(key, Value::Text("yes".to_owned())), "{key}");
            assert!(!meant(key, Value::Flag(false)), "{key}");
            assert!(!meant(key, Value::Text("The second".to_owned())), "{key}");
        }
        assert!(meant("published", Value::Flag(false)) && !meant("published", Value::Flag(true)));
        assert!(["draft", "title", "drifting", "rat"].iter().all(|key| !meant(key, Value::Flag(true))));
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
