//! The digests of a page: of what it is made from, and of what others show of it.
//!
//! Owns [`key`]. A page is parsed again exactly when its key changes, so [`parse`](super::parse) must read nothing that
//! is missing there.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::visibility::FolderAccess;
use super::{ParseContext, ReadPage, facts, front_matter};
use crate::kinds::{Field, Kind};
use crate::markdown;
use crate::memo::Digest;
use crate::path::FilePath;
use crate::source::Source;

/// The digest of everything that [`parse`](super::parse) reads for a page.
pub fn key(source: &Source, context: &ParseContext<'_>) -> Digest {
    let mut included = Vec::new();
    let mut is_any_missing = false;
    for path in includes(source, context) {
        let source = context.sources.get(&path);
        is_any_missing |= source.is_none();
        let content = source.map(|source| {
            let kind = &front_matter::kind_of(&path, context.table).name;
            let people = (kind, facts::participants_of_file(&path, context.table));
            (source.digest, context.table.exclusion_reason(&path), people)
        });
        included.push((path, content));
    }
    // A missing file is reported with the nearest name, so the problem depends on the names of all sources.
    let names = is_any_missing.then(|| context.sources.keys().collect::<Vec<_>>());
    // Some checks are skipped on redacted pages, also where the redacted text is that of an unmarked page.
    let text = (source.digest, context.redactions.withholds(&source.path));
    let access = context.table.access(&source.path);
    let definitions = (context.settings, context.kinds().digest, context.strings.digest);
    let kind = front_matter::kind_of(&source.path, context.table);
    let fields = (inherited(source, context), day(kind, source, context));
    Digest::of_value(&(text, access, definitions, included, names, fields))
}

/// The digest of what decides the page's position in the site and of what other pages may show of it.
pub(super) fn listing(
    source: &Source,
    page: &ReadPage,
    title: &str,
    description: &str,
    context: &ParseContext<'_>,
) -> Digest {
    let front = &page.front;
    let shown_elsewhere =
        (title, description, &front.nav_title, front.date, front.facet_values(context.kinds()));
    // The front matter as it was written stands for all fields but those that folders or the day decide.
    let front_matter = (&source.path, &source.text[..page.body]);
    let decided_outside = (front.kind(), inherited(source, context), day(&front.kind, source, context));
    Digest::of_value(&(front_matter, shown_elsewhere, decided_outside))
}

/// The day of the build for a page with fields that are computed from it. Other pages do not change with the day.
fn day(kind: &Kind, source: &Source, context: &ParseContext<'_>) -> Option<Date> {
    let folders = context.table.inherited(&source.path);
    // The key must be cheap, so the front matter is not read for it. A search of the text may find the name of a field
    // that the page does not have, and then the page is parsed once a day for nothing.
    let may_have = |field: &Field| {
        let is_set_by_alias =
            kind.aliases.iter().any(|(_, set)| set.iter().any(|(name, _)| *name == field.name));
        let is_filled_in = field.default.is_some() || is_set_by_alias || field.name == "date";
        is_filled_in
            || field.names().any(|name| source.text.contains(name.as_str()))
            || folders.iter().any(|folder| field.names().any(|name| folder.hands_down(name)))
    };
    context.kinds().changes_with_day(kind, may_have).then_some(context.today)
}

/// The digests of the values that folders hand down to a page.
fn inherited(source: &Source, context: &ParseContext<'_>) -> Vec<Digest> {
    context.table.inherited(&source.path).into_iter().map(FolderAccess::digest).collect()
}

/// Every file that a source includes, directly or indirectly, whether it exists or not.
pub fn includes(source: &Source, context: &ParseContext<'_>) -> BTreeSet<FilePath> {
    let mut included = BTreeSet::new();
    let mut waiting = vec![source];
    while let Some(source) = waiting.pop() {
        for file in markdown::references(&source.path, &source.text, &context.config().content) {
            // Files may include each other in a circle, so each is searched once.
            if included.insert(file.clone()) {
                waiting.extend(context.sources.get(&file));
            }
        }
    }
    included
}
