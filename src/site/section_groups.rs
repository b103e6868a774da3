//! Groups of a section's pages: the pages under one heading in the sidebar and in the list of the section.
//!
//! This module owns which field divides the pages of a section, and the order of the groups. It knows no template.

use super::tree::TreeNode;
use super::{PageId, Site, SiteInputs, SitePage};
use crate::diagnostic::{Diagnostic, nearest};
use crate::kinds::{Field, Kinds, capital};
use crate::page::Page;
use crate::registers::KIND;
use crate::rules::FRONT_MATTER_VALUE;

/// The key on the page of a folder that names the field.
const KEY: &str = "group_by";
/// The fewest dated pages of a section that are grouped by year. Fewer are seen at once.
const FEWEST_DATED: usize = 13;

/// Pages of a section under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionGroup {
    /// Empty for the pages without a value, which come first.
    pub title: String,
    /// In the order of the section.
    pub pages: Vec<PageId>,
}

impl Site {
    /// The groups of a section's pages; none where the section is a plain list. Titles are in a language.
    pub fn groups(&self, section: &SitePage, language: &str) -> Vec<SectionGroup> {
        let pages = self.listed_children(section);
        let groups = match section.page.front.data.text(KEY) {
            Some(field) => self.groups_by_field(&pages, field, language),
            None if section.order.is_by_date() && pages.len() >= FEWEST_DATED => self.groups_by_year(&pages),
            None => Vec::new(),
        };
        // One heading over all pages tells nothing apart.
        if groups.len() < 2 { Vec::new() } else { groups }
    }

    fn groups_by_field(&self, pages: &[PageId], field: &str, language: &str) -> Vec<SectionGroup> {
        let mut values: Vec<(Option<&str>, Vec<PageId>)> = vec![(None, Vec::new())];
        for id in pages {
            let value = first_value(&self.page(*id).page, field);
            match values.iter_mut().find(|(known, _)| *known == value) {
                Some((_, group)) => group.push(*id),
                None => values.push((value, vec![*id])),
            }
        }
        values.retain(|(_, group)| !group.is_empty());
        // The values of a choice have an order of their own, other values that of their first pages.
        values.sort_by_key(|(value, group)| {
            let page = &self.page(group[0]).page;
            let choices = page.front.kind.choices(&self.kinds.common, field);
            let rank = choices.iter().position(|(choice, _)| Some(choice.as_str()) == *value);
            (value.is_some(), rank.unwrap_or(choices.len()))
        });
        let title = |value: Option<&str>, first: PageId| match value {
            None => String::new(),
            Some(name) if field == KIND => {
                let kind = self.kinds.find(name).map(|(kind, _)| kind);
                kind.map_or(name, |kind| self.kinds.wording(kind, language).plural()).to_owned()
            }
            Some(value) => {
                let kind = &self.page(first).page.front.kind;
                capital(self.kinds.wording(kind, language).value(field, value))
            }
        };
        let group = |(value, pages): (Option<&str>, Vec<PageId>)| SectionGroup {
            title: title(value, pages[0]),
            pages,
        };
        values.into_iter().map(group).collect()
    }

    fn groups_by_year(&self, pages: &[PageId]) -> Vec<SectionGroup> {
        let mut groups: Vec<SectionGroup> = Vec::new();
        for id in pages {
            let title = self.page(*id).day.map(|day| day.year().to_string()).unwrap_or_default();
            match groups.iter_mut().find(|group| group.title == title) {
                Some(group) => group.pages.push(*id),
                None => groups.push(SectionGroup { title, pages: vec![*id] }),
            }
        }
        groups
    }
}

/// The value that decides the group of a page: the first one of a list. A plain page has no kind to be found under.
fn first_value<'a>(page: &'a Page, field: &str) -> Option<&'a str> {
    if field == KIND {
        return Some(page.front.kind()).filter(|kind| *kind != "page");
    }
    page.front.data.texts(field).first().copied()
}

/// The names of fields that can divide a section: those that search filters by.
fn fields(kinds: &Kinds) -> impl Iterator<Item = &Field> {
    let all = kinds.common.iter().chain(kinds.all().flat_map(|kind| &kind.fields));
    all.filter(|field| field.facet)
}

/// Reports sections that name an unknown field.
pub(super) fn check(places: &[TreeNode], inputs: &SiteInputs<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for place in places {
        let page = place.origin.page(inputs);
        let Some(named) = page.front.data.text(KEY) else { continue };
        if named == KIND || fields(inputs.kinds).any(|field| field.name == named) {
            continue;
        }
        let span = page.front.span(&page.file, KEY);
        let message = format!("`{KEY}: {named}` names no field that pages can be grouped by");
        let names = fields(inputs.kinds).map(|field| field.name.as_str()).chain([KIND]);
        let help = match nearest(named, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name `kind` or a field that search filters by, such as `layer`".to_owned(),
        };
        diagnostics.push(Diagnostic::new(&FRONT_MATTER_VALUE, span, message).help(help));
    }
}
