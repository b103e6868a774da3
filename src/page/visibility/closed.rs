//! The closed world: once a handbook uses levels, no key of front matter passes unread.
//!
//! Owns which keys a text may have, whatever it says. A misspelt `visibility` would hide nothing; so would a key by which
//! another program hides something. Neither needs to be guessed: it is a key that nothing reads. Which keys a page's own
//! kind has, and the entries of its lists, is checked with their values, by `kinds::read`.

use crate::diagnostic::Diagnostic;
use crate::fields::{Field, text_of};
use crate::kinds::{self, Kind};
use crate::page::{Reading, is_page, is_section};
use crate::path::FilePath;
use crate::rules::VISIBILITY_KEY;
use crate::source::Span;

/// The keys that a text may have.
pub(super) struct Keys<'a> {
    file: &'a FilePath,
    reading: Reading<'a>,
    /// The kind that the text names itself; a plain page where it names none.
    named: &'a Kind,
    /// The kinds whose fields the text may have.
    kinds: Vec<&'a Kind>,
}

impl<'a> Keys<'a> {
    pub fn new(file: &'a FilePath, fields: &[Field], reading: Reading<'a>) -> Keys<'a> {
        let kind = fields.iter().find(|field| field.key == "kind").and_then(|field| text_of(&field.value));
        let found = kind.and_then(|kind| reading.kinds.find(&kind));
        let named = found.map_or(reading.kinds.plain(), |(kind, _)| kind);
        // Which kind a page has is perhaps said by a folder above. The fields of a partial mean nothing.
        let kinds = match is_page(file, &reading.config.content) || is_section(file) {
            true => reading.kinds.all().map(AsRef::as_ref).collect(),
            false => vec![named.as_ref()],
        };
        Keys { file, reading, named, kinds }
    }

    /// Takes out the fields that nothing reads, and reports them.
    pub fn take_unknown(&self, fields: &mut Vec<Field>, diagnostics: &mut Vec<Diagnostic>) {
        fields.retain(|field| {
            let is_known = self.knows(&field.key);
            if !is_known {
                let at = Span::new(self.file, field.at.clone());
                let meant = kinds::meant(self.reading.kinds, self.named, &field.key);
                diagnostics.push(kinds::unknown(&VISIBILITY_KEY, at, &field.key, meant));
            }
            is_known
        });
    }

    fn knows(&self, key: &str) -> bool {
        let common = &self.reading.kinds.common;
        let of_kind = |kind: &&Kind| {
            kind.field(common, key).is_some() || kind.let_through.iter().any(|name| name == key)
        };
        self.reading.config.extra_keys.iter().any(|name| name == key) || self.kinds.iter().any(of_kind)
    }
}
