//! The values of a field in the pages of a register: which there are, in which order, and their names for readers.
//!
//! Owns the groups that pages form by the values of a field.

use std::collections::BTreeMap;

use super::rows::page_of;
use crate::kinds::{Field, FieldType, Kind, capital};
use crate::natural_order;
use crate::path::segment;
use crate::registers::KIND;
use crate::site::{PageId, Site};

/// A field by its name: a common one, or that of the first kind that has it.
pub(super) fn any_field<'a>(site: &'a Site, name: &str) -> Option<&'a Field> {
    let of_kinds = site.kinds.all().flat_map(|kind| &kind.fields);
    site.kinds.common.iter().chain(of_kinds).find(|field| field.name == name)
}

/// The pages that have the same value in a field.
pub(super) struct ValueGroup<'a> {
    /// In its first spelling.
    pub value: &'a str,
    pub pages: Vec<PageId>,
}

/// Groups pages by the values of a field: kinds and choices in the order of their definitions, then other values.
/// Values that differ only in case or punctuation share an address, so they are one group. One pass over the pages,
/// whatever the number of values.
pub(super) fn groups_by_value<'a>(site: &'a Site, field: &str, rows: &[PageId]) -> Vec<ValueGroup<'a>> {
    let mut by_address: BTreeMap<String, ValueGroup<'a>> = BTreeMap::new();
    for id in rows {
        each_value(site, *id, field, |value| {
            let group =
                by_address.entry(segment(value)).or_insert_with(|| ValueGroup { value, pages: Vec::new() });
            // A page may name a value in two spellings.
            if group.pages.last() != Some(id) {
                group.pages.push(*id);
            }
        });
    }
    let ranks = ranks_of_values(site, field);
    let mut groups: Vec<ValueGroup<'a>> = by_address.into_values().collect();
    let rank = |group: &ValueGroup<'_>| ranks.get(group.value).copied().unwrap_or(usize::MAX);
    groups.sort_by(|one, other| {
        rank(one).cmp(&rank(other)).then_with(|| natural_order::compare(one.value, other.value))
    });
    groups
}

/// The values of a choice with their meanings; none for another field.
pub(super) fn choices_of<'a>(site: &'a Site, field: &str) -> &'a [(String, String)] {
    match any_field(site, field).map(|field| &field.field_type) {
        Some(FieldType::Choice(choices)) => choices,
        _ => &[],
    }
}

/// The groups with one for each value of a choice that no page has: what is missing is what an overview is for.
pub(super) fn with_missing_choices<'a>(
    site: &'a Site,
    field: &str,
    mut groups: Vec<ValueGroup<'a>>,
) -> Vec<ValueGroup<'a>> {
    for (value, _) in choices_of(site, field) {
        if groups.iter().all(|group| segment(group.value) != segment(value)) {
            groups.push(ValueGroup { value, pages: Vec::new() });
        }
    }
    let ranks = ranks_of_values(site, field);
    groups.sort_by_key(|group| (ranks.get(group.value).copied().unwrap_or(usize::MAX), group.value));
    groups
}

/// The ranks of kinds, or of the values of a choice. Several kinds may define the same field with different values.
fn ranks_of_values<'a>(site: &'a Site, field: &str) -> BTreeMap<&'a str, usize> {
    let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
    if field == KIND {
        ranks.extend(site.kinds.all().zip(0..).map(|(kind, rank)| (kind.name.as_str(), rank)));
        return ranks;
    }
    let of_kinds = site.kinds.all().flat_map(|kind| &kind.fields);
    for known in site.kinds.common.iter().chain(of_kinds).filter(|known| known.name == field) {
        if let FieldType::Choice(values) = &known.field_type {
            for (value, _) in values {
                let rank = ranks.len();
                ranks.entry(value).or_insert(rank);
            }
        }
    }
    ranks
}

/// Calls `look` once with each value of a field.
pub(super) fn each_value<'a>(site: &'a Site, id: PageId, field: &str, mut look: impl FnMut(&'a str)) {
    let page = page_of(site, id);
    if field == KIND { look(page.front.kind()) } else { page.front.data.each(field, look) }
}

/// The name of a value for readers, as the title of a group of pages: the plural of a kind, the label of a choice.
pub(super) fn name_of_value(site: &Site, kind: &Kind, field: &str, value: &str) -> String {
    let language = &site.words().language;
    if field == KIND {
        let kind = site.kinds.find(value).map(|(kind, _)| kind);
        return kind.map_or(value, |kind| site.kinds.wording(kind, language).plural()).to_owned();
    }
    capital(site.kinds.wording(kind, language).value(field, value))
}

/// The kind that names the values of a group: that of its first page.
pub(super) fn kind_of<'a>(site: &'a Site, pages: &[PageId]) -> &'a Kind {
    pages.first().map_or(site.kinds.plain(), |id| &page_of(site, *id).front.kind)
}
