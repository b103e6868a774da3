//! Facets: the fields by which search results are filtered and counted.
//!
//! Owns the choice of fields (a few of every page, and those that a kind definition marks) and their file. The file
//! lists, for each value of each field, the pages that have it.

use std::collections::BTreeMap;

use super::vlq;
use crate::kinds::{Field, TypedValue, capital};
use crate::site::{Site, SitePage};

/// Fields that every index has, so that readers can rely on them.
const ALWAYS: [&str; 5] = ["kind", "layer", "owner", "tag", "language"];

/// A field that filters results, as readers type it: `kind:runbook`.
#[derive(Debug, PartialEq, Eq)]
pub struct Facet {
    pub name: String,
    /// The name that readers see.
    pub label: String,
    /// Each value with its pages, as written by [`vlq::ascending`].
    pub values: BTreeMap<String, String>,
}

/// All fields that filter: those that every index has, then the others that some page has.
pub fn facets(site: &Site) -> Vec<Facet> {
    let mut pages: BTreeMap<&str, BTreeMap<String, Vec<u32>>> = BTreeMap::new();
    let marked = marked(site);
    for (number, page) in (0..).zip(&site.pages) {
        for (name, value) in values(site, page, &marked) {
            let known = pages.entry(name).or_default().entry(value).or_default();
            // A page may have a value twice, such as a tag.
            if known.last() != Some(&number) {
                known.push(number);
            }
        }
    }
    let mut facet = |name: &str, label: String| {
        let values = pages.remove(name).unwrap_or_default().into_iter();
        let steps = |(value, pages): (String, Vec<u32>)| (value, vlq::ascending(pages.into_iter()));
        Facet { name: name.to_owned(), label, values: values.map(steps).collect() }
    };
    let always: Vec<Facet> = ALWAYS.iter().map(|name| facet(name, capital(name))).collect();
    let others = marked.iter().filter(|(name, _)| !ALWAYS.contains(name));
    let others = others.map(|(name, field)| facet(name, field.label.clone()));
    always.into_iter().chain(others.filter(|facet| !facet.values.is_empty())).collect()
}

/// The fields that kind definitions mark as facets, by name.
fn marked(site: &Site) -> BTreeMap<&str, &Field> {
    let fields = site.kinds.all().flat_map(|kind| kind.fields.iter()).chain(site.kinds.common.iter());
    fields.filter(|field| field.facet).map(|field| (field.name.as_str(), field)).collect()
}

/// The fields and values by which a page can be found.
fn values<'a>(
    site: &Site,
    page: &'a SitePage,
    marked: &BTreeMap<&'a str, &'a Field>,
) -> Vec<(&'a str, String)> {
    let front = &page.page.front;
    let mut found = vec![("kind", front.kind().to_owned()), ("language", site.language(page).to_owned())];
    found.extend(front.tags.iter().map(|tag| ("tag", tag.clone())));
    for (name, value) in front.data.iter() {
        let Some((name, _)) = marked.get_key_value(name).filter(|_| front_field(page, name)) else {
            continue;
        };
        let items =
            if let TypedValue::List(items) = value { items.as_slice() } else { std::slice::from_ref(value) };
        let plain = items.iter().filter(|item| !matches!(item, TypedValue::Record(_) | TypedValue::List(_)));
        for item in plain {
            let written = item.to_string();
            let value = if *name == "owner" { site.registers.people.name(&written) } else { &written };
            found.push((*name, value.to_owned()));
        }
    }
    found
}

/// Whether the marked field filters this page. A kind that defines a field of this name must mark it itself, because
/// two kinds may mean different things by one name.
fn front_field(page: &SitePage, name: &str) -> bool {
    page.page.front.kind.fields.iter().find(|field| field.name == name).is_none_or(|field| field.facet)
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    fn values<'a>(facets: &'a [Facet], name: &str) -> Vec<(&'a str, &'a str)> {
        let facet = facets.iter().find(|facet| facet.name == name).expect("the field filters");
        facet.values.iter().map(|(value, pages)| (&**value, &**pages)).collect()
    }

    #[test]
    fn each_value_of_each_field_has_its_pages() {
        let page =
            |layer: &str| format!("---\nkind: runbook\nlayer: {layer}\ntags: [ceph, ceph]\n---\n# A\n");
        let (one, two) = (page("iaas"), page("container"));
        let site = fixture::site(&[("content/a.md", one.as_str()), ("content/b.md", two.as_str())], None);
        let facets = facets(&site);
        assert_eq!(values(&facets, "kind"), [("page", "A"), ("runbook", "BB")]);
        assert_eq!(values(&facets, "layer"), [("container", "C"), ("iaas", "B")]);
        assert_eq!(values(&facets, "tag"), [("ceph", "BB")]);
        assert_eq!(facets.len(), 5, "fields that no page has are left out");
    }

    #[test]
    fn spellings_of_one_owner_are_one_value() {
        let people = "people:\n- name: Kurt\n  also: ['@kurt']\n";
        let files = [
            ("data/people.yaml", people),
            ("content/a.md", "---\nowner: Kurt\n---\n# A\n"),
            ("content/b.md", "---\nowner: '@kurt'\n---\n# B\n"),
        ];
        assert_eq!(values(&facets(&fixture::site(&files, None)), "owner"), [("Kurt", "BB")]);
    }

    #[test]
    fn fields_that_a_definition_marks_filter_too() {
        let text = "---\nkind: rca\nseverity: SEV1\ncause_class: [time, change]\nincident: I-1\n---\n# A\n";
        let facets = facets(&fixture::site(&[("content/a.md", text)], None));
        assert_eq!(values(&facets, "severity"), [("SEV1", "B")]);
        assert_eq!(values(&facets, "cause_class"), [("change", "B"), ("time", "B")]);
        assert!(facets.iter().all(|facet| facet.name != "incident"), "it is shown, but does not filter");
        assert_eq!(facets.iter().find(|facet| facet.name == "cause_class").unwrap().label, "Cause");
    }
}
