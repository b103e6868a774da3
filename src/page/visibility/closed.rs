//! The closed world: where a handbook uses levels, unknown keys of front matter withhold the text.
//!
//! This module owns which keys a text may have. A misspelt `visibility` would hide nothing, and so would a key by
//! which another program hides something. The module does not guess their meaning: it reports every unknown key.
//! The values, and the keys in lists of records, are checked by `kinds::read`.

use crate::diagnostic::Diagnostic;
use crate::fields::text_of;
use crate::fields::yaml::Map;
use crate::kinds::{self, Kind};
use crate::page::{FrontMatterContext, is_page, is_section};
use crate::path::FilePath;
use crate::rules::VISIBILITY_KEY;
use crate::source::Span;

/// Removes and reports unknown fields. The layers are the fields of the text itself, then those that it hands down.
pub(super) fn take_unknown(
    file: &FilePath,
    layers: &mut [Map; 2],
    context: FrontMatterContext<'_>,
) -> Vec<Diagnostic> {
    let FrontMatterContext { config, kinds, .. } = context;
    let name =
        layers[0].fields.iter().find(|field| field.key == "kind").and_then(|field| text_of(&field.value));
    let named = name.and_then(|name| kinds.find(&name)).map_or(kinds.plain(), |(kind, _)| kind);
    // A folder above may set the kind of a page, so the fields of all kinds are accepted. A partial has no kind from a
    // folder.
    let allowed: Vec<&Kind> = match is_page(file, &config.content) || is_section(file) {
        true => kinds.all().map(AsRef::as_ref).collect(),
        false => vec![named.as_ref()],
    };
    let is_known = |key: &String| {
        let of_kind =
            |kind: &&Kind| kind.field(&kinds.common, key).is_some() || kind.ignored_keys.contains(key);
        config.extra_keys.contains(key) || allowed.iter().any(of_kind)
    };
    let mut problems = Vec::new();
    for layer in layers {
        for field in layer.fields.extract_if(.., |field| !is_known(&field.key)) {
            let meant = kinds::suggestion_for_key(kinds, named, &field.key);
            problems.push(kinds::unknown(&VISIBILITY_KEY, Span::new(file, field.at), &field.key, meant));
        }
    }
    problems
}
