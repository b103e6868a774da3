//! The hits in all files, merged into diagnostics.
//!
//! There is one diagnostic for each value and rule, with every place that contains the value. A message shows only the
//! first characters of a value, so that it is not a leak itself.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, PublishedPlace};
use crate::path::FilePath;
use crate::rules::{ASSET_METADATA, ASSET_UNCHECKED, LEAK_FILE, LEAK_UNCHECKED, Rule, Severity};
use crate::source::{Position, Source, Span};

use super::Scanner;
use super::scan::Hit;

/// The hits in one file, each with its position there.
#[derive(Debug)]
pub struct FileFinds {
    pub path: String,
    pub hits: Vec<(Hit, Position)>,
}

impl FileFinds {
    /// A find that reports an unchecked file; `what` names it with its article.
    pub fn unchecked(path: &str, what: &str) -> FileFinds {
        let hit = Hit::of(&LEAK_UNCHECKED, what.to_owned(), path.to_owned(), &(0..0));
        FileFinds { path: path.to_owned(), hits: vec![(hit, Position { line: 1, column: 1 })] }
    }
}

/// The sources of finished files, and the severities that apply to them.
pub struct Sources<'a> {
    /// The source of the page at a path of the site, then the sources that it includes.
    pub pages: &'a dyn Fn(&str) -> Vec<&'a Source>,
    /// The severities that single pages set for rules.
    pub rules: &'a BTreeMap<FilePath, BTreeMap<&'static str, Severity>>,
    /// The severities that the handbook sets for rules.
    pub levels: &'a BTreeMap<&'static str, Severity>,
}

/// Merges the hits of all files: one diagnostic for each value and rule, the most severe first.
pub fn gather(mut looked: Vec<FileFinds>, scanner: &Scanner, sources: &Sources<'_>) -> Vec<Diagnostic> {
    // Files are scanned in parallel: their order must not show in the report.
    looked.sort_by(|a, b| a.path.cmp(&b.path));
    let mut finds: BTreeMap<(&str, String), Find> = BTreeMap::new();
    for file in looked {
        for (hit, at) in file.hits {
            let decoded = hit.steps.iter().map(|step| step.name()).collect();
            let place = PublishedPlace { path: file.path.clone(), at, decoded };
            let find = finds.entry((hit.rule.name, hit.value.to_lowercase())).or_insert_with(|| Find {
                rule: hit.rule,
                what: hit.what,
                value: hit.value,
                places: Vec::new(),
            });
            find.places.push(place);
        }
    }
    drop_cut(&mut finds);
    let mut diagnostics: Vec<Diagnostic> =
        finds.into_values().filter_map(|find| find.diagnostic(scanner, sources)).collect();
    diagnostics.sort_by(|a, b| {
        let key = |problem: &Diagnostic| (Reverse(problem.severity), problem.rule.name);
        let place =
            |problem: &Diagnostic| problem.published.first().map(|place| (place.path.clone(), place.at));
        (key(a), place(a)).cmp(&(key(b), place(b)))
    });
    diagnostics
}

/// Drops a value that is the beginning of another one: the search index cuts words after `CUT` characters.
fn drop_cut(finds: &mut BTreeMap<(&str, String), Find>) {
    const CUT: usize = 48;
    // Keys are sorted, so a value comes right before the values that it begins.
    let keys: Vec<(&str, String)> = finds.keys().cloned().collect();
    for pair in keys.windows(2) {
        let [(rule, value), (next_rule, next)] = pair else { continue };
        if rule == next_rule && value.chars().count() == CUT && next.starts_with(value.as_str()) {
            finds.remove(&pair[0]);
        }
    }
}

/// One value that breaks one rule, with every place that contains it.
struct Find {
    rule: &'static Rule,
    /// The kind of value with its article: `a private key`.
    what: String,
    /// The value itself. Never shown as a whole.
    value: String,
    places: Vec<PublishedPlace>,
}

