//! Which pages an owner has, and which pages have none.
//!
//! Owns where the owner of a page comes from, and the two forms of the list. Does not know how `CODEOWNERS` is read.

use std::collections::BTreeMap;

use serde::Serialize;

use super::escape::escape;
use super::{ColourChoice, counted};
use crate::page::FrontMatter;
use crate::path::FilePath;
use crate::people::PeopleNames;
use crate::site::{FolderRole, Site};

/// The pages of a handbook by owner.
#[derive(Debug, Serialize)]
pub struct OwnersListing {
    version: u32,
    /// In alphabetical order.
    owners: Vec<OwnerPages>,
    /// Pages without an owner, in reading order.
    without: Vec<OwnedPage>,
    summary: OwnersSummary,
}

/// The pages of one owner, in reading order.
#[derive(Debug, Serialize)]
pub struct OwnerPages {
    pub name: String,
    pub pages: Vec<OwnedPage>,
}

/// A page in the list.
#[derive(Debug, Clone, Serialize)]
pub struct OwnedPage {
    pub file: FilePath,
    pub title: String,
    /// Where its owner is written; `None` if it has no owner.
    pub from: Option<OwnerSource>,
}

/// Where the owner of a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum OwnerSource {
    #[serde(rename = "front matter")]
    FrontMatter,
    #[serde(rename = "CODEOWNERS")]
    CodeOwners,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct OwnersSummary {
    pages: usize,
    with_owner: usize,
    without_owner: usize,
}

/// The owners in front matter, as they are written.
pub fn of_front_matter(front: &FrontMatter) -> Vec<&str> {
    let mut owners = front.data.texts("owner");
    owners.extend(front.data.texts("owners"));
    owners.retain(|owner| !owner.trim().is_empty());
    owners
}

/// The owners of a page, each once and by its name in `people.yaml`. Front matter counts before `CODEOWNERS`.
pub fn of_page(
    front: &FrontMatter,
    code_owners: Vec<String>,
    people: &PeopleNames,
) -> (Vec<String>, Option<OwnerSource>) {
    let written = of_front_matter(front);
    let (spellings, from): (Vec<String>, _) = if written.is_empty() {
        (code_owners, OwnerSource::CodeOwners)
    } else {
        (written.into_iter().map(str::to_owned).collect(), OwnerSource::FrontMatter)
    };
    let names = people.names(&spellings);
    let from = (!names.is_empty()).then_some(from);
    (names, from)
}

impl OwnersListing {
    /// Lists the pages. `code_owners` gives the owners of a file in `CODEOWNERS`.
    pub fn new(site: &Site, code_owners: &dyn Fn(&FilePath) -> Vec<String>) -> OwnersListing {
        let people = &site.registers.people;
        let mut by_owner: BTreeMap<String, OwnerPages> = BTreeMap::new();
        let (mut without, mut pages) = (Vec::new(), 0);
        for (_, page) in site.ids().filter(|(_, page)| page.section != FolderRole::Listing) {
            pages += 1;
            let file = page.page.file.clone();
            let (names, from) = of_page(&page.page.front, code_owners(&file), people);
            let listed = OwnedPage { file, title: page.name.full.to_string(), from };
            if names.is_empty() {
                without.push(listed.clone());
            }
            for name in names {
                let key = name.to_lowercase();
                let owner = by_owner.entry(key).or_insert_with(|| OwnerPages { name, pages: Vec::new() });
                owner.pages.push(listed.clone());
            }
        }
        let without_owner = without.len();
        let summary = OwnersSummary { pages, with_owner: pages - without_owner, without_owner };
        OwnersListing { version: 1, owners: by_owner.into_values().collect(), without, summary }
    }

    /// The names of all owners.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.owners.iter().map(|owner| owner.name.as_str())
    }

    /// Keeps the owners that `is_wanted` accepts, and no page without an owner.
    pub fn keep(&mut self, is_wanted: impl Fn(&str) -> bool) {
        self.owners.retain(|owner| is_wanted(&owner.name));
        self.without.clear();
    }

    /// The list as JSON, with a line end.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers are always JSON") + "\n"
    }

    /// The list for people.
    pub fn text(&self, colour: ColourChoice) -> String {
        let (start, end) = match colour {
            ColourChoice::Always => ("\u{1b}[1m", "\u{1b}[0m"),
            ColourChoice::Never => ("", ""),
        };
        let mut text = String::new();
        let mut group = |name: &str, pages: &[OwnedPage]| {
            let pages_in_words = counted(pages.len(), "page");
            text.push_str(&format!("{start}{}{end} ({pages_in_words})\n", escape(name)));
            for page in pages {
                let from = if page.from == Some(OwnerSource::CodeOwners) { "  by CODEOWNERS" } else { "" };
                text.push_str(&format!("  {}{from}\n", escape(page.file.as_str())));
            }
            text.push('\n');
        };
        for owner in &self.owners {
            group(&owner.name, &owner.pages);
        }
        if !self.without.is_empty() {
            group("No owner", &self.without);
        }
        let OwnersSummary { pages, with_owner, without_owner } = self.summary;
        text.push_str(&format!(
            "{}: {with_owner} with an owner, {without_owner} without\n",
            counted(pages, "page")
        ));
        text
    }
}
