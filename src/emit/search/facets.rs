//! Fields by which results are filtered and counted.
//!
//! Owns [`FACETS`], the table of them, and their file: for each value of each field the pages that have it.

use std::collections::BTreeMap;

use super::vlq;
use crate::site::{Site, SitePage};

/// A field of pages that filters, as people type it: `kind:runbook`.
struct Facet {
    name: &'static str,
    values: for<'a> fn(&'a Site, &'a SitePage) -> Vec<&'a str>,
}

static FACETS: [Facet; 5] = [
    Facet { name: "kind", values: |_, page| vec![page.page.front.kind()] },
    Facet { name: "language", values: |site, page| vec![site.language(page)] },
    Facet { name: "layer", values: |_, page| page.page.front.data.texts("layer") },
    Facet { name: "owner", values: |_, page| page.page.front.owner.as_deref().into_iter().collect() },
    Facet { name: "tag", values: |_, page| page.page.front.tags.iter().map(String::as_str).collect() },
];

/// The names of all fields that filter.
pub fn names() -> Vec<&'static str> {
    FACETS.iter().map(|facet| facet.name).collect()
}

/// For each field, in the order of [`names`]: values and their pages as steps.
pub fn file(site: &Site) -> String {
    let facets: Vec<BTreeMap<&str, String>> = FACETS.iter().map(|facet| values(site, facet)).collect();
    super::json(&facets)
}

fn values<'a>(site: &'a Site, facet: &Facet) -> BTreeMap<&'a str, String> {
    let mut pages: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (number, page) in (0..).zip(&site.pages) {
        for value in (facet.values)(site, page) {
            let known = pages.entry(value).or_default();
            if known.last() != Some(&number) {
                known.push(number);
            }
        }
    }
    pages.into_iter().map(|(value, pages)| (value, vlq::ascending(pages.into_iter()))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    #[test]
    fn each_value_of_each_field_has_its_pages() {
        let page =
            |layer: &str| format!("---\nkind: runbook\nlayer: {layer}\ntags: [ceph, ceph]\n---\n# A\n");
        let (one, two) = (page("iaas"), page("container"));
        let site = fixture::site(&[("content/a.md", one.as_str()), ("content/b.md", two.as_str())], None);
        let json: serde_json::Value = serde_json::from_str(&file(&site)).unwrap();
        let at = |name| &json[names().iter().position(|known| *known == name).unwrap()];
        assert_eq!(at("kind"), &serde_json::json!({"page": "A", "runbook": "BB"}));
        assert_eq!(at("layer"), &serde_json::json!({"container": "C", "iaas": "B"}));
        assert_eq!(at("tag"), &serde_json::json!({"ceph": "BB"}));
    }
}
