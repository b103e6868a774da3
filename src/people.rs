//! `people.yaml` in the data folder: the spellings of one name.
//!
//! Owns which spellings are one person or one team, and the handle that forges know. Must not know pages.
//!
//! ```yaml
//! people:
//!   - name: Kurt
//!     also: ["@kurt", "Kurt Canary"]
//!   - name: Platform operations
//!     also: ["@example/platform"]
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::bounds::PEOPLE_FILE_VALUES;
use crate::diagnostic::Diagnostic;
use crate::fields::{FieldReader, FieldRules, Value, yaml};
use crate::memo::Digest;
use crate::path::FilePath;
use crate::rules::PEOPLE_FILE;
use crate::source::{Source, Span};

const REPORTS: FieldRules = FieldRules { unknown: &PEOPLE_FILE, wrong: &PEOPLE_FILE };

/// Names, with the spellings of each.
#[derive(Debug, Default, Hash)]
pub struct PeopleNames {
    list: Vec<Person>,
    /// Indexes into `list`, by the spelling in lower case.
    by_spelling: BTreeMap<String, usize>,
    /// Of the whole list.
    digest: Digest,
}

/// A person or a team.
#[derive(Debug, Hash)]
struct Person {
    name: String,
    also: Vec<String>,
}

/// Whether a file of the data folder lists people, by its name.
pub fn may_hold(file: &FilePath) -> bool {
    matches!(file.name(), "people.yaml" | "people.yml")
}

impl PeopleNames {
    /// Reads the files that list people.
    pub fn read<'s>(
        files: impl IntoIterator<Item = &'s Source>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> PeopleNames {
        let mut people = PeopleNames::default();
        for source in files {
            people.file(source, diagnostics);
        }
        people.digest = Digest::of_value(&people.list);
        people
    }

    /// The digest of all names and spellings.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The name that a spelling stands for: itself if it is not listed.
    pub fn name<'a>(&'a self, spelling: &'a str) -> &'a str {
        self.person(spelling).map_or(spelling.trim(), |person| &person.name)
    }

    /// The names that spellings stand for, each once, in the order of the spellings.
    pub fn names<'a>(&'a self, spellings: impl IntoIterator<Item = &'a String>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for spelling in spellings {
            if !names.iter().any(|known| self.is_same(known, spelling)) {
                names.push(self.name(spelling).to_owned());
            }
        }
        names
    }

    /// Whether two spellings are one name.
    pub fn is_same(&self, one: &str, other: &str) -> bool {
        key(self.name(one)) == key(self.name(other))
    }

    /// What a forge knows a name by: a handle or an e-mail address.
    pub fn handles<'a>(&'a self, spelling: &'a str) -> Vec<&'a str> {
        let is_handle = |text: &&str| text.contains('@') && !text.contains(char::is_whitespace);
        let Some(person) = self.person(spelling) else {
            return Some(spelling.trim()).filter(is_handle).into_iter().collect();
        };
        let all = std::iter::once(&person.name).chain(&person.also).map(String::as_str);
        all.filter(is_handle).collect()
    }

    fn person(&self, spelling: &str) -> Option<&Person> {
        self.by_spelling.get(&key(spelling)).map(|number| &self.list[*number])
    }

    fn file(&mut self, source: &Source, diagnostics: &mut Vec<Diagnostic>) {
        let read = match yaml::read(&source.text, 0, PEOPLE_FILE_VALUES.most) {
            Ok(read) => read,
            Err(problem) => {
                let span = Span::new(&source.path, problem.at..problem.at);
                diagnostics.push(Diagnostic::new(&PEOPLE_FILE, span, problem.message));
                return;
            }
        };
        let mut fields = FieldReader::new(&source.path, REPORTS, read.fields, diagnostics);
        let listed = fields.take(&["people"]);
        fields.finish(&[]);
        let Some(listed) = listed else { return };
        let whole = Span::new(&source.path, listed.at.clone());
        let Value::List(items) = listed.value else {
            let problem = Diagnostic::new(&PEOPLE_FILE, whole, "`people` must be a list");
            diagnostics.push(problem.help("write `- name: …` for each person or team"));
            return;
        };
        for item in items {
            let Value::Map(fields) = item else {
                let problem =
                    Diagnostic::new(&PEOPLE_FILE, whole.clone(), "an item of `people` is not a map");
                diagnostics.push(problem.help("write `- name: …` for each person or team"));
                continue;
            };
            let start = fields.first().map_or(listed.at.clone(), |field| field.at.clone());
            let mut reader = FieldReader::new(&source.path, REPORTS, fields, diagnostics);
            let (name, also) = (reader.text(&["name"]), reader.texts(&["also"]));
            reader.finish(&[]);
            let span = Span::new(&source.path, start);
            match name.filter(|name| !name.trim().is_empty()) {
                Some(name) => self.add(Person { name: name.trim().to_owned(), also }, span, diagnostics),
                None => {
                    diagnostics.push(Diagnostic::new(&PEOPLE_FILE, span, "an item of `people` has no `name`"))
                }
            }
        }
    }

    fn add(&mut self, person: Person, span: Span, diagnostics: &mut Vec<Diagnostic>) {
        let spellings: BTreeSet<String> =
            std::iter::once(&person.name).chain(&person.also).map(|spelling| key(spelling)).collect();
        for spelling in spellings {
            if let Some(number) = self.by_spelling.get(&spelling) {
                let message = format!("`{spelling}` is a spelling of `{}` already", self.list[*number].name);
                let problem = Diagnostic::new(&PEOPLE_FILE, span.clone(), message);
                diagnostics.push(problem.help("keep each spelling at one name"));
                continue;
            }
            self.by_spelling.insert(spelling, self.list.len());
        }
        self.list.push(person);
    }
}

