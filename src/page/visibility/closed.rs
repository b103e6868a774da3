//! The closed world: where a handbook uses levels, unknown keys of front matter withhold the text.
//!
//! This module owns which keys a text may have. A misspelt `visibility` would hide nothing, and so would a key by
//! which another program hides something. The module does not guess their meaning: it reports every unknown key.
//! The values, and the keys in lists of records, are checked by `kinds::read`.

use crate::diagnostic::Diagnostic;
use crate::fields::{FieldEntry, text_of};
use crate::kinds::{self, Kind};
use crate::page::{FrontMatterContext, is_page, is_section};
use crate::path::FilePath;
use crate::rules::VISIBILITY_KEY;
use crate::source::Span;

/// The keys that a text may have.
pub(super) struct AllowedKeys<'a> {
    file: &'a FilePath,
    context: FrontMatterContext<'a>,
    /// The kind that the text names; a plain page where it names none.
    named: &'a Kind,
    /// The kinds whose fields the text may have.
    kinds: Vec<&'a Kind>,
}

impl<'a> AllowedKeys<'a> {
    pub fn new(
        file: &'a FilePath,
        fields: &[FieldEntry],
        context: FrontMatterContext<'a>,
    ) -> AllowedKeys<'a> {
        let kind = fields.iter().find(|field| field.key == "kind").and_then(|field| text_of(&field.value));
        let found = kind.and_then(|kind| context.kinds.find(&kind));
        let named = found.map_or(context.kinds.plain(), |(kind, _)| kind);
        // A folder above may set the kind of a page, so the fields of all kinds are accepted. A partial has no kind
        // from a folder.
        let kinds = if is_page(file, &context.config.content) || is_section(file) {
            context.kinds.all().map(AsRef::as_ref).collect()
        } else {
            vec![named.as_ref()]
        };
        AllowedKeys { file, context, named, kinds }
    }

    /// Removes and reports unknown fields.
    pub fn take_unknown(&self, fields: &mut Vec<FieldEntry>, diagnostics: &mut Vec<Diagnostic>) {
        fields.retain(|field| {
            let is_known = self.knows(&field.key);
            if !is_known {
                let at = Span::new(self.file, field.at.clone());
                let meant = kinds::suggestion_for_key(self.context.kinds, self.named, &field.key);
                diagnostics.push(kinds::unknown(&VISIBILITY_KEY, at, &field.key, meant));
            }
            is_known
        });
    }

    fn knows(&self, key: &str) -> bool {
        let common = &self.context.kinds.common;
        let of_kind = |kind: &&Kind| {
            kind.field(common, key).is_some() || kind.ignored_keys.iter().any(|name| name == key)
        };
        self.context.config.extra_keys.iter().any(|name| name == key) || self.kinds.iter().any(of_kind)
    }
}
