//! The built-in definitions of kinds.
//!
//! Owns the list of the files in the folder `built_in`, which are compiled into the program.

use crate::path::FilePath;
use crate::source::Source;

/// The name of the definition with the fields of every page.
pub(super) const COMMON: &str = "common";

const FILES: &[(&str, &str)] = &[
    (COMMON, include_str!("built_in/common.toml")),
    ("advisory", include_str!("built_in/advisory.toml")),
    ("decision", include_str!("built_in/decision.toml")),
    ("event", include_str!("built_in/event.toml")),
    ("faq", include_str!("built_in/faq.toml")),
    ("group", include_str!("built_in/group.toml")),
    ("guide", include_str!("built_in/guide.toml")),
    ("known-error", include_str!("built_in/known-error.toml")),
    ("lean-coffee", include_str!("built_in/lean-coffee.toml")),
    ("maintenance", include_str!("built_in/maintenance.toml")),
    ("manifesto", include_str!("built_in/manifesto.toml")),
    ("minutes", include_str!("built_in/minutes.toml")),
    ("onboarding", include_str!("built_in/onboarding.toml")),
    ("page", include_str!("built_in/page.toml")),
    ("post", include_str!("built_in/post.toml")),
    ("process", include_str!("built_in/process.toml")),
    ("provider", include_str!("built_in/provider.toml")),
    ("rca", include_str!("built_in/rca.toml")),
    ("runbook", include_str!("built_in/runbook.toml")),
    ("security-incident", include_str!("built_in/security-incident.toml")),
    ("service", include_str!("built_in/service.toml")),
    ("standard", include_str!("built_in/standard.toml")),
    ("talk", include_str!("built_in/talk.toml")),
    ("tool", include_str!("built_in/tool.toml")),
    ("topic", include_str!("built_in/topic.toml")),
    ("war-story", include_str!("built_in/war-story.toml")),
];

/// Definitions that a handbook has to ask for, because few should have them.
const OPTIONAL: &[(&str, &str)] = &[("person", include_str!("built_in/person.toml"))];

/// The names of the kinds that a handbook has to ask for.
pub fn optional_kinds() -> impl Iterator<Item = &'static str> {
    OPTIONAL.iter().map(|(name, _)| *name)
}

/// Every built-in definition, with the optional ones that are wanted.
pub(super) fn sources(wanted: &[&str]) -> Vec<Source> {
    let optional = OPTIONAL.iter().filter(|(name, _)| wanted.contains(name));
    let source = |(name, text): &(&str, &str)| {
        let path = FilePath::new(&format!("kinds/{name}.toml")).expect("names are plain");
        Source::new(path, *text)
    };
    FILES.iter().chain(optional).map(source).collect()
}