/// The form in which spellings are compared.
fn key(spelling: &str) -> String {
    spelling.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(text: &str) -> (PeopleNames, Vec<String>) {
        let source = Source::new(FilePath::new("data/people.yaml").unwrap(), text);
        let mut diagnostics = Vec::new();
        let people = PeopleNames::read([&source], &mut diagnostics);
        (people, diagnostics.iter().map(|problem| problem.message.to_string()).collect())
    }

    #[test]
    fn spellings_of_one_name_are_one_person() {
        let text = "people:\n- name: Kurt\n  also: ['@kurt', Kurt Canary]\n- name: Ops\n  also: '@x/ops'\n";
        let (people, problems) = people(text);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(
            [people.name("@KURT"), people.name(" kurt  canary"), people.name("Zoe ")],
            ["Kurt", "Kurt", "Zoe"]
        );
        let spellings = ["@kurt", "Zoe", "Kurt"].map(str::to_owned);
        assert_eq!(people.names(&spellings), ["Kurt", "Zoe"]);
        assert!(people.is_same("kurt", "@kurt") && !people.is_same("kurt", "ops"));
        assert_eq!(
            (people.handles("Ops"), people.handles("@zoe"), people.handles("Zoe")),
            (vec!["@x/ops"], vec!["@zoe"], vec![])
        );
    }

    #[test]
    fn what_cannot_be_read_is_a_problem() {
        for (text, want) in [
            ("people: [", ""),
            ("people: Kurt", "`people` must be a list"),
            ("people: [Kurt]", "an item of `people` is not a map"),
            ("people: [{also: x}]", "an item of `people` has no `name`"),
            ("people: [{name: A, also: x}, {name: B, also: X}]", "`x` is a spelling of `A` already"),
            ("persons: []", "unknown key `persons`"),
        ] {
            let (_, problems) = people(text);
            assert!(problems.len() == 1 && problems[0].contains(want), "{text}: {problems:?}");
        }
    }
}
