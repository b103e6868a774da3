//! Texts that still name a moved path and that no command can change safely.
//!
//! Owns the search for them: templates, data, code, files that pages include, and prose. Links are not among them.

use std::ops::Range;

use crate::input::Inputs;
use crate::path::{FilePath, UrlPath};
use crate::renames::Renames;
use crate::source::Span;

/// A place that an author should look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StalePlace {
    /// In the handbook as it was before the move.
    pub span: Span,
    /// What is to be done, as the end of a sentence that begins with the place.
    pub what: String,
}

/// The paths and addresses that a move changes.
pub(super) struct MovedNames<'a> {
    pub renames: &'a Renames,
    /// The old and the new URL of each page that gets another one.
    pub urls: &'a [(UrlPath, UrlPath)],
}

impl MovedNames<'_> {
    /// The mentions in all texts of a handbook, without those in `edited` ranges.
    pub fn mentions(
        &self,
        inputs: &Inputs,
        edited: impl Fn(&FilePath) -> Vec<Range<usize>>,
    ) -> Vec<StalePlace> {
        let wanted = self.wanted(inputs);
        let config = &inputs.config;
        let folders = [&config.theme, &config.kinds, &config.registers.folder, &config.data];
        let own = |file: &FilePath| {
            !file.as_str().contains('/') || folders.iter().any(|folder| file.beneath(folder).is_some())
        };
        let settings = inputs.settings.values().filter(|source| own(&source.path));
        let mut found = Vec::new();
        for source in inputs.sources.values().chain(settings) {
            let edited = edited(&source.path);
            for (name, new) in &wanted {
                for range in occurrences(&source.text, name) {
                    if edited.iter().any(|known| known.start <= range.start && range.end <= known.end) {
                        continue;
                    }
                    let what = format!("names `{name}`, which is now `{new}`");
                    found.push(StalePlace { span: Span::new(&source.path, range), what });
                }
            }
        }
        found.sort();
        found.dedup_by(|one, other| one.span == other.span);
        found
    }

    /// The texts to look for, with what they should be.
    fn wanted(&self, inputs: &Inputs) -> Vec<(String, String)> {
        let paths = self.renames.list.iter();
        let mut wanted: Vec<_> =
            paths.map(|rename| (rename.from.to_string(), rename.to.to_string())).collect();
        if let Some(base) = &inputs.config.base_url {
            let urls = self.urls.iter();
            wanted.extend(urls.map(|(old, new)| {
                (
                    format!("{base}{}", inputs.config.web_path(old)),
                    format!("{base}{}", inputs.config.web_path(new)),
                )
            }));
        }
        wanted
    }
}

/// The occurrences of a path as a whole: no letter, digit or hyphen goes on before or after it.
fn occurrences<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    let goes_on = |character: char| character.is_alphanumeric() || "-_".contains(character);
    text.match_indices(name).map(|(at, found)| at..at + found.len()).filter(move |range| {
        let after = text[range.end..].chars().next();
        // The end of a URL is a slash already.
        let continues = !name.ends_with('/') && after.is_some_and(goes_on);
        !text[..range.start].ends_with(|c: char| goes_on(c) || c == '/') && !continues
    })
}
