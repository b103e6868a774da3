//! Lists after the text of a page: pages that name it in a field, pages of a folder, and open actions of its owner.
//!
//! Owns [`PageList`] and the reader of `[[lists]]` in definitions. `site::registers` fills the lists.
//!
//! ```toml
//! [[lists]]
//! title = "Runbooks"
//! kinds = ["runbook"]
//! field = "services"
//! ```

use super::cross_checks::ClaimSubject;
use super::definition::KindDefinition;
use crate::fields::{FieldEntry as Written, Value};

/// A list of what belongs to a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageList {
    /// The heading in English.
    pub title: String,
    pub source: ListSource,
}

/// Where the entries of a list come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListSource {
    /// Pages that name this one in a field: its title, its short title or its id.
    Naming {
        field: String,
        /// The kinds of these pages; empty for all kinds.
        kinds: Vec<String>,
        /// The field of these pages whose values are listed instead of the pages.
        shows: Option<String>,
    },
    /// The pages in the folder of the page that a field of this one names.
    Below(String),
    /// The open action items whose owner has the title of the page.
    Actions,
}

impl KindDefinition<'_> {
    pub(super) fn lists(&mut self, written: &Written) -> Vec<PageList> {
        let Value::List(items) = &written.value else {
            self.wrong(written, "lists are written as `[[lists]]`".to_owned());
            return Vec::new();
        };
        let mut lists = Vec::new();
        for item in items {
            if let Value::Map(parts) = item {
                lists.extend(self.list(written, parts));
            }
        }
        lists
    }

    fn list(&mut self, lists: &Written, parts: &[Written]) -> Option<PageList> {
        let mut list = self.reader(parts.to_vec());
        let (title, kinds) = (list.text(&["title"]), list.texts(&["kinds", "kind"]));
        let (field, shows) = (list.text(&["field"]), list.text(&["shows"]));
        let (below, actions) = (list.text(&["below"]), list.flag(&["actions"]).unwrap_or(false));
        list.finish(&[]);
        let place = parts.first().unwrap_or(lists);
        let source = match (field, &below, actions) {
            (Some(field), None, false) => ListSource::Naming { field, kinds, shows },
            (None, Some(below), false) => ListSource::Below(below.clone()),
            (None, None, true) => ListSource::Actions,
            _ => {
                let message = "a list needs one of `field`, `below` and `actions = true`".to_owned();
                self.wrong(place, message);
                return None;
            }
        };
        if let Some(below) = below {
            let at = parts.iter().find(|part| part.key == "below").unwrap_or(place);
            self.claim_field(at, &below, ClaimSubject::Values(Vec::new()));
        }
        let Some(title) = title else {
            self.wrong(place, "a list has no `title`".to_owned());
            return None;
        };
        Some(PageList { title, source })
    }
}
