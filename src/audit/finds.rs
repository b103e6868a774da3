//! What was found in all files, put together.
//!
//! Owns [`Find`]: one value by one rule, with every place that it is in. What is shown of a value is its beginning.

use std::collections::BTreeMap;

use crate::path::FilePath;
use crate::rules::{ASSET_METADATA, ASSET_UNCHECKED, LEAK_FILE, LEAK_UNCHECKED, Level, Rule};
use crate::source::{Position, Source};

use super::Scanner;
use super::scan::Hit;
use super::view::Step;

/// Something that should not be in the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    pub rule: &'static Rule,
    /// The level in this handbook.
    pub level: Level,
    /// With its article: `a private key`.
    pub what: String,
    /// The beginning of it, and its length: `ghp_… (40 characters)`; of a file that should not be there its path.
    pub excerpt: String,
    /// Where it is, by path.
    pub places: Vec<Place>,
    /// Where it was written, as far as that is known.
    pub origin: Option<Origin>,
    /// What was found. Never shown.
    value: String,
}

/// A place in a finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub path: String,
    pub at: Position,
    /// How it was decoded there, the first step first.
    pub steps: Vec<Step>,
}

/// A place in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub file: FilePath,
    pub at: Position,
}

/// What was found in one file.
#[derive(Debug)]
pub struct Looked {
    pub path: String,
    pub hits: Vec<(Hit, Position)>,
}

impl Looked {
    /// Says that something was not looked at.
    pub fn unchecked(path: &str, what: &str) -> Looked {
        let hit = Hit::of(&LEAK_UNCHECKED, what.to_owned(), path.to_owned(), &(0..0));
        Looked { path: path.to_owned(), hits: vec![(hit, Position { line: 1, column: 1 })] }
    }
}

/// What sources say about finds.
pub struct Sources<'a> {
    /// The text of the page that a path shows, then those that it includes.
    pub pages: &'a dyn Fn(&str) -> Vec<&'a Source>,
    /// What pages say themselves about the levels of rules.
    pub rules: &'a BTreeMap<FilePath, BTreeMap<&'static str, Level>>,
    /// The handbook's rules.
    pub levels: &'a BTreeMap<&'static str, Level>,
}

/// Puts what was found in all files together: one find for each value, the heaviest first.
pub fn gather(mut looked: Vec<Looked>, scanner: &Scanner, sources: &Sources<'_>) -> Vec<Find> {
    looked.sort_by(|a, b| a.path.cmp(&b.path));
    let mut finds: BTreeMap<(&str, String), Find> = BTreeMap::new();
    for file in looked {
        for (hit, at) in file.hits {
            let key = (hit.rule.name, hit.value.to_lowercase());
            let place = Place { path: file.path.clone(), at, steps: hit.steps.clone() };
            finds.entry(key).or_insert_with(|| Find::of(&hit, sources)).places.push(place);
        }
    }
    drop_cut(&mut finds);
    let mut finds: Vec<Find> = finds.into_values().filter_map(|find| find.traced(scanner, sources)).collect();
    let key = |find: &Find| {
        (std::cmp::Reverse(find.level), find.rule.name, find.places[0].path.clone(), find.places[0].at)
    };
    finds.sort_by_key(key);
    finds
}

/// Drops what is the beginning of another find: words of the search index end after so many letters.
fn drop_cut(finds: &mut BTreeMap<(&str, String), Find>) {
    const CUT: usize = 48;
    let keys: Vec<(&str, String)> = finds.keys().cloned().collect();
    for pair in keys.windows(2) {
        let [(rule, value), (next_rule, next)] = pair else { continue };
        if rule == next_rule && value.chars().count() == CUT && next.starts_with(value.as_str()) {
            finds.remove(&pair[0]);
        }
    }
}

impl Find {
    fn of(hit: &Hit, sources: &Sources<'_>) -> Find {
        let level = sources.levels.get(hit.rule.name).copied().unwrap_or(hit.rule.level);
        let whole = [&ASSET_METADATA, &ASSET_UNCHECKED, &LEAK_FILE, &LEAK_UNCHECKED].contains(&hit.rule);
        Find {
            rule: hit.rule,
            level,
            what: hit.what.clone(),
            excerpt: if whole { hit.value.clone() } else { excerpt(&hit.value) },
            places: Vec::new(),
            origin: None,
            value: hit.value.clone(),
        }
    }

    /// Finds where it was written, and what the pages that say it have as its level. `None` where that is off.
    fn traced(mut self, scanner: &Scanner, sources: &Sources<'_>) -> Option<Find> {
        // What is in the file as it is comes first, and a page before what is made of pages.
        let texts = |place: &Place| (sources.pages)(&place.path);
        self.places.sort_by_key(|place| (texts(place).is_empty(), place.steps.len(), place.path.clone()));
        let mut level: Option<Level> = None;
        for texts in self.places.iter().map(texts) {
            let Some(page) = texts.first() else { break };
            let own = sources.rules.get(&page.path).and_then(|rules| rules.get(self.rule.name)).copied();
            // Most pages leave the level as it is, and one of them is enough.
            if level >= Some(own.unwrap_or(self.level)) {
                continue;
            }
            let Some(origin) = texts.iter().find_map(|text| self.written(scanner, text)) else { continue };
            level = level.max(Some(own.unwrap_or(self.level)));
            self.origin.get_or_insert(origin);
        }
        self.level = level.unwrap_or(self.level);
        (self.level != Level::Off).then_some(self)
    }

    fn written(&self, scanner: &Scanner, source: &Source) -> Option<Origin> {
        Some(Origin { file: source.path.clone(), at: scanner.position(source, self)? })
    }

    pub(super) fn is(&self, hit: &Hit) -> bool {
        hit.rule == self.rule && hit.value.eq_ignore_ascii_case(&self.value)
    }
}

/// The first signs, at most four and a third of all, and how many there are.
fn excerpt(value: &str) -> String {
    let length = value.chars().count();
    let shown: String = value.chars().take((length / 3).clamp(1, 4)).filter(|c| !c.is_control()).collect();
    format!("{shown}… ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_shown_whole() {
        assert_eq!(excerpt("ghp_0123456789"), "ghp_… (14 characters)");
        assert_eq!(excerpt("abcdef"), "ab… (6 characters)");
        assert_eq!(excerpt("äö"), "ä… (2 characters)");
    }

    #[test]
    fn a_word_that_the_search_cut_is_no_find_of_its_own() {
        let whole = "a-very-long-name-of-an-account@project-number.acme.io";
        let scanner =
            Scanner::new(&crate::config::Audit::default(), &crate::audit::Machine::default()).unwrap();
        let looked = [("a.html", whole), ("s.json", &whole[..48]), ("b.html", "anna@acme.io")]
            .map(|(path, text)| scanner.look(path, text.as_bytes()));
        let (rules, pages) = (BTreeMap::new(), |_: &str| Vec::new());
        let sources = Sources { pages: &pages, rules: &rules, levels: &BTreeMap::new() };
        let finds = gather(looked.into_iter().collect(), &scanner, &sources);
        assert_eq!(finds.iter().map(|find| find.value.as_str()).collect::<Vec<_>>(), [whole, "anna@acme.io"]);
    }
}
