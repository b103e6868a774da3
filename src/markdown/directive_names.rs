//! The names of the directives that every handbook has.
//!
//! Owns these tables. A handbook with levels has a directive for each level besides.

/// Admonitions: the name, and the key of the title that is the default.
pub(super) const ADMONITIONS: &[(&str, &str)] = &[
    ("note", "body.note"),
    ("tip", "body.tip"),
    ("info", "body.info"),
    ("important", "body.important"),
    ("warning", "body.warning"),
    ("caution", "body.caution"),
    ("danger", "body.danger"),
];

/// A block that readers open.
pub(super) const DETAILS: (&str, &str) = ("details", "body.details");

/// Directives that lay out the text in them.
pub(super) const LAYOUT_DIRECTIVES: &[&str] = &["tabs", "tab", "steps", "cards"];

/// The names of all directives but the levels of a handbook.
pub fn directive_names() -> impl Iterator<Item = &'static str> {
    ADMONITIONS.iter().chain([&DETAILS]).map(|(name, _)| *name).chain(LAYOUT_DIRECTIVES.iter().copied())
}
