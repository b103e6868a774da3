//! Tags, and the pages that have them.
//!
//! This module owns the URL of a tag and the rule that spellings with the same URL are one tag.

use std::collections::BTreeMap;

use super::tree::TreeNode;
use super::{PageId, SiteInputs, TagPages};
use crate::diagnostic::Diagnostic;
use crate::path::{UrlPath, segment};
use crate::rules::FRONT_MATTER_VALUE;

/// The tags of all pages, in alphabetical order.
pub(super) fn terms(
    places: &[TreeNode],
    inputs: &SiteInputs<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<TagPages> {
    let mut terms: BTreeMap<String, TagPages> = BTreeMap::new();
    for (id, place) in (0..).map(PageId).zip(places) {
        let page = place.origin.page(inputs);
        for tag in &page.front.tags {
            let slug = segment(tag);
            if slug.is_empty() {
                let span = page.front.span(&page.file, "tags");
                let message = format!("the tag `{tag}` has no letter or digit to make a URL of");
                diagnostics.push(Diagnostic::new(&FRONT_MATTER_VALUE, span, message));
                continue;
            }
            let url = UrlPath::new(format!("tags/{slug}/"));
            let new = || TagPages { name: tag.clone(), slug: slug.clone(), url, pages: Vec::new() };
            let term = terms.entry(slug.clone()).or_insert_with(new);
            // A page may list a tag in two spellings.
            if term.pages.last() != Some(&id) {
                term.pages.push(id);
            }
        }
    }
    terms.into_values().collect()
}