impl Find {
    /// Finds the source of the value and the highest severity among its pages. `None` where that severity is off.
    fn diagnostic(mut self, scanner: &Scanner, sources: &Sources<'_>) -> Option<Diagnostic> {
        let usual = sources.levels.get(self.rule.name).copied().unwrap_or(self.rule.severity);
        // Places with a source come first, then those that needed less decoding.
        let texts = |place: &PublishedPlace| (sources.pages)(&place.path);
        self.places.sort_by_key(|place| (texts(place).is_empty(), place.decoded.len(), place.path.clone()));
        let (mut level, mut written): (Option<Severity>, Option<Span>) = (None, None);
        for texts in self.places.iter().map(texts) {
            // The places that remain have no source.
            let Some(page) = texts.first() else { break };
            let own = sources.rules.get(&page.path).and_then(|rules| rules.get(self.rule.name)).copied();
            // Searching a source is slow: skip pages that cannot raise the severity.
            if level >= Some(own.unwrap_or(usual)) {
                continue;
            }
            let Some(span) = texts.iter().find_map(|text| self.span(scanner, text)) else { continue };
            level = level.max(Some(own.unwrap_or(usual)));
            written.get_or_insert(span);
        }
        let level = level.unwrap_or(usual);
        if level == Severity::Off {
            return None;
        }
        // For these rules the value is a path, which is not a secret and names the file.
        let is_path = [&ASSET_METADATA, &ASSET_UNCHECKED, &LEAK_FILE, &LEAK_UNCHECKED].contains(&self.rule);
        let shown = if is_path { self.value.clone() } else { excerpt(&self.value) };
        let message = format!("{}: `{shown}`", self.what);
        let span = written.unwrap_or_else(|| Span::start_of(&self.file()));
        let mut diagnostic = Diagnostic::new(self.rule, span, message).help(way_out(self.rule));
        diagnostic.severity = level;
        diagnostic.published = self.places;
        Some(diagnostic)
    }

    /// The first finished file that contains the value.
    fn file(&self) -> FilePath {
        let path = self.places.first().and_then(|place| FilePath::new(&place.path));
        path.unwrap_or_else(|| FilePath::new("").expect("the root is a path"))
    }

    /// The span of the value in a source.
    fn span(&self, scanner: &Scanner, source: &Source) -> Option<Span> {
        let at = scanner
            .offset(source, |hit| hit.rule == self.rule && hit.value.eq_ignore_ascii_case(&self.value))?;
        Some(Span::new(&source.path, at..at))
    }
}

/// The way out of a find, in the imperative.
fn way_out(rule: &Rule) -> &'static str {
    match rule.name {
        "leak.secret" | "leak.token" | "leak.password" => {
            "take it out and change it where it is used: earlier versions still have it"
        }
        "leak.denied" => "take it out, or withhold it with a level of visibility",
        "asset.metadata" => "take it out of the file, or publish what `opsbook build` made",
        "asset.unchecked" => "clean the file, or look at it yourself",
        "asset.unsafe" => "save it as plain SVG or as PNG, or publish what `opsbook build` made",
        "leak.file" => "leave the file out of the site",
        "leak.machine" => "build elsewhere, or name the folder in general words",
        "leak.unchecked" => "look at it yourself",
        _ => "take it out, or add it to `allow` of `[audit]` in book.toml",
    }
}

/// The first characters of a value, at most four and at most a third of all, and the number of characters.
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
            Scanner::new(&crate::config::AuditSettings::default(), &crate::audit::BuildMachine::default())
                .unwrap();
        let looked = [("a.html", whole), ("s.json", &whole[..48]), ("b.html", "anna@acme.io")]
            .map(|(path, text)| scanner.look(path, text.as_bytes()));
        let (rules, pages) = (BTreeMap::new(), |_: &str| Vec::new());
        let sources = Sources { pages: &pages, rules: &rules, levels: &BTreeMap::new() };
        let finds = gather(looked.into_iter().collect(), &scanner, &sources);
        let messages: Vec<&str> = finds.iter().map(|find| &*find.message).collect();
        let wanted =
            ["an e-mail address: `a-ve… (53 characters)`", "an e-mail address: `anna… (12 characters)`"];
        assert_eq!(messages, wanted);
    }
}
