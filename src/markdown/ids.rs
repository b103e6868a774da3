//! The ids of a page.
//!
//! Owns how they are kept unique, and which ids an author may choose.

use std::collections::{BTreeSet, HashMap};

/// The ids that are taken. A repeated id gets the suffix `-1`, `-2`, …, as on GitHub.
#[derive(Default)]
pub(super) struct Ids {
    taken: BTreeSet<String>,
    next: HashMap<String, usize>,
}

impl Ids {
    /// Takes `wanted`, or `wanted` with the first free number.
    pub fn take(&mut self, wanted: &str) -> String {
        let wanted = if wanted.is_empty() { "section" } else { wanted };
        if self.taken.insert(wanted.to_owned()) {
            return wanted.to_owned();
        }
        let next = self.next.entry(wanted.to_owned()).or_insert(0);
        loop {
            *next += 1;
            let id = format!("{wanted}-{next}");
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }

    pub fn holds(&self, id: &str) -> bool {
        self.taken.contains(id)
    }

    pub fn sorted(self) -> Vec<String> {
        self.taken.into_iter().collect()
    }
}

/// Whether an id or class that an author wrote is allowed in the output.
pub(super) fn is_name(text: &str) -> bool {
    let sound = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
    !text.is_empty() && text.len() <= 200 && text.chars().all(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_ids_are_numbered_and_never_collide() {
        let mut ids = Ids::default();
        let taken: Vec<String> = ["a", "a-1", "a", "a", ""].iter().map(|id| ids.take(id)).collect();
        assert_eq!(taken, ["a", "a-1", "a-2", "a-3", "section"]);
    }
}
